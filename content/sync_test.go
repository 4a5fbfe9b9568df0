package content_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

func came(in content.Import) map[string]content.Outcome {
	out := map[string]content.Outcome{}
	for _, d := range in.Documents {
		out[d.Path] = d.Outcome
	}
	return out
}

func TestSyncFollowsTheFolder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := &content.Service{DB: pgtest.New(t), Now: time.Now}
	_, err := s.Sync(ctx, author)
	wants(t, fault.Conflict, err)
	lib := tiny()
	s.Folder = &content.Folder{Name: "/srv/library", Files: lib}
	_, err = s.Sync(ctx, people.Actor{ID: 1})
	wants(t, fault.NotFound, err)
	sync := func(want map[string]content.Outcome) content.Import {
		t.Helper()
		in, err := s.Sync(ctx, author)
		must(t, err)
		if d := cmp.Diff(want, came(in)); d != "" {
			t.Error(d)
		}
		return in
	}
	const one, course, skills = "courses/tiny/01-one.md", "courses/tiny/course.md", "skills.yaml"
	all := func(of content.Outcome) map[string]content.Outcome {
		return map[string]content.Outcome{one: of, course: of, skills: of}
	}
	with := func(in map[string]content.Outcome, path string, of content.Outcome) map[string]content.Outcome {
		in[path] = of
		return in
	}
	sync(all(content.Created))
	sync(all(content.Unchanged))
	original := lib[one]

	// Written in the Studio since: it stays until the file changes too.
	doc, err := s.Published(ctx, content.KindLesson, "tiny.one")
	must(t, err)
	d, _, err := s.Save(ctx, author, content.Writing{Identity: doc.Identity, Body: written("Ours."), On: doc.Tag()})
	must(t, err)
	must(t, s.Publish(ctx, author, content.KindLesson, "tiny.one", d.Number, content.Publication{}))
	sync(with(all(content.Unchanged), one, content.Kept))
	lib[one] = &fstest.MapFile{Data: written("Of the folder.")}
	sync(with(all(content.Unchanged), one, content.Updated))
	if now, err := s.Published(ctx, content.KindLesson, "tiny.one"); err != nil || now.Number != 3 {
		t.Errorf("%v %v", now.Number, err)
	}

	// A file with errors changes nothing and retires nothing.
	lib[one] = &fstest.MapFile{Data: written("[Nowhere](#nowhere)")}
	in, err := s.Sync(ctx, author)
	must(t, err)
	if d := cmp.Diff(map[string]content.Outcome{course: content.Unchanged, skills: content.Unchanged}, came(in)); d != "" || len(in.Problems) != 1 {
		t.Error(d, in.Problems)
	}

	// Gone, and come back.
	bring(t, s, files("courses/own/course.md", "---\ntitle: Own\nattribution: Ours.\n---\nText.\n"), true)
	delete(lib, one)
	sync(map[string]content.Outcome{course: content.Unchanged, skills: content.Unchanged, one: content.Gone})
	_, err = s.Published(ctx, content.KindLesson, "tiny.one")
	wants(t, fault.NotFound, err)
	_, err = s.Published(ctx, content.KindCourse, "own") // it never came from the folder
	must(t, err)
	sync(map[string]content.Outcome{course: content.Unchanged, skills: content.Unchanged})
	lib[one] = original
	sync(with(all(content.Unchanged), one, content.Updated))

	// Retired by an author: the folder does not bring it back.
	must(t, s.Retire(ctx, author, content.KindLesson, "tiny.one"))
	sync(with(all(content.Unchanged), one, content.Kept))

	// A folder that is not mounted.
	s.Folder = &content.Folder{Name: "/srv/library", Files: fstest.MapFS{}}
	if in, err = s.Sync(ctx, author); err != nil || len(in.Documents) != 0 || len(in.Problems) != 1 {
		t.Errorf("%+v %v", in, err)
	}
	_, err = s.Published(ctx, content.KindCourse, "tiny")
	must(t, err)
}

func TestSyncLeavesTheBuiltInLibraryAlone(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	must(t, s.EnsureBuiltIn(ctx))
	rubric, err := s.Published(ctx, content.KindRubric, "spi")
	must(t, err)
	ours := bytes.Replace(rubric.Source, []byte("title: "), []byte("title: Our "), 1)
	lib := files("rubrics/spi.yaml", string(ours), "courses/own/course.md", "---\ntitle: Own\nattribution: Ours.\n---\nText.\n")
	s.Folder = &content.Folder{Name: "/srv/library", Files: lib}
	_, err = s.Sync(ctx, author)
	must(t, err)
	delete(lib, "rubrics/spi.yaml")
	in, err := s.Sync(ctx, author)
	must(t, err)
	if d := cmp.Diff(map[string]content.Outcome{"courses/own/course.md": content.Unchanged}, came(in)); d != "" {
		t.Error(d)
	}
	_, err = s.Published(ctx, content.KindRubric, "spi")
	must(t, err)
}

