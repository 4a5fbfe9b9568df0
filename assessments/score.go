package assessments

import (
	"fmt"
	"math"
	"strings"

	"pitchside/content"
)

// belowPass is how far under the pass mark a cap lies.
const belowPass = 0.1

// A Score is what one assessor says about one criterion: a level from 1 to 5,
// or that it was not observed. AtMS and Quote are the proof. NotTriggered tells
// apart, among what was not observed, a criterion whose trigger never came;
// Reason says what never came.
type Score struct {
	Criterion    string
	Level        *int
	NotObserved  bool
	AtMS         *int
	Quote        string
	NotTriggered bool
	Reason       string
}

// Decided reports whether the assessor has come to a view.
func (s Score) Decided() bool { return s.Level != nil || s.NotObserved }

// Proven reports whether a level carries a time or a quote.
func (s Score) Proven() bool { return s.Level == nil || s.AtMS != nil || s.Quote != "" }

// An Overall is the sum of a sheet. Value is nil when no criterion has a level.
type Overall struct {
	Value    *float64 // 0 to 100, one decimal
	Pass     float64
	Passed   *bool
	CappedBy string  // the critical criterion that lowered Value, or ""
	Uncapped float64 // what Value would be without the cap
}

// Sum weighs the levels: 100 × (weighted mean − 1) ÷ 4. What was not observed
// is left out and the other weights are scaled up. A critical criterion below
// level 3 keeps the result just under the pass mark.
func Sum(rubric *content.Rubric, scores []Score, pass float64) Overall {
	level := map[string]int{}
	for _, s := range scores {
		if s.Level != nil {
			level[s.Criterion] = *s.Level
		}
	}
	out := Overall{Pass: pass}
	total, weights := 0.0, 0.0
	failed := ""
	for _, c := range rubric.Criteria {
		l, ok := level[c.ID]
		if !ok {
			continue
		}
		total += c.Weight * float64(l-1)
		weights += c.Weight
		if c.Critical && l < 3 && failed == "" {
			failed = c.ID
		}
	}
	if weights == 0 {
		return out
	}
	value := math.Round(1000*total/(4*weights)) / 10
	out.Uncapped = value
	if highest := math.Round(10*(pass-belowPass)) / 10; failed != "" && value > highest {
		value, out.CappedBy = math.Max(0, highest), failed
	}
	passed := value >= pass
	out.Value, out.Passed = &value, &passed
	return out
}

// Missing says what keeps a sheet from being released, by criterion: no view
// yet, or a level without a time or a quote (not asked of a self-score).
func Missing(rubric *content.Rubric, scores []Score, proof bool) map[string]string {
	by := map[string]Score{}
	for _, s := range scores {
		by[s.Criterion] = s
	}
	out := map[string]string{}
	for _, c := range rubric.Criteria {
		switch s := by[c.ID]; {
		case !s.Decided():
			out[c.ID] = fmt.Sprintf("%s is not scored yet. Choose a level, or not observed.", c.Title)
		case proof && !s.Proven():
			out[c.ID] = fmt.Sprintf("%s needs a moment or a quote that shows level %d.", c.Title, *s.Level)
		}
	}
	return out
}

// describe writes a sheet as text, to show beside another version of it.
func describe(rubric *content.Rubric, sheet Sheet) string {
	by := map[string]Score{}
	for _, s := range sheet.Scores {
		by[s.Criterion] = s
	}
	var b strings.Builder
	for _, c := range rubric.Criteria {
		s := by[c.ID]
		switch {
		case s.Level != nil:
			fmt.Fprintf(&b, "%s: %d", c.Title, *s.Level)
		case s.NotTriggered:
			fmt.Fprintf(&b, "%s: not triggered (%s)", c.Title, s.Reason)
		case s.NotObserved:
			fmt.Fprintf(&b, "%s: not observed", c.Title)
		default:
			fmt.Fprintf(&b, "%s: not scored", c.Title)
		}
		if s.AtMS != nil {
			fmt.Fprintf(&b, " at %s", Clock(*s.AtMS))
		}
		if s.Quote != "" {
			fmt.Fprintf(&b, " “%s”", s.Quote)
		}
		b.WriteByte('\n')
	}
	if sheet.Keep != "" {
		fmt.Fprintf(&b, "Keep: %s\n", sheet.Keep)
	}
	if sheet.TryNext != "" {
		fmt.Fprintf(&b, "Try next: %s\n", sheet.TryNext)
	}
	return b.String()
}
