package demo

import (
	"context"
	"fmt"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/content/beats"
)

// again is a transcript that a coach read halfway and sent back to be tried
// again; it lies with its rep.
func (c *Company) again(ctx context.Context, m member, coach string, script *beats.Script, rubric *content.Rubric, at time.Time) error {
	r := dice(m.name, "again "+at.Format(time.DateTime))
	rep := c.as(m.name)
	c.at(at)
	a, err := c.Assessments.StartAttempt(ctx, rep, rep.ID, calder, assessments.FormTranscript)
	if err != nil {
		return err
	}
	game, err := play(script, fmt.Sprint(a.ID), c.level(m, "question", at), r)
	if err != nil {
		return err
	}
	said := turns(game, r)
	if _, err := c.Assessments.SaveTranscript(ctx, rep, a.ID, said, nil); err != nil {
		return err
	}
	if err := c.Assessments.Submit(ctx, rep, a.ID); err != nil {
		return err
	}
	c.at(at.Add(26 * time.Hour))
	two, line := 2, ""
	for _, t := range said {
		if t.Speaker == assessments.Rep {
			line = t.Text
			break
		}
	}
	by := c.as(coach)
	if _, _, err := c.Assessments.SaveSheet(ctx, by, a.ID, by.ID, assessments.SheetInput{Scores: []assessments.Score{{Criterion: rubric.Criteria[0].ID, Level: &two, Quote: line}},
		TryNext: "Stay with the first difficulty he names."}, nil); err != nil {
		return err
	}
	return c.Assessments.AskAgain(ctx, by, a.ID, "You had him at the stoppages, and then went on to the next topic. Take it up from there, and ask twice what one of them leads to before you say anything about us.")
}
