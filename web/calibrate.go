package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

const roundsAPage = 30

type roundsPage struct {
	Base
	Open, Over []assessments.Calibration
	More       int64 // id to go on from, 0 at the end
	Mark       assessments.Certificate
	Drifts     []driftRow
	Own        *strictRow
	IsCoach    bool
	Leads      bool // others' strictness is open to the reader
}

// MyStatus says what a round asks of the reader.
func (p roundsPage) MyStatus(c assessments.Calibration) string { return myStatus(c) }

func myStatus(c assessments.Calibration) string {
	switch {
	case !c.Open:
		return "Report open"
	case !c.Rater:
		return fmt.Sprintf("%d of %d sheets in", c.Done, c.Expected)
	case c.MyLeft() > 0:
		return plural(c.MyLeft(), "sheet", "sheets") + " to score"
	}
	return "You are done; waiting for others"
}

func (s *Site) showRounds(c *gin.Context) error {
	by := actor(c)
	p := roundsPage{Base: s.base(c, "Calibration"), IsCoach: by.Can(people.Coach), Leads: by.Can(people.Admin, people.Manager)}
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	all, err := s.Assessments.Calibrations(ctx(c), by, max(0, before), roundsAPage+1)
	if err != nil {
		return err
	}
	if len(all) > roundsAPage {
		all = all[:roundsAPage]
		p.More = all[roundsAPage-1].ID
	}
	for _, r := range all {
		if r.Open {
			p.Open = append(p.Open, r)
		} else {
			p.Over = append(p.Over, r)
		}
	}
	if p.IsCoach {
		if p.Mark, err = s.Assessments.Certificate(ctx(c), by, by.ID); err != nil {
			return err
		}
		drifts, err := s.Assessments.Drifts(ctx(c), by, by.ID)
		if err != nil {
			return err
		}
		for _, d := range drifts {
			p.Drifts = append(p.Drifts, driftRow{d})
		}
		rated, err := s.Assessments.Strictnesses(ctx(c), by)
		if err != nil {
			return err
		}
		for _, one := range rated {
			if one.CoachID == by.ID {
				p.Own = &strictRow{one}
			}
		}
	}
	return s.show(c, http.StatusOK, "calibrate/list", p)
}

type newRoundPage struct {
	Base
	Scenarios []option
	Sample    []assessments.Sampled
	Raters    []people.Brief
	Form      newRoundForm
	Problems  Problems
}

type newRoundForm struct {
	Scenario    string   `form:"scenario"`
	Title       string   `form:"title" validate:"max=200"`
	Attempts    []string `form:"attempt_ids"`
	Coaches     []string `form:"coach_ids"`
	Due         string   `form:"due" validate:"required,datetime=2006-01-02"`
	Unannounced string   `form:"unannounced"`
}

// HasAttempt and HasCoach report whether one is ticked.
func (f newRoundForm) HasAttempt(id int64) bool {
	return slices.Contains(f.Attempts, strconv.FormatInt(id, 10))
}

// HasCoach reports whether a coach is ticked.
func (f newRoundForm) HasCoach(id int64) bool {
	return slices.Contains(f.Coaches, strconv.FormatInt(id, 10))
}

const (
	roundDays    = 7
	samplePicked = 10 // ticked from the start: as many as agreement needs
)

func (s *Site) showNewRound(c *gin.Context) error {
	form := newRoundForm{Scenario: c.Query("scenario"), Due: s.Now().AddDate(0, 0, roundDays).Format(time.DateOnly)}
	p, err := s.newRoundPage(c, form)
	if err != nil {
		return err
	}
	for i, a := range p.Sample {
		if i < samplePicked {
			p.Form.Attempts = append(p.Form.Attempts, strconv.FormatInt(a.ID, 10))
		}
	}
	return s.show(c, http.StatusOK, "calibrate/new", p)
}

