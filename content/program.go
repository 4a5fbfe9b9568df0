package content

import (
	"fmt"
	"slices"
	"strings"

	"pitchside/content/source"
)

// A Program is a path through courses, practice and coaching, in sections.
type Program struct {
	Title       string
	Summary     string
	Audience    string
	Days        int // from the start to the end
	Attribution string
	Certificate *Certificate // nil: completing it grants none
	Sections    []ProgramSection
}

// A ProgramSection is items that belong together, such as those of a week.
type ProgramSection struct {
	Title, Summary string
	Items          []ProgramItem
}

// An ItemKind is what an item of a program asks for.
type ItemKind string

// The kinds of items.
const (
	ItemCourse    ItemKind = "course"
	ItemLesson    ItemKind = "lesson"
	ItemScenario  ItemKind = "scenario"
	ItemWorksheet ItemKind = "worksheet"
	ItemTemplate  ItemKind = "template"  // a coaching session held with it
	ItemSession   ItemKind = "session"   // a live session on this topic, attended
	ItemMilestone ItemKind = "milestone" // ticked by whoever Ref names
	ItemGate      ItemKind = "gate"      // evidence, read by a coach
)

var itemKinds = []ItemKind{ItemCourse, ItemLesson, ItemScenario, ItemWorksheet, ItemTemplate, ItemSession, ItemMilestone, ItemGate}

// Those who tick a milestone.
var milestoneRoles = []string{"self", "coach", "manager"}

// A ProgramItem is one thing to do. Ref is the slug of what it names: of a
// lesson as course.lesson, of a session its topic, of a milestone who ticks it.
type ProgramItem struct {
	ID       string
	Kind     ItemKind
	Ref      string
	Title    string // may be empty where the document that it names has one
	Note     string
	Owner    string // the role that answers for the step
	Evidence string // what would show that it is done
	Due      int    // day after the start
	After    []string
	Gate     *Gate
}

// A Gate asks for evidence: levels of skills, passes by several coaches, or both.
type Gate struct {
	Skills    []GateSkill
	Passes    []GatePass
	Scorers   int // people besides the learner on whom each level rests
	RetryDays int // until the next try
	Coach     string
}

// Who reads the evidence of a gate.
const (
	GateByCoach   = "the rep's coach"
	GateByManager = "the manager"
)

// A GateSkill asks for a level: at least Level, or the role's target and Below
// target levels less.
type GateSkill struct {
	Skill string
	Level float64 // 0: from the target
	Below float64 // how far below the target is enough
}

// A GatePass asks that this many people passed an attempt at a scenario.
type GatePass struct {
	Scenario string
	By       int
}

// Items returns every item in order.
func (p *Program) Items() []ProgramItem {
	var all []ProgramItem
	for _, s := range p.Sections {
		all = append(all, s.Items...)
	}
	return all
}

const defaultRetryDays = 14

func (r *reading) program(f *source.Fields) {
	p := &Program{
		Title:       f.NeedText("title", "Give the program a title."),
		Summary:     f.Text("summary"),
		Audience:    f.Text("audience"),
		Attribution: f.Text("attribution"),
		Certificate: r.certificate(f.Get("certificate")),
	}
	if v := f.Need("days", "Say how many days the program takes: days: 30"); v != nil {
		if n, ok := v.Whole(); ok && n > 0 {
			p.Days = n
		} else if ok {
			v.Error("A program takes at least one day.", "Write the days from its start to its end: days: 30")
		}
	}
	if p.Attribution == "" {
		f.Warn("The program says nothing about its sources.", "Add attribution: what it was written from.")
	}
	path := &programPath{reading: r, days: p.Days, places: map[string]*source.Value{}, items: map[string]ProgramItem{}}
	if list := f.Need("sections", "List the sections: sections: with title and items each."); list != nil {
		for _, v := range list.List() {
			p.Sections = append(p.Sections, path.section(v))
		}
	}
	path.check()
	f.Close()
	r.doc.Program, r.doc.Title = p, p.Title
}

// A programPath reads the items of one program and keeps where each stands.
type programPath struct {
	*reading
	days   int
	places map[string]*source.Value // of each item's due day, or else of the item
	items  map[string]ProgramItem
	after  []waiting
}

