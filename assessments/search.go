package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/people"
)

// A Found is an attempt in whose reflection or feedback something was found.
type Found struct {
	ID       int64
	Key      string
	Scenario string // slug
	Person   string
	Number   int
	At       time.Time
	Passage  string // as content.Marks reads it
	Rank     float32
	OfKind   int
}

// Search looks through the reflections and the released feedback of the
// actor's own attempts, and through the sheets that the actor wrote of others'
// attempts which are still open to them. Nobody's private notes are looked at.
func (s *Service) Search(ctx context.Context, by people.Actor, q content.Sought) ([]Found, error) {
	const (
		reflection = `to_tsvector('english', a.reflection)`
		said       = `to_tsvector('english', h.keep || ' ' || h.try_next)`
		comment    = `to_tsvector('english', c.text)`
		mine       = `(h.state = 'released' and h.calibration_id is null and a.person_id = @actor or h.assessor_id = @actor and ` + seesWords + `)`
	)
	found, err := pg.All[Found](ctx, s.DB, `with passages as (
			select a.id, a.reflection as text, `+content.RankOf(reflection)+` as rank from attempts a where `+content.Seeking(reflection)+` and a.person_id = @actor
			union all
			select a.id, h.keep || ' ' || h.try_next, `+content.RankOf(said)+` from sheets h join attempts a on a.id = h.attempt_id where `+content.Seeking(said)+` and `+mine+`
			union all
			select a.id, c.text, `+content.RankOf(comment)+` from sheet_comments c join sheets h on h.id = c.sheet_id join attempts a on a.id = h.attempt_id
				where `+content.Seeking(comment)+` and `+mine+`),
		best as (select distinct on (id) id, text, rank from passages order by id, rank desc, text),
		counted as (select id, 'attempt:' || lpad(id::text, 12, '0') as key, text, rank, count(*) over ()::int as of_kind from best),
		shown as (select * from counted where @after_key = '' or rank < @after::float4 or rank = @after::float4 and key collate "C" > @after_key
			order by rank desc, key collate "C" limit case when @per_kind::int = 0 then @limit::int else @per_kind::int end)
		select f.id, f.key, a.scenario, p.name as person, coalesce(a.submitted_at, a.created_at) as at, `+content.Marked("f.text")+` as passage, f.rank, f.of_kind,
			(select count(*) from attempts e where e.person_id = a.person_id and e.scenario = a.scenario and e.state <> 'withdrawn' and e.id <= a.id)::int as number
		from shown f join attempts a on a.id = f.id join persons p on p.id = a.person_id order by f.rank desc, f.key collate "C"`, s.sight(by, q.Args()))
	if err != nil {
		return nil, fmt.Errorf("searching attempts: %w", err)
	}
	return found, nil
}
