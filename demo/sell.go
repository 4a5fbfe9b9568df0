package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"time"

	"pitchside/performance"
)

// sell makes a year of deals and brings them in as a CRM export, so that the
// history of imports has one.
func (c *Company) sell(ctx context.Context) error {
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	_ = w.Write([]string{"external_id", "owner", "account", "product", "stage", "created", "closed", "amount", "segment"}) // a buffer takes all
	for _, m := range c.reps() {
		for _, row := range c.dealsOf(m) {
			_ = w.Write(row)
		}
	}
	w.Flush()
	admin := c.as("Sam Birch")
	c.at(c.day(1, 6, 0))
	got, err := c.Performance.Upload(ctx, admin, performance.Upload{Kind: performance.OpportunitiesKind, Filename: "fernhill-opportunities.csv", File: &file})
	if err != nil {
		return err
	}
	if got, err = c.Performance.Read(ctx, admin, got.ID, performance.Reading{Mapping: got.Mapping, DateFormat: "YYYY-MM-DD"}); err != nil {
		return err
	}
	if got.Errors > 0 {
		return fmt.Errorf("%d rows of the demo's deals are in error", got.Errors)
	}
	_, err = c.Performance.Confirm(ctx, admin, got.ID)
	return err
}

// dealsOf makes the deals of one member: more for small ones, fewer and larger
// for enterprise, won somewhat more often by the more able.
func (c *Company) dealsOf(m member) [][]string {
	r := dice(m.name, "deals")
	months := min(m.months, 12)
	perMonth, size, cycle := 2.4, 9_500.0, 45
	switch m.role {
	case "SDR":
		perMonth, size, cycle = 0.8, 3_000, 20
	case "Enterprise AE":
		perMonth, size, cycle = 1.1, 62_000, 95
	case "AM":
		perMonth, size, cycle = 1.7, 14_000, 35
	}
	var out [][]string
	for n := range int(perMonth*float64(months) + 0.5) {
		created := dateOnly(c.Now.AddDate(0, 0, -3-r.IntN(max(1, months*30-2))))
		closed := created.AddDate(0, 0, 5+int(float64(cycle)*math.Exp(0.45*r.NormFloat64())))
		stage, closedCell := []string{"Qualify", "Evaluate", "Propose", "Negotiate"}[r.IntN(4)], ""
		amount := size * math.Exp(0.55*r.NormFloat64())
		if closed.Before(c.Now) && r.IntN(12) > 0 {
			stage, closedCell = "Lost", closed.Format(time.DateOnly)
			if r.Float64() < 0.31+0.09*m.talent {
				stage = "Won"
			}
		}
		account := r.IntN(len(accounts))
		out = append(out, []string{fmt.Sprintf("FH-%04d-%02d", c.ids[m.name], n), address(m), accounts[account], products[r.IntN(len(products))],
			stage, created.Format(time.DateOnly), closedCell, fmt.Sprintf("%.0f", math.Round(amount/50)*50), segments[account%len(segments)]})
	}
	return out
}