// A waiting is one mention in “after”.
type waiting struct {
	id string // of the item that waits
	v  *source.Value
}

func (r *programPath) section(v *source.Value) ProgramSection {
	f := v.Fields()
	s := ProgramSection{Title: f.NeedText("title", "Give the section a title: title: Week 1"), Summary: f.Text("summary")}
	items := f.Get("items")
	if items != nil {
		for _, item := range items.List() {
			s.Items = append(s.Items, r.item(item))
		}
	}
	if len(s.Items) == 0 {
		v.Error("The section has no item.", "Add one under items: a course, a lesson, a scenario or another kind of step, or take the section out.")
	}
	f.Close()
	return s
}

func (r *programPath) item(v *source.Value) ProgramItem {
	f := v.Fields()
	it := ProgramItem{
		ID:       f.NeedText("id", "Give the item an id that never changes: id: first-call"),
		Title:    f.Text("title"),
		Note:     f.Text("note"),
		Owner:    f.Text("owner"),
		Evidence: f.Text("evidence"),
	}
	if it.ID != "" && !IsSlug(it.ID) {
		f.Get("id").Error(fmt.Sprintf("“%s” cannot be the id of an item.", it.ID), "Use lower-case letters, digits and hyphens.")
	}
	r.what(f, &it)
	place := v
	if d := f.Need("due", "Say on which day after the start it is due: due: 7"); d != nil {
		if n, ok := d.Whole(); ok {
			it.Due, place = n, d
			if n < 0 || r.days > 0 && n > r.days {
				d.Error(fmt.Sprintf("The item is due on day %d of a program of %d days.", n, r.days), "Write a day from 0 to the last day, or make the program longer.")
			}
		}
	}
	if a := f.Get("after"); a != nil {
		for _, one := range a.List() {
			it.After = append(it.After, one.Text())
			r.after = append(r.after, waiting{it.ID, one})
		}
	}
	if _, twice := r.items[it.ID]; twice && it.ID != "" {
		f.Get("id").Error(fmt.Sprintf("Two items have the id “%s”.", it.ID), "Give one of them another id; the ids of published programs stay.")
	}
	r.items[it.ID], r.places[it.ID] = it, place
	f.Close()
	return it
}

var referred = map[ItemKind]struct {
	kind          Kind
	cause, remedy string
}{
	ItemCourse:    {KindCourse, "There is no course “%s”.", "Correct the slug, or add that course."},
	ItemLesson:    {KindLesson, "There is no lesson “%s”.", "Write course/lesson, as in lesson: questions-for-large-sales/implication-questions."},
	ItemScenario:  {KindScenario, "There is no scenario “%s”.", "Correct the slug, or add that scenario."},
	ItemWorksheet: {KindWorksheet, "There is no worksheet “%s”.", "Correct the slug, or add that worksheet."},
	ItemTemplate:  {KindTemplate, "There is no template “%s”.", "Correct the slug, or add that template."},
}

// what reads the one key that says what the item is.
func (r *programPath) what(f *source.Fields, it *ProgramItem) {
	for _, k := range itemKinds {
		v := f.Get(string(k))
		if v == nil {
			continue
		}
		if it.Kind != "" {
			v.Error(fmt.Sprintf("The item is a %s and a %s.", it.Kind, k), "Make two items of it.")
			continue
		}
		it.Kind = k
		if k == ItemGate {
			it.Gate = r.gate(v)
			continue
		}
		it.Ref = v.Text()
		to, ok := referred[k]
		switch {
		case ok:
			slug := strings.Replace(it.Ref, "/", ".", 1)
			r.refer(to.kind, slug, v.Place(), source.Error, fmt.Sprintf(to.cause, it.Ref), to.remedy)
			it.Ref = slug
		case k == ItemSession && !IsSlug(it.Ref):
			v.Error(fmt.Sprintf("“%s” cannot be the topic of a live session.", it.Ref), "Use lower-case letters, digits and hyphens: session: call-calibration")
		case k == ItemMilestone && !slices.Contains(milestoneRoles, it.Ref):
			v.Error(fmt.Sprintf("“%s” is nobody who ticks a milestone.", it.Ref), "Write one of: "+strings.Join(milestoneRoles, ", ")+".")
		}
	}
	switch it.Kind {
	case "":
		f.Error("The item does not say what it is.", "Add one of: course, lesson, scenario, worksheet, template, session, milestone, gate.")
	case ItemSession, ItemMilestone, ItemGate:
		if it.Title == "" {
			f.Error(fmt.Sprintf("A %s needs a title.", it.Kind), "Say in a few words what is to be done: title: Shadow three calls")
		}
	}
}

