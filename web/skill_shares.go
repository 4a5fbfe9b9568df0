package web

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"pitchside/skills"
	"pitchside/web/charts"
)

// A shareGroup is what one rater gives to the level.
type shareGroup struct {
	Class, Label, Share string
	part                float64
}

// A sumLine is one line of the sum that makes the level.
type sumLine struct {
	Label  string
	At     time.Time
	ReadAs string
	Share  string
	Adds   string
}

// shares sums the shares by rater, the largest first and the starting
// assumption last.
func (p *whyPage) shares() []shareGroup {
	type sum struct {
		label string
		n     int
		share float64
	}
	var sums []sum
	for _, r := range p.Rows {
		if !r.Counts() {
			continue
		}
		label := r.Who
		switch r.Source {
		case skills.FromSelf:
			label = "Own ratings"
		case skills.FromTextBuyer:
			label = "Text buyer"
		case skills.FromQuiz:
			label = quizName(r.Rater)
		}
		i := slices.IndexFunc(sums, func(s sum) bool { return s.label == label })
		if i < 0 {
			i = len(sums)
			sums = append(sums, sum{label: label})
		}
		sums[i].n++
		sums[i].share += r.EvidenceShown.Share
	}
	slices.SortStableFunc(sums, func(a, b sum) int { return cmp.Compare(b.share, a.share) })
	values := []float64{}
	for _, s := range sums {
		values = append(values, 100*s.share)
	}
	values = append(values, 100*p.Why.Prior.Share)
	rounded := apportion(values, 100, 1)
	var out []shareGroup
	for i, s := range sums {
		out = append(out, shareGroup{fmt.Sprintf("sh%d", 1+min(i, 4)), fmt.Sprintf("%s, %s", s.label, plural(s.n, "piece", "pieces")), fmt.Sprintf("%.0f%%", rounded[i]), s.share})
	}
	out = append(out, shareGroup{"sh0", "Starting assumption, " + trimmed(p.Why.Prior.Level) + " for the role", fmt.Sprintf("%.0f%%", rounded[len(sums)]), p.Why.Prior.Share})
	return out
}

func quizName(rater string) string {
	course, ok := strings.CutPrefix(rater, "quiz:")
	if !ok {
		return "Quiz"
	}
	return "Quiz of " + strings.ReplaceAll(course, "-", " ")
}

// sum writes the level as a sum, rounded so that the columns add up.
func (p *whyPage) sum() []sumLine {
	shares, adds := []float64{100 * p.Why.Prior.Share}, []float64{p.Why.Prior.Share * p.Why.Prior.Level}
	lines := []sumLine{{Label: "Starting assumption", ReadAs: fmt.Sprintf("%.2f", p.Why.Prior.Level)}}
	for _, r := range slices.Backward(p.Rows) {
		if !r.Counts() {
			continue
		}
		lines = append(lines, sumLine{Label: strings.TrimSuffix(r.What+", "+r.Who, ", "), At: r.At, ReadAs: fmt.Sprintf("%.2f", r.ReadAs)})
		shares = append(shares, 100*r.EvidenceShown.Share)
		adds = append(adds, r.EvidenceShown.Share*r.ReadAs)
	}
	shares = apportion(shares, 100, 0.1)
	adds = apportion(adds, math.Round(100*p.Why.Estimate.Level)/100, 0.01)
	for i := range lines {
		lines[i].Share, lines[i].Adds = fmt.Sprintf("%.1f%%", shares[i]), fmt.Sprintf("%.2f", adds[i])
	}
	return lines
}

// ShareBar draws the shares.
func (p whyPage) ShareBar() template.HTML {
	bar := charts.Stack{Title: "Shares of the level, listed below"}
	for _, g := range p.Groups {
		bar.Parts = append(bar.Parts, charts.Part{Share: g.part, Class: g.Class})
	}
	return bar.SVG()
}
