package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// A transcriptForm is a pasted conversation, or a word about who said what.
type transcriptForm struct {
	Do      string `form:"do" validate:"required,startswith=paste|startswith=alternate|startswith=speakers|startswith=swap|startswith=labels|startswith=join:|startswith=split:"`
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
	if ask := (*whoSpeaks)(nil); errors.As(err, &ask) {
		p, err := s.attemptPage(c)
		if err != nil {
			return err
		}
		p.Speakers, p.Form.Text, p.Split = ask.labels, form.Text, true
		return s.show(c, http.StatusOK, "attempt/attempt", p)
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
	at := "transcript"
	if _, seq, ok := strings.Cut(form.Do, ":"); ok {
		at = "turn-" + seq
	}
	if guessed {
		said += " The names did not say who is the rep, so check the speakers below."
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d#%s", id, at), said)
}

func (s *Site) readTranscript(c *gin.Context, id int64, form transcriptForm) ([]assessments.Turn, bool, error) {
	by := actor(c)
	switch form.Do {
	case "paste", "labels":
		a, err := s.Assessments.Attempt(ctx(c), by, id)
		if err != nil {
			return nil, false, err
		}
		sc, err := s.Assessments.Pinned(ctx(c), a)
		if err != nil {
			return nil, false, err
		}
		names := assessments.Names{Rep: a.Person, Buyer: sc.PersonaName(), As: labelsOf(c)}
		p, err := assessments.ParseTranscript(form.Text, names)
		if err == nil && form.Do == "paste" && p.Guessed && len(p.Labels) > 2 {
			return nil, false, askWhoSpeaks(p)
		}
		return p.Turns, p.Guessed && form.Do == "paste", err
	case "alternate":
		turns, err := assessments.Alternate(form.Text, assessments.Speaker(form.First))
		return turns, true, err
	}
	turns, err := s.Assessments.Transcript(ctx(c), by, id)
	if err != nil {
		return nil, false, err
	}
	if seq, ok := strings.CutPrefix(form.Do, "join:"); ok {
		n, _ := strconv.Atoi(seq)
		turns, err := assessments.JoinTurns(turns, n)
		return turns, false, err
	}
	if seq, ok := strings.CutPrefix(form.Do, "split:"); ok {
		n, _ := strconv.Atoi(seq)
		turns, err := assessments.SplitTurn(turns, n, c.PostForm("words_"+seq))
		return turns, false, err
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

// A speakerChoice is a name in a pasted text, with who it is taken for.
type speakerChoice struct {
	Name string
	Side assessments.Speaker
}

// whoSpeaks asks who is who, when a text names more than two people and does
// not say which of them is the rep.
type whoSpeaks struct{ labels []speakerChoice }

func (w *whoSpeaks) Error() string { return "More than two people speak." }

func askWhoSpeaks(p assessments.Parsed) error {
	w := &whoSpeaks{}
	for name, side := range p.Labels {
		if name != "" {
			w.labels = append(w.labels, speakerChoice{name, side})
		}
	}
	slices.SortFunc(w.labels, func(x, y speakerChoice) int { return strings.Compare(x.Name, y.Name) })
	return w
}

// labelsOf reads who was said to be who: label_N with side_N, empty for a
// person whose words are left out.
func labelsOf(c *gin.Context) map[string]assessments.Speaker {
	out := map[string]assessments.Speaker{}
	for i := range 100 {
		name, there := c.GetPostForm(fmt.Sprintf("label_%d", i))
		if !there {
			break
		}
		side := assessments.Speaker(c.PostForm(fmt.Sprintf("side_%d", i)))
		if side != assessments.Rep && side != assessments.Buyer {
			side = ""
		}
		out[name] = side
	}
	return out
}
