package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/api"
	"pitchside/content"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

// newLibraryDesk is the API over a company with the built-in library.
func newLibraryDesk(t *testing.T) libraryDesk {
	t.Helper()
	db := pgtest.New(t)
	library := &content.Service{DB: db, Now: time.Now}
	if err := library.EnsureBuiltIn(context.Background()); err != nil {
		t.Fatal(err)
	}
	a := &api.API{DB: db, People: &people.Service{DB: db, Now: time.Now}, Content: library, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return libraryDesk{&desk{t, a.People, h}, library}
}

type libraryDesk struct {
	*desk
	library *content.Service
}

func zipped(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// named returns key of each object of a list.
func named(list any, keys ...string) []string {
	out := []string{}
	for _, item := range list.([]any) {
		var parts []string
		for _, k := range keys {
			parts = append(parts, fmt.Sprint(item.(map[string]any)[k]))
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

func TestLibrary(t *testing.T) {
	t.Parallel()
	d := newLibraryDesk(t)
	author := d.token(people.Author, "content:write")
	lib := zipped(t,
		"courses/tiny/course.md", "---\ntitle: Tiny\nattribution: Our own.\n---\nHello.\n",
		"courses/tiny/01-one.md", "---\ntitle: One\nskills: [magic]\n---\nText.\n")
	zipType := []string{"Content-Type", "application/zip"}

	got, _ := d.call(http.StatusOK, author, "POST", "/library/lint", lib, zipType...)
	want := []string{"courses/tiny/01-one.md 3 10 error There is no skill “magic”."}
	if diff := cmp.Diff(want, named(got["problems"], "file", "line", "column", "severity", "cause")); diff != "" {
		t.Error(diff)
	}
	got, _ = d.call(http.StatusOK, author, "POST", "/library/import", lib, zipType...)
	if diff := cmp.Diff([]string{"course tiny 1 published true"}, named(got["documents"], "kind", "slug", "version", "state", "changed")); diff != "" || len(got["problems"].([]any)) != 1 {
		t.Error(diff, got)
	}
	got, _ = d.call(http.StatusOK, author, "POST", "/library/import?draft=true", lib, zipType...)
	if diff := cmp.Diff([]string{"lesson draft", "course published"}, named(got["documents"], "kind", "state")); diff != "" {
		t.Error(diff)
	}
	got, _ = d.call(http.StatusOK, author, "GET", "/documents?kind=lesson&limit=3", "")
	if len(got["items"].([]any)) != 3 || got["next"] == nil {
		t.Errorf("first page %v", got)
	}
	got, _ = d.call(http.StatusOK, author, "GET", "/documents/lesson/tiny.one", "")
	if got["state"] != "draft" || !strings.Contains(got["source"].(string), "magic") || len(got["problems"].([]any)) != 1 {
		t.Errorf("document %v", got)
	}
	got, headers := d.call(http.StatusOK, author, "GET", "/documents/course/tiny/versions/1", "")
	if got["title"] != "Tiny" || headers.Get("ETag") != `"1"` {
		t.Errorf("version %v %v", got, headers)
	}
	got, _ = d.call(http.StatusOK, author, "GET", "/documents/course/tiny/versions", "")
	if diff := cmp.Diff([]string{"1 published true Some author"}, named(got["items"], "number", "state", "current", "author")); diff != "" {
		t.Error(diff)
	}
	d.call(http.StatusNotFound, author, "GET", "/documents/course/tiny/versions/2", "")
	d.call(http.StatusUnprocessableEntity, author, "POST", "/library/import", "no zip", zipType...)
	async, head := d.call(http.StatusOK, author, "POST", "/library/import", lib, append([]string{"Prefer", "respond-async"}, zipType...)...)
	if at := strings.TrimPrefix(head.Get("Location"), "/api/v1"); async["state"] != "done" || !strings.HasPrefix(at, "/library/imports/") {
		t.Errorf("asked not to wait, it answers %v at %q", async["state"], at)
	} else if got, _ := d.call(http.StatusOK, author, "GET", at, ""); got["state"] != "done" || len(got["documents"].([]any)) == 0 {
		t.Errorf("the import reads %v", got)
	}
	d.call(http.StatusNotFound, d.token(people.Rep, "all"), "GET", "/documents/course/tiny", "")
	d.call(http.StatusForbidden, d.token(people.Author, "content:read"), "POST", "/library/import", lib, zipType...)
}

func TestQuestionBank(t *testing.T) {
	t.Parallel()
	d := newLibraryDesk(t)
	author := d.token(people.Author, "content:read")
	text := []string{"Content-Type", "text/plain"}
	got, _ := d.call(http.StatusOK, author, "POST", "/question-banks/import?format=gift", "What opens a call? {=A question ~A pitch}\n\nWho? {~A ~B}", text...)
	if got["imported"] != 1.0 || got["skipped"] != 1.0 {
		t.Errorf("%v", got)
	}
	if diff := cmp.Diff([]string{"q-what-opens-a-call single 1"}, named(got["questions"], "id", "kind", "line")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"3 1 error No answer is marked as right."}, named(got["problems"], "line", "column", "severity", "cause")); diff != "" {
		t.Error(diff)
	}
	got, _ = d.call(http.StatusOK, author, "POST", "/question-banks/import?format=moodle-xml", "<quiz>\n<question type=\"cloze\"/></quiz>", "Content-Type", "application/xml")
	if diff := cmp.Diff([]string{"2 1 error"}, named(got["problems"], "line", "column", "severity")); diff != "" || got["skipped"] != 1.0 {
		t.Error(diff, got)
	}
	d.call(http.StatusNotFound, author, "GET", "/question-banks/export?course=none", "")
	r := httptest.NewRequest("GET", "/api/v1/question-banks/export?course=questions-for-large-sales", nil)
	r.Header.Set("Authorization", "Bearer "+author)
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	if body := w.Body.String(); !strings.Contains(body, "::q-next-move::") || !strings.Contains(body, "// courses/questions-for-large-sales/quiz.md, line ") {
		t.Errorf("the bank does not name a question, or not what is lost: %.400s", body)
	}
	got, _ = d.call(http.StatusUnprocessableEntity, author, "POST", "/question-banks/import?format=word", "x", text...)
	if diff := cmp.Diff([]string{"format"}, named(got["errors"], "field")); diff != "" {
		t.Error(diff)
	}
}

func TestLibraryComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	d := newLibraryDesk(t)
	token := d.token(people.Admin, "all")
	export := func() string {
		r := httptest.NewRequest("GET", "/api/v1/library/export", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		d.h.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/zip" {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
		return w.Body.String()
	}
	first := export()
	got, _ := d.call(http.StatusOK, token, "POST", "/library/import", first, "Content-Type", "application/zip")
	for _, doc := range got["documents"].([]any) {
		if doc.(map[string]any)["changed"] == true {
			t.Errorf("changed: %v", doc)
		}
	}
	if export() != first {
		t.Error("the second export differs")
	}
}

func TestDraftsVersionsAndRetirement(t *testing.T) {
	t.Parallel()
	d := newLibraryDesk(t)
	author := d.token(people.Author, "content:write", "content:read")
	text := func(body string) string {
		b, err := json.Marshal(map[string]string{"source": "---\ntitle: Tiny\nattribution: Our own.\n---\n" + body + "\n"})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	const tiny = "/documents/course/tiny"
	got, header := d.call(http.StatusOK, author, "PUT", tiny, text("One."))
	if got["version"] != 1.0 || got["state"] != "draft" || got["path"] != "courses/tiny/course.md" || header.Get("ETag") != `"1"` {
		t.Errorf("%v %v", got, header)
	}
	d.call(http.StatusConflict, author, "PUT", tiny, text("Another."))
	got, header = d.call(http.StatusOK, author, "PUT", tiny, text("Two."), "If-Match", `"1"`)
	if got["version"] != 1.0 || header.Get("ETag") != `"1.2"` {
		t.Errorf("%v %v", got, header)
	}
	d.call(http.StatusPreconditionFailed, author, "PUT", tiny, text("Lost."), "If-Match", `"1"`)
	d.call(http.StatusPreconditionFailed, author, "PUT", tiny, text("Lost."), "If-Match", `two`)
	if got, _ = d.call(http.StatusOK, author, "POST", tiny+"/versions/1/publish", `{}`); got["state"] != "published" {
		t.Errorf("%v", got)
	}
	d.call(http.StatusOK, author, "PUT", tiny, text("Three."), "If-Match", `"1.2"`)
	d.call(http.StatusUnprocessableEntity, author, "POST", tiny+"/versions/2/publish", `{"note":"`+strings.Repeat("x", 501)+`"}`)
	d.call(http.StatusOK, author, "POST", tiny+"/versions/2/publish", `{"note":"Clearer.","minor":true}`)
	d.call(http.StatusConflict, author, "POST", tiny+"/versions/2/publish", `{}`)
	got, _ = d.call(http.StatusOK, author, "GET", tiny+"/versions", "")
	if diff := cmp.Diff([]string{"2 published Clearer. true true", "1 published  false false"}, named(got["items"], "number", "state", "note", "minor", "current")); diff != "" {
		t.Error(diff)
	}
	got, _ = d.call(http.StatusOK, author, "GET", tiny+"/versions/2/diff?from=1", "")
	if got["added"] != 1.0 || got["removed"] != 1.0 || len(got["rows"].([]any)) != 5 {
		t.Errorf("%v", got)
	}
	d.call(http.StatusNotFound, author, "GET", tiny+"/versions/2/diff?from=9", "")

	if got, _ = d.call(http.StatusOK, author, "POST", tiny+"/retire", ""); got["state"] != "retired" {
		t.Errorf("%v", got)
	}
	got, _ = d.call(http.StatusOK, author, "GET", "/documents?kind=course&limit=200", "")
	if list := strings.Join(named(got["items"], "slug", "state"), "\n"); !strings.Contains(list, "tiny retired") {
		t.Error(list)
	}
	if got, _ = d.call(http.StatusOK, author, "POST", tiny+"/bring-back", ""); got["state"] != "published" {
		t.Errorf("%v", got)
	}
	d.call(http.StatusConflict, author, "POST", "/documents/skills/skills/retire", "")
	d.call(http.StatusUnprocessableEntity, author, "PUT", "/documents/rubric/Bad%20name", text("x"))
	d.call(http.StatusUnprocessableEntity, author, "PUT", "/documents/rubric/mine", `{"source":"x","path":"scenarios/mine.md"}`)
	got, _ = d.call(http.StatusOK, author, "PUT", "/documents/lesson/tiny.first", text("A lesson."))
	if got["path"] != "courses/tiny/01-first.md" {
		t.Errorf("%v", got)
	}
	d.call(http.StatusNotFound, d.token(people.Rep, "all"), "PUT", tiny, text("Not mine."), "If-Match", `"2"`)
	d.call(http.StatusForbidden, d.token(people.Author, "content:read"), "POST", tiny+"/retire", "")
}

func TestSyncByProgram(t *testing.T) {
	t.Parallel()
	d := newLibraryDesk(t)
	author := d.token(people.Author, "content:write")
	d.call(http.StatusConflict, author, "POST", "/library/sync", "")
	d.library.Folder = &content.Folder{Name: "/srv/library", Files: fstest.MapFS{"courses/tiny/course.md": {Data: []byte("---\ntitle: Tiny\nattribution: Our own.\n---\nHello.\n")}}}
	for _, want := range []string{"tiny created", "tiny unchanged"} {
		got, _ := d.call(http.StatusOK, author, "POST", "/library/sync", "")
		if diff := cmp.Diff([]string{want}, named(got["documents"], "slug", "outcome")); diff != "" {
			t.Error(diff)
		}
	}
}
