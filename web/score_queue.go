package web

import (
	"fmt"
	"net/http"
	"time"

	"pitchside/assessments"

	"github.com/gin-gonic/gin"
)

const queueLength = 50

type queuePage struct {
	Base
	Unread  int // answers of quizzes that wait to be read
	Waiting []assessments.Waiting
	Next    string                // cursor of the following page, or ""
	Later   bool                  // this is not the first page
	Back    []assessments.Waiting // sent back, with the rep
	For     string                // as what one scores; "" for all
	Kinds   []queueKind
}

// Age says how long an attempt has waited.
func (p queuePage) Age(w assessments.Waiting) string {
	if d := w.Days(p.At); d > 0 {
		return plural(d, "day", "days")
	}
	return "today"
}

// Old reports whether an attempt has waited three days or more.
func (p queuePage) Old(w assessments.Waiting) bool { return w.Days(p.At) >= 3 }

// Mine reports whether the reader has claimed an attempt.
func (p queuePage) Mine(w assessments.Waiting) bool {
	return w.ClaimedBy != nil && *w.ClaimedBy == p.Me.ID
}

// Calibrates reports whether the reader may open calibration rounds.
func (p queuePage) Calibrates() bool { return assessments.MayCalibrate(p.Me) }

// Because says why something stands in the queue, if not for being a coachee's.
func (p queuePage) Because(w assessments.Waiting) string {
	switch w.Why {
	case "calibration":
		return "calibration, scored blind"
	case "peer":
		return "asked you as a peer"
	case "grader":
		return "you are a designated grader"
	case "second":
		return "a second, independent score"
	case "adjudicator":
		return "two sheets differ; yours settles it"
	}
	return ""
}

// A queueKind is why something waits, as a filter of the queue.
type queueKind struct {
	Why, Name string
	N         int
}

var queueKinds = []queueKind{{Why: "coach", Name: "As their coach"}, {Why: "grader", Name: "As a grader"}, {Why: "second", Name: "Second scores"},
	{Why: "adjudicator", Name: "To settle"}, {Why: "peer", Name: "As a peer"}, {Why: "calibration", Name: "Calibration"}}

func (s *Site) showQueue(c *gin.Context) error {
	p := queuePage{Base: s.base(c, "Scoring queue")}
	var after *assessments.Waiting
	if cursor := c.Query("after"); cursor != "" {
		var micro, id int64
		if _, err := fmt.Sscanf(cursor, "%d-%d", &micro, &id); err == nil {
			after, p.Later = &assessments.Waiting{ID: id, SubmittedAt: time.UnixMicro(micro)}, true
		}
	}
	kinds, err := s.Assessments.QueueKinds(ctx(c), actor(c))
	if err != nil {
		return err
	}
	for _, k := range queueKinds {
		if k.N = kinds[k.Why]; k.N > 0 {
			p.Kinds = append(p.Kinds, k)
		}
		if c.Query("for") == k.Why {
			p.For = k.Why
		}
	}
	all, err := s.Assessments.QueueOf(ctx(c), actor(c), p.For, after, queueLength+1)
	if err != nil {
		return err
	}
	if len(all) > queueLength {
		all = all[:queueLength]
		last := all[queueLength-1]
		p.Next = fmt.Sprintf("%d-%d", last.SubmittedAt.UnixMicro(), last.ID)
	}
	p.Waiting = all
	unread, err := s.Assessments.OpenAnswers(ctx(c), actor(c), mostToRead)
	if err != nil {
		return err
	}
	p.Unread = len(unread)
	if p.Back, err = s.Assessments.SentBack(ctx(c), actor(c)); err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "score/queue", p)
}

func (s *Site) claimAttempt(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Assessments.Claim(ctx(c), actor(c), id); err != nil {
		return err
	}
	if c.PostForm("stay") != "" {
		return s.seeOther(c, "/score", "It is yours. Others see that you are scoring it.")
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/score/%d", id))
	return nil
}

// letGoAttempt gives up a claim, so that another coach takes it.
func (s *Site) letGoAttempt(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Assessments.LetGo(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, "/score", "Given up. What you wrote on your sheet is kept for you.")
}
