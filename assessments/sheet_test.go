package assessments_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"
	"pitchside/skills"

	"github.com/google/go-cmp/cmp"
)

func asFault(err error, f **fault.Error) bool { return errors.As(err, f) }

func TestSum(t *testing.T) {
	t.Parallel()
	rubric := &content.Rubric{}
	for i, w := range []float64{10, 20, 25, 20, 15, 10} {
		c := content.Criterion{ID: levels(1, 1, 1, 1, 1, 1)[i].Criterion, Weight: w}
		c.Critical = c.ID == "implication"
		rubric.Criteria = append(rubric.Criteria, c)
	}
	num := func(f float64) *float64 { return &f }
	tests := []struct {
		name   string
		list   []int
		pass   float64
		want   *float64
		passed bool
		capped string
	}{
		{"all at the mark", []int{3, 3, 3, 3, 3, 3}, 50, num(50), true, ""},
		{"all at the top", []int{5, 5, 5, 5, 5, 5}, 50, num(100), true, ""},
		{"all at the bottom", []int{1, 1, 1, 1, 1, 1}, 50, num(0), false, ""},
		{"weighted: (10·3+20·3+25·3+20·2+15·0+10·1) ÷ 400 · 100", []int{4, 4, 4, 3, 1, 2}, 50, num(53.8), true, ""},
		{"not observed is left out", []int{4, 4, 4, 3, 0, 0}, 50, num(68.3), true, ""},
		{"a critical criterion below 3 caps", []int{5, 5, 2, 5, 5, 5}, 50, num(49.9), false, "implication"},
		{"a cap that lowers nothing is not one", []int{1, 1, 2, 1, 1, 1}, 50, num(6.3), false, ""},
		{"a critical criterion not observed does not cap", []int{5, 5, 0, 5, 5, 5}, 50, num(100), true, ""},
		{"the cap follows the pass mark", []int{5, 5, 1, 5, 5, 5}, 70, num(69.9), false, "implication"},
		{"nothing observed", []int{0, 0, 0, 0, 0, 0}, 50, nil, false, ""},
	}
	for _, tt := range tests {
		got := assessments.Sum(rubric, levels(tt.list...), tt.pass)
		if diff := cmp.Diff(tt.want, got.Value); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if (got.Passed != nil && *got.Passed) != tt.passed || got.CappedBy != tt.capped || (got.Passed == nil) != (tt.want == nil) {
			t.Errorf("%s: passed %v, capped by %q", tt.name, got.Passed, got.CappedBy)
		}
	}
}

func TestSaveSheet(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	six := 6
	for _, tt := range []struct {
		name  string
		score assessments.Score
	}{
		{"no such criterion", assessments.Score{Criterion: "charm", Level: &six}},
		{"level 6", assessments.Score{Criterion: "problem", Level: &six}},
	} {
		_, _, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: []assessments.Score{tt.score}}, nil)
		if fault.KindOf(err) != fault.Invalid || fault.FieldsOf(err)[tt.score.Criterion] == "" {
			t.Errorf("%s = %v, want Invalid on the criterion", tt.name, err)
		}
	}
	note := "Ask whether it is nerves."
	zero := 0
	sheet, sum, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(5, 5, 2, 5, 5, 5), PrivateNote: &note}, &zero)
	s.must(err)
	if sheet.Version != 1 || sum.CappedBy != "implication" || *sheet.Overall != 49.9 || *sheet.Passed || sheet.PrivateNote != note {
		t.Errorf("sheet = %+v, sum = %+v", sheet, sum)
	}
	for _, tt := range []struct {
		name string
		by   people.Actor
		kind fault.Kind
	}{
		{"the manager, who does not see it", s.mo, fault.NotFound},
		{"a stranger", s.elsewhere, fault.NotFound},
		{"an admin’s token, for what it did not bring", s.system, fault.NotFound},
		{"another coach on Ana’s sheet", s.ben, fault.NotFound},
	} {
		if _, _, err := s.SaveSheet(s.ctx, tt.by, id, s.ana.ID, assessments.SheetInput{}, nil); fault.KindOf(err) != tt.kind {
			t.Errorf("%s = %v, want kind %v", tt.name, err, tt.kind)
		}
	}
	s.must(s.Share(s.ctx, s.dana, id, true))
	if _, _, err := s.SaveSheet(s.ctx, s.mo, id, s.mo.ID, assessments.SheetInput{}, nil); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a manager who sees it but does not coach = %v, want Forbidden", err)
	}
	if _, _, err := s.SaveSheet(s.ctx, s.ana, s.pasted().ID, s.ana.ID, assessments.SheetInput{}, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a draft = %v, want NotFound", err)
	}
}

