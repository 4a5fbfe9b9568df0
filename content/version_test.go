package content_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

// wants fails the test unless err is a fault of the kind.
func wants(t *testing.T, kind fault.Kind, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Fatalf("error %v, want a fault of kind %d", err, kind)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hand is an author who is a person of the company.
func hand(t *testing.T, s *content.Service, name string) people.Actor {
	t.Helper()
	by := people.Actor{Name: name, Capabilities: []people.Capability{people.Author}}
	must(t, s.DB.QueryRow(context.Background(), `insert into persons (name, email, capabilities) values ($1, lower($1) || '@fernhill.example', '{author}') returning id`, name).Scan(&by.ID))
	return by
}

var tinyOne = content.Identity{Kind: content.KindLesson, Slug: "tiny.one", Path: "courses/tiny/01-one.md"}

func written(text string) []byte { return []byte("---\ntitle: One\n---\n" + text + "\n") }

func TestADraftIsSavedPublishedAndCompared(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	bring(t, s, tiny(), true)
	jo := hand(t, s, "Jo")
	first, err := s.Published(ctx, content.KindLesson, "tiny.one")
	must(t, err)

	d, problems, err := s.Save(ctx, jo, content.Writing{Identity: tinyOne, Body: written("Second."), On: first.Tag()})
	must(t, err)
	if d.Number != 2 || d.State != content.Draft || len(problems) > 0 {
		t.Fatalf("%+v %v", d.Tag(), problems)
	}
	same, _, err := s.Save(ctx, jo, content.Writing{Identity: tinyOne, Body: written("Second."), On: d.Tag()})
	must(t, err)
	if same.Tag() != d.Tag() {
		t.Errorf("saving the same made %+v", same.Tag())
	}
	again, _, err := s.Save(ctx, jo, content.Writing{Identity: tinyOne, Body: written("Second, better."), On: d.Tag()})
	must(t, err)
	if again.Tag() != (content.Tag{Number: 2, Revision: 2}) {
		t.Errorf("saving again made %+v", again.Tag())
	}
	if now, err := s.Published(ctx, content.KindLesson, "tiny.one"); err != nil || now.Number != 1 {
		t.Errorf("a draft is what learners meet: %v %v", now.Number, err)
	}
	must(t, s.Publish(ctx, jo, content.KindLesson, "tiny.one", 2, content.Publication{Note: "Clearer.", Minor: true}))
	now, err := s.Published(ctx, content.KindLesson, "tiny.one")
	must(t, err)
	if now.Number != 2 || !now.Minor || now.Note != "Clearer." {
		t.Errorf("published %+v", now)
	}
	wants(t, fault.Conflict, s.Publish(ctx, jo, content.KindLesson, "tiny.one", 2, content.Publication{}))
	diff, err := s.Changes(ctx, jo, content.KindLesson, "tiny.one", 1, 2)
	must(t, err)
	if got := drawn(diff); got[3] != "~ 4 [-First-]. | 4 {+Second, better+}." || diff.Added != 1 || diff.Removed != 6 {
		t.Errorf("%v", got)
	}
	if _, err = s.Changes(ctx, jo, content.KindLesson, "tiny.one", 1, 7); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a version that is not there: %v", err)
	}
	if along, err := s.MovesAlong(ctx, first); err != nil || !along {
		t.Errorf("a minor edit does not move along: %v %v", along, err)
	}
	rep := people.Actor{ID: 7, Capabilities: []people.Capability{people.Rep}}
	_, err = s.Changes(ctx, rep, content.KindLesson, "tiny.one", 1, 2)
	wants(t, fault.NotFound, err)
	_, _, err = s.Save(ctx, rep, content.Writing{Identity: tinyOne, Body: written("x"), On: now.Tag()})
	wants(t, fault.NotFound, err)
	_, _, err = s.Preview(ctx, rep, tinyOne, written("x"))
	wants(t, fault.NotFound, err)
}

func TestMinorAfterMajorMovesOnlyThoseOfTheMajorAlong(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	bring(t, s, tiny(), true)
	jo := hand(t, s, "Jo")
	var met []*content.Document
	for i, minor := range []bool{false, true, true} {
		now, err := s.Published(ctx, content.KindLesson, "tiny.one")
		must(t, err)
		met = append(met, now)
		d, _, err := s.Save(ctx, jo, content.Writing{Identity: tinyOne, Body: written(strings.Repeat("More. ", i+1)), On: now.Tag()})
		must(t, err)
		must(t, s.Publish(ctx, jo, content.KindLesson, "tiny.one", d.Number, content.Publication{Minor: minor}))
	}
	for i, want := range []bool{false, true, true} {
		if along, err := s.MovesAlong(ctx, met[i]); err != nil || along != want {
			t.Errorf("version %d moves along: %v, want %v (%v)", met[i].Number, along, want, err)
		}
	}
}

