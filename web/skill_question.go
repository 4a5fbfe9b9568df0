package web

import (
	"fmt"
	"net/http"

	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A questionForm is a question about a piece of evidence, or the answer to one.
type questionForm struct {
	About    int64  `form:"-"` // the evidence or question that the text is about
	Person   string `form:"person" validate:"number"`
	Skill    string `form:"skill" validate:"required"`
	Text     string `form:"text"`
	LeaveOut string `form:"leave_out" validate:"omitempty,oneof=yes"`
}

func (s *Site) questionEvidence(c *gin.Context) error {
	return s.settle(c, func(id int64, f questionForm) (int64, string, string, error) {
		_, person, skill, err := s.Skills.Ask(ctx(c), actor(c), id, f.Text)
		return person, skill, "Questioned. It stays marked until another coach answers.", err
	})
}

func (s *Site) answerEvidenceQuestion(c *gin.Context) error {
	return s.settle(c, func(id int64, f questionForm) (int64, string, string, error) {
		person, skill, err := s.Skills.Answer(ctx(c), actor(c), id, f.Text, f.LeaveOut == "yes")
		return person, skill, "Answered. Everyone who sees this level can read it.", err
	})
}

// settle carries a question or an answer out and goes back to the skill.
func (s *Site) settle(c *gin.Context, do func(id int64, f questionForm) (personID int64, skill, done string, err error)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	form := questionForm{About: id}
	if err := bind(c, &form); err != nil {
		return err
	}
	personID, skill, done, err := do(id, form)
	if p, ok := problems(err); ok {
		var person int64
		if _, err := fmt.Sscan(form.Person, &person); err != nil {
			return nowhere(c)
		}
		return s.showWhyOf(c, person, form.Skill, s.Now(), "", http.StatusUnprocessableEntity, form, p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, skillAddress(actor(c), personID, skill)+"#evidence", done)
}

// skillAddress is where this person reads that level.
func skillAddress(by people.Actor, personID int64, skill string) string {
	if personID == by.ID {
		return "/skills/" + skill
	}
	return fmt.Sprintf("/team/%d/%s", personID, skill)
}
