package stats_test

import (
	"fmt"
	"math"
	"testing"

	"pitchside/internal/stats"
)

func TestIntraclassPublished(t *testing.T) {
	t.Parallel()
	var v struct {
		Input    struct{ Ratings [][]float64 }
		Expected struct {
			MS struct {
				Targets  float64 `json:"between_targets"`
				Within   float64 `json:"within_targets"`
				Judges   float64 `json:"between_judges"`
				Residual float64
			}
			Published map[string]float64 `json:"published_2dp"`
			Exact     map[string]float64
			CI        map[string][2]float64 `json:"ci95"`
		}
		Tolerance struct{ Exact, Published, CI95 float64 }
	}
	vector(t, "icc_shrout_fleiss_1979", &v)
	got, ok := stats.ICC(v.Input.Ratings, 0.95)
	if !ok {
		t.Fatal("no coefficient")
	}
	near(t, "between targets", got.BetweenTargets, v.Expected.MS.Targets, 1e-9)
	near(t, "within targets", got.WithinTargets, v.Expected.MS.Within, 1e-9)
	near(t, "between judges", got.BetweenJudges, v.Expected.MS.Judges, 1e-9)
	near(t, "residual", got.Residual, v.Expected.MS.Residual, 1e-9)
	for name, e := range map[string]stats.Estimate{"ICC11": got.One1, "ICC21": got.Two1, "ICC31": got.Three1, "ICC1k": got.OneK, "ICC2k": got.TwoK, "ICC3k": got.ThreeK} {
		near(t, name, e.Value, v.Expected.Exact[name], v.Tolerance.Exact)
		near(t, name+" published", e.Value, v.Expected.Published[name], v.Tolerance.Published)
		near(t, name+" low", e.Low, v.Expected.CI[name][0], v.Tolerance.CI95)
		near(t, name+" high", e.High, v.Expected.CI[name][1], v.Tolerance.CI95)
	}
}

func TestIntraclassEnds(t *testing.T) {
	t.Parallel()
	for name, ratings := range map[string][][]float64{
		"nothing": nil, "one target": {{1, 2}}, "one judge": {{1}, {2}}, "no variation": {{3, 3}, {3, 3}}, "a gap": {{1, 2}, {3}},
	} {
		if _, ok := stats.ICC(ratings, 0.95); ok {
			t.Errorf("%s has a coefficient", name)
		}
	}
	same, ok := stats.ICC([][]float64{{1, 1}, {3, 3}, {5, 5}}, 0.95)
	if !ok {
		t.Fatal("full agreement has no coefficient")
	}
	for name, e := range map[string]stats.Estimate{"1": same.One1, "2": same.Two1, "3": same.Three1, "k": same.TwoK} {
		near(t, "full agreement, kind "+name, e.Value, 1, 1e-12)
		near(t, "its low end, kind "+name, e.Low, 1, 1e-12)
	}
	shifted, _ := stats.ICC([][]float64{{1, 2}, {3, 4}, {4, 5}}, 0.95)
	near(t, "consistent judges", shifted.Three1.Value, 1, 1e-12)
	if !(shifted.Two1.Value < 0.9 && shifted.Two1.Low < shifted.Two1.Value && shifted.Two1.Value < shifted.Two1.High) {
		t.Errorf("judges a level apart agree absolutely to %+v", shifted.Two1)
	}
}

func TestKappaPublished(t *testing.T) {
	t.Parallel()
	var v struct {
		Input struct {
			Proportions [][]float64
			Weights     [][]float64 `json:"disagreement_weights"`
		}
		Expected struct {
			Kappa, WeightedKappa, Quadratic float64
			K                               float64 `json:"kappa"`
			W                               float64 `json:"weighted_kappa"`
			Q                               float64 `json:"weighted_kappa_quadratic"`
		}
		Tolerance struct{ Exact float64 }
	}
	vector(t, "cohen_kappa_1960_1968", &v)
	plain, _ := stats.Kappa(v.Input.Proportions)
	near(t, "kappa", plain, v.Expected.K, v.Tolerance.Exact)
	near(t, "kappa published", plain, 0.492, 0.0005)
	weighted, _ := stats.WeightedKappa(v.Input.Proportions, v.Input.Weights)
	near(t, "weighted kappa", weighted, v.Expected.W, v.Tolerance.Exact)
	quadratic, _ := stats.WeightedKappa(v.Input.Proportions, stats.QuadraticWeights(3))
	near(t, "quadratic kappa", quadratic, v.Expected.Q, v.Tolerance.Exact)
	if _, ok := stats.Kappa([][]float64{{9, 0}, {0, 0}}); ok {
		t.Error("one category only has a kappa")
	}
	if _, ok := stats.Kappa(nil); ok {
		t.Error("nothing has a kappa")
	}
}

