package web

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"pitchside/assessments"
	"pitchside/web/charts"

	"github.com/gin-gonic/gin"
)

// A strictRow says how strict a coach is in words and as an interval.
type strictRow struct{ assessments.Strictness }

// Words says it for a person.
func (r strictRow) Words() string {
	if r.Severity == nil {
		return r.Reason
	}
	half := r.High() - *r.Severity
	return fmt.Sprintf("%s (%s ±%.1f levels)", r.Side(), signed(*r.Severity), half)
}

// Side says strict or lenient, if the interval leaves no doubt.
func (r strictRow) Side() string {
	switch {
	case r.Severity == nil:
		return "Not known"
	case r.High() < 0:
		return "Stricter than the others"
	case r.Low() > 0:
		return "More lenient than the others"
	}
	return "No clear difference from the others"
}

// Plot draws the interval from a level stricter to a level more lenient.
func (r strictRow) Plot() template.HTML {
	zero := 0.0
	return charts.Interval{Title: r.Coach + ": " + r.Words(), From: -1.2, To: 1.2, Value: *r.Severity, Low: max(-1.2, r.Low()), High: min(1.2, r.High()), Reference: &zero}.SVG()
}

// HaloWords says whether the criteria are judged apart.
func (r strictRow) HaloWords() string {
	switch {
	case r.Halo.Ratio == nil:
		return r.Halo.Reason
	case r.Halo.Flagged:
		return fmt.Sprintf("%.2f of the usual spread: criteria may be judged as one", *r.Halo.Ratio)
	}
	return fmt.Sprintf("%.2f of the usual spread", *r.Halo.Ratio)
}

// signed writes a difference with its sign, and a true minus.
func signed(x float64) string {
	return strings.ReplaceAll(fmt.Sprintf("%+.1f", x), "-", "−")
}

// A driftRow is one round of one coach.
type driftRow struct{ assessments.Drift }

// Words says the difference from the others, or what is missing.
func (d driftRow) Words() string {
	if d.Mean == nil {
		return d.Reason
	}
	return fmt.Sprintf("%s (%s to %s)", signed(*d.Mean), signed(*d.Low), signed(*d.High))
}

// NearWords says how many settled levels the coach was near.
func (d driftRow) NearWords() string {
	if d.References == 0 {
		return "none settled yet"
	}
	return fmt.Sprintf("%d of %d within one level", d.Near, d.References)
}

type strictnessPage struct {
	Base
	Rows []strictRow
}

// showStrictness lists, by name, how strict each coach is that the reader
// oversees.
func (s *Site) showStrictness(c *gin.Context) error {
	p := strictnessPage{Base: s.base(c, "Strictness of coaches")}
	rated, err := s.Assessments.Strictnesses(ctx(c), actor(c))
	if err != nil {
		return err
	}
	for _, one := range rated {
		p.Rows = append(p.Rows, strictRow{one})
	}
	return s.show(c, http.StatusOK, "calibrate/strictness", p)
}
