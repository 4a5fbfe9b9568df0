package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
)

type assignPage struct {
	Base
	People      []option
	Suggestions []idea
	Library     []optionGroup
	Gap         *gapWords
	Given       []courses.Assignment
	More        int64 // id to go on from, 0 at the end
	Form        assignForm
	Problems    Problems
}

type optionGroup struct {
	Label   string
	Options []option
}

// An idea is one of up to three things that may help with a gap.
type idea struct{ Value, Kind, Title, Why string }

type gapWords struct{ Skill, Words, Href string }

// An assignForm says what: "kind:ref" of an idea, "library" with Ref, or
// "topic" with Title.
type assignForm struct {
	Person string   `form:"person" validate:"required_without=Also,omitempty,number"`
	Also   []string `form:"also"`
	What   string   `form:"what"`
	Ref    string   `form:"ref"`
	Was    string   `form:"was"` // Ref as the page offered it
	Title  string   `form:"title" validate:"max=300"`
	Due    string   `form:"due" validate:"required,datetime=2006-01-02"`
	Reason string   `form:"reason" validate:"max=2000"`
	Skill  string   `form:"skill"`
}

// With reports whether somebody was ticked besides the one chosen.
func (f assignForm) With(value string) bool { return slices.Contains(f.Also, value) }

// persons are all who were chosen.
func (f assignForm) persons() []int64 { return numbers(append([]string{f.Person}, f.Also...)) }

const (
	givenAPage = 30
	dueInDays  = 14
)

// showAssign offers the form, filled in from ?person=, skill=, kind= and ref=.
func (s *Site) showAssign(c *gin.Context) error {
	form := assignForm{Person: c.Query("person"), Skill: c.Query("skill"), Title: c.Query("title"),
		Due: s.Now().AddDate(0, 0, dueInDays).Format(time.DateOnly), What: "library"}
	switch kind, ref := c.Query("kind"), c.Query("ref"); {
	case kind == "topic":
		form.What = "topic"
	case kind != "" && ref != "":
		form.Ref = kind + ":" + ref
	}
	return s.assignPage(c, http.StatusOK, form, nil)
}

func (s *Site) assignPage(c *gin.Context, code int, form assignForm, problems Problems) error {
	by := actor(c)
	p := assignPage{Base: s.base(c, "Assign"), Form: form, Problems: problems}
	led, err := s.People.Led(ctx(c), by)
	if err != nil {
		return err
	}
	for _, b := range led {
		p.People = append(p.People, option{strconv.FormatInt(b.ID, 10), b.Name})
	}
	if p.Library, err = s.assignable(c); err != nil {
		return err
	}
	if problems == nil {
		p.Form.Was = form.Ref
	}
	if err := s.suggestFor(c, by, &p); err != nil {
		return err
	}
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	if p.Given, err = s.Courses.Given(ctx(c), by, after, givenAPage); err != nil {
		return err
	}
	if len(p.Given) == givenAPage {
		p.More = p.Given[givenAPage-1].ID
	}
	return s.show(c, code, "assign/assign", p)
}

// assignable lists what the library holds, by course, the role-plays and the
// worksheets.
func (s *Site) assignable(c *gin.Context) ([]optionGroup, error) {
	outlines, err := s.Courses.Outlines(ctx(c))
	if err != nil {
		return nil, err
	}
	programs, err := s.Content.List(ctx(c), content.KindProgram)
	if err != nil {
		return nil, err
	}
	var groups []optionGroup
	if len(programs) > 0 {
		g := optionGroup{Label: "Programs"}
		for _, d := range programs {
			g.Options = append(g.Options, option{"program:" + d.Slug, d.Title})
		}
		groups = append(groups, g)
	}
	for _, o := range outlines {
		g := optionGroup{Label: o.Title, Options: []option{{"course:" + o.Slug, fmt.Sprintf("The whole course, %d min", o.Minutes)}}}
		for _, l := range o.Lessons {
			g.Options = append(g.Options, option{"lesson:" + o.Slug + "." + l.Slug, fmt.Sprintf("Lesson %d: %s, %d min", l.Number, l.Title, l.Minutes)})
		}
		groups = append(groups, g)
	}
	scenarios, err := s.Content.List(ctx(c), content.KindScenario)
	if err != nil {
		return nil, err
	}
	g := optionGroup{Label: "Role-plays"}
	for _, d := range scenarios {
		g.Options = append(g.Options, option{"scenario:" + d.Slug, d.Title})
	}
	worksheets, err := s.Assessments.Worksheets(ctx(c))
	if err != nil {
		return nil, err
	}
	w := optionGroup{Label: "Worksheets"}
	for _, d := range worksheets {
		w.Options = append(w.Options, option{"worksheet:" + d.Slug, d.Title})
	}
	for _, some := range []optionGroup{g, w} {
		if len(some.Options) > 0 {
			groups = append(groups, some)
		}
	}
	return groups, nil
}

