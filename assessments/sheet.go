package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Sheet is one assessor's view of an attempt. AssessorID is nil for the text
// buyer. PrivateNote is filled for its author alone.
type Sheet struct {
	ID            int64
	AttemptID     int64
	AssessorID    *int64
	Assessor      string
	Source        string // coach, manager, peer, self or text_buyer
	State         string // draft or released
	Keep          string
	TryNext       string
	Overall       *float64
	Passed        *bool
	CappedBy      *string
	Version       int
	CalibrationID *int64 // of the round it belongs to: then it counts nowhere else
	UpdatedAt     time.Time
	ReleasedAt    *time.Time
	Scores        []Score   `db:"-"`
	Comments      []Comment `db:"-"`
	PrivateNote   string    `db:"-"`
}

// Released reports whether the rep may read it.
func (s Sheet) Released() bool { return s.State == "released" }

// Score returns what the sheet says about a criterion; nothing yet is the zero
// Score.
func (s Sheet) Score(criterion string) Score {
	for _, one := range s.Scores {
		if one.Criterion == criterion {
			return one
		}
	}
	return Score{Criterion: criterion}
}

// RecallMinutes is how long after release an assessor may take a sheet back.
const RecallMinutes = 5

// RecallUntil returns the last moment at which the sheet can be taken back.
func (s Sheet) RecallUntil() time.Time {
	if s.ReleasedAt == nil {
		return time.Time{}
	}
	return s.ReleasedAt.Add(RecallMinutes * time.Minute)
}

// A Comment is a remark at a moment of the conversation.
type Comment struct {
	ID        int64
	SheetID   int64
	TurnSeq   *int
	AtMS      *int
	Text      string
	Criterion *string
	At        time.Time
}

// SheetInput is what an assessor writes. Scores replace those of before; a
// criterion that is missing is not scored yet. PrivateNote nil leaves the note
// as it is.
type SheetInput struct {
	Scores      []Score
	Keep        string
	TryNext     string
	PrivateNote *string
}

const sheetColumns = `h.id, h.attempt_id, h.assessor_id, coalesce((select name from persons where id = h.assessor_id), 'Text buyer') as assessor,
	h.source, h.state, h.keep, h.try_next, h.overall, h.passed, h.capped_by, h.version, h.calibration_id, h.updated_at, h.released_at`

// SaveSheet writes a draft of the assessor's sheet and returns it with its sum.
// The assessor is the actor, unless a system brings data over. version, when
// not nil, is the version that was edited (0: there was none): if the sheet
// has moved on since, the write is Stale and carries the other text.
func (s *Service) SaveSheet(ctx context.Context, by people.Actor, attemptID, assessorID int64, in SheetInput, version *int) (Sheet, Overall, error) {
	var sheet Sheet
	var sum Overall
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, seat, err := s.scored(ctx, tx, by, attemptID, assessorID)
		if err != nil {
			return err
		}
		sc, err := s.pinnedAs(ctx, tx, a, seat)
		if err != nil {
			return err
		}
		if in, err = checkSheet(sc.Rubric, in); err != nil {
			return err
		}
		sheet, err = s.openSheet(ctx, tx, a, assessorID, seat)
		if err != nil {
			return err
		}
		if version != nil && *version != sheet.Version {
			return &fault.Error{Kind: fault.Stale, Theirs: describe(sc.Rubric, sheet),
				Message: "This sheet was saved somewhere else meanwhile. Both versions are below; keep the one you want."}
		}
		if sheet.Released() {
			return fault.Conflictf("This sheet is released. Within %d minutes you can take it back; after that, the scores stand.", RecallMinutes)
		}
		sum = Sum(sc.Rubric, in.Scores, sc.Pass)
		if err := writeSheet(ctx, tx, sheet.ID, in, sum, s.Now()); err != nil {
			return err
		}
		if seat.round != nil {
			if err := markSaved(ctx, tx, sheet.ID, by.Token || len(Missing(sc.Rubric, in.Scores, false)) == 0); err != nil {
				return err
			}
		}
		if in.PrivateNote != nil && seat.source != "self" {
			if err := writeNote(ctx, tx, sheet.ID, assessorID, *in.PrivateNote, s.Now()); err != nil {
				return err
			}
		}
		if seat.source != "self" && seat.source != "peer" && seat.round == nil && a.State == Submitted {
			if _, err := tx.Exec(ctx, `update attempts set state = 'in_review', claimed_by = coalesce(claimed_by, $2), claimed_at = coalesce(claimed_at, $3),
				version = version + 1 where id = $1`, a.ID, assessorID, s.Now()); err != nil {
				return err
			}
		}
		sheet, err = oneSheet(ctx, tx, by, sheet.ID)
		return err
	})
	return sheet, sum, err
}

