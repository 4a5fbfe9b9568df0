package beats

// mostTurns is how many turning points a debrief names.
const mostTurns = 6

// A Debrief is what is said after the conversation. Nothing is hidden then.
type Debrief struct {
	Ending  string
	Kind    string // advance, continuation, no or out
	Title   string
	Buyer   string // the last line
	Remarks []string
	Turns   []string // turning points, in the order they happened
	Success []Reached
	Levels  []Showing // by criterion, 0: not observed
	Closing []Showing // what the ending itself showed
	Never   []string  // criteria of which nothing was seen because what they need never came
	Moves   []Move
}

// A Reached is a part of the scenario's success, and whether the state proves it.
type Reached struct {
	Says string
	Met  bool
}

// Debrief returns what is said after the conversation, or nil before its end.
func (g *Game) Debrief() *Debrief {
	if !g.at.ends {
		return nil
	}
	end := g.script.Endings[g.at.index]
	d := &Debrief{Ending: end.Name, Kind: end.Kind, Title: end.Title, Buyer: end.Buyer, Moves: g.moves, Turns: g.turns(), Levels: g.script.levels(g.shown, g.visited), Closing: end.Evidence,
		Never: g.script.never(g.shown, g.visited)}
	for _, r := range end.debrief {
		if r.when.holds(g.now) {
			d.Remarks = append(d.Remarks, r.says)
		}
	}
	for _, s := range g.script.Success {
		d.Success = append(d.Success, Reached{s.Says, s.when.holds(g.now)})
	}
	return d
}

// turns returns at most six turning points. Those whose choice changed nothing
// go first, then the earliest.
func (g *Game) turns() []string {
	var turning []Move
	for _, m := range g.moves {
		if m.Turn != "" {
			turning = append(turning, m)
		}
	}
	spare := len(turning) - mostTurns
	var kept []Move
	for _, m := range turning {
		if spare > 0 && !m.Changed {
			spare--
			continue
		}
		kept = append(kept, m)
	}
	kept = kept[max(0, len(kept)-mostTurns):]
	var out []string
	for _, m := range kept {
		out = append(out, m.Turn)
	}
	return out
}
