package assessments_test

import (
	"testing"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A sample is used by leads who coach nobody, scored blind by any coaches, and
// has its reference at the reveal and not before.
func TestSampleInARound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sample, err := content.SampleNamed("line-three-is-normal")
	s.must(err)
	if _, err := s.UseSample(s.ctx, s.dana, sample.Slug); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a rep uses a sample: %v", err)
	}
	if _, err := s.UseSample(s.ctx, s.elsewhere, "no-such"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a sample that is not there: %v", err)
	}
	id, err := s.UseSample(s.ctx, s.elsewhere, sample.Slug)
	s.must(err)
	if again, err := s.UseSample(s.ctx, s.mo, sample.Slug); err != nil || again != id {
		t.Errorf("asked for twice, it is %d and %d: %v", id, again, err)
	}
	offered, err := s.Sample(s.ctx, s.elsewhere, scenario)
	s.must(err)
	if len(offered) != 1 || offered[0].ID != id || offered[0].Words != sample.Words() {
		t.Errorf("offered are %+v", offered)
	}
	if _, err := s.Transcript(s.ctx, s.ana, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("outside of a round a coach reads it as a rep’s: %v", err)
	}
	in := assessments.NewCalibration{Scenario: scenario, AttemptIDs: []int64{id}, CoachIDs: []int64{s.ana.ID, s.ben.ID}, Due: s.Now().AddDate(0, 0, 7)}
	round, err := s.OpenCalibration(s.ctx, s.elsewhere, in)
	s.must(err)
	turns, err := s.Transcript(s.ctx, s.ana, id)
	s.must(err)
	if len(turns) != len(sample.Turns) || *turns[3].StartMS != sample.Turns[3].StartMS {
		t.Errorf("the transcript has %d turns, want %d", len(turns), len(sample.Turns))
	}
	s.give(s.ana, id, 3, 3, 3, 3, 3, 3)
	if _, err := s.Reveal(s.ctx, s.elsewhere, round.ID); err != nil {
		t.Fatal(err)
	}
	settled := `select count(*) from calibration_references where calibration_id = $1`
	if n := s.count(settled, round.ID); n != 0 {
		t.Errorf("%d levels are settled before the reveal", n)
	}
	s.give(s.ben, id, 3, 4, 3, 3, 3, 2)
	report, err := s.Reveal(s.ctx, s.elsewhere, round.ID)
	s.must(err)
	for _, want := range sample.Scores {
		for _, cr := range report.Criteria {
			if cr.ID != want.Criterion {
				continue
			}
			ref := cr.Rows[0].Reference
			if ref == nil || ref.Level != want.Level || ref.Quote != want.Quote || ref.Reason != want.Reason || *ref.AtMS != want.StartMS {
				t.Errorf("the reference of %s is %+v", cr.ID, ref)
			}
		}
	}
	other := assessments.Reference{AttemptID: id, Criterion: "problem", Level: 3, Reason: "We heard only one difficulty."}
	s.must(s.Settle(s.ctx, s.elsewhere, round.ID, other, 1))
	report, err = s.Reveal(s.ctx, s.elsewhere, round.ID)
	s.must(err)
	for _, cr := range report.Criteria {
		if cr.ID == "problem" && cr.Rows[0].Reference.Level != 3 {
			t.Error("what the coaches settled was overwritten")
		}
	}
	if n := s.count(settled, round.ID); n != len(sample.Scores) {
		t.Errorf("%d levels are settled, want %d", n, len(sample.Scores))
	}
	if n := s.count(`select count(*) from evidence where person_id = (select id from persons where lower(email) = $1)`, people.SampleRep); n != 0 {
		t.Errorf("a sample made %d pieces of evidence", n)
	}
}
