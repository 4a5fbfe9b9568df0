package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A Metric says how far two values lie apart.
type Metric int

// The metrics of Krippendorff's alpha.
const (
	Nominal  Metric = iota // the same or not
	Ordinal                // by the number of values between them
	Interval               // by their difference
	Ratio                  // by their difference as a share of their sum
)

// Alpha returns Krippendorff's alpha of units, each holding the values that its
// judges gave; who gave none is left out. Units with fewer than two values
// cannot be paired and do not count. ok is false when all paired values are the
// same, or none can be paired: without variation, agreement is not defined.
//
// Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
func Alpha(units [][]float64, metric Metric) (alpha float64, ok bool) {
	return newCoincidences(units).alpha(units, metric)
}

// AlphaInterval resamples the units of Alpha, with replacement, and returns the
// middle conf of the alphas. The same seed gives the same interval. Samples
// without variation have no alpha and are drawn again, up to as many times as
// there are draws.
func AlphaInterval(units [][]float64, metric Metric, conf float64, draws int, seed uint64) (low, high float64, ok bool) {
	all := newCoincidences(units)
	paired := slices.DeleteFunc(slices.Clone(units), func(u []float64) bool { return len(u) < 2 })
	if _, ok := all.alpha(paired, metric); !ok {
		return 0, 0, false
	}
	r := rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15))
	alphas, sample := make([]float64, 0, draws), make([][]float64, len(paired))
	for tries := 0; len(alphas) < draws && tries < 2*draws; tries++ {
		for i := range sample {
			sample[i] = paired[r.IntN(len(paired))]
		}
		if a, ok := all.alpha(sample, metric); ok {
			alphas = append(alphas, a)
		}
	}
	if len(alphas) < draws/2 {
		return 0, 0, false
	}
	return Quantile(alphas, (1-conf)/2), Quantile(alphas, (1+conf)/2), true
}

// coincidences hold the values that occur, in order.
type coincidences struct {
	values []float64
	at     map[float64]int
}

func newCoincidences(units [][]float64) coincidences {
	c := coincidences{at: map[float64]int{}}
	for _, u := range units {
		if len(u) >= 2 {
			c.values = append(c.values, u...)
		}
	}
	slices.Sort(c.values)
	c.values = slices.Compact(c.values)
	for i, v := range c.values {
		c.at[v] = i
	}
	return c
}

func (c coincidences) alpha(units [][]float64, metric Metric) (float64, bool) {
	n := len(c.values)
	pairs, margin, total := make([]float64, n*n), make([]float64, n), 0.0
	for _, u := range units {
		if len(u) < 2 {
			continue
		}
		share := 1 / float64(len(u)-1)
		for i, x := range u {
			margin[c.at[x]]++
			total++
			for j, y := range u {
				if i != j {
					pairs[c.at[x]*n+c.at[y]] += share
				}
			}
		}
	}
	observed, expected := 0.0, 0.0
	for i := range n {
		for j := i + 1; j < n; j++ {
			d := c.distance(i, j, margin, metric)
			observed += pairs[i*n+j] * d
			expected += margin[i] * margin[j] * d
		}
	}
	if expected == 0 {
		return 0, false
	}
	return 1 - (total-1)*observed/expected, true
}

func (c coincidences) distance(i, j int, margin []float64, metric Metric) float64 {
	x, y := c.values[i], c.values[j]
	switch metric {
	case Nominal:
		return 1
	case Ordinal:
		between := -(margin[i] + margin[j]) / 2
		for g := i; g <= j; g++ {
			between += margin[g]
		}
		return between * between
	case Interval:
		return (x - y) * (x - y)
	}
	if x+y == 0 {
		return 0
	}
	return math.Pow((x-y)/(x+y), 2)
}

// PairAgreement counts the pairs of values within the units, and how many of
// them are equal, and at most 1 apart.
func PairAgreement(units [][]float64) (pairs, exact, withinOne int) {
	for _, u := range units {
		for i, x := range u {
			for _, y := range u[i+1:] {
				pairs++
				if x == y {
					exact++
				}
				if math.Abs(x-y) <= 1 {
					withinOne++
				}
			}
		}
	}
	return pairs, exact, withinOne
}
