package courses

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Deed is something a person did in a room that this one does not know: an
// attempt handed in, a session held.
type Deed struct {
	PersonID int64
	Kind     content.ItemKind // scenario, worksheet or template
	Ref      string
	At       time.Time
	ByID     int64 // who passed it, or 0
	By       string
	Passed   bool // by ByID; else handed in, or held
}

// An ItemState says how one item of a program stands for one person.
type ItemState string

// The states of an item.
const (
	ItemLocked  ItemState = "locked" // what comes before it is not done
	ItemOpen    ItemState = "open"
	ItemOverdue ItemState = "overdue"
	ItemDone    ItemState = "done"
)

// An ItemPlace is one item of a program and how it stands for one person.
type ItemPlace struct {
	content.ProgramItem
	State    ItemState
	Day      time.Time // by which it should be done, with the days that were added
	Added    int       // days that were added to it
	Waits    []string  // titles of what comes first and is not done
	DoneAt   *time.Time
	DoneBy   string // who ticked it or read it
	DoneNote string
	Retry    *time.Time // after a gate's “not yet”: the day of the next try
	Step     ProgramStep
}

// A ProgramStep is who answers for an item in one enrolment, and how it goes.
type ProgramStep struct {
	EnrolmentID int64
	Item        string
	Owner       string
	Status      string // open, under way or blocked
	Note        string
}

// Href returns where the person does what the item asks for; "" where there is
// no such place.
func (i ItemPlace) Href() string {
	switch i.Kind {
	case content.ItemCourse:
		return "/learn/" + i.Ref
	case content.ItemLesson:
		return "/learn/" + strings.Replace(i.Ref, ".", "/", 1)
	case content.ItemScenario:
		return "/practice/" + i.Ref
	case content.ItemWorksheet:
		return "/practice/worksheets/" + i.Ref
	case content.ItemTemplate:
		return "/coaching"
	case content.ItemSession:
		return "/learn/sessions?topic=" + i.Ref
	}
	return ""
}

// Own reports whether the learner can do the item by themselves.
func (i ItemPlace) Own() bool {
	switch i.Kind {
	case content.ItemTemplate, content.ItemGate:
		return false
	case content.ItemMilestone:
		return i.Ref == "self"
	}
	return true
}

// A SectionPlace is a section of a program as it stands for one person.
type SectionPlace struct {
	Title, Summary string
	Items          []ItemPlace
}

// Done counts the items that are done.
func (s SectionPlace) Done() int { return countDone(s.Items) }

func countDone(items []ItemPlace) int {
	n := 0
	for _, i := range items {
		if i.State == ItemDone {
			n++
		}
	}
	return n
}

// A ProgramPlace is a person's way through a program, in the version they began.
type ProgramPlace struct {
	ProgramEnrolment
	Program  *content.Program
	Sections []SectionPlace
	Newer    bool // a later version than theirs is published
	Today    time.Time
}

// Items returns every item in order.
func (p ProgramPlace) Items() []ItemPlace {
	var all []ItemPlace
	for _, s := range p.Sections {
		all = append(all, s.Items...)
	}
	return all
}

// Item returns an item by id, or nil.
func (p ProgramPlace) Item(id string) *ItemPlace {
	for i := range p.Sections {
		for j := range p.Sections[i].Items {
			if p.Sections[i].Items[j].ID == id {
				return &p.Sections[i].Items[j]
			}
		}
	}
	return nil
}

// Done counts the items that are done.
func (p ProgramPlace) Done() int { return countDone(p.Items()) }

// Total counts the items.
func (p ProgramPlace) Total() int { return len(p.Program.Items()) }

// Overdue counts the items whose day has passed.
func (p ProgramPlace) Overdue() int {
	n := 0
	for _, i := range p.Items() {
		if i.State == ItemOverdue {
			n++
		}
	}
	return n
}

// CompletedAt returns when the last item was done, or nil.
func (p ProgramPlace) CompletedAt() *time.Time {
	var last *time.Time
	for _, i := range p.Items() {
		if i.State != ItemDone {
			return nil
		}
		if last == nil || i.DoneAt.After(*last) {
			last = i.DoneAt
		}
	}
	return last
}

// DayNumber returns which day of the program it is, from 1; below 1 before it begins.
func (p ProgramPlace) DayNumber() int { return int(p.Today.Sub(p.StartsOn).Hours()/24) + 1 }

// Ends returns the last day of the program.
func (p ProgramPlace) Ends() time.Time {
	return p.StartsOn.AddDate(0, 0, p.Program.Days+p.Added)
}

