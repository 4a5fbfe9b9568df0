package coaching

import (
	"context"
	"time"

	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A PairReport says what became of the commitments of one coach and one rep
// that fell due in a window: kept of due, never sessions held.
type PairReport struct {
	CoachID   int64      `json:"coach_id"`
	CoachName string     `json:"coach_name"`
	RepID     int64      `json:"rep_id"`
	RepName   string     `json:"rep_name"`
	Due       int        `json:"due"`
	Kept      int        `json:"kept"`
	Missed    int        `json:"missed"`
	Changed   int        `json:"changed"`
	Dropped   int        `json:"dropped"`
	Open      int        `json:"open"` // due, and not settled yet
	Newest    *time.Time `json:"newest"`
}

// CommitmentReport returns kept of due per pair that the actor sees, for
// commitments due from one day to another, both inclusive, sorted by name.
func (s *Service) CommitmentReport(ctx context.Context, by people.Actor, from, to time.Time) ([]PairReport, error) {
	return pg.All[PairReport](ctx, s.DB, `
		select s.coach_id, c.name as coach_name, r.person_id as rep_id, p.name as rep_name, count(*) as due,
			count(*) filter (where k.outcome = 'kept') as kept, count(*) filter (where k.outcome = 'missed') as missed,
			count(*) filter (where k.outcome = 'changed') as changed, count(*) filter (where k.outcome = 'dropped') as dropped,
			count(*) filter (where k.outcome is null) as open, max(k.settled_at) as newest
		from commitments k join coaching_sessions s on s.id = k.session_id join session_reps r on r.session_id = s.id
			join persons c on c.id = s.coach_id join persons p on p.id = r.person_id
		where k.due between @from and @to and k.due <= @today and (s.coach_id = @actor or `+people.Sees("r.person_id")+`)
		group by s.coach_id, c.name, r.person_id, p.name
		order by c.name collate "und-x-icu", p.name collate "und-x-icu"`,
		by.Scope(pgx.NamedArgs{"from": from, "to": to, "today": s.Now()}))
}

// A CoverageRow says when a person was last coached, and whether their own
// widest gap was among the topics.
type CoverageRow struct {
	PersonID    int64      `json:"person_id"`
	Name        string     `json:"name"`
	LastSession *time.Time `json:"last_session"`
	Sessions    int        `json:"sessions"` // closed, in the window
	OnGap       *bool      `json:"on_gap"`   // nil: no gap is sure enough to name
	Gap         string     `json:"gap,omitempty"`
}

// Coverage returns one row for each rep that the actor leads, by name: sessions
// of the last days, and whether any of them had the rep's own widest gap among
// its topics. Group sessions and co-coached ones count.
func (s *Service) Coverage(ctx context.Context, by people.Actor, days int) ([]CoverageRow, error) {
	since := s.Now().AddDate(0, 0, -days)
	type row struct {
		PersonID    int64
		Name        string
		LastSession *time.Time
		Sessions    int
		Topics      []string
	}
	rows, err := pg.All[row](ctx, s.DB, `
		select p.id as person_id, p.name, max(s.at) as last_session, count(s.id) filter (where s.at > @since) as sessions,
			coalesce(array_agg(distinct t) filter (where t is not null and s.at > @since), '{}') as topics
		from persons p left join session_reps r on r.person_id = p.id
			left join coaching_sessions s on s.id = r.session_id and s.state = 'closed'
			left join lateral unnest(s.topics) t on true
		where p.active and 'rep' = any(p.capabilities) and `+people.Leads("p.id")+`
		group by p.id, p.name order by p.name collate "und-x-icu"`, by.Scope(pgx.NamedArgs{"since": since}))
	if err != nil {
		return nil, err
	}
	out := make([]CoverageRow, 0, len(rows))
	for _, r := range rows {
		c := CoverageRow{PersonID: r.PersonID, Name: r.Name, LastSession: r.LastSession, Sessions: r.Sessions}
		_, levels, err := s.Skills.Levels(ctx, by, r.PersonID, s.Now())
		if err != nil {
			return nil, err
		}
		if gap := worstGap(levels); gap != nil {
			on := false
			for _, t := range r.Topics {
				on = on || t == gap.Skill.Slug
			}
			c.OnGap, c.Gap = &on, gap.Skill.Slug
		}
		out = append(out, c)
	}
	return out, nil
}
