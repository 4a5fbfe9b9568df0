package assessments

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// revealed returns a round that the actor leads or scores in, once it is
// revealed.
func (s *Service) revealed(ctx context.Context, by people.Actor, id int64) (Calibration, error) {
	c, err := s.Calibration(ctx, by, id)
	if err != nil {
		return c, err
	}
	if c.Open {
		return c, fault.Conflictf("This round is still being scored. Discuss it when the report is open.")
	}
	if !c.Lead && !c.Rater {
		return c, fault.Forbiddenf("The coaches of the round and its lead settle on references.")
	}
	return c, nil
}

// A Reference is the level that the coaches settled on for one attempt and
// criterion, and why.
type Reference struct {
	AttemptID  int64
	Criterion  string
	Level      int
	Reason     string
	Quote      string
	AtMS       *int `db:"at_ms"`
	Version    int
	RecordedBy string
	RecordedAt time.Time
}

type refKey struct {
	attempt   int64
	criterion string
}

func references(ctx context.Context, q pg.Querier, roundID int64) (map[refKey]Reference, error) {
	all, err := pg.All[Reference](ctx, q, `select r.attempt_id, r.criterion, r.level, r.reason, case when a.calibration_consent then r.quote else '' end as quote, r.at_ms, r.version,
			p.name as recorded_by, r.recorded_at
		from calibration_references r join persons p on p.id = r.recorded_by join attempts a on a.id = r.attempt_id where r.calibration_id = $1`, roundID)
	out := map[refKey]Reference{}
	for _, r := range all {
		out[refKey{r.AttemptID, r.Criterion}] = r
	}
	return out, err
}

// A Note is what the coaches wrote down about a criterion.
type Note struct {
	Criterion string
	Text      string
	Version   int
	WrittenBy string
	WrittenAt time.Time
}

func notes(ctx context.Context, q pg.Querier, roundID int64) (map[string]Note, error) {
	all, err := pg.All[Note](ctx, q, `select n.criterion, n.text, n.version, p.name as written_by, n.written_at
		from calibration_notes n join persons p on p.id = n.written_by where n.calibration_id = $1`, roundID)
	out := map[string]Note{}
	for _, n := range all {
		out[n.Criterion] = n
	}
	return out, err
}

// Settle records the reference level of an attempt on a criterion, with its
// reason. version is the one that was edited, 0 for none; a stale write is
// refused and shows the other.
func (s *Service) Settle(ctx context.Context, by people.Actor, roundID int64, ref Reference, version int) error {
	if _, err := s.revealed(ctx, by, roundID); err != nil {
		return err
	}
	ref.Reason, ref.Quote = clean(ref.Reason), clean(ref.Quote)
	wrong := map[string]string{}
	if ref.Level < 1 || ref.Level > 5 {
		wrong["level"] = "Choose a level from 1 to 5."
	}
	if ref.Reason == "" || len(ref.Reason) > 2000 {
		wrong["reason"] = "Say in a sentence or two why it is this level; the next coach reads it."
	}
	if len(ref.Quote) > 2000 {
		wrong["quote"] = "Keep the quote under 2,000 characters."
	}
	rubric, err := s.roundRubric(ctx, s.DB, roundID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(rubric.Criteria, func(c content.Criterion) bool { return c.ID == ref.Criterion }) {
		wrong["criterion"] = fmt.Sprintf("The rubric has no criterion %q.", ref.Criterion)
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"round": roundID, "attempt": ref.AttemptID, "criterion": ref.Criterion, "level": ref.Level, "reason": ref.Reason, "quote": ref.Quote,
			"at": ref.AtMS, "by": by.ID, "now": s.Now(), "version": version}
		tag, err := tx.Exec(ctx, `insert into calibration_references (calibration_id, attempt_id, criterion, level, reason, quote, at_ms, recorded_by, recorded_at)
			select @round, @attempt, @criterion, @level, @reason, @quote, @at, @by, @now where @version = 0
			on conflict (calibration_id, attempt_id, criterion) do nothing`, args)
		if pg.Violated(err) == "calibration_references_attempt" {
			return fault.Field("attempt_id", "That role-play is not part of this round.")
		}
		if err == nil && tag.RowsAffected() == 0 {
			tag, err = tx.Exec(ctx, `update calibration_references set level = @level, reason = @reason, quote = @quote, at_ms = @at, recorded_by = @by, recorded_at = @now, version = version + 1
				where calibration_id = @round and attempt_id = @attempt and criterion = @criterion and version = @version`, args)
		}
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			all, err := references(ctx, tx, roundID)
			if err != nil {
				return err
			}
			other := all[refKey{ref.AttemptID, ref.Criterion}]
			return &fault.Error{Kind: fault.Stale, Message: "Somebody settled this meanwhile. Both are shown; keep the one you agree on.",
				Theirs: fmt.Sprintf("%d: %s (%s)", other.Level, other.Reason, other.RecordedBy)}
		}
		return people.Audit(ctx, tx, by, "calibration.settled", nil, fmt.Sprintf("calibration:%d", roundID),
			map[string]any{"attempt": ref.AttemptID, "criterion": ref.Criterion, "level": ref.Level})
	})
}

