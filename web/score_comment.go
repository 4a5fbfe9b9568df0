package web

import (
	"strconv"
	"time"

	"pitchside/assessments"

	"github.com/gin-gonic/gin"
)

// A saidComment is one of the assessor's own comments, with the place it is
// about: a moment, a line, or both.
type saidComment struct {
	ID    int64
	Text  string
	Typed string // what is in its edit box
	About string
	MS    *int
	Place string // 05:40, or line 7
	Turn  int    // 0: at a moment of the recording
}

func saidComments(sheet assessments.Sheet, sc assessments.Scenario, lines int) []saidComment {
	var out []saidComment
	for _, one := range sheet.Comments {
		s := saidComment{ID: one.ID, Text: one.Text, Typed: one.Text, About: criterionTitle(sc.Rubric, one.Criterion), MS: one.AtMS}
		if one.AtMS != nil {
			s.Place = clockOf(time.Duration(*one.AtMS) * time.Millisecond)
		}
		if one.TurnSeq != nil && *one.TurnSeq <= lines {
			s.Turn = *one.TurnSeq
			if s.Place == "" {
				s.Place = "line " + strconv.Itoa(s.Turn)
			}
		}
		out = append(out, s)
	}
	return out
}

// editComment changes the words of one of my comments. What is typed comes back
// in its box when it is refused.
func (s *Site) editComment(c *gin.Context, p *deskPage, id string) error {
	commentID, _ := strconv.ParseInt(id, 10, 64)
	text, was := c.PostForm("edit_"+id), c.PostForm("was_"+id)
	for i := range p.Remarks {
		if p.Remarks[i].ID == commentID {
			p.Remarks[i].Typed = text
		}
	}
	return s.Assessments.EditComment(ctx(c), actor(c), p.A.ID, commentID, text, &was)
}
