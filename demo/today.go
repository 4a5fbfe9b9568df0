package demo

import (
	"context"
	"time"

	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
)

// today leaves something to do for each of the five sign-ins: attempts in the
// coach's queue, a session to prepare, an assignment with a reason.
func (c *Company) today(ctx context.Context) error {
	doc, err := c.Content.Published(ctx, content.KindScenario, calder)
	if err != nil {
		return err
	}
	rubric, err := c.Content.Published(ctx, content.KindRubric, doc.Scenario.Rubric)
	if err != nil {
		return err
	}
	for i, name := range []string{"Callum Reid", "Imani Brooks", "Nadia Petrova"} {
		var err error
		switch m := c.cast[name]; name {
		case "Imani Brooks":
			err = c.record(ctx, m, doc.Scenario.Beats, c.day(4-i, 15, 10))
		case "Nadia Petrova":
			err = c.call(ctx, m, "Callum Reid", doc.Scenario.Beats, c.day(4-i, 15, 10))
		default:
			err = c.try(ctx, m, doc.Scenario.Beats, rubric.Rubric, c.day(4-i, 15, 10), false)
		}
		if err != nil {
			return err
		}
	}
	if err := c.again(ctx, c.cast["Imani Brooks"], "Ana Ruiz", doc.Scenario.Beats, rubric.Rubric, c.day(2, 9, 30)); err != nil {
		return err
	}
	c.at(c.day(1, 16, 0))
	ana, eve := c.as("Ana Ruiz"), c.as("Eve Marsh")
	next := c.Now.AddDate(0, 0, 2)
	at := time.Date(next.Year(), next.Month(), next.Day(), 10, 0, 0, 0, time.UTC)
	for i, name := range []string{"Dana Okafor", "Imani Brooks"} {
		if _, err := c.Coaching.Plan(ctx, ana, coaching.SessionPlan{Kind: "1:1", RepIDs: []int64{c.ids[name]}, At: at.Add(time.Duration(i) * time.Hour), Template: "k1-grow"}); err != nil {
			return err
		}
	}
	for _, a := range []struct {
		who  string
		plan courses.Plan
	}{
		{"Callum Reid", courses.Plan{Kind: courses.ToLesson, Ref: course + ".implication-questions", Skill: "question", Reason: "You found the stoppages in four minutes and never asked what they did to anyone. This lesson is about that one step."}},
		{"Elif Demir", courses.Plan{Kind: courses.ToScenario, Ref: calder, Skill: "question", Reason: "Two more scored conversations and we can both see where you stand. Try Martin once before Friday."}},
	} {
		a.plan.PersonID, a.plan.Due = c.ids[a.who], dateOnly(c.Now.AddDate(0, 0, 6))
		if _, err := c.Courses.Assign(ctx, eve, a.plan); err != nil {
			return err
		}
	}
	c.at(c.day(10, 9, 30)) // and one whose day has passed
	_, err = c.Courses.Assign(ctx, eve, courses.Plan{PersonID: c.ids["Callum Reid"], Kind: courses.ToTopic, Title: "One recording of a discovery call, with the moment you would play again", Skill: "question",
		Reason: "We said in the team that each of us brings one.", Due: dateOnly(c.Now.AddDate(0, 0, -3))})
	return err
}