// nobody marks a missing value in the worked example.
const nobody = -1

// example is data C of Krippendorff 2011: four observers, twelve units, some
// values missing.
func example() [][]float64 {
	by := [4][12]float64{
		{1, 2, 3, 3, 2, 1, 4, 1, 2, nobody, nobody, nobody},
		{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nobody, 3},
		{nobody, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nobody},
		{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nobody},
	}
	units := make([][]float64, 12)
	for u := range units {
		for o := range by {
			if by[o][u] != nobody {
				units[u] = append(units[u], by[o][u])
			}
		}
	}
	return units
}

func TestAlphaPublished(t *testing.T) {
	t.Parallel()
	units := example()
	for name, want := range map[string]struct {
		metric stats.Metric
		alpha  float64
	}{"nominal": {stats.Nominal, 0.743}, "ordinal": {stats.Ordinal, 0.815}, "interval": {stats.Interval, 0.849}, "ratio": {stats.Ratio, 0.797}} {
		got, ok := stats.Alpha(units, want.metric)
		if !ok {
			t.Errorf("%s: undefined", name)
		}
		near(t, name, got, want.alpha, 0.0005)
	}
	low, high, ok := stats.AlphaInterval(units, stats.Ordinal, 0.95, 2000, 7)
	again, _, _ := stats.AlphaInterval(units, stats.Ordinal, 0.95, 2000, 7)
	if !ok || !(low < 0.815 && 0.815 < high && high <= 1) || low != again {
		t.Errorf("interval %v to %v, again from %v", low, high, again)
	}
}

func TestAlphaEnds(t *testing.T) {
	t.Parallel()
	for name, units := range map[string][][]float64{"nothing": nil, "single values": {{1}, {2}}, "no variation": {{3, 3}, {3, 3, 3}}} {
		if a, ok := stats.Alpha(units, stats.Ordinal); ok {
			t.Errorf("%s has alpha %v", name, a)
		}
		if _, _, ok := stats.AlphaInterval(units, stats.Ordinal, 0.95, 200, 1); ok {
			t.Errorf("%s has an interval", name)
		}
	}
	full, _ := stats.Alpha([][]float64{{1, 1}, {5, 5}, {2, 2}}, stats.Ordinal)
	near(t, "full agreement", full, 1, 1e-12)
	against, _ := stats.Alpha([][]float64{{1, 5}, {5, 1}}, stats.Interval)
	if against >= 0 {
		t.Errorf("full disagreement has alpha %v, want less than 0", against)
	}
	pairs, exact, one := stats.PairAgreement([][]float64{{3, 3, 4}, {1, 3}, {2}})
	if got := fmt.Sprint(pairs, exact, one); got != "4 1 3" {
		t.Errorf("pairs, equal, at most one apart = %s, want 4 1 3", got)
	}
}

type severityVector struct {
	Input struct {
		Records []struct {
			Session, Rep, Coach, Criterion int64
			Score                          float64
		}
		Fixed struct{ Rep, Coach, Criterion, Residual float64 } `json:"variance_components_fixed"`
	}
	Expected struct {
		Mu       float64
		Coach    map[int64]float64                                 `json:"coach_effect"`
		CoachSE  map[int64]float64                                 `json:"coach_effect_se"`
		Rep      map[int64]float64                                 `json:"rep_effect"`
		Adjusted map[int64]float64                                 `json:"rep_adjusted_score"`
		REML     struct{ Rep, Coach, Criterion, Residual float64 } `json:"reml_variances"`
	}
	Tolerance struct {
		Given float64 `json:"given_variances"`
		REML  float64 `json:"reml_variances"`
	}
}

