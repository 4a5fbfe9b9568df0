package assessments

import (
	"context"
	"fmt"
	"math"

	"pitchside/internal/stats"
)

// A Closeness says how far a score is from the pass mark beside what it is
// accurate to, rule R6. Numbers are in percent of the points, nil below rule R5.
type Closeness struct {
	State  string // pass, fail, too_close_to_call, or hidden
	Reason string
	SEM    *float64 // standard error of measurement
	Chance *float64 // that the true score is at the pass mark or above it
}

// closeness judges an attempt that was handed in beside the first attempts at
// the same version of the quiz.
func (s *Service) closeness(ctx context.Context, a QuizAttempt, pass float64) (Closeness, error) {
	all, err := s.quizStatistics(ctx, a.VersionID)
	if err != nil {
		return Closeness{}, err
	}
	return closenessOf(a.Percent(), pass, *a.Passed, all.Reliability), nil
}

func closenessOf(score, pass float64, passed bool, r QuizReliability) Closeness {
	if r.SEM == nil {
		c := Closeness{State: "hidden", Reason: fmt.Sprintf("How accurate a score of this quiz is, is not known yet: %s.", r.Reason)}
		if r.State == "range_only" {
			c.Reason = fmt.Sprintf("How accurate a score of this quiz is, is not known yet: %d of %d first attempts with the same questions.", r.N, itemShown)
		}
		return c
	}
	chance := stats.Kelley(score, pass, *r.Mean, *r.SD, *r.KR20)
	c := Closeness{State: map[bool]string{true: "pass", false: "fail"}[passed], SEM: r.SEM, Chance: &chance}
	half := stats.NormalQuantile(1-(1-confidence)/2) * *r.SEM
	c.Reason = fmt.Sprintf("A score of this quiz is accurate to about ±%.0f points of 100, measured on %d first attempts.", half, r.N)
	if math.Abs(score-pass) < half {
		c.State = "too_close_to_call"
		c.Reason += fmt.Sprintf(" Yours is within that of the pass mark: %s chance that the true score is at or above it.", tenths(chance))
	}
	return c
}

// tenths writes a chance in words.
func tenths(p float64) string {
	switch n := math.Round(10 * p); {
	case n < 1:
		return "less than a 1 in 10"
	case n > 9:
		return "more than a 9 in 10"
	case n == 8:
		return "an 8 in 10"
	default:
		return fmt.Sprintf("a %.0f in 10", n)
	}
}
