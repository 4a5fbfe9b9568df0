package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type peoplePage struct {
	Base
	People     []people.Person
	Filter     peopleFilter
	Next       string // address of the following page
	Teams      []teamOption
	Families   []string
	NewTeam    teamForm
	Problems   Problems // of the new team
	TeamFailed bool
}

// peopleFilter is what the list was asked for, as typed.
type peopleFilter struct{ Search, Team, Capability, Family, State string }

// Any reports whether anything narrows the list.
func (f peopleFilter) Any() bool { return f != peopleFilter{State: "active"} && f != peopleFilter{} }

func (f peopleFilter) query(cursor string) string {
	v := url.Values{}
	for name, value := range map[string]string{"q": f.Search, "team": f.Team, "capability": f.Capability, "family": f.Family, "state": f.State, "after": cursor} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return "/admin/people?" + v.Encode()
}

// AllCapabilities are offered in forms.
func (b Base) AllCapabilities() []people.Capability { return people.Capabilities }

// A teamOption is a team with its way from the top: "Europe / Iberia".
type teamOption struct {
	people.Team
	Path string
}

// Value is the team's id as a form sends it.
func (t teamOption) Value() string { return strconv.FormatInt(t.ID, 10) }

type teamForm struct {
	Name   string `form:"name" validate:"required,max=100"`
	Parent string `form:"parent_id" validate:"omitempty,number"`
}

const peopleAPage = 50

func (s *Site) showPeople(c *gin.Context) error {
	if c.Query("add") != "" {
		return s.personPage(c, http.StatusOK, personPage{Form: personForm{RoleFamily: "AE", Capabilities: []string{"rep"}, TimeZone: actor(c).TimeZone}})
	}
	return s.peoplePage(c, http.StatusOK, peoplePage{})
}

func (s *Site) peoplePage(c *gin.Context, code int, p peoplePage) error {
	p.Base = s.base(c, "People")
	p.Filter = peopleFilter{strings.TrimSpace(c.Query("q")), c.Query("team"), c.Query("capability"), c.Query("family"), c.DefaultQuery("state", "active")}
	f := people.PeopleFilter{Search: p.Filter.Search, RoleFamily: p.Filter.Family, Capability: people.Capability(p.Filter.Capability), Limit: peopleAPage, Cursor: c.Query("after")}
	f.TeamID, _ = strconv.ParseInt(p.Filter.Team, 10, 64)
	if p.Filter.State == "active" || p.Filter.State == "left" {
		active := p.Filter.State == "active"
		f.Active = &active
	}
	var next string
	var err error
	if p.People, next, err = s.People.People(ctx(c), actor(c), f); err != nil {
		return err
	}
	if next != "" {
		p.Next = p.Filter.query(next)
	}
	if p.Teams, err = s.teamOptions(c); err != nil {
		return err
	}
	p.Families = people.RoleFamilies
	return s.show(c, code, "admin/people", p)
}

// teamOptions returns the teams with their paths, in the order of the tree.
func (s *Site) teamOptions(c *gin.Context) ([]teamOption, error) {
	teams, _, err := s.People.Teams(ctx(c), actor(c), 1000, "")
	if err != nil {
		return nil, err
	}
	byID := map[int64]people.Team{}
	for _, t := range teams {
		byID[t.ID] = t
	}
	var out []teamOption
	for _, t := range teams {
		path := t.Name
		for up, ok := t, t.ParentID != nil; ok; ok = up.ParentID != nil {
			up = byID[*up.ParentID]
			path = up.Name + " / " + path
		}
		out = append(out, teamOption{t, path})
	}
	slices.SortFunc(out, func(a, b teamOption) int { return strings.Compare(strings.ToLower(a.Path), strings.ToLower(b.Path)) })
	return out, nil
}