func TestSeverityUnbalanced(t *testing.T) {
	t.Parallel()
	var v severityVector
	vector(t, "rater_severity_unbalanced", &v)
	var ratings []stats.Rating
	for _, r := range v.Input.Records {
		ratings = append(ratings, stats.Rating{Target: r.Rep, Judge: r.Coach, Item: r.Criterion, Score: r.Score})
	}
	f := v.Input.Fixed
	got, ok := stats.SolveCrossed(ratings, stats.Variances{Target: f.Rep, Judge: f.Coach, Item: f.Criterion, Residual: f.Residual})
	if !ok {
		t.Fatal("not solved")
	}
	near(t, "mean", got.Mean, v.Expected.Mu, v.Tolerance.Given)
	for id, want := range v.Expected.Coach {
		near(t, fmt.Sprint("coach ", id), got.Judges[id].Value, want, v.Tolerance.Given)
		near(t, fmt.Sprint("its error, coach ", id), got.Judges[id].SE, v.Expected.CoachSE[id], v.Tolerance.Given)
	}
	for id, want := range v.Expected.Rep {
		near(t, fmt.Sprint("rep ", id), got.Targets[id].Value, want, v.Tolerance.Given)
		near(t, fmt.Sprint("adjusted, rep ", id), got.Adjusted(id), v.Expected.Adjusted[id], v.Tolerance.Given)
	}
	fit, ok := stats.FitCrossed(ratings)
	if !ok {
		t.Fatal("not fitted")
	}
	near(t, "variance of reps", fit.Target, v.Expected.REML.Rep, v.Tolerance.REML)
	near(t, "variance of coaches", fit.Judge, v.Expected.REML.Coach, v.Tolerance.REML)
	near(t, "variance of criteria", fit.Item, v.Expected.REML.Criterion, v.Tolerance.REML)
	near(t, "residual variance", fit.Residual, v.Expected.REML.Residual, v.Tolerance.REML)
	if !stats.Connected(ratings) {
		t.Error("the example is not connected")
	}
}

func TestSeverityEnds(t *testing.T) {
	t.Parallel()
	apart := []stats.Rating{{1, 1, 1, 3}, {2, 1, 1, 4}, {3, 2, 1, 2}, {4, 2, 1, 1}}
	if stats.Connected(apart) || stats.Connected(nil) {
		t.Error("coaches without a shared rep are connected")
	}
	if !stats.Connected(append(apart, stats.Rating{Target: 1, Judge: 2, Item: 1, Score: 2})) {
		t.Error("one shared rep does not connect")
	}
	if _, ok := stats.FitCrossed([]stats.Rating{{1, 1, 1, 3}, {2, 2, 1, 3}, {1, 2, 1, 3}}); ok {
		t.Error("scores without variation were fitted")
	}
	if _, ok := stats.SolveCrossed(nil, stats.Variances{Target: 1, Judge: 1, Item: 1, Residual: 1}); ok {
		t.Error("nothing was solved")
	}
	// Balanced, with variances that leave no room for shrinkage: plain means of columns.
	var balanced []stats.Rating
	for target := range int64(4) {
		for judge := range int64(3) {
			balanced = append(balanced, stats.Rating{Target: target, Judge: judge, Item: 1, Score: float64(target) + float64(judge)/2})
		}
	}
	got, _ := stats.SolveCrossed(balanced, stats.Variances{Target: 1e6, Judge: 1e6, Item: 1e-6, Residual: 1e-3})
	near(t, "the strict judge", got.Judges[0].Value, -0.5, 1e-6)
	near(t, "few coaches lean on the prior", stats.ShrinkTo(0.4, 0.1, 3, 6), 0.25, 1e-12)
	near(t, "six coaches do not", stats.ShrinkTo(0.4, 0.1, 6, 6), 0.4, 1e-12)
	if math.IsNaN(got.Judges[0].SE) {
		t.Error("no error of the strict judge")
	}
}
