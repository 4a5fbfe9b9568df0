package performance

import (
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/stats"
)

// A Metric is a number that is read from deals. What it means, the dictionary
// of the library says under its name.
type Metric struct {
	Name string
	Unit string // deals, share, days, or currency: that of the company
}

// HasMiddle reports whether the quartiles stand beside the value.
func (m Metric) HasMiddle() bool { return m.Name == "deal_size" || m.Name == "cycle" }

// Metrics are those that can be read, in the order in which they are shown.
var Metrics = []Metric{
	{"won", "deals"}, {"lost", "deals"}, {"open", "deals"}, {"win_rate", "share"}, {"won_value", "currency"}, {"deal_size", "currency"}, {"cycle", "days"}, {"pipeline_value", "currency"},
}

// Reads reports whether a metric of this name can be read.
func Reads(name string) bool {
	_, err := metricNamed(name)
	return err == nil
}

// metricNamed returns a metric by its name; revenue is another name for the won value.
func metricNamed(name string) (Metric, error) {
	if name == "revenue" {
		name = "won_value"
	}
	for _, m := range Metrics {
		if m.Name == name {
			return m, nil
		}
	}
	return Metric{}, fault.NotFoundf("There is no metric %q. The list of metrics names those that there are.", name)
}

// States of a figure.
const (
	Shown      = "shown"
	CountsOnly = "counts_only"
	Hidden     = "hidden"
)

const (
	fewestClosed = 10 // rule R7: from so many closed deals on a rate is shown
	fewestPeople = 5  // rule R13: a rate of fewer people says too much of each
	confidence   = 0.95
)

// A Figure is the value of a metric for somebody in a period. What a rule hides
// is nil.
type Figure struct {
	Metric
	Value  *float64 // of win_rate a share; Unit says the rest
	Low    *float64 // 95 in 100 interval
	High   *float64
	Raw    *float64    // of a person's win_rate: won ÷ closed
	Middle *[3]float64 // of deal_size and cycle: the quartiles; the second is the median
	N      int         // deals that the value is of
	Won    int
	Lost   int
	State  string
	Reason string // why it is not shown, or how it is to be read
	Leans  *float64
}

// A Line is the tally of a person, a team or everybody.
type Line struct {
	ID           int64 // of the person or the team; 0: without a team, or everybody
	Name         string
	RoleFamily   string // of a person
	TeamID       int64
	TeamName     string
	People       int // of a team or of everybody
	Deals        int // all there are, whatever the period
	Won          int
	Lost         int
	Disqualified int
	Open         int
	WonValue     float64
	Valued       int // won deals with an amount in the company's currency
	OpenValue    float64
	OpenValued   int
	Cycles       int         // won deals with both dates
	Sizes        *[3]float64 // quartiles of the won amounts
	Days         *[3]float64 // quartiles of the days from opening to closing
	WinRate      Figure
}

// Closed is how many deals the win rate is of.
func (l Line) Closed() int { return l.Won + l.Lost }

// NoData reports whether nothing was ever imported, which is not the same as nothing won.
func (l Line) NoData() bool { return l.Deals == 0 }

func (l Line) person() bool { return l.RoleFamily != "" }

// figure reads a metric from a line.
func (l Line) figure(m Metric) Figure {
	f := Figure{Metric: m, Won: l.Won, Lost: l.Lost, State: Shown}
	value := func(v float64, n int) {
		f.Value, f.N = &v, n
	}
	switch {
	case l.NoData():
		f.State, f.Reason = Hidden, "No data: no deal has been imported."
		return f
	case m.Name == "win_rate":
		return l.WinRate
	}
	switch m.Name {
	case "won":
		value(float64(l.Won), l.Won)
	case "lost":
		value(float64(l.Lost), l.Lost)
	case "open":
		value(float64(l.Open), l.Open)
	case "won_value":
		value(l.WonValue, l.Valued)
	case "pipeline_value":
		value(l.OpenValue, l.OpenValued)
	case "deal_size":
		if f.Middle = l.Sizes; l.Valued > 0 {
			value(l.WonValue/float64(l.Valued), l.Valued)
		}
	case "cycle":
		if f.Middle = l.Days; f.Middle != nil {
			value(f.Middle[1], l.Cycles)
		}
	}
	if f.Value == nil {
		f.State, f.Reason = Hidden, "Not enough data: no deal was won in this period."
	} else if why := l.tooFewPeople(); why != "" && m.HasMiddle() {
		f.Value, f.Middle, f.State, f.Reason = nil, nil, Hidden, why
	}
	return f
}

// tooFewPeople says why an average of a team is not shown; empty if it is.
func (l Line) tooFewPeople() string {
	if l.person() || l.TeamID == 0 || l.People >= fewestPeople {
		return ""
	}
	return fmt.Sprintf("Not shown for fewer than %d people: this team has %d.", fewestPeople, l.People)
}

// winRate estimates the win rate of a line under rules R7 and R13. prior is
// what the person's role family says; a team's rate leans on nothing.
func (l Line) winRate(prior stats.BetaPrior) Figure {
	m, _ := metricNamed("win_rate")
	f := Figure{Metric: m, N: l.Closed(), Won: l.Won, Lost: l.Lost, State: Shown}
	switch {
	case l.NoData():
		f.State, f.Reason = Hidden, "No data: no deal has been imported."
	case f.N == 0:
		f.State, f.Reason = Hidden, "Not enough data: no deal was won or lost in this period."
	case l.tooFewPeople() != "":
		f.State, f.Reason = Hidden, l.tooFewPeople()
	case f.N < fewestClosed:
		f.State, f.Reason = CountsOnly, fmt.Sprintf("%d of %d won. A rate is shown from %d closed deals: %d more.", l.Won, f.N, fewestClosed, fewestClosed-f.N)
	case l.person():
		raw, leans := float64(l.Won)/float64(f.N), prior.Mean()
		estimate, low, high := prior.Shrink(stats.Proportion{Hits: l.Won, Trials: f.N}, confidence)
		f.Value, f.Low, f.High, f.Raw, f.Leans = &estimate, &low, &high, &raw, &leans
		f.Reason = fmt.Sprintf("%d of %d won. Best estimate %.0f %% (%.0f–%.0f), leaning on the %.0f %% of the role family.", l.Won, f.N, 100*estimate, 100*low, 100*high, 100*leans)
	default:
		raw := float64(l.Won) / float64(f.N)
		low, high := stats.Wilson(l.Won, f.N, confidence)
		f.Value, f.Low, f.High, f.Raw = &raw, &low, &high, &raw
	}
	return f
}

// A Period is from the first to the last day, both included; nil is without end.
type Period struct{ From, To *time.Time }

func (p Period) check() error {
	if p.From != nil && p.To != nil && p.To.Before(*p.From) {
		return fault.Field("to", "The last day is before the first. Correct one of the two dates.")
	}
	return nil
}
