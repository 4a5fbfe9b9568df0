package assessments

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Waiting is one attempt in a coach's queue.
type Waiting struct {
	ID            int64
	PersonID      int64
	Person        string
	Scenario      string
	Title         string // of the scenario
	Form          Form
	SubmittedAt   time.Time
	ClaimedBy     *int64
	ClaimedByName *string
	Number        int  // which attempt of the rep at this scenario
	Decided       *int // criteria on my draft, nil if I have none
}

// Days returns for how many whole days it has waited.
func (w Waiting) Days(now time.Time) int { return int(now.Sub(w.SubmittedAt).Hours() / 24) }

// Queue returns what waits for the actor's score, oldest first: the submitted
// attempts of their coachees that they have not released a sheet for. after is
// the last entry of the page before, nil for the first page.
func (s *Service) Queue(ctx context.Context, by people.Actor, after *Waiting, limit int) ([]Waiting, error) {
	args := pgx.NamedArgs{"limit": limit, "after_at": nil, "after_id": nil}
	if after != nil {
		args["after_at"], args["after_id"] = after.SubmittedAt, after.ID
	}
	return pg.All[Waiting](ctx, s.DB, `
		select a.id, a.person_id, p.name as person, a.scenario, coalesce(nullif(v.title, ''), a.scenario) as title, a.form, a.submitted_at, a.claimed_by,
			(select c.name from persons c where c.id = a.claimed_by) as claimed_by_name,
			(select count(*) from attempts e where e.person_id = a.person_id and e.scenario = a.scenario and e.state <> 'withdrawn' and e.id <= a.id)::int as number,
			(select count(*) filter (where sc.level is not null or sc.not_observed) from sheets h left join sheet_scores sc on sc.sheet_id = h.id
				where h.attempt_id = a.id and h.assessor_id = @actor having count(h.id) > 0)::int as decided
		from attempts a join persons p on p.id = a.person_id join document_versions v on v.id = a.scenario_version
		where a.state in ('submitted', 'in_review') and @as_coach and a.person_id in (select coached_by(@actor)) and a.person_id <> @actor
			and not exists (select 1 from sheets h where h.attempt_id = a.id and h.assessor_id = @actor and h.state = 'released')
			and (@after_at::timestamptz is null or (a.submitted_at, a.id) > (@after_at, @after_id::bigint))
		order by a.submitted_at, a.id limit @limit`, by.Scope(args))
}

// Claim says that the actor is scoring an attempt, so that others choose
// another. Claiming what somebody else has claimed is a Conflict.
func (s *Service) Claim(ctx context.Context, by people.Actor, attemptID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, source, err := s.scored(ctx, tx, by, attemptID, by.ID)
		if err != nil {
			return err
		}
		switch {
		case source == "self":
			return fault.Forbiddenf("Your own attempt is scored by a coach.")
		case a.ClaimedBy != nil && *a.ClaimedBy == by.ID:
			return nil
		case a.ClaimedBy != nil:
			return fault.Conflictf("%s is already scoring this attempt. You may still write a sheet of your own.", *a.ClaimedByName)
		}
		_, err = tx.Exec(ctx, `update attempts set claimed_by = $2, claimed_at = $3, state = case when state = 'submitted' then 'in_review' else state end,
			version = version + 1 where id = $1`, attemptID, by.ID, s.Now())
		return err
	})
}
