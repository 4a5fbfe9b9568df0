package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"
)

// A pupil is somebody in a program, with how long ago they began, how many of
// the first items they have done, and who put them in with which words.
type pupil struct {
	name   string
	began  int // days ago
	done   int
	by     string
	reason string
}

var pupils = map[string][]pupil{
	"sdr-30-days": {
		{"Maren Holt", 9, 4, "Eve Marsh", "Welcome. One step a day is enough; ask Grace whenever a step makes no sense."},
		{"Viktor Sand", 24, 9, "Tomas Lind", "You start with what every SDR here starts with. We look back together after thirty days."},
	},
	"ae-90-days": {
		{"Farah Siddiqui", 34, 5, "Helen Achterberg", "You know accounts well; this is about opening new ones."},
		{"Una Gallagher", 71, 9, "Tomas Lind", "A second run with scored practice this time, before the new territory."},
	},
	"manager-8-weeks": {
		{"Tomas Lind", 16, 4, "Helen Achterberg", "You asked for something on reviews and scoring. Tell me what is missing in it."},
		{"Eve Marsh", 3, 1, "Helen Achterberg", "For the coming eight weeks, an hour or two in each."},
	},
	"company-rollout": {
		{"Helen Achterberg", 96, 12, "", ""},
		{"Jonas Weber", 11, 1, "Helen Achterberg", "Keep the list for Enterprise, please; I keep the one for the whole house."},
	},
}

// programs puts two people into each program of the library, at different
// stages, and plans live sessions.
func (c *Company) programs(ctx context.Context) error {
	for slug, some := range ordered(pupils) {
		c.at(c.Now)
		if _, err := c.Courses.Program(ctx, slug); fault.KindOf(err) == fault.NotFound && err != nil {
			continue // a library of the company's own may have none
		} else if err != nil {
			return err
		}
		for _, p := range some {
			if err := c.follow(ctx, slug, p); err != nil {
				return fmt.Errorf("%s in %s: %w", p.name, slug, err)
			}
		}
	}
	return c.classes(ctx)
}

// follow takes somebody through the first items of a program.
func (c *Company) follow(ctx context.Context, slug string, p pupil) error {
	who, by := c.as(p.name), c.as(p.name)
	if p.by != "" {
		by = c.as(p.by)
	}
	begun := c.day(p.began, 8, 30)
	c.at(begun)
	if _, err := c.Courses.EnrolInProgram(ctx, by, courses.Enrolling{People: []int64{who.ID}, Program: slug, Reason: p.reason}); err != nil {
		return err
	}
	for n := range p.done {
		place, err := c.Courses.ProgramPlace(ctx, who, who.ID, slug)
		if err != nil {
			return err
		}
		items := place.Items()
		if n >= len(items) {
			return nil
		}
		at := begun.Add(time.Duration(n+1) * time.Duration(p.began) * 24 * time.Hour / time.Duration(p.done+1))
		if err := c.step(ctx, p.name, place, items[n], at); err != nil {
			return fmt.Errorf("%s: %w", items[n].ID, err)
		}
	}
	return nil
}

// step does one item, if it is one that can be done by reading or by ticking.
func (c *Company) step(ctx context.Context, name string, place courses.ProgramPlace, i courses.ItemPlace, at time.Time) error {
	if i.State == courses.ItemDone || i.State == courses.ItemLocked {
		return nil
	}
	c.at(at)
	switch i.Kind {
	case content.ItemMilestone:
		ticker := name
		switch i.Ref {
		case "coach":
			ticker = c.cast[name].coach
		case "manager":
			ticker = bosses[name]
		}
		if ticker == "" {
			return nil
		}
		note := i.ProgramItem.Evidence
		if note == "" {
			note = "Done, and talked about."
		}
		return c.Courses.Tick(ctx, c.as(ticker), place.ID, i.ID, note)
	case content.ItemCourse:
		o, err := c.Courses.Outline(ctx, i.Ref)
		if err != nil {
			return err
		}
		for _, l := range o.Lessons {
			if err := c.readLesson(ctx, name, i.Ref, l.Slug, at); err != nil {
				return err
			}
		}
	case content.ItemWorksheet:
		return c.planned(ctx, name, i.Ref, at)
	case content.ItemLesson:
		course, lesson, _ := strings.Cut(i.Ref, ".")
		return c.readLesson(ctx, name, course, lesson, at)
	}
	return nil
}

// readLesson reads a lesson of any course and answers its checks.
func (c *Company) readLesson(ctx context.Context, name, course, lesson string, at time.Time) error {
	by := c.as(name)
	c.at(at)
	got, err := c.Courses.Open(ctx, by, course, lesson)
	if err != nil {
		return err
	}
	for _, q := range got.Lesson.Questions {
		if _, err := c.Courses.Answer(ctx, by, by.ID, course, lesson, q.ID, q.Key()); err != nil {
			return err
		}
	}
	_, err = c.Courses.Finish(ctx, by, by.ID, course, lesson)
	return err
}

// classes plans a session that was held and one with a waiting list.
func (c *Company) classes(ctx context.Context) error {
	c.at(c.day(30, 9, 0))
	held, err := c.class(ctx, "Ana Ruiz", courses.LiveSession{Title: "Three calls, heard together", Kind: "classroom", At: c.day(20, 14, 0), Minutes: 60, Capacity: 6, Place: "Room Lorne, second floor",
		Summary: "Three recordings of our own, each stopped where the buyer says something new."}, "Aisha Khan", "Callum Reid", "Imani Brooks", "Leo Bianchi")
	if err != nil {
		return err
	}
	c.at(c.day(19, 9, 0))
	there := map[int64]bool{c.ids["Aisha Khan"]: true, c.ids["Callum Reid"]: true, c.ids["Imani Brooks"]: true, c.ids["Leo Bianchi"]: false}
	if err := c.Courses.MarkAttendance(ctx, c.as("Ana Ruiz"), held, there); err != nil {
		return err
	}
	c.at(c.day(5, 9, 0))
	next := c.Now.AddDate(0, 0, 9)
	_, err = c.class(ctx, "Ana Ruiz", courses.LiveSession{Title: "Score a calibration round together", Kind: "virtual", Topic: "scoring-calibration", Minutes: 90, Capacity: 3,
		At: time.Date(next.Year(), next.Month(), next.Day(), 13, 0, 0, 0, time.UTC), Link: "https://meet.fernhill.example/calibration",
		Summary: "Three recordings. Everybody scores alone first; then we talk about where we differ and why.", Materials: "Read before: Practice and fair scoring /learn/coaching-and-leading/practice-and-fair-scoring"},
		"Ben Carver", "Ines Fontaine", "Grace Whitfield", "Yannick Faure", "Tomas Lind")
	return err
}

// class plans a session, for which people then ask in this order.
func (c *Company) class(ctx context.Context, host string, l courses.LiveSession, guests ...string) (int64, error) {
	made, err := c.Courses.SaveLiveSession(ctx, c.as(host), l)
	if err != nil {
		return 0, err
	}
	for _, g := range guests {
		c.at(c.clock.Add(20 * time.Minute))
		if _, err := c.Courses.Register(ctx, c.as(g), c.ids[g], made.ID); err != nil {
			return 0, err
		}
	}
	return made.ID, nil
}
