package assessments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Report is what a round shows at the reveal. Before it, State is hidden and
// nothing else is filled.
type Report struct {
	Round    Calibration
	State    string
	Reason   string
	Units    int // role-plays that two or more coaches gave a level on the same criterion
	Raters   int // coaches whose sheets are in
	Rubric   *content.Rubric
	Names    []people.Brief // the coaches, by name
	Attempts []Calibrated
	Criteria []CriterionReport // biggest gap first
	Coaches  []Strictness      // the actor's own, or all for a lead
	ICC      Reliability
}

// A Calibrated attempt is one of the sample.
type Calibrated struct {
	ID          int64
	PersonID    int64  // 0 for an author who tries a rubric on people whom they do not lead
	Person      string // the attempt's number for them
	SubmittedAt time.Time
	Consents    bool // else its words are closed again
}

// A CriterionReport is one criterion: who gave what, and how far they agree.
type CriterionReport struct {
	content.Criterion
	Agreement
	Rows []MatrixRow
	Gap  int // the widest difference on one role-play
	Note Note
}

// A MatrixRow is one attempt's levels on a criterion, in the order of Names.
type MatrixRow struct {
	Attempt   Calibrated
	Cells     []MatrixCell
	Gap       int // highest less lowest level
	Reference *Reference
}

// A MatrixCell is what one coach gave.
type MatrixCell struct {
	Coach string
	Given bool // the sheet is in
	Score Score
}

// A Reliability is an intraclass correlation of whole sheets.
type Reliability struct {
	State, Reason string
	Units         int // role-plays that every coach scored
	Value         *float64
	Low, High     *float64
}

// A given is one score of a round or an ordinary sheet.
type given struct {
	AttemptID   int64
	PersonID    int64
	AssessorID  int64
	Criterion   string
	Level       *int
	NotObserved bool
	AtMS        *int `db:"at_ms"`
	Quote       string
}

// Reveal returns the report of a round. It opens when every coach has saved or
// released every sheet, or at the round's day; until then it only counts.
func (s *Service) Reveal(ctx context.Context, by people.Actor, id int64) (Report, error) {
	round, err := s.Calibration(ctx, by, id)
	if err != nil {
		return Report{}, err
	}
	r := Report{Round: round, Raters: round.Coaches, ICC: Reliability{State: Hidden}}
	if round.Open {
		r.State = Hidden
		r.Reason = fmt.Sprintf("%d of %d sheets are in. The report opens when all are, or on %s", round.Done, round.Expected, round.Due.Format("2 January 2006"))
		r.ICC.Reason = r.Reason
		return r, nil
	}
	var seed int64
	if err := s.DB.QueryRow(ctx, `select seed from calibrations where id = $1`, id).Scan(&seed); err != nil {
		return r, err
	}
	if r.Rubric, err = s.roundRubric(ctx, s.DB, id); err != nil {
		return r, err
	}
	if err := s.settleSamples(ctx, id, r.Rubric); err != nil {
		return r, err
	}
	if r.Names, err = pg.All[people.Brief](ctx, s.DB, `select p.id, p.name from calibration_coaches k join persons p on p.id = k.coach_id
		where k.calibration_id = $1 order by p.name collate "und-x-icu", p.id`, id); err != nil {
		return r, err
	}
	if r.Attempts, err = pg.All[Calibrated](ctx, s.DB, `select a.id, case when @named or `+inSample+` then a.person_id else 0 end as person_id, case when @named or `+inSample+` then p.name else 'Role-play ' || a.id end as person, coalesce(a.submitted_at, a.created_at) as submitted_at, a.calibration_consent as consents
		from calibration_attempts t join attempts a on a.id = t.attempt_id join persons p on p.id = a.person_id where t.calibration_id = @id order by a.id`,
		s.roundSight(by, pgx.NamedArgs{"id": id, "named": round.Rater || round.Rubric == nil})); err != nil {
		return r, err
	}
	all, err := roundScores(ctx, s.DB, id)
	if err != nil {
		return r, err
	}
	if err := s.compare(ctx, &r, all, uint64(seed)); err != nil {
		return r, err
	}
	r.ICC = reliability(r.Rubric, all, r.Raters)
	rated := strictnessOf(all)
	for _, one := range rated {
		if one.CoachID == by.ID || round.Lead {
			one.Coach = nameOf(r.Names, one.CoachID)
			r.Coaches = append(r.Coaches, one)
		}
	}
	slices.SortFunc(r.Coaches, func(x, y Strictness) int { return strings.Compare(x.Coach, y.Coach) })
	return r, nil
}

