package assessments_test

import (
	"context"
	"sync"
	"testing"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"

	"github.com/jackc/pgx/v5"
)

// Clicks that arrive at once count once.
func TestClicksAtOnce(t *testing.T) {
	t.Parallel()
	s := stageOn(t, pgtest.New(t))
	var mu sync.Mutex
	submitted := 0
	s.OnSubmitted = func(context.Context, pgx.Tx, int64, string) error {
		mu.Lock()
		defer mu.Unlock()
		submitted++
		return nil
	}
	at := func(do func() error) map[fault.Kind]int {
		out := map[fault.Kind]int{}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				err := do()
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					out[-1]++ // no fault at all
				} else {
					out[fault.KindOf(err)]++
				}
			})
		}
		wg.Wait()
		return out
	}

	id := s.text()
	start, err := s.Play(s.ctx, s.dana, id)
	s.must(err)
	if got := at(func() error {
		_, err := s.Say(s.ctx, s.dana, id, start.Choices[0].ID, &start.Seq)
		return err
	}); got[-1] != 6 {
		t.Errorf("six times the same line: %v", got)
	}
	if n := s.count(`select count(*) from attempt_turns where attempt_id = $1`, id); n != 1 {
		t.Errorf("it was said %d times", n)
	}
	s.talk(id)
	if got := at(func() error { return s.Submit(s.ctx, s.dana, id) }); got[-1] != 6 || submitted != 1 {
		t.Errorf("six submissions: %v, news %d times", got, submitted)
	}
	none := 0
	if got := at(func() error {
		_, _, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(3, 3, 3, 3, 3, 3)}, &none)
		return err
	}); got[-1] != 1 || got[fault.Stale] != 5 {
		t.Errorf("six first saves: %v, want one and five stale", got)
	}
	if got := at(func() error {
		_, err := s.Release(s.ctx, s.ana, id, s.ana.ID)
		return err
	}); got[-1] != 6 {
		t.Errorf("six releases: %v", got)
	}
	if n := s.count(`select count(*) from evidence where attempt_id = $1 and source = 'coach'`, id); n != 3 {
		t.Errorf("%d pieces of the coach's evidence, want one for each of three skills", n)
	}
}
