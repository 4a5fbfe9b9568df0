package coaching

import (
	"context"
	"time"

	"pitchside/internal/pg"
)

// A Held is a session that was held with somebody, and its template.
type Held struct {
	PersonID int64
	Template string
	At       time.Time // when it was closed
}

// Held returns the closed sessions of people that had a template, for rooms
// that may show it to whoever sees those people. Nothing of what was said is in it.
func (s *Service) Held(ctx context.Context, persons []int64) ([]Held, error) {
	return pg.All[Held](ctx, s.DB, `select r.person_id, s.template, s.closed_at as at from coaching_sessions s join session_reps r on r.session_id = s.id
		where r.person_id = any($1) and s.state = 'closed' and s.template <> '' and s.closed_at is not null order by s.closed_at`, persons)
}
