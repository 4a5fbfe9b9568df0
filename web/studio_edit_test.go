package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/people"
)

const tinyHref = "/studio/lesson/selling-foundations.tiny"

// begun makes a new lesson in the Studio and returns its editor.
func begun(t *testing.T, o *office, jo *http.Cookie) answer {
	t.Helper()
	o.do(303, "POST", "/studio/new", url.Values{"kind": {"lesson"}, "course": {"selling-foundations"}, "title": {"Tiny"}}, jo)
	return o.do(200, "GET", tinyHref+"/edit", nil, jo)
}

func TestEditASavedDraft(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	page := begun(t, o, jo)
	source := page.doc.Find("#source").Text()
	if page.text(".page-head .tag") != "Draft of version 1" || !strings.Contains(source, "title: Tiny") || page.text(".preview h2") == "" || page.doc.Find("[data-snippet]").Length() < 10 {
		t.Fatalf("the editor: %s", page.text("main"))
	}
	on := page.doc.Find("input[name=on]").AttrOr("value", "")
	bad := strings.Replace(source, "(x)", "( )", 1)

	seen := o.do(200, "POST", tinyHref+"/preview", url.Values{"source": {bad}, "on": {on}}, jo)
	if seen.doc.Find("#source").Text() != bad || seen.doc.Find(".problems .error").Length() != 1 || seen.doc.Find("input[name=on]").AttrOr("value", "") != on {
		t.Errorf("preview without a script: %s", seen.text("main"))
	}
	part := httptest.NewRequest("POST", tinyHref+"/preview", strings.NewReader(url.Values{"source": {bad}}.Encode()))
	part.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	part.Header.Set("X-Part", "preview")
	part.AddCookie(jo)
	w := httptest.NewRecorder()
	o.h.ServeHTTP(w, part)
	if b := w.Body.String(); w.Code != 200 || strings.Contains(b, "<html") || !strings.Contains(b, `data-part="problems"`) || !strings.Contains(b, "data-line=") {
		t.Errorf("the part: %d %s", w.Code, b)
	}

	o.do(303, "POST", tinyHref+"/edit", url.Values{"source": {bad}, "on": {on}}, jo)
	page = o.do(200, "GET", tinyHref+"/edit", nil, jo)
	if page.doc.Find("input[name=on]").AttrOr("value", "") != "1.2" || page.doc.Find(".problems .error").Length() != 1 {
		t.Errorf("saved: %s", page.text("main"))
	}
	if doc := o.do(200, "GET", tinyHref, nil, jo); doc.doc.Find("button.filled[disabled]").Length() != 1 {
		t.Errorf("a draft with an error can be published: %s", doc.text(".page-head"))
	}
	o.do(303, "POST", tinyHref+"/edit", url.Values{"source": {source}, "on": {"1.2"}}, jo)
	learner := o.do(200, "GET", tinyHref+"/learner", nil, jo)
	if learner.text("h1") != "Tiny" || learner.doc.Find("[data-question] input").Length() != 2 || strings.Contains(learner.text("main"), "explanation that everybody sees") || learner.doc.Find(".key").Length() != 0 {
		t.Errorf("as a learner: %s", learner.text("main"))
	}
	if form := o.do(200, "GET", tinyHref+"/publish", nil, jo); form.doc.Find("button.filled").Length() != 1 || form.doc.Find("#note").Length() != 0 {
		t.Errorf("publish: %s", form.text("main"))
	}
	o.do(303, "POST", tinyHref+"/publish", url.Values{"version": {"1"}}, jo)
	o.do(404, "GET", "/studio/media/none/edit", nil, jo)
}

// What a browser sends has other line ends than the file; they do not change it.
func TestSavingWithoutAChangeChangesNothing(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	for _, h := range []string{"/studio/lesson/questions-for-large-sales.implication-questions", "/studio/rubric/spi", "/studio/skills/skills", "/studio/scenario/spi1-packaging-stoppages"} {
		page := o.do(200, "GET", h+"/edit", nil, jo)
		sent := strings.ReplaceAll(page.doc.Find("#source").Text(), "\n", "\r\n")
		o.do(303, "POST", h+"/edit", url.Values{"source": {sent}, "on": {page.doc.Find("input[name=on]").AttrOr("value", "")}}, jo)
		if now := o.do(200, "GET", h, nil, jo); now.doc.Find("#studio-versions").Closest("section").Find(".rows li").Length() != 1 {
			t.Errorf("%s has a new version: %s", h, now.text("main"))
		}
	}
}