func checkSheet(rubric *content.Rubric, in SheetInput) (SheetInput, error) {
	known := map[string]content.Criterion{}
	for _, c := range rubric.Criteria {
		known[c.ID] = c
	}
	problems, seen := map[string]string{}, map[string]bool{}
	scores := make([]Score, 0, len(in.Scores))
	for _, one := range in.Scores {
		one.Quote, one.Reason = clean(one.Quote), clean(one.Reason)
		about, there := known[one.Criterion]
		one.NotObserved = one.NotObserved || one.NotTriggered
		if !one.NotTriggered {
			one.Reason = ""
		} else if one.Reason == "" {
			one.Reason = NeverCame(about)
		}
		switch {
		case !there:
			problems[one.Criterion] = fmt.Sprintf("The rubric has no criterion %q.", one.Criterion)
		case seen[one.Criterion]:
			problems[one.Criterion] = fmt.Sprintf("%q is scored twice. Give one score.", one.Criterion)
		case one.Level != nil && (*one.Level < 1 || *one.Level > 5):
			problems[one.Criterion] = "Choose a level from 1 to 5, or not observed."
		case one.Level != nil && one.NotObserved:
			problems[one.Criterion] = "Choose a level, or not observed or not triggered, not both."
		case one.AtMS != nil && *one.AtMS < 0:
			problems[one.Criterion] = "The moment lies before the call. Count from 0."
		case len(one.Reason) > 500:
			problems[one.Criterion] = "Keep the reason under 500 characters."
		case len(one.Quote) > 2000:
			problems[one.Criterion] = "Keep the quote under 2,000 characters."
		}
		seen[one.Criterion] = true
		if one.Decided() || one.AtMS != nil || one.Quote != "" {
			scores = append(scores, one)
		}
	}
	in.Scores, in.Keep, in.TryNext = scores, clean(in.Keep), clean(in.TryNext)
	if len(in.Keep) > 8000 {
		problems["keep"] = "Keep this under 8,000 characters."
	}
	if len(in.TryNext) > 8000 {
		problems["try_next"] = "Keep this under 8,000 characters."
	}
	if in.PrivateNote != nil && len(*in.PrivateNote) > 8000 {
		problems["private_note"] = "Keep the note under 8,000 characters."
	}
	return in, fault.Fields(problems)
}

func writeSheet(ctx context.Context, tx pgx.Tx, id int64, in SheetInput, sum Overall, now time.Time) error {
	capped := &sum.CappedBy
	if sum.CappedBy == "" {
		capped = nil
	}
	if _, err := tx.Exec(ctx, `update sheets set keep = @keep, try_next = @try, overall = @overall, passed = @passed, capped_by = @capped,
		version = version + 1, updated_at = @now where id = @id`,
		pgx.NamedArgs{"id": id, "keep": in.Keep, "try": in.TryNext, "overall": sum.Value, "passed": sum.Passed, "capped": capped, "now": now}); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from sheet_scores where sheet_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"sheet_scores"}, []string{"sheet_id", "criterion", "level", "not_observed", "at_ms", "quote", "not_triggered", "reason"},
		pgx.CopyFromSlice(len(in.Scores), func(i int) ([]any, error) {
			s := in.Scores[i]
			return []any{id, s.Criterion, s.Level, s.NotObserved, s.AtMS, s.Quote, s.NotTriggered, s.Reason}, nil
		}))
	return err
}

func writeNote(ctx context.Context, tx pgx.Tx, sheetID, authorID int64, text string, now time.Time) error {
	_, err := tx.Exec(ctx, `insert into sheet_private_notes (sheet_id, author_id, text, updated_at) values ($1, $2, $3, $4)
		on conflict (sheet_id) do update set text = excluded.text, updated_at = excluded.updated_at`, sheetID, authorID, clean(text), now)
	return err
}

// MySheet returns the actor's own sheet of an attempt that they may score; a
// zero Sheet (version 0) when they have not begun.
func (s *Service) MySheet(ctx context.Context, by people.Actor, attemptID int64) (Sheet, error) {
	if _, err := s.Attempt(ctx, by, attemptID); err != nil {
		return Sheet{}, err
	}
	round, err := s.openRound(ctx, s.DB, by, attemptID, by.ID, false)
	if err != nil {
		return Sheet{}, err
	}
	all, err := pg.All[Sheet](ctx, s.DB, `select `+sheetColumns+` from sheets h
		where h.attempt_id = $1 and h.assessor_id = $2 and h.calibration_id is not distinct from $3`, attemptID, by.ID, round)
	if err != nil || len(all) == 0 {
		return Sheet{AttemptID: attemptID}, err
	}
	return all[0], fillSheets(ctx, s.DB, all[:1], by.ID)
}