var targetWords = map[string]string{"lesson": "Lesson", "scenario": "Role-play", "topic": "1:1 topic", "course": "Course", "worksheet": "Worksheet"}

// suggestFor adds what may help with the skill in question, and why it is asked.
func (s *Site) suggestFor(c *gin.Context, by people.Actor, p *assignPage) error {
	person, _ := strconv.ParseInt(p.Form.Person, 10, 64)
	if person == 0 || p.Form.Skill == "" {
		return nil
	}
	found, err := s.suggestions(c, person, p.Form.Skill)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	who, level, err := s.Skills.Level(ctx(c), by, person, p.Form.Skill, s.Now())
	if err != nil {
		return err
	}
	v := levelView{level}
	p.Gap = &gapWords{Skill: level.Skill.Name + ", " + who.Name, Href: fmt.Sprintf("/team/%d/%s", person, p.Form.Skill), Words: level.Reason + "."}
	if level.Known() {
		p.Gap.Words = strings.TrimSpace(fmt.Sprintf("Level %d, %s, from %s of evidence. %s", v.Whole(), v.Likely(), plural(level.Pieces, "piece", "pieces"), v.Chance()))
	}
	if found, err = s.withoutDone(c, by, person, p.Form.Skill, found); err != nil {
		return err
	}
	for _, f := range found {
		sug := idea{Value: f.Kind + ":" + f.Ref, Kind: targetWords[f.Kind], Title: f.Title, Why: f.Reason}
		if f.Kind == "topic" {
			sug.Value = "topic:" + f.Title
		}
		if f.Minutes > 0 {
			sug.Title += fmt.Sprintf(", %d min", f.Minutes)
		}
		p.Suggestions = append(p.Suggestions, sug)
		// What the page before had chosen is ticked among the suggestions.
		if p.Form.What == "library" && p.Form.Ref == sug.Value {
			p.Form.What, p.Form.Ref = sug.Value, ""
		}
	}
	if p.Form.What == "topic" && p.Form.Title == "" {
		if i := slices.IndexFunc(p.Suggestions, func(x idea) bool { return strings.HasPrefix(x.Value, "topic:") }); i >= 0 {
			p.Form.What = p.Suggestions[i].Value
		}
	}
	if p.Form.What == "library" && p.Form.Ref == "" && len(p.Suggestions) > 0 {
		p.Form.What = p.Suggestions[0].Value
	}
	return nil
}

// withoutDone puts the next lesson on the skill in the place of a suggested one
// that the person has done already; there may be none.
func (s *Site) withoutDone(c *gin.Context, by people.Actor, person int64, skill string, found []skills.Suggestion) ([]skills.Suggestion, error) {
	i := slices.IndexFunc(found, func(f skills.Suggestion) bool { return f.Kind == "lesson" })
	if i < 0 {
		return found, nil
	}
	places, err := s.Courses.Progress(ctx(c), by, person)
	if err != nil {
		return nil, err
	}
	done := map[string]bool{}
	for _, pl := range places {
		for _, l := range pl.Standing.Lessons {
			done[pl.Outline.Slug+"."+l.Lesson] = l.DoneAt != nil
		}
	}
	if !done[found[i].Ref] {
		return found, nil
	}
	lessons, err := s.Content.List(ctx(c), content.KindLesson)
	if err != nil {
		return nil, err
	}
	for _, d := range lessons {
		if d.Lesson != nil && slices.Contains(d.Lesson.Skills, skill) && !done[d.Slug] {
			found[i].Ref, found[i].Title, found[i].Minutes = d.Slug, d.Title, d.Lesson.Minutes
			found[i].Reason = "The next lesson on this skill that is not done yet."
			return found, nil
		}
	}
	return slices.Delete(found, i, i+1), nil
}

