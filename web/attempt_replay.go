package web

import (
	"fmt"
	"net/http"
	"strings"

	"pitchside/assessments"
	"pitchside/content/beats"

	"github.com/gin-gonic/gin"
)

// A replayPage is a finished text conversation with what else could have been
// said at each moment.
type replayPage struct {
	Base
	A     assessments.Attempt
	Sc    assessments.Scenario
	Buyer string
	Forks []beats.Fork
}

// Shows names what a line and the answer to it show, such as "Implication 4",
// each criterion once, with its highest level.
func (p replayPage) Shows(b beats.Branch) string {
	var out []string
	for _, cr := range p.Sc.Rubric.Criteria {
		level := 0
		for _, e := range b.Evidence {
			if e.Criterion == cr.ID {
				level = max(level, e.Level)
			}
		}
		if level > 0 {
			out = append(out, fmt.Sprintf("%s %d", cr.Title, level))
		}
	}
	return strings.Join(out, ", ")
}

func (s *Site) showReplay(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	forks, err := s.Assessments.Replay(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	a, err := s.Assessments.Attempt(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	if err := s.Assessments.Opened(ctx(c), actor(c), a); err != nil {
		return err
	}
	sc, err := s.Assessments.Pinned(ctx(c), a)
	if err != nil {
		return err
	}
	p := replayPage{Base: s.base(c, "What else could be said"), A: a, Sc: sc, Forks: forks, Buyer: attemptPage{A: a, Sc: sc}.who(assessments.Buyer)}
	p.Wide = "narrow"
	return s.show(c, http.StatusOK, "attempt/replay", p)
}
