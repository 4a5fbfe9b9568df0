package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// programmers are those who plan learning for others.
var programmers = []people.Capability{people.Coach, people.Manager, people.Author, people.Admin}

type programsPage struct {
	Base
	Rows    []programRow
	Overdue []courses.OverdueItem
	More    int // overdue items that are not shown
	Leads   bool
}

type programRow struct {
	Slug    string
	Program *content.Program
	In      int // of those one leads
	Overdue int
	Done    int
}

const overdueShown = 20

func (s *Site) showPrograms(c *gin.Context) error {
	by := actor(c)
	p := programsPage{Base: s.base(c, "Programs"), Leads: by.Can(leads...)}
	cards, err := s.Courses.Programs(ctx(c), by)
	if err != nil {
		return err
	}
	for _, card := range cards {
		row := programRow{Slug: card.Slug, Program: card.Program}
		if p.Leads {
			places, err := s.Courses.ProgramPeople(ctx(c), by, card.Slug)
			if err != nil {
				return err
			}
			for _, place := range places {
				switch {
				case place.WithdrawnAt != nil:
				case place.CompletedAt() != nil:
					row.In, row.Done = row.In+1, row.Done+1
				default:
					row.In++
					if place.Overdue() > 0 {
						row.Overdue++
					}
				}
			}
		}
		p.Rows = append(p.Rows, row)
	}
	if p.Leads {
		if p.Overdue, err = s.Courses.OverdueItems(ctx(c), by); err != nil {
			return err
		}
		if len(p.Overdue) > overdueShown && c.Query("overdue") != "all" {
			p.More = len(p.Overdue) - overdueShown
			p.Overdue = p.Overdue[:overdueShown]
		}
	}
	return s.show(c, http.StatusOK, "admin/programs", p)
}

type adminProgramPage struct {
	Base
	Slug     string
	Program  *content.Program
	Phases   []phase
	Places   []courses.ProgramPlace
	Left     []courses.ProgramPlace
	Led      []people.Brief // who is not in it
	Stalls   courses.Stalls
	Rules    []courses.EnrolmentRule
	Teams    []option
	Families []string
	IsAdmin  bool
	Leads    bool
	Form     enrolForm
	Rule     ruleForm
	Problems Problems
	At       string // which form was refused
}

// A phase is a section with the days it spans.
type phase struct {
	Title    string
	From, To int
	Items    int
}

type enrolForm struct {
	People []string `form:"people"`
	Starts string   `form:"starts" validate:"omitempty,datetime=2006-01-02"`
	Reason string   `form:"reason"`
}

// Chosen reports whether somebody was ticked.
func (f enrolForm) Chosen(id int64) bool {
	return slices.Contains(f.People, strconv.FormatInt(id, 10))
}

type ruleForm struct {
	Team   string `form:"team_id" validate:"omitempty,number"`
	Role   string `form:"role_family"`
	Region string `form:"region"`
	Hired  string `form:"hired_after" validate:"omitempty,datetime=2006-01-02"`
	Reason string `form:"rule_reason"`
}

func (s *Site) showAdminProgram(c *gin.Context) error {
	return s.adminProgramPage(c, http.StatusOK, adminProgramPage{Form: enrolForm{Starts: s.Now().Format(time.DateOnly)}})
}

func (s *Site) adminProgramPage(c *gin.Context, code int, p adminProgramPage) error {
	by := actor(c)
	doc, err := s.Courses.Program(ctx(c), c.Param("program"))
	if err != nil {
		return err
	}
	p.Base, p.Slug, p.Program = s.base(c, doc.Title), doc.Slug, doc.Program
	p.IsAdmin, p.Leads = by.Can(people.Admin), by.Can(leads...)
	for _, section := range p.Program.Sections {
		ph := phase{Title: section.Title, Items: len(section.Items), From: -1}
		for _, i := range section.Items {
			if ph.From < 0 || i.Due < ph.From {
				ph.From = i.Due
			}
			ph.To = max(ph.To, i.Due)
		}
		p.Phases = append(p.Phases, ph)
	}
	if p.Leads {
		if err := s.programPeople(c, by, &p); err != nil {
			return err
		}
	}
	if p.Stalls, err = s.Courses.ProgramStalls(ctx(c), by, p.Slug); err != nil {
		return err
	}
	if p.Rules, err = s.Courses.Rules(ctx(c), by, courses.ToProgram, p.Slug); err != nil {
		return err
	}
	if p.IsAdmin {
		p.Families = people.RoleFamilies
		teams, _, err := s.People.Teams(ctx(c), by, 200, "")
		if err != nil {
			return err
		}
		for _, t := range teams {
			p.Teams = append(p.Teams, option{strconv.FormatInt(t.ID, 10), t.Name})
		}
	}
	return s.show(c, code, "admin/program", p)
}

