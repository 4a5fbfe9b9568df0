package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Scorer is somebody who was asked to score an attempt besides its coach.
type Scorer struct {
	PersonID   int64
	Name       string
	Role       string // peer, grader, second or adjudicator
	AskedAt    time.Time
	DeclinedAt *time.Time
	Released   bool
}

// mostPeers is how many peers a rep may ask about one attempt.
const mostPeers = 3

// Scorers returns who was asked to score an attempt, to those who see its
// scores; peers and graders know of each other, and see no sheet by it.
func (s *Service) Scorers(ctx context.Context, by people.Actor, attemptID int64) ([]Scorer, error) {
	if _, err := s.Attempt(ctx, by, attemptID); err != nil {
		return nil, err
	}
	return pg.All[Scorer](ctx, s.DB, `select q.person_id, p.name, q.role, q.asked_at, q.declined_at,
			exists (select 1 from sheets h where h.attempt_id = q.attempt_id and h.assessor_id = q.person_id and h.state = 'released' and h.calibration_id is null) as released
		from attempt_scorers q join persons p on p.id = q.person_id where q.attempt_id = $1 order by q.asked_at, q.person_id`, attemptID)
}

// Peers returns whom a rep may ask for a peer's score, by name.
func (s *Service) Peers(ctx context.Context, by people.Actor) ([]people.Brief, error) {
	return pg.All[people.Brief](ctx, s.DB, `select id, name from persons where active and id <> $1 and 'rep' = any(capabilities) order by name collate "und-x-icu", id limit 500`, by.ID)
}

// AskPeer asks a colleague for a score of the rep's own submitted attempt. It
// counts as a rater of its own, and never makes a level appear. Asking twice is
// once.
func (s *Service) AskPeer(ctx context.Context, by people.Actor, attemptID, personID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if !a.Open() && !a.Done() {
			return fault.Conflictf("Submit the attempt first; a peer scores what you hand in.")
		}
		var fits bool
		var asked int
		if err := tx.QueryRow(ctx, `select exists (select 1 from persons where id = $1 and active and 'rep' = any(capabilities) and id <> $2),
			(select count(*) from attempt_scorers where attempt_id = $3 and role = 'peer' and declined_at is null and person_id <> $1)`, personID, a.PersonID, a.ID).Scan(&fits, &asked); err != nil {
			return err
		}
		if !fits {
			return fault.Field("peer", "Choose a colleague who practises too.")
		}
		if asked >= mostPeers {
			return fault.Field("peer", fmt.Sprintf("You have asked %d peers already. Their time is short as well.", mostPeers))
		}
		return s.ask(ctx, tx, by, a, personID, "peer")
	})
}

// ask lets somebody read an attempt in order to score it, and tells them.
func (s *Service) ask(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt, personID int64, role string) error {
	var asker *int64
	if by.ID > 0 {
		asker = &by.ID
	}
	tag, err := tx.Exec(ctx, `insert into attempt_scorers (attempt_id, person_id, role, asked_by, asked_at) values (@attempt, @person, @role, @by, @now)
		on conflict (attempt_id, person_id) do update set role = excluded.role, declined_at = null, asked_at = excluded.asked_at
			where attempt_scorers.declined_at is not null or (attempt_scorers.role = 'peer' and excluded.role <> 'peer')`,
		pgx.NamedArgs{"attempt": a.ID, "person": personID, "role": role, "by": asker, "now": s.Now()})
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	text := map[string]string{
		"peer":        a.Person + " asks for your view of a " + a.What() + ", as a peer.",
		"grader":      "You are a designated grader of a " + a.What() + " by " + a.Person + ".",
		"second":      "A score is questioned: please score a " + a.What() + " by " + a.Person + " independently.",
		"adjudicator": "Two sheets on a " + a.What() + " by " + a.Person + " differ: yours settles it.",
	}[role]
	if err := tell(ctx, tx, notice{Person: personID, Kind: "asked_to_score", Dedupe: fmt.Sprintf("scorer:%d:%d:%s", a.ID, personID, role), At: s.Now(),
		Text: text, Link: fmt.Sprintf("/score/%d", a.ID)}); err != nil {
		return err
	}
	return people.Audit(ctx, tx, by, "attempt.scorer_asked", &a.PersonID, subject(a.ID), map[string]any{"scorer": personID, "role": role})
}

// Decline gives back what the actor was asked to score, as long as they have
// not released a sheet. A second score or an adjudication goes to somebody else.
func (s *Service) Decline(ctx context.Context, by people.Actor, attemptID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := s.lockSeen(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		var role string
		err = tx.QueryRow(ctx, `update attempt_scorers q set declined_at = $3 where attempt_id = $1 and person_id = $2 and declined_at is null
			and not exists (select 1 from sheets h where h.attempt_id = $1 and h.assessor_id = $2 and h.state = 'released' and h.calibration_id is null)
			returning role`, attemptID, by.ID, s.Now()).Scan(&role)
		if pg.NoRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		switch role {
		case "second":
			if _, err := tx.Exec(ctx, `update disputes set second_id = null where attempt_id = $1 and second_id = $2 and second_sheet is null`, a.ID, by.ID); err != nil {
				return err
			}
			return s.assignSecond(ctx, tx, by, a)
		case "adjudicator":
			if _, err := tx.Exec(ctx, `update adjudications set adjudicator_id = null where attempt_id = $1 and adjudicator_id = $2 and third_sheet is null`, a.ID, by.ID); err != nil {
				return err
			}
			return s.assignAdjudicator(ctx, tx, by, a)
		}
		return nil
	})
}

// independent returns up to n coaches who may score an attempt with fresh eyes:
// who has no sheet on it, was not asked before, and scored it in no round. The
// rep's own coaches come first, then who has least of this to do; a manager of
// the rep, who may have read the scores, comes last.
func independent(ctx context.Context, q pg.Querier, a Attempt, n int) ([]int64, error) {
	return pg.Column[int64](ctx, q, `select p.id from persons p
		where p.active and 'coach' = any(p.capabilities) and p.id <> $2
			and not exists (select 1 from sheets h where h.attempt_id = $1 and h.assessor_id = p.id and h.version > 0)
			and not exists (select 1 from attempt_scorers s where s.attempt_id = $1 and s.person_id = p.id)
			and not exists (select 1 from calibration_attempts t join calibration_coaches k using (calibration_id) where t.attempt_id = $1 and k.coach_id = p.id)
		order by $2 in (select managed_by(p.id)), not $2 in (select coached_by(p.id)),
			(select count(*) from attempt_scorers s where s.person_id = p.id and s.declined_at is null and not exists
				(select 1 from sheets h where h.attempt_id = s.attempt_id and h.assessor_id = p.id and h.state = 'released')), p.id limit $3`, a.ID, a.PersonID, n)
}

// askGraders asks as many coaches as the scenario wants sheets from.
func (s *Service) askGraders(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt) error {
	sc, err := s.Pinned(ctx, a)
	if err != nil || sc.Graders < 2 {
		return err
	}
	var have int
	if err := tx.QueryRow(ctx, `select count(*) from attempt_scorers where attempt_id = $1 and role = 'grader' and declined_at is null`, a.ID).Scan(&have); err != nil {
		return err
	}
	found, err := independent(ctx, tx, a, sc.Graders-have)
	if err != nil {
		return err
	}
	for _, id := range found {
		if err := s.ask(ctx, tx, people.Actor{}, a, id, "grader"); err != nil {
			return err
		}
	}
	return nil
}
