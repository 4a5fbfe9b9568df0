package assessments

import (
	"context"
	"strconv"

	"pitchside/content/beats"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// Replays reports whether the actor may read what else could have been said in
// a text conversation; if not, why says when. It opens when the scores are out,
// to coaches once their own sheet is, and it closes to the rep while they have
// another conversation with the same buyer open: it would give the answers away.
func (s *Service) Replays(ctx context.Context, by people.Actor, a Attempt) (open bool, why string, err error) {
	if a.Form != FormText || !a.SeesWords || a.State == Draft || a.State == Withdrawn || a.State == Resubmit {
		return false, "", nil
	}
	var out, playing bool
	if err := s.DB.QueryRow(ctx, `select `+opensEarlier+`, exists (select 1 from attempts o where o.person_id = @actor and o.scenario = a.scenario and o.form = 'text' and o.state = 'draft'
			and exists (select 1 from attempt_turns t where t.attempt_id = o.id))
		from attempts a where a.id = @id`, s.sight(by, pgx.NamedArgs{"id": a.ID})).Scan(&out, &playing); err != nil {
		return false, "", err
	}
	switch {
	case !out && a.PersonID == by.ID:
		return false, "What else could have been said opens when the scores are out.", nil
	case !out:
		return false, "What else could have been said opens when your sheet is released.", nil
	case playing:
		return false, "You are in the middle of another conversation with the same buyer. What else could have been said opens again when you have handed it in, or withdrawn it.", nil
	}
	return true, "", nil
}

// Replay returns a finished text conversation moment by moment, with what else
// could have been said and what the buyer would have answered.
func (s *Service) Replay(ctx context.Context, by people.Actor, attemptID int64) ([]beats.Fork, error) {
	a, err := s.Attempt(ctx, by, attemptID)
	if err != nil {
		return nil, err
	}
	open, why, err := s.Replays(ctx, by, a)
	switch {
	case err != nil:
		return nil, err
	case why != "":
		return nil, fault.Conflictf("%s", why)
	case !open:
		return nil, noAttempt(attemptID)
	}
	sc, err := s.Pinned(ctx, a)
	if err != nil {
		return nil, err
	}
	choices, err := pg.Column[string](ctx, s.DB, `select choice from attempt_turns where attempt_id = $1 order by seq`, a.ID)
	if err != nil {
		return nil, err
	}
	return sc.Script.Forks(strconv.FormatInt(a.ID, 10), choices)
}
