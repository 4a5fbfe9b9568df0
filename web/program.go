package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type programPage struct {
	Base
	Slug     string
	Program  *content.Program
	Place    *courses.ProgramPlace // nil: not begun
	Own      bool                  // the page's person looks at it
	Leads    bool                  // somebody who leads them does
	Sections []programSection
	Next     *programItem
	Problems Problems
	Form     programForm
	MayAdmit bool
}

type programSection struct {
	Title, Summary string
	Items          []programItem
	Done           int
}

// A programItem is an item as the page shows it.
type programItem struct {
	courses.ItemPlace
	Words    string // what kind of thing it is
	Icon     string
	DayWords string
	Late     bool
	MayTick  bool
	Gate     *courses.GatePlace
	Asks     *content.Gate
	Link     string
}

// A programForm is what was typed into one of the forms of an item.
type programForm struct {
	At     string // the item, or "extend"
	Note   string `form:"note"`
	Passed string `form:"passed"`
	Owner  string `form:"owner"`
	Status string `form:"status"`
	Step   string `form:"step_note"`
	Item   string `form:"item"`
	Days   string `form:"days" validate:"omitempty,number"`
	Reason string `form:"reason"`
}

// Began reports whether the program is under way for the person.
func (p programPage) Began() bool { return p.Place != nil && p.Place.WithdrawnAt == nil }

// Who names the person in the third place, or speaks to them.
func (p programPage) Who() string {
	if p.Own {
		return "You"
	}
	return p.Place.Person
}

// DayWords says which day of the program it is.
func (p programPage) DayWords() string { return dayOfProgram(*p.Place) }

func dayOfProgram(p courses.ProgramPlace) string {
	switch n, all := p.DayNumber(), p.Program.Days+p.Added; {
	case p.CompletedAt() != nil:
		return "Finished"
	case n < 1:
		return "Starts on " + p.StartsOn.Format("Mon 2 January")
	case n > all:
		return fmt.Sprintf("Day %d of %d; it goes on until everything is done", n, all)
	default:
		return fmt.Sprintf("Day %d of %d", n, all)
	}
}

// Rollout reports whether the steps of the program have owners.
func (p programPage) Rollout() bool {
	for _, i := range p.Program.Items() {
		if i.Owner != "" {
			return true
		}
	}
	return false
}

// Unfolded reports whether the form of an item stands open: what is due now, and
// what was refused.
func (p programPage) Unfolded(i programItem) bool {
	return i.Late || p.Form.At == i.ID || p.Next != nil && p.Next.ID == i.ID
}

// Choices are the items that an extension can be about.
func (p programPage) Choices() []option {
	out := []option{{"", "The whole program"}}
	for _, s := range p.Sections {
		for _, i := range s.Items {
			if i.State != courses.ItemDone {
				out = append(out, option{i.ID, i.Title})
			}
		}
	}
	return out
}

var itemWords = map[content.ItemKind]struct{ words, icon string }{
	content.ItemCourse: {"Course", "learn"}, content.ItemLesson: {"Lesson", "learn"}, content.ItemScenario: {"Role-play", "practice"},
	content.ItemWorksheet: {"Worksheet", "document"}, content.ItemTemplate: {"Coaching session", "coaching"}, content.ItemSession: {"Live session", "team"},
	content.ItemMilestone: {"Milestone", "flag"}, content.ItemGate: {"Gate", "key"},
}

func (s *Site) showProgram(c *gin.Context) error {
	return s.programPage(c, http.StatusOK, actor(c).ID, c.Param("program"), programForm{}, nil)
}

// showPersonProgram is the same page, of somebody whom one leads.
func (s *Site) showPersonProgram(c *gin.Context) error {
	id, err := pathID(c, "person")
	if err != nil {
		return err
	}
	return s.programPage(c, http.StatusOK, id, c.Param("program"), programForm{}, nil)
}

func (s *Site) programPage(c *gin.Context, code int, personID int64, slug string, form programForm, problems Problems) error {
	by := actor(c)
	place, err := s.Courses.ProgramPlace(ctx(c), by, personID, slug)
	p := programPage{Slug: slug, Own: personID == by.ID, Form: form, Problems: problems}
	switch {
	case err == nil:
		p.Place, p.Program = &place, place.Program
	case fault.KindOf(err) == fault.NotFound && p.Own:
		doc, err := s.Courses.Program(ctx(c), slug)
		if err != nil {
			return err
		}
		p.Program = doc.Program
		if place, err = s.Courses.PreviewProgram(ctx(c), by, doc); err != nil {
			return err
		}
	default:
		return err
	}
	p.Base = s.base(c, p.Program.Title)
	p.Leads = !p.Own && by.Can(people.Coach, people.Manager)
	p.MayAdmit = by.Can(programmers...)
	if err := s.programSections(c, by, &p, place); err != nil {
		return err
	}
	return s.show(c, code, "learn/program", p)
}

