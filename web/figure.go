package web

import (
	"fmt"
	"html/template"
	"math"

	"pitchside/performance"
	"pitchside/web/charts"
)

// Money writes a sum in the company's currency.
func (p resultsPage) Money(v float64) string { return money(v, p.Results.Currency) }

// Figure reads a metric from a line.
func (p resultsPage) Figure(l performance.Line, name string) performance.Figure {
	return p.Results.Figure(l, name)
}

// Count writes a number of deals.
func (p resultsPage) Count(n int) string { return thousands(int64(n)) }

// Among says of how many people a line is.
func (p resultsPage) Among(l performance.Line) string { return plural(l.People, "person", "people") }

// A metricRow is one person's or one team's value of a metric.
type metricRow struct{ Name, Value, Interval, N, Note string }

// ByPerson is the metric of each person of this page.
func (p resultsPage) ByPerson() []metricRow { return p.rows(p.People) }

// ByTeam is the metric of each team.
func (p resultsPage) ByTeam() []metricRow { return p.rows(p.Results.Teams) }

func (p resultsPage) rows(lines []performance.Line) (out []metricRow) {
	for _, l := range lines {
		f := p.Figure(l, p.Metric.Name)
		row := metricRow{Name: l.Name, Value: p.Value(f), Interval: p.Interval(f), Note: f.Reason}
		if f.State != performance.Hidden {
			row.N = p.Count(f.N)
		}
		if row.Note == "" {
			row.Note = p.MiddleHalf(f)
		}
		out = append(out, row)
	}
	return out
}

// Value writes a figure in its unit.
func (p resultsPage) Value(f performance.Figure) string {
	if f.Value == nil {
		return ""
	}
	switch f.Unit {
	case "share":
		return fmt.Sprintf("%.0f %%", 100**f.Value)
	case "currency":
		return p.Money(*f.Value)
	case "days":
		return plural(int(math.Round(*f.Value)), "day", "days")
	}
	return thousands(int64(*f.Value))
}

// Interval writes the range of a rate; empty if there is none.
func (p resultsPage) Interval(f performance.Figure) string {
	if f.Low == nil || f.High == nil {
		return ""
	}
	return fmt.Sprintf("%.0f–%.0f", 100**f.Low, 100**f.High)
}

// MiddleHalf says where half of the deals lie; empty where that is not known.
func (p resultsPage) MiddleHalf(f performance.Figure) string {
	if f.Middle == nil {
		return ""
	}
	if f.Unit == "days" {
		return fmt.Sprintf("half took %.0f to %.0f days", f.Middle[0], f.Middle[2])
	}
	return fmt.Sprintf("median %s, half between %s and %s", p.Money(f.Middle[1]), p.Money(f.Middle[0]), p.Money(f.Middle[2]))
}

// Top is the end of the scale of the win rates, in tenths.
func (p resultsPage) Top() float64 {
	top := 0.1
	for _, lines := range [][]performance.Line{p.Results.People, p.Results.Teams} {
		for _, l := range lines {
			if l.WinRate.High != nil {
				top = max(top, *l.WinRate.High)
			}
		}
	}
	return math.Ceil(10*top-1e-9) / 10
}

// Plot draws a rate with its range.
func (p resultsPage) Plot(l performance.Line) template.HTML {
	f := l.WinRate
	if f.Value == nil || f.Low == nil || f.High == nil {
		return ""
	}
	title := fmt.Sprintf("%s: %.0f %%, 95 in 100 interval %.0f to %.0f %%", l.Name, 100**f.Value, 100**f.Low, 100**f.High)
	if f.Leans != nil {
		title += fmt.Sprintf("; role family %.0f %%", 100**f.Leans)
	}
	return charts.Interval{Title: title, To: p.Top(), Value: *f.Value, Low: *f.Low, High: *f.High, Reference: f.Leans}.SVG()
}

var currencySigns = map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}

// money writes a sum in whole units of a currency.
func money(v float64, currency string) string {
	sign := currencySigns[currency]
	if sign == "" {
		sign = currency + " "
	}
	if v < 0 {
		return "−" + sign + thousands(int64(math.Round(-v)))
	}
	return sign + thousands(int64(math.Round(v)))
}
