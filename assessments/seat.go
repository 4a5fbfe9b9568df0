package assessments

import (
	"context"
	"fmt"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A scoring is as what somebody scores an attempt: the source of their sheet,
// and the calibration round that it belongs to, if it does.
type scoring struct {
	source string
	round  *int64
}

// inOpenRound is the condition that the actor still scores attempt a blind, in
// a calibration round. It uses @actor and @now.
const inOpenRound = `exists (select 1 from calibrations c join calibration_attempts ca on ca.calibration_id = c.id
	join calibration_coaches cc on cc.calibration_id = c.id and cc.coach_id = @actor join calibration_progress g on g.calibration_id = c.id
	where ca.attempt_id = a.id and a.calibration_consent and g.done < g.expected and c.due > @now)`

// openRound returns the calibration round in which the assessor's sheet of an
// attempt belongs now, or nil. A round is over when every sheet is in, or when
// it is due; a system that brings data over may still fill it after that day,
// and what was saved in it may be released as long as there is no other sheet.
func (s *Service) openRound(ctx context.Context, q pg.Querier, by people.Actor, attemptID, assessorID int64, releasing bool) (*int64, error) {
	ids, err := pg.Column[int64](ctx, q, `select c.id from calibrations c join calibration_attempts ca on ca.calibration_id = c.id
			join calibration_coaches cc on cc.calibration_id = c.id join attempts a on a.id = ca.attempt_id join calibration_progress g on g.calibration_id = c.id
		where ca.attempt_id = @attempt and cc.coach_id = @assessor and a.calibration_consent and ((g.done < g.expected and (c.due > @now or @brings))
			or (@releasing and exists (select 1 from sheets h where h.calibration_id = c.id and h.attempt_id = a.id and h.assessor_id = cc.coach_id and h.version > 0)
				and not exists (select 1 from sheets h where h.calibration_id is null and h.attempt_id = a.id and h.assessor_id = cc.coach_id and h.version > 0)))
		order by c.id desc limit 1`, pgx.NamedArgs{"releasing": releasing, "attempt": attemptID, "assessor": assessorID, "now": s.Now(), "brings": by.BringsData()})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return &ids[0], nil
}

// scored returns the locked attempt and as what the assessor scores it, if the
// actor may write that sheet: the rep, a coach of an open calibration round, a
// coach of the rep, somebody who was asked to, or a system that brought the
// attempt over.
func (s *Service) scored(ctx context.Context, tx pgx.Tx, by people.Actor, attemptID, assessorID int64) (Attempt, scoring, error) {
	return s.seated(ctx, tx, by, attemptID, assessorID, false)
}

func (s *Service) seated(ctx context.Context, tx pgx.Tx, by people.Actor, attemptID, assessorID int64, releasing bool) (Attempt, scoring, error) {
	a, err := s.lockSeen(ctx, tx, by, attemptID)
	if err != nil {
		return a, scoring{}, err
	}
	brings := by.BringsData() && a.ViaAdmin
	if assessorID != by.ID && !brings {
		return a, scoring{}, fault.NotFoundf("There is no sheet of yours here. Each assessor writes their own.")
	}
	if assessorID == a.PersonID {
		if a.State == Withdrawn {
			return a, scoring{}, fault.Conflictf("This attempt was withdrawn.")
		}
		return a, scoring{source: "self"}, nil
	}
	if a.State == Draft || a.State == Resubmit || a.State == Withdrawn {
		return a, scoring{}, fault.Conflictf("This attempt is not submitted, so it cannot be scored yet.")
	}
	round, err := s.openRound(ctx, tx, by, attemptID, assessorID, releasing)
	if err != nil {
		return a, scoring{}, err
	}
	if round != nil {
		return a, scoring{"coach", round}, nil
	}
	source, err := sourceOf(ctx, tx, a, assessorID, brings)
	return a, scoring{source: source}, err
}

// sourceOf says as what an assessor scores an attempt outside a round.
func sourceOf(ctx context.Context, tx pgx.Tx, a Attempt, assessorID int64, brings bool) (string, error) {
	var coaches, manages, isCoach, isManager bool
	var rated bool
	var role *string
	err := tx.QueryRow(ctx, `select 'coach' = any(capabilities) and $2 in (select coached_by($1)), 'manager' = any(capabilities) and $2 in (select managed_by($1)),
		'coach' = any(capabilities), 'manager' = any(capabilities),
		(select role from attempt_scorers where attempt_id = $3 and person_id = $1 and declined_at is null),
		exists (select 1 from calibration_attempts t join calibration_coaches k using (calibration_id) where t.attempt_id = $3 and k.coach_id = $1)
		from persons where id = $1`, assessorID, a.PersonID, a.ID).Scan(&coaches, &manages, &isCoach, &isManager, &role, &rated)
	asked := role != nil
	switch {
	case pg.NoRows(err):
		return "", fault.Field("assessor_id", fmt.Sprintf("There is no person %d.", assessorID))
	case err != nil:
		return "", err
	case coaches, asked && *role != "peer":
		return "coach", nil
	case asked:
		return "peer", nil
	case !brings && rated:
		return "", fault.Conflictf("This calibration round is over: its sheets are in, or its day has passed. Read the report.")
	case !brings:
		return "", fault.Forbiddenf("Only a coach of %s scores this attempt. Ask an admin to make you one.", a.Person)
	case manages:
		return "manager", nil
	case isCoach:
		return "coach", nil
	case isManager:
		return "manager", nil
	}
	return "peer", nil
}

// openSheet returns the assessor's sheet, made if there is none (version 0 until
// it is first written).
func (s *Service) openSheet(ctx context.Context, tx pgx.Tx, a Attempt, assessorID int64, seat scoring) (Sheet, error) {
	if seat.source == "self" {
		var out bool
		if err := tx.QueryRow(ctx, `select exists (select 1 from sheets where attempt_id = $1 and state = 'released' and source not in ('self', 'text_buyer')
			and calibration_id is null)`, a.ID).Scan(&out); err != nil {
			return Sheet{}, err
		}
		if out {
			return Sheet{}, fault.Conflictf("A coach’s scores are out, so the time for a self-score is over. Write a reflection instead.")
		}
	}
	if _, err := tx.Exec(ctx, `insert into sheets (attempt_id, assessor_id, source, calibration_id, version, created_at, updated_at) values ($1, $2, $3, $4, 0, $5, $5)
		on conflict (attempt_id, coalesce(assessor_id, 0), source, coalesce(calibration_id, 0)) do nothing`, a.ID, assessorID, seat.source, seat.round, s.Now()); err != nil {
		return Sheet{}, err
	}
	sheet, err := pg.One[Sheet](ctx, tx, `select `+sheetColumns+` from sheets h
		where h.attempt_id = $1 and h.assessor_id = $2 and h.source = $3 and h.calibration_id is not distinct from $4 for update of h`,
		a.ID, assessorID, seat.source, seat.round)
	if err != nil {
		return Sheet{}, err
	}
	all := []Sheet{sheet}
	err = fillSheets(ctx, tx, all, 0)
	return all[0], err
}

// markSaved notes whether a sheet of a round is finished: the report waits for
// that. A program sends whole sheets; a page saves as one goes, and is finished
// when every criterion is decided.
func markSaved(ctx context.Context, tx pgx.Tx, sheetID int64, saved bool) error {
	_, err := tx.Exec(ctx, `update sheets set saved = $2 where id = $1`, sheetID, saved)
	return err
}
