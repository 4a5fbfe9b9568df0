package web

import (
	"encoding/csv"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"pitchside/people"
	"pitchside/performance"
	"pitchside/web/charts"

	"github.com/gin-gonic/gin"
)

const repsAPage = 100

// A periodForm is the period and the team that results are asked of, as typed.
type periodForm struct {
	From string `form:"from" validate:"omitempty,datetime=2006-01-02"`
	To   string `form:"to" validate:"omitempty,datetime=2006-01-02"`
	Team string `form:"team" validate:"omitempty,number"`
}

// A resultsPage is what selling brought, by team and by person.
type resultsPage struct {
	Base
	Form     periodForm
	Results  performance.Results
	Teams    []people.Team
	Periods  []link
	People   []performance.Line // of this page
	Next     string             // address of the following people
	Metric   *performance.Metric
	Metrics  []performance.Metric
	Problems Problems
}

func (s *Site) showPerformance(c *gin.Context) error { return s.resultsPage(c, nil) }

func (s *Site) showMetric(c *gin.Context) error {
	for _, m := range performance.Metrics {
		if m.Name == c.Param("metric") {
			return s.resultsPage(c, &m)
		}
	}
	return nowhere(c)
}

func (s *Site) resultsPage(c *gin.Context, m *performance.Metric) error {
	p := resultsPage{Base: s.base(c, "Results"), Metric: m, Metrics: performance.Metrics}
	if m != nil {
		p.Title = m.Title
	}
	p.Wide = "wide"
	code := http.StatusOK
	q, err := readQuestion(c, &p.Form)
	q.Middle = m != nil && m.HasMiddle()
	if err == nil {
		p.Results, err = s.Performance.Results(ctx(c), actor(c), q)
	}
	if wrong, ok := problems(err); ok {
		p.Problems, code = wrong, http.StatusUnprocessableEntity
		q = performance.Question{Middle: q.Middle}
		p.Results, err = s.Performance.Results(ctx(c), actor(c), q)
	}
	if err != nil {
		return err
	}
	if p.Teams, _, err = s.People.Teams(ctx(c), actor(c), 200, ""); err != nil {
		return err
	}
	p.Periods = p.periods()
	p.turnTo(c.Query("after"))
	page := "performance/results"
	if m != nil {
		page = "performance/metric"
	}
	return s.show(c, code, page, p)
}

// readQuestion reads the period and the team from the address.
func readQuestion(c *gin.Context, form *periodForm) (performance.Question, error) {
	var q performance.Question
	form.From, form.To, form.Team = c.Query("from"), c.Query("to"), c.Query("team")
	if err := bind(c, form); err != nil {
		return q, err
	}
	q.TeamID, _ = strconv.ParseInt(form.Team, 10, 64)
	q.From, q.To = dayIn(form.From), dayIn(form.To)
	return q, nil
}

// dayIn reads a date that bind has seen; nil for none.
func dayIn(text string) *time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return &day
}

// turnTo keeps the people of one page: those after the one named.
func (p *resultsPage) turnTo(after string) {
	p.People = p.Results.People
	for n, l := range p.People {
		if after != "" && strconv.FormatInt(l.ID, 10) == after {
			p.People = p.People[n+1:]
			break
		}
	}
	if len(p.People) > repsAPage {
		p.People = p.People[:repsAPage]
		p.Next = p.address("", "after", strconv.FormatInt(p.People[repsAPage-1].ID, 10)) + "#people"
	}
}