// readsOthers is the condition that the actor may read what others wrote of
// attempt a, or what tells of it: its rep, who has released a sheet of their
// own, and who leads the rep and is not to score it. mayScore is the condition
// that they may come to score it without sight of others.
const (
	readsOthers = `(a.person_id = @actor or (not ` + inOpenRound + ` and (
		exists (select 1 from sheets mine where mine.attempt_id = a.id and mine.assessor_id = @actor and mine.state = 'released' and mine.calibration_id is null
			and mine.source <> 'peer')
		or (a.state in ('released', 'reflected') and not ` + mayScore + ` and ((@as_manager and a.person_id in (select managed_by(@actor))) or ` + glassOpen + `)))))`
	mayScore = `((@as_coach and a.person_id in (select coached_by(@actor)))
		or exists (select 1 from attempt_scorers q where q.attempt_id = a.id and q.person_id = @actor and q.declined_at is null))`
)

// Sheets returns the sheets of an attempt that the actor may read. Their own
// always; those of others once released, and for somebody who scores the
// attempt only when their own is released too. Sheets of a calibration round
// are read in its report; while one is open, its coaches see no other sheet.
func (s *Service) Sheets(ctx context.Context, by people.Actor, attemptID int64) ([]Sheet, error) {
	if _, err := s.Attempt(ctx, by, attemptID); err != nil {
		return nil, err
	}
	all, err := pg.All[Sheet](ctx, s.DB, `select `+sheetColumns+` from sheets h join attempts a on a.id = h.attempt_id
		where a.id = @id and h.version > 0 and (h.assessor_id = @actor or (@everyone and a.via_admin) or (
			h.state = 'released' and h.calibration_id is null and `+readsOthers+`))
		order by case h.source when 'self' then 1 when 'text_buyer' then 2 else 0 end, h.released_at nulls last, h.id`,
		s.sight(by, pgx.NamedArgs{"id": attemptID}))
	if err != nil {
		return nil, err
	}
	return all, fillSheets(ctx, s.DB, all, by.ID)
}

func oneSheet(ctx context.Context, q pg.Querier, by people.Actor, id int64) (Sheet, error) {
	sheet, err := pg.One[Sheet](ctx, q, `select `+sheetColumns+` from sheets h where h.id = $1`, id)
	if err != nil {
		return sheet, err
	}
	all := []Sheet{sheet}
	err = fillSheets(ctx, q, all, by.ID)
	return all[0], err
}

// fillSheets adds scores, comments and, for their author alone, private notes.
func fillSheets(ctx context.Context, q pg.Querier, sheets []Sheet, reader int64) error {
	ids, at := make([]int64, len(sheets)), map[int64]int{}
	for i, s := range sheets {
		ids[i], at[s.ID] = s.ID, i
	}
	type row struct {
		SheetID      int64
		Criterion    string
		Level        *int
		NotObserved  bool
		AtMS         *int `db:"at_ms"`
		Quote        string
		NotTriggered bool
		Reason       string
	}
	scores, err := pg.All[row](ctx, q, `select sheet_id, criterion, level, not_observed, at_ms, quote, not_triggered, reason from sheet_scores where sheet_id = any($1) order by sheet_id, criterion`, ids)
	if err != nil {
		return err
	}
	for _, r := range scores {
		sheet := &sheets[at[r.SheetID]]
		sheet.Scores = append(sheet.Scores, Score{r.Criterion, r.Level, r.NotObserved, r.AtMS, r.Quote, r.NotTriggered, r.Reason})
	}
	comments, err := pg.All[Comment](ctx, q, `select id, sheet_id, turn_seq, at_ms, text, criterion, at from sheet_comments where sheet_id = any($1) order by turn_seq nulls last, at_ms nulls last, id`, ids)
	if err != nil {
		return err
	}
	for _, c := range comments {
		sheet := &sheets[at[c.SheetID]]
		sheet.Comments = append(sheet.Comments, c)
	}
	if reader == 0 {
		return nil
	}
	type note struct {
		SheetID int64
		Text    string
	}
	notes, err := pg.All[note](ctx, q, `select sheet_id, text from sheet_private_notes where sheet_id = any($1) and author_id = $2`, ids, reader)
	for _, n := range notes {
		sheets[at[n.SheetID]].PrivateNote = n.Text
	}
	return err
}

