package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/content"
	"pitchside/people"
	"pitchside/performance"
)

// A metricJSON is a metric and its definition.
type metricJSON struct {
	Name       string `json:"name"`
	Title      string `json:"title"`
	Definition string `json:"definition"`
	Unit       string `json:"unit" doc:"share is from 0 to 1; currency is that of the company."`
	Source     string `json:"source" doc:"Which import it is made of; calibration and Pitchside are counted in the program itself."`
	Caveat     string `json:"caveat" doc:"What it does not say."`
	Computed   bool   `json:"computed" doc:"Whether a value can be had; of the others get-metric says what is missing."`
}

// A measurementJSON is one number with where it comes from. What a rule hides is absent.
type measurementJSON struct {
	metricJSON
	Value      *float64   `json:"value,omitempty" doc:"Of a person's win_rate the shrunk estimate, of a team's the plain rate."`
	Low        *float64   `json:"low,omitempty" doc:"95 in 100 interval."`
	High       *float64   `json:"high,omitempty"`
	Raw        *float64   `json:"raw,omitempty" doc:"won ÷ closed"`
	Q1         *float64   `json:"q1,omitempty" doc:"A quarter of the deals lies below."`
	Median     *float64   `json:"median,omitempty"`
	Q3         *float64   `json:"q3,omitempty" doc:"A quarter of the deals lies above."`
	N          int        `json:"n" doc:"Deals that the value is of; of agreement, scores that have a settled reference."`
	Won        int        `json:"won"`
	Lost       int        `json:"lost"`
	State      string     `json:"state" enum:"shown,counts_only,hidden"`
	Reason     *string    `json:"reason" doc:"Why the value is hidden, or how it is to be read."`
	From       *string    `json:"from" format:"date"`
	To         *string    `json:"to" format:"date" doc:"Inclusive."`
	Currency   string     `json:"currency,omitempty"`
	ImportedAt *time.Time `json:"imported_at" doc:"When the newest of the deals came in."`
}

type metricQuery struct {
	Name     string `path:"name"`
	PersonID int64  `query:"person_id" minimum:"0"`
	TeamID   int64  `query:"team_id" minimum:"0"`
	From     string `query:"from" doc:"First day, such as 2026-01-01."`
	To       string `query:"to" doc:"Last day, inclusive."`
}

