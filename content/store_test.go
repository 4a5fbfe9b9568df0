package content_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

var author = people.Actor{Name: "Jo", Capabilities: []people.Capability{people.Author}}

func service(t *testing.T) *content.Service {
	t.Helper()
	return &content.Service{DB: pgtest.Tx(t), Now: time.Now}
}

func files(pairs ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return out
}

const tinySkills = "groups:\n  - name: Discover\n    skills:\n      - {slug: listen, name: Listening, kind: behaviour, levels: [a, b, c, d, e]}\n"

func tiny() fstest.MapFS {
	return files(
		"skills.yaml", tinySkills,
		"courses/tiny/course.md", "---\ntitle: Tiny\nskills: [listen]\nattribution: Our own.\n---\nHello.\n",
		"courses/tiny/01-one.md", "---\ntitle: One\n---\nFirst.\n\n### Which? {#q-which skill=listen}\n- ( ) This\n- (x) That\n! That is it.\n",
	)
}

func bring(t *testing.T, s *content.Service, fsys fs.FS, publish bool) content.Import {
	t.Helper()
	got, err := s.Import(context.Background(), author, fsys, publish)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func changed(in content.Import) (paths []string) {
	for _, d := range in.Documents {
		if d.Changed {
			paths = append(paths, d.Path)
		}
	}
	return paths
}

func TestImportIsIdempotentAndKeepsVersions(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	lib := tiny()
	first := bring(t, s, lib, true)
	if d := cmp.Diff([]string{"courses/tiny/01-one.md", "courses/tiny/course.md", "skills.yaml"}, changed(first)); d != "" || len(first.Problems) > 0 {
		t.Fatal(d, first.Problems)
	}
	if again := bring(t, s, lib, true); len(changed(again)) > 0 || again.Documents[0].Number != 1 {
		t.Errorf("a repeated import changed %v", changed(again))
	}
	began, err := s.Published(ctx, content.KindLesson, "tiny.one")
	if err != nil {
		t.Fatal(err)
	}
	lib["courses/tiny/01-one.md"].Data = append(lib["courses/tiny/01-one.md"].Data, "\n## More\nText.\n"...)
	if d := cmp.Diff([]string{"courses/tiny/01-one.md"}, changed(bring(t, s, lib, true))); d != "" {
		t.Error(d)
	}
	now, err := s.Published(ctx, content.KindLesson, "tiny.one")
	if err != nil || now.Number != 2 || len(now.Lesson.Headings) != 1 {
		t.Errorf("published version %+v, %v", now, err)
	}
	old, err := s.Version(ctx, began.VersionID)
	if err != nil || old != began || len(old.Lesson.Headings) != 0 {
		t.Errorf("the version that was begun has changed, or was read again: %v", err)
	}
	if _, err := s.DB.Exec(ctx, `savepoint p`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.Exec(ctx, `update document_versions set body = 'x' where id = $1`, began.VersionID); err == nil {
		t.Error("a published version was changed")
	}
}

func TestImportLeavesOutErrorsAndWhatRestsOnThem(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	lib := tiny()
	lib["rubrics/bad.yaml"] = &fstest.MapFile{Data: []byte("title: Bad\ncriteria:\n  - {id: a, skill: listen, weight: 90, anchors: [1, 2, 3, 4, 5]}\n")}
	lib["scenarios/on-it.md"] = &fstest.MapFile{Data: []byte("---\ntitle: On it\nrubric: bad\n---\n## Brief\nB.\n## Buyer\nC.\n")}
	got := bring(t, s, lib, true)
	var named []string
	for _, p := range got.Problems {
		named = append(named, p.File+": "+p.Cause)
	}
	want := []string{"rubrics/bad.yaml: The weights total 90, not 100.", "scenarios/on-it.md: There is no rubric “bad”."}
	if d := cmp.Diff(want, named); d != "" {
		t.Error(d)
	}
	if len(got.Documents) != 3 {
		t.Errorf("brought in %v", got.Documents)
	}
	if _, err := s.Published(ctx, content.KindScenario, "on-it"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a scenario without its rubric was published: %v", err)
	}
	drafts := bring(t, s, lib, false)
	if len(drafts.Documents) != 5 {
		t.Errorf("drafts %v", drafts.Documents)
	}
	if _, err := s.Published(ctx, content.KindRubric, "bad"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a draft was published: %v", err)
	}
	_, problems, err := s.Source(ctx, author, content.KindRubric, "bad", 0)
	if err != nil || len(problems) != 1 {
		t.Errorf("problems of the draft: %v, %v", problems, err)
	}
	lib["rubrics/bad.yaml"].Data = bytes.Replace(lib["rubrics/bad.yaml"].Data, []byte("90"), []byte("100"), 1)
	if got := bring(t, s, lib, true); len(got.Problems) > 0 {
		t.Error(got.Problems)
	}
	if d, err := s.Published(ctx, content.KindScenario, "on-it"); err != nil || d.Number != 1 {
		t.Errorf("the draft of the same bytes was not published: %+v, %v", d, err)
	}
}

func TestOnlyAuthorsBringInAndTakeOut(t *testing.T) {
	t.Parallel()
	s := service(t)
	rep := people.Actor{ID: 1, Capabilities: []people.Capability{people.Rep, people.Coach, people.Manager}}
	if _, err := s.Import(context.Background(), rep, tiny(), true); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("import: %v", err)
	}
	if _, err := s.Files(context.Background(), rep); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("export: %v", err)
	}
	if _, err := s.Versions(context.Background(), rep, content.KindSkills, "skills"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("versions: %v", err)
	}
}

