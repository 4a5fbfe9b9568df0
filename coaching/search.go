package coaching

import (
	"context"
	"fmt"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/people"
)

// A Found is a session in whose shared note, or in a commitment of which,
// something was found.
type Found struct {
	ID      int64
	Key     string
	Title   string
	At      time.Time
	Passage string // as content.Marks reads it
	Rank    float32
	OfKind  int
}

// Search looks through the shared notes and the commitments of the actor's own
// sessions, as coach or as rep. Nobody's private notes are looked at.
func (s *Service) Search(ctx context.Context, by people.Actor, q content.Sought) ([]Found, error) {
	const note, promise = `to_tsvector('english', s.shared_note)`, `to_tsvector('english', k.behaviour || ' ' || k.evidence)`
	args := by.Scope(q.Args())
	found, err := pg.All[Found](ctx, s.DB, `with mine as (
			select s.id from coaching_sessions s where s.coach_id = @actor union select session_id from session_reps where person_id = @actor),
		passages as (
			select s.id, s.shared_note as text, `+content.RankOf(note)+` as rank from coaching_sessions s where `+content.Seeking(note)+` and s.id in (select id from mine)
			union all
			select k.session_id, k.behaviour || ' ' || k.evidence, `+content.RankOf(promise)+` from commitments k where `+content.Seeking(promise)+` and k.session_id in (select id from mine)),
		best as (select distinct on (id) id, text, rank from passages order by id, rank desc, text),
		counted as (select id, 'session:' || lpad(id::text, 12, '0') as key, text, rank, count(*) over ()::int as of_kind from best),
		shown as (select * from counted where @after_key = '' or rank < @after::float4 or rank = @after::float4 and key collate "C" > @after_key
			order by rank desc, key collate "C" limit case when @per_kind::int = 0 then @limit::int else @per_kind::int end)
		select f.id, f.key, s.kind || ' with ' || case when s.coach_id = @actor
				then (select string_agg(p.name, ', ' order by p.name) from session_reps r join persons p on p.id = r.person_id where r.session_id = s.id)
				else (select name from persons where id = s.coach_id) end as title, s.at, `+content.Marked("f.text")+` as passage, f.rank, f.of_kind
		from shown f join coaching_sessions s on s.id = f.id order by f.rank desc, f.key collate "C"`, args)
	if err != nil {
		return nil, fmt.Errorf("searching sessions: %w", err)
	}
	return found, nil
}
