package assessments_test

import (
	"strings"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"
)

// liveEvidence counts what of a sheet still counts, by its assessor.
func (s stage) liveEvidence(attempt int64, by people.Actor) int {
	return s.count(`select count(*) from evidence where attempt_id = $1 and rater_id = $2 and withdrawn_at is null and superseded_by is null`, attempt, by.ID)
}

func (s stage) scoredBy(by people.Actor, attempt int64, list ...int) {
	s.t.Helper()
	s.give(by, attempt, list...)
	_, err := s.Release(s.ctx, by, attempt, by.ID)
	s.must(err)
}

func TestDispute(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	if _, err := s.Dispute(s.ctx, s.dana, id, 0, "I asked for the effect twice."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("disputing before release = %v, want Conflict", err)
	}
	s.scoredBy(s.ana, id, 3, 3, 2, 3, 3, 3)
	if _, err := s.Dispute(s.ctx, s.ben, id, 0, "I asked for the effect twice."); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a coach disputing = %v, want NotFound", err)
	}
	if _, err := s.Dispute(s.ctx, s.dana, id, 0, "no"); fault.FieldsOf(err)["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	s.later(time.Minute)
	d, err := s.Dispute(s.ctx, s.dana, id, 0, "I asked for the effect twice, at line four.")
	s.must(err)
	if d.State() != "open" || d.SecondID == nil || *d.SecondID != s.ben.ID || d.AssessorID != s.ana.ID {
		t.Fatalf("the dispute is %+v", d)
	}
	again, err := s.Dispute(s.ctx, s.dana, id, 0, "I asked for the effect twice, at line four.")
	s.must(err)
	if again.ID != d.ID {
		t.Error("a second click made a second dispute")
	}
	if err := s.Recall(s.ctx, s.ana, id, s.ana.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("taking back a disputed sheet = %v, want Conflict", err)
	}
	// Ben scores without sight of Ana's sheet, or of the reason.
	queue, err := s.Queue(s.ctx, s.ben, nil, 10)
	s.must(err)
	if len(queue) != 1 || queue[0].Why != "second" {
		t.Errorf("Ben's queue is %+v", queue)
	}
	blind, err := s.Sheets(s.ctx, s.ben, id)
	s.must(err)
	seen, err := s.Disputes(s.ctx, s.ben, id)
	s.must(err)
	if len(blind) != 0 || len(seen) != 1 || seen[0].Reason != "" {
		t.Errorf("Ben reads %d sheets and the reason %q", len(blind), seen[0].Reason)
	}
	if _, err := s.SettleDispute(s.ctx, s.ben, d.ID, assessments.Changed, "The effect is asked for at line four."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("settling before the second score = %v, want Conflict", err)
	}
	s.scoredBy(s.ben, id, 3, 3, 4, 3, 3, 0)
	if n := s.count(`select count(*) from adjudications`); n != 0 {
		t.Error("a second score of a dispute opened an adjudication")
	}
	if s.liveEvidence(id, s.ana) == 0 || s.liveEvidence(id, s.ben) == 0 {
		t.Error("before the outcome both sheets count")
	}
	for _, by := range []people.Actor{s.dana, s.ana} {
		if _, err := s.SettleDispute(s.ctx, by, d.ID, assessments.Changed, "The effect is asked for at line four."); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s settling = %v, want Forbidden", by.Name, err)
		}
	}
	before := s.liveEvidence(id, s.ana)
	d, err = s.SettleDispute(s.ctx, s.ben, d.ID, assessments.Changed, "The effect is asked for at line four.")
	s.must(err)
	if d.State() != "changed" || *d.SettledBy != s.ben.Name {
		t.Errorf("the dispute is %+v", d)
	}
	if s.liveEvidence(id, s.ana) != 0 || s.liveEvidence(id, s.ben) == 0 {
		t.Error("the second score did not supersede the first")
	}
	kept := s.count(`select count(*) from evidence where attempt_id = $1 and rater_id = $2`, id, s.ana.ID)
	pointed := s.count(`select count(*) from evidence e join evidence n on n.id = e.superseded_by where e.attempt_id = $1 and e.rater_id = $2 and n.rater_id = $3`, id, s.ana.ID, s.ben.ID)
	if kept != before || pointed == 0 || pointed >= kept {
		t.Errorf("%d of %d pieces are kept, %d point to the second score", kept, before, pointed)
	}
	both, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if len(both) != 2 {
		t.Errorf("the rep reads %d sheets, want both", len(both))
	}
	if _, err := s.SettleDispute(s.ctx, s.ben, d.ID, assessments.Upheld, "On reflection it stands."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("settling it differently = %v, want Conflict", err)
	}
	report, err := s.Overturns(s.ctx, s.mo)
	s.must(err)
	if len(report.Coaches) != 1 || report.Coaches[0].N != 1 || report.Coaches[0].Changed != 1 || report.Coaches[0].Rate != nil || report.Coaches[0].State != "counts" {
		t.Errorf("by coach: %+v", report.Coaches)
	}
	for _, c := range report.Criteria {
		if (c.Changed == 1) != (c.ID == "implication") {
			t.Errorf("by criterion: %+v", c)
		}
	}
	if len(report.Criteria) != 5 {
		t.Errorf("%d criteria, want the five that both scored", len(report.Criteria))
	}
}

