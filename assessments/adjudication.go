package assessments

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// Tolerance: two sheets lie too far apart when any criterion differs by more
// than this many levels, or the totals by more than this many points.
const (
	ToleranceLevels  = 1
	ToleranceOverall = 10
)

// An Adjudication is two sheets that lie too far apart, and the third person's
// that settles it. All three stay.
type Adjudication struct {
	AttemptID     int64
	FirstSheet    int64
	SecondSheet   int64
	Why           string // empty for who may still score it without sight of others
	OpenedAt      time.Time
	AdjudicatorID *int64
	Adjudicator   *string
	ThirdSheet    *int64
	SettledAt     *time.Time
}

// Adjudication returns the one of an attempt, nil if there is none.
func (s *Service) Adjudication(ctx context.Context, by people.Actor, attemptID int64) (*Adjudication, error) {
	if _, err := s.Attempt(ctx, by, attemptID); err != nil {
		return nil, err
	}
	j, err := pg.One[Adjudication](ctx, s.DB, `select j.attempt_id, j.first_sheet, j.second_sheet, case when `+readsOthers+` then j.why else '' end as why, j.opened_at, j.adjudicator_id, p.name as adjudicator, j.third_sheet, j.settled_at
		from adjudications j join attempts a on a.id = j.attempt_id left join persons p on p.id = j.adjudicator_id where j.attempt_id = @id`, s.sight(by, pgx.NamedArgs{"id": attemptID}))
	if pg.NoRows(err) {
		return nil, nil
	}
	return &j, err
}

// Apart says on what two sheets lie too far apart, or "".
func Apart(rubric *content.Rubric, x, y Sheet) string {
	var out []string
	for _, c := range rubric.Criteria {
		a, b := x.Score(c.ID).Level, y.Score(c.ID).Level
		if a == nil || b == nil {
			continue
		}
		if d := *a - *b; d > ToleranceLevels || -d > ToleranceLevels {
			out = append(out, fmt.Sprintf("%s %d and %d", c.Title, *a, *b))
		}
	}
	if x.Overall != nil && y.Overall != nil && math.Abs(*x.Overall-*y.Overall) > ToleranceOverall {
		out = append(out, fmt.Sprintf("in total %.1f and %.1f", *x.Overall, *y.Overall))
	}
	return strings.Join(out, "; ")
}

// besides sees to what follows from a sheet's release beside others: it may be
// the second score of a dispute, the third one of an adjudication, or lie too
// far from another one.
func (s *Service) besides(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt, sheet Sheet, rubric *content.Rubric) error {
	if sheet.Source != "coach" && sheet.Source != "manager" {
		return nil
	}
	if second, err := secondReleased(ctx, tx, a, sheet); err != nil || second {
		return err
	}
	if third, err := s.thirdReleased(ctx, tx, by, a, sheet); err != nil || third {
		return err
	}
	others, err := pg.All[Sheet](ctx, tx, `select `+sheetColumns+` from sheets h where h.attempt_id = $1 and h.id <> $2 and h.state = 'released' and h.calibration_id is null
		and h.source in ('coach', 'manager') and not exists (select 1 from adjudications j where j.attempt_id = $1)
		and not exists (select 1 from disputes d where d.second_sheet = h.id or d.sheet_id = h.id) order by h.released_at`, a.ID, sheet.ID)
	if err != nil {
		return err
	}
	if err := fillSheets(ctx, tx, others, 0); err != nil {
		return err
	}
	for _, other := range others {
		why := Apart(rubric, other, sheet)
		if why == "" {
			continue
		}
		if _, err := tx.Exec(ctx, `insert into adjudications (attempt_id, first_sheet, second_sheet, why, opened_at) values ($1, $2, $3, $4, $5)`,
			a.ID, other.ID, sheet.ID, why, s.Now()); err != nil {
			return err
		}
		if err := people.Audit(ctx, tx, by, "adjudication.opened", &a.PersonID, subject(a.ID), map[string]any{"sheets": []int64{other.ID, sheet.ID}, "why": why}); err != nil {
			return err
		}
		return s.assignAdjudicator(ctx, tx, by, a)
	}
	return nil
}

// assignAdjudicator asks a third person, never one of the two.
func (s *Service) assignAdjudicator(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt) error {
	found, err := independent(ctx, tx, a, 1)
	if err != nil || len(found) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `update adjudications set adjudicator_id = $2 where attempt_id = $1 and adjudicator_id is null`, a.ID, found[0]); err != nil {
		return err
	}
	return s.ask(ctx, tx, by, a, found[0], "adjudicator")
}

// thirdReleased settles an open adjudication with a third person's sheet: its
// evidence supersedes that of the two.
func (s *Service) thirdReleased(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt, sheet Sheet) (bool, error) {
	var first, second int64
	err := tx.QueryRow(ctx, `update adjudications j set third_sheet = $2, adjudicator_id = $3, settled_at = $4 where j.attempt_id = $1 and j.third_sheet is null
			and not exists (select 1 from sheets h where h.id in (j.first_sheet, j.second_sheet) and h.assessor_id = $3)
		returning first_sheet, second_sheet`, a.ID, sheet.ID, sheet.AssessorID, s.Now()).Scan(&first, &second)
	if pg.NoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, id := range []int64{first, second} {
		if _, err := skills.SupersedeSheet(ctx, tx, id, sheet.ID); err != nil {
			return false, err
		}
	}
	return true, people.Audit(ctx, tx, by, "adjudication.settled", &a.PersonID, subject(a.ID), map[string]any{"sheet": sheet.ID, "superseded": []int64{first, second}})
}

// A Spread is what several sheets say about one criterion: lowest, highest and
// how many. Nothing is averaged.
type Spread struct {
	Criterion string
	Title     string
	Low, High int
	N         int
	Apart     bool // beyond the tolerance
}

// Spreads puts the levels of sheets by different people side by side.
func Spreads(rubric *content.Rubric, sheets []Sheet) []Spread {
	var out []Spread
	for _, c := range rubric.Criteria {
		s := Spread{Criterion: c.ID, Title: c.Title, Low: 6}
		for _, sheet := range sheets {
			if l := sheet.Score(c.ID).Level; l != nil {
				s.N, s.Low, s.High = s.N+1, min(s.Low, *l), max(s.High, *l)
			}
		}
		s.Apart = s.N > 1 && s.High-s.Low > ToleranceLevels
		out = append(out, s)
	}
	return out
}
