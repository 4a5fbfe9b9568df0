package skills

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// AnswerDays is how long another coach has to answer a question about evidence.
const AnswerDays = 14

// Asked is a question about a piece of evidence, and its answer once there is
// one.
type Asked struct {
	ID         int64
	EvidenceID int64
	By         string // name of who asked
	Text       string
	At         time.Time
	Due        time.Time // a date
	Answer     *string
	AnsweredBy *string // name
	AnsweredAt *time.Time
	LeftOut    bool // the answer took the evidence out of the level
}

// Open reports whether nobody has answered yet.
func (a Asked) Open() bool { return a.Answer == nil }

func questionsAbout(ctx context.Context, q pg.Querier, personID int64, skill string) ([]Asked, error) {
	return pg.All[Asked](ctx, q, `
		select q.id, q.evidence_id, a.name as by, q.text, q.asked_at as at, q.due, q.answer, b.name as answered_by, q.answered_at, q.left_out
		from evidence_questions q
		join evidence e on e.id = q.evidence_id
		join persons a on a.id = q.asked_by
		left join persons b on b.id = q.answered_by
		where e.person_id = $1 and e.skill = $2
		order by q.id`, personID, skill)
}

// Ask questions a piece of evidence, which stays marked until a coach or manager
// other than its rater answers. One question at a time: a second one while the
// first is open is a Conflict. It returns the question's id, and whose evidence
// of which skill it is.
func (s *Service) Ask(ctx context.Context, by people.Actor, evidenceID int64, text string) (id, personID int64, skill string, err error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return 0, 0, "", fault.Field("text", "Say what you question, in a sentence or two.")
	case len(text) > 2000:
		return 0, 0, "", fault.Field("text", "Keep it to 2,000 characters.")
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		row := tx.QueryRow(ctx, `
			select e.person_id, e.skill from evidence e
			where e.id = @id and e.superseded_by is null and e.withdrawn_at is null and `+people.Sees("e.person_id")+`
			for update`, by.Scope(pgx.NamedArgs{"id": evidenceID}))
		if err := row.Scan(&personID, &skill); pg.NoRows(err) {
			return fault.NotFoundf("This piece of evidence is not there any more, or it is not yours to see.")
		} else if err != nil {
			return err
		}
		var open bool
		if err := tx.QueryRow(ctx, `select exists (select from evidence_questions where evidence_id = $1 and answer is null)`, evidenceID).Scan(&open); err != nil {
			return err
		}
		if open {
			return fault.Conflictf("This piece of evidence is questioned already. The answer will appear beside it.")
		}
		if err := tx.QueryRow(ctx, `
			insert into evidence_questions (evidence_id, asked_by, text, asked_at, due)
			values (@evidence, @by, @text, @now, @due) returning id`,
			pgx.NamedArgs{"evidence": evidenceID, "by": by.ID, "text": text, "now": s.Now(), "due": s.Now().AddDate(0, 0, AnswerDays)}).Scan(&id); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "question evidence", &personID, fmt.Sprintf("evidence:%d", evidenceID), map[string]any{"question": id})
	})
	return id, personID, skill, err
}

// Answer settles a question about evidence: it stands, or it is left out of the
// level. Only somebody who leads the person may answer, and neither the rater of
// the evidence nor who asked. A second answer is a Conflict.
func (s *Service) Answer(ctx context.Context, by people.Actor, questionID int64, text string, leaveOut bool) (personID int64, skill string, err error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return 0, "", fault.Field("text", "Say what you found, so that both can read it.")
	case len(text) > 2000:
		return 0, "", fault.Field("text", "Keep it to 2,000 characters.")
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var evidenceID, askedBy int64
		var rater *int64
		var answered bool
		row := tx.QueryRow(ctx, `
			select e.id, e.person_id, e.skill, e.rater_id, q.asked_by, q.answer is not null
			from evidence_questions q join evidence e on e.id = q.evidence_id
			where q.id = @id and `+people.Leads("e.person_id")+`
			for update of q, e`, by.Scope(pgx.NamedArgs{"id": questionID}))
		if err := row.Scan(&evidenceID, &personID, &skill, &rater, &askedBy, &answered); pg.NoRows(err) {
			return fault.NotFoundf("This question is not there, or it is about somebody whom you do not lead.")
		} else if err != nil {
			return err
		}
		switch {
		case answered:
			return fault.Conflictf("Somebody has answered this question already. Their answer stands beside the evidence.")
		case by.ID == askedBy, rater != nil && *rater == by.ID:
			return fault.Forbiddenf("A question is answered by a coach who neither asked it nor made the observation. Ask another one to look.")
		}
		args := pgx.NamedArgs{"id": questionID, "text": text, "by": by.ID, "now": s.Now(), "out": leaveOut, "evidence": evidenceID}
		if _, err := tx.Exec(ctx, `update evidence_questions set answer = @text, answered_by = @by, answered_at = @now, left_out = @out where id = @id`, args); err != nil {
			return err
		}
		if leaveOut {
			if _, err := tx.Exec(ctx, `update evidence set withdrawn_at = @now where id = @evidence and withdrawn_at is null`, args); err != nil {
				return err
			}
		}
		return people.Audit(ctx, tx, by, "answer evidence question", &personID, fmt.Sprintf("evidence:%d", evidenceID),
			map[string]any{"question": questionID, "left_out": leaveOut})
	})
	return personID, skill, err
}
