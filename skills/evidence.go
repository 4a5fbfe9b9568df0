package skills

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A Source is the kind of observation that a piece of evidence is.
type Source string

// The sources of evidence.
const (
	FromCoach     Source = "coach"
	FromManager   Source = "manager"
	FromPeer      Source = "peer"
	FromSelf      Source = "self"
	FromQuiz      Source = "quiz"
	FromTextBuyer Source = "text_buyer"
)

// A CriterionShown is one rubric criterion behind a piece of evidence.
type CriterionShown struct {
	Criterion string `json:"criterion"`
	Title     string `json:"title"`
	Level     int    `json:"level"`
	Quote     string `json:"quote,omitempty"`
	AtMS      *int   `json:"at_ms,omitempty"`
}

// Evidence is one observation of a skill: either Raw, a level from 1 to 5, or
// Correct of Items.
type Evidence struct {
	PersonID      int64
	Skill         string
	Source        Source
	RaterID       *int64 // the person who observed; nil for a quiz or the text buyer
	Rater         string // the group within the source; empty: made from RaterID
	At            time.Time
	Raw           *float64
	Correct       *float64
	Items         *int
	SessionKey    string // what rule R1 counts once, such as "attempt:7"; empty: this evidence alone
	Again         bool   // supersedes what the same session showed of the skill before
	AttemptID     *int64
	SheetID       *int64
	RubricVersion *int64
	Criteria      []CriterionShown
	Note          string
	CreatedBy     *int64
}

// Record adds e to the ledger in the caller's transaction and returns its id.
// Evidence of the same sheet and skill, or of the same session where Again
// says so, supersedes what was there, which stays.
func Record(ctx context.Context, q pg.Querier, e Evidence) (int64, error) {
	rater := e.Rater
	if rater == "" && e.RaterID != nil {
		rater = fmt.Sprintf("person:%d", *e.RaterID)
	}
	if rater == "" {
		rater = string(e.Source)
	}
	criteria := e.Criteria
	if criteria == nil {
		criteria = []CriterionShown{}
	}
	shown, err := json.Marshal(criteria)
	if err != nil {
		return 0, err
	}
	var id int64
	err = q.QueryRow(ctx, `select nextval(pg_get_serial_sequence('evidence', 'id'))`).Scan(&id)
	if err != nil {
		return 0, err
	}
	session := e.SessionKey
	if session == "" {
		session = fmt.Sprintf("evidence:%d", id)
	}
	args := pgx.NamedArgs{"id": id, "person": e.PersonID, "skill": e.Skill, "source": e.Source, "rater_id": e.RaterID, "rater": rater,
		"at": e.At, "raw": e.Raw, "correct": e.Correct, "items": e.Items, "session": session, "attempt": e.AttemptID, "sheet": e.SheetID,
		"rubric": e.RubricVersion, "criteria": shown, "note": e.Note, "by": e.CreatedBy}
	if e.SheetID != nil {
		// The earlier row first, so that the unique index on live rows lets the new one in.
		if _, err := q.Exec(ctx, `update evidence set withdrawn_at = now()
			where sheet_id = @sheet and skill = @skill and superseded_by is null and withdrawn_at is null`, args); err != nil {
			return 0, err
		}
	}
	_, err = q.Exec(ctx, `
		insert into evidence (id, person_id, skill, source, rater_id, rater, at, raw, correct, items, session_key,
			attempt_id, sheet_id, rubric_version, criteria, note, created_by)
		overriding system value values (@id, @person, @skill, @source, @rater_id, @rater, @at, @raw, @correct, @items, @session,
			@attempt, @sheet, @rubric, @criteria, @note, @by)`, args)
	if err != nil {
		return 0, fmt.Errorf("recording evidence: %w", err)
	}
	switch {
	case e.SheetID != nil:
		_, err = q.Exec(ctx, `update evidence set superseded_by = @id
			where sheet_id = @sheet and skill = @skill and superseded_by is null and id <> @id`, args)
	case e.Again:
		_, err = q.Exec(ctx, `update evidence set superseded_by = @id, withdrawn_at = coalesce(withdrawn_at, now())
			where person_id = @person and session_key = @session and source = @source and skill = @skill and superseded_by is null and id <> @id`, args)
	}
	return id, err
}

// WithdrawSheet takes the evidence of a recalled sheet out of every level; the
// rows stay in the ledger.
func WithdrawSheet(ctx context.Context, q pg.Querier, sheetID int64) error {
	_, err := q.Exec(ctx, `update evidence set withdrawn_at = now() where sheet_id = $1 and withdrawn_at is null`, sheetID)
	return err
}

// SupersedeSheet lets what another sheet says count instead of a sheet's own
// evidence, in the caller's transaction. Each live piece is superseded by the
// other sheet's on the same skill, or taken out where that says nothing of it;
// all rows stay in the ledger. It returns how many left the levels.
func SupersedeSheet(ctx context.Context, q pg.Querier, sheetID, by int64) (int, error) {
	tag, err := q.Exec(ctx, `update evidence e set withdrawn_at = now(), superseded_by = (select n.id from evidence n
			where n.sheet_id = $2 and n.skill = e.skill and n.superseded_by is null and n.withdrawn_at is null limit 1)
		where e.sheet_id = $1 and e.superseded_by is null and e.withdrawn_at is null`, sheetID, by)
	return int(tag.RowsAffected()), err
}
