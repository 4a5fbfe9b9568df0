package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"pitchside/content"
	"pitchside/people"
	"pitchside/performance"

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
	Means    content.Metric // what Metric means
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
	p := resultsPage{Base: s.base(c, "Results"), Metric: m}
	if m != nil {
		var err error
		if p.Means, err = s.Content.Defined(ctx(c), m.Name); err != nil {
			return err
		}
		p.Title = p.Means.Title
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
