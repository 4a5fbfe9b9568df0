package people_test

import (
	"strings"
	"testing"

	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
)

func TestCompany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.DB = pgtest.New(t) // the settings are one row: a test that writes them has a database of its own
	admin := people.Actor{ID: 0, Capabilities: []people.Capability{people.Admin}}
	name, policy := w.CompanyLine(w.ctx)
	if name != "Your company" || !strings.HasPrefix(policy, "Used for development only") {
		t.Errorf("line is %q, %q", name, policy)
	}
	c, err := w.Company(w.ctx)
	must(t, err)
	stale := c
	c.Name, c.Currency, c.RetentionDays = " Fernhill ", "USD", 90
	wantKind(t, w.SaveCompany(w.ctx, people.Actor{ID: 1, Capabilities: []people.Capability{people.Manager}}, c), fault.NotFound, "")
	must(t, w.SaveCompany(w.ctx, admin, c))
	if name, _ = w.CompanyLine(w.ctx); name != "Fernhill" {
		t.Errorf("name is %q once saved", name)
	}
	err = w.SaveCompany(w.ctx, admin, stale)
	wantKind(t, err, fault.Stale, "")
	for field, change := range map[string]func(*people.Company){
		"name":           func(c *people.Company) { c.Name = "" },
		"currency":       func(c *people.Company) { c.Currency = "euro" },
		"time_zone":      func(c *people.Company) { c.TimeZone = "" },
		"retention_days": func(c *people.Company) { c.RetentionDays = 0 },
		"dispute_days":   func(c *people.Company) { c.DisputeDays = 366 },
		"policy_text":    func(c *people.Company) { c.PolicyText = strings.Repeat("x", 501) },
	} {
		wrong := c
		wrong.Version++
		change(&wrong)
		wantKind(t, w.SaveCompany(w.ctx, admin, wrong), fault.Invalid, field)
	}
}
