package assessments_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"
)

// The boundary cases of rules R3 and R4, through the code of the report.
func TestAgreementRules(t *testing.T) {
	t.Parallel()
	var v struct {
		Input struct {
			Cases []struct {
				Rule  string
				Why   string
				Input json.RawMessage
			}
		}
		Expected struct{ States []string }
	}
	b, err := os.ReadFile("testdata/not_enough_data_rules.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for i, c := range v.Input.Cases {
		var got, reason string
		switch c.Rule {
		case "R3":
			var in struct {
				Double   int `json:"double_scored_sessions"`
				Coaches  int
				Variance float64 `json:"score_variance"`
			}
			if err := json.Unmarshal(c.Input, &in); err != nil {
				t.Fatal(err)
			}
			got, reason = assessments.AgreementState(in.Double, in.Coaches, in.Variance)
		case "R4":
			var in struct {
				Sessions, Reps int
				Shared         int `json:"shared_reps"`
				Connected      bool
				SE             float64
			}
			if err := json.Unmarshal(c.Input, &in); err != nil {
				t.Fatal(err)
			}
			got, reason = assessments.SeverityState(in.Sessions, in.Reps, in.Shared, in.Connected, in.SE)
		default:
			continue
		}
		ran++
		if got != v.Expected.States[i] {
			t.Errorf("%s %s (%s) = %s, want %s", c.Rule, c.Input, c.Why, got, v.Expected.States[i])
		}
		if (reason == "") != (got == "shown" || got == "adjust") {
			t.Errorf("%s %s gives the reason %q", got, c.Input, reason)
		}
	}
	if ran != 10 {
		t.Errorf("%d cases of R3 and R4, want 10", ran)
	}
}

// consented is a submitted attempt of Dana's that may be used.
func (s stage) consented() int64 {
	s.t.Helper()
	id := s.submitted()
	s.must(s.Consent(s.ctx, s.dana, id, true))
	return id
}

func (s stage) round(announced bool, attempts []int64, coaches ...people.Actor) assessments.Calibration {
	s.t.Helper()
	in := assessments.NewCalibration{Scenario: scenario, AttemptIDs: attempts, Due: s.Now().AddDate(0, 0, 7), Unannounced: !announced}
	for _, c := range coaches {
		in.CoachIDs = append(in.CoachIDs, c.ID)
	}
	c, err := s.OpenCalibration(s.ctx, s.ana, in)
	s.must(err)
	return c
}

func (s stage) give(by people.Actor, attempt int64, list ...int) {
	s.t.Helper()
	_, _, err := s.SaveSheet(s.ctx, by, attempt, by.ID, assessments.SheetInput{Scores: levels(list...)}, nil)
	s.must(err)
}

