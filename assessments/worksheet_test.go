package assessments_test

import (
	"errors"
	"strings"
	"testing"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

const profitCase = "t5-profit-case"

// worksheet starts a draft of Dana's with these texts.
func (s stage) worksheet(texts map[string]string) assessments.Attempt {
	s.t.Helper()
	a, err := s.StartWorksheet(s.ctx, s.dana, s.dana.ID, profitCase, 0)
	s.must(err)
	_, err = s.SaveFields(s.ctx, s.dana, a.ID, assessments.FieldsInput{Texts: texts})
	s.must(err)
	return a
}

// page makes scores of the worksheet rubric, in its order.
func page(quote string, list ...int) []assessments.Score {
	var out []assessments.Score
	for i, id := range []string{"facts", "customer_view", "logic", "action", "measure"} {
		out = append(out, assessments.Score{Criterion: id, Level: &list[i], Quote: quote})
	}
	return out
}

func (s stage) scoredPage(coach people.Actor, id int64, list ...int) {
	s.t.Helper()
	_, _, err := s.SaveSheet(s.ctx, coach, id, coach.ID, assessments.SheetInput{Scores: page("260 a week now.", list...), Keep: "The owner.", TryNext: "The low case."}, nil)
	s.must(err)
	_, err = s.Release(s.ctx, coach, id, coach.ID)
	s.must(err)
}

func (s stage) texts(by people.Actor, id int64) map[string]string {
	s.t.Helper()
	fields, err := s.Fields(s.ctx, by, id)
	s.must(err)
	out := map[string]string{}
	for _, f := range fields {
		if f.Text != "" {
			out[f.ID] = f.Text
		}
	}
	return out
}

func TestWorksheetIsFilledInAndHandedIn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, err := s.StartWorksheet(s.ctx, s.dana, s.dana.ID, profitCase, 0)
	s.must(err)
	again, err := s.StartWorksheet(s.ctx, s.dana, s.dana.ID, profitCase, 0)
	s.must(err)
	if a.ID != again.ID || a.Worksheet() != profitCase || a.Form != assessments.FormWorksheet || a.Number != 1 {
		t.Errorf("a double click made %+v and %+v", a, again)
	}
	if err := s.Submit(s.ctx, s.dana, a.ID); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "at least one field") {
		t.Errorf("an empty worksheet was handed in: %v", err)
	}
	for name, in := range map[string]map[string]string{
		"a field that is not there": {"f-gone": "x"},
		"a text beyond measure":     {"f-number": strings.Repeat("ä", assessments.MaxFieldChars+1)},
	} {
		if _, err := s.SaveFields(s.ctx, s.dana, a.ID, assessments.FieldsInput{Texts: in}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.SaveTranscript(s.ctx, s.dana, a.ID, call(), nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a worksheet took a transcript: %v", err)
	}
	_, err = s.SaveFields(s.ctx, s.dana, a.ID, assessments.FieldsInput{Texts: map[string]string{"f-number": " 260 a week now.\r\n\r\n100 by week 26.\x00 ", "f-stop": "Above 200."}})
	s.must(err)
	fields, err := s.Fields(s.ctx, s.dana, a.ID)
	s.must(err)
	var lines []string
	for _, f := range fields {
		for _, l := range f.Lines {
			lines = append(lines, f.ID+": "+l.Text)
		}
	}
	if diff := cmp.Diff([]string{"f-number: 260 a week now.", "f-number: 100 by week 26.", "f-stop: Above 200."}, lines); diff != "" {
		t.Error(diff)
	}
	for _, by := range []people.Actor{s.ana, s.mo, s.elsewhere} {
		if _, err := s.Fields(s.ctx, by, a.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads a draft: %v", by.Name, err)
		}
		if _, err := s.SaveFields(s.ctx, by, a.ID, assessments.FieldsInput{Texts: map[string]string{"f-stop": "x"}}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s writes into it: %v", by.Name, err)
		}
		if _, err := s.StartWorksheet(s.ctx, by, s.dana.ID, profitCase, 0); err == nil {
			t.Errorf("%s started one for Dana", by.Name)
		}
	}
	s.must(s.Submit(s.ctx, s.dana, a.ID))
	if _, err := s.SaveFields(s.ctx, s.dana, a.ID, assessments.FieldsInput{Texts: map[string]string{"f-stop": "x"}}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a submitted worksheet was changed: %v", err)
	}
	if got := s.texts(s.ana, a.ID)["f-stop"]; got != "Above 200." {
		t.Errorf("the coach reads %q", got)
	}
	if _, err := s.Fields(s.ctx, s.mo, a.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the manager reads what was not shared: %v", err)
	}
	s.must(s.Comment(s.ctx, s.ana, a.ID, 2, "measure", "From when?"))
	if err := s.Comment(s.ctx, s.ana, a.ID, 4, "", "Which?"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a comment on a line that is not there: %v", err)
	}
	waiting, err := s.Queue(s.ctx, s.ana, nil, 10)
	s.must(err)
	if len(waiting) != 1 || waiting[0].Title != "Profit case" || waiting[0].Form != assessments.FormWorksheet {
		t.Errorf("the queue is %+v", waiting)
	}
}

// Two windows that write into different fields lose nothing and hear nothing;
// two that write into one field are shown both texts.
func TestTwoWindowsOnOneWorksheet(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.worksheet(map[string]string{"f-number": "One."})
	save := func(id, text string, seen int) (int, error) {
		return s.SaveFields(s.ctx, s.dana, a.ID, assessments.FieldsInput{Texts: map[string]string{id: text}, Seen: map[string]int{id: seen}})
	}
	_, err := save("f-number", "Two.", 1)
	s.must(err)
	_, err = save("f-stop", "Above 200.", 0)
	s.must(err)
	_, err = save("f-number", "Two.", 1) // the same words: nothing to settle
	s.must(err)
	_, err = save("f-number", "Three.", 1)
	var stale *fault.Error
	if !errors.As(err, &stale) || stale.Kind != fault.Stale || !strings.Contains(stale.Theirs, "Two.") || stale.Fields["f-number"] == "" {
		t.Fatalf("a stale save answers %+v", err)
	}
	_, err = save("f-number", "Two and three.", 2)
	s.must(err)
	if diff := cmp.Diff(map[string]string{"f-number": "Two and three.", "f-stop": "Above 200."}, s.texts(s.dana, a.ID)); diff != "" {
		t.Error(diff)
	}
	now, err := s.Attempt(s.ctx, s.dana, a.ID)
	s.must(err)
	old := now.Version - 1
	if _, err := s.SaveFields(s.ctx, s.dana, a.ID, assessments.FieldsInput{Texts: map[string]string{"f-stop": "x"}, Version: &old}); fault.KindOf(err) != fault.Stale {
		t.Errorf("a stale attempt answers %v", err)
	}
	saved, err := s.SaveFields(s.ctx, s.dana, a.ID, assessments.FieldsInput{Texts: map[string]string{"f-stop": "Above 200."}, Version: &now.Version})
	if err != nil || saved != now.Version {
		t.Errorf("the same words made version %d of %d, %v", saved, now.Version, err)
	}
}

func TestWorksheetIsScoredRevisedAndCompared(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first := s.worksheet(map[string]string{"f-number": "260 a week now.\nOwner: Orla.", "f-range": "About £76,000."})
	if _, err := s.StartWorksheet(s.ctx, s.dana, s.dana.ID, profitCase, first.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a draft was revised: %v", err)
	}
	s.must(s.Submit(s.ctx, s.dana, first.ID))
	s.scoredPage(s.ana, first.ID, 3, 3, 2, 3, 3)
	if n := s.count(`select count(*) from evidence where attempt_id = $1 and skill = 'quantify' and source = 'coach'`, first.ID); n != 1 {
		t.Errorf("%d observations of quantify, want 1: the worksheet names that skill alone", n)
	}
	if n := s.count(`select count(*) from evidence where attempt_id = $1`, first.ID); n != 1 {
		t.Errorf("%d observations in all", n)
	}

	s.later(1e12)
	if _, err := s.StartWorksheet(s.ctx, s.dana, s.dana.ID, "t8-call-plan", first.ID); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a profit case was revised as a call plan: %v", err)
	}
	second, err := s.StartWorksheet(s.ctx, s.dana, s.dana.ID, profitCase, first.ID)
	s.must(err)
	again, err := s.StartWorksheet(s.ctx, s.dana, s.dana.ID, profitCase, first.ID)
	s.must(err)
	if second.ID != again.ID || second.Number != 2 || *second.Revises != first.ID {
		t.Errorf("the revision is %+v, then %+v", second, again)
	}
	if diff := cmp.Diff(s.texts(s.dana, first.ID), s.texts(s.dana, second.ID)); diff != "" {
		t.Errorf("it does not begin from the first:\n%s", diff)
	}
	if err := s.Submit(s.ctx, s.dana, second.ID); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Nothing differs") {
		t.Errorf("the same text was handed in again: %v", err)
	}
	_, err = s.SaveFields(s.ctx, s.dana, second.ID, assessments.FieldsInput{Texts: map[string]string{"f-range": "Between £32,000 and £92,000.", "f-stop": "Above 200."}})
	s.must(err)
	s.must(s.Submit(s.ctx, s.dana, second.ID))
	now, err := s.Attempt(s.ctx, s.ana, second.ID)
	s.must(err)
	was, changes, err := s.Revised(s.ctx, s.ana, now)
	s.must(err)
	var got []string
	for _, c := range changes {
		if !c.Equal() {
			got = append(got, c.Title)
		}
	}
	if diff := cmp.Diff([]string{"How sure: low, expected, high", "When to stop and talk"}, got); diff != "" || was.ID != first.ID {
		t.Errorf("what changed: %s", diff)
	}
	if r := changes[4].Rows; len(r) != 1 || r[0].Change != content.Edited {
		t.Errorf("the changed field is %+v", r)
	}
	// A peer who was asked about the second alone reads no other.
	s.must(s.AskPeer(s.ctx, s.dana, second.ID, s.elsewhere.ID))
	theirs, err := s.Attempt(s.ctx, s.elsewhere, second.ID)
	s.must(err)
	if was, changes, err := s.Revised(s.ctx, s.elsewhere, theirs); was != nil || changes != nil || err != nil {
		t.Errorf("the peer sees %v %v %v", was, changes, err)
	}
	s.scoredPage(s.ana, second.ID, 4, 4, 4, 4, 4)
	if n := s.count(`select count(*) from evidence where person_id = $1 and skill = 'quantify'`, s.dana.ID); n != 2 {
		t.Errorf("%d observations of quantify after two attempts", n)
	}
}

