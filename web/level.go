package web

import (
	"fmt"
	"math"
	"strings"

	"pitchside/skills"
)

// levelNames are what the five whole levels mean, in a word or two.
var levelNames = [5]string{"not yet", "with prompts", "reliable in standard situations", "adapts in complex ones", "sets the standard"}

// A levelView says a level in words and marks.
type levelView struct{ skills.Level }

// Likely writes the whole levels between which it probably lies.
func (l levelView) Likely() string {
	low, high := l.Level.Likely()
	if low == high {
		return fmt.Sprintf("likely %d", low)
	}
	return fmt.Sprintf("likely %d–%d", low, high)
}

// Goal writes the target, or that there is none.
func (l levelView) Goal() string {
	if l.Target == nil {
		return "no target set"
	}
	return "target " + trimmed(*l.Target)
}

// Name says what the whole level means.
func (l levelView) Name() string { return levelNames[l.Whole()-1] }

// Class returns the classes of the mark beside the level's digit.
func (l levelView) Class() string { return markClass(l.State, l.Below()) }

func markClass(state skills.State, below bool) string {
	switch {
	case state == skills.Hidden:
		return " unknown"
	case state == skills.Provisional && below:
		return " provisional gap"
	case state == skills.Provisional:
		return " provisional"
	case below:
		return " gap"
	}
	return ""
}

// Confidence says how much can be relied on the level.
func (l levelView) Confidence() string { return confidence(l.Reliability) }

// Bars returns how many of three bars stand for that confidence.
func (l levelView) Bars() int {
	switch {
	case l.Reliability >= 0.75:
		return 3
	case l.Reliability >= skills.Default.FirmlyKnown:
		return 2
	}
	return 1
}

func confidence(reliability float64) string {
	switch {
	case reliability >= 0.75:
		return "high confidence"
	case reliability >= skills.Default.FirmlyKnown:
		return "moderate confidence"
	}
	return "low confidence"
}

// Stale reports whether the newest evidence is older than half a weight.
func (l levelView) Stale() bool {
	return l.Newest != nil && l.At.Sub(*l.Newest).Hours()/24 > skills.Default.HalfLife
}

// Standing says where the level stands against its target; empty without one.
func (l levelView) Standing() string {
	switch l.Verdict {
	case skills.BelowTarget:
		return "below target"
	case skills.AtOrAboveTarget:
		return "at or above target"
	case skills.TooCloseToCall:
		return "too close to call"
	}
	return ""
}

// Chance says how sure the verdict is, in tenths.
func (l levelView) Chance() string {
	if l.PBelow == nil || l.Verdict == "" {
		return ""
	}
	target := trimmed(*l.Target)
	switch l.Verdict {
	case skills.BelowTarget:
		return "It is below the target of " + target + " with " + tenths(*l.PBelow) + " chance."
	case skills.AtOrAboveTarget:
		return "It is at or above the target of " + target + " with " + tenths(1-*l.PBelow) + " chance."
	}
	return "Against the target of " + target + " it is too close to call: " + tenths(*l.PBelow) + " chance of being below."
}

// tenths writes a chance as people say it.
func tenths(p float64) string {
	switch n := int(math.Round(10 * p)); {
	case p > 0.9:
		return "more than a 9 in 10"
	case p < 0.1:
		return "less than a 1 in 10"
	case n == 8:
		return "about an 8 in 10"
	default:
		return fmt.Sprintf("about a %d in 10", n)
	}
}

// trimmed writes a level without needless decimals.
func trimmed(level float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", level), ".0")
}

// apportion rounds numbers to units so that they add up to the rounded total,
// giving what is left over to the largest remainders.
func apportion(values []float64, total, unit float64) []float64 {
	out, rest := make([]float64, len(values)), make([]float64, len(values))
	left := int(math.Round(total / unit))
	for i, v := range values {
		steps := math.Floor(v / unit)
		out[i], rest[i] = steps*unit, v/unit-steps
		left -= int(steps)
	}
	for ; left > 0; left-- {
		most := 0
		for i := range rest {
			if rest[i] > rest[most] {
				most = i
			}
		}
		out[most] += unit
		rest[most] = -1
	}
	return out
}
