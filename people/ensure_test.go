package people_test

import (
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

func TestEnsurePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hired := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	in := people.ImportedPerson{Name: " Versie  Imported ", Region: "East"}
	id, c, err := w.EnsurePerson(w.ctx, w.q, in)
	must(t, err)
	if c == nil || c.Subject != "person" || c.ID != id || c.Before != nil {
		t.Fatalf("change is %+v", c)
	}
	p, err := w.Person(w.ctx, people.Operator, id)
	must(t, err)
	if p.Name != "Versie Imported" || p.Email != "" || p.Source != "import" || p.Region != "East" || p.CanSignIn {
		t.Errorf("imported person is %+v", p)
	}
	// The same again, in another case, changes nothing.
	same, c, err := w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "versie IMPORTED", Region: "East"})
	must(t, err)
	if same != id || c != nil {
		t.Fatalf("found %d with change %+v, want %d with none", same, c, id)
	}
	// More is learnt of them, and can be put back.
	mail := email("versie")
	same, c, err = w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "Versie Imported", Email: mail, HireDate: &hired, RoleFamily: "SDR", Capabilities: []people.Capability{people.Manager}})
	must(t, err)
	p, err = w.Person(w.ctx, people.Operator, id)
	must(t, err)
	if same != id || p.Email != mail || p.RoleFamily != "SDR" || !p.HireDate.Equal(hired) || p.Region != "East" {
		t.Errorf("updated person is %+v", p)
	}
	if diff := cmp.Diff([]people.Capability{people.Rep, people.Manager}, p.Capabilities); diff != "" {
		t.Error(diff)
	}
	left, err := w.Undo(w.ctx, w.q, *c)
	must(t, err)
	p, err = w.Person(w.ctx, people.Operator, id)
	must(t, err)
	if left != "" || p.Email != "" || p.RoleFamily != "AE" || p.HireDate != nil || p.Can(people.Manager) || p.Name != "Versie Imported" {
		t.Errorf("%q; person after undo is %+v", left, p)
	}
	// A person who has another e-mail is somebody else.
	other := w.person("Ana Twin")
	twin, c, err := w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "Ana Twin", Email: email("twin")})
	must(t, err)
	if twin == other.ID || c == nil || c.Before != nil {
		t.Errorf("twin is %d, change %+v", twin, c)
	}
	_, _, err = w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "ana twin"})
	wantKind(t, err, fault.Invalid, "name")
	_, _, err = w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: ""})
	wantKind(t, err, fault.Invalid, "name")
}

func TestUndoOfAnImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var done []people.Change
	note := func(c *people.Change, err error) {
		t.Helper()
		must(t, err)
		if c != nil {
			done = append(done, *c)
		}
	}
	team, c, err := w.EnsureTeam(w.ctx, w.q, "Imported Team", 0)
	note(c, err)
	_, c, err = w.EnsureTeam(w.ctx, w.q, "imported team", 0)
	must(t, err)
	if c != nil {
		t.Errorf("a repeat made a team: %+v", c)
	}
	boss, c, err := w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "Imported Boss", Capabilities: []people.Capability{people.Manager}})
	note(c, err)
	rep, c, err := w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "Imported Rep"})
	note(c, err)
	note(w.SetTeam(w.ctx, w.q, rep, team))
	note(w.SetManager(w.ctx, w.q, rep, boss))
	again, err := w.SetManager(w.ctx, w.q, rep, boss)
	must(t, err)
	if again != nil || len(done) != 5 {
		t.Fatalf("repeat %+v, changes %+v", again, done)
	}
	found, err := people.FindByName(w.ctx, w.q, "imported REP")
	must(t, err)
	if found != rep {
		t.Errorf("found %d, want %d", found, rep)
	}
	for i := len(done) - 1; i >= 0; i-- {
		left, err := w.Undo(w.ctx, w.q, done[i])
		must(t, err)
		if left != "" {
			t.Errorf("%s %d: %s", done[i].Subject, done[i].ID, left)
		}
	}
	var rows int
	must(t, w.q.QueryRow(w.ctx, `select (select count(*) from persons where name like 'Imported %') + (select count(*) from teams where name = 'Imported Team')`).Scan(&rows))
	if rows != 0 {
		t.Errorf("%d rows are left after the undo", rows)
	}
}

func TestUndoLeavesEditedThingsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, created, err := w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "Imported Edited"})
	must(t, err)
	needed, made, err := w.EnsurePerson(w.ctx, w.q, people.ImportedPerson{Name: "Imported Needed"})
	must(t, err)
	w.exec(`insert into notices (person_id, kind, text) values ($1, 'x', 'y')`, needed)
	_, err = w.PatchPerson(w.ctx, people.Operator, id, 0, people.PersonPatch{RoleFamily: ptr("SDR")})
	must(t, err)
	for _, c := range []*people.Change{created, made} {
		left, err := w.Undo(w.ctx, w.q, *c)
		must(t, err)
		if left == "" {
			t.Errorf("%+v was undone", c)
		}
	}

	// A manager that was replaced comes back; one chosen since stays.
	old, fresh, later, rep := w.person("Old", people.Manager), w.person("Fresh", people.Manager), w.person("Later", people.Manager), w.person("Rep")
	w.manages(old, rep)
	c, err := w.SetManager(w.ctx, w.q, rep.ID, fresh.ID)
	must(t, err)
	left, err := w.Undo(w.ctx, w.q, *c)
	must(t, err)
	got, err := w.Person(w.ctx, people.Operator, rep.ID)
	must(t, err)
	if left != "" || got.ManagerName != "Old" {
		t.Errorf("%q; manager is %s, want Old", left, got.ManagerName)
	}
	c, err = w.SetManager(w.ctx, w.q, rep.ID, fresh.ID)
	must(t, err)
	w.manages(later, rep)
	left, err = w.Undo(w.ctx, w.q, *c)
	must(t, err)
	got, err = w.Person(w.ctx, people.Operator, rep.ID)
	must(t, err)
	if left == "" || got.ManagerName != "Later" {
		t.Errorf("%q; manager is %s, want Later", left, got.ManagerName)
	}
}
