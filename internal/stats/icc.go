package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Estimate is a coefficient with its interval.
type Estimate struct{ Value, Low, High float64 }

// An Intraclass holds the six intraclass correlations of n targets that k
// judges have all rated. One is of a single judge, K of the mean of all k:
// 1 if each target had judges of its own, 2 if the judges are a random sample
// (absolute agreement), 3 if they are the only ones (consistency).
type Intraclass struct {
	BetweenTargets, WithinTargets, BetweenJudges, Residual float64 // mean squares

	One1, Two1, Three1 Estimate
	OneK, TwoK, ThreeK Estimate
}

// ICC computes the intraclass correlations of ratings, one row per target and
// one column per judge, with intervals at the confidence conf. ok is false when
// there are fewer than two targets or judges, rows of unequal length, or no
// variation at all: then nothing can be said.
//
// Shrout and Fleiss 1979, Psychological Bulletin 86:420-428; the interval of
// the second kind as corrected by McGraw and Wong 1996, Psychological Methods
// 1:30-46.
func ICC(ratings [][]float64, conf float64) (out Intraclass, ok bool) {
	n := len(ratings)
	if n < 2 || len(ratings[0]) < 2 {
		return out, false
	}
	k := len(ratings[0])
	targets, judges, grand := make([]float64, n), make([]float64, k), 0.0
	for i, row := range ratings {
		if len(row) != k {
			return out, false
		}
		for j, x := range row {
			targets[i] += x / float64(k)
			judges[j] += x / float64(n)
			grand += x / float64(n*k)
		}
	}
	var ssTargets, ssJudges, ssWithin float64
	for i, row := range ratings {
		ssTargets += float64(k) * math.Pow(targets[i]-grand, 2)
		for _, x := range row {
			ssWithin += math.Pow(x-targets[i], 2)
		}
	}
	for _, m := range judges {
		ssJudges += float64(n) * math.Pow(m-grand, 2)
	}
	if ssTargets+ssWithin < 1e-12 {
		return out, false
	}
	fn, fk := float64(n), float64(k)
	bms, wms, jms := ssTargets/(fn-1), ssWithin/(fn*(fk-1)), ssJudges/(fk-1)
	ems := max(0, ssWithin-ssJudges) / ((fn - 1) * (fk - 1))
	out = Intraclass{BetweenTargets: bms, WithinTargets: wms, BetweenJudges: jms, Residual: ems}
	out.One1, out.OneK = oneWay(bms, wms, fk, fn-1, fn*(fk-1), conf)
	out.Three1, out.ThreeK = oneWay(bms, ems, fk, fn-1, (fn-1)*(fk-1), conf)
	out.Two1, out.TwoK = twoWay(bms, jms, ems, fn, fk, conf)
	return out, true
}

// oneWay is the correlation (b-e)/(b+(k-1)e) of one judge and 1-e/b of k, with
// the intervals that follow from the ratio F = b/e.
func oneWay(b, e, k, df1, df2, conf float64) (one, many Estimate) {
	upper := (1 + conf) / 2
	f := b / e // infinite when the judges agree to the last digit
	low, high := f/quantileF(upper, df1, df2), f*quantileF(upper, df2, df1)
	single := func(f float64) float64 {
		if math.IsInf(f, 1) {
			return 1
		}
		return (f - 1) / (f + k - 1)
	}
	return Estimate{single(f), single(low), single(high)}, Estimate{1 - 1/f, 1 - 1/low, 1 - 1/high}
}

func twoWay(b, j, e, n, k, conf float64) (one, many Estimate) {
	one.Value = (b - e) / (b + (k-1)*e + k*(j-e)/n)
	many.Value = (b - e) / (b + (j-e)/n)
	if e < 1e-12 && j < 1e-12 { // every judge gave every target the same
		return Estimate{1, 1, 1}, Estimate{1, 1, 1}
	}
	// Degrees of freedom of the composite error, after Satterthwaite, written
	// without the ratio j/e so that a residual of 0 has its limit.
	rho := one.Value
	a := k * rho * j
	c := e * (n*(1+(k-1)*rho) - k*rho)
	v := (k - 1) * (n - 1) * math.Pow(a+c, 2) / ((n-1)*a*a + c*c)
	upper := (1 + conf) / 2
	fu, fl := quantileF(upper, n-1, v), quantileF(upper, v, n-1)
	rest := k*j + (k*n-k-n)*e
	one.Low = n * (b - fu*e) / (fu*rest + n*b)
	one.High = n * (fl*b - e) / (rest + n*fl*b)
	of := func(x float64) float64 { return k * x / (1 + (k-1)*x) }
	many.Low, many.High = of(one.Low), of(one.High)
	return one, many
}

func quantileF(p, df1, df2 float64) float64 { return distuv.F{D1: df1, D2: df2}.Quantile(p) }
