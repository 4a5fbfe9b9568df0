package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"pitchside/assessments"
	"pitchside/people"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
)

type practicePage struct {
	Base
	Suggested    *suggestion
	Rows         []scenarioRow
	All          int // scenarios before filtering
	Filter       practiceFilter
	Methods      []string
	Difficulties []string
	Skills       []skillName
	Sheets       []worksheetRow
	AllSheets    int // worksheets before filtering
	Waiting      int // in the coach's queue
	Calibrates   bool
}

// A suggestion is the scenario to try next and why.
type suggestion struct {
	assessments.Scenario
	Why  string
	Href string
	Act  string
}

type scenarioRow struct {
	assessments.Scenario
	SkillNames []string
	Tries      int
	Latest     *assessments.Attempt
}

type practiceFilter struct {
	Method     string `form:"method"`
	Skill      string `form:"skill"`
	Difficulty string `form:"difficulty"`
	New        string `form:"new"`
}

// On reports whether anything is filtered.
func (f practiceFilter) On() bool { return f != practiceFilter{} }

func (f practiceFilter) takes(r scenarioRow) bool {
	return (f.Method == "" || r.Method == f.Method) && (f.Difficulty == "" || r.Difficulty == f.Difficulty) &&
		(f.Skill == "" || slices.Contains(r.Skills, f.Skill)) && (f.New == "" || r.Tries == 0)
}

type skillName struct{ Slug, Name string }

func (s *Site) showPractice(c *gin.Context) error {
	by := actor(c)
	p := practicePage{Base: s.base(c, "Practice"), Calibrates: assessments.MayCalibrate(by)}
	if err := bind(c, &p.Filter); err != nil {
		return err
	}
	all, err := s.Assessments.Scenarios(ctx(c))
	if err != nil {
		return err
	}
	tried, err := s.Assessments.Attempts(ctx(c), by, by.ID, "", 0, 500)
	if err != nil {
		return err
	}
	names, err := s.nameOfSkills(c)
	if err != nil {
		return err
	}
	rows := scenarioRows(all, tried, names)
	p.All = len(rows)
	for _, r := range rows {
		p.Methods = adding(p.Methods, r.Method)
		p.Difficulties = adding(p.Difficulties, r.Difficulty)
		for _, slug := range r.Skills {
			if !slices.ContainsFunc(p.Skills, func(k skillName) bool { return k.Slug == slug }) {
				p.Skills = append(p.Skills, skillName{slug, names[slug]})
			}
		}
		if p.Filter.takes(r) {
			p.Rows = append(p.Rows, r)
		}
	}
	slices.SortFunc(p.Difficulties, func(a, b string) int { return slices.Index(difficulties, a) - slices.Index(difficulties, b) })
	sheets, err := s.Assessments.Worksheets(ctx(c))
	if err != nil {
		return err
	}
	for _, r := range worksheetRows(sheets, tried, names) {
		p.AllSheets++
		for _, slug := range r.Skills {
			if !slices.ContainsFunc(p.Skills, func(k skillName) bool { return k.Slug == slug }) {
				p.Skills = append(p.Skills, skillName{slug, names[slug]})
			}
		}
		if p.Filter.takesSheet(r) {
			p.Sheets = append(p.Sheets, r)
		}
	}
	slices.SortFunc(p.Skills, func(a, b skillName) int { return strings.Compare(a.Name, b.Name) })
	if by.Can(people.Rep) {
		if p.Suggested, err = s.suggest(c, p.Base, rows, tried); err != nil {
			return err
		}
	}
	if by.Can(people.Coach) {
		waiting, err := s.Assessments.Queue(ctx(c), by, nil, 100)
		if err != nil {
			return err
		}
		p.Waiting = len(waiting)
	}
	return s.show(c, http.StatusOK, "practice/list", p)
}

// difficulties are those of a scenario, from the easiest.
var difficulties = []string{"introductory", "intermediate", "advanced"}