// Discuss keeps the coaches' note about a criterion of a revealed round.
func (s *Service) Discuss(ctx context.Context, by people.Actor, roundID int64, criterion, text string, version int) error {
	if _, err := s.revealed(ctx, by, roundID); err != nil {
		return err
	}
	if text = clean(text); len(text) > 4000 {
		return fault.Field("note", "Keep the note under 4,000 characters.")
	}
	rubric, err := s.roundRubric(ctx, s.DB, roundID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(rubric.Criteria, func(c content.Criterion) bool { return c.ID == criterion }) {
		return fault.Field("criterion", fmt.Sprintf("The rubric has no criterion %q.", criterion))
	}
	tag, err := s.DB.Exec(ctx, `insert into calibration_notes as n (calibration_id, criterion, text, written_by, written_at) values (@round, @criterion, @text, @by, @now)
		on conflict (calibration_id, criterion) do update set text = excluded.text, written_by = excluded.written_by, written_at = excluded.written_at, version = n.version + 1
		where n.version = @version`, pgx.NamedArgs{"round": roundID, "criterion": criterion, "text": text, "by": by.ID, "now": s.Now(), "version": version})
	if err != nil || tag.RowsAffected() > 0 {
		return err
	}
	all, err := notes(ctx, s.DB, roundID)
	if err != nil {
		return err
	}
	return &fault.Error{Kind: fault.Stale, Message: "Somebody wrote here meanwhile. Both texts are shown; put them together and save.", Theirs: all[criterion].Text}
}

// An Example is a reference score with words: what a level sounds like.
type Example struct {
	Criterion string
	Level     int
	Quote     string
	Reason    string
	Round     string
}

// Examples returns the newest reference scores with a quote for a rubric, at
// most two for each level of a criterion. Those whose rep took the consent
// back are left out, and so are those of the attempt that is being scored. The
// reps agreed to coaches, so a peer who scores reads none.
func (s *Service) Examples(ctx context.Context, by people.Actor, rubricVersion, scoring int64) ([]Example, error) {
	if !by.Can(people.Coach, people.Manager, people.Admin) {
		return nil, nil
	}
	return pg.All[Example](ctx, s.DB, `select criterion, level, quote, reason, round from (
			select r.criterion, r.level, r.quote, r.reason, c.title as round, row_number() over (partition by r.criterion, r.level order by r.recorded_at desc) as nth
			from calibration_references r join calibrations c on c.id = r.calibration_id join attempts a on a.id = r.attempt_id
				join document_versions v on v.id = a.rubric_version join document_versions mine on mine.id = $1 and mine.document_id = v.document_id
			where r.quote <> '' and a.calibration_consent and a.id <> $2) x
		where nth <= 2 order by criterion, level, nth`, rubricVersion, scoring)
}