// One sheet open in two windows: the second save is refused and shows the first.
func TestTwoSavesOfOneSheet(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	first, _, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(3)}, nil)
	s.must(err)
	_, _, err = s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(4), Keep: "The June question."}, &first.Version)
	s.must(err)
	_, _, err = s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(2), Keep: "Mine."}, &first.Version)
	var f *fault.Error
	if !asFault(err, &f) || f.Kind != fault.Stale || !strings.Contains(f.Theirs, "The June question.") || !strings.Contains(f.Theirs, "Situation economy: 4") {
		t.Fatalf("the second window = %v, want Stale with the other sheet", err)
	}
	mine, err := s.MySheet(s.ctx, s.ana, id)
	s.must(err)
	if mine.Keep != "The June question." {
		t.Errorf("Keep = %q: the refused save was written", mine.Keep)
	}
	// Two coaches each have a sheet of their own and never meet.
	_, _, err = s.SaveSheet(s.ctx, s.ben, id, s.ben.ID, assessments.SheetInput{Scores: levels(1)}, nil)
	s.must(err)
	if n := s.count(`select count(*) from sheets where attempt_id = $1`, id); n != 2 {
		t.Errorf("sheets = %d, want 2", n)
	}
}

func TestReleaseNeedsAViewAndProof(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	if _, err := s.Release(s.ctx, s.ana, id, s.ana.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("releasing nothing = %v, want NotFound", err)
	}
	scores := levels(3, 3, 3, 3, 3)
	scores[1].Quote = ""
	_, _, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: scores}, nil)
	s.must(err)
	_, err = s.Release(s.ctx, s.ana, id, s.ana.ID)
	fields := fault.FieldsOf(err)
	if fault.KindOf(err) != fault.Invalid || len(fields) != 2 || fields["problem"] == "" || fields["commitment"] == "" {
		t.Fatalf("Release = %v %v, want problem (no proof) and commitment (not scored)", err, fields)
	}
	at := 9000
	scores[1].AtMS = &at
	_, _, err = s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: append(scores, assessments.Score{Criterion: "commitment", NotObserved: true})}, nil)
	s.must(err)
	_, err = s.Release(s.ctx, s.ana, id, s.ana.ID)
	s.must(err)
}

