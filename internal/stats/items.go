package stats

import (
	"math"
	"slices"
)

// An ItemStat is how one item of a test does.
type ItemStat struct {
	N       int
	Mean    float64 // share of the points earned: the facility
	Total   float64 // correlation with the total score, the item included
	Rest    float64 // corrected item-total correlation: with the total without the item
	Without float64 // reliability of the test without the item
	RestOK  bool    // Rest is defined: neither side is constant
}

// A TestQuality is what a test's scores say of the test. Scores are shares of
// each item's points, 0 to 1, so that Mean, SD and SEM are in items.
type TestQuality struct {
	Persons  int     // who took any of it
	Together float64 // persons who had two items in common, mean over pairs of items
	Items    []ItemStat
	KR20     float64 // Cronbach's alpha, which for right and wrong is KR-20
	Low      float64 // Feldt's interval
	High     float64
	Mean, SD float64 // of the total, for a test of Length items
	SEM      float64 // SD·√(1−KR20)
	Length   float64 // items that a person had, on average
	Defined  bool    // KR20 and what hangs on it: scores vary, and items were met together
}

// Quality analyses the scores of persons (rows) on items (columns). An item
// that a person was not given is NaN: tests that draw from a bank leave such
// gaps, so variances and covariances are taken over the persons who had the
// items together. Where everybody had every item, KR20 is k/(k−1)·(1−Σv/σ²x)
// (Kuder & Richardson 1937; Cronbach 1951) to the digit. conf is the level of
// the interval, such as 0.95.
func Quality(scores [][]float64, conf float64) TestQuality {
	if len(scores) == 0 {
		return TestQuality{}
	}
	k := len(scores[0])
	q := TestQuality{Items: make([]ItemStat, k)}
	totals := make([]float64, len(scores)) // means of what a person had
	taken := 0
	for i, row := range scores {
		n, sum := 0, 0.0
		for _, x := range row {
			if !math.IsNaN(x) {
				n++
				sum += x
			}
		}
		totals[i] = math.NaN()
		if n > 0 {
			q.Persons++
			taken += n
			totals[i] = sum / float64(n)
		}
	}
	if q.Persons == 0 {
		return q
	}
	q.Length = float64(taken) / float64(q.Persons)
	cov, shared := covariances(scores, k)
	q.KR20, q.Together, q.Defined = alphaOf(cov, shared, q.Length, -1)
	for j := range k {
		q.Items[j] = itemOf(scores, totals, j)
		q.Items[j].Without, _, _ = alphaOf(cov, shared, q.Length-1, j)
	}
	q.Mean, q.SD = spread(totals, q.Length)
	q.SEM = q.SD * math.Sqrt(math.Max(0, 1-q.KR20))
	if n := q.Together; q.Defined && n > 2 && q.Length > 1 {
		df1, df2 := n-1, (n-1)*(q.Length-1)
		q.Low = 1 - (1-q.KR20)*quantileF(1-(1-conf)/2, df1, df2)
		q.High = 1 - (1-q.KR20)*quantileF((1-conf)/2, df1, df2)
	}
	return q
}

// covariances returns the covariance of each pair of items over those who had
// both, and how many these are.
func covariances(scores [][]float64, k int) (cov [][]float64, shared [][]int) {
	cov, shared = make([][]float64, k), make([][]int, k)
	for a := range k {
		cov[a], shared[a] = make([]float64, k), make([]int, k)
		for b := range a + 1 {
			n, sa, sb, sab := 0, 0.0, 0.0, 0.0
			for _, row := range scores {
				if x, y := row[a], row[b]; !math.IsNaN(x) && !math.IsNaN(y) {
					n++
					sa, sb, sab = sa+x, sb+y, sab+x*y
				}
			}
			if n > 1 {
				f := float64(n)
				c := (sab - sa*sb/f) / (f - 1)
				cov[a][b], cov[b][a] = c, c
			}
			shared[a][b], shared[b][a] = n, n
		}
	}
	return cov, shared
}

// alphaOf is k·c̄/(v̄+(k−1)·c̄) for a test of length k: v̄ the mean variance of
// an item, c̄ the mean covariance of two. left out is an item or −1.
func alphaOf(cov [][]float64, shared [][]int, length float64, left int) (alpha, together float64, ok bool) {
	v, c, items, pairs, met := 0.0, 0.0, 0, 0, 0
	for a := range cov {
		if a == left || shared[a][a] < 2 {
			continue
		}
		v += cov[a][a]
		items++
		for b := range a {
			if b != left && shared[a][b] > 1 {
				c += cov[a][b]
				pairs++
				met += shared[a][b]
			}
		}
	}
	if items < 2 || pairs == 0 || length < 2 {
		return 0, 0, false
	}
	v, c, together = v/float64(items), c/float64(pairs), float64(met)/float64(pairs)
	total := v + (length-1)*c
	if total <= 1e-12 {
		return 0, together, false
	}
	return length * c / total, together, true
}

// itemOf correlates an item with the rest of what each person had.
func itemOf(scores [][]float64, totals []float64, j int) ItemStat {
	var own, rest, all []float64
	for i, row := range scores {
		if math.IsNaN(row[j]) {
			continue
		}
		n := 0.0
		for _, x := range row {
			if !math.IsNaN(x) {
				n++
			}
		}
		own, all = append(own, row[j]), append(all, totals[i])
		if n > 1 {
			rest = append(rest, (totals[i]*n-row[j])/(n-1))
		} else {
			rest = append(rest, math.NaN())
		}
	}
	s := ItemStat{N: len(own)}
	for _, x := range own {
		s.Mean += x / float64(len(own))
	}
	s.Total, _ = correlation(own, all)
	s.Rest, s.RestOK = correlation(own, rest)
	return s
}

// correlation is Pearson's, without pairs that lack a side; not ok where a side
// is constant.
func correlation(x, y []float64) (float64, bool) {
	n, sx, sy, sxx, syy, sxy := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for i := range x {
		if math.IsNaN(x[i]) || math.IsNaN(y[i]) {
			continue
		}
		n++
		sx, sy = sx+x[i], sy+y[i]
		sxx, syy, sxy = sxx+x[i]*x[i], syy+y[i]*y[i], sxy+x[i]*y[i]
	}
	vx, vy := sxx-sx*sx/n, syy-sy*sy/n
	if n < 3 || vx <= 1e-12 || vy <= 1e-12 {
		return 0, false
	}
	return (sxy - sx*sy/n) / math.Sqrt(vx*vy), true
}

// spread is the mean and standard deviation of totals, for a test of a length.
func spread(totals []float64, length float64) (mean, sd float64) {
	have := slices.DeleteFunc(slices.Clone(totals), math.IsNaN)
	for _, t := range have {
		mean += t * length / float64(len(have))
	}
	for _, t := range have {
		sd += (t*length - mean) * (t*length - mean)
	}
	if len(have) > 1 {
		sd = math.Sqrt(sd / float64(len(have)-1))
	}
	return mean, sd
}

// Kelley is the chance that somebody's true score is at least cut, after their
// score has been drawn towards the mean by the reliability (Kelley 1927): true =
// mean + rel·(score − mean), standard error SD·√(rel·(1−rel)).
func Kelley(score, cut, mean, sd, reliability float64) float64 {
	reliability = min(max(reliability, 0), 1)
	truth := mean + reliability*(score-mean)
	se := sd * math.Sqrt(reliability*(1-reliability))
	if se == 0 {
		if truth >= cut {
			return 1
		}
		return 0
	}
	return NormalCDF((truth - cut) / se)
}