func (s *Site) programPeople(c *gin.Context, by people.Actor, p *adminProgramPage) error {
	places, err := s.Courses.ProgramPeople(ctx(c), by, p.Slug)
	if err != nil {
		return err
	}
	in := map[int64]bool{}
	for _, place := range places {
		if place.WithdrawnAt != nil {
			p.Left = append(p.Left, place)
			continue
		}
		p.Places = append(p.Places, place)
		in[place.PersonID] = true
	}
	led, err := s.People.Led(ctx(c), by)
	for _, b := range led {
		if !in[b.ID] {
			p.Led = append(p.Led, b)
		}
	}
	return err
}

func (s *Site) enrolPeople(c *gin.Context) error {
	var form enrolForm
	slug := c.Param("program")
	err := bind(c, &form)
	n := 0
	if err == nil {
		in := courses.Enrolling{Program: slug, Reason: form.Reason, People: numbers(form.People)}
		in.Starts, _ = time.Parse(time.DateOnly, form.Starts) // bind has seen it; empty is today
		n, err = s.Courses.EnrolInProgram(ctx(c), actor(c), in)
	}
	if p, ok := problems(err); ok {
		return s.adminProgramPage(c, http.StatusUnprocessableEntity, adminProgramPage{Form: form, Problems: p, At: "enrol"})
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return s.seeOther(c, "/admin/programs/"+slug, "They were in the program already. Nothing was changed.")
	}
	return s.seeOther(c, "/admin/programs/"+slug, plural(n, "person is", "people are")+" in the program now, and read your reason.")
}

// numbers are the ids of a list of ticked boxes; what is none is left out.
func numbers(values []string) []int64 {
	var out []int64
	for _, v := range values {
		if id, err := strconv.ParseInt(v, 10, 64); err == nil {
			out = append(out, id)
		}
	}
	return out
}

func (s *Site) addRule(c *gin.Context) error {
	var form ruleForm
	slug := c.Param("program")
	err := bind(c, &form)
	var made courses.EnrolmentRule
	if err == nil {
		r := courses.EnrolmentRule{Kind: courses.ToProgram, Slug: slug, RoleFamily: form.Role, Region: form.Region, Reason: form.Reason}
		if id, err := strconv.ParseInt(form.Team, 10, 64); err == nil {
			r.TeamID = &id
		}
		if day, err := time.Parse(time.DateOnly, form.Hired); err == nil {
			r.HiredAfter = &day
		}
		made, err = s.Courses.AddRule(ctx(c), actor(c), r)
	}
	if p, ok := problems(err); ok {
		if text := p["reason"]; text != "" {
			delete(p, "reason")
			p["rule_reason"] = text
		}
		return s.adminProgramPage(c, http.StatusUnprocessableEntity, adminProgramPage{Rule: form, Problems: p, At: "rule", Form: enrolForm{Starts: s.Now().Format(time.DateOnly)}})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/admin/programs/"+slug+"#rules", "The rule holds. It has enrolled "+plural(made.Enrolled, "person", "people")+" so far.")
}

func (s *Site) endRule(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Courses.EndRule(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, "/admin/programs/"+c.Param("program")+"#rules", "The rule has ended. Whoever is in the program stays in it.")
}

// takeOut takes somebody whom one leads out of a program.
func (s *Site) takeOut(c *gin.Context) error {
	id, err := pathID(c, "person")
	if err != nil {
		return err
	}
	slug := c.Param("program")
	if err := s.Courses.LeaveProgram(ctx(c), actor(c), id, slug); err != nil {
		return err
	}
	return s.seeOther(c, "/admin/programs/"+slug, "Taken out. What they did is kept; enrolling them again brings it back.")
}

// exportProgram gives who is where as a file, one line for each person and item.
func (s *Site) exportProgram(c *gin.Context) error {
	doc, err := s.Courses.Program(ctx(c), c.Param("program"))
	if err != nil {
		return err
	}
	places, err := s.Courses.ProgramPeople(ctx(c), actor(c), doc.Slug)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.csv"`, doc.Slug, s.Now().Format(time.DateOnly)))
	w := csv.NewWriter(c.Writer)
	_ = w.Write([]string{"person_id", "name", "program", "start", "section", "item", "kind", "title", "state", "due", "done", "done_by", "owner", "status", "left"})
	for _, p := range places {
		left := ""
		if p.WithdrawnAt != nil {
			left = p.WithdrawnAt.UTC().Format(time.DateOnly)
		}
		for _, section := range p.Sections {
			for _, i := range section.Items {
				done := ""
				if i.DoneAt != nil {
					done = i.DoneAt.UTC().Format(time.DateOnly)
				}
				_ = w.Write([]string{strconv.FormatInt(p.PersonID, 10), cellText(p.Person), doc.Slug, p.StartsOn.Format(time.DateOnly), cellText(section.Title), i.ID, string(i.Kind),
					cellText(i.Title), string(i.State), i.Day.Format(time.DateOnly), done, cellText(i.DoneBy), cellText(i.Step.Owner), i.Step.Status, left})
			}
		}
	}
	w.Flush()
	return w.Error()
}

// Words says which day of the program it is for somebody.
func (adminProgramPage) Words(p courses.ProgramPlace) string { return dayOfProgram(p) }