// newRoundPage offers the scenarios; without a choice, the one with most to
// sample from.
func (s *Site) newRoundPage(c *gin.Context, form newRoundForm) (newRoundPage, error) {
	p := newRoundPage{Base: s.base(c, "New calibration round"), Form: form}
	scenarios, err := s.Assessments.Scenarios(ctx(c))
	if err != nil {
		return p, err
	}
	most := -1
	for _, sc := range scenarios {
		sample, err := s.Assessments.Sample(ctx(c), actor(c), sc.Slug)
		if err != nil {
			return p, err
		}
		if len(sample) > 0 || sc.Slug == form.Scenario {
			p.Scenarios = append(p.Scenarios, option{sc.Slug, fmt.Sprintf("%s (%d)", sc.Title, len(sample))})
		}
		if sc.Slug == form.Scenario || form.Scenario == "" && len(sample) > most {
			most, p.Sample, p.Form.Scenario = len(sample), sample, sc.Slug
			if form.Scenario == "" {
				p.Form.Scenario = sc.Slug
			}
		}
	}
	p.Raters, err = s.Assessments.Raters(ctx(c))
	return p, err
}

func (s *Site) openRound(c *gin.Context) error {
	var form newRoundForm
	err := bind(c, &form)
	var round assessments.Calibration
	if err == nil {
		due, _ := time.ParseInLocation(time.DateOnly, form.Due, s.base(c, "").in(s.Now()).Location())
		round, err = s.Assessments.OpenCalibration(ctx(c), actor(c), assessments.NewCalibration{Title: form.Title, Scenario: form.Scenario,
			AttemptIDs: numbers(form.Attempts), CoachIDs: numbers(form.Coaches), Due: due.AddDate(0, 0, 1), Unannounced: form.Unannounced != ""})
	}
	if ps, ok := problems(err); ok {
		p, err := s.newRoundPage(c, form)
		if err != nil {
			return err
		}
		p.Problems = ps
		return s.show(c, http.StatusUnprocessableEntity, "calibrate/new", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/calibrate/%d", round.ID), "The round is open. Nobody sees another’s scores before the reveal.")
}

type roundPage struct {
	Base
	R        assessments.Report
	Title    string
	ToScore  []assessments.Waiting // of this round, for the reader
	Criteria []criterionReveal
	Coaches  []strictRow
	CanWrite bool
	Theirs   string
	Typed    referenceForm
	Problems Problems
}

// MyStatus says what the round asks of the reader.
func (p roundPage) MyStatus() string { return myStatus(p.R.Round) }

// ICCWords says how far one coach's total stands for another's.
func (p roundPage) ICCWords() string {
	i := p.R.ICC
	switch {
	case i.Value != nil:
		return fmt.Sprintf("%.2f (95 in 100: %s to %s)", *i.Value, two(*i.Low), two(*i.High))
	case i.Low != nil:
		return fmt.Sprintf("between %s and %s. %s", two(*i.Low), two(*i.High), i.Reason)
	}
	return "Too few to compute: " + i.Reason
}

// two writes a coefficient with two decimals and a true minus.
func two(x float64) string { return strings.ReplaceAll(fmt.Sprintf("%.2f", x), "-", "−") }

// A criterionReveal is one criterion at the reveal.
type criterionReveal struct {
	assessments.CriterionReport
	Open bool
}

// AlphaWords is the agreement beyond chance, in words.
func (r criterionReveal) AlphaWords() string {
	switch {
	case r.Alpha != nil && r.Low != nil:
		return fmt.Sprintf("%s (95 in 100: %s to %s)", two(*r.Alpha), two(*r.Low), two(*r.High))
	case r.Low != nil:
		return fmt.Sprintf("between %s and %s; %s", two(*r.Low), two(*r.High), r.Reason)
	case r.State == assessments.Undefined:
		return r.Reason
	}
	return "Too few to compute: " + r.Reason
}

// GapWords says the widest difference.
func (r criterionReveal) GapWords() string {
	if r.Pairs == 0 {
		return "nobody else to compare with"
	}
	if r.Gap == 0 {
		return "no difference"
	}
	return plural(r.Gap, "level", "levels") + " apart at most"
}

// A referenceForm is a settled level as it is typed.
type referenceForm struct {
	Attempt   string `form:"attempt"` // its id and the version of what was settled, such as 7:0
	Criterion string `form:"criterion"`
	Level     string `form:"level"`
	Reason    string `form:"reason"`
	Quote     string `form:"quote"`
	Note      string `form:"note"`
	Version   string `form:"version"`
}

// Versioned is an attempt of the choice with the version of what is settled.
func (r criterionReveal) Versioned(row assessments.MatrixRow) string {
	version := 0
	if row.Reference != nil {
		version = row.Reference.Version
	}
	return fmt.Sprintf("%d:%d", row.Attempt.ID, version)
}

func (s *Site) roundPage(c *gin.Context) (roundPage, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return roundPage{}, err
	}
	r, err := s.Assessments.Reveal(ctx(c), actor(c), id)
	if err != nil {
		return roundPage{}, err
	}
	p := roundPage{Base: s.base(c, r.Round.Title), R: r, CanWrite: !r.Round.Open && (r.Round.Rater || r.Round.Lead)}
	if sc, err := s.Assessments.Scenario(ctx(c), r.Round.Scenario); err == nil {
		p.Title = sc.Title
	}
	if r.Round.Open {
		all, err := s.Assessments.Queue(ctx(c), actor(c), nil, 200)
		if err != nil {
			return p, err
		}
		for _, w := range all {
			if w.Round != nil && *w.Round == id {
				p.ToScore = append(p.ToScore, w)
			}
		}
		return p, nil
	}
	p.Wide = "wide"
	for i, cr := range r.Criteria {
		p.Criteria = append(p.Criteria, criterionReveal{cr, i == 0})
	}
	for _, one := range r.Coaches {
		p.Coaches = append(p.Coaches, strictRow{one})
	}
	return p, nil
}

func (s *Site) showRound(c *gin.Context) error {
	p, err := s.roundPage(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "calibrate/round", p)
}

// settleReference records a level the coaches settled on; with a note instead
// of a level it keeps what they wrote about the criterion.
func (s *Site) settleReference(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var f referenceForm
	if err = bind(c, &f); err != nil {
		return err
	}
	version, _ := strconv.Atoi(f.Version)
	if c.PostForm("do") == "note" {
		err = s.Assessments.Discuss(ctx(c), actor(c), id, f.Criterion, f.Note, version)
	} else {
		at, was, _ := strings.Cut(f.Attempt, ":")
		attempt, _ := strconv.ParseInt(at, 10, 64)
		version, _ = strconv.Atoi(was)
		level, _ := strconv.Atoi(f.Level)
		err = s.Assessments.Settle(ctx(c), actor(c), id, assessments.Reference{AttemptID: attempt, Criterion: f.Criterion, Level: level, Reason: f.Reason, Quote: f.Quote}, version)
	}
	var stale *fault.Error
	ps, wrong := problems(err)
	if wrong || errors.As(err, &stale) && stale.Kind == fault.Stale {
		p, err := s.roundPage(c)
		if err != nil {
			return err
		}
		p.Problems, p.Typed = ps, f
		code := http.StatusUnprocessableEntity
		if stale != nil && stale.Kind == fault.Stale {
			p.Theirs, code = stale.Theirs, http.StatusConflict
		}
		return s.show(c, code, "calibrate/round", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/calibrate/%d#criterion-%s", id, f.Criterion), "Kept.")
}

// consentToCalibration keeps whether an attempt may be used to calibrate coaches.
func (s *Site) consentToCalibration(c *gin.Context) error {
	yes := c.PostForm("calibration") == "yes"
	words := "Taken back. Coaches outside your own can no longer read it."
	if yes {
		words = "Thank you. Coaches may use it to calibrate; you can take that back at any time."
	}
	return s.act(c, func(id int64) error { return s.Assessments.Consent(ctx(c), actor(c), id, yes) }, words)
}

// exportRound writes the matrix of a revealed round, one line a score.
func (s *Site) exportRound(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	r, err := s.Assessments.Reveal(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	if r.Round.Open {
		return fault.Conflictf("This round is still being scored. Its table opens with the report.")
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="calibration-%d.csv"`, id))
	c.Header("Content-Type", "text/csv; charset=utf-8")
	w := csv.NewWriter(c.Writer)
	_ = w.Write([]string{"criterion", "attempt", "rep", "coach", "level", "not_observed", "reference"})
	for _, cr := range r.Criteria {
		for _, row := range cr.Rows {
			reference := ""
			if row.Reference != nil {
				reference = strconv.Itoa(row.Reference.Level)
			}
			for _, cell := range row.Cells {
				if !cell.Given {
					continue
				}
				level := ""
				if cell.Score.Level != nil {
					level = strconv.Itoa(*cell.Score.Level)
				}
				_ = w.Write([]string{cr.ID, strconv.FormatInt(row.Attempt.ID, 10), cellText(row.Attempt.Person), cellText(cell.Coach), level, strconv.FormatBool(cell.Score.NotObserved), reference})
			}
		}
	}
	w.Flush()
	return nil
}
