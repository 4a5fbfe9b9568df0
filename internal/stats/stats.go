// Package stats holds the few statistical formulas that Pitchside shows and
// that gonum lacks or defines otherwise. Every function is pure. It knows
// nothing of selling or learning.
package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Z80 is the standard normal quantile of an 80% interval, two-sided, to the six
// decimals that the worked examples of levels are computed with.
const Z80 = 1.281552

// NormalCDF returns the probability that a standard normal value is below x.
func NormalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// NormalQuantile returns the x below which a standard normal value lies with
// probability p, 0 < p < 1.
func NormalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

// Wilson returns the score interval of a proportion, x of n, at the confidence
// conf (0.95 for 95%). Without observations it is all that is possible: 0 to 1.
//
// Wilson 1927; method 3 of Newcombe 1998, Statistics in Medicine 17:857-872.
func Wilson(x, n int, conf float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	z := NormalQuantile((1 + conf) / 2)
	count, p := float64(n), float64(x)/float64(n)
	mid := p + z*z/(2*count)
	half := z * math.Sqrt(p*(1-p)/count+z*z/(4*count*count))
	scale := 1 + z*z/count
	low, high = (mid-half)/scale, (mid+half)/scale
	// At the ends the bound is exact; the square root leaves a residue.
	if x <= 0 {
		low = 0
	}
	if x >= n {
		high = 1
	}
	return low, high
}

// Quantile returns the value below which the share p of the sample lies,
// interpolated between order statistics: Hyndman and Fan's type 7, the default
// of R and of spreadsheets. It is NaN for an empty sample.
func Quantile(sample []float64, p float64) float64 {
	if len(sample) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(sample))
	at := p * float64(len(sorted)-1)
	below := int(math.Floor(at))
	if below >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	return sorted[below] + (at-float64(below))*(sorted[below+1]-sorted[below])
}

// Median returns the middle of the sample, the mean of the middle two when
// their number is even; NaN for an empty sample.
func Median(sample []float64) float64 { return Quantile(sample, 0.5) }

// StudentQuantile returns the x below which a value of Student's t with df
// degrees of freedom lies with probability p.
func StudentQuantile(p, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}