// The worksheet decides which skill its criteria are evidence of.
func TestWorksheetDecidesTheSkills(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	all, err := s.Worksheets(s.ctx)
	s.must(err)
	var order []string
	for _, w := range all {
		order = append(order, w.Slug)
		for _, c := range w.Rubric.Criteria {
			if len(w.Skills) > 0 && !strings.Contains(" "+strings.Join(w.Skills, " ")+" ", " "+c.Skill+" ") {
				t.Errorf("%s: %s is evidence of %s, and its skills are %v", w.Slug, c.ID, c.Skill, w.Skills)
			}
		}
	}
	want := []string{"t1-territory", "t2-account-plan", "t3-stakeholder-map", "t4-value-proposition", "t5-profit-case", "t6-success-plan", "t7-proposal", "t8-call-plan",
		"t9-process-map", "t10-sales-assessment", "t11-win-story", "t12-development-plan", "t13-negotiation-prep", "t14-insight-storyboard", "t15-hiring-scorecard"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("the built-in worksheets, in order:\n%s", diff)
	}
	plain, err := s.Content.Published(s.ctx, content.KindRubric, "wrk")
	s.must(err)
	if c, _ := plain.Rubric.Criterion("facts"); c.Skill != "account" {
		t.Errorf("the shared rubric was changed: facts is evidence of %s", c.Skill)
	}
}