func (s *Site) createTeam(c *gin.Context) error {
	var form teamForm
	err := bind(c, &form)
	if err == nil {
		parent, _ := strconv.ParseInt(form.Parent, 10, 64)
		_, err = s.People.AddTeam(ctx(c), actor(c), form.Name, parent)
	}
	if p, ok := fieldProblems(err); ok {
		return s.peoplePage(c, http.StatusUnprocessableEntity, peoplePage{NewTeam: form, Problems: p, TeamFailed: true})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/admin/people#teams", form.Name+" is added.")
}

// fieldProblems is problems, and also for a Conflict that is about a field,
// such as an e-mail that somebody else has.
func fieldProblems(err error) (Problems, bool) {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Conflict && len(f.Fields) > 0 {
		return f.Fields, true
	}
	return problems(err)
}

type personForm struct {
	Name         string   `form:"name" validate:"required,max=200"`
	Email        string   `form:"email"`
	RoleFamily   string   `form:"role_family" validate:"required,max=60"`
	Region       string   `form:"region" validate:"max=100"`
	HireDate     string   `form:"hire_date" validate:"omitempty,datetime=2006-01-02"`
	EndDate      string   `form:"end_date" validate:"omitempty,datetime=2006-01-02"`
	TimeZone     string   `form:"time_zone" validate:"required"`
	Team         string   `form:"team_id" validate:"omitempty,number"`
	Manager      string   `form:"manager_id" validate:"omitempty,number"`
	Capabilities []string `form:"capabilities"`
	Version      string   `form:"version"`
}

// Has reports whether the capability is ticked.
func (f personForm) Has(c people.Capability) bool { return slices.Contains(f.Capabilities, string(c)) }

// patch is the form as a change of a person; its dates and numbers have been
// seen by bind.
func (f personForm) patch() people.PersonPatch {
	caps := []people.Capability{}
	for _, c := range f.Capabilities {
		caps = append(caps, people.Capability(c))
	}
	hired, _ := time.Parse(time.DateOnly, f.HireDate)
	ends, _ := time.Parse(time.DateOnly, f.EndDate)
	team, _ := strconv.ParseInt(f.Team, 10, 64)
	boss, _ := strconv.ParseInt(f.Manager, 10, 64)
	return people.PersonPatch{Name: &f.Name, Email: &f.Email, RoleFamily: &f.RoleFamily, Region: &f.Region, HireDate: &hired, EndDate: &ends,
		TimeZone: &f.TimeZone, Capabilities: &caps, TeamID: &team, ManagerID: &boss}
}

func formOf(p people.Person) personForm {
	f := personForm{Name: p.Name, Email: p.Email, RoleFamily: p.RoleFamily, Region: p.Region, TimeZone: p.TimeZone, Version: strconv.Itoa(p.Version)}
	for _, c := range p.Capabilities {
		f.Capabilities = append(f.Capabilities, string(c))
	}
	if p.HireDate != nil {
		f.HireDate = p.HireDate.Format(time.DateOnly)
	}
	if p.EndDate != nil {
		f.EndDate = p.EndDate.Format(time.DateOnly)
	}
	if p.TeamID != nil {
		f.Team = strconv.FormatInt(*p.TeamID, 10)
	}
	if p.ManagerID != nil {
		f.Manager = strconv.FormatInt(*p.ManagerID, 10)
	}
	return f
}

type coachForm struct {
	Coach string `form:"coach_id" validate:"required,number"`
	From  string `form:"from" validate:"omitempty,datetime=2006-01-02"`
	To    string `form:"to" validate:"omitempty,datetime=2006-01-02"`
}

// personPage is one person, or with Person.ID 0 the form for a new one.
type personPage struct {
	Base
	Person    people.Person
	Form      personForm
	Problems  Problems
	Theirs    string // what somebody else saved meanwhile
	Teams     []teamOption
	Managers  []people.Person
	Coaches   []people.Person
	Coachings []people.Coaching
	Families  []string
	Coach     coachForm
	CoachBad  Problems
	Link      string // an invitation, shown once
}

// New reports whether the person is still to be added.
func (p personPage) New() bool { return p.Person.ID == 0 }

// Running reports whether a coaching has not ended yet.
func (p personPage) Running(one people.Coaching) bool {
	return one.To == nil || !one.To.Before(p.At.UTC().Truncate(24*time.Hour))
}

// ID writes an id as a form sends it.
func (p personPage) ID(id int64) string { return strconv.FormatInt(id, 10) }

func (s *Site) personPage(c *gin.Context, code int, p personPage) error {
	title := p.Person.Name
	if p.New() {
		title = "Add a person"
	}
	p.Base, p.Families = s.base(c, title), people.RoleFamilies
	by, active := actor(c), true
	var err error
	if p.Teams, err = s.teamOptions(c); err != nil {
		return err
	}
	if p.Managers, _, err = s.People.People(ctx(c), by, people.PeopleFilter{Capability: people.Manager, Active: &active, Limit: 1000}); err != nil {
		return err
	}
	if !p.New() {
		if p.Coaches, _, err = s.People.People(ctx(c), by, people.PeopleFilter{Capability: people.Coach, Active: &active, Limit: 1000}); err != nil {
			return err
		}
		if p.Coachings, err = s.People.Coachings(ctx(c), by, p.Person.ID); err != nil {
			return err
		}
	}
	return s.show(c, code, "admin/person", p)
}

func (s *Site) addPerson(c *gin.Context) error {
	var form personForm
	err := bind(c, &form)
	var p people.Person
	if err == nil {
		p, err = s.People.AddPerson(ctx(c), actor(c), form.patch(), "page")
	}
	if wrong, ok := fieldProblems(err); ok {
		return s.personPage(c, http.StatusUnprocessableEntity, personPage{Form: form, Problems: wrong})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, personPath(p.ID), p.Name+" is added. Make an invitation link next, so that they can sign in.")
}

func personPath(id int64) string { return "/admin/people/" + strconv.FormatInt(id, 10) }

// personAt returns the person in the path.
func (s *Site) personAt(c *gin.Context) (people.Person, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return people.Person{}, err
	}
	return s.People.Person(ctx(c), actor(c), id)
}