// plan reads what the form says.
func (f assignForm) plan() courses.Plan {
	p := courses.Plan{Reason: f.Reason, Skill: f.Skill}
	p.PersonID, _ = strconv.ParseInt(f.Person, 10, 64) // bind has seen both
	p.Due, _ = time.Parse(time.DateOnly, f.Due)
	what := f.What
	switch {
	case what != "library" && f.Ref != "" && f.Ref != f.Was:
		what = "library" // chosen from the list, without the tick before it
	case what != "topic" && f.Title != "" && f.Ref == "":
		what = "topic" // written, without the tick before it
	}
	switch what {
	case "library":
		what = f.Ref
	case "topic":
		what = "topic:" + f.Title
	}
	kind, ref, _ := strings.Cut(what, ":")
	p.Kind = courses.Target(kind)
	if p.Kind == courses.ToTopic {
		p.Title = ref
	} else {
		p.Ref = ref
	}
	if what == "" {
		p.Kind = courses.ToLesson // and nothing chosen: the field says so
	}
	return p
}

func (s *Site) assign(c *gin.Context) error {
	var form assignForm
	err := bind(c, &form)
	var all []courses.Assignment
	plan := form.plan()
	switch {
	case err == nil && plan.Kind == courses.ToProgram:
		return s.assignProgram(c, form, plan)
	case err == nil:
		all, err = s.Courses.AssignAll(ctx(c), actor(c), plan, form.persons())
	case strings.TrimSpace(form.Reason) == "":
		err = alsoReason(err)
	}
	if p, ok := problems(err); ok {
		return s.assignPage(c, http.StatusUnprocessableEntity, form, p)
	}
	if err != nil {
		return err
	}
	b := s.base(c, "")
	a := all[0]
	if len(all) > 1 {
		return s.seeOther(c, "/assign", fmt.Sprintf("Assigned to %s: %s, by %s. It stands on their Today pages.", plural(len(all), "person", "people"), a.Title, b.Day(a.Due)))
	}
	if s.Now().Sub(a.CreatedAt) > time.Minute {
		return s.seeOther(c, "/assign", fmt.Sprintf("%s has %s to do already, by %s. Nothing was changed.", a.Person, a.Title, b.Day(a.Due)))
	}
	return s.seeOther(c, "/assign", fmt.Sprintf("Assigned to %s: %s, by %s. It stands on their Today page.", a.Person, a.Title, b.Day(a.Due)))
}

// assignProgram puts those who were chosen into a program; its own days count
// from today.
func (s *Site) assignProgram(c *gin.Context, form assignForm, plan courses.Plan) error {
	n, err := s.Courses.EnrolInProgram(ctx(c), actor(c), courses.Enrolling{People: form.persons(), Program: plan.Ref, Reason: form.Reason})
	if p, ok := problems(err); ok {
		return s.assignPage(c, http.StatusUnprocessableEntity, form, p)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return s.seeOther(c, "/assign", "They were in the program already. Nothing was changed.")
	}
	return s.seeOther(c, "/admin/programs/"+plan.Ref, plural(n, "person is", "people are")+" in the program now, from today, and read your reason. Each item has its own day.")
}

// alsoReason adds the missing reason to the problems of a form, so that both
// are said at once.
func alsoReason(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Invalid && f.Fields != nil {
		f.Fields["reason"] = "A reason is missing. One line is enough; the person reads it on Today."
	}
	return err
}

func (s *Site) cancelAssignment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	a, err := s.Courses.Cancel(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	return s.seeOther(c, "/assign#given", fmt.Sprintf("Taken back: %s no longer has %s to do.", a.Person, a.Title))
}

// nudge reminds somebody of what is overdue.
func (s *Site) nudge(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	a, err := s.Courses.Nudge(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	return s.seeOther(c, "/today#late", fmt.Sprintf("%s is reminded of %s, once today.", a.Person, a.Title))
}
