package demo

import (
	"context"
	"fmt"
	"time"

	"pitchside/content"
	"pitchside/courses"
)

// certified are people who completed a course that grants a certificate, so
// long ago that one stands in each state.
var certified = []struct {
	name, course string
	ago          int // days
}{
	{"Keira Doyle", "selling-foundations", 200},  // valid
	{"Nadia Petrova", "selling-foundations", 90}, // revoked
	{"Ana Ruiz", "coaching-and-leading", 330},    // due soon
	{"Ben Carver", "coaching-and-leading", 385},  // in its grace
	{"Ines Fontaine", "coaching-and-leading", 440},
}

// certify takes people through courses that grant certificates, revokes one,
// and brings the ledger up to date.
func (c *Company) certify(ctx context.Context) error {
	for _, p := range certified {
		if err := c.complete(ctx, p.name, p.course, c.day(p.ago, 9, 0)); err != nil {
			return fmt.Errorf("%s, %s: %w", p.name, p.course, err)
		}
	}
	c.at(c.day(12, 15, 0))
	nadia, tomas := c.as("Nadia Petrova"), c.as("Tomas Lind")
	held, err := c.Courses.PersonCertificates(ctx, nadia, nadia.ID)
	if err != nil {
		return err
	}
	for _, h := range held {
		if err := c.Courses.Revoke(ctx, tomas, h.ID, "We both saw that the quiz was taken together with a colleague. Take it again by yourself; it is ten minutes."); err != nil {
			return err
		}
	}
	c.at(c.Now)
	_, err = c.Courses.Certify(ctx)
	return err
}

// complete reads every lesson of a course and passes its quiz.
func (c *Company) complete(ctx context.Context, name, course string, at time.Time) error {
	o, err := c.Courses.Outline(ctx, course)
	if err != nil {
		return err
	}
	for i, l := range o.Lessons {
		if err := c.readLesson(ctx, name, course, l.Slug, at.Add(time.Duration(i)*12*time.Minute)); err != nil {
			return err
		}
	}
	if o.Quiz == nil {
		return nil
	}
	by := c.as(name)
	doc, err := c.Content.Published(ctx, content.KindQuiz, course)
	if err != nil {
		return err
	}
	paper, err := c.Assessments.StartQuiz(ctx, by, by.ID, course)
	if err != nil {
		return err
	}
	for _, q := range paper.Questions {
		if err := c.Assessments.AnswerQuiz(ctx, by, paper.Attempt.ID, q.ID, doc.Question(q.ID).Key(), ""); err != nil {
			return err
		}
	}
	_, err = c.Assessments.SubmitQuiz(ctx, by, paper.Attempt.ID)
	return err
}

// rememberers have reviewed for months: how many days ago they began, and how
// many of their cards. The first has enough answers for a range of its own.
var rememberers = []struct {
	name  string
	began int
	extra []string // courses whose cards they keep besides
	cards int
}{
	{"Aisha Khan", 230, []string{"strategy-and-planning", "process-and-pipeline"}, 36},
	{"Imani Brooks", 215, nil, 6},
	{"Leo Bianchi", 220, nil, 6},
	{"Grace Whitfield", 225, nil, 7},
	{"Callum Reid", 210, nil, 5},
	{"Hugo Lindqvist", 205, nil, 6},
}

// remember reviews cards over some months, five a day, each again after about
// 30, 60 and 90 days.
func (c *Company) remember(ctx context.Context) error {
	for _, m := range rememberers {
		by, r := c.as(m.name), dice(m.name, "review")
		start := c.Now.AddDate(0, 0, -m.began)
		c.at(start)
		for _, slug := range append([]string{course}, m.extra...) {
			if _, err := c.Courses.Enrol(ctx, by, by.ID, slug); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
		queue, err := c.Courses.Reviews(ctx, by, by.ID)
		if err != nil {
			return err
		}
		all := append(queue.Cards, queue.Later...)
		for i, card := range all[:min(m.cards, len(all))] {
			at := start.AddDate(0, 0, i/courses.CardsADay)
			for n, gap := range []int{0, 30, 60, 90} {
				at = at.AddDate(0, 0, gap).Add(time.Minute)
				rating := courses.Good
				switch luck := r.Float64(); {
				case n > 0 && luck < 0.16:
					rating = courses.Again
				case luck < 0.35:
					rating = courses.Hard
				}
				c.at(at)
				if _, err := c.Courses.Review(ctx, by, by.ID, card.ID, rating, at); err != nil {
					return fmt.Errorf("%s: %w", m.name, err)
				}
			}
		}
	}
	return nil
}
