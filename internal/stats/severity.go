package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A Rating is one score: of whom, by whom, about what.
type Rating struct {
	Target, Judge, Item int64
	Score               float64
}

// Variances are the components of the crossed additive model
// score = mean + target + judge + item + residual.
type Variances struct{ Target, Judge, Item, Residual float64 }

// An Effect is the best linear unbiased prediction of what one target, judge or
// item adds to the mean, and its standard error. A judge above 0 is lenient, one
// below 0 severe.
type Effect struct{ Value, SE float64 }

// A Crossed is the additive model solved for given variances.
type Crossed struct {
	Mean                   float64
	Targets, Judges, Items map[int64]Effect
}

// Adjusted returns what a target would be scored by a judge of average
// severity.
func (c Crossed) Adjusted(target int64) float64 { return c.Mean + c.Targets[target].Value }

// Connected reports whether targets and judges hang together: whether from any
// judge one can walk to any other over targets that both have scored. If not,
// a severe judge cannot be told from weak targets.
func Connected(ratings []Rating) bool {
	parent := map[[2]int64][2]int64{}
	var root func(x [2]int64) [2]int64
	root = func(x [2]int64) [2]int64 {
		p, ok := parent[x]
		if !ok || p == x {
			parent[x] = x
			return x
		}
		top := root(p)
		parent[x] = top
		return top
	}
	for _, r := range ratings {
		parent[root([2]int64{0, r.Target})] = root([2]int64{1, r.Judge})
	}
	roots := map[[2]int64]bool{}
	for x := range parent {
		roots[root(x)] = true
	}
	return len(roots) == 1
}

// SolveCrossed solves Henderson's mixed-model equations for given variances.
// ok is false when there is nothing to solve.
//
// Henderson 1975, Biometrics 31:423-447.
func SolveCrossed(ratings []Rating, v Variances) (out Crossed, ok bool) {
	e := newEquations(ratings)
	s, ok := e.solve(v.Residual/floor(v.Target), v.Residual/floor(v.Judge), v.Residual/floor(v.Item))
	if len(ratings) == 0 || !ok {
		return out, false
	}
	out = Crossed{Mean: s.rest.AtVec(0), Targets: map[int64]Effect{}, Judges: map[int64]Effect{}, Items: map[int64]Effect{}}
	var inverse mat.SymDense
	if err := s.chol.InverseTo(&inverse); err != nil {
		return out, false
	}
	m := len(e.judges)
	for i, id := range e.judges {
		out.Judges[id] = Effect{s.rest.AtVec(1 + i), math.Sqrt(v.Residual * inverse.At(1+i, 1+i))}
	}
	for i, id := range e.items {
		out.Items[id] = Effect{s.rest.AtVec(1 + m + i), math.Sqrt(v.Residual * inverse.At(1+m+i, 1+m+i))}
	}
	for i, id := range e.targets {
		row := mat.NewVecDense(len(e.rows[i]), e.rows[i])
		out.Targets[id] = Effect{s.targets[i], math.Sqrt(v.Residual * (1/s.diagonal[i] + mat.Inner(row, &inverse, row)/(s.diagonal[i]*s.diagonal[i])))}
	}
	return out, true
}

// floor keeps a variance that was estimated as none from dividing by 0.
func floor(variance float64) float64 { return max(variance, 1e-9) }

// FitCrossed estimates the variances by restricted maximum likelihood, one after
// the other until none moves the likelihood. ok is false when there are fewer
// than three scores, or no variation.
func FitCrossed(ratings []Rating) (v Variances, ok bool) {
	e := newEquations(ratings)
	n := float64(len(ratings))
	if n < 3 {
		return v, false
	}
	deviance := func(logs [3]float64) (dev, residual float64) {
		ratio := [3]float64{}
		for i, l := range logs {
			ratio[i] = math.Exp(l)
		}
		s, ok := e.solve(1/ratio[0], 1/ratio[1], 1/ratio[2])
		if !ok || s.quadratic <= 1e-12 {
			return math.Inf(1), 0
		}
		residual = s.quadratic / (n - 1)
		dev = (n-1)*math.Log(residual) + s.logDet
		for i, q := range []int{len(e.targets), len(e.judges), len(e.items)} {
			dev += float64(q) * math.Log(ratio[i])
		}
		return dev, residual
	}
	best, width := [3]float64{0, -1, -2}, 12.0
	last := math.Inf(1)
	for range 80 {
		height := 0.0
		for i := range best {
			best[i], height = maximise(max(-16, best[i]-width), min(16, best[i]+width), func(x float64) float64 {
				try := best
				try[i] = x
				d, _ := deviance(try)
				return -d
			})
		}
		if math.IsInf(height, 0) {
			return v, false
		}
		if last-(-height) < 1e-9 {
			break
		}
		last, width = -height, max(0.5, width/2)
	}
	_, residual := deviance(best)
	of := func(i int) float64 { return residual * math.Exp(best[i]) }
	return Variances{of(0), of(1), of(2), residual}, true
}

