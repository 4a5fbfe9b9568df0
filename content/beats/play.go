package beats

import "slices"

// A state is the value of every variable, in the order of Script.Vars.
type state []int

func (s *Script) first() state {
	out := make(state, len(s.Vars))
	for i, v := range s.Vars {
		out[i] = v.Start
	}
	return out
}

// add returns the state after the changes; each variable stays in its range.
func (s *Script) add(before state, changes []change) state {
	if len(changes) == 0 {
		return before
	}
	after := slices.Clone(before)
	for _, c := range changes {
		after[c.v] = min(s.Vars[c.v].Max, max(s.Vars[c.v].Min, after[c.v]+c.by))
	}
	return after
}

// arrive returns which line of a beat the buyer speaks, and the state after it.
func (s *Script) arrive(b int, before state) (line int, after state) {
	for i, l := range s.Beats[b].Lines {
		if l.when.holds(before) {
			return i, s.add(before, l.gives)
		}
	}
	last := len(s.Beats[b].Lines) - 1
	return last, s.add(before, s.Beats[b].Lines[last].gives)
}

// offered returns which choices of a beat are offered, in the order written.
func (s *Script) offered(b int, now state) []int {
	var out []int
	for i, c := range s.Beats[b].Choices {
		if c.when.holds(now) {
			out = append(out, i)
		}
	}
	return out
}

// A target is a beat, or an ending when ends is true, by its index.
type target struct {
	ends  bool
	index int
}

// take returns where a choice leads and the state after it.
func (s *Script) take(c *Choice, before state) (to target, after state) {
	after = s.add(before, c.effect)
	by := slices.IndexFunc(c.to, func(w way) bool { return w.when.holds(after) })
	if by < 0 {
		by = len(c.to) - 1
	}
	name := c.to[by].to
	if e, ok := s.ending[name]; ok {
		return target{true, e}, after
	}
	for _, i := range s.interrupts {
		if i.when.holds(after) {
			return target{true, s.ending[i.to]}, after
		}
	}
	return target{false, s.beat[name]}, after
}

// levels returns the level of each criterion, 0 for not observed. shown is in
// the order in which it happened; visited is every state that was passed.
func (s *Script) levels(shown []Showing, visited []state) []Showing {
	var out []Showing
	for _, rule := range s.Score {
		var seen []int
		for _, e := range shown {
			if e.Criterion == rule.Criterion {
				seen = append(seen, e.Level)
			}
		}
		out = append(out, Showing{rule.Criterion, rule.Level(seen, rule.came(visited))})
	}
	return out
}

// came reports whether what a criterion needs was there in some state.
func (r Rule) came(visited []state) bool {
	return r.trigger == nil || slices.ContainsFunc(visited, r.trigger.holds)
}

// never returns the criteria of which nothing was seen and whose trigger did
// not hold in any state.
func (s *Script) never(shown []Showing, visited []state) []string {
	var out []string
	for _, rule := range s.Score {
		seen := slices.ContainsFunc(shown, func(e Showing) bool { return e.Criterion == rule.Criterion })
		if !seen && !rule.came(visited) {
			out = append(out, rule.Criterion)
		}
	}
	return out
}

// Level makes one level of the levels that were seen, in their order; 0 means
// not observed. came says whether the trigger ever held, which matters only
// when nothing was seen.
func (r Rule) Level(seen []int, came bool) int {
	if len(seen) == 0 {
		if came {
			return r.None
		}
		return 0
	}
	switch r.By {
	case "last":
		return seen[len(seen)-1]
	case "lowest":
		return slices.Min(seen)
	case "median": // the lower of two
		sorted := slices.Sorted(slices.Values(seen))
		return sorted[(len(sorted)-1)/2]
	}
	good := 0
	for _, n := range seen {
		if n >= 3 {
			good++
		}
	}
	best := slices.Max(seen)
	if good > 0 && len(seen)-good >= good {
		best--
	}
	return max(1, best)
}
