package skills

import "fmt"

// A State says whether a level may be shown, rule R1.
type State string

// The states of a level.
const (
	Shown       State = "shown"
	Provisional State = "provisional" // shown with an outline: one scorer, or little certainty
	Hidden      State = "hidden"      // the number itself is withheld
)

// A Verdict compares a level with its target, rule R2.
type Verdict string

// The verdicts. Without a level or a target there is none.
const (
	BelowTarget     Verdict = "below_target"
	TooCloseToCall  Verdict = "too_close_to_call"
	AtOrAboveTarget Verdict = "at_or_above_target"
)

// State applies rule R1 to the reliability of a level, the sessions that a
// person other than the rep scored and the people who scored them. The reason
// says in words what is missing; it is empty for a level that is shown.
func (p Parameters) State(reliability float64, sessions, raters int) (State, string) {
	switch {
	case sessions < p.LeastScored:
		return Hidden, fmt.Sprintf("Not enough evidence yet (%d of %d scored observations)", sessions, p.LeastScored)
	case reliability < p.LeastKnown:
		return Hidden, fmt.Sprintf("Not enough evidence yet (reliability %.2f of %.2f: what there is is old, or far apart)", max(0, reliability), p.LeastKnown)
	case raters < p.LeastRaters:
		return Provisional, "Scored by one person so far; a second view makes it firm"
	case reliability < p.FirmlyKnown:
		return Provisional, fmt.Sprintf("Reliability %.2f, firm from %.2f", reliability, p.FirmlyKnown)
	}
	return Shown, ""
}

// Verdict applies rule R2 to the chance of being below the target.
func (p Parameters) Verdict(below float64) Verdict {
	switch {
	case below >= p.SurelyBelow:
		return BelowTarget
	case below <= p.SurelyAtGoal:
		return AtOrAboveTarget
	}
	return TooCloseToCall
}
