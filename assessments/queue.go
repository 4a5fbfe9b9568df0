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
	Number        int    // which attempt of the rep at this scenario
	Decided       *int   // criteria on my draft, nil if I have none
	Why           string // peer, grader, second, adjudicator or calibration; empty: I am their coach
	Round         *int64 // of an announced calibration round
}

// Days returns for how many whole days it has waited.
func (w Waiting) Days(now time.Time) int { return int(now.Sub(w.SubmittedAt).Hours() / 24) }

// waiting is what waits for the actor: attempts with since when, why, and the
// round in which the sheet of it belongs. It uses the arguments of Scope and
// @now.
const waiting = `with waiting as (
		select a.id, a.submitted_at as since, '' as why, null::bigint as round, null::bigint as sheet_of from attempts a
		where a.state in ('submitted', 'in_review') and @as_coach and a.person_id in (select coached_by(@actor)) and a.person_id <> @actor
			and not ` + inOpenRound + `
			and not exists (select 1 from attempt_scorers q where q.attempt_id = a.id and q.person_id = @actor and q.declined_at is null)
		union all
		select a.id, q.asked_at, q.role, null, null from attempt_scorers q join attempts a on a.id = q.attempt_id
		where q.person_id = @actor and q.declined_at is null and a.state not in ('draft', 'resubmit', 'withdrawn') and not ` + inOpenRound + `
		union all
		select a.id, c.created_at, case when c.announced then 'calibration' else '' end, case when c.announced then c.id end, c.id
		from calibrations c join calibration_coaches k on k.calibration_id = c.id and k.coach_id = @actor
			join calibration_attempts t on t.calibration_id = c.id join attempts a on a.id = t.attempt_id join calibration_progress g on g.calibration_id = c.id
		where a.calibration_consent and c.due > @now and g.done < g.expected)`

// notReleased is the condition that the actor has released no sheet on waiting
// w yet.
const notReleased = `not exists (select 1 from sheets h where h.attempt_id = w.id and h.assessor_id = @actor and h.state = 'released' and h.calibration_id is not distinct from w.sheet_of)`

// Queue returns what waits for the actor's score, oldest first: the submitted
// attempts of their coachees that they have not released a sheet for, what they
// were asked to score, and the attempts of their open calibration rounds. Of an
// unannounced round nothing tells. after is the last entry of the page before,
// nil for the first page.
func (s *Service) Queue(ctx context.Context, by people.Actor, after *Waiting, limit int) ([]Waiting, error) {
	return s.QueueOf(ctx, by, "", after, limit)
}

// QueueKinds counts what waits by why: coach for the attempts of coachees, else
// what Waiting.Why says.
func (s *Service) QueueKinds(ctx context.Context, by people.Actor) (map[string]int, error) {
	all, err := s.QueueOf(ctx, by, "", nil, 1000)
	n := map[string]int{}
	for _, w := range all {
		if w.Why == "" {
			w.Why = "coach"
		}
		n[w.Why]++
	}
	return n, err
}

// QueueOf is the part of the queue that waits for one reason, as QueueKinds
// names it; "" for all.
func (s *Service) QueueOf(ctx context.Context, by people.Actor, why string, after *Waiting, limit int) ([]Waiting, error) {
	args := pgx.NamedArgs{"limit": limit, "after_at": nil, "after_id": nil, "now": s.Now(), "why": why}
	if after != nil {
		args["after_at"], args["after_id"] = after.SubmittedAt, after.ID
	}
	return pg.All[Waiting](ctx, s.DB, waiting+`
		select a.id, a.person_id, p.name as person, a.scenario, coalesce(nullif(v.title, ''), a.scenario) as title, a.form, w.since as submitted_at,
			case when w.sheet_of is null then a.claimed_by end as claimed_by,
			case when w.sheet_of is null then (select c.name from persons c where c.id = a.claimed_by) end as claimed_by_name, w.why, w.round,
			(select count(*) from attempts e where e.person_id = a.person_id and e.scenario = a.scenario and e.state <> 'withdrawn' and e.id <= a.id)::int as number,
			(select count(*) filter (where sc.level is not null or sc.not_observed) from sheets h left join sheet_scores sc on sc.sheet_id = h.id
				where h.attempt_id = a.id and h.assessor_id = @actor and h.calibration_id is not distinct from w.sheet_of having count(h.id) > 0)::int as decided
		from waiting w join attempts a on a.id = w.id join persons p on p.id = a.person_id join document_versions v on v.id = a.scenario_version
		where `+notReleased+`
			and (@why = '' or case w.why when '' then 'coach' else w.why end = @why)
			and (@after_at::timestamptz is null or (w.since, a.id) > (@after_at, @after_id::bigint))
		order by w.since, a.id limit @limit`, by.Scope(args))
}

// Claim says that the actor is scoring an attempt, so that others choose
// another. Claiming what somebody else has claimed is a Conflict.
func (s *Service) Claim(ctx context.Context, by people.Actor, attemptID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, seat, err := s.scored(ctx, tx, by, attemptID, by.ID)
		if err != nil {
			return err
		}
		switch {
		case seat.round != nil:
			return nil
		case seat.source == "self":
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

// LetGo gives up the actor's claim, so that another coach chooses the attempt.
// Their draft stays. Giving up what is not claimed is harmless.
func (s *Service) LetGo(ctx context.Context, by people.Actor, attemptID int64) error {
	_, err := s.DB.Exec(ctx, `update attempts a set claimed_by = null, claimed_at = null, version = version + 1,
			state = case when state = 'in_review' and not exists (select 1 from sheets h where h.attempt_id = a.id and h.version > 0 and h.source not in ('self', 'text_buyer', 'peer')
				and h.calibration_id is null) then 'submitted' else state end
		where id = $1 and claimed_by = $2 and state in ('submitted', 'in_review')`, attemptID, by.ID)
	return err
}

// A Neighbour says where an attempt stands in the actor's queue. Waits is nil
// when it is not in it; then Next is the oldest that is.
type Neighbour struct {
	Waits *time.Time
	Why   string
	Prev  int64
	Next  int64
}

// Neighbours returns what lies before and after an attempt in the queue.
func (s *Service) Neighbours(ctx context.Context, by people.Actor, attemptID int64) (Neighbour, error) {
	one, err := pg.One[Neighbour](ctx, s.DB, waiting+`, line as (
			select w.id, w.since, w.why, lag(w.id) over by_age as prev, lead(w.id) over by_age as next from waiting w where `+notReleased+` window by_age as (order by w.since, w.id))
		select l.since as waits, l.why, coalesce(l.prev, 0) as prev, coalesce(l.next, 0) as next from line l where l.id = @id
		union all
		(select null, '', 0, l.id from line l where not exists (select 1 from line x where x.id = @id) order by l.since, l.id limit 1)
		limit 1`, by.Scope(pgx.NamedArgs{"id": attemptID, "now": s.Now()}))
	if pg.NoRows(err) {
		return Neighbour{}, nil
	}
	return one, err
}