func TestTwoAuthorsAtOnce(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	_, kim := o.person("Kim Lund", people.Author)
	source := begun(t, o, jo).doc.Find("#source").Text()
	jos, kims := strings.Replace(source, "Tiny", "Jo’s", 1), strings.Replace(source, "Tiny", "Kim’s", 1)
	o.do(303, "POST", tinyHref+"/edit", url.Values{"source": {jos}, "on": {"1.1"}}, jo)
	page := o.do(409, "POST", tinyHref+"/edit", url.Values{"source": {kims}, "on": {"1.1"}}, kim)
	if page.doc.Find("#source").Text() != kims || !strings.Contains(page.text(".lede"), "Jo Parrish saved it") || page.text(".compared .edited del") != "Jo" || page.text(".compared .edited ins") != "Kim" {
		t.Fatalf("the conflict: %s", page.text("main"))
	}
	o.do(303, "POST", tinyHref+"/edit", url.Values{"source": {kims}, "on": {page.doc.Find("input[name=on]").AttrOr("value", "")}, "beside": {"yes"}}, kim)
	if now := o.do(200, "GET", tinyHref, nil, jo); now.text("h1") != "Kim’s" {
		t.Errorf("saved: %s", now.text("h1"))
	}
	if before := o.do(200, "GET", tinyHref+"/versions/1", nil, kim); before.text("h1") != "Jo’s" {
		t.Errorf("Jo’s text is lost: %s", before.text("h1"))
	}
}

func TestBeginADocument(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	for _, kind := range content.WrittenKinds {
		if page := o.do(200, "GET", "/studio/new?kind="+string(kind), nil, jo); page.doc.Find("#kind option[selected]").AttrOr("value", "") != string(kind) {
			t.Errorf("%s is not chosen", kind)
		}
	}
	page := o.do(422, "POST", "/studio/new", url.Values{"kind": {"lesson"}, "title": {"Größe zählt"}}, jo)
	if page.doc.Find("#title").AttrOr("value", "") != "Größe zählt" || page.doc.Find("#course[aria-invalid]").Length() != 1 {
		t.Errorf("without a course: %s", page.text("main"))
	}
	o.do(422, "POST", "/studio/new", url.Values{"kind": {"rubric"}, "title": {""}}, jo)
	o.do(422, "POST", "/studio/new", url.Values{"kind": {"rubric"}, "title": {"日本"}}, jo) // no name can be made of it
	if page = o.do(422, "POST", "/studio/new", url.Values{"kind": {"rubric"}, "title": {"Again"}, "name": {"spi"}}, jo); !strings.Contains(page.text(".summary"), "already") {
		t.Errorf("a name that is taken: %s", page.text(".summary"))
	}
	o.do(303, "POST", "/studio/new", url.Values{"kind": {"lesson"}, "course": {"selling-foundations"}, "title": {"Größe zählt"}}, jo)
	o.do(200, "GET", "/studio/lesson/selling-foundations.grosse-zahlt/edit", nil, jo)
	if page = o.do(200, "GET", "/studio/new?from=rubric/spi", nil, jo); !strings.HasSuffix(page.doc.Find("#title").AttrOr("value", ""), ", copy") || page.doc.Find("#kind option").Length() != 1 {
		t.Errorf("duplicate: %s", page.text("main"))
	}
	o.do(303, "POST", "/studio/new", url.Values{"kind": {"rubric"}, "title": {"Our own"}, "from": {"rubric/spi"}}, jo)
	page = o.do(200, "GET", "/studio/rubric/our-own/edit", nil, jo)
	if page.text("h1") != "Our own" || page.doc.Find(".preview .criterion-preview").Length() < 3 {
		t.Errorf("the copy: %s", page.text("main"))
	}
	o.do(404, "GET", "/studio/new?from=rubric/gone", nil, jo)
}
