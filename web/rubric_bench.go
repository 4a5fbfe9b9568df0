package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A benchPage tries a version of a rubric on real role-plays before it is
// published: two or more people score with it, and it shows how far they agree.
type benchPage struct {
	Base
	Doc       *content.Document
	Versions  []content.Version
	Scenarios []option // those that this rubric scores
	Sample    []assessments.Sampled
	Raters    []people.Brief
	Rounds    []benchRound
	Form      benchForm
	Problems  Problems
}

// A benchRound is one trial with its agreement by criterion.
type benchRound struct {
	assessments.Calibration
	Number   int // of the version
	Criteria []criterionReveal
}

type benchForm struct {
	newRoundForm
	Version string `form:"version"`
}

// Status says how far a trial is.
func (p benchPage) Status(r benchRound) string { return myStatus(r.Calibration) }

// Path is the address of the document.
func (p benchPage) Path() string { return documentHref(p.Doc.Kind, p.Doc.Slug) }

func (s *Site) benchPage(c *gin.Context, form benchForm) (benchPage, error) {
	by, slug := actor(c), c.Param("slug")
	if content.Kind(c.Param("kind")) != content.KindRubric {
		return benchPage{}, nowhere(c)
	}
	doc, _, err := s.Content.Source(ctx(c), by, content.KindRubric, slug, 0)
	if err != nil {
		return benchPage{}, err
	}
	p := benchPage{Base: s.base(c, "Test bench, "+doc.Title), Doc: doc, Form: form}
	if p.Versions, err = s.Content.Versions(ctx(c), by, content.KindRubric, slug); err != nil {
		return p, err
	}
	if p.Form.Version == "" {
		p.Form.Version = strconv.Itoa(doc.Number)
	}
	scenarios, err := s.Assessments.Scenarios(ctx(c))
	if err != nil {
		return p, err
	}
	for _, sc := range scenarios {
		if sc.RubricSlug != slug {
			continue
		}
		sample, err := s.Assessments.BenchSample(ctx(c), by, sc.Slug)
		if err != nil {
			return p, err
		}
		p.Scenarios = append(p.Scenarios, option{sc.Slug, fmt.Sprintf("%s (%d)", sc.Title, len(sample))})
		if sc.Slug == p.Form.Scenario || p.Form.Scenario == "" && len(sample) > 0 {
			p.Form.Scenario, p.Sample = sc.Slug, sample
		}
	}
	if p.Raters, err = s.Assessments.Raters(ctx(c)); err != nil {
		return p, err
	}
	rounds, err := s.Assessments.Bench(ctx(c), by, slug)
	if err != nil {
		return p, err
	}
	for _, r := range rounds {
		one := benchRound{Calibration: r}
		for _, v := range p.Versions {
			if r.Rubric != nil && v.ID == *r.Rubric {
				one.Number = v.Number
			}
		}
		report, err := s.Assessments.Reveal(ctx(c), by, r.ID)
		if err != nil {
			return p, err
		}
		for _, cr := range report.Criteria {
			one.Criteria = append(one.Criteria, criterionReveal{CriterionReport: cr})
		}
		p.Rounds = append(p.Rounds, one)
	}
	return p, nil
}

func (s *Site) showBench(c *gin.Context) error {
	p, err := s.benchPage(c, benchForm{newRoundForm: newRoundForm{Scenario: c.Query("scenario"), Due: s.Now().AddDate(0, 0, roundDays).Format(time.DateOnly)}})
	if err != nil {
		return err
	}
	for i, a := range p.Sample {
		if i < benchPicked {
			p.Form.Attempts = append(p.Form.Attempts, strconv.FormatInt(a.ID, 10))
		}
	}
	return s.show(c, http.StatusOK, "studio/bench", p)
}

const benchPicked = 5 // role-plays ticked from the start

func (s *Site) tryRubric(c *gin.Context) error {
	var form benchForm
	err := bind(c, &form)
	version, _ := strconv.Atoi(form.Version)
	if err == nil {
		due, _ := time.ParseInLocation(time.DateOnly, form.Due, s.base(c, "").in(s.Now()).Location())
		_, err = s.Assessments.OpenCalibration(ctx(c), actor(c), assessments.NewCalibration{Title: form.Title, Scenario: form.Scenario, Rubric: max(1, version),
			AttemptIDs: numbers(form.Attempts), CoachIDs: numbers(form.Coaches), Due: due.AddDate(0, 0, 1)})
	}
	if ps, ok := problems(err); ok {
		p, err := s.benchPage(c, form)
		if err != nil {
			return err
		}
		p.Problems = ps
		return s.show(c, http.StatusUnprocessableEntity, "studio/bench", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, documentHref(content.KindRubric, c.Param("slug"))+"/bench", "The trial is open. The coaches find it in their queue.")
}