// Why a score is disputed tells what it was, so nobody reads it who may still
// score the attempt: a peer, another coach of the rep, a coach of a round.
func TestReasonOfADisputeIsKeptFromWhoMayScore(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	lea, cal := s.person("Lea Moss", people.Rep), s.person("Cal Roe", people.Coach)
	id := s.consented()
	s.must(s.AskPeer(s.ctx, s.dana, id, lea.ID))
	s.round(true, []int64{id}, s.ana, cal)
	s.exec(`update calibrations set due = $1`, s.Now().Add(time.Minute))
	s.later(time.Hour)
	s.scoredBy(s.ana, id, 3, 3, 2, 3, 3, 3)
	d, err := s.Dispute(s.ctx, s.dana, id, 0, "You gave me 2 on implication.")
	s.must(err)
	for name, c := range map[string]struct {
		by    people.Actor
		reads bool
	}{"the rep": {s.dana, true}, "whose sheet it is": {s.ana, true}, "the manager": {s.mo, true}, "the second": {s.ben, false}, "a peer": {lea, false}, "a coach of a round": {cal, false}} {
		got, err := s.Disputes(s.ctx, c.by, id)
		s.must(err)
		if len(got) != 1 || got[0].ID != d.ID || (got[0].Reason != "") != c.reads {
			t.Errorf("%s reads %+v", name, got)
		}
	}
	s.must(s.Decline(s.ctx, s.ben, id))
	report, err := s.Overturns(s.ctx, s.ben)
	s.must(err)
	if len(report.Open) != 1 || report.Open[0].Reason != "" {
		t.Errorf("a coach who has scored nothing reads %+v in the report", report.Open)
	}
	s.scoredBy(s.elsewhere, id, 3, 3, 4, 3, 3, 3)
	_, err = s.SettleDispute(s.ctx, s.mo, d.ID, assessments.Changed, "It is a 4 on implication.")
	s.must(err)
	for by, reads := range map[*people.Actor]bool{&s.dana: true, &s.ana: true, &s.mo: true, &s.elsewhere: true, &s.ben: false, &lea: false} {
		got, err := s.Disputes(s.ctx, *by, id)
		s.must(err)
		if len(got) != 1 || (got[0].Because != "") != reads {
			t.Errorf("%s reads of the outcome %+v", by.Name, got)
		}
	}
}

func TestDisputeWindowAndUpheld(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	late := s.submitted()
	s.scoredBy(s.ana, late, 3, 3, 3, 3, 3, 3)
	s.later(14*24*time.Hour + time.Minute)
	if _, err := s.Dispute(s.ctx, s.dana, late, 0, "I asked for the effect twice."); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "14 days") {
		t.Errorf("after the window = %v", err)
	}
	id := s.submitted()
	s.scoredBy(s.ana, id, 3, 3, 3, 3, 3, 3)
	s.later(14*24*time.Hour - time.Minute)
	d, err := s.Dispute(s.ctx, s.dana, id, 0, "I asked for the effect twice.")
	s.must(err)
	s.must(s.Decline(s.ctx, s.ben, id))
	disputes, err := s.Disputes(s.ctx, s.mo, id)
	s.must(err)
	if disputes[0].SecondID == nil || *disputes[0].SecondID != s.elsewhere.ID {
		t.Fatalf("after Ben declined, %v scores", disputes[0].Second)
	}
	if _, err := s.Attempt(s.ctx, s.ben, id); err != nil {
		t.Errorf("Ben, who coaches her, no longer reads it: %v", err)
	}
	s.must(s.NameSecond(s.ctx, s.mo, d.ID, s.ben.ID))
	if _, err := s.Attempt(s.ctx, s.elsewhere, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who is no longer asked still reads it: %v", err)
	}
	s.scoredBy(s.ben, id, 3, 3, 3, 3, 3, 3)
	if _, err = s.SettleDispute(s.ctx, s.mo, d.ID, assessments.Upheld, "Both heard the same."); err != nil {
		t.Fatal(err)
	}
	if s.liveEvidence(id, s.ana) == 0 || s.liveEvidence(id, s.ben) == 0 {
		t.Error("upheld, both sheets count")
	}
}

