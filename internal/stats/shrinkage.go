package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Proportion is one person's successes among their trials.
type Proportion struct{ Hits, Trials int }

// A BetaPrior says what rates the members of a group have: about A/(A+B), the
// more alike the larger A+B.
type BetaPrior struct{ A, B float64 }

// Limits of the prior's weight, in trials. Below, a group would say less than
// one trial; above, its members are as good as equal.
const (
	fewGroups   = 8
	fewWeight   = 10
	leastWeight = 1
	mostWeight  = 1000
)

// FitBeta estimates the prior of a group from its members by maximising the
// beta-binomial marginal likelihood. With fewer than eight members that have
// trials the spread cannot be estimated: the prior is then worth ten trials at
// the group's rate.
//
// Skellam 1948, Journal of the Royal Statistical Society B 10:257-261.
func FitBeta(members []Proportion) BetaPrior {
	var seen []Proportion
	hits, trials := 0, 0
	for _, m := range members {
		if m.Trials > 0 {
			seen, hits, trials = append(seen, m), hits+m.Hits, trials+m.Trials
		}
	}
	if hits == 0 || hits == trials {
		rate := (float64(hits) + 0.5) / (float64(trials) + 1)
		return BetaPrior{fewWeight * rate, fewWeight * (1 - rate)}
	}
	rate := float64(hits) / float64(trials)
	if len(seen) < fewGroups {
		return BetaPrior{fewWeight * rate, fewWeight * (1 - rate)}
	}
	// For a given weight the likelihood is concave in the mean; over the weight
	// it is scanned first, so that a second, lower hill cannot catch the search.
	best := func(logWeight float64) (mean, likelihood float64) {
		weight := math.Exp(logWeight)
		return maximise(1e-6, 1-1e-6, func(mean float64) float64 {
			a, b, sum := mean*weight, (1-mean)*weight, 0.0
			for _, m := range seen {
				y, n := float64(m.Hits), float64(m.Trials)
				sum += logBeta(a+y, b+n-y) - logBeta(a, b)
			}
			return sum
		})
	}
	const steps = 24
	from, to := math.Log(leastWeight), math.Log(mostWeight)
	step, top, peak := (to-from)/steps, from, math.Inf(-1)
	for i := range steps + 1 {
		at := from + float64(i)*step
		if _, likelihood := best(at); likelihood > peak {
			top, peak = at, likelihood
		}
	}
	logWeight, _ := maximise(max(from, top-step), min(to, top+step), func(x float64) float64 {
		_, likelihood := best(x)
		return likelihood
	})
	mean, _ := best(logWeight)
	weight := math.Exp(logWeight)
	return BetaPrior{mean * weight, (1 - mean) * weight}
}

// maximise returns where between low and high the single-peaked f is highest,
// and how high, by golden-section search.
func maximise(low, high float64, f func(float64) float64) (at, height float64) {
	const golden = 0.6180339887498949
	left, right := high-golden*(high-low), low+golden*(high-low)
	fl, fr := f(left), f(right)
	for high-low > 1e-8 {
		if fl < fr {
			low, left, fl = left, right, fr
			right = low + golden*(high-low)
			fr = f(right)
		} else {
			high, right, fr = right, left, fl
			left = high - golden*(high-low)
			fl = f(left)
		}
	}
	at = (low + high) / 2
	return at, f(at)
}

// Shrink returns the best estimate of a member's rate, which leans on the group
// the more the fewer trials there are, and its interval at the confidence conf.
func (p BetaPrior) Shrink(m Proportion, conf float64) (estimate, low, high float64) {
	posterior := distuv.Beta{Alpha: p.A + float64(m.Hits), Beta: p.B + float64(m.Trials-m.Hits)}
	return posterior.Mean(), posterior.Quantile((1 - conf) / 2), posterior.Quantile((1 + conf) / 2)
}

// Mean returns the rate of the group.
func (p BetaPrior) Mean() float64 { return p.A / (p.A + p.B) }

func logBeta(a, b float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return la + lb - lab
}