func TestRoundIsBlindAndCountsNowhere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.consented()
	round := s.round(true, []int64{id}, s.ana, s.ben, s.elsewhere)
	if !round.Open || round.Expected != 3 || !round.Lead || !round.Rater || round.MyLeft() != 1 {
		t.Fatalf("the round is %+v", round)
	}
	if again := s.round(true, []int64{id}, s.ana, s.ben, s.elsewhere); again.ID != round.ID {
		t.Error("a second click opened a second round")
	}
	queue, err := s.Queue(s.ctx, s.elsewhere, nil, 10)
	s.must(err)
	if len(queue) != 1 || queue[0].ID != id || queue[0].Why != "calibration" {
		t.Errorf("the queue of a coach of the round is %+v", queue)
	}
	s.give(s.ana, id, 4, 4, 4, 4, 4, 4)
	s.give(s.ben, id, 2, 2, 2, 2, 2, 2)
	if _, err := s.Release(s.ctx, s.ana, id, s.ana.ID); err != nil {
		t.Fatal(err)
	}
	sheets, err := s.Sheets(s.ctx, s.ben, id)
	s.must(err)
	if len(sheets) != 1 || *sheets[0].AssessorID != s.ben.ID {
		t.Errorf("before the reveal Ben reads %d sheets, want his own", len(sheets))
	}
	report, err := s.Reveal(s.ctx, s.ben, round.ID)
	s.must(err)
	if report.State != "hidden" || !strings.Contains(report.Reason, "2 of 3") || len(report.Criteria) != 0 || len(report.Coaches) != 0 {
		t.Errorf("before the reveal the report says %q %q", report.State, report.Reason)
	}
	// One half of a page's autosave does not count as a sheet; the rest does.
	s.give(s.elsewhere, id, 3, 3)
	if r, _ := s.Reveal(s.ctx, s.ben, round.ID); !r.Round.Open {
		t.Error("a sheet with two of six criteria opened the report")
	}
	s.give(s.elsewhere, id, 3, 3, 3, 3, 0, 3)
	if report, err = s.Reveal(s.ctx, s.ben, round.ID); err != nil || report.Round.Open {
		t.Fatalf("every sheet is in, and the report is not open: %v", err)
	}
	if report.State != "hidden" || report.Reason != "1 of 10 double-scored role-plays" || report.Units != 1 || report.Raters != 3 {
		t.Errorf("the report says %q %q of %d by %d", report.State, report.Reason, report.Units, report.Raters)
	}
	if c := report.Criteria[0]; c.Exact != nil || c.Alpha != nil || c.Low != nil || c.Gap != 2 || c.Pairs != 3 || c.Near != 2 || c.Rows[0].Cells[0].Score.Level == nil {
		t.Errorf("the first criterion is %+v", c)
	}
	if len(report.Coaches) != 1 || report.Coaches[0].CoachID != s.ben.ID || report.Coaches[0].Severity != nil {
		t.Errorf("Ben reads %+v", report.Coaches)
	}
	if lead, _ := s.Reveal(s.ctx, s.ana, round.ID); len(lead.Coaches) != 3 {
		t.Errorf("the lead reads %d coaches", len(lead.Coaches))
	}
	// Nothing of it reaches the rep, the ledger or the state of the attempt.
	if n := s.count(`select count(*) from evidence where attempt_id = $1`, id); n != 0 {
		t.Errorf("a round left %d pieces of evidence", n)
	}
	a, err := s.Attempt(s.ctx, s.dana, id)
	s.must(err)
	mine, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if a.State != assessments.Submitted || len(mine) != 0 {
		t.Errorf("the rep's attempt is %s with %d sheets", a.State, len(mine))
	}
	// What is saved may still be released, twice if need be; it opened the report already.
	for range 2 {
		if sheet, err := s.Release(s.ctx, s.elsewhere, id, s.elsewhere.ID); err != nil || !sheet.Released() || sheet.CalibrationID == nil {
			t.Errorf("releasing what is saved = %v, %v", sheet, err)
		}
	}
	if n := s.count(`select count(*) from evidence where attempt_id = $1`, id); n != 0 {
		t.Errorf("a late release left %d pieces of evidence", n)
	}
	if _, _, err := s.SaveSheet(s.ctx, s.elsewhere, id, s.elsewhere.ID, assessments.SheetInput{Scores: levels(1)}, nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("scoring after the reveal = %v, want Conflict", err)
	}
	// Ana coaches Dana: her ordinary sheet is another one, and counts.
	s.give(s.ana, id, 3, 3, 3, 3, 3, 3)
	_, err = s.Release(s.ctx, s.ana, id, s.ana.ID)
	s.must(err)
	if n := s.count(`select count(*) from evidence where attempt_id = $1 and withdrawn_at is null`, id); n == 0 {
		t.Error("the ordinary sheet left no evidence")
	}
}

func TestUnannouncedRoundLooksOrdinary(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.consented()
	round := s.round(false, []int64{id}, s.ben, s.elsewhere)
	queue, err := s.Queue(s.ctx, s.elsewhere, nil, 10)
	s.must(err)
	if len(queue) != 1 || queue[0].Why != "" || queue[0].Round != nil || queue[0].ClaimedBy != nil {
		t.Errorf("the queue tells of the round: %+v", queue)
	}
	if _, err := s.Calibration(s.ctx, s.elsewhere, round.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a coach finds the unannounced round: %v", err)
	}
	s.must(s.Claim(s.ctx, s.elsewhere, id))
	s.later(8 * 24 * time.Hour)
	r, err := s.Reveal(s.ctx, s.elsewhere, round.ID)
	s.must(err)
	if r.Round.Open || r.Raters != 0 || r.State != "hidden" {
		t.Errorf("at its day the report is %+v", r)
	}
}