func (s *Site) programSections(c *gin.Context, by people.Actor, p *programPage, place courses.ProgramPlace) error {
	next := place.Next()
	for _, section := range place.Sections {
		out := programSection{Title: section.Title, Summary: section.Summary, Done: section.Done()}
		for _, i := range section.Items {
			item := programItem{ItemPlace: i, Words: itemWords[i.Kind].words, Icon: itemWords[i.Kind].icon, Asks: i.ProgramItem.Gate, Link: i.Href()}
			if p.Began() {
				item.DayWords, item.Late = daysLeft(i, place.Today), i.State == courses.ItemOverdue
			} else {
				item.DayWords = fmt.Sprintf("day %d", i.Due)
			}
			switch {
			case i.State == courses.ItemDone:
				item.Icon = "done"
			case i.State == courses.ItemLocked:
				item.Icon = "lock"
			}
			if i.State == courses.ItemLocked || !p.Own && i.Kind != content.ItemCourse && i.Kind != content.ItemLesson {
				item.Link = ""
			}
			if p.Began() && (i.Kind == content.ItemMilestone || i.Kind == content.ItemGate) {
				var err error
				if item.MayTick, err = s.Courses.MayTick(ctx(c), by, place, i); err != nil {
					return err
				}
			}
			if p.Began() && i.Kind == content.ItemGate {
				g, err := s.Courses.Gate(ctx(c), by, place, i)
				if err != nil {
					return err
				}
				item.Gate = &g
			}
			if p.Began() && next != nil && next.ID == i.ID {
				p.Next = &item
			}
			out.Items = append(out.Items, item)
		}
		p.Sections = append(p.Sections, out)
	}
	return nil
}

// daysLeft says when an item is due, as people say it.
func daysLeft(i courses.ItemPlace, today time.Time) string {
	n := int(i.Day.Sub(today).Hours() / 24)
	switch {
	case i.DoneAt != nil:
		return "done"
	case i.Retry != nil:
		return "next try " + i.Retry.Format("2 Jan")
	case n == 0:
		return "due today"
	case n == 1:
		return "due tomorrow"
	case n < 0:
		return plural(-n, "day", "days") + " over"
	}
	return "due in " + plural(n, "day", "days")
}

func (s *Site) enrolInProgram(c *gin.Context) error {
	by, slug := actor(c), c.Param("program")
	if _, err := s.Courses.EnrolInProgram(ctx(c), by, courses.Enrolling{People: []int64{by.ID}, Program: slug}); err != nil {
		return err
	}
	return s.seeOther(c, "/learn/programs/"+slug, "You are in. Today is the first day; what is next stands on Today.")
}

func (s *Site) leaveProgram(c *gin.Context) error {
	by, slug := actor(c), c.Param("program")
	if err := s.Courses.LeaveProgram(ctx(c), by, by.ID, slug); err != nil {
		return err
	}
	return s.seeOther(c, "/learn/programs/"+slug, "You have left this program. What you did is kept, and you can come back.")
}

func (s *Site) followNewest(c *gin.Context) error {
	slug := c.Param("program")
	if err := s.Courses.FollowNewest(ctx(c), actor(c), slug); err != nil {
		return err
	}
	return s.seeOther(c, "/learn/programs/"+slug, "You follow the newest version now. Everything you did counts on.")
}

// itemForm carries out one form of a way, and shows its page again with what
// was typed if it is refused.
func (s *Site) itemForm(c *gin.Context, at string, done string, do func(id int64, f programForm) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	by := actor(c)
	place, err := s.Courses.ProgramPlaceByID(ctx(c), by, id)
	if err != nil {
		return err
	}
	form := programForm{}
	if err = bind(c, &form); err == nil {
		err = do(id, form)
	}
	form.At = at
	if p, ok := problems(err); ok {
		return s.programPage(c, http.StatusUnprocessableEntity, place.PersonID, place.ProgramEnrolment.Program, form, p)
	}
	if err != nil {
		return err
	}
	to := "/learn/programs/" + place.ProgramEnrolment.Program
	if place.PersonID != by.ID {
		to += "/" + strconv.FormatInt(place.PersonID, 10)
	}
	if c.Param("item") != "" {
		to += "#" + at
	}
	return s.seeOther(c, to, done)
}

func (s *Site) tickItem(c *gin.Context) error {
	item := c.Param("item")
	return s.itemForm(c, item, "Ticked.", func(id int64, f programForm) error {
		return s.Courses.Tick(ctx(c), actor(c), id, item, f.Note)
	})
}

func (s *Site) untickItem(c *gin.Context) error {
	item := c.Param("item")
	return s.itemForm(c, item, "Taken back.", func(id int64, _ programForm) error {
		return s.Courses.Untick(ctx(c), actor(c), id, item)
	})
}

func (s *Site) readGate(c *gin.Context) error {
	item := c.Param("item")
	done := "Not yet: the next try has a day, and they read your note."
	if c.PostForm("passed") == "yes" {
		done = "Passed. The evidence is kept as it was."
	}
	return s.itemForm(c, item, done, func(id int64, f programForm) error {
		return s.Courses.ReadGate(ctx(c), actor(c), id, item, f.Passed == "yes", f.Note)
	})
}

func (s *Site) saveStep(c *gin.Context) error {
	item := c.Param("item")
	return s.itemForm(c, item, "Saved.", func(id int64, f programForm) error {
		return s.Courses.SaveStep(ctx(c), actor(c), id, courses.ProgramStep{Item: item, Owner: f.Owner, Status: f.Status, Note: f.Step})
	})
}

func (s *Site) extendProgram(c *gin.Context) error {
	return s.itemForm(c, "extend", "More time is given, and they read why.", func(id int64, f programForm) error {
		days, _ := strconv.Atoi(strings.TrimSpace(f.Days)) // bind has seen it
		return s.Courses.Extend(ctx(c), actor(c), id, f.Item, days, f.Reason)
	})
}
