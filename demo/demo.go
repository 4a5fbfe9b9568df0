// Package demo makes a believable company with the same verbs that people use:
// for a first look, for tests that only state what matters to them, and for
// benchmarks. It is deterministic: the same moment makes the same company. It
// knows every room and none of their tables.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/blob"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/performance"
	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// Password is that of the five sign-ins.
const Password = "pitchside-demo"

// SignIns are the five people one can be in the demo company.
var SignIns = []string{"rep@pitchside.example", "coach@pitchside.example", "manager@pitchside.example", "author@pitchside.example", "admin@pitchside.example"}

// A Company is being made: services on one database whose clock the builder sets.
type Company struct {
	DB          pg.DB
	Now         time.Time // the day it is made for
	People      *people.Service
	Content     *content.Service
	Skills      *skills.Service
	Courses     *courses.Service
	Assessments *assessments.Service
	Coaching    *coaching.Service
	Performance *performance.Service

	clock time.Time
	admin people.Actor
	ids   map[string]int64 // by name
	cast  map[string]member
}

// New returns a company on db, whose library must be there already, with its
// files in media.
func New(db pg.DB, media blob.Store, now time.Time) *Company {
	c := &Company{DB: db, Now: now, clock: now, admin: people.Operator,
		ids: map[string]int64{}, cast: map[string]member{}}
	clock := func() time.Time { return c.clock }
	c.People = &people.Service{DB: db, Now: clock}
	c.Content = &content.Service{DB: db, Now: clock}
	c.Skills = &skills.Service{DB: db, Content: c.Content, Now: clock}
	c.Courses = &courses.Service{DB: db, Content: c.Content, Now: clock}
	c.Assessments = &assessments.Service{DB: db, Content: c.Content, Blobs: media, Now: clock}
	c.Assessments.OnQuizPassed = c.Courses.QuizPassed
	c.Assessments.QuizAnew = c.Courses.QuizAnew
	c.Assessments.OnSubmitted = func(ctx context.Context, tx pgx.Tx, personID int64, scenario string) error {
		if slug, is := assessments.WorksheetSlug(scenario); is {
			return c.Courses.AssignmentDone(ctx, tx, personID, courses.ToWorksheet, slug)
		}
		return c.Courses.AssignmentDone(ctx, tx, personID, courses.ToScenario, scenario)
	}
	c.Courses.Elsewhere = func(ctx context.Context, persons []int64) ([]courses.Deed, error) {
		handed, err := c.Assessments.Deeds(ctx, persons)
		var out []courses.Deed
		for _, d := range handed {
			if slug, is := assessments.WorksheetSlug(d.Scenario); is {
				out = append(out, courses.Deed{PersonID: d.PersonID, Kind: content.ItemWorksheet, Ref: slug, At: d.At})
			}
		}
		return out, err
	}
	c.Coaching = &coaching.Service{DB: db, Skills: c.Skills, Now: clock}
	c.Performance = &performance.Service{DB: db, People: c.People, Blobs: media, Now: clock}
	return c
}

// Empty reports whether nobody is in the database yet.
func Empty(ctx context.Context, db pg.Querier) (bool, error) {
	var empty bool
	err := db.QueryRow(ctx, `select not exists (select from persons)`).Scan(&empty)
	return empty, err
}

// Fill makes the whole company: people, months of learning, scored role-plays,
// sessions with commitments, and deals.
func (c *Company) Fill(ctx context.Context) error {
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"people", c.hire}, {"observations", c.observe}, {"role-plays", c.practise}, {"learning", c.learn},
		{"worksheets", c.worksheets}, {"disputes", c.dispute}, {"calibration", c.calibrate},
		{"sessions", c.coach}, {"deals", c.sell}, {"programs", c.programs}, {"certificates", c.certify}, {"review", c.remember}, {"what is open today", c.today}, {"notes and threads", c.discuss},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("demo %s: %w", step.what, err)
		}
	}
	c.clock = c.Now
	return nil
}

// at sets the clock of every service.
func (c *Company) at(t time.Time) { c.clock = t }

// as returns a member as an actor.
func (c *Company) as(name string) people.Actor {
	m := c.cast[name]
	return people.Actor{ID: c.ids[name], Name: name, Email: address(m), RoleFamily: m.role, TimeZone: "UTC", Capabilities: m.can}
}

// address is a member's e-mail.
func address(m member) string {
	if m.email != "" {
		return m.email
	}
	return strings.ToLower(strings.NewReplacer(" ", ".", "’", "").Replace(m.name)) + "@pitchside.example"
}

// dice are a member's own: what is made for one does not move another.
func dice(name, what string) *rand.Rand {
	var a, b uint64 = 14695981039346656037, 1099511628211
	for _, r := range name + "/" + what {
		a = (a ^ uint64(r)) * 1099511628211
		b = b*31 + uint64(r)
	}
	return rand.New(rand.NewPCG(a, b))
}

// day returns a working moment some days before now, at an hour.
func (c *Company) day(daysAgo, hour, minute int) time.Time {
	t := c.Now.AddDate(0, 0, -daysAgo)
	switch t.Weekday() {
	case time.Saturday:
		t = t.AddDate(0, 0, -1)
	case time.Sunday:
		t = t.AddDate(0, 0, -2)
	}
	t = time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, time.UTC)
	if t.After(c.Now) {
		t = c.Now.Add(-time.Hour)
	}
	return t
}

// reps are the members who practise, in the order of the cast.
func (c *Company) reps() []member {
	var out []member
	for _, m := range cast {
		if (people.Actor{Capabilities: m.can}).Can(people.Rep) {
			out = append(out, m)
		}
	}
	return out
}

// level is what a member can really do in a skill at a moment, from 1 to 5:
// the starting point of the role, their talent, a leaning for or against the
// skill, and what they learn with time. What coaches see scatters around it.
func (c *Company) level(m member, skill string, at time.Time) float64 {
	r := dice(m.name, "skill "+skill)
	months := float64(m.months) - c.Now.Sub(at).Hours()/24/30.4
	learned := 0.9 * (1 - 1/(1+max(0, months)/9))
	return min(4.9, max(1.1, 2.6+m.talent*1.1+learned+0.6*r.NormFloat64()))
}

// seen is one observation of a true level by a person, to one decimal.
func seen(r *rand.Rand, level float64) float64 {
	v := level + 0.45*r.NormFloat64()
	return float64(int(min(5, max(1, v))*10+0.5)) / 10
}