// A dealJSON is one opportunity.
type dealJSON struct {
	ExternalID string    `json:"external_id"`
	Owner      string    `json:"owner" doc:"The rep's name."`
	OwnerID    int64     `json:"owner_id"`
	Account    string    `json:"account"`
	Product    string    `json:"product"`
	Stage      string    `json:"stage"`
	Outcome    string    `json:"outcome" enum:"open,won,lost,disqualified"`
	Created    *string   `json:"created" format:"date"`
	Closed     *string   `json:"closed" format:"date"`
	Amount     *float64  `json:"amount"`
	Currency   string    `json:"currency"`
	Segment    string    `json:"segment"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// DealFields is what a program says of a deal; what is left out stays as it
// is, and null takes a date or the amount away.
type DealFields struct {
	Owner    *string           `json:"owner,omitempty" doc:"An e-mail or a name."`
	Account  *string           `json:"account,omitempty"`
	Product  *string           `json:"product,omitempty"`
	Stage    *string           `json:"stage,omitempty"`
	Outcome  *string           `json:"outcome,omitempty" doc:"open, won, lost or disqualified. Absent: as a given stage says."`
	Created  optional[string]  `json:"created,omitempty" required:"false"`
	Closed   optional[string]  `json:"closed,omitempty" required:"false"`
	Amount   optional[float64] `json:"amount,omitempty" required:"false"`
	Currency *string           `json:"currency,omitempty"`
	Segment  *string           `json:"segment,omitempty"`
}

type newDeal struct {
	ExternalID string `json:"external_id,omitempty"`
	DealFields
}

var importers = []people.Capability{people.Manager, people.Admin}

func (a *API) registerPerformance() {
	o := func(method, path, id, summary, scope string, who []people.Capability) op {
		return op{Method: method, Path: path, ID: id, Summary: summary, Scope: scope, Tag: "Performance", For: who}
	}
	register(a, o(http.MethodGet, "/metrics", "list-metrics", "Metrics and their definitions", "performance:read", nil), a.listMetrics)
	register(a, o(http.MethodGet, "/metrics/{name}", "get-metric", "One metric of a person, a team, or everybody in sight", "performance:read", nil), a.measure)
	add := o(http.MethodPost, "/deals", "create-deal", "Add a deal", "performance:write", importers)
	add.Status = http.StatusCreated
	register(a, add, a.addDeal)
	register(a, o(http.MethodGet, "/deals/{external_id}", "get-deal", "A deal", "performance:read", nil), a.deal)
	register(a, o(http.MethodPatch, "/deals/{external_id}", "patch-deal", "Change a deal", "performance:write", importers), a.patchDeal)
	a.registerImports(o)
}

func asMetric(m content.Metric) metricJSON {
	unit := m.Unit
	if unit == "%" {
		unit = "share"
	}
	return metricJSON{m.Name, m.Title, m.Definition, unit, m.Source, m.Caveat, m.Name == agreementMetric || performance.Reads(m.Name)}
}

func (a *API) listMetrics(ctx context.Context, _ people.Actor, _ *struct{}) (*Body[Page[metricJSON]], error) {
	all, err := a.Content.Dictionary(ctx)
	if err != nil {
		return nil, err
	}
	items := make([]metricJSON, len(all))
	for i, m := range all {
		items[i] = asMetric(m)
	}
	return &Body[Page[metricJSON]]{page(items, "")}, nil
}

func (a *API) measure(ctx context.Context, by people.Actor, in *metricQuery) (*Body[measurementJSON], error) {
	q := performance.Question{PersonID: in.PersonID, TeamID: in.TeamID}
	for field, to := range map[string]**time.Time{"from": &q.From, "to": &q.To} {
		day, err := readDate(field, map[string]string{"from": in.From, "to": in.To}[field])
		if err != nil {
			return nil, err
		}
		if !day.IsZero() {
			*to = &day
		}
	}
	means, err := a.Content.Defined(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	switch {
	case means.Name == agreementMetric:
		return a.measureAgreement(ctx, by, means, q)
	case !performance.Reads(means.Name):
		return a.missing(ctx, by, means, q)
	}
	m, err := a.Performance.Measure(ctx, by, in.Name, q)
	if err != nil {
		return nil, err
	}
	out := measurementJSON{metricJSON: asMetric(means), Value: m.Value, Low: m.Low, High: m.High, Raw: m.Raw, N: m.N, Won: m.Won, Lost: m.Lost,
		State: m.State, From: dateOf(m.From), To: dateOf(m.To), Currency: m.Currency, ImportedAt: m.ImportedAt}
	if m.Reason != "" {
		out.Reason = &m.Reason
	}
	if m.Middle != nil {
		out.Q1, out.Median, out.Q3 = &m.Middle[0], &m.Middle[1], &m.Middle[2]
	}
	return &Body[measurementJSON]{out}, nil
}

// missing answers for a metric that cannot be computed: never with a number,
// and never to somebody who does not see whom the question is about.
func (a *API) missing(ctx context.Context, by people.Actor, means content.Metric, q performance.Question) (*Body[measurementJSON], error) {
	if _, err := a.Performance.Results(ctx, by, q); err != nil {
		return nil, err
	}
	reason := means.Missing()
	return &Body[measurementJSON]{measurementJSON{metricJSON: asMetric(means), State: performance.Hidden, Reason: &reason, From: dateOf(q.From), To: dateOf(q.To)}}, nil
}

func asDeal(d performance.Deal) *Tagged[dealJSON] {
	return &Tagged[dealJSON]{ETag: etag(d.Version), Body: dealJSON{ExternalID: d.ExternalID, Owner: d.OwnerName, OwnerID: d.OwnerID, Account: d.Account, Product: d.Product,
		Stage: d.Stage, Outcome: d.Outcome, Created: dateOf(d.Created), Closed: dateOf(d.Closed), Amount: d.Amount, Currency: d.Currency, Segment: d.Segment, UpdatedAt: d.UpdatedAt}}
}

func (in DealFields) patch() (performance.DealPatch, error) {
	p := performance.DealPatch{Owner: in.Owner, Account: in.Account, Product: in.Product, Stage: in.Stage, Outcome: in.Outcome, Currency: in.Currency, Segment: in.Segment}
	created, err := readDate("created", in.Created.Value)
	if err != nil {
		return p, err
	}
	closed, err := readDate("closed", in.Closed.Value)
	if err != nil {
		return p, err
	}
	if in.Created.Set {
		p.Created = &created
	}
	if in.Closed.Set {
		p.Closed = &closed
	}
	if in.Amount.Set && in.Amount.Null {
		p.NoAmount = true
	} else {
		p.Amount = in.Amount.pointer()
	}
	return p, nil
}

func (a *API) addDeal(ctx context.Context, by people.Actor, in *struct{ Body newDeal }) (*Tagged[dealJSON], error) {
	p, err := in.Body.patch()
	if err != nil {
		return nil, err
	}
	d, err := a.Performance.AddDeal(ctx, by, in.Body.ExternalID, p)
	if err != nil {
		return nil, err
	}
	return asDeal(d), nil
}

func (a *API) deal(ctx context.Context, by people.Actor, in *struct {
	ExternalID string `path:"external_id"`
}) (*Tagged[dealJSON], error) {
	d, err := a.Performance.Deal(ctx, by, in.ExternalID)
	if err != nil {
		return nil, err
	}
	return asDeal(d), nil
}

func (a *API) patchDeal(ctx context.Context, by people.Actor, in *struct {
	ExternalID string `path:"external_id"`
	IfMatch    string `header:"If-Match"`
	Body       DealFields
}) (*Tagged[dealJSON], error) {
	version, err := ifMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	p, err := in.Body.patch()
	if err != nil {
		return nil, err
	}
	d, err := a.Performance.PatchDeal(ctx, by, in.ExternalID, version, p)
	if err != nil {
		return nil, err
	}
	return asDeal(d), nil
}
