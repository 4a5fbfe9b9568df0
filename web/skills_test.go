package web

import (
	"math"
	"testing"

	"pitchside/skills"
)

func init() {
	pageData["skills/levels"] = levelsPage{}
	pageData["skills/why"] = whyPage{}
	pageData["team/heatmap"] = heatmapPage{}
}

func TestApportionAddsUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values      []float64
		total, unit float64
		want        []float64
	}{
		{[]float64{100.0 / 3, 100.0 / 3, 100.0 / 3}, 100, 1, []float64{34, 33, 33}},
		{[]float64{39.1, 21.4, 19.1, 12.6, 5.5, 2.3}, 100, 1, []float64{39, 21, 19, 13, 6, 2}},
		{[]float64{100}, 100, 0.1, []float64{100}},
		{nil, 0, 1, []float64{}},
	} {
		got := apportion(c.values, c.total, c.unit)
		sum := 0.0
		for i := range got {
			sum += got[i]
			if math.Abs(got[i]-c.want[i]) > 1e-9 {
				t.Errorf("%v: %v, want %v", c.values, got, c.want)
				break
			}
		}
		if math.Abs(sum-c.total) > 1e-9 {
			t.Errorf("%v adds up to %v, want %v", got, sum, c.total)
		}
	}
}

func TestChancesInWords(t *testing.T) {
	t.Parallel()
	for p, want := range map[float64]string{
		0.97: "more than a 9 in 10", 0.9: "about a 9 in 10", 0.8: "about an 8 in 10", 0.76: "about an 8 in 10", 0.5: "about a 5 in 10", 0.1: "about a 1 in 10", 0.02: "less than a 1 in 10",
	} {
		if got := tenths(p); got != want {
			t.Errorf("%v: %q, want %q", p, got, want)
		}
	}
	target, below := 3.5, 0.762
	l := levelView{skills.Level{Target: &target, Verdict: skills.TooCloseToCall, Estimate: skills.Estimate{PBelow: &below}}}
	if got := l.Chance(); got != "Against the target of 3.5 it is too close to call: about an 8 in 10 chance of being below." {
		t.Error(got)
	}
}

func TestFormulasStayText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "Ann-Marie": "Ann-Marie", "": ""} {
		if got := cellText(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