// equations are the mixed-model equations of the ratings with the targets, who
// may be many, taken out of them: their block is diagonal.
type equations struct {
	targets, judges, items []int64
	counts                 []float64   // scores of each target
	sums                   []float64   // and their sum
	rows                   [][]float64 // how often each target meets the mean, each judge and each item
	rest                   []float64   // the block of mean, judges and items, row by row
	right                  []float64   // and its right-hand side
	squares                float64     // sum of squared scores
}

func newEquations(ratings []Rating) equations {
	var e equations
	for _, r := range ratings {
		e.targets, e.judges, e.items = append(e.targets, r.Target), append(e.judges, r.Judge), append(e.items, r.Item)
	}
	for _, ids := range []*[]int64{&e.targets, &e.judges, &e.items} {
		slices.Sort(*ids)
		*ids = slices.Compact(*ids)
	}
	size := 1 + len(e.judges) + len(e.items)
	e.counts, e.sums = make([]float64, len(e.targets)), make([]float64, len(e.targets))
	e.rest, e.right = make([]float64, size*size), make([]float64, size)
	e.rows = make([][]float64, len(e.targets))
	for i := range e.rows {
		e.rows[i] = make([]float64, size)
	}
	for _, r := range ratings {
		t, _ := slices.BinarySearch(e.targets, r.Target)
		j, _ := slices.BinarySearch(e.judges, r.Judge)
		k, _ := slices.BinarySearch(e.items, r.Item)
		at := [3]int{0, 1 + j, 1 + len(e.judges) + k}
		e.counts[t]++
		e.sums[t] += r.Score
		e.squares += r.Score * r.Score
		for _, a := range at {
			e.rows[t][a]++
			e.right[a] += r.Score
			for _, b := range at {
				e.rest[a*size+b]++
			}
		}
	}
	return e
}

type solution struct {
	chol      mat.Cholesky
	rest      *mat.VecDense // mean, judges, items
	targets   []float64
	diagonal  []float64
	logDet    float64
	quadratic float64 // y'Py, in units of the residual variance
}

// solve solves the equations for the ratios of the residual variance to those
// of targets, judges and items.
func (e equations) solve(perTarget, perJudge, perItem float64) (solution, bool) {
	size := len(e.right)
	s := solution{diagonal: make([]float64, len(e.targets)), targets: make([]float64, len(e.targets)), rest: mat.NewVecDense(size, nil)}
	block, right := slices.Clone(e.rest), slices.Clone(e.right)
	for i := 1; i < size; i++ {
		if i <= len(e.judges) {
			block[i*size+i] += perJudge
		} else {
			block[i*size+i] += perItem
		}
	}
	for t, row := range e.rows {
		d := e.counts[t] + perTarget
		s.diagonal[t] = d
		s.logDet += math.Log(d)
		for a, x := range row {
			if x == 0 {
				continue
			}
			right[a] -= x * e.sums[t] / d
			for b, y := range row {
				block[a*size+b] -= x * y / d
			}
		}
	}
	if !s.chol.Factorize(mat.NewSymDense(size, block)) {
		return s, false
	}
	if err := s.chol.SolveVecTo(s.rest, mat.NewVecDense(size, right)); err != nil {
		return s, false
	}
	s.logDet += s.chol.LogDet()
	s.quadratic = e.squares
	for a := range size {
		s.quadratic -= s.rest.AtVec(a) * e.right[a]
	}
	for t, row := range e.rows {
		sum := e.sums[t]
		for a, x := range row {
			sum -= x * s.rest.AtVec(a)
		}
		s.targets[t] = sum / s.diagonal[t]
		s.quadratic -= s.targets[t] * e.sums[t]
	}
	return s, true
}

// ShrinkTo moves an estimate that rests on n cases towards a prior value until
// there are enough cases: n of enough parts estimate, the rest prior.
func ShrinkTo(estimate, prior float64, n, enough int) float64 {
	if n >= enough {
		return estimate
	}
	share := float64(n) / float64(enough)
	return share*estimate + (1-share)*prior
}
