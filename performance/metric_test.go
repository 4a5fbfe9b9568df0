package performance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/performance"

	"github.com/google/go-cmp/cmp"
)

func day(t *testing.T, s string) *time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// deals writes so many won and lost deals of a person, a week apart.
func (h *house) deals(owner people.Actor, won, lost int) {
	h.t.Helper()
	h.exec(`insert into opportunities (external_id, owner_id, stage, outcome, created, closed, amount, currency)
		select $1::bigint || '-' || n, $1, case when n <= $2 then 'Won' else 'Lost' end, case when n <= $2 then 'won' else 'lost' end,
			date '2026-01-01', date '2026-02-01' + n, 100 * n, 'EUR' from generate_series(1, $2::int + $3::int) n`, owner.ID, won, lost)
}

func near(t *testing.T, what string, got *float64, want, tolerance float64) {
	t.Helper()
	if got == nil || !(math.Abs(*got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v", what, show(got), want)
	}
}

func show(f *float64) any {
	if f == nil {
		return "nothing"
	}
	return *f
}

// The twelve deals of the worked example, through an import of their own file.
func TestWinRateDefinitions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var v struct {
		Input struct {
			Opportunities []struct {
				ID, Created, Status string
				Closed              *string
				Amount              float64
			}
			Window [2]string
		}
		Expected struct {
			Q2 struct {
				Won, Lost int
				Rate      float64
			} `json:"q2_closed_count"`
			Days   []float64 `json:"won_cycle_days"`
			Median float64   `json:"won_cycle_median"`
		}
		Tolerance float64
	}
	b, err := os.ReadFile("testdata/win_rate_definitions.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	rep := h.person("Moe Fraser")
	file := &strings.Builder{}
	fmt.Fprintln(file, "id,owner,stage,outcome,created,closed,amount")
	for _, o := range v.Input.Opportunities {
		closed := ""
		if o.Closed != nil {
			closed = *o.Closed
		}
		fmt.Fprintf(file, "%s,Moe Fraser,some stage,%s,%s,%s,%v\n", o.ID, o.Status, o.Created, closed, o.Amount)
	}
	h.bring(admin, performance.OpportunitiesKind, file.String())
	measure := func(name string, p performance.Period) performance.Measurement {
		m, err := h.s.Measure(ctx, admin, name, performance.Question{PersonID: rep.ID, Period: p})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	q2 := performance.Period{From: day(t, v.Input.Window[0]), To: day(t, v.Input.Window[1])}
	rate := measure("win_rate", q2)
	if rate.Won != v.Expected.Q2.Won || rate.Lost != v.Expected.Q2.Lost || rate.N != 6 || rate.State != performance.CountsOnly || rate.Value != nil {
		t.Errorf("%+v", rate)
	}
	near(t, "rate", new(float64(rate.Won)/float64(rate.N)), v.Expected.Q2.Rate, v.Tolerance)
	cycle := measure("cycle", performance.Period{})
	near(t, "median cycle", cycle.Value, v.Expected.Median, v.Tolerance)
	if cycle.N != len(v.Expected.Days) {
		t.Errorf("%d cycles", cycle.N)
	}
	near(t, "won value in the quarter", measure("won_value", q2).Value, 48000, v.Tolerance)
	near(t, "open pipeline", measure("pipeline_value", q2).Value, 102000, v.Tolerance)
	near(t, "mean deal", measure("deal_size", performance.Period{}).Value, 58000.0/4, v.Tolerance)
	r, err := h.s.Results(ctx, admin, performance.Question{Period: q2})
	if err != nil || r.All.Disqualified != 1 || r.All.Open != 3 {
		t.Errorf("%+v, %v", r.All, err)
	}
	// Both ends of a period are inside it.
	if ends := measure("won", performance.Period{From: day(t, "2026-04-30"), To: day(t, "2026-05-15")}); *ends.Value != 3 {
		t.Errorf("won %v, want 3", *ends.Value)
	}
}

func TestWinRateRules(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin := h.person("Olga Sund", people.Admin)
	var team int64
	if err := h.db.QueryRow(ctx, `insert into teams (name) values ('North') returning id`).Scan(&team); err != nil {
		t.Fatal(err)
	}
	type want struct {
		won, lost int
		state     string
	}
	cases := map[string]want{"none": {0, 0, performance.Hidden}, "seven": {3, 4, performance.CountsOnly}, "nine": {5, 4, performance.CountsOnly},
		"ten": {5, 5, performance.Shown}, "never": {0, 10, performance.Shown}}
	for name, c := range cases {
		p := h.person(name)
		h.exec(`insert into memberships (person_id, team_id) values ($1, $2)`, p.ID, team)
		h.deals(p, c.won, c.lost)
	}
	r, err := h.s.Results(ctx, admin, performance.Question{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range r.People {
		names = append(names, l.Name)
		c := cases[l.Name]
		f := l.WinRate
		if f.State != c.state || f.Won != c.won || f.Lost != c.lost || (f.Value != nil) != (c.state == performance.Shown) {
			t.Errorf("%s: %+v", l.Name, f)
		}
	}
	if diff := cmp.Diff([]string{"never", "nine", "none", "seven", "ten"}, names); diff != "" {
		t.Error("not in the order of names", diff)
	}
	// Fewer than eight reps: the family's rate of 13 in 36 weighs ten deals.
	ten, err := h.s.Measure(ctx, admin, "win_rate", performance.Question{PersonID: r.People[4].ID})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shrunk", ten.Value, (10*13.0/36+5)/20, 1e-9)
	near(t, "raw", ten.Raw, 0.5, 1e-12)
	if !(*ten.Low < *ten.Value && *ten.Value < *ten.High) {
		t.Errorf("interval %v to %v", *ten.Low, *ten.High)
	}
	if len(r.Teams) != 1 || r.Teams[0].Name != "North" || r.Teams[0].People != 5 {
		t.Fatalf("%+v", r.Teams)
	}
	near(t, "team", r.Teams[0].WinRate.Value, 13.0/36, 1e-12)
	h.exec(`update memberships set valid_to = current_date where person_id = $1`, r.People[2].ID)
	four, err := h.s.Measure(ctx, admin, "win_rate", performance.Question{TeamID: team})
	if err != nil || four.State != performance.Hidden || four.Value != nil || !strings.Contains(four.Reason, "fewer than 5 people") {
		t.Errorf("%+v, %v", four, err)
	}
	nobody, err := h.s.Measure(ctx, admin, "won", performance.Question{PersonID: r.People[2].ID})
	if err != nil || nobody.State != performance.Hidden || nobody.Value != nil || !strings.HasPrefix(nobody.Reason, "No data") {
		t.Errorf("somebody without deals: %+v, %v", nobody, err)
	}
}

// Results are seen as the table of visibility says.
func TestWhoSeesResults(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin, boss, coach := h.person("Olga Sund", people.Admin), h.person("Bo Smith", people.Manager), h.person("Ana Ruiz", people.Coach)
	rep, mate := h.person("Moe Fraser"), h.person("Lea Wolf")
	h.exec(`insert into managements (manager_id, person_id) values ($1, $2)`, boss.ID, rep.ID)
	h.exec(`insert into coachings (coach_id, person_id) values ($1, $2)`, coach.ID, mate.ID)
	h.deals(rep, 8, 4)
	h.deals(mate, 2, 10)
	for _, c := range []struct {
		by     people.Actor
		of     people.Actor
		sees   bool
		closed int // of everybody they see
	}{{admin, rep, true, 24}, {boss, rep, true, 12}, {boss, mate, false, 12}, {coach, mate, true, 12}, {coach, rep, false, 12}, {rep, rep, true, 12}, {rep, mate, false, 12}} {
		_, err := h.s.Measure(ctx, c.by, "win_rate", performance.Question{PersonID: c.of.ID})
		if (err == nil) != c.sees || err != nil && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s looks at %s: %v", c.by.Name, c.of.Name, err)
		}
		r, err := h.s.Results(ctx, c.by, performance.Question{})
		if err != nil || r.All.Closed() != c.closed {
			t.Errorf("%s sees %d closed deals, want %d (%v)", c.by.Name, r.All.Closed(), c.closed, err)
		}
	}
	mine, err := h.s.Measure(ctx, rep, "win_rate", performance.Question{PersonID: rep.ID})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := h.s.Measure(ctx, boss, "win_rate", performance.Question{PersonID: rep.ID})
	if err != nil || *mine.Value != *theirs.Value {
		t.Errorf("rep sees %v, manager %v, %v", *mine.Value, show(theirs.Value), err)
	}
}

func TestDeals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, pgtest.Tx(t))
	admin, boss := h.person("Olga Sund", people.Admin), h.person("Bo Smith", people.Manager)
	rep, mate := h.person("Moe Fraser"), h.person("Lea Wolf")
	h.exec(`insert into managements (manager_id, person_id) values ($1, $2)`, boss.ID, rep.ID)
	name, stage, amount := "moe fraser", "Closed Won", 1200.5
	d, err := h.s.AddDeal(ctx, boss, "X-1", performance.DealPatch{Owner: &name, Stage: &stage, Amount: &amount, Closed: day(t, "2026-10-01")})
	if err != nil || d.Outcome != "won" || d.OwnerID != rep.ID || d.Currency != "EUR" || *d.Amount != 1200.5 {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := h.s.AddDeal(ctx, boss, "X-1", performance.DealPatch{Owner: &name, Stage: &stage}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the same id twice: %v", err)
	}
	other := mate.Name
	if _, err := h.s.AddDeal(ctx, boss, "X-2", performance.DealPatch{Owner: &other, Stage: &stage}); fault.FieldsOf(err)["owner"] == "" {
		t.Errorf("for somebody else's rep: %v", err)
	}
	if _, err := h.s.AddDeal(ctx, admin, " ", performance.DealPatch{}); len(fault.FieldsOf(err)) != 3 {
		t.Errorf("an empty deal: %v", fault.FieldsOf(err))
	}
	lost, before := "lost", day(t, "2026-11-01")
	if d, err = h.s.PatchDeal(ctx, boss, "X-1", d.Version, performance.DealPatch{Outcome: &lost}); err != nil || d.Outcome != "lost" || d.Version != 2 || d.Stage != stage {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := h.s.PatchDeal(ctx, boss, "X-1", 1, performance.DealPatch{Outcome: &lost}); fault.KindOf(err) != fault.Stale {
		t.Errorf("a stale version: %v", err)
	}
	if _, err := h.s.PatchDeal(ctx, boss, "X-1", 0, performance.DealPatch{Created: before}); fault.FieldsOf(err)["closed"] == "" {
		t.Errorf("opened after it was closed: %v", err)
	}
	if _, err := h.s.PatchDeal(ctx, rep, "X-1", 0, performance.DealPatch{Outcome: &lost}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a rep changes their own: %v", err)
	}
	if _, err := h.s.PatchDeal(ctx, mate, "X-1", 0, performance.DealPatch{Outcome: &lost}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else: %v", err)
	}
	if n := h.count(`select count(*) from audit_log where act in ('deal added', 'deal changed') and person_id = $1`, rep.ID); n != 2 {
		t.Errorf("%d lines in the audit log, want 2", n)
	}
}
