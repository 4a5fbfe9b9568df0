package assessments_test

import (
	"testing"

	"pitchside/internal/fault"
)

// What else could have been said is not told before the scores are out, nor
// while the rep is in the middle of the same scenario again.
func TestReplaySpoilsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.text()
	if _, err := s.Replay(s.ctx, s.dana, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("of a draft: %v", err)
	}
	s.talk(id)
	s.must(s.Submit(s.ctx, s.dana, id))
	for name, err := range map[string]error{"the rep": errOf(s.Replay(s.ctx, s.dana, id)), "the coach": errOf(s.Replay(s.ctx, s.ana, id))} {
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s reads it before the scores are out: %v", name, err)
		}
	}
	s.release(s.ana, id, 3, 3, 3, 3, 3, 3)
	forks, err := s.Replay(s.ctx, s.dana, id)
	s.must(err)
	if n := s.count(`select count(*) from attempt_turns where attempt_id = $1`, id); len(forks) != n || len(forks[0].Others) == 0 || forks[0].Others[0].Answer == "" {
		t.Errorf("%d moments of %d: %+v", len(forks), n, forks)
	}
	s.must(errOf(s.Replay(s.ctx, s.ana, id)))
	for name, err := range map[string]error{"a coach who still scores": errOf(s.Replay(s.ctx, s.ben, id)), "a stranger": errOf(s.Replay(s.ctx, s.elsewhere, id)), "the manager": errOf(s.Replay(s.ctx, s.mo, id))} {
		if fault.KindOf(err) != fault.Conflict && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads it: %v", name, err)
		}
	}
	s.later(60e9)
	second := s.text()
	play, err := s.Play(s.ctx, s.dana, second)
	s.must(err)
	s.must(errOf(s.Say(s.ctx, s.dana, second, play.Choices[0].ID, nil)))
	if err := errOf(s.Replay(s.ctx, s.dana, id)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("in the middle of the same scenario: %v", err)
	}
	s.must(s.Withdraw(s.ctx, s.dana, second))
	s.must(errOf(s.Replay(s.ctx, s.dana, id)))
}

func errOf[T any](_ T, err error) error { return err }
