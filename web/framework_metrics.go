package web

import (
	"net/http"

	"pitchside/content"
	"pitchside/performance"

	"github.com/gin-gonic/gin"
)

// A dictionaryPage is what each metric means: first those that can be read.
type dictionaryPage struct {
	Base
	Read    []definedMetric
	Missing []definedMetric
}

// A definedMetric is a metric with where its value is read.
type definedMetric struct {
	content.Metric
	Href string // empty: no page of it is open to the viewer
}

// Readable reports whether there can be a number of it.
func (m definedMetric) Readable() bool { return metricPage(m.Name) != "" }

func (s *Site) showDictionary(c *gin.Context) error {
	p := dictionaryPage{Base: s.base(c, "Metrics dictionary")}
	p.Wide = "mid"
	all, err := s.Content.Dictionary(ctx(c))
	if err != nil {
		return err
	}
	for _, m := range all {
		page := metricPage(m.Name)
		if page == "" {
			p.Missing = append(p.Missing, definedMetric{Metric: m})
			continue
		}
		open, err := s.opens(c, page)
		if err != nil {
			return err
		}
		if !open {
			page = ""
		}
		p.Read = append(p.Read, definedMetric{m, page})
	}
	return s.show(c, http.StatusOK, "framework/metrics", p)
}

// metricPage is where the value of a metric is shown; empty: it cannot be computed.
func metricPage(name string) string {
	switch {
	case name == "agreement":
		return "/calibrate"
	case name == "revenue":
		return "/team/performance/won_value"
	case performance.Reads(name):
		return "/team/performance/" + name
	}
	return ""
}
