package beats

import (
	"fmt"

	"pitchside/content/source"
)

// Random play should reach an advance now and then: never would be a wall,
// often would make the choices not matter.
const leastAdvance, mostAdvance = 0.05, 0.20

// Lint plays a script to the end in every possible way and notes what does not
// hold. A script with errors of reading is not played: that would only blur
// them. ok is false when it was not played whole.
func (s *Script) Lint(notes *source.Notes) (f Figures, ok bool) {
	if s.broken {
		return s.count(), false
	}
	l := &linter{s: s, notes: notes}
	g := s.explore()
	if g == nil {
		notes.Warn(s.at, fmt.Sprintf("The conversation has more than %d positions, so it was played %d times at random instead of whole.", mostPositions, samples),
			"Give the state fewer variables or narrower ranges.")
		l.sample()
		return s.count(), false
	}
	dead := l.played(g)
	if dead {
		return s.count(), false
	}
	order, endless := g.order()
	if endless >= 0 {
		b := s.Beats[g.positions[endless].beat]
		notes.Error(b.at, fmt.Sprintf("Endless: play can come back to %s in the same state.", b.Name), "Let something tick, such as tick: {time: -1}, and end the call when it runs out.")
		return s.count(), false
	}
	f, _ = g.measure(order)
	f.Notes = append(f.Notes, l.repeats(g)...)
	l.rate(f.Advance)
	l.blind()
	return f, true
}

type linter struct {
	s     *Script
	notes *source.Notes
}

func (l *linter) error(at source.Place, remedy, cause string, args ...any) {
	l.notes.Error(at, fmt.Sprintf(cause, args...), remedy)
}

// seen is what some play has met.
type seen struct {
	beats   map[int]bool
	lines   map[[2]int]bool
	choices map[[2]int]bool
	led     map[[2]string]bool // choice and where it led
	endings map[int]bool
	remarks map[[2]int]bool
	changes map[[3]int]bool // choice's effect: beat, choice, variable
	gives   map[[3]int]bool // line's effect: beat, line, variable
	least   map[int]int
	most    map[int]int
}

// played notes what no play meets and what every play must not meet. It
// reports whether some position offers nothing.
func (l *linter) played(g *graph) (dead bool) {
	m := seen{map[int]bool{}, map[[2]int]bool{}, map[[2]int]bool{}, map[[2]string]bool{}, map[int]bool{}, map[[2]int]bool{}, map[[3]int]bool{}, map[[3]int]bool{}, map[int]int{}, map[int]int{}}
	broken := map[int]bool{}
	for _, p := range g.positions {
		b := &l.s.Beats[p.beat]
		if n, met := m.least[p.beat]; !met || len(p.edges) < n {
			m.least[p.beat] = len(p.edges)
		}
		m.most[p.beat] = max(m.most[p.beat], len(p.edges))
		m.beats[p.beat] = true
		m.lines[[2]int{p.beat, p.line}] = true
		for _, c := range b.Lines[p.line].gives {
			if !equal(l.s.add(p.start, []change{c}), p.start) {
				m.gives[[3]int{p.beat, p.line, c.v}] = true
			}
		}
		if len(p.edges) == 0 && !dead {
			dead = true
			l.error(b.at, "Add a choice without a guard.", "Dead end: %s can offer nothing to say.", b.Name)
		}
		for _, e := range p.edges {
			m.choices[[2]int{p.beat, e.choice}] = true
			c := &b.Choices[e.choice]
			for _, ch := range c.own {
				if !equal(l.s.add(p.now, []change{ch}), p.now) {
					m.changes[[3]int{p.beat, e.choice, ch.v}] = true
				}
			}
			name := ""
			if e.ending >= 0 {
				name = l.s.Endings[e.ending].Name
				m.endings[e.ending] = true
				for i, r := range l.s.Endings[e.ending].debrief {
					if r.when.holds(e.after) {
						m.remarks[[2]int{e.ending, i}] = true
					}
				}
			} else {
				name = l.s.Beats[g.positions[e.next].beat].Name
			}
			m.led[[2]string{c.Name, name}] = true
			for i, pr := range l.s.promises {
				if pr.target == name && !broken[i] && !pr.when.holds(e.after) {
					broken[i] = true
					l.error(pr.at, "Guard the way in.", "Broken promise: “%s” Play gets to %s by way of %s.", pr.says, name, c.Name)
				}
			}
		}
	}
	l.unmet(m)
	return dead
}