func TestAdjudication(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	s.scoredBy(s.ana, id, 3, 3, 3, 3, 3, 3)
	s.scoredBy(s.ben, id, 3, 3, 3, 3, 3, 4)
	if j, _ := s.Adjudication(s.ctx, s.dana, id); j != nil {
		t.Fatalf("a level apart on one criterion is within tolerance: %+v", j)
	}
	id = s.submitted()
	s.scoredBy(s.ana, id, 3, 3, 3, 3, 3, 3)
	s.scoredBy(s.ben, id, 3, 3, 5, 3, 3, 3)
	j, err := s.Adjudication(s.ctx, s.dana, id)
	s.must(err)
	if j == nil || j.AdjudicatorID == nil || *j.AdjudicatorID != s.elsewhere.ID || !strings.Contains(j.Why, "3 and 5") || !strings.Contains(j.Why, "in total") {
		t.Fatalf("two levels apart: %+v", j)
	}
	queue, err := s.Queue(s.ctx, s.elsewhere, nil, 10)
	s.must(err)
	if len(queue) != 1 || queue[0].Why != "adjudicator" {
		t.Errorf("the third person's queue is %+v", queue)
	}
	if blind, err := s.Adjudication(s.ctx, s.elsewhere, id); err != nil || blind.Why != "" {
		t.Errorf("the third person reads the levels before releasing: %+v, %v", blind, err)
	}
	if blind, _ := s.Sheets(s.ctx, s.elsewhere, id); len(blind) != 0 {
		t.Errorf("the third person reads %d sheets before releasing", len(blind))
	}
	s.scoredBy(s.elsewhere, id, 3, 3, 4, 3, 3, 3)
	if j, err = s.Adjudication(s.ctx, s.elsewhere, id); err != nil || j.Why == "" {
		t.Errorf("the third person reads %+v after releasing, %v", j, err)
	}
	j, err = s.Adjudication(s.ctx, s.dana, id)
	s.must(err)
	if j.SettledAt == nil || s.liveEvidence(id, s.ana) != 0 || s.liveEvidence(id, s.ben) != 0 || s.liveEvidence(id, s.elsewhere) == 0 {
		t.Errorf("the third sheet did not supersede the two: %+v", j)
	}
	all, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if len(all) != 3 {
		t.Errorf("the rep reads %d sheets, want all three", len(all))
	}
	a, err := s.Attempt(s.ctx, s.dana, id)
	s.must(err)
	sc, err := s.Pinned(s.ctx, a)
	s.must(err)
	for _, one := range assessments.Spreads(sc.Rubric, all) {
		if one.Criterion == "implication" && (one.Low != 3 || one.High != 5 || one.N != 3 || !one.Apart) {
			t.Errorf("the spread is %+v", one)
		}
	}
	if err := s.Recall(s.ctx, s.ben, id, s.ben.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("taking back one of the two = %v, want Conflict", err)
	}
	// Taken back before the third has scored, the pair is none any more.
	id = s.submitted()
	s.scoredBy(s.ana, id, 1, 1, 1, 1, 1, 1)
	s.scoredBy(s.ben, id, 4, 4, 4, 4, 4, 4)
	s.must(s.Recall(s.ctx, s.ben, id, s.ben.ID))
	if j, _ := s.Adjudication(s.ctx, s.dana, id); j != nil {
		t.Error("one sheet alone is still adjudicated")
	}
}

func TestPeers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	lea := s.person("Lea Moss", people.Rep)
	draft := s.pasted()
	if err := s.AskPeer(s.ctx, s.dana, draft.ID, lea.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("asking about a draft = %v, want Conflict", err)
	}
	id := s.submitted()
	if err := s.AskPeer(s.ctx, s.ana, id, lea.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a coach asks for the rep: %v", err)
	}
	if err := s.AskPeer(s.ctx, s.dana, id, s.ben.ID); fault.FieldsOf(err)["peer"] == "" {
		t.Errorf("somebody who does not practise: %v", err)
	}
	if _, err := s.Attempt(s.ctx, lea, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a colleague reads it unasked: %v", err)
	}
	s.must(s.AskPeer(s.ctx, s.dana, id, lea.ID))
	s.must(s.AskPeer(s.ctx, s.dana, id, lea.ID))
	s.scoredBy(lea, id, 4, 4, 4, 4, 4, 4)
	a, err := s.Attempt(s.ctx, s.dana, id)
	s.must(err)
	if a.State != assessments.Submitted {
		t.Errorf("a peer's sheet made the attempt %s", a.State)
	}
	if n := s.count(`select count(*) from evidence where attempt_id = $1 and source = 'peer' and rater_id = $2`, id, lea.ID); n == 0 {
		t.Error("the peer is no rater of the ledger")
	}
	s.scoredBy(s.ana, id, 1, 1, 1, 1, 1, 1)
	if j, _ := s.Adjudication(s.ctx, s.dana, id); j != nil {
		t.Error("a peer and a coach were adjudicated")
	}
	sheets, err := s.Sheets(s.ctx, lea, id)
	s.must(err)
	if len(sheets) != 1 || *sheets[0].AssessorID != lea.ID {
		t.Errorf("a peer reads %d sheets, want her own", len(sheets))
	}
	mine, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if len(mine) != 2 {
		t.Errorf("the rep reads %d sheets", len(mine))
	}
	asked, err := s.Scorers(s.ctx, s.dana, id)
	s.must(err)
	if len(asked) != 1 || !asked[0].Released {
		t.Errorf("asked: %+v", asked)
	}
}