func (s *Site) showPerson(c *gin.Context) error {
	p, err := s.personAt(c)
	if err != nil {
		return err
	}
	return s.personPage(c, http.StatusOK, personPage{Person: p, Form: formOf(p)})
}

func (s *Site) savePerson(c *gin.Context) error {
	was, err := s.personAt(c)
	if err != nil {
		return err
	}
	var form personForm
	err = bind(c, &form)
	if err == nil {
		version, bad := strconv.Atoi(form.Version)
		if bad != nil {
			version = -1 // a form without a version is a stale one
		}
		_, err = s.People.PatchPerson(ctx(c), actor(c), was.ID, version, form.patch())
	}
	if wrong, ok := fieldProblems(err); ok {
		return s.personPage(c, http.StatusUnprocessableEntity, personPage{Person: was, Form: form, Problems: wrong})
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Stale {
		form.Version = strconv.Itoa(was.Version)
		return s.personPage(c, http.StatusConflict, personPage{Person: was, Form: form, Theirs: f.Theirs})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, personPath(was.ID), "Saved.")
}

func (s *Site) invitePerson(c *gin.Context) error {
	p, err := s.personAt(c)
	if err != nil {
		return err
	}
	token, err := s.People.Invite(ctx(c), actor(c), p.ID)
	if err != nil {
		return err
	}
	return s.personPage(c, http.StatusOK, personPage{Person: p, Form: formOf(p), Link: s.URL + "/join/" + token})
}

func (s *Site) setActive(c *gin.Context) error {
	p, err := s.personAt(c)
	if err != nil {
		return err
	}
	active := c.PostForm("active") == "yes"
	if _, err := s.People.PatchPerson(ctx(c), actor(c), p.ID, 0, people.PersonPatch{Active: &active}); err != nil {
		return err
	}
	if active {
		return s.seeOther(c, personPath(p.ID), p.Name+" is active again and can sign in.")
	}
	return s.seeOther(c, personPath(p.ID), p.Name+" is inactive: signed out everywhere, with all history kept.")
}

func (s *Site) addCoach(c *gin.Context) error {
	p, err := s.personAt(c)
	if err != nil {
		return err
	}
	var form coachForm
	err = bind(c, &form)
	if err == nil {
		coach, _ := strconv.ParseInt(form.Coach, 10, 64)
		from, _ := time.Parse(time.DateOnly, form.From)
		to, _ := time.Parse(time.DateOnly, form.To)
		_, err = s.People.SetCoaching(ctx(c), actor(c), p.ID, coach, from, to)
	}
	if wrong, ok := problems(err); ok {
		return s.personPage(c, http.StatusUnprocessableEntity, personPage{Person: p, Form: formOf(p), Coach: form, CoachBad: wrong})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, personPath(p.ID)+"#coaches", "Saved.")
}

func (s *Site) endCoaching(c *gin.Context) error {
	p, err := s.personAt(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "coaching")
	if err != nil {
		return err
	}
	if err := s.People.EndCoaching(ctx(c), actor(c), p.ID, id); err != nil {
		return err
	}
	return s.seeOther(c, personPath(p.ID)+"#coaches", "The coaching has ended; what was scored and agreed in it stays.")
}