func (l *linter) unmet(m seen) {
	const loosen = "Loosen a guard on the way to it, or delete it."
	for b, beat := range l.s.Beats {
		if !m.beats[b] {
			l.error(beat.at, loosen, "Unreachable beat: no play gets to %s.", beat.Name)
			continue
		}
		for i, line := range beat.Lines {
			if !m.lines[[2]int{b, i}] {
				l.error(line.at, loosen, "Unreachable line: no play hears line %d of %s.", i+1, beat.Name)
				continue
			}
			for _, c := range line.gives {
				if !m.gives[[3]int{b, i, c.v}] {
					l.error(line.at, "Widen the range, or cut the effect.", "What line %d of %s gives to %s never changes anything.", i+1, beat.Name, l.s.Vars[c.v].Name)
				}
			}
		}
		if n := m.least[b]; n == 1 {
			l.error(beat.at, "Add a choice without a guard.", "Some plays are offered fewer than two choices at %s.", beat.Name)
		}
		if m.most[b] > 5 {
			l.error(beat.at, "Cut choices, or guard some of them.", "Some plays are offered more than five choices at %s.", beat.Name)
		}
		for i, c := range beat.Choices {
			l.unmetChoice(m, b, i, c)
		}
	}
	won, lost := false, false
	for e, end := range l.s.Endings {
		if !m.endings[e] {
			l.error(end.at, loosen, "Unreachable ending: no play gets to %s.", end.Name)
			continue
		}
		won, lost = won || end.Kind == "advance", lost || end.Kind != "advance"
		for i, r := range end.debrief {
			if !m.remarks[[2]int{e, i}] {
				l.error(end.at, loosen, "Unreachable debrief line: number %d of %s, “%s”", i+1, end.Name, r.says)
			}
		}
	}
	if !won {
		l.error(l.s.at, "Open a way to an ending whose kind is advance.", "Unwinnable: no play reaches an advance.")
	}
	if !lost {
		l.error(l.s.at, "Add an ending that a weak call leads to.", "Unlosable: every play reaches an advance.")
	}
}

func (l *linter) unmetChoice(m seen, b, i int, c Choice) {
	if !m.choices[[2]int{b, i}] {
		l.error(c.at, "Loosen a guard on the way to it, or delete it.", "Unreachable choice: no play is offered %s.", c.Name)
		return
	}
	for _, w := range c.to {
		if !m.led[[2]string{c.Name, w.to}] {
			l.error(w.at, "Loosen its guard, or delete it.", "Unreachable branch: %s never leads to %s.", c.Name, w.to)
		}
	}
	for _, ch := range c.own {
		if !m.changes[[3]int{b, i, ch.v}] {
			l.error(c.at, "Widen the range, or cut the effect.", "The effect of %s on %s never changes anything.", c.Name, l.s.Vars[ch.v].Name)
		}
	}
}

// repeats notes lines that one play can hear twice. It returns the beats that
// one play can meet twice with another line, which is worth a look.
func (l *linter) repeats(g *graph) (notes []string) {
	type spoken struct{ beat, line int }
	starts := map[spoken][]int{}
	for i, p := range g.positions {
		starts[spoken{p.beat, p.line}] = append(starts[spoken{p.beat, p.line}], i)
	}
	again := map[int]bool{}
	for b, beat := range l.s.Beats {
		for n := range beat.Lines {
			todo := []int{}
			for _, at := range starts[spoken{b, n}] {
				for _, e := range g.positions[at].edges {
					todo = append(todo, e.next)
				}
			}
			met := make([]bool, len(g.positions))
			for len(todo) > 0 {
				at := todo[len(todo)-1]
				todo = todo[:len(todo)-1]
				if at < 0 || met[at] {
					continue
				}
				met[at] = true
				if p := g.positions[at]; p.beat == b {
					if p.line == n {
						l.error(beat.Lines[n].at, "Guard the way back, or write a second line.", "Repeated line: one play can hear line %d of %s twice.", n+1, beat.Name)
						break
					}
					again[b] = true
				}
				for _, e := range g.positions[at].edges {
					todo = append(todo, e.next)
				}
			}
		}
		if again[b] {
			notes = append(notes, fmt.Sprintf("One play can meet %s twice, with another line.", beat.Name))
		}
	}
	return notes
}

func (l *linter) rate(advance float64) {
	switch {
	case advance < leastAdvance:
		l.error(l.s.at, "Write fewer ways out, or softer gates.", "Random play reaches an advance in %.1f%% of plays; 5 to 20%% is wanted.", 100*advance)
	case advance > mostAdvance:
		l.error(l.s.at, "Write better distractors.", "Random play reaches an advance in %.1f%% of plays; 5 to 20%% is wanted.", 100*advance)
	}
}
