package beats

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pitchside/content/source"
)

var (
	namePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	kinds       = []string{"advance", "continuation", "no", "out"}
	moves       = strings.Fields(`situation problem implication need_payoff acknowledge rapport wait summary feature advantage benefit proof price
		advance continuation close exit reframe teach tailor challenge diagnose confirm plan trade concede anchor_offer tell argue lever claim`)
)

// widest is the widest range of one variable. Ranges of a conversation are
// small; the bound keeps a slip of the pen from costing minutes of play.
const widest = 1000

// A reader makes a Script of YAML.
type reader struct {
	s     *Script
	notes *source.Notes
}

// Read reads the YAML of a section Beats and notes what is wrong with it. It
// returns nil when there is nothing that could be called a script.
func Read(text source.Text, notes *source.Notes) *Script {
	v := source.Parse(text, notes)
	if v == nil {
		return nil
	}
	r := &reader{notes: notes, s: &Script{beat: map[string]int{}, ending: map[string]int{}, vars: map[string]int{}, at: v.Place()}}
	before := len(notes.Problems)
	r.script(v.Fields())
	r.s.broken = source.Failed(notes.Problems[before:])
	return r.s
}

func (r *reader) error(at source.Place, cause, remedy string) { r.notes.Error(at, cause, remedy) }

func (r *reader) script(f *source.Fields) {
	if n := f.Count("beats_format", 0); n != 1 {
		f.Error("The beats do not say which format they are in.", "Begin with beats_format: 1")
	}
	r.s.Start = f.NeedText("start", "Name the beat where play begins: start: opening")
	r.state(f.Need("state", "Name what changes during the call: state: {trust: {start: 3, min: 0, max: 5}}"))
	r.s.tick = r.changes(f.Get("tick"))
	r.score(f.Need("score", "Say for each criterion of the rubric how its level is made: score: {problem: {rule: best}}"))
	if v := f.Get("interrupts"); v != nil {
		for _, item := range v.List() {
			g := item.Fields()
			r.s.interrupts = append(r.s.interrupts, way{to: g.NeedText("to", "Name an ending."), when: r.guard(g.Need("when", "Say when it happens, such as “trust <= 0”.")), at: item.Place()})
			r.close(g)
		}
	}
	if v := f.Get("success"); v != nil {
		for _, item := range v.List() {
			g := item.Fields()
			r.s.Success = append(r.s.Success, Success{g.NeedText("says", "Say what was reached."), r.guard(g.Need("when", "Say what proves it."))})
			r.close(g)
		}
	}
	if v := f.Get("promises"); v != nil {
		for _, item := range v.List() {
			g := item.Fields()
			r.s.promises = append(r.s.promises, promise{g.NeedText("at", "Name a beat or an ending."), g.NeedText("says", "Say what is promised."), r.guard(g.Need("when", "Say what must be true there.")), item.Place()})
			r.close(g)
		}
	}
	if v := f.Need("beats", "Write the beats of the conversation."); v != nil {
		for _, e := range v.Entries() {
			r.name(e)
			r.s.beat[e.Key] = len(r.s.Beats)
			r.s.Beats = append(r.s.Beats, r.beat(e))
		}
	}
	if v := f.Need("endings", "Write how the conversation can end."); v != nil {
		for _, e := range v.Entries() {
			r.name(e)
			if _, both := r.s.beat[e.Key]; both {
				r.error(e.At, fmt.Sprintf("“%s” is a beat and an ending.", e.Key), "Rename one of them.")
			}
			r.s.ending[e.Key] = len(r.s.Endings)
			r.s.Endings = append(r.s.Endings, r.ending(e))
		}
	}
	r.close(f)
	r.targets()
}

func (r *reader) close(f *source.Fields) {
	for _, e := range f.Unknown() {
		r.error(e.At, fmt.Sprintf("The key “%s” means nothing here.", e.Key), "Correct its spelling, or take it out.")
	}
}

func (r *reader) name(e source.Entry) {
	if !namePattern.MatchString(e.Key) {
		r.error(e.At, fmt.Sprintf("“%s” cannot be a name.", e.Key), "Use lower-case letters, digits and hyphens.")
	}
}

