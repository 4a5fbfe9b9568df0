package web

import (
	"fmt"

	"pitchside/courses"

	"github.com/gin-gonic/gin"
)

// A recallView says how much a person, or a group, remembers of the facts that
// they were asked: by the model, and as measured.
type recallView struct {
	Mine     bool
	Estimate courses.Estimate
	Bands    []courses.Recall
	Newest   string
}

func (s *Site) recallOf(c *gin.Context, personID int64, queue courses.Queue, mine bool) (recallView, error) {
	bands, err := s.Courses.PersonRecall(ctx(c), actor(c), personID)
	return recallView{Mine: mine, Estimate: queue.Estimate(), Bands: bands}, err
}

// Likely is what the model expects today.
func (v recallView) Likely() string {
	switch e := v.Estimate; {
	case e.Known():
		return fmt.Sprintf("Likely to recall %d of these %d facts today (model estimate).", e.Likely, e.Of)
	case e.Of == 0:
		return "No card has been answered yet, so there is nothing to estimate."
	default:
		return fmt.Sprintf("Not enough data: %d of 5 facts have been asked.", e.Of)
	}
}

// Measured reports whether any band has something to show.
func (v recallView) Measured() bool {
	for _, b := range v.Bands {
		if b.State != "hidden" {
			return true
		}
	}
	return false
}

// Words writes what was measured in one band.
func (recallView) Words(r courses.Recall) string {
	switch r.State {
	case "shown":
		return fmt.Sprintf("%.0f %%, likely %.0f to %.0f %% (%d of %d)", 100**r.Share, 100**r.Low, 100**r.High, r.Right, r.N)
	case "range_only":
		return fmt.Sprintf("between %.0f and %.0f %%, from %d answers", 100**r.Low, 100**r.High, r.N)
	case "counts_only":
		return fmt.Sprintf("%d of %s right", r.Right, plural(r.N, "answer", "answers"))
	}
	return "Not enough data: " + r.Reason
}
