package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// A transcriptForm is a pasted conversation, or a word about who said what.
type transcriptForm struct {
	Do      string `form:"do" validate:"required,oneof=paste alternate speakers swap"`
	Text    string `form:"text"`
	First   string `form:"first" validate:"omitempty,oneof=rep buyer"`
	Version string `form:"version" validate:"omitempty,number"`
}

// saveTranscript keeps the pasted text as turns. A text that names nobody comes
// back whole, with the offer to let its paragraphs take turns.
func (s *Site) saveTranscript(c *gin.Context) error {
	var form transcriptForm
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var turns []assessments.Turn
	guessed := false
	if err = bind(c, &form); err == nil {
		turns, guessed, err = s.readTranscript(c, id, form)
	}
	if err == nil {
		var version *int
		if v, ok := strconv.Atoi(form.Version); ok == nil {
			version = &v
		}
		_, err = s.Assessments.SaveTranscript(ctx(c), actor(c), id, turns, version)
	}
	var stale *fault.Error
	if errors.As(err, &stale) && stale.Kind == fault.Stale {
		p, err := s.attemptPage(c)
		if err != nil {
			return err
		}
		p.Theirs, p.Form.Text = stale.Theirs, form.Text
		return s.show(c, http.StatusConflict, "attempt/attempt", p)
	}
	if ps, ok := problems(err); ok {
		return s.showAttemptAgain(c, func(p *attemptPage) {
			p.Problems, p.Split = ps, form.Do == "paste" && form.Text != "" && len(form.Text) <= assessments.MaxTranscriptBytes
			p.Form.Text = form.Text
		})
	}
	if err != nil {
		return err
	}
	said := fmt.Sprintf("%s kept.", plural(len(turns), "turn", "turns"))
	if guessed {
		said += " The names did not say who is the rep, so check the speakers below."
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d#transcript", id), said)
}

func (s *Site) readTranscript(c *gin.Context, id int64, form transcriptForm) ([]assessments.Turn, bool, error) {
	by := actor(c)
	switch form.Do {
	case "paste":
		a, err := s.Assessments.Attempt(ctx(c), by, id)
		if err != nil {
			return nil, false, err
		}
		sc, err := s.Assessments.Pinned(ctx(c), a)
		if err != nil {
			return nil, false, err
		}
		p, err := assessments.ParseTranscript(form.Text, assessments.Names{Rep: a.Person, Buyer: sc.PersonaName()})
		return p.Turns, p.Guessed, err
	case "alternate":
		turns, err := assessments.Alternate(form.Text, assessments.Speaker(form.First))
		return turns, true, err
	}
	turns, err := s.Assessments.Transcript(ctx(c), by, id)
	if err != nil {
		return nil, false, err
	}
	for i := range turns {
		if form.Do == "swap" {
			turns[i].Speaker = turns[i].Speaker.Other()
		} else if v := c.PostForm(fmt.Sprintf("speaker_%d", turns[i].Seq)); v == "rep" || v == "buyer" {
			turns[i].Speaker = assessments.Speaker(v)
		}
	}
	return turns, false, nil
}
