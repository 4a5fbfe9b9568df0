package coaching_test

import (
	"context"
	"testing"
	"time"

	"pitchside/coaching"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/skills"
)

// A room is Dana, coached by Ana and managed by Mo, and Eve, who has nothing to
// do with her, with a clock that the test sets.
type room struct {
	*coaching.Service
	t                         *testing.T
	ctx                       context.Context
	db                        pg.DB
	clock                     *time.Time
	dana, ana, mo, eve, admin people.Actor
}

func newRoom(t *testing.T) room {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	r := room{t: t, ctx: context.Background(), db: pgtest.Tx(t), clock: &now}
	clock := func() time.Time { return *r.clock }
	library := &content.Service{DB: r.db, Now: clock}
	if err := library.EnsureBuiltIn(r.ctx); err != nil {
		t.Fatal(err)
	}
	r.Service = &coaching.Service{DB: r.db, Now: clock, Skills: &skills.Service{DB: r.db, Content: library, Now: clock}}
	desk := &people.Service{DB: r.db, Now: clock}
	add := func(name, email string, can ...people.Capability) people.Actor {
		p, err := desk.AddPerson(r.ctx, people.Operator, people.PersonPatch{Name: &name, Email: &email, Capabilities: &can}, "page")
		if err != nil {
			t.Fatal(err)
		}
		return people.Actor{ID: p.ID, Name: name, TimeZone: "UTC", Capabilities: can}
	}
	r.dana = add("Dana Okafor", "dana@coaching.example", people.Rep)
	r.ana = add("Ana Ruiz", "ana@coaching.example", people.Coach)
	r.mo = add("Mo Berg", "mo@coaching.example", people.Manager)
	r.eve = add("Eve Stone", "eve@coaching.example", people.Coach, people.Manager)
	r.admin = add("Ada Minh", "ada@coaching.example", people.Admin)
	if _, err := desk.SetCoaching(r.ctx, people.Operator, r.dana.ID, r.ana.ID, time.Time{}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.PatchPerson(r.ctx, people.Operator, r.dana.ID, 0, people.PersonPatch{ManagerID: &r.mo.ID}); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r room) later(d time.Duration) { *r.clock = r.clock.Add(d) }

// plan makes a 1:1 of Ana and Dana some days from the clock's now.
func (r room) plan(days int) int64 {
	r.t.Helper()
	id, err := r.Plan(r.ctx, r.ana, coaching.SessionPlan{Kind: "1:1", RepIDs: []int64{r.dana.ID}, At: r.clock.AddDate(0, 0, days)})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// promise has Dana promise something in a session.
func (r room) promise(session int64, what string) int64 {
	r.t.Helper()
	id, err := r.Commit(r.ctx, r.ana, session, coaching.Promise{OwnerID: r.dana.ID, Behaviour: what, Due: r.clock.AddDate(0, 0, 7), Evidence: "Two recorded calls", Skill: "question"})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r room) wants(err error, kind fault.Kind) {
	r.t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		r.t.Errorf("got %v of kind %v, want kind %v", err, fault.KindOf(err), kind)
	}
}

func (r room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func skillReport(personID int64, raw float64, at time.Time) skills.Report {
	return skills.Report{PersonID: personID, Skill: "question", Source: skills.FromCoach, At: &at, Raw: &raw, Note: "Pitched before asking."}
}
