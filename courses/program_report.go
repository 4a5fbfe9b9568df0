package courses

import (
	"context"
	"slices"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// smallestGroup is rule R13: a group of fewer people is not counted for those
// who may not see the people themselves.
const smallestGroup = 5

// stoppedAfter is how long nothing was done before somebody counts as stopped.
const stoppedAfter = 14 * 24 * time.Hour

// A Count is a number of people, or the fact that it is not shown: it would
// tell of fewer than five.
type Count struct {
	N      int
	Hidden bool
}

// A Reach is how far a group of people is at one item or lesson.
type Reach struct {
	ID, Title string
	Done      Count
	Stopped   Count // it is what comes next, and nothing was done for 14 days
	Overdue   Count
}

// A Stalls says where a group of people stops. When Hidden, the group itself is
// too small to count.
type Stalls struct {
	N      int // people in it who have not left
	Whole  bool
	Hidden bool
	Rows   []Reach
}

// Stalling returns the rows at which somebody stopped, in order.
func (s Stalls) Stalling() []Reach {
	var out []Reach
	for _, r := range s.Rows {
		if r.Stopped.N > 0 || r.Stopped.Hidden {
			out = append(out, r)
		}
	}
	return out
}

// guard keeps small groups out of a count of people whom the reader may not see.
func (s *Stalls) guard() {
	if !s.Whole {
		return
	}
	if s.N < smallestGroup {
		s.N, s.Hidden, s.Rows = 0, true, nil
		return
	}
	stopped := make([]*Count, len(s.Rows))
	for i := range s.Rows {
		r := &s.Rows[i]
		stopped[i] = &r.Stopped
		if left := s.N - r.Done.N; r.Done.N > 0 && r.Done.N < smallestGroup || left > 0 && left < smallestGroup {
			r.Done = Count{Hidden: true}
		}
		if r.Overdue.N > 0 && r.Overdue.N < smallestGroup {
			r.Overdue = Count{Hidden: true}
		}
	}
	suppress(stopped)
}

// suppress hides the counts of fewer than five in a column that adds up, and
// with a single hidden one the next smallest too: the rest would tell it.
func suppress(column []*Count) {
	hidden := 0
	var least *Count
	for _, c := range column {
		switch {
		case c.N > 0 && c.N < smallestGroup:
			*c = Count{Hidden: true}
			hidden++
		case c.N > 0 && (least == nil || c.N < least.N):
			least = c
		}
	}
	if hidden == 1 && least != nil {
		*least = Count{Hidden: true}
	}
}

// ProgramPeople returns the ways of the active people whom the actor leads
// through a program, by name, also of those who left.
func (s *Service) ProgramPeople(ctx context.Context, by people.Actor, program string) ([]ProgramPlace, error) {
	return s.programPlaces(ctx, by, `e.program = @program and p.active and `+people.Leads("e.person_id"), pgx.NamedArgs{"program": program})
}

// seesAll reports whether the actor may count people whom they do not lead.
func seesAll(by people.Actor) bool { return by.Can(people.Author, people.Admin) }

// ProgramStalls counts how far people are at each item of a program as it is
// published: those whom the actor leads, or for authors and admins everybody,
// in groups of five at least.
func (s *Service) ProgramStalls(ctx context.Context, by people.Actor, program string) (Stalls, error) {
	doc, err := s.Program(ctx, program)
	if err != nil {
		return Stalls{}, err
	}
	out := Stalls{Whole: seesAll(by)}
	where := `e.program = @program and p.active and e.withdrawn_at is null`
	if !out.Whole {
		where += ` and ` + people.Leads("e.person_id")
	}
	places, err := s.programPlaces(ctx, by, where, pgx.NamedArgs{"program": program})
	if err != nil {
		return out, err
	}
	quiet, err := s.quiet(ctx, places)
	if err != nil {
		return out, err
	}
	out.N = len(places)
	for _, item := range doc.Program.Items() {
		r := Reach{ID: item.ID}
		if r.Title, err = s.itemTitle(ctx, item); err != nil {
			return out, err
		}
		for _, p := range places {
			i := p.Item(item.ID)
			if i == nil {
				continue
			}
			switch i.State {
			case ItemDone:
				r.Done.N++
			case ItemOverdue:
				r.Overdue.N++
			}
			if next := p.Next(); quiet[p.ID] && next != nil && next.ID == item.ID {
				r.Stopped.N++
			}
		}
		out.Rows = append(out.Rows, r)
	}
	out.guard()
	return out, nil
}

// quiet names the enrolments in which nothing was done for two weeks.
func (s *Service) quiet(ctx context.Context, places []ProgramPlace) (map[int64]bool, error) {
	persons := make([]int64, len(places))
	for i, p := range places {
		persons[i] = p.PersonID
	}
	type seen struct {
		PersonID int64
		At       time.Time
	}
	rows, err := pg.All[seen](ctx, s.DB, `select person_id, max(last_seen_at) as at from enrolments where person_id = any($1) group by person_id`, persons)
	if err != nil {
		return nil, err
	}
	last := map[int64]time.Time{}
	for _, r := range rows {
		last[r.PersonID] = r.At
	}
	out := map[int64]bool{}
	for _, p := range places {
		at := p.StartsOn
		if last[p.PersonID].After(at) {
			at = last[p.PersonID]
		}
		for _, i := range p.Items() {
			if i.DoneAt != nil && i.DoneAt.After(at) {
				at = *i.DoneAt
			}
		}
		out[p.ID] = p.CompletedAt() == nil && s.Now().Sub(at) > stoppedAfter
	}
	return out, nil
}

// CourseStalls counts how far people who began a course are at each lesson:
// those whom the actor leads, or for authors and admins everybody, in groups of
// five at least.
func (s *Service) CourseStalls(ctx context.Context, by people.Actor, course string) (Stalls, error) {
	o, err := s.Outline(ctx, course)
	if err != nil {
		return Stalls{}, err
	}
	out := Stalls{Whole: seesAll(by)}
	where := `e.course = @course and e.withdrawn_at is null and p.active`
	if !out.Whole {
		where += ` and ` + people.Leads("e.person_id")
	}
	args := by.Scope(pgx.NamedArgs{"course": course, "lessons": o.lessonSlugs(), "since": s.Now().Add(-stoppedAfter)})
	if err := s.DB.QueryRow(ctx, `select count(*) from enrolments e join persons p on p.id = e.person_id where `+where, args).Scan(&out.N); err != nil {
		return out, err
	}
	type row struct {
		Lesson        string
		Done, Stopped int
	}
	rows, err := pg.All[row](ctx, s.DB, `
		with mine as (select e.person_id, e.last_lesson, e.last_seen_at, e.completed_at from enrolments e join persons p on p.id = e.person_id where `+where+`)
		select l.lesson,
			(select count(*) from lesson_progress x join mine m on m.person_id = x.person_id where x.course = @course and x.lesson = l.lesson and x.done_at is not null)::int as done,
			(select count(*) from mine m where m.completed_at is null and m.last_seen_at < @since and m.last_lesson = l.lesson
				and not exists (select from lesson_progress x where x.person_id = m.person_id and x.course = @course and x.lesson = l.lesson and x.done_at is not null))::int as stopped
		from unnest(@lessons::text[]) with ordinality as l(lesson, n) order by l.n`, args)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		out.Rows = append(out.Rows, Reach{ID: r.Lesson, Title: o.Lesson(r.Lesson).Title, Done: Count{N: r.Done}, Stopped: Count{N: r.Stopped}})
	}
	out.guard()
	return out, nil
}

// An OverdueItem is an item of a program whose day has passed, of somebody whom
// the actor leads.
type OverdueItem struct {
	Place ProgramPlace
	Item  ItemPlace
}

// OverdueItems returns what is overdue in the programs of people whom the actor
// leads, the longest first; kinds (none: all) narrow it.
func (s *Service) OverdueItems(ctx context.Context, by people.Actor, kinds ...content.ItemKind) ([]OverdueItem, error) {
	places, err := s.programPlaces(ctx, by, `p.active and e.withdrawn_at is null and `+people.Leads("e.person_id"), nil)
	if err != nil {
		return nil, err
	}
	return overdueOf(places, kinds), nil
}

func overdueOf(places []ProgramPlace, kinds []content.ItemKind) []OverdueItem {
	var out []OverdueItem
	for _, p := range places {
		for _, i := range p.Items() {
			if i.State == ItemOverdue && (len(kinds) == 0 || slices.Contains(kinds, i.Kind)) {
				out = append(out, OverdueItem{p, i})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b OverdueItem) int { return a.Item.Day.Compare(b.Item.Day) })
	return out
}
