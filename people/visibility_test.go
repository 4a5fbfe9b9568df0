package people_test

import (
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// sees returns the names of those whose results the actor sees.
func (w *world) sees(a people.Actor) []string {
	w.t.Helper()
	names, err := pg.Column[string](w.ctx, w.q, `select name from persons p where `+people.Sees("p.id")+` order by name`, a.Scope(pgx.NamedArgs{}))
	must(w.t, err)
	return names
}

func (w *world) leads(a people.Actor) []string {
	w.t.Helper()
	names, err := pg.Column[string](w.ctx, w.q, `select name from persons p where `+people.Leads("p.id")+` order by name`, a.Scope(pgx.NamedArgs{}))
	must(w.t, err)
	return names
}

func TestWhoSeesWhom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	top, mid, low := w.person("Top", people.Manager), w.person("Mid", people.Manager, people.Rep), w.person("Low", people.Manager)
	rep, other := w.person("Rep"), w.person("Other")
	coach, admin := w.person("Coach", people.Coach), w.person("Admin", people.Admin)
	w.manages(top, mid)
	w.manages(mid, low)
	w.manages(low, rep)
	_, err := w.SetCoaching(w.ctx, people.Operator, other.ID, coach.ID, time.Time{}, time.Time{})
	must(t, err)

	system := actor(admin)
	system.Token = true
	for _, tt := range []struct {
		who   string
		actor people.Actor
		want  []string
	}{
		{"top sees three levels down", actor(top), []string{"Low", "Mid", "Rep", "Top"}},
		{"mid sees below, not above", actor(mid), []string{"Low", "Mid", "Rep"}},
		{"low", actor(low), []string{"Low", "Rep"}},
		{"a rep sees themselves", actor(rep), []string{"Rep"}},
		{"a coach sees the coachee", actor(coach), []string{"Coach", "Other"}},
		{"an admin is no reader", actor(admin), []string{"Admin"}},
		{"a system that brings data", system, []string{"Admin", "Coach", "Low", "Mid", "Other", "Rep", "Top"}},
	} {
		if diff := cmp.Diff(tt.want, w.sees(tt.actor)); diff != "" {
			t.Errorf("%s: %s", tt.who, diff)
		}
	}
	if diff := cmp.Diff([]string{"Low", "Rep"}, w.leads(actor(mid))); diff != "" {
		t.Errorf("nobody leads themselves: %s", diff)
	}

	// A lost capability takes sight away at once; the relation stays.
	gone := actor(top)
	gone.Capabilities = []people.Capability{people.Rep}
	if diff := cmp.Diff([]string{"Top"}, w.sees(gone)); diff != "" {
		t.Errorf("after losing the capability: %s", diff)
	}
	// Records of people: what is out of sight is not there, an admin keeps all.
	_, err = w.Person(w.ctx, actor(coach), rep.ID)
	wantKind(t, err, fault.NotFound, "")
	_, err = w.Person(w.ctx, actor(admin), rep.ID)
	must(t, err)
	_, err = w.PatchPerson(w.ctx, actor(low), rep.ID, 0, people.PersonPatch{Name: ptr("X")})
	wantKind(t, err, fault.Forbidden, "")
	_, err = w.PatchPerson(w.ctx, actor(coach), rep.ID, 0, people.PersonPatch{Name: ptr("X")})
	wantKind(t, err, fault.NotFound, "")
}

func TestRelationsHoldOnTheirDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	coach, boss := w.person("Coach", people.Coach), w.person("Boss", people.Manager)
	past, now, future, ended := w.person("Past"), w.person("Now"), w.person("Soon"), w.person("Ended")
	for _, table := range []struct{ name, lead string }{{"coachings", "coach_id"}, {"managements", "manager_id"}} {
		lead := coach.ID
		if table.name == "managements" {
			lead = boss.ID
		}
		sql := `insert into ` + table.name + ` (` + table.lead + `, person_id, valid_from, valid_to) values ($1, $2, current_date + $3::int, current_date + $4::int)`
		w.exec(sql, lead, past.ID, -20, -10)
		w.exec(sql, lead, now.ID, -20, nil)
		w.exec(sql, lead, future.ID, 1, nil)
		w.exec(sql, lead, ended.ID, -20, 0) // the last day was yesterday
	}
	if diff := cmp.Diff([]string{"Coach", "Now"}, w.sees(actor(coach))); diff != "" {
		t.Errorf("coach: %s", diff)
	}
	if diff := cmp.Diff([]string{"Boss", "Now"}, w.sees(actor(boss))); diff != "" {
		t.Errorf("manager: %s", diff)
	}
	var below []int64
	below, err := pg.Column[int64](w.ctx, w.q, `select managed_by($1, current_date - 15) order by 1`, boss.ID)
	must(t, err)
	if diff := cmp.Diff([]int64{past.ID, now.ID, ended.ID}, below); diff != "" {
		t.Errorf("fifteen days ago: %s", diff)
	}
}

func TestSetCoaching(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	coach, rep := w.person("Coach", people.Coach), w.person("Rep")
	day := func(n int) time.Time { return time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, n) }

	_, err := w.SetCoaching(w.ctx, people.Operator, rep.ID, rep.ID, time.Time{}, time.Time{})
	wantKind(t, err, fault.Invalid, "coach_id")
	_, err = w.SetCoaching(w.ctx, people.Operator, coach.ID, rep.ID, time.Time{}, time.Time{})
	wantKind(t, err, fault.Invalid, "coach_id") // a rep coaches nobody
	_, err = w.SetCoaching(w.ctx, people.Operator, rep.ID, coach.ID, day(0), day(-1))
	wantKind(t, err, fault.Invalid, "to")
	_, err = w.SetCoaching(w.ctx, people.Operator, 987654, coach.ID, time.Time{}, time.Time{})
	wantKind(t, err, fault.NotFound, "")
	_, err = w.SetCoaching(w.ctx, actor(coach), rep.ID, coach.ID, time.Time{}, time.Time{})
	wantKind(t, err, fault.Forbidden, "")

	c, err := w.SetCoaching(w.ctx, people.Operator, rep.ID, coach.ID, day(-30), time.Time{})
	must(t, err)
	if c.To != nil || !c.From.Equal(day(-30)) {
		t.Errorf("coaching runs %v to %v", c.From, c.To)
	}
	// Both ends are included: with today as the last day, it still holds today.
	_, err = w.SetCoaching(w.ctx, people.Operator, rep.ID, coach.ID, day(-30), day(0))
	must(t, err)
	if diff := cmp.Diff([]string{"Coach", "Rep"}, w.sees(actor(coach))); diff != "" {
		t.Error(diff)
	}
	last, err := w.SetCoaching(w.ctx, people.Operator, rep.ID, coach.ID, day(-30), day(-1))
	must(t, err)
	if diff := cmp.Diff([]string{"Coach"}, w.sees(actor(coach))); diff != "" {
		t.Error(diff)
	}
	all, err := w.Coachings(w.ctx, actor(rep), rep.ID)
	must(t, err)
	if len(all) != 1 || all[0].ID != last.ID || all[0].CoachName != "Coach" {
		t.Errorf("coachings are %+v", all)
	}
	open, err := w.SetCoaching(w.ctx, people.Operator, rep.ID, coach.ID, time.Time{}, time.Time{})
	must(t, err)
	must(t, w.EndCoaching(w.ctx, people.Operator, rep.ID, open.ID))
	must(t, w.EndCoaching(w.ctx, people.Operator, rep.ID, open.ID))
	if diff := cmp.Diff([]string{"Coach"}, w.sees(actor(coach))); diff != "" {
		t.Error(diff)
	}
}