// One observation per skill, the plain mean of its observed criteria.
func TestReleaseRecordsEvidence(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.released(s.ana, 4, 4, 5, 0, 2, 3)
	_, err := s.Release(s.ctx, s.ana, id, s.ana.ID) // the double click
	s.must(err)
	got := s.evidence(id)
	want := []evidenceRow{{"commit", "coach", 3, 1}, {"present", "coach", 2, 1}, {"question", "coach", 13.0 / 3, 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	var shown []skills.CriterionShown
	var raw []byte
	s.must(s.db.QueryRow(s.ctx, `select criteria from evidence where attempt_id = $1 and skill = 'commit'`, id).Scan(&raw))
	s.must(json.Unmarshal(raw, &shown))
	if len(shown) != 1 || shown[0].Quote == "" || shown[0].Title != "Commitment" || shown[0].Level != 3 {
		t.Errorf("criteria behind the evidence = %+v", shown)
	}
	if n := s.count(`select count(*) from evidence where attempt_id = $1 and session_key = $2 and rater_id = $3`, id, "attempt:"+itoa(int(id)), s.ana.ID); n != 3 {
		t.Errorf("evidence keyed by the attempt and rated by Ana = %d, want 3", n)
	}
	s.release(s.ben, id, 3, 3, 3, 3, 3, 3)
	if n := len(s.evidence(id)); n != 6 {
		t.Errorf("after a second coach = %d pieces of evidence, want 6", n)
	}
}

type evidenceRow struct {
	Skill, Source string
	Raw           float64
	Criteria      int
}

func (s stage) evidence(attemptID int64) []evidenceRow {
	s.t.Helper()
	rows, err := s.db.Query(s.ctx, `select skill, source, raw, jsonb_array_length(criteria) from evidence
		where attempt_id = $1 and withdrawn_at is null and superseded_by is null order by skill, id`, attemptID)
	s.must(err)
	defer rows.Close()
	var out []evidenceRow
	for rows.Next() {
		var r evidenceRow
		s.must(rows.Scan(&r.Skill, &r.Source, &r.Raw, &r.Criteria))
		out = append(out, r)
	}
	s.must(rows.Err())
	return out
}

func TestRecall(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.released(s.ana, 4, 4, 4, 4, 4, 4)
	s.later(4 * time.Minute)
	s.must(s.Recall(s.ctx, s.ana, id, s.ana.ID))
	s.must(s.Recall(s.ctx, s.ana, id, s.ana.ID))
	if got := s.evidence(id); len(got) != 0 {
		t.Errorf("evidence after a recall = %+v", got)
	}
	a, err := s.Attempt(s.ctx, s.dana, id)
	s.must(err)
	sheets, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if a.State != assessments.InReview || len(sheets) != 0 {
		t.Errorf("after a recall: %s, the rep reads %d sheets", a.State, len(sheets))
	}
	s.release(s.ana, id, 2, 2, 3, 2, 2, 2)
	if got := s.evidence(id); len(got) != 3 || got[0].Raw != 2 {
		t.Errorf("evidence after another release = %+v", got)
	}
	s.later(6 * time.Minute)
	if err := s.Recall(s.ctx, s.ana, id, s.ana.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("six minutes later = %v, want Conflict", err)
	}
}

// Sheets of others stay shut until one's own is released.
func TestSheetsStayBlind(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	note := "Only mine."
	a := s.pasted()
	_, _, err := s.SaveSheet(s.ctx, s.dana, a.ID, s.dana.ID, assessments.SheetInput{Scores: levels(5, 5, 5, 5, 5, 5)}, nil)
	s.must(err)
	s.must(s.Submit(s.ctx, s.dana, a.ID))
	id := a.ID
	_, _, err = s.SaveSheet(s.ctx, s.ben, id, s.ben.ID, assessments.SheetInput{Scores: levels(2), PrivateNote: &note}, nil)
	s.must(err)
	reads := func(by people.Actor) []string {
		t.Helper()
		all, err := s.Sheets(s.ctx, by, id)
		s.must(err)
		out := []string{}
		for _, h := range all {
			one := h.Source + " " + h.Assessor
			if h.PrivateNote != "" {
				one += " with note"
			}
			out = append(out, one)
		}
		return out
	}
	want := func(when string, by people.Actor, list ...string) {
		t.Helper()
		if list == nil {
			list = []string{}
		}
		if diff := cmp.Diff(list, reads(by)); diff != "" {
			t.Errorf("%s, %s reads (-want +got):\n%s", when, by.Name, diff)
		}
	}
	want("before any release", s.dana, "self Dana Okafor")
	want("before any release", s.ana)
	want("before any release", s.ben, "coach Ben Ito with note")
	s.release(s.ana, id, 4, 4, 4, 4, 4, 4)
	want("after Ana’s", s.dana, "coach Ana Ruiz", "self Dana Okafor")
	want("after Ana’s", s.ana, "coach Ana Ruiz", "self Dana Okafor")
	want("after Ana’s", s.ben, "coach Ben Ito with note")
	want("after Ana’s", s.mo, "coach Ana Ruiz", "self Dana Okafor")
	s.later(time.Minute)
	s.release(s.ben, id, 3, 3, 3, 3, 3, 3)
	want("after both", s.ben, "coach Ana Ruiz", "coach Ben Ito with note", "self Dana Okafor")
	want("after both", s.dana, "coach Ana Ruiz", "coach Ben Ito", "self Dana Okafor")
}

func TestSelfScore(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.pasted()
	scores := levels(4, 4, 4, 4, 4, 4)
	for i := range scores {
		scores[i].Quote = "" // nobody asks the rep for proof
	}
	_, _, err := s.SaveSheet(s.ctx, s.dana, a.ID, s.dana.ID, assessments.SheetInput{Scores: scores}, nil)
	s.must(err)
	if got := s.evidence(a.ID); len(got) != 0 {
		t.Errorf("evidence from a draft = %+v", got)
	}
	s.must(s.Submit(s.ctx, s.dana, a.ID))
	got := s.evidence(a.ID)
	if len(got) != 3 || got[0].Source != "self" {
		t.Errorf("evidence after submission = %+v, want three of source self", got)
	}
	late := s.released(s.ana, 3, 3, 3, 3, 3, 3)
	if _, _, err := s.SaveSheet(s.ctx, s.dana, late, s.dana.ID, assessments.SheetInput{Scores: scores}, nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a self-score after the coach’s = %v, want Conflict", err)
	}
	s.must(s.Recall(s.ctx, s.ana, late, s.ana.ID))
	s.must(s.Withdraw(s.ctx, s.dana, a.ID))
	if got := s.evidence(a.ID); len(got) != 0 {
		t.Errorf("evidence after a withdrawal = %+v", got)
	}
}

func TestQueueAndClaim(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	older := s.submitted()
	s.later(50 * time.Hour)
	newer := s.submitted()
	s.exec(`insert into coachings (coach_id, person_id, valid_from) values ($1, $2, '2026-01-01')`, s.ben.ID, s.ana.ID)
	own, err := s.StartAttempt(s.ctx, s.ana, s.ana.ID, scenario, assessments.FormTranscript)
	s.must(err)
	_, err = s.SaveTranscript(s.ctx, s.ana, own.ID, call(), nil)
	s.must(err)
	s.must(s.Submit(s.ctx, s.ana, own.ID))
	ids := func(by people.Actor, after *assessments.Waiting) (out []int64) {
		t.Helper()
		all, err := s.Queue(s.ctx, by, after, 2)
		s.must(err)
		for _, w := range all {
			out = append(out, w.ID)
		}
		return out
	}
	first, err := s.Queue(s.ctx, s.ana, nil, 1)
	s.must(err)
	if w := first[0]; w.ID != older || w.Days(*s.clock) != 2 || w.Number != 1 || w.Title == "" || w.Decided != nil {
		t.Errorf("the oldest = %+v", w)
	}
	for _, tt := range []struct {
		name string
		got  []int64
		want []int64
	}{
		{"Ana, not her own", ids(s.ana, nil), []int64{older, newer}},
		{"the page after the oldest", ids(s.ana, &first[0]), []int64{newer}},
		{"Ben, who coaches Ana too", ids(s.ben, nil), []int64{older, newer}},
		{"a stranger", ids(s.elsewhere, nil), nil},
		{"the manager", ids(s.mo, nil), nil},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	s.must(s.Claim(s.ctx, s.ana, older))
	s.must(s.Claim(s.ctx, s.ana, older))
	if err := s.Claim(s.ctx, s.ben, older); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Ana Ruiz") {
		t.Errorf("claiming what Ana has = %v, want Conflict naming her", err)
	}
	s.release(s.ana, older, 3, 3, 3, 3, 3, 3)
	if diff := cmp.Diff([]int64{newer}, ids(s.ana, nil)); diff != "" {
		t.Errorf("after release (-want +got):\n%s", diff)
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	s.must(s.Comment(s.ctx, s.ana, id, 4, "implication", "This is the question."))
	if err := s.Comment(s.ctx, s.ana, id, 99, "", "Where?"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a line that is not there = %v, want Invalid", err)
	}
	if err := s.Comment(s.ctx, s.ana, id, 4, "charm", "What?"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a criterion that is not there = %v, want Invalid", err)
	}
	mine, err := s.MySheet(s.ctx, s.ana, id)
	s.must(err)
	if len(mine.Comments) != 1 || mine.Comments[0].AtMS == nil || *mine.Comments[0].AtMS != 12500 {
		t.Fatalf("comments = %+v", mine.Comments)
	}
	s.must(s.RemoveComment(s.ctx, s.ben, id, mine.Comments[0].ID)) // not his: nothing happens
	s.release(s.ana, id, 3, 3, 3, 3, 3, 3)
	sheets, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if len(sheets) != 1 || len(sheets[0].Comments) != 1 {
		t.Errorf("the rep reads %+v", sheets)
	}
}

func TestReleasedIsToldOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.released(s.ana, 3, 3, 3, 3, 3, 3)
	sheet, err := s.MySheet(s.ctx, s.ana, id)
	s.must(err)
	news := assessments.RolePlayReleased{AttemptID: id, SheetID: sheet.ID}
	s.must(s.TellReleased(s.ctx, news))
	s.must(s.TellReleased(s.ctx, news))
	if n := s.count(`select count(*) from notices where person_id = $1 and text like 'Ana Ruiz has scored %'`, s.dana.ID); n != 1 {
		t.Errorf("notices = %d, want 1", n)
	}
}

// A system that brings attempts over writes the sheets of their assessors.
func TestBroughtOver(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, err := s.StartAttempt(s.ctx, s.system, s.dana.ID, scenario, assessments.FormTranscript)
	s.must(err)
	_, err = s.SaveTranscript(s.ctx, s.system, a.ID, call(), nil)
	s.must(err)
	s.must(s.Submit(s.ctx, s.system, a.ID))
	note := "Kept from before."
	for _, assessor := range []people.Actor{s.ben, s.mo, s.elsewhere} {
		_, _, err = s.SaveSheet(s.ctx, s.system, a.ID, assessor.ID, assessments.SheetInput{Scores: levels(3, 3, 3, 3, 3, 3), PrivateNote: &note}, nil)
		s.must(err)
		_, err = s.Release(s.ctx, s.system, a.ID, assessor.ID)
		s.must(err)
	}
	all, err := s.Sheets(s.ctx, s.system, a.ID)
	s.must(err)
	var got []string
	for _, h := range all {
		got = append(got, h.Source+" "+h.Assessor+h.PrivateNote)
	}
	if diff := cmp.Diff([]string{"coach Ben Ito", "manager Mo Berg", "coach Eve Stone"}, got); diff != "" {
		t.Errorf("sheets, without the notes of others (-want +got):\n%s", diff)
	}
}
