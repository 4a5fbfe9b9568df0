package web

import (
	"net/http"
	"net/url"

	"pitchside/content"

	"github.com/gin-gonic/gin"
)

// A samplesPage lists the conversations to calibrate on.
type samplesPage struct {
	Base
	Samples []listedSample
}

type listedSample struct {
	*content.Sample
	ScenarioTitle string
}

func (s *Site) showSamples(c *gin.Context) error {
	p := samplesPage{Base: s.base(c, "Samples")}
	all, err := content.Samples()
	if err != nil {
		return err
	}
	for _, one := range all {
		listed := listedSample{one, one.Scenario}
		if d, err := s.Content.Published(ctx(c), content.KindScenario, one.Scenario); err == nil {
			listed.ScenarioTitle = d.Title
		}
		p.Samples = append(p.Samples, listed)
	}
	return s.show(c, http.StatusOK, "calibrate/samples", p)
}

// A samplePage is one of them, with its reference behind a fold.
type samplePage struct {
	Base
	Sample *content.Sample
	Scores []referenceScore
}

// A referenceScore is a score of the reference beside its criterion.
type referenceScore struct {
	content.SampleScore
	Title  string
	Anchor string
}

// Clock is the moment of the quote.
func (r referenceScore) Clock() string { return content.SampleTurn{StartMS: r.StartMS}.Clock() }

func (s *Site) showSample(c *gin.Context) error {
	sample, err := content.SampleNamed(c.Param("sample"))
	if err != nil {
		return err
	}
	p := samplePage{Base: s.base(c, sample.Title), Sample: sample}
	rubric, err := content.BuiltIn(content.KindRubric, sample.Rubric)
	if err != nil {
		return err
	}
	for _, one := range sample.Scores {
		cr, _ := rubric.Rubric.Criterion(one.Criterion)
		p.Scores = append(p.Scores, referenceScore{one, cr.Title, cr.Anchor(one.Level)})
	}
	return s.show(c, http.StatusOK, "calibrate/sample", p)
}

// useSample makes a role-play of a sample and goes to where a round is opened.
func (s *Site) useSample(c *gin.Context) error {
	sample, err := content.SampleNamed(c.Param("sample"))
	if err != nil {
		return err
	}
	if _, err := s.Assessments.UseSample(ctx(c), actor(c), sample.Slug); err != nil {
		return err
	}
	return s.seeOther(c, "/calibrate/new?scenario="+url.QueryEscape(sample.Scenario), "The sample can be chosen below. Its reference is shown at the reveal.")
}