// Every kind of document, and every way in which bytes may be unusual.
func TestEveryKindComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	fresh := func() *content.Service { return &content.Service{DB: pgtest.New(t), Now: time.Now} }
	first, second, third := fresh(), fresh(), fresh()
	level := "levels: [a, b, c, d, e]"
	lib := files(
		"skills.yaml", "groups:\r\n  - name: Discover\r\n    skills:\r\n      - {slug: listen, name: Listening, "+level+"}\r\n",
		"roles.yaml", "families:\n  - name: AE\n    targets: {listen: 3}",
		"metrics.yaml", "\ufeff- {name: win_rate, definition: Won of closed., unit: \"%\"}\n\n\n",
		"courses/tiny/course.md", "---\r\ntitle: Tiny\r\nattribution: Our own.\r\n---\r\nHello.\r\n\r\n![A dot](Größe_日本.png)",
		"courses/tiny/01-one.md", "\ufeff---\ntitle: One\n---\nFirst.  \n\tTabbed",
		"courses/tiny/02-two.md", "---\rtitle: Two\r---\rOld Macintosh.\r",
		"courses/tiny/quiz.md", "### Yes? {#q-yes}\n- (x) Yes\n- ( ) No\n! Yes.",
		"courses/tiny/cards.yaml", "- {id: one, front: \"One?\", back: \"日本\", skill: listen}\n",
		"courses/tiny/Größe_日本.png", "\x89PNG\x00\xff",
		"courses/tiny/a b+c%20.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>",
		"scenarios/s.md", "---\ntitle: S\nrubric: r\n---\n## Brief\nB.\n## Buyer\nC.\n",
		"rubrics/r.yaml", "title: R\ncriteria:\n  - {id: a, skill: listen, weight: 100, meaning: M, anchors: [1, 2, 3, 4, 5]}\n",
		"worksheets/w.md", "---\ntitle: W\nrubric: r\n---\n## Part {#f-part}\nText.\n\n> [!example] One\n> Two.\n",
		"templates/t.yaml", "title: T\nprompts: [\"One?\"]\n",
		"programs/p.yaml", "title: P\ndays: 9\nattribution: Ours.\nsections:\n  - title: One\n    items:\n      - {id: a, course: tiny, due: 1}\n",
	)
	if in := bring(t, first, lib, true); content.Failed(in.Problems) || len(in.Documents) != len(lib) {
		t.Fatalf("%d of %d came in: %v", len(in.Documents), len(lib), in.Problems)
	}
	kinds := map[content.Kind]bool{}
	zipOf := func(s *content.Service) []byte {
		all, err := s.Files(ctx, author)
		must(t, err)
		for _, f := range all {
			id, _, _ := content.Identify(f.Path)
			kinds[id.Kind] = true
			if !bytes.Equal(f.Body, lib[f.Path].Data) {
				t.Errorf("%s came out as %q", f.Path, f.Body)
			}
		}
		var b bytes.Buffer
		must(t, content.WriteZip(&b, all))
		return b.Bytes()
	}
	out := zipOf(first)
	if len(kinds) != len(content.Kinds) {
		t.Errorf("only %d kinds came out", len(kinds))
	}
	in, err := content.OpenZip(bytes.NewReader(out), int64(len(out)))
	must(t, err)
	bring(t, second, in, true)
	if !bytes.Equal(out, zipOf(second)) {
		t.Error("the second zip differs from the first")
	}
	dir := t.TempDir()
	all, err := second.Files(ctx, author)
	must(t, err)
	must(t, content.WriteFolder(dir, all))
	bring(t, third, os.DirFS(dir), true)
	if !bytes.Equal(out, zipOf(third)) {
		t.Error("the zip after a folder differs from the first")
	}
	if d := cmp.Diff(tree(t, lib), tree(t, os.DirFS(dir))); d != "" {
		t.Error(d)
	}
}

// tree returns the files of a folder with their bytes.
func tree(t *testing.T, fsys fs.FS) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, fs.WalkDir(fsys, ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, file)
		out[file] = fmt.Sprintf("%q", b)
		return err
	}))
	return out
}
