package demo

import (
	"context"
	"time"

	"pitchside/people"
)

// hire makes the company's people, their teams, managers and coaches, and lets
// the five sign in.
func (c *Company) hire(ctx context.Context) error {
	settings, err := c.People.Company(ctx)
	if err != nil {
		return err
	}
	settings.Name, settings.Currency, settings.TimeZone = "Fernhill", "EUR", "UTC"
	if err := c.People.SaveCompany(ctx, c.admin, settings); err != nil {
		return err
	}
	top, err := c.People.AddTeam(ctx, c.admin, sales, 0)
	if err != nil {
		return err
	}
	teams := map[string]int64{sales: top.ID}
	for _, name := range []string{north, south, enterprise} {
		t, err := c.People.AddTeam(ctx, c.admin, name, top.ID)
		if err != nil {
			return err
		}
		teams[name] = t.ID
	}
	for _, m := range cast {
		if err := c.add(ctx, m, teams[m.team]); err != nil {
			return err
		}
	}
	for _, m := range cast {
		if m.coach == "" {
			continue
		}
		from := c.Now.AddDate(0, -m.months, 7)
		if from.After(c.Now) {
			from = c.Now
		}
		for _, coach := range m.coaches() {
			if _, err := c.People.SetCoaching(ctx, c.admin, c.ids[m.name], c.ids[coach], from.Truncate(24*time.Hour), time.Time{}); err != nil {
				return err
			}
		}
	}
	for _, email := range SignIns {
		if err := c.letIn(ctx, email); err != nil {
			return err
		}
	}
	return nil
}

func (c *Company) add(ctx context.Context, m member, team int64) error {
	email, hired := address(m), c.Now.AddDate(0, -m.months, -(len(m.name)%20)).Truncate(24*time.Hour)
	patch := people.PersonPatch{Name: &m.name, Email: &email, RoleFamily: &m.role, HireDate: &hired, Capabilities: &m.can, TeamID: &team}
	boss := bosses[m.name]
	if boss == "" && leads[m.team] != m.name {
		boss = leads[m.team]
	}
	if boss != "" {
		id := c.ids[boss]
		patch.ManagerID = &id
	}
	p, err := c.People.AddPerson(ctx, c.admin, patch, "demo")
	if err != nil {
		return err
	}
	c.ids[m.name], c.cast[m.name] = p.ID, m
	return nil
}

// letIn gives a member the password of the demo.
func (c *Company) letIn(ctx context.Context, email string) error {
	p, err := c.People.PersonByEmail(ctx, c.admin, email)
	if err != nil {
		return err
	}
	token, err := c.People.Invite(ctx, c.admin, p.ID)
	if err != nil {
		return err
	}
	if _, err := c.People.Accept(ctx, token, people.Joining{Password: Password}); err != nil {
		return err
	}
	_, err = c.People.RevokeSessions(ctx, people.Actor{ID: p.ID}, 0)
	return err
}
