package beats

import (
	"fmt"
	"slices"

	"pitchside/content/source"
)

func (r *reader) beat(e source.Entry) Beat {
	f := e.Value.Fields()
	b := Beat{Name: e.Key, at: e.At}
	if v := f.Need("buyer", "Write what the buyer says."); v != nil {
		if v.IsText() {
			b.Lines = []Line{{Says: v.Text(), gives: r.changes(f.Get("gives")), Evidence: r.showings(f.Get("evidence")), at: v.Place()}}
		}
		for _, item := range r.guarded(v) {
			g := item.Fields()
			b.Lines = append(b.Lines, Line{Says: g.NeedText("says", "Write what the buyer says."), when: r.guard(g.Get("when")), gives: r.changes(g.Get("gives")),
				Evidence: r.showings(g.Get("evidence")), at: item.Place()})
			r.close(g)
		}
	}
	if v := f.Need("choices", "Write two to five things the rep can say."); v != nil {
		for _, item := range v.List() {
			c := r.choice(e.Key, item)
			for _, other := range b.Choices {
				if other.Name == c.Name {
					item.Error(fmt.Sprintf("The id “%s” is there twice in this beat.", c.Name), "Give one of them another id.")
				}
				if other.Says == c.Says {
					item.Error(fmt.Sprintf("%s says the same words as another choice here.", c.Name), "Merge the two, or change the words.")
				}
			}
			b.Choices = append(b.Choices, c)
		}
		if len(b.Choices) < 2 {
			v.Error(fmt.Sprintf("The beat %s has fewer than two choices.", e.Key), "Write at least two things the rep can say.")
		}
	}
	for _, u := range f.Unknown() {
		if u.Key == "gives" || u.Key == "evidence" {
			r.error(u.At, fmt.Sprintf("“%s” stands beside several lines, so it belongs to none.", u.Key), "Put it on the line that it belongs to.")
		} else {
			r.error(u.At, fmt.Sprintf("The key “%s” means nothing here.", u.Key), "Correct its spelling, or take it out.")
		}
	}
	return b
}

func (r *reader) choice(beat string, item *source.Value) Choice {
	f := item.Fields()
	id := f.NeedText("id", "Give the choice an id that never changes.")
	if id != "" && !namePattern.MatchString(id) {
		item.Error(fmt.Sprintf("“%s” cannot be an id.", id), "Use lower-case letters, digits and hyphens.")
	}
	c := Choice{
		Name:     beat + "/" + id,
		Says:     f.NeedText("says", "Write the rep's words, or an act in brackets."),
		Move:     f.NeedText("move", "Say what kind of thing this is to say, such as move: problem"),
		Evidence: r.showings(f.Get("evidence")),
		Turn:     f.Text("turn"),
		when:     r.guard(f.Get("when")),
		own:      r.changes(f.Get("effect")),
		at:       item.Place(),
	}
	if c.Move != "" && !slices.Contains(moves, c.Move) {
		f.Get("move").Error(fmt.Sprintf("“%s” is no known move.", c.Move), "Use one of the moves of the format, such as problem, implication, feature or continuation.")
	}
	if f.Get("effect") == nil && c.Evidence == nil && c.Turn == "" {
		item.Error(fmt.Sprintf("%s has no effect, no evidence and no turn: nothing follows from it.", c.Name), "Decide what it is for.")
	}
	for _, t := range r.s.tick {
		if !slices.ContainsFunc(c.own, func(o change) bool { return o.v == t.v }) {
			c.effect = append(c.effect, t)
		}
	}
	c.effect = append(c.effect, c.own...)
	if v := f.Need("to", "Say where it leads: the name of a beat or an ending."); v != nil {
		if v.IsText() {
			c.to = []way{{to: v.Text(), at: v.Place()}}
		}
		for _, t := range r.guarded(v) {
			g := t.Fields()
			c.to = append(c.to, way{to: g.NeedText("to", "Name a beat or an ending."), when: r.guard(g.Get("when")), at: t.Place()})
			r.close(g)
		}
	}
	r.close(f)
	return c
}

func (r *reader) ending(e source.Entry) Ending {
	f := e.Value.Fields()
	end := Ending{
		Name:     e.Key,
		Kind:     f.NeedText("kind", "Write advance, continuation, \"no\" or out."),
		Title:    f.NeedText("title", "Give the ending a title."),
		Buyer:    f.NeedText("buyer", "Write the buyer's last line."),
		Evidence: r.showings(f.Get("evidence")),
		at:       e.At,
	}
	if end.Kind != "" && !slices.Contains(kinds, end.Kind) {
		f.Get("kind").Error(fmt.Sprintf("“%s” is no kind of ending.", end.Kind), "Write advance, continuation, \"no\" or out.")
	}
	if v := f.Need("debrief", "Say what happened in the room."); v != nil {
		if v.IsText() {
			end.debrief = []remark{{says: v.Text()}}
		} else {
			for _, item := range v.List() {
				g := item.Fields()
				end.debrief = append(end.debrief, remark{g.NeedText("says", "Say what happened in the room."), r.guard(g.Get("when"))})
				r.close(g)
			}
		}
	}
	r.close(f)
	return end
}

// targets notes every mention of a beat or an ending that is not there.
func (r *reader) targets() {
	known := func(name string) bool {
		_, beat := r.s.beat[name]
		_, ending := r.s.ending[name]
		return beat || ending
	}
	const remedy = "Correct the name, or write what it leads to."
	if _, ok := r.s.beat[r.s.Start]; !ok && r.s.Start != "" {
		r.error(r.s.at, fmt.Sprintf("There is no beat “%s” to start with.", r.s.Start), remedy)
	}
	for _, p := range r.s.promises {
		if !known(p.target) {
			r.error(p.at, fmt.Sprintf("There is no beat or ending “%s”.", p.target), remedy)
		}
	}
	for _, i := range r.s.interrupts {
		if _, ok := r.s.ending[i.to]; !ok {
			r.error(i.at, fmt.Sprintf("“%s” is not an ending.", i.to), "An interrupt ends the conversation: name an ending.")
		}
	}
	for _, b := range r.s.Beats {
		for _, c := range b.Choices {
			for _, t := range c.to {
				if !known(t.to) {
					r.error(t.at, fmt.Sprintf("There is no beat or ending “%s”.", t.to), remedy)
				}
			}
		}
	}
}

// Criteria notes where the score and the rubric disagree about what is scored.
func (s *Script) Criteria(rubric []string, notes *source.Notes) {
	for _, rule := range s.Score {
		if !slices.Contains(rubric, rule.Criterion) {
			notes.Error(rule.at, fmt.Sprintf("“%s” is no criterion of the rubric.", rule.Criterion), "Correct the name, or add the criterion to the rubric.")
		}
	}
	for _, c := range rubric {
		if !slices.ContainsFunc(s.Score, func(r Rule) bool { return r.Criterion == c }) {
			notes.Error(s.at, fmt.Sprintf("The criterion “%s” of the rubric has no rule under score.", c), "Add it: score: {"+c+": {rule: best}}")
		}
	}
}