func nameOf(all []people.Brief, id int64) string {
	for _, p := range all {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// roundScores returns the scores of the sheets that are in.
func roundScores(ctx context.Context, q pg.Querier, id int64) ([]given, error) {
	return pg.All[given](ctx, q, `select h.attempt_id, a.person_id, h.assessor_id, x.criterion, x.level, x.not_observed, x.at_ms, x.quote
		from sheets h join attempts a on a.id = h.attempt_id join sheet_scores x on x.sheet_id = h.id
		where h.calibration_id = $1 and (h.saved or h.state = 'released') order by h.attempt_id, h.assessor_id, x.criterion`, id)
}

// compare fills the criteria of a report and its state.
func (s *Service) compare(ctx context.Context, r *Report, all []given, seed uint64) error {
	references, err := references(ctx, s.DB, r.Round.ID)
	if err != nil {
		return err
	}
	notes, err := notes(ctx, s.DB, r.Round.ID)
	if err != nil {
		return err
	}
	type at struct {
		attempt, coach int64
		criterion      string
	}
	cells, raters := map[at]given{}, map[int64]bool{}
	for _, g := range all {
		cells[at{g.AttemptID, g.AssessorID, g.Criterion}] = g
		raters[g.AssessorID] = true
	}
	r.Raters = len(raters)
	double, spread := map[int64]bool{}, false
	for _, cr := range r.Rubric.Criteria {
		one := CriterionReport{Criterion: cr, Note: notes[cr.ID]}
		var units [][]float64
		for _, a := range r.Attempts {
			row := MatrixRow{Attempt: a}
			var unit []float64
			for _, coach := range r.Names {
				g, ok := cells[at{a.ID, coach.ID, cr.ID}]
				cell := MatrixCell{Coach: coach.Name, Given: ok, Score: Score{Criterion: cr.ID, Level: g.Level, NotObserved: g.NotObserved}}
				if a.Consents {
					cell.Score.AtMS, cell.Score.Quote = g.AtMS, g.Quote
				}
				row.Cells = append(row.Cells, cell)
				if g.Level != nil {
					unit = append(unit, float64(*g.Level))
				}
			}
			if len(unit) >= 2 {
				double[a.ID] = true
				row.Gap = int(slices.Max(unit) - slices.Min(unit))
				one.Gap = max(one.Gap, row.Gap)
			}
			if ref, ok := references[refKey{a.ID, cr.ID}]; ok {
				row.Reference = &ref
			}
			units = append(units, unit)
			one.Rows = append(one.Rows, row)
		}
		slices.SortStableFunc(one.Rows, func(x, y MatrixRow) int { return y.Gap - x.Gap })
		one.Agreement = agreementOf(units, r.Raters, seed)
		spread = spread || one.State != Undefined
		r.Criteria = append(r.Criteria, one)
	}
	slices.SortStableFunc(r.Criteria, byGap)
	r.Units = len(double)
	variance := 0.0
	if spread {
		variance = 1
	}
	r.State, r.Reason = AgreementState(r.Units, r.Raters, variance)
	return nil
}

// byGap puts the criterion that coaches disagree on most first: by the widest
// difference, then by how rarely they give the same level.
func byGap(x, y CriterionReport) int {
	if x.Gap != y.Gap {
		return y.Gap - x.Gap
	}
	same := func(c CriterionReport) float64 { return float64(c.Same) / math.Max(1, float64(c.Pairs)) }
	switch a, b := same(x), same(y); {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// reliability is ICC(2,1) of the weighted mean level of whole sheets, before
// any cap: how far one coach's total would be another's.
func reliability(rubric *content.Rubric, all []given, raters int) Reliability {
	scores, coaches := map[int64]map[int64][]Score{}, map[int64]bool{}
	for _, g := range all {
		if scores[g.AttemptID] == nil {
			scores[g.AttemptID] = map[int64][]Score{}
		}
		scores[g.AttemptID][g.AssessorID] = append(scores[g.AttemptID][g.AssessorID], Score{Criterion: g.Criterion, Level: g.Level})
		coaches[g.AssessorID] = true
	}
	var order []int64
	for id := range coaches {
		order = append(order, id)
	}
	slices.Sort(order)
	var rows [][]float64
	for _, by := range scores {
		var row []float64
		for _, coach := range order {
			if sum := Sum(rubric, by[coach], 0); sum.Value != nil {
				row = append(row, sum.Uncapped)
			}
		}
		if len(row) == len(order) && len(row) >= 2 {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, slices.Compare)
	out := Reliability{Units: len(rows)}
	icc, ok := stats.ICC(rows, 0.95)
	variance := 0.0
	if ok || len(rows) < 2 {
		variance = 1
	}
	out.State, out.Reason = AgreementState(len(rows), raters, variance)
	if len(rows) < leastDouble && out.State == Hidden {
		out.Reason += " that every coach has scored"
	}
	if out.State == RangeOnly || out.State == Shown {
		low, high := max(-1, icc.Two1.Low), min(1, icc.Two1.High)
		out.Low, out.High = &low, &high
	}
	if out.State == Shown {
		value := max(0, icc.Two1.Value) // below 0 is chance; the interval tells
		out.Value = &value
	}
	return out
}
