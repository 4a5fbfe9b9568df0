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

// UsualMinutes is how long a session is in calendars; no length is kept.
const UsualMinutes = 45

// An Appointment is a session in somebody's calendar.
type Appointment struct {
	ID        int64
	Title     string
	At        time.Time
	CreatedAt time.Time
}

// Appointments returns the sessions of a person, as coach or rep, from a moment
// on, for their own calendar. Nothing of what was said is in it.
func (s *Service) Appointments(ctx context.Context, personID int64, since time.Time) ([]Appointment, error) {
	return pg.All[Appointment](ctx, s.DB, `select s.id, s.kind || ' with ' || case when s.coach_id = $1
			then (select string_agg(p.name, ', ' order by p.name) from session_reps r join persons p on p.id = r.person_id where r.session_id = s.id)
			else (select name from persons where id = s.coach_id) end as title, s.at, s.created_at
		from coaching_sessions s where s.at > $2 and s.state in ('planned', 'closed')
			and (s.coach_id = $1 or exists (select from session_reps r where r.session_id = s.id and r.person_id = $1)) order by s.at, s.id limit 500`, personID, since)
}
