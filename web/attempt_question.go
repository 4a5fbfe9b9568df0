package web

import (
	"fmt"
	"net/http"

	"pitchside/assessments"

	"github.com/gin-gonic/gin"
)

// A kindOfQuestion is a question of a conversation with what kind it is.
type kindOfQuestion struct {
	Number    int
	Clock     string
	Text      string
	Kind      assessments.Tag
	Suggested bool
	By        string // who said so
}

// Kinds are the kinds of question to choose from.
func (attemptPage) Kinds() any { return assessments.Tags }

func kindsOfQuestions(all []assessments.Question) []kindOfQuestion {
	out := make([]kindOfQuestion, len(all))
	for i, q := range all {
		out[i] = kindOfQuestion{Number: i, Text: q.Text, Kind: *q.Tag, Suggested: q.Suggested, By: q.Corrector}
		if q.AtMS != nil {
			out[i].Clock = assessments.Clock(*q.AtMS)
		}
	}
	return out
}

// sayKind keeps what a person says of the kind of a question.
func (s *Site) sayKind(c *gin.Context) error {
	var form struct {
		Tag string `form:"tag" validate:"required"`
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var number int
	if _, err := fmt.Sscanf(c.Param("number"), "%d", &number); err != nil {
		return nowhere(c)
	}
	if err = bind(c, &form); err == nil {
		_, err = s.Assessments.CorrectTag(ctx(c), actor(c), id, number, assessments.Tag(form.Tag))
	}
	if ps, ok := problems(err); ok {
		return s.showAttemptAgain(c, func(p *attemptPage) { p.Problems = ps })
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/attempts/%d?questions=open#kind-%d", id, number))
	return nil
}
