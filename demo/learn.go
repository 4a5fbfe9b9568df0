package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"pitchside/content"
	"pitchside/people"
)

const course = "questions-for-large-sales"

// learn takes people through the course: some have finished it and its quiz,
// some are in the middle, the newest have not begun.
func (c *Company) learn(ctx context.Context) error {
	outline, err := c.Courses.Outline(ctx, course)
	if err != nil {
		return err
	}
	for i, m := range c.reps() {
		r := dice(m.name, "learning")
		done := len(outline.Lessons)
		switch {
		case m.name == "Dana Okafor", m.name == "Callum Reid":
			done = 3
		case m.months < 2:
			continue
		case i%5 == 4:
			done = r.IntN(len(outline.Lessons))
		}
		start := 20 + r.IntN(min(200, m.months*25))
		for n := range done {
			at := c.day(max(2, start-3*n), 8+r.IntN(3), r.IntN(60))
			if err := c.read(ctx, m, outline.Lessons[n].Slug, at, r); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
		if done == len(outline.Lessons) {
			if err := c.quiz(ctx, m, c.day(max(1, start-3*done), 14, r.IntN(60)), r); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
	}
	return nil
}

// read opens a lesson, answers its checks, now and then wrongly first, and finishes it.
func (c *Company) read(ctx context.Context, m member, lesson string, at time.Time, r *rand.Rand) error {
	by := c.as(m.name)
	c.at(at)
	if _, err := c.Courses.Enrol(ctx, by, by.ID, course); err != nil {
		return err
	}
	got, err := c.Courses.Open(ctx, by, course, lesson)
	if err != nil {
		return err
	}
	for i, q := range got.Lesson.Questions {
		c.at(at.Add(time.Duration(3+2*i) * time.Minute))
		if r.Float64() > 0.62+m.talent/8 {
			if _, err := c.Courses.Answer(ctx, by, by.ID, course, lesson, q.ID, slip(q, r)); err != nil {
				return err
			}
		}
		if _, err := c.Courses.Answer(ctx, by, by.ID, course, lesson, q.ID, q.Key()); err != nil {
			return err
		}
	}
	c.at(at.Add(11 * time.Minute))
	_, err = c.Courses.Finish(ctx, by, by.ID, course, lesson)
	return err
}

// quiz takes the course quiz once, and once more after a miss.
func (c *Company) quiz(ctx context.Context, m member, at time.Time, r *rand.Rand) error {
	by := c.as(m.name)
	for range 2 {
		c.at(at)
		passed, err := c.sit(ctx, m, by, r)
		if err != nil || passed {
			return err
		}
		if at = at.Add(26 * time.Hour); at.After(c.Now) {
			return nil
		}
	}
	return nil
}

func (c *Company) sit(ctx context.Context, m member, by people.Actor, r *rand.Rand) (bool, error) {
	doc, err := c.Content.Published(ctx, content.KindQuiz, course)
	if err != nil {
		return false, err
	}
	paper, err := c.Assessments.StartQuiz(ctx, by, by.ID, course)
	if err != nil {
		return false, err
	}
	for i, asked := range paper.Questions {
		q := doc.Question(asked.ID)
		answer := q.Key()
		if r.Float64() > 0.84+m.talent/9 {
			answer = slip(q, r)
		}
		c.at(c.clock.Add(time.Duration(40+i) * time.Second))
		if err := c.Assessments.AnswerQuiz(ctx, by, paper.Attempt.ID, q.ID, answer, ""); err != nil {
			return false, err
		}
	}
	result, err := c.Assessments.SubmitQuiz(ctx, by, paper.Attempt.ID)
	return err == nil && result.Attempt.Passed != nil && *result.Attempt.Passed, err
}

// slip is an answer somebody gives in a hurry; it may be right by chance.
func slip(q *content.Question, r *rand.Rand) json.RawMessage {
	var answer any
	switch q.Kind {
	case content.Single:
		answer = q.Options[r.IntN(len(q.Options))].ID
	case content.Multiple:
		answer = []string{q.Options[r.IntN(len(q.Options))].ID}
	case content.Matching:
		pairs := map[string]string{}
		for _, l := range q.Left {
			pairs[l.ID] = q.Right[r.IntN(len(q.Right))].ID
		}
		answer = pairs
	case content.Ordering:
		ids := []string{}
		for _, i := range r.Perm(len(q.Options)) {
			ids = append(ids, q.Options[i].ID)
		}
		answer = ids
	case content.Numeric:
		answer = 100 * (1 + r.IntN(9))
	default:
		answer = "not sure"
	}
	b, _ := json.Marshal(answer) // strings, numbers, lists and maps of strings always marshal
	return b
}