func (r *programPath) gate(v *source.Value) *Gate {
	f := v.Fields()
	g := &Gate{Scorers: f.Count("scorers", 1), RetryDays: f.Count("retry_days", defaultRetryDays), Coach: f.OneOf("coach", GateByCoach, GateByCoach, GateByManager)}
	target := f.Get("target")
	below := 0.0
	if target != nil {
		if below = -target.Number(); below < 0 || below > levels {
			target.Error("A gate asks for the role’s target, or for less.", "Write target: 0 for the target itself, target: -1 for one level less.")
		}
	}
	if skills := f.Get("skills"); skills != nil {
		g.Skills = r.gateSkills(skills, target != nil, below)
	}
	if passes := f.Get("passes"); passes != nil {
		for _, one := range passes.List() {
			p := one.Fields()
			pass := GatePass{By: p.Count("by", 1)}
			if s := p.Need("scenario", "Name the scenario to pass: scenario: spi1-packaging-stoppages"); s != nil {
				pass.Scenario = s.Text()
				r.refer(KindScenario, pass.Scenario, s.Place(), source.Error, fmt.Sprintf("There is no scenario “%s”.", pass.Scenario), "Correct the slug, or add that scenario.")
			}
			if pass.By < 1 {
				p.Get("by").Error("A pass is given by at least one person.", "Write by: 1, or more.")
			}
			p.Close()
			g.Passes = append(g.Passes, pass)
		}
	}
	if len(g.Skills)+len(g.Passes) == 0 {
		v.Error("The gate asks for no evidence.", "Add skills with their levels, or passes of scenarios: a gate asks what somebody can do, not whether they were there.")
	}
	if g.RetryDays < 1 {
		f.Get("retry_days").Error("The next try comes at least a day later.", "Write retry_days: 14, or another number of days.")
	}
	f.Close()
	return g
}

// gateSkills reads {skill: level}, or [skill, …] beside a target.
func (r *programPath) gateSkills(v *source.Value, byTarget bool, below float64) []GateSkill {
	var out []GateSkill
	if v.IsMap() {
		for _, e := range v.Entries() {
			r.needSkill(e.Key, e.At)
			if n := r.levelOf(e.Value); n != nil {
				out = append(out, GateSkill{Skill: e.Key, Level: *n})
			}
		}
		return out
	}
	for _, item := range v.List() {
		out = append(out, GateSkill{Skill: r.skillRef(item), Below: below})
	}
	if !byTarget {
		v.Error("The gate does not say which level it asks for.", "Write skills: {listen: 2}, or name the role’s target: target: -1")
	}
	return out
}

// check looks at what items wait for: it must be there, be due no later, and
// lead round in no circle.
func (r *programPath) check() {
	for _, w := range r.after {
		id := w.v.Text()
		before, ok := r.items[id]
		switch waits := r.items[w.id]; {
		case !ok:
			w.v.Error(fmt.Sprintf("There is no item “%s” to come after.", id), "Correct the id, or take it out.")
		case id == w.id:
			w.v.Error("The item waits for itself.", "Take it out of after.")
		case r.leads(id, w.id, map[string]bool{}):
			w.v.Error(fmt.Sprintf("“%s” and “%s” wait for each other.", w.id, id), "Take one of them out of after, so that somebody can begin.")
		case before.Due > waits.Due:
			r.places[w.id].Error(fmt.Sprintf("“%s” is due on day %d, before “%s”, which it waits for and which is due on day %d.", w.id, waits.Due, id, before.Due),
				"Make it due later, or what it waits for earlier.")
		}
	}
}

// leads reports whether item from waits, directly or not, for item to.
func (r *programPath) leads(from, to string, seen map[string]bool) bool {
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(r.items[from].After, func(id string) bool { return id == to || r.leads(id, to, seen) })
}