func (r *reader) state(v *source.Value) {
	if v == nil {
		return
	}
	for _, e := range v.Entries() {
		f := e.Value.Fields()
		n := Var{Name: e.Key, About: f.Text("about")}
		for key, to := range map[string]*int{"start": &n.Start, "min": &n.Min, "max": &n.Max} {
			if v := f.Need(key, "Write a whole number."); v != nil {
				*to, _ = v.Whole()
			}
		}
		r.close(f)
		if n.Start < n.Min || n.Start > n.Max {
			r.error(e.At, fmt.Sprintf("%s starts at %d, outside %d to %d.", n.Name, n.Start, n.Min, n.Max), "Widen the range, or start inside it.")
		}
		if n.Max-n.Min > widest {
			r.error(e.At, fmt.Sprintf("%s has a range of more than %d.", n.Name, widest), "Count in larger steps.")
			n.Max = n.Min + widest
		}
		r.s.vars[e.Key] = len(r.s.Vars)
		r.s.Vars = append(r.s.Vars, n)
	}
}

func (r *reader) changes(v *source.Value) []change {
	if v == nil {
		return nil
	}
	var out []change
	for _, e := range v.Entries() {
		n, whole := e.Value.Whole()
		i, ok := r.s.vars[e.Key]
		switch {
		case !ok:
			r.error(e.At, fmt.Sprintf("The effect is on “%s”, which is not in the state.", e.Key), "Correct the name, or add it under state.")
		case !whole:
		case n == 0:
			r.error(e.At, fmt.Sprintf("The effect on %s is 0.", e.Key), "Cut it, or write how much it changes.")
		case max(n, -n) > r.s.Vars[i].Max-r.s.Vars[i].Min:
			r.error(e.At, fmt.Sprintf("The effect on %s is wider than its range.", e.Key), "Widen the range, or make the effect smaller.")
		default:
			out = append(out, change{i, n})
		}
	}
	return out
}

func (r *reader) score(v *source.Value) {
	if v == nil {
		return
	}
	for _, e := range v.Entries() {
		f := e.Value.Fields()
		rule := Rule{Criterion: e.Key, By: f.OneOf("rule", "best", "best", "median", "last", "lowest"), None: 1, trigger: r.guard(f.Get("trigger")), at: e.At}
		if none := f.Get("none"); none != nil {
			if none.Text() == "N" {
				rule.None = 0
			} else if n, ok := none.Whole(); ok {
				if rule.None = n; n < 1 || n > 5 {
					none.Error("The level is not 1 to 5.", "Write 1, or \"N\" for not observed.")
				}
			}
		}
		r.close(f)
		r.s.Score = append(r.s.Score, rule)
	}
}

func (r *reader) showings(v *source.Value) []Showing {
	if v == nil {
		return nil
	}
	var out []Showing
	for _, e := range v.Entries() {
		n, ok := e.Value.Whole()
		if !slices.ContainsFunc(r.s.Score, func(s Rule) bool { return s.Criterion == e.Key }) {
			r.error(e.At, fmt.Sprintf("This shows “%s”, which is no criterion of the score.", e.Key), "Correct the name, or add it under score.")
		}
		if ok && (n < 1 || n > 5) {
			r.error(e.At, fmt.Sprintf("The level %d is not 1 to 5.", n), "Write the number of the anchor that the line fits.")
		}
		out = append(out, Showing{e.Key, n})
	}
	return out
}

// guarded returns the items under a key that holds a text or a list of items
// with guards, and notes guards that are out of order.
func (r *reader) guarded(v *source.Value) []*source.Value {
	if v == nil || v.IsText() {
		return nil
	}
	items := v.List()
	for i, item := range items {
		guarded := item.IsMap() && slices.ContainsFunc(item.Entries(), func(e source.Entry) bool { return e.Key == "when" })
		switch last := i == len(items)-1; {
		case last && guarded:
			item.Error("The last of several has a guard, so it can happen that none holds.", "Order them, the most particular first, and leave the last without when.")
		case !last && !guarded:
			item.Error("Only the last of several may be without a guard: those after it are never reached.", "Give it a when, or move it to the end.")
		}
	}
	return items
}