// address is this page, or the one below it that path names, with the same
// period and team and one thing changed.
func (p resultsPage) address(path, name, value string) string {
	q := url.Values{}
	for n, v := range map[string]string{"from": p.Form.From, "to": p.Form.To, "team": p.Form.Team, name: value} {
		if v != "" {
			q.Set(n, v)
		}
	}
	if path == "" {
		path = "/team/performance"
		if p.Metric != nil {
			path += "/" + p.Metric.Name
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// To is the page of a metric with the same period and team.
func (p resultsPage) To(metric string) string { return p.address("/team/performance/"+metric, "", "") }

// Back is the page of all results with the same period and team.
func (p resultsPage) Back() string { return p.address("/team/performance", "", "") }

// CSV is the same results as a file.
func (p resultsPage) CSV() string { return p.address("/team/performance.csv", "", "") }

// periods are the usual ones, in the viewer's time zone.
func (p resultsPage) periods() []link {
	now := p.in(p.At)
	first := time.Date(now.Year(), now.Month()-(now.Month()-1)%3, 1, 0, 0, 0, 0, time.UTC)
	path := "/team/performance"
	if p.Metric != nil {
		path += "/" + p.Metric.Name
	}
	between := func(label string, from, to time.Time) link {
		q := url.Values{"from": {from.Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)}}
		if p.Form.Team != "" {
			q.Set("team", p.Form.Team)
		}
		return link{label, path + "?" + q.Encode()}
	}
	all := path
	if p.Form.Team != "" {
		all += "?team=" + url.QueryEscape(p.Form.Team)
	}
	return []link{{"All", all}, between("This quarter", first, first.AddDate(0, 3, -1)), between("Last quarter", first.AddDate(0, -3, 0), first.AddDate(0, 0, -1)),
		between("Last 12 months", now.AddDate(-1, 0, 1), now)}
}

// Heading names whose results these are.
func (p resultsPage) Heading() string {
	for _, t := range p.Teams {
		if strconv.FormatInt(t.ID, 10) == p.Form.Team {
			return t.Name
		}
	}
	switch {
	case p.Me.Can(people.Admin):
		return "The whole company"
	case p.Me.Can(people.Manager):
		return "All my teams"
	}
	return "The people I coach"
}

// ChosenTeam reports whether the results are of this team.
func (p resultsPage) ChosenTeam(id int64) bool { return strconv.FormatInt(id, 10) == p.Form.Team }

// Importer reports whether the viewer may import deals.
func (p resultsPage) Importer() bool { return p.Me.Can(importers...) }

// Leader reports whether the other pages of the team exist for the viewer.
func (p resultsPage) Leader() bool { return p.Me.Can(leads...) }

// Period says which days the numbers are of.
func (p resultsPage) Period() string {
	r := p.Results
	day := func(t *time.Time) string { return t.Format("2 January 2006") }
	switch {
	case r.From != nil && r.To != nil:
		return "closed from " + day(r.From) + " to " + day(r.To)
	case r.From != nil:
		return "closed since " + day(r.From)
	case r.To != nil:
		return "closed up to " + day(r.To)
	case r.First != nil && r.Last != nil:
		return "closed from " + day(r.First) + " to " + day(r.Last)
	}
	return "whenever closed"
}

// Fresh says when the numbers came in.
func (p resultsPage) Fresh() string {
	if p.Results.ImportedAt == nil {
		return "never imported"
	}
	return "data of " + p.Clock(*p.Results.ImportedAt)
}

// NothingClosed reports whether there are deals, but none closed in the period.
func (p resultsPage) NothingClosed() bool {
	return !p.Results.Empty() && p.Results.All.Closed() == 0 && (p.Results.From != nil || p.Results.To != nil)
}

// Range says from when to when there are closed deals.
func (p resultsPage) Range() string {
	if p.Results.First == nil {
		return "None has a day of closing."
	}
	return "They run from " + p.Results.First.Format("2 January 2006") + " to " + p.Results.Last.Format("2 January 2006") + "."
}

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

// exportPerformance gives the same results as a file: teams, then people.
func (s *Site) exportPerformance(c *gin.Context) error {
	var form periodForm
	q, err := readQuestion(c, &form)
	if err != nil {
		return err
	}
	q.Middle = true
	r, err := s.Performance.Results(ctx(c), actor(c), q)
	if err != nil {
		return err
	}
	attachment(c, "results-"+s.Now().Format(time.DateOnly)+".csv")
	w := csv.NewWriter(c.Writer)
	_ = w.Write([]string{"kind", "id", "name", "team", "role_family", "from", "to", "deals", "won", "lost", "disqualified", "open", "win_rate", "low", "high", "win_rate_raw", "win_rate_state",
		"won_value", "deal_size", "cycle_days", "pipeline_value", "currency", "imported_at"})
	for _, l := range r.Teams {
		_ = w.Write(resultCells("team", l, r))
	}
	for _, l := range r.People {
		_ = w.Write(resultCells("person", l, r))
	}
	w.Flush()
	return w.Error()
}

func resultCells(kind string, l performance.Line, r performance.Results) []string {
	day := func(t *time.Time, layout string) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format(layout)
	}
	number := func(v *float64, digits int) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', digits, 64)
	}
	value := func(metric string) string { return number(r.Figure(l, metric).Value, 2) }
	f := l.WinRate
	return []string{kind, fmt.Sprint(l.ID), cellText(l.Name), cellText(l.TeamName), cellText(l.RoleFamily), day(r.From, time.DateOnly), day(r.To, time.DateOnly),
		fmt.Sprint(l.Deals), fmt.Sprint(l.Won), fmt.Sprint(l.Lost), fmt.Sprint(l.Disqualified), fmt.Sprint(l.Open), number(f.Value, 4), number(f.Low, 4), number(f.High, 4), number(f.Raw, 4), f.State,
		value("won_value"), value("deal_size"), value("cycle"), value("pipeline_value"), r.Currency, day(r.ImportedAt, time.RFC3339)}
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