// Next returns what to do next: of what is open and the learner's own to do,
// what is due first; else of all that is open; nil when nothing is.
func (p ProgramPlace) Next() *ItemPlace {
	var open []ItemPlace
	for _, i := range p.Items() {
		if i.State == ItemOpen || i.State == ItemOverdue {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return nil
	}
	slices.SortStableFunc(open, func(a, b ItemPlace) int {
		own := func(i ItemPlace) int {
			if i.Own() {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(own(a), own(b)), a.Day.Compare(b.Day))
	})
	return &open[0]
}

// programPlaces reads the ways of the enrolments that the condition names. It
// is the one reading of how far people are in programs: every page, list and
// report is made of it.
func (s *Service) programPlaces(ctx context.Context, by people.Actor, where string, args pgx.NamedArgs) ([]ProgramPlace, error) {
	enrolments, err := pg.All[ProgramEnrolment](ctx, s.DB, `select `+programEnrolmentColumns+` where `+where+`
		order by lower(p.name), p.id, e.program`, by.Scope(args))
	if err != nil || len(enrolments) == 0 {
		return nil, err
	}
	l, err := s.ledger(ctx, enrolments)
	if err != nil {
		return nil, err
	}
	today := dayIn(s.Now(), by.TimeZone)
	out := make([]ProgramPlace, 0, len(enrolments))
	for _, e := range enrolments {
		doc, newer, err := s.programText(ctx, e.Program, e.VersionID)
		if err != nil {
			return nil, err
		}
		p := ProgramPlace{ProgramEnrolment: e, Program: doc.Program, Newer: newer, Today: today}
		if err := s.settle(ctx, &p, l); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// programText returns the version of a program that somebody follows: the one
// they began, or the published one if only a minor edit lies between.
func (s *Service) programText(ctx context.Context, slug string, began int64) (doc *content.Document, newer bool, err error) {
	theirs, err := s.Content.Version(ctx, began)
	if err != nil {
		return nil, false, err
	}
	if theirs.Program == nil {
		return nil, false, fmt.Errorf("version %d of program %s cannot be read", began, slug)
	}
	now, err := s.Content.Published(ctx, content.KindProgram, slug)
	if err != nil || now.VersionID == began || now.Program == nil {
		return theirs, false, nil // withdrawn programs go on for those who are in them
	}
	if now.Minor && now.Number == theirs.Number+1 {
		return now, false, nil
	}
	return theirs, true, nil
}

// settle works out how every item stands.
func (s *Service) settle(ctx context.Context, p *ProgramPlace, l *ledger) error {
	done := map[string]bool{}
	titles := map[string]string{}
	for _, section := range p.Program.Sections {
		place := SectionPlace{Title: section.Title, Summary: section.Summary}
		for _, item := range section.Items {
			i := ItemPlace{ProgramItem: item, Added: l.added[itemKey{p.ID, item.ID}], Step: l.steps[itemKey{p.ID, item.ID}]}
			var err error
			if i.Title, err = s.itemTitle(ctx, item); err != nil {
				return err
			}
			i.Day = p.StartsOn.AddDate(0, 0, item.Due+p.Added+i.Added)
			l.settle(p.ProgramEnrolment, &i)
			done[item.ID], titles[item.ID] = i.DoneAt != nil, i.Title
			place.Items = append(place.Items, i)
		}
		p.Sections = append(p.Sections, place)
	}
	for n := range p.Sections {
		for m := range p.Sections[n].Items {
			i := &p.Sections[n].Items[m]
			for _, before := range i.After {
				if !done[before] {
					i.Waits = append(i.Waits, titles[before])
				}
			}
			switch {
			case i.DoneAt != nil:
				i.State = ItemDone
			case len(i.Waits) > 0:
				i.State = ItemLocked
			case i.Day.Before(p.Today):
				i.State = ItemOverdue
			default:
				i.State = ItemOpen
			}
		}
	}
	return nil
}

var itemDocuments = map[content.ItemKind]content.Kind{content.ItemCourse: content.KindCourse, content.ItemLesson: content.KindLesson,
	content.ItemScenario: content.KindScenario, content.ItemWorksheet: content.KindWorksheet, content.ItemTemplate: content.KindTemplate}

// itemTitle returns the title of an item: its own, or that of its document.
func (s *Service) itemTitle(ctx context.Context, item content.ProgramItem) (string, error) {
	kind, ok := itemDocuments[item.Kind]
	if item.Title != "" || !ok {
		return item.Title, nil
	}
	return s.publishedTitle(ctx, kind, item.Ref)
}