func adding(list []string, one string) []string {
	if one == "" || slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

// nameOfSkills returns the name of every skill by its slug.
func (s *Site) nameOfSkills(c *gin.Context) (map[string]string, error) {
	framework, err := s.Skills.Framework(ctx(c))
	names := map[string]string{}
	for _, k := range framework.All() {
		names[k.Slug] = k.Name
	}
	return names, err
}

func scenarioRows(all []assessments.Scenario, tried []assessments.Attempt, names map[string]string) []scenarioRow {
	rows := make([]scenarioRow, len(all))
	for i, sc := range all {
		rows[i].Scenario = sc
		for _, slug := range sc.Skills {
			name := names[slug]
			if name == "" {
				name = slug
			}
			rows[i].SkillNames = append(rows[i].SkillNames, name)
		}
		for _, a := range tried {
			if a.Scenario != sc.Slug || a.State == assessments.Withdrawn {
				continue
			}
			rows[i].Tries++
			if rows[i].Latest == nil {
				rows[i].Latest = &a
			}
		}
	}
	return rows
}

// suggest picks one scenario: a draft that waits, what was assigned, the widest
// gap, then what was never tried, then what was tried longest ago.
func (s *Site) suggest(c *gin.Context, b Base, rows []scenarioRow, tried []assessments.Attempt) (*suggestion, error) {
	by := actor(c)
	bySlug := map[string]scenarioRow{}
	for _, r := range rows {
		bySlug[r.Slug] = r
	}
	open := func(r scenarioRow, why string) *suggestion {
		return &suggestion{Scenario: r.Scenario, Why: why, Href: "/practice/" + r.Slug, Act: "Read the brief and start"}
	}
	for _, a := range tried {
		if r, ok := bySlug[a.Scenario]; ok && a.State == assessments.Draft {
			return &suggestion{Scenario: r.Scenario, Why: "You began this " + b.Ago(a.CreatedAt) + ". It waits where you left it.",
				Href: fmt.Sprintf("/attempts/%d", a.ID), Act: "Go on with it"}, nil
		}
	}
	due, err := s.Courses.Due(ctx(c), by)
	if err != nil {
		return nil, err
	}
	for _, d := range due {
		if r, ok := bySlug[d.Ref]; ok && d.Kind == "scenario" {
			return open(r, fmt.Sprintf("Assigned, due %s: “%s”", b.Day(d.Due), d.Reason)), nil
		}
	}
	_, levels, err := s.Skills.Levels(ctx(c), by, by.ID, s.Now())
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(levels, func(x, y skills.Level) int { return cmp.Compare(shortfall(y), shortfall(x)) })
	for _, l := range levels {
		if shortfall(l) <= 0 {
			break
		}
		for _, r := range rows {
			if slices.Contains(r.Skills, l.Skill.Slug) {
				return open(r, l.Skill.Name+" is where you are furthest below your target."), nil
			}
		}
	}
	for _, r := range rows {
		if r.Tries == 0 {
			return open(r, "You have not tried it yet."), nil
		}
	}
	var oldest *scenarioRow
	for i := range rows {
		if oldest == nil || rows[i].Latest.CreatedAt.Before(oldest.Latest.CreatedAt) {
			oldest = &rows[i]
		}
	}
	if oldest == nil {
		return nil, nil
	}
	return open(*oldest, "It is the longest since you tried this one."), nil
}

// shortfall is how far a known level lies below its target; 0 when rule R2 does
// not call it below.
func shortfall(l skills.Level) float64 {
	if !l.Known() || !l.Below() || l.Target == nil {
		return 0
	}
	return *l.Target - l.Estimate.Level
}

type scenarioPage struct {
	Base
	Sc       assessments.Scenario
	Brief    template.HTML
	Buyer    template.HTML // empty when it is not for this reader
	Opening  string
	Tries    []assessments.Attempt
	Next     int
	Why      string
	CanStart bool
	Coaches  string
	Keep     int // days after which recordings are deleted
	Problems Problems
}

func (s *Site) showScenario(c *gin.Context) error {
	p, err := s.scenarioPage(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "practice/scenario", p)
}

func (s *Site) scenarioPage(c *gin.Context) (scenarioPage, error) {
	by := actor(c)
	sc, err := s.Assessments.Scenario(ctx(c), c.Param("scenario"))
	if err != nil {
		return scenarioPage{}, err
	}
	p := scenarioPage{Base: s.base(c, sc.Title), Sc: sc, Brief: sc.Brief, Opening: sc.Opening(), CanStart: by.Can(people.Rep)}
	if sc.BuyerOpenTo(by) {
		p.Buyer = sc.Buyer
	}
	if p.Tries, err = s.Assessments.Attempts(ctx(c), by, by.ID, sc.Slug, 0, 50); err != nil {
		return p, err
	}
	p.Next = 1
	for _, a := range p.Tries {
		if a.State != assessments.Withdrawn {
			p.Next++
		}
	}
	if p.Coaches, err = s.coachesOf(c, by.ID); err != nil {
		return p, err
	}
	p.Keep, err = s.Assessments.KeepDays(ctx(c))
	return p, err
}

// coachesOf names who would score a person's attempts, or "".
func (s *Site) coachesOf(c *gin.Context, personID int64) (string, error) {
	rows, err := s.DB.Query(ctx(c), `select p.name from coachings k join persons p on p.id = k.coach_id
		where k.person_id = $1 and k.valid_from <= $2::date and (k.valid_to is null or k.valid_to > $2::date) and p.active and 'coach' = any(p.capabilities)
		order by p.name`, personID, s.Now())
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return "", err
		}
		names = append(names, n)
	}
	return and(names), rows.Err()
}

// and joins names: "Ana", "Ana and Ben", "Ana, Ben and Cy".
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

type startForm struct {
	Form string `form:"form" validate:"required,oneof=text transcript recording live"`
}

func (s *Site) startAttempt(c *gin.Context) error {
	var form startForm
	by := actor(c)
	err := bind(c, &form)
	var a assessments.Attempt
	if err == nil {
		a, err = s.Assessments.StartAttempt(ctx(c), by, by.ID, c.Param("scenario"), assessments.Form(form.Form))
	}
	if ps, ok := problems(err); ok {
		p, err := s.scenarioPage(c)
		if err != nil {
			return err
		}
		p.Problems = ps
		return s.show(c, http.StatusUnprocessableEntity, "practice/scenario", p)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/attempts/%d", a.ID))
	return nil
}
