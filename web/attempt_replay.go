package web

import (
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

// Shows names what a line shows, such as "Implication 4".
func (p replayPage) Shows(b beats.Branch) string {
	var out []string
	for _, e := range b.Evidence {
		out = append(out, criterionTitle(p.Sc.Rubric, &e.Criterion)+" "+string(rune('0'+e.Level)))
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