func TestConsent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	in := assessments.NewCalibration{Scenario: scenario, AttemptIDs: []int64{id}, CoachIDs: []int64{s.ana.ID, s.elsewhere.ID}, Due: s.Now().AddDate(0, 0, 7)}
	refused := func(what, field string) {
		t.Helper()
		if _, err := s.OpenCalibration(s.ctx, s.ana, in); fault.FieldsOf(err)[field] == "" {
			t.Errorf("%s: %v, want a word on %s", what, err, field)
		}
	}
	refused("without consent", "attempt_ids")
	if err := s.Consent(s.ctx, s.ana, id, true); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a coach consents for the rep: %v", err)
	}
	s.must(s.Consent(s.ctx, s.dana, id, true))
	in.CoachIDs = in.CoachIDs[:1]
	refused("one coach", "coach_ids")
	in.CoachIDs = []int64{s.ana.ID, s.mo.ID}
	refused("somebody who is no coach", "coach_ids")
	in.CoachIDs = []int64{s.ana.ID, s.elsewhere.ID}
	in.Due = s.Now()
	refused("no time left", "due")
	in.Due = s.Now().AddDate(0, 0, 7)
	in.Scenario = "none"
	refused("no scenario", "scenario")
	in.Scenario = scenario
	if _, err := s.OpenCalibration(s.ctx, s.dana, in); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a rep opens a round: %v", err)
	}
	_, err := s.OpenCalibration(s.ctx, s.ana, in)
	s.must(err)
	if _, err := s.Attempt(s.ctx, s.elsewhere, id); err != nil {
		t.Errorf("a coach of the round cannot read the attempt: %v", err)
	}
	s.must(s.Consent(s.ctx, s.dana, id, false))
	if _, err := s.Attempt(s.ctx, s.elsewhere, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the consent is taken back, and a coach still reads it: %v", err)
	}
}

