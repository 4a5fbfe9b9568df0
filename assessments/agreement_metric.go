package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"
)

// A NearReference is how often coaches were within a level of what was settled.
// Under ten settled scores the share is withheld.
type NearReference struct {
	State, Reason string
	N, Near       int
	Value         *float64
	Low, High     *float64
}

// Agreement returns the metric for a coach, a team's coaches, or everybody in
// sight (0 and 0), over rounds opened from one day to another, both inclusive.
func (s *Service) Agreement(ctx context.Context, by people.Actor, personID, teamID int64, from, to *time.Time) (NearReference, error) {
	args := s.roundSight(by, map[string]any{"person": personID, "team": teamID, "from": from, "to": to})
	const seen = `(p.id = @actor or @oversees or (@as_manager and p.id in (select managed_by(@actor))))`
	if personID > 0 {
		found, err := pg.Column[int64](ctx, s.DB, `select p.id from persons p where p.id = @person and `+seen, args)
		if err != nil {
			return NearReference{}, err
		}
		if len(found) == 0 {
			return NearReference{}, noCoach(personID)
		}
	}
	type tally struct{ N, Near int }
	t, err := pg.One[tally](ctx, s.DB, `select count(*)::int as n, count(*) filter (where abs(x.level - r.level) <= 1)::int as near
		from calibration_references r join calibrations c on c.id = r.calibration_id
			join sheets h on h.calibration_id = c.id and h.attempt_id = r.attempt_id and (h.saved or h.state = 'released')
			join sheet_scores x on x.sheet_id = h.id and x.criterion = r.criterion and x.level is not null join persons p on p.id = h.assessor_id
		where c.rubric_version is null and (@person = 0 or p.id = @person) and `+seen+`
			and (@team = 0 or exists (with recursive below as (select id from teams where id = @team union select t.id from teams t join below b on t.parent_id = b.id)
				select 1 from memberships m join below b on b.id = m.team_id where m.person_id = p.id and m.valid_to is null))
			and (@from::date is null or c.created_at >= @from::date) and (@to::date is null or c.created_at < @to::date + 1)`, args)
	if err != nil {
		return NearReference{}, err
	}
	out := NearReference{State: Hidden, N: t.N, Near: t.Near}
	if t.N < leastDouble {
		out.Reason = fmt.Sprintf("%d of %d scores that have a settled reference", t.N, leastDouble)
		return out, nil
	}
	value := float64(t.Near) / float64(t.N)
	low, high := stats.Wilson(t.Near, t.N, 0.95)
	out.State, out.Value, out.Low, out.High = Shown, &value, &low, &high
	return out, nil
}

func noCoach(id int64) error {
	return fault.NotFoundf("There is no coach %d, or their calibration is not open to you.", id)
}