func TestExportImportExportIsByteIdentical(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	first, second := service(t), &content.Service{DB: pgtest.New(t), Now: time.Now}
	if err := first.EnsureBuiltIn(ctx); err != nil {
		t.Fatal(err)
	}
	lib := tiny()
	delete(lib, "skills.yaml")
	lib["courses/tiny/course.md"].Data = []byte("\ufeff---\r\ntitle: Tiny\r\nattribution: Our own.\r\n---\r\nHello.\r\n\r\n![A dot](dot.png)")
	lib["courses/tiny/dot.png"] = &fstest.MapFile{Data: []byte{0x89, 'P', 'N', 'G', 0, 255}}
	if got := bring(t, first, lib, true); len(got.Problems) > 0 {
		t.Fatal(got.Problems)
	}
	zipOf := func(s *content.Service) []byte {
		files, err := s.Files(ctx, author)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := content.WriteZip(&b, files); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	out := zipOf(first)
	in, err := content.OpenZip(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	bring(t, second, in, true)
	if !bytes.Equal(out, zipOf(second)) {
		t.Error("the second export differs")
	}
	dir := t.TempDir()
	all, err := second.Files(ctx, author)
	if err != nil {
		t.Fatal(err)
	}
	if err := content.WriteFolder(dir, all); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = fs.WalkDir(os.DirFS(dir), ".", func(file string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
			want, _ := fs.ReadFile(in, file)
			if got, _ := os.ReadFile(filepath.Join(dir, file)); !bytes.Equal(got, want) {
				t.Errorf("%s differs", file)
			}
		}
		return err
	})
	if err != nil || n != len(all) {
		t.Errorf("%d files of %d, %v", n, len(all), err)
	}
}

func TestEnsureBuiltInLeavesAuthorsWorkAlone(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	for range 2 {
		if err := s.EnsureBuiltIn(ctx); err != nil {
			t.Fatal(err)
		}
	}
	rubric, err := s.Published(ctx, content.KindRubric, "spi")
	if err != nil || rubric.Number != 1 || rubric.Note == "" {
		t.Fatalf("%+v %v", rubric, err)
	}
	bring(t, s, files("rubrics/spi.yaml", strings.Replace(string(rubric.Source), "Question-led call", "Our own call", 1)), true)
	if err := s.EnsureBuiltIn(ctx); err != nil {
		t.Fatal(err)
	}
	if now, err := s.Published(ctx, content.KindRubric, "spi"); err != nil || now.Rubric.Title != "Our own call" {
		t.Errorf("%v %v", now.Rubric, err)
	}
	lessons, err := s.Lessons(ctx, "questions-for-large-sales")
	if err != nil || len(lessons) != 7 || lessons[3].Lesson.Slug != "implication-questions" {
		t.Errorf("%d lessons, %v", len(lessons), err)
	}
	list, err := s.Holdings(ctx, author, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range list {
		if h.Errors > 0 {
			t.Errorf("%s has %d errors", h.Path, h.Errors)
		}
	}
}

// A zip made by a file manager has one folder around everything and litter beside it.
func TestZipInAFolder(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for file, f := range tiny() {
		w, err := z.Create("my library/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.Data); err != nil {
			t.Fatal(err)
		}
	}
	for _, litter := range []string{"__MACOSX/my library/._course.md", "my library/.DS_Store", "my library/README.md", "../outside.md"} {
		if _, err := z.Create(litter); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	fsys, err := content.OpenZip(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if got := bring(t, service(t), fsys, true); len(got.Documents) != 3 || len(got.Problems) != 0 {
		t.Errorf("%+v", got)
	}
	if _, err := content.OpenZip(strings.NewReader("not a zip"), 9); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
}

var (
	tinyQuiz = fstest.MapFile{Data: []byte("---\npass: 50\n---\n\n### Yes? {#q-yes}\n- (x) Yes\n- ( ) No\n! Yes.\n")}
	linked   = fstest.MapFile{Data: []byte("---\ntitle: Other\nattribution: Our own.\n---\nAs in [one](/learn/tiny/one).\n")}
)
