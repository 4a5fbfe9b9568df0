package content_test

import (
	"context"
	"testing"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

func TestQuestionsAreAddedToAQuiz(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	lib := tiny()
	lib["courses/tiny/quiz.md"] = files("q", "### Yes? {#q-yes}\r\n- (x) Yes\r\n- ( ) No\r\n! Yes.")["q"]
	lib["courses/bare/course.md"] = files("c", "---\ntitle: Bare\nattribution: Ours.\n---\nText.\n")["c"]
	bring(t, s, lib, true)
	const two = "### Is it? {#q-yes}\n\n- (x) Yes\n- ( ) No\n! Yes.\n\n### Which? {#q-which skill=listen}\n\n[[it]]\n! It.\n"
	d, problems, err := s.AppendQuestions(ctx, author, "tiny", two)
	must(t, err)
	var ids []string
	for _, q := range d.Questions() {
		ids = append(ids, q.ID)
	}
	if diff := cmp.Diff([]string{"q-yes", "q-yes-2", "q-which-2"}, ids); diff != "" || len(problems) > 0 || d.State != content.Draft {
		t.Error(diff, problems, d.State)
	}
	if got := string(d.Source); got[:10] != "### Yes? {" || got[len(got)-2:] != "\r\n" {
		t.Errorf("%q", got)
	}
	if d, problems, err = s.AppendQuestions(ctx, author, "bare", two); err != nil || len(problems) != 1 && len(d.Questions()) != 2 {
		t.Errorf("%v %v", problems, err)
	}
	_, _, err = s.AppendQuestions(ctx, author, "gone", two)
	wants(t, fault.Invalid, err)
	_, _, err = s.AppendQuestions(ctx, author, "tiny", " ")
	wants(t, fault.Invalid, err)
	_, _, err = s.AppendQuestions(ctx, people.Actor{ID: 2}, "tiny", two)
	wants(t, fault.NotFound, err)
}
