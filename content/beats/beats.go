// Package beats is the branching text buyer: a conversation in which the rep
// picks what to say and the buyer answers. The same choices always lead to the
// same answers: no chance, no clock, no model. It reads a script, proves by
// playing every possible conversation that it holds together, and plays it. It
// knows no person, no attempt and no database.
package beats

import "pitchside/content/source"

// A Script is a conversation that can be played. It is never changed after
// Read, so any number of games may share it.
type Script struct {
	Start   string
	Vars    []Var
	Beats   []Beat
	Endings []Ending
	Success []Success
	Score   []Rule

	tick       []change
	interrupts []way
	promises   []promise
	beat       map[string]int // index by name
	ending     map[string]int
	vars       map[string]int
	at         source.Place
	broken     bool // reading found an error, so playing would only blur it
}

// A Var is one part of the state, such as trust: a whole number in a range.
type Var struct {
	Name            string
	Start, Min, Max int
	About           string
}

// A Beat is a moment: the buyer speaks, then the rep chooses.
type Beat struct {
	Name    string
	Lines   []Line // the first whose guard holds is spoken
	Choices []Choice
	at      source.Place
}

// A Line is what the buyer says. Evidence is what only the buyer's answer can
// prove, by criterion.
type Line struct {
	Says     string
	Evidence []Showing
	when     guard
	gives    []change
	at       source.Place
}

// A Choice is something the rep can say or do.
type Choice struct {
	Name     string // beat/id: never changes once published
	Says     string
	Move     string // what kind of thing this is to say
	Evidence []Showing
	Turn     string // for the debrief: what it did
	when     guard
	own      []change // what the choice itself changes
	effect   []change // the same with the tick
	to       []way
	at       source.Place
}

// A Showing is a level from 1 to 5 that a line shows of a criterion.
type Showing struct {
	Criterion string
	Level     int
}

// An Ending closes the conversation.
type Ending struct {
	Name     string
	Kind     string // advance, continuation, no or out
	Title    string
	Buyer    string // the last line
	Evidence []Showing
	debrief  []remark
	at       source.Place
}

// A Success is a part of the scenario's success that the state can prove.
type Success struct {
	Says string
	when guard
}

// A Rule says how the showings of one criterion become its level.
type Rule struct {
	Criterion string
	By        string // best, median, last or lowest
	None      int    // the level when nothing was shown although the trigger held; 0: not observed
	trigger   guard
	at        source.Place
}

type remark struct {
	says string
	when guard
}

type promise struct {
	target string
	says   string
	when   guard
	at     source.Place
}

// A way leads to a beat or an ending.
type way struct {
	to   string
	when guard
	at   source.Place
}

// A change adds to one variable; the result stays in its range.
type change struct{ v, by int }