func TestTwoAuthorsLoseNothing(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	bring(t, s, tiny(), true)
	jo, kim := hand(t, s, "Jo"), hand(t, s, "Kim")
	first, err := s.Published(ctx, content.KindLesson, "tiny.one")
	must(t, err)
	jos, _, err := s.Save(ctx, jo, content.Writing{Identity: tinyOne, Body: written("Jo’s."), On: first.Tag()})
	must(t, err)
	_, _, err = s.Save(ctx, kim, content.Writing{Identity: tinyOne, Body: written("Kim’s."), On: first.Tag()})
	wants(t, fault.Stale, err)
	if f := err.(*fault.Error); !strings.Contains(f.Theirs, "Jo’s.") {
		t.Errorf("theirs is %q", f.Theirs)
	}
	kims, _, err := s.Save(ctx, kim, content.Writing{Identity: tinyOne, Body: written("Kim’s."), On: jos.Tag()})
	must(t, err)
	if kims.Number != 3 {
		t.Errorf("Kim’s text took the place of Jo’s draft: %+v", kims.Tag())
	}
	mine, _, err := s.Save(ctx, kim, content.Writing{Identity: tinyOne, Body: written("Kim’s, from another window."), On: kims.Tag(), Beside: true})
	must(t, err)
	var texts []string
	list, err := s.Versions(ctx, jo, content.KindLesson, "tiny.one")
	must(t, err)
	for _, v := range list {
		d, err := s.Version(ctx, v.ID)
		must(t, err)
		texts = append(texts, d.Lines()[3])
	}
	if d := cmp.Diff([]string{"Kim’s, from another window.", "Kim’s.", "Jo’s.", "First."}, texts); d != "" || mine.Number != 4 {
		t.Error(d)
	}
}

func TestANewDocumentIsADraft(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	bring(t, s, tiny(), true)
	two := content.Identity{Kind: content.KindLesson, Slug: "tiny.two", Path: "courses/tiny/02-two.md"}
	d, _, err := s.Save(ctx, author, content.Writing{Identity: two, Body: written("Text.")})
	must(t, err)
	if d.Number != 1 || d.State != content.Draft || d.Title != "One" {
		t.Errorf("%+v", d)
	}
	_, _, err = s.Save(ctx, author, content.Writing{Identity: two, Body: written("Other text.")})
	wants(t, fault.Conflict, err)
	_, err = s.Published(ctx, content.KindLesson, "tiny.two")
	wants(t, fault.NotFound, err)
	_, _, err = s.Save(ctx, author, content.Writing{Identity: content.Identity{Kind: content.KindLesson, Slug: "tiny.three"}, Body: written("x"), On: content.Tag{Number: 1, Revision: 1}})
	wants(t, fault.NotFound, err)
	_, _, err = s.Save(ctx, author, content.Writing{Identity: two, Body: []byte(strings.Repeat("x", 2<<20)), On: d.Tag()})
	wants(t, fault.Invalid, err)
}

