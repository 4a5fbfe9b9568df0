package web

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"pitchside/performance"

	"github.com/gin-gonic/gin"
)

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
