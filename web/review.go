package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"pitchside/courses"

	"github.com/gin-gonic/gin"
)

type reviewPage struct {
	Base
	Card     *courses.Card
	Queue    courses.Queue
	Left     int
	Later    int // due, but not today
	Revealed bool
	Recall   recallView
	Form     holdForm
	Problems Problems
}

// A holdForm is the days of a hold as they were typed.
type holdForm struct{ From, To string }

// Words says what is to be done today.
func (p reviewPage) Words() string {
	switch {
	case p.Card == nil:
		return "Five cards a day at most, on workdays, chosen by when you are about to forget them."
	case p.Queue.Done > 0:
		return fmt.Sprintf("%d done, %s today. Say each answer aloud before you look.", p.Queue.Done, plural(p.Left, "card left", "cards left"))
	}
	return fmt.Sprintf("%s today. Say each answer aloud before you look.", plural(p.Left, "card", "cards"))
}

// Why says why no card is shown, and when the next one comes.
func (p reviewPage) Why() string {
	switch {
	case p.Queue.Held:
		return fmt.Sprintf("Your review is on hold until %s. Nothing falls due before, and afterwards it goes on where it stood.", p.Day(p.Queue.Hold.To))
	case p.Later > 0 && p.weekend():
		return fmt.Sprintf("None on weekends. %s on Monday.", plural(p.Later, "card is waiting", "cards are waiting"))
	case p.Later > 0:
		return fmt.Sprintf("Today’s five are done. %s for the next workday.", plural(p.Later, "card waits", "cards wait"))
	case p.Base.At.IsZero() || p.Queue.Next == nil:
		return "Cards come with the courses you begin. Open one, and its cards appear here."
	}
	return "Your cards come back when you are about to forget them. The next is due on " + p.Day(*p.Queue.Next) + "."
}

// Last says how the card was recalled before.
func (p reviewPage) Last() string {
	if p.Card == nil || p.Card.Reviewed == nil {
		return "new"
	}
	return "last seen " + p.Ago(*p.Card.Reviewed)
}

var ratingWords = map[courses.Rating]string{courses.Again: "again", courses.Hard: "hard", courses.Good: "good"}

// Undo names the rating that can be taken back.
func (p reviewPage) Undo() string {
	if p.Queue.Undo == nil {
		return ""
	}
	return ratingWords[p.Queue.Undo.Rating]
}

func (p reviewPage) weekend() bool {
	d := p.in(p.Base.At).Weekday()
	return d == time.Saturday || d == time.Sunday
}

func (s *Site) showReview(c *gin.Context) error {
	return s.reviewPage(c, http.StatusOK, nil, nil)
}

func (s *Site) reviewPage(c *gin.Context, code int, form *holdForm, wrong Problems) error {
	by := actor(c)
	queue, err := s.Courses.Reviews(ctx(c), by, by.ID)
	if err != nil {
		return err
	}
	p := reviewPage{Base: s.base(c, "Review"), Queue: queue, Problems: wrong}
	p.Wide = "narrow"
	if p.Recall, err = s.recallOf(c, by.ID, queue, true); err != nil {
		return err
	}
	if h := queue.Hold; h != nil {
		p.Form = holdForm{h.From.Format(time.DateOnly), h.To.Format(time.DateOnly)}
	}
	if form != nil {
		p.Form = *form
	}
	today := queue.Today()
	p.Left, p.Later = len(today), len(queue.Cards)-len(today)
	if len(today) > 0 {
		p.Card = &today[0]
		p.Revealed = c.Query("reveal") == strconv.FormatInt(p.Card.ID, 10)
	}
	return s.show(c, code, "learn/review", p)
}

func (s *Site) rateCard(c *gin.Context) error {
	id, err := pathID(c, "card")
	if err != nil {
		return err
	}
	by := actor(c)
	r, err := s.Courses.Review(ctx(c), by, by.ID, id, courses.Rating(c.PostForm("rating")), s.Now())
	if err != nil {
		return err
	}
	return s.seeOther(c, "/review", "This card comes back in "+plural(r.IntervalDays, "day", "days")+".")
}

// undoRating takes back the last rating and shows its card again.
func (s *Site) undoRating(c *gin.Context) error {
	by := actor(c)
	if _, err := s.Courses.UndoReview(ctx(c), by, by.ID); err != nil {
		return err
	}
	return s.seeOther(c, "/review", "Taken back. The card is what it was before.")
}

// holdReview holds one's review from day to day, or ends the hold.
func (s *Site) holdReview(c *gin.Context) error {
	by, form, wrong := actor(c), holdForm{c.PostForm("from"), c.PostForm("to")}, Problems{}
	if c.PostForm("end") != "" {
		form = holdForm{}
	}
	day := func(field, text string) *time.Time {
		if text == "" {
			return nil
		}
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			wrong[field] = words["datetime"]
		}
		return &t
	}
	from, to := day("from", form.From), day("to", form.To)
	if len(wrong) > 0 {
		return s.reviewPage(c, http.StatusUnprocessableEntity, &form, wrong)
	}
	h, err := s.Courses.SetHold(ctx(c), by, by.ID, from, to)
	if p, ok := problems(err); ok {
		return s.reviewPage(c, http.StatusUnprocessableEntity, &form, p)
	}
	if err != nil {
		return err
	}
	if h == nil {
		return s.seeOther(c, "/review", "No hold. Your cards come as they fall due.")
	}
	b := s.base(c, "")
	return s.seeOther(c, "/review", fmt.Sprintf("On hold from %s to %s. Nothing falls due then.", b.Day(h.From), b.Day(h.To)))
}

// A cardsPage lists all cards of a person: those that are due, and those to come.
type cardsPage struct {
	Base
	Queue courses.Queue
}

// Chance writes the chance of recall of a card in tenths: more would be false precision.
func (cardsPage) Chance(c courses.Card) string {
	if c.Recall == nil {
		return "not seen yet"
	}
	return fmt.Sprintf("about %.0f in 10", 10**c.Recall)
}

func (s *Site) showCards(c *gin.Context) error {
	by := actor(c)
	p := cardsPage{Base: s.base(c, "My cards")}
	var err error
	if p.Queue, err = s.Courses.Reviews(ctx(c), by, by.ID); err != nil {
		return err
	}
	p.Wide = "mid"
	return s.show(c, http.StatusOK, "learn/cards", p)
}