// Ten attempts of five reps by three coaches: a range, the strict one told
// apart, a settled level as an example, a mark for whom is near.
func TestReveal(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var ids []int64
	for i := range 10 {
		rep := s.dana
		if i%2 == 1 {
			rep = s.person([]string{"Lea Moss", "Ivo Kern", "Ola Brant", "Pia Noor", "Rui Sa"}[i/2], people.Rep)
			s.exec(`insert into coachings (coach_id, person_id, valid_from) values ($1, $2, '2026-01-01')`, s.ana.ID, rep.ID)
		}
		a, err := s.StartAttempt(s.ctx, rep, rep.ID, scenario, assessments.FormTranscript)
		s.must(err)
		_, err = s.SaveTranscript(s.ctx, rep, a.ID, call(), nil)
		s.must(err)
		s.must(s.Submit(s.ctx, rep, a.ID))
		s.must(s.Consent(s.ctx, rep, a.ID, true))
		ids = append(ids, a.ID)
	}
	round := s.round(true, ids, s.ana, s.ben, s.elsewhere)
	for i, id := range ids {
		base := 2 + i%3
		s.give(s.ana, id, base, base, base, base, base, 3)
		s.give(s.ben, id, base, base+1, base, base, base, 3)
		s.give(s.elsewhere, id, base-1, base-1, base-1, base-1, base, 3)
	}
	r, err := s.Reveal(s.ctx, s.ana, round.ID)
	s.must(err)
	if r.State != "range_only" || r.Units != 10 || r.Raters != 3 {
		t.Fatalf("the report is %s (%s) of %d by %d", r.State, r.Reason, r.Units, r.Raters)
	}
	by := map[string]assessments.CriterionReport{}
	for _, c := range r.Criteria {
		by[c.ID] = c
	}
	if r.Criteria[0].ID != "problem" || r.Criteria[0].Gap != 2 {
		t.Errorf("%s with a gap of %d comes first, want problem with 2", r.Criteria[0].ID, r.Criteria[0].Gap)
	}
	if c := by["commitment"]; c.State != "undefined" || c.Alpha != nil || c.Low != nil || *c.Exact != 1 {
		t.Errorf("all the same: %+v", c.Agreement)
	}
	if c := by["implication"]; c.State != "range_only" || c.Alpha != nil || c.Low == nil || !(*c.Low < *c.High) || *c.WithinOne != 1 {
		t.Errorf("ten attempts: %+v", c.Agreement)
	}
	if r.ICC.State != "range_only" || r.ICC.Value != nil || !(*r.ICC.Low < *r.ICC.High) {
		t.Errorf("the whole sheet: %+v", r.ICC)
	}
	severity := map[int64]float64{}
	for _, c := range r.Coaches {
		if c.State != "adjust" || c.Severity == nil || *c.SE > 0.25 {
			t.Errorf("%s: %s, %s", c.Coach, c.State, c.Reason)
			continue
		}
		severity[c.CoachID] = *c.Severity
	}
	if !(severity[s.elsewhere.ID] < severity[s.ana.ID] && severity[s.ana.ID] < severity[s.ben.ID]) {
		t.Errorf("strictness is %v", severity)
	}
	again, err := s.Reveal(s.ctx, s.ana, round.ID)
	s.must(err)
	if *again.Criteria[0].Low != *r.Criteria[0].Low {
		t.Error("the same round gives another interval")
	}

	for _, id := range ids {
		s.must(s.Settle(s.ctx, s.ben, round.ID, assessments.Reference{AttemptID: id, Criterion: "implication", Level: 3, Reason: "He asks what it leads to.", Quote: "And what does that stop lead to?"}, 0))
	}
	err = s.Settle(s.ctx, s.ana, round.ID, assessments.Reference{AttemptID: ids[0], Criterion: "implication", Level: 4, Reason: "Two effects."}, 0)
	if fault.KindOf(err) != fault.Stale {
		t.Errorf("settling over another = %v, want Stale", err)
	}
	s.must(s.Settle(s.ctx, s.ana, round.ID, assessments.Reference{AttemptID: ids[0], Criterion: "implication", Level: 4, Reason: "Two effects."}, 1))
	if err := s.Settle(s.ctx, s.ana, round.ID, assessments.Reference{AttemptID: 1 << 40, Criterion: "problem", Level: 4, Reason: "x"}, 0); fault.FieldsOf(err)["attempt_id"] == "" {
		t.Errorf("an attempt of no round: %v", err)
	}
	s.must(s.Discuss(s.ctx, s.ben, round.ID, "problem", "A symptom is not yet a problem.", 0))
	if err := s.Discuss(s.ctx, s.ana, round.ID, "problem", "Another view.", 0); fault.KindOf(err) != fault.Stale {
		t.Errorf("a note over another = %v, want Stale", err)
	}
	a, err := s.Attempt(s.ctx, s.ana, ids[0])
	s.must(err)
	examples, err := s.Examples(s.ctx, s.ana, a.RubricVersion, 0)
	s.must(err)
	if none, err := s.Examples(s.ctx, s.dana, a.RubricVersion, 0); err != nil || len(none) != 0 {
		t.Errorf("a rep reads the words of others: %+v, %v", none, err)
	}
	if len(examples) != 2 || examples[0].Level != 3 {
		t.Errorf("the examples are %+v", examples)
	}

	drifts, err := s.Drifts(s.ctx, s.elsewhere, s.elsewhere.ID)
	s.must(err)
	if len(drifts) != 1 || drifts[0].Mean == nil || *drifts[0].Mean > -0.5 || drifts[0].References != 10 {
		t.Errorf("Eve's rounds are %+v", drifts)
	}
	if _, err := s.Drifts(s.ctx, s.elsewhere, s.ben.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a coach reads another's rounds: %v", err)
	}
	mark, err := s.Certificate(s.ctx, s.ben, s.ben.ID)
	s.must(err)
	if mark.Held || !strings.HasPrefix(mark.Reason, "1 of 2 rounds") {
		t.Errorf("after one round the mark is %+v", mark)
	}
	near, err := s.Agreement(s.ctx, s.ben, s.ben.ID, 0, nil, nil)
	s.must(err)
	if near.State != "shown" || near.N != 10 || near.Value == nil || !(*near.Low < *near.Value) {
		t.Errorf("Ben's agreement is %+v", near)
	}
	tomorrow := s.Now().AddDate(0, 0, 1)
	if none, _ := s.Agreement(s.ctx, s.ben, s.ben.ID, 0, &tomorrow, nil); none.State != "hidden" || none.Value != nil || !strings.HasPrefix(none.Reason, "0 of 10") {
		t.Errorf("from tomorrow on: %+v", none)
	}
	if _, err := s.Agreement(s.ctx, s.ben, s.ana.ID, 0, nil, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another coach's agreement: %v", err)
	}
	own, err := s.Strictnesses(s.ctx, s.ben)
	s.must(err)
	all, err := s.Strictnesses(s.ctx, s.admin)
	s.must(err)
	if len(own) != 1 || own[0].CoachID != s.ben.ID || len(all) != 3 {
		t.Errorf("Ben reads %d, the admin %d", len(own), len(all))
	}
}