func TestRetiringOffersItToNobodyNew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := &content.Service{DB: pgtest.New(t), Now: time.Now}
	lib := tiny()
	lib["courses/tiny/quiz.md"] = &tinyQuiz
	lib["courses/other/course.md"] = &linked
	bring(t, s, lib, true)
	wants(t, fault.Conflict, s.Retire(ctx, author, content.KindLesson, "tiny.one")) // the other course links to it
	wants(t, fault.Conflict, s.Retire(ctx, author, content.KindSkills, "skills"))
	wants(t, fault.NotFound, s.Retire(ctx, author, content.KindLesson, "tiny.nine"))
	wants(t, fault.NotFound, s.Retire(ctx, people.Actor{ID: 1}, content.KindCourse, "other"))
	must(t, s.Retire(ctx, author, content.KindCourse, "other"))
	for range 2 {
		must(t, s.Retire(ctx, author, content.KindCourse, "tiny"))
	}
	for _, k := range []content.Kind{content.KindCourse, content.KindLesson, content.KindQuiz} {
		if list, err := s.List(ctx, k); err != nil || len(list) > 0 {
			t.Errorf("%d of %s are offered, %v", len(list), k, err)
		}
	}
	if kept, err := s.Last(ctx, content.KindLesson, "tiny.one"); err != nil || kept.Number != 1 {
		t.Errorf("whoever began it: %v", err)
	}
	if gone, err := s.RetiredCourses(ctx); err != nil || len(gone["tiny"]) != 3 {
		t.Errorf("%v %v", gone, err)
	}
	files, err := s.Files(ctx, author)
	must(t, err)
	if len(files) != 1 {
		t.Errorf("%d files are given out", len(files))
	}
	doc, _, err := s.Source(ctx, author, content.KindLesson, "tiny.one", 0)
	if err != nil || doc.State != content.Retired {
		t.Errorf("%s %v", doc.State, err)
	}
	for range 2 {
		must(t, s.BringBack(ctx, author, content.KindCourse, "tiny"))
	}
	if list, err := s.List(ctx, content.KindLesson); err != nil || len(list) != 1 {
		t.Errorf("%d lessons came back, %v", len(list), err)
	}
	if d, _, err := s.Source(ctx, author, content.KindLesson, "tiny.one", 0); err != nil || d.State != content.Published {
		t.Errorf("%s %v", d.State, err)
	}
	_, err = s.Published(ctx, content.KindCourse, "other")
	wants(t, fault.NotFound, err)
	if again := bring(t, s, lib, true); !cmp.Equal([]string{"courses/other/course.md"}, changed(again)) {
		t.Errorf("bringing in what was retired changed %v", changed(again))
	}
	_, err = s.Published(ctx, content.KindCourse, "other")
	must(t, err)
}

func TestRetiredBuiltInStaysRetired(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	must(t, s.EnsureBuiltIn(ctx))
	must(t, s.Retire(ctx, author, content.KindScenario, "con3-tried-this-before"))
	must(t, s.EnsureBuiltIn(ctx))
	_, err := s.Published(ctx, content.KindScenario, "con3-tried-this-before")
	wants(t, fault.NotFound, err)
}

func TestTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][3]string{
		"unix":       {"a\nb\n", "a\r\nc\r\n", "a\nc\n"},
		"windows":    {"a\r\nb\r\n", "a\r\nc", "a\r\nc"},
		"old mac":    {"a\rb\r", "a\r\nc\r\n", "a\rc\r"},
		"mark":       {"\ufeffa\n", "c\r\n", "\ufeffc\n"},
		"mark twice": {"\ufeffa\n", "\ufeffc", "\ufeffc"},
		"new":        {"", "a\r\nb", "a\nb"},
	} {
		if got := string(content.Typed([]byte(c[0]), c[1])); got != c[2] {
			t.Errorf("%s: %q, want %q", name, got, c[2])
		}
	}
}

// A reader compares texts without seeing what answers are right.
func TestReaderLinesHoldNoKey(t *testing.T) {
	t.Parallel()
	d := content.Read(tinyOne, []byte("---\ntitle: One\n---\nText.\n\n### Which? {#q-a}\n- ( ) This\n  > Feedback of this.\n- (x) That\n? Hint.\n! Explained.\n\n### Word? {#q-b}\n[[secret]]\n! Explained.\n\n### Pair {#q-c}\n- one -> eins\n- two -> zwei\n! Explained.\n\n## After\nMore.\n"))
	text := strings.Join(d.ReaderLines(), "\n")
	for _, want := range []string{"Text.", "Check: Which?", "- This\n- That", "Check: Word?", "To be matched with: ", "## After", "More."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, key := range []string{"(x)", "secret", "->", "Feedback", "Explained"} {
		if strings.Contains(text, key) {
			t.Errorf("%q is in\n%s", key, text)
		}
	}
}

// The first look at what was just published finds it rendered, and is told the
// same as a process that has to read it.
func TestPublishingRenders(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), &content.Service{DB: pgtest.New(t), Now: time.Now}
	bring(t, s, tiny(), true)
	now, err := s.Published(ctx, content.KindLesson, "tiny.one")
	must(t, err)
	other, err := (&content.Service{DB: s.DB, Now: time.Now}).Published(ctx, content.KindLesson, "tiny.one")
	must(t, err)
	if now.Tag() != other.Tag() || now.VersionID != other.VersionID || now.DocumentID != other.DocumentID || now.Note != other.Note || now.Minor != other.Minor || now.State != other.State || !now.At.Equal(other.At) || now.Title != other.Title || string(now.Source) != string(other.Source) {
		t.Errorf("%+v\n%+v", now, other)
	}
}
