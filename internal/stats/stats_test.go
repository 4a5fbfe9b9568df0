package stats_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pitchside/internal/stats"
)

// vector reads a worked example of published figures into v.
func vector(t *testing.T, name string, v any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.10f, want %.10f within %g", what, got, want, tolerance)
	}
}

func TestWilsonPublished(t *testing.T) {
	t.Parallel()
	var v struct {
		Input struct {
			Cases []struct{ X, N int }
			Conf  float64
		}
		Expected  struct{ Intervals, Published [][2]float64 }
		Tolerance struct{ Exact, Published float64 }
	}
	vector(t, "wilson_newcombe_1998", &v)
	for i, c := range v.Input.Cases {
		low, high := stats.Wilson(c.X, c.N, v.Input.Conf)
		near(t, "low", low, v.Expected.Intervals[i][0], v.Tolerance.Exact)
		near(t, "high", high, v.Expected.Intervals[i][1], v.Tolerance.Exact)
		near(t, "published low", low, v.Expected.Published[i][0], v.Tolerance.Published)
		near(t, "published high", high, v.Expected.Published[i][1], v.Tolerance.Published)
	}
}

func TestWilsonEnds(t *testing.T) {
	t.Parallel()
	if low, high := stats.Wilson(0, 0, 0.95); low != 0 || high != 1 {
		t.Errorf("nothing observed: %v to %v, want 0 to 1", low, high)
	}
	if low, _ := stats.Wilson(0, 20, 0.95); low != 0 {
		t.Errorf("none of 20: low %v, want 0", low)
	}
	if _, high := stats.Wilson(20, 20, 0.95); high != 1 {
		t.Errorf("all of 20: high %v, want 1", high)
	}
}

func TestQuantiles(t *testing.T) {
	t.Parallel()
	var v struct {
		Input    struct{ Sample, Probs []float64 }
		Expected struct {
			Quantiles []float64 `json:"quantiles_type7"`
			Median    float64   `json:"median_1234"`
		}
		Tolerance float64
	}
	vector(t, "ties_and_quantiles", &v)
	for i, p := range v.Input.Probs {
		near(t, "quantile", stats.Quantile(v.Input.Sample, p), v.Expected.Quantiles[i], v.Tolerance)
	}
	near(t, "median", stats.Median([]float64{4, 1, 3, 2}), v.Expected.Median, v.Tolerance)
	if !math.IsNaN(stats.Median(nil)) {
		t.Error("the median of nothing is not NaN")
	}
	near(t, "top", stats.Quantile([]float64{2, 9}, 1), 9, 0)
}

func TestNormal(t *testing.T) {
	t.Parallel()
	near(t, "quantile .9", stats.NormalQuantile(0.9), stats.Z80, 5e-7)
	near(t, "quantile .975", stats.NormalQuantile(0.975), 1.959963984540054, 1e-12)
	near(t, "cdf", stats.NormalCDF(1.959963984540054), 0.975, 1e-12)
	near(t, "cdf 0", stats.NormalCDF(0), 0.5, 0)
}

// The 18 batting averages of Efron and Morris: what is learnt from the group
// predicts the rest of the season better than the raw averages do.
func TestShrinkageOnBattingAverages(t *testing.T) {
	t.Parallel()
	var v struct {
		Input struct {
			AtBats int       `json:"at_bats"`
			Hits   []int     `json:"hits"`
			Truth  []float64 `json:"true_remainder_avg"`
		}
		Expected struct {
			Raw struct {
				GrandMean float64   `json:"grand_mean"`
				JS        []float64 `json:"js"`
				MLE       float64   `json:"sse_mle"`
			} `json:"raw_scale"`
		}
	}
	vector(t, "efron_morris_1975", &v)
	var group []stats.Proportion
	for _, h := range v.Input.Hits {
		group = append(group, stats.Proportion{Hits: h, Trials: v.Input.AtBats})
	}
	prior := stats.FitBeta(group)
	near(t, "mean of the prior", prior.Mean(), v.Expected.Raw.GrandMean, 0.002)
	raw, shrunk := 0.0, 0.0
	for i, m := range group {
		estimate, low, high := prior.Shrink(m, 0.95)
		near(t, "beside the James-Stein estimate", estimate, v.Expected.Raw.JS[i], 0.025)
		if !(low < estimate && estimate < high) {
			t.Errorf("estimate %v outside its interval %v to %v", estimate, low, high)
		}
		raw += math.Pow(float64(m.Hits)/float64(m.Trials)-v.Input.Truth[i], 2)
		shrunk += math.Pow(estimate-v.Input.Truth[i], 2)
	}
	near(t, "squared error of the raw averages", raw, v.Expected.Raw.MLE, 1e-9)
	if shrunk > raw/3 {
		t.Errorf("squared error %v after shrinkage, %v before: want a third at most", shrunk, raw)
	}
}

func TestShrinkageInSmallGroups(t *testing.T) {
	t.Parallel()
	few := []stats.Proportion{{5, 12}, {2, 9}, {0, 4}, {0, 0}}
	prior := stats.FitBeta(few)
	near(t, "weight", prior.A+prior.B, 10, 1e-12)
	near(t, "mean", prior.Mean(), 7.0/25, 1e-12)
	estimate, _, _ := prior.Shrink(stats.Proportion{Hits: 5, Trials: 12}, 0.95)
	near(t, "estimate", estimate, (2.8+5)/22, 1e-12)

	for name, group := range map[string][]stats.Proportion{
		"nobody": {}, "never": {{0, 5}, {0, 7}}, "always": {{4, 4}, {3, 3}},
	} {
		p := stats.FitBeta(group)
		if !(p.Mean() > 0 && p.Mean() < 1) {
			t.Errorf("%s: mean %v, want strictly between 0 and 1", name, p.Mean())
		}
	}

	// Ten people with the same rate: they differ by chance alone.
	var equal []stats.Proportion
	for range 10 {
		equal = append(equal, stats.Proportion{Hits: 15, Trials: 50})
	}
	p := stats.FitBeta(equal)
	near(t, "mean of equals", p.Mean(), 0.3, 1e-3)
	if p.A+p.B < 500 {
		t.Errorf("weight %v for a group of equals, want it large", p.A+p.B)
	}
}
