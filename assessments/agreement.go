package assessments

import (
	"fmt"

	"pitchside/internal/stats"
)

// What may be shown of agreement and strictness, rules R3 and R4.
const (
	Hidden      = "hidden"        // too few: the number is withheld
	RangeOnly   = "range_only"    // an interval, no point
	Shown       = "shown"         //
	Undefined   = "undefined"     // all scores are the same
	Adjust      = "adjust"        // strictness is known well enough to correct for
	DoNotAdjust = "do_not_adjust" // it is not
)

// Thresholds of the rules.
const (
	leastDouble    = 10 // double-scored role-plays before anything is shown
	firmDouble     = 30 // and before a single number is
	leastRaters    = 2
	leastSessions  = 8
	leastReps      = 4
	leastShared    = 2
	mostSeverity   = 0.25 // standard error of a strictness that may correct
	usualCoachVar  = 0.1  // variance of strictness between coaches, on a scale of 1 to 5
	enoughCoaches  = 6    // from which on the variance is taken as estimated
	leastHalo      = 0.5  // spread within a session, as a share of everybody's
	bootstrapDraws = 1000
)

// AgreementState applies rule R3 to role-plays that two or more coaches scored,
// to the coaches and to the variance of their scores.
func AgreementState(double, coaches int, variance float64) (state, reason string) {
	switch {
	case coaches < leastRaters:
		return Hidden, fmt.Sprintf("%d of %d coaches: one alone cannot agree or disagree", coaches, leastRaters)
	case double < leastDouble:
		return Hidden, fmt.Sprintf("%d of %d double-scored role-plays", double, leastDouble)
	case variance <= 0:
		return Undefined, "All scores are the same, so agreement beyond chance is not defined"
	case double < firmDouble:
		return RangeOnly, fmt.Sprintf("%d of %d double-scored role-plays: a range only", double, firmDouble)
	}
	return Shown, ""
}

// SeverityState applies rule R4 to one coach: their sessions, the reps they
// scored, those whom others scored too, whether all coaches hang together over
// shared reps, and the standard error.
func SeverityState(sessions, reps, shared int, connected bool, se float64) (state, reason string) {
	switch {
	case !connected:
		return DoNotAdjust, "Not every coach shares a rep with the others, so strictness cannot be told from weaker reps. Let everybody score the same three role-plays"
	case sessions < leastSessions:
		return DoNotAdjust, fmt.Sprintf("%d of %d scored role-plays", sessions, leastSessions)
	case reps < leastReps:
		return DoNotAdjust, fmt.Sprintf("%d of %d reps", reps, leastReps)
	case shared < leastShared:
		return DoNotAdjust, fmt.Sprintf("%d of %d reps whom others scored too", shared, leastShared)
	case se > mostSeverity:
		return DoNotAdjust, fmt.Sprintf("Known to ±%.2f only (standard error), needed %.2f", se, mostSeverity)
	}
	return Adjust, ""
}

// An Agreement is how far coaches agree on one criterion, or on the whole. A
// number that is nil may not be shown; the state and the reason say why.
type Agreement struct {
	State, Reason string
	Units         int // role-plays that two or more coaches gave a level
	Pairs         int // of coaches on the same role-play
	Same          int // of which equal
	Near          int // of which at most one level apart
	Alpha         *float64
	Low, High     *float64
	Exact         *float64
	WithinOne     *float64
}

// agreementOf measures the levels that coaches gave to units of one criterion.
func agreementOf(units [][]float64, coaches int, seed uint64) Agreement {
	var out Agreement
	lowest, highest := 6.0, 0.0
	for _, u := range units {
		if len(u) < 2 {
			continue
		}
		out.Units++
		for _, x := range u {
			lowest, highest = min(lowest, x), max(highest, x)
		}
	}
	out.Pairs, out.Same, out.Near = stats.PairAgreement(units)
	out.State, out.Reason = AgreementState(out.Units, coaches, highest-lowest)
	if out.State == Hidden {
		return out
	}
	exact, near := float64(out.Same)/float64(out.Pairs), float64(out.Near)/float64(out.Pairs)
	out.Exact, out.WithinOne = &exact, &near
	if out.State == Undefined {
		return out
	}
	if low, high, ok := stats.AlphaInterval(units, stats.Ordinal, 0.95, bootstrapDraws, seed); ok {
		out.Low, out.High = &low, &high
	}
	if alpha, ok := stats.Alpha(units, stats.Ordinal); ok && out.State == Shown {
		out.Alpha = &alpha
	}
	return out
}
