package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
)

// A levelsPage is all levels of one person, by group.
type levelsPage struct {
	Base
	Person   skills.Person
	Mine     bool
	Root     string // address before a skill's slug
	Groups   []levelGroup
	Known    int
	Of       int
	Pieces   int
	Newest   *time.Time
	Primary  *link // the one next thing; nil without a framework
	Assign   string
	Outdated int // levels whose newest evidence is old
	Recall   recallView
}

type levelGroup struct {
	Name   string
	Levels []levelView
}

// A link is a thing to press.
type link struct{ Label, Href string }

func (s *Site) showMySkills(c *gin.Context) error {
	return s.showLevels(c, actor(c).ID)
}

func (s *Site) showTeamPerson(c *gin.Context) error {
	id, err := pathID(c, "person")
	if err != nil {
		return err
	}
	return s.showLevels(c, id)
}

func (s *Site) showLevels(c *gin.Context, personID int64) error {
	by := actor(c)
	person, levels, err := s.Skills.Levels(ctx(c), by, personID, s.Now())
	if err != nil {
		return err
	}
	p := levelsPage{Base: s.base(c, "My skills"), Person: person, Mine: person.ID == by.ID, Root: "/skills/"}
	if !p.Mine {
		p.Title = person.Name
		p.Root = fmt.Sprintf("/team/%d/", person.ID)
	}
	var worst *skills.Level
	for i, l := range levels {
		if l.Skill.Group == skills.LeadGroup && person.RoleFamily != skills.LeadFamily && l.Pieces == 0 {
			continue
		}
		p.Of++
		if len(p.Groups) == 0 || p.Groups[len(p.Groups)-1].Name != l.Skill.Group {
			p.Groups = append(p.Groups, levelGroup{Name: l.Skill.Group})
		}
		g := &p.Groups[len(p.Groups)-1]
		view := levelView{l}
		g.Levels = append(g.Levels, view)
		p.Pieces += l.Pieces
		if l.Newest != nil && (p.Newest == nil || l.Newest.After(*p.Newest)) {
			p.Newest = l.Newest
		}
		if !l.Known() {
			continue
		}
		p.Known++
		if view.Stale() {
			p.Outdated++
		}
		if l.Below() && (worst == nil || *l.PBelow > *worst.PBelow) {
			worst = &levels[i]
		}
	}
	p.Primary = p.next(worst)
	queue, err := s.Courses.Reviews(ctx(c), by, personID)
	if err != nil {
		return err
	}
	if p.Recall, err = s.recallOf(c, personID, queue, p.Mine); err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "skills/levels", p)
}

// next is what to do about the widest gap: practise it, or open it and assign.
func (p levelsPage) next(worst *skills.Level) *link {
	switch {
	case worst != nil:
		return &link{"Open " + worst.Skill.Name, p.Root + worst.Skill.Slug}
	case p.Mine:
		return &link{"Choose a practice", "/practice"}
	}
	return &link{"Assign to " + firstName(p.Person.Name), fmt.Sprintf("/assign?person=%d", p.Person.ID)}
}

func (s *Site) showMySkill(c *gin.Context) error {
	return s.showWhy(c, actor(c).ID, http.StatusOK, questionForm{}, nil)
}

func (s *Site) showTeamSkill(c *gin.Context) error {
	id, err := pathID(c, "person")
	if err != nil {
		return err
	}
	return s.showWhy(c, id, http.StatusOK, questionForm{}, nil)
}

// showWhy shows one skill of one person: the same page for everyone who sees it.
func (s *Site) showWhy(c *gin.Context, personID int64, code int, form questionForm, wrong Problems) error {
	at, asOf, err := s.moment(c.Query("at"))
	if err != nil {
		return err
	}
	return s.showWhyOf(c, personID, c.Param("skill"), at, asOf, code, form, wrong)
}

func (s *Site) showWhyOf(c *gin.Context, personID int64, skill string, at time.Time, asOf string, code int, form questionForm, wrong Problems) error {
	by := actor(c)
	why, err := s.Skills.Why(ctx(c), by, personID, skill, at)
	if err != nil {
		return err
	}
	p := whyPage{Base: s.base(c, why.Skill.Name), Why: why, View: levelView{why.Level}, Mine: personID == by.ID, AsOf: asOf, Form: form, Problems: wrong}
	p.Leads = !p.Mine && by.Can(people.Coach, people.Manager)
	if !p.Mine {
		p.Title = why.Skill.Name + " · " + why.Person.Name
	}
	if p.Suggestions, err = s.suggestions(c, personID, skill); err != nil {
		return err
	}
	if p.Practices, err = s.practicesOf(c, why); err != nil {
		return err
	}
	p.build()
	return s.show(c, code, "skills/why", p)
}

// suggestions are what may help a person with a skill, without the lessons that
// they have done.
func (s *Site) suggestions(c *gin.Context, personID int64, skill string) ([]skills.Suggestion, error) {
	done, err := pg.Column[string](ctx(c), s.DB, `select course || '.' || lesson from lesson_progress where person_id = $1 and done_at is not null`, personID)
	if err != nil {
		return nil, err
	}
	return s.Skills.Suggestions(ctx(c), actor(c), personID, skill, done...)
}

// moment reads ?at=, a date; empty is now.
func (s *Site) moment(at string) (time.Time, string, error) {
	if at == "" {
		return s.Now(), "", nil
	}
	day, err := time.Parse(time.DateOnly, at)
	if err != nil {
		return time.Time{}, "", fault.Invalidf("The day %q could not be read. Write it as 2026-10-24, or leave it out for today.", at)
	}
	return day, at, nil
}

func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}
