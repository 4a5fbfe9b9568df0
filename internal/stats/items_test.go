package stats_test

import (
	"math"
	"testing"

	"pitchside/internal/stats"
)

func TestQualityPublished(t *testing.T) {
	t.Parallel()
	var v struct {
		Input struct {
			Patterns []struct {
				Responses []float64
				Count     int
			}
		}
		Expected struct {
			N              int
			KR20           float64
			Facility       []float64
			PointBiserial  []float64 `json:"point_biserial_total"`
			Corrected      []float64 `json:"corrected_item_total"`
			AlphaIfDeleted []float64 `json:"alpha_if_deleted"`
			Mean, SD, SEM  float64
			KR20CI95Feldt  [2]float64 `json:"KR20_ci95_Feldt"`
		}
		Tolerance struct{ Values, CI float64 }
	}
	vector(t, "kr20_item_analysis_lsat6", &v)
	var scores [][]float64
	for _, p := range v.Input.Patterns {
		for range p.Count {
			scores = append(scores, p.Responses)
		}
	}
	q := stats.Quality(scores, 0.95)
	want, tol := v.Expected, v.Tolerance.Values
	if q.Persons != want.N || !q.Defined {
		t.Fatalf("%d persons, want %d", q.Persons, want.N)
	}
	near(t, "KR-20", q.KR20, want.KR20, tol)
	near(t, "mean", q.Mean, want.Mean, tol)
	near(t, "SD", q.SD, want.SD, tol)
	near(t, "SEM", q.SEM, want.SEM, tol)
	near(t, "low", q.Low, want.KR20CI95Feldt[0], v.Tolerance.CI)
	near(t, "high", q.High, want.KR20CI95Feldt[1], v.Tolerance.CI)
	for i, item := range q.Items {
		near(t, "facility", item.Mean, want.Facility[i], tol)
		near(t, "item-total", item.Total, want.PointBiserial[i], tol)
		near(t, "corrected item-total", item.Rest, want.Corrected[i], tol)
		near(t, "without the item", item.Without, want.AlphaIfDeleted[i], tol)
	}
}

// A draw leaves gaps: the same people with some items taken out at random give
// about the same figures.
func TestQualityOfDraws(t *testing.T) {
	t.Parallel()
	const persons, items = 4000, 6
	state := uint64(7)
	next := func() float64 {
		state = state*6364136223846793005 + 1442695040888963407
		return float64(state>>11) / (1 << 53)
	}
	whole, gaps := make([][]float64, persons), make([][]float64, persons)
	for i := range whole {
		skill := next()
		whole[i], gaps[i] = make([]float64, items), make([]float64, items)
		for j := range items {
			if next() < skill {
				whole[i][j] = 1
			}
			gaps[i][j] = whole[i][j]
		}
		gaps[i][i%items], gaps[i][(i/items)%items] = math.NaN(), math.NaN()
	}
	a, b := stats.Quality(whole, .95), stats.Quality(gaps, .95)
	// The test with gaps is shorter; Spearman and Brown say what that does.
	shorter := b.Length / a.Length
	near(t, "reliability of the shorter test", b.KR20, shorter*a.KR20/(1+(shorter-1)*a.KR20), .02)
	for j := range items {
		near(t, "facility", b.Items[j].Mean, a.Items[j].Mean, .02)
	}
}

func TestQualityEnds(t *testing.T) {
	t.Parallel()
	if q := stats.Quality(nil, .95); q.Defined {
		t.Error("nothing has a reliability")
	}
	if q := stats.Quality([][]float64{{1, 1}, {1, 1}, {1, 1}}, .95); q.Defined || q.Items[0].RestOK {
		t.Errorf("identical scores have a reliability: %+v", q)
	}
}

// With a cut above the mean, whoever stands exactly on it is more likely below.
func TestKelley(t *testing.T) {
	t.Parallel()
	if p := stats.Kelley(80, 80, 70, 10, .8); p >= .5 || p < .3 {
		t.Errorf("%.2f, want a little under a half", p)
	}
	near(t, "on the mean", stats.Kelley(70, 70, 70, 10, .8), .5, 1e-9)
	near(t, "certain", stats.Kelley(90, 80, 70, 10, 1), 1, 1e-9)
}
