package assessments_test

import (
	"testing"

	"pitchside/assessments"
	"pitchside/internal/fault"
)

func TestQueueByReason(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	mine, asked := s.submitted(), s.submitted()
	s.exec(`insert into attempt_scorers (attempt_id, person_id, role, asked_at) values ($1, $2, 'grader', now())`, asked, s.ana.ID)
	kinds, err := s.QueueKinds(s.ctx, s.ana)
	s.must(err)
	if kinds["coach"] != 1 || kinds["grader"] != 1 || len(kinds) != 2 {
		t.Errorf("it waits as %v", kinds)
	}
	for why, want := range map[string]int64{"coach": mine, "grader": asked} {
		if got, err := s.QueueOf(s.ctx, s.ana, why, nil, 10); err != nil || len(got) != 1 || got[0].ID != want {
			t.Errorf("%s: %+v, %v", why, got, err)
		}
	}
	for id, want := range map[int64]assessments.Neighbour{mine: {Next: asked}, asked: {Prev: mine, Why: "grader"}} {
		got, err := s.Neighbours(s.ctx, s.ana, id)
		s.must(err)
		if got.Waits == nil || got.Prev != want.Prev || got.Next != want.Next || got.Why != want.Why {
			t.Errorf("beside %d lies %+v, want %+v", id, got, want)
		}
	}
	if got, err := s.Neighbours(s.ctx, s.ana, 0); err != nil || got.Waits != nil || got.Next != mine {
		t.Errorf("from outside the queue: %+v, %v", got, err)
	}
	if got, err := s.Neighbours(s.ctx, s.elsewhere, mine); err != nil || got != (assessments.Neighbour{}) {
		t.Errorf("an empty queue: %+v, %v", got, err)
	}
	s.must(s.Claim(s.ctx, s.ana, mine))
	if err := s.Claim(s.ctx, s.ben, mine); fault.KindOf(err) != fault.Conflict {
		t.Errorf("claimed by two: %v", err)
	}
	s.must(s.LetGo(s.ctx, s.ben, mine)) // not his
	s.must(s.LetGo(s.ctx, s.ana, mine))
	s.must(s.LetGo(s.ctx, s.ana, mine))
	if a, err := s.Attempt(s.ctx, s.ana, mine); err != nil || a.State != assessments.Submitted || a.ClaimedBy != nil {
		t.Errorf("given up: %+v, %v", a, err)
	}
	s.must(s.Claim(s.ctx, s.ben, mine))
}
