package assessments

import (
	"context"
	"time"

	"pitchside/internal/pg"
)

// A Deed is an attempt that was handed in, or the pass that somebody gave it.
type Deed struct {
	PersonID int64
	Scenario string
	At       time.Time
	ByID     int64  // who passed it; 0: handed in
	By       string // their name
}

// Deeds returns what people have handed in and passed, for rooms that may show
// it to whoever sees those people. A pass is a coach's or a manager's, as it
// stands: a peer's view is not their answer, a sheet of a calibration round counts
// nowhere, and what a second or a third score took the place of is none any more.
func (s *Service) Deeds(ctx context.Context, persons []int64) ([]Deed, error) {
	return pg.All[Deed](ctx, s.DB, `
		select person_id, scenario, submitted_at as at, 0::bigint as by_id, '' as by from attempts
		where person_id = any($1) and submitted_at is not null and state not in ('draft', 'withdrawn')
		union all
		select a.person_id, a.scenario, h.released_at, h.assessor_id, p.name from sheets h join attempts a on a.id = h.attempt_id join persons p on p.id = h.assessor_id
		where a.person_id = any($1) and h.state = 'released' and h.calibration_id is null and h.passed and h.source in ('coach', 'manager') and a.state <> 'withdrawn'
			and not exists (select from disputes d where d.sheet_id = h.id and d.outcome = 'changed')
			and not exists (select from adjudications j where j.third_sheet is not null and h.id in (j.first_sheet, j.second_sheet))
		order by 3`, persons)
}