// Comment adds a remark to the assessor's own sheet, at a turn of the
// transcript or a line of the worksheet, about a criterion or about none ("").
func (s *Service) Comment(ctx context.Context, by people.Actor, attemptID int64, turnSeq int, criterion, text string) error {
	return s.remark(ctx, by, attemptID, criterion, text, func(tx pgx.Tx) (turn, at *int, err error) {
		err = tx.QueryRow(ctx, `select start_ms from transcript_turns where attempt_id = $1 and seq = $2`, attemptID, turnSeq).Scan(&at)
		if pg.NoRows(err) {
			err = s.hasLine(ctx, tx, by, attemptID, turnSeq)
		}
		return &turnSeq, at, err
	})
}

// CommentAt adds a remark at a moment of the recording.
func (s *Service) CommentAt(ctx context.Context, by people.Actor, attemptID int64, atMS int, criterion, text string) error {
	return s.remark(ctx, by, attemptID, criterion, text, func(tx pgx.Tx) (turn, at *int, err error) {
		var length *int
		err = tx.QueryRow(ctx, `select duration_ms from attempt_takes where attempt_id = $1 and chosen`, attemptID).Scan(&length)
		switch {
		case pg.NoRows(err):
			err = fault.Field("comment", "This attempt has no recording. Choose a line of the transcript.")
		case err == nil && (atMS < 0 || length != nil && atMS > *length):
			err = fault.Field("comment", "That moment is not in the recording. Give one between its beginning and its end.")
		}
		return nil, &atMS, err
	})
}

// remark adds a comment to the assessor's own sheet where place says.
func (s *Service) remark(ctx context.Context, by people.Actor, attemptID int64, criterion, text string, place func(pgx.Tx) (turn, at *int, err error)) error {
	if text = clean(text); text == "" {
		return fault.Field("comment", "Write the comment first.")
	}
	if len(text) > 4000 {
		return fault.Field("comment", "Keep the comment under 4,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, seat, err := s.scored(ctx, tx, by, attemptID, by.ID)
		if err != nil {
			return err
		}
		if seat.source == "self" {
			return fault.Conflictf("Comments are for those who score. Your own view goes into the reflection.")
		}
		sc, err := s.pinnedAs(ctx, tx, a, seat)
		if err != nil {
			return err
		}
		if _, err := checkSheet(sc.Rubric, SheetInput{Scores: []Score{{Criterion: criterion}}}); criterion != "" && err != nil {
			return err
		}
		sheet, err := s.openSheet(ctx, tx, a, by.ID, seat)
		if err != nil {
			return err
		}
		if sheet.Released() {
			return fault.Conflictf("This sheet is released. Take it back first, within %d minutes of the release.", RecallMinutes)
		}
		turn, at, err := place(tx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into sheet_comments (sheet_id, turn_seq, at_ms, text, criterion, at) values (@sheet, @turn, @at, @text, nullif(@criterion, ''), @now)`,
			pgx.NamedArgs{"sheet": sheet.ID, "turn": turn, "at": at, "text": text, "criterion": criterion, "now": s.Now()})
		return err
	})
}

// EditComment changes the words of a remark of the actor's own sheet while it
// is a draft. was, when not nil, are the words that were edited: if others have
// been saved meanwhile the write is Stale and carries them.
func (s *Service) EditComment(ctx context.Context, by people.Actor, attemptID, commentID int64, text string, was *string) error {
	if text = clean(text); text == "" {
		return fault.Field("comment", "Write the comment first, or remove it.")
	}
	if len(text) > 4000 {
		return fault.Field("comment", "Keep the comment under 4,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var now, state string
		err := tx.QueryRow(ctx, `select c.text, h.state from sheet_comments c join sheets h on h.id = c.sheet_id
			where c.id = $1 and h.attempt_id = $2 and h.assessor_id = $3 for update of h, c`, commentID, attemptID, by.ID).Scan(&now, &state)
		switch {
		case pg.NoRows(err):
			return fault.NotFoundf("This comment is gone: it was removed in another window. Write it again if you miss it.")
		case err != nil:
			return err
		case state != "draft":
			return fault.Conflictf("This sheet is released. Take it back first, within %d minutes of the release.", RecallMinutes)
		case was != nil && clean(*was) != now && now != text:
			return &fault.Error{Kind: fault.Stale, Theirs: now, Message: "This comment was changed in another window meanwhile. Both texts are below; keep the one you want."}
		}
		_, err = tx.Exec(ctx, `update sheet_comments set text = $2 where id = $1`, commentID, text)
		return err
	})
}

// RemoveComment takes back a remark of the actor's own sheet while it is a
// draft. Removing twice is harmless.
func (s *Service) RemoveComment(ctx context.Context, by people.Actor, attemptID, commentID int64) error {
	_, err := s.DB.Exec(ctx, `delete from sheet_comments c using sheets h
		where c.id = $1 and h.id = c.sheet_id and h.attempt_id = $2 and h.assessor_id = $3 and h.state = 'draft'`, commentID, attemptID, by.ID)
	return err
}
