package demo

import (
	"context"
	"fmt"
	"time"

	"pitchside/content"
	"pitchside/courses"
)

// discuss leaves notes beside a lesson, and threads under it: one with a mention
// that is answered, one that waits.
func (c *Company) discuss(ctx context.Context) error {
	const lesson = "implication-questions"
	doc, err := c.Content.Published(ctx, content.KindLesson, course+"."+lesson)
	if err != nil {
		return err
	}
	paragraphs := doc.Lesson.Paragraphs
	if len(paragraphs) < 3 {
		return fmt.Errorf("the lesson %s has %d paragraphs", lesson, len(paragraphs))
	}
	dana := c.as("Dana Okafor")
	c.at(c.day(3, 9, 12))
	if _, err := c.Courses.Open(ctx, dana, course, lesson); err != nil {
		return err
	}
	for _, n := range []courses.NoteEdit{
		{Paragraph: paragraphs[1].ID, Text: "Martin: “Line three stops most weeks.” I answered with the price. Next time: what does that do to Friday’s loads?", Bookmarked: true},
		{Text: "Take one implication question into every call this week, and write down the answer word for word."},
	} {
		if _, err := c.Courses.SaveNote(ctx, dana, course, lesson, n); err != nil {
			return err
		}
	}
	said := func(who string, at time.Time, thread int64, text string) (courses.Post, error) {
		c.at(at)
		return c.Courses.Write(ctx, c.as(who), course, lesson, thread, text)
	}
	asked, err := said("Callum Reid", c.day(6, 11, 20), 0, "How do I ask this without sounding as if I enjoy the problem? My buyer went quiet after the second one.")
	if err != nil {
		return err
	}
	reply, err := said("Ana Ruiz", c.day(6, 14, 5), asked.ID, "Say back what you heard first, in their words, and ask only one. @Dana Okafor had a good one on her call with the mill.")
	if err != nil {
		return err
	}
	if _, err := said("Dana Okafor", c.day(5, 9, 40), asked.ID, "“When the line stops on a Thursday, who hears about it first?” She talked for two minutes."); err != nil {
		return err
	}
	c.at(c.day(5, 10, 0))
	yes := true
	if _, err := c.Courses.EditPost(ctx, c.as("Callum Reid"), asked.ID, courses.PostEdit{Answered: &yes, AnswerID: &reply.ID}); err != nil {
		return err
	}
	_, err = said("Elif Demir", c.day(1, 15, 30), 0, "Is a question about what a delay costs still an implication question when the buyer has not named the delay? The check says no, and I am not sure why.")
	return err
}
