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

// An Erasure is a rep's wish that a submitted recording be deleted before its
// time, and what became of it.
type Erasure struct {
	ID         int64
	AttemptID  int64
	Person     string
	PersonID   int64
	Scenario   string
	Reason     string
	AskedAt    time.Time
	AnsweredAt *time.Time
	AnsweredBy *string
	Erased     *bool
	Answer     string
}

const erasureColumns = `e.id, e.attempt_id, p.name as person, a.person_id, a.scenario, e.reason, e.asked_at, e.answered_at,
	(select n.name from persons n where n.id = e.answered_by) as answered_by, e.erased, e.answer`

// AskErasure asks the admins to delete the recording of a submitted attempt.
// Asking twice is one request.
func (s *Service) AskErasure(ctx context.Context, by people.Actor, attemptID int64, reason string) error {
	if reason = clean(reason); len(reason) > 2000 {
		return fault.Field("reason", "Keep the reason under 2,000 characters. It may also be empty.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if a.State == Draft || a.State == Resubmit || a.State == Withdrawn {
			return fault.Conflictf("Nobody but you has this recording. Remove the take yourself.")
		}
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select from attempt_takes where attempt_id = $1 and gone_at is null)`, attemptID).Scan(&there); err != nil {
			return err
		}
		if !there {
			return fault.Conflictf("There is no recording of this attempt any more.")
		}
		tag, err := tx.Exec(ctx, `insert into erasure_requests (attempt_id, reason, asked_at) values ($1, $2, $3)
			on conflict (attempt_id) where answered_at is null do nothing`, attemptID, reason, s.Now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := people.Audit(ctx, tx, by, "recording.erasure_asked", &a.PersonID, subject(attemptID), nil); err != nil {
			return err
		}
		admins, err := pg.Column[int64](ctx, tx, `select id from persons where active and 'admin' = any(capabilities)`)
		if err != nil {
			return err
		}
		return people.Tell(ctx, tx, people.News{Persons: admins, Kind: "erasure_asked", Text: a.Person + " asks for a recording to be erased.", Link: "/admin/recordings",
			Dedupe: fmt.Sprintf("erasure:%d:%d", attemptID, s.Now().UnixMilli()), At: s.Now()})
	})
}

// Erasures returns the requests that wait for an answer, oldest first, then
// the latest answered ones.
func (s *Service) Erasures(ctx context.Context, by people.Actor) ([]Erasure, error) {
	return pg.All[Erasure](ctx, s.DB, `select `+erasureColumns+` from erasure_requests e join attempts a on a.id = e.attempt_id join persons p on p.id = a.person_id
		where $1 order by e.answered_at is not null, case when e.answered_at is null then e.asked_at end, e.answered_at desc limit 100`, by.Can(people.Admin))
}

// Erasure returns the latest request about an attempt of the actor's, nil if
// there is none.
func (s *Service) Erasure(ctx context.Context, by people.Actor, attemptID int64) (*Erasure, error) {
	one, err := pg.One[Erasure](ctx, s.DB, `select `+erasureColumns+` from erasure_requests e join attempts a on a.id = e.attempt_id join persons p on p.id = a.person_id
		where e.attempt_id = $1 and a.person_id = $2 order by e.id desc limit 1`, attemptID, by.ID)
	if pg.NoRows(err) {
		return nil, nil
	}
	return &one, err
}

// AnswerErasure erases the recording or says why not, and tells the rep.
// Answering twice is harmless.
func (s *Service) AnswerErasure(ctx context.Context, by people.Actor, id int64, erase bool, answer string) error {
	if answer = clean(answer); !erase && len(answer) < 10 {
		return fault.Field("answer", "Say in a sentence why the recording stays. The rep will read it.")
	}
	if len(answer) > 2000 {
		return fault.Field("answer", "Keep the answer under 2,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		e, err := pg.One[Erasure](ctx, tx, `select `+erasureColumns+` from erasure_requests e join attempts a on a.id = e.attempt_id join persons p on p.id = a.person_id
			where e.id = $1 and $2 for update of e`, id, by.Can(people.Admin))
		if pg.NoRows(err) {
			return fault.NotFoundf("There is no such request.")
		}
		if err != nil || e.AnsweredAt != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update erasure_requests set answered_by = @by, answered_at = @now, erased = @erase, answer = @answer where id = @id`,
			pgx.NamedArgs{"by": by.ID, "now": s.Now(), "erase": erase, "answer": answer, "id": id}); err != nil {
			return err
		}
		text := "Your recording stays: " + answer
		if erase {
			text = "Your recording was erased, as you asked. Scores and quotes remain."
			if err := s.letGo(ctx, tx, e.AttemptID, "erased", `true`, nil); err != nil {
				return err
			}
		}
		if err := people.Audit(ctx, tx, by, "recording.erasure_answered", &e.PersonID, subject(e.AttemptID), map[string]any{"erased": erase, "answer": answer}); err != nil {
			return err
		}
		return tell(ctx, tx, notice{Person: e.PersonID, Kind: "erasure_answered", Dedupe: fmt.Sprintf("erasure_answered:%d", id), At: s.Now(),
			Text: text, Link: fmt.Sprintf("/attempts/%d", e.AttemptID)})
	})
}
