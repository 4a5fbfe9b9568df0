package people_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
)

// A world is a company in a rolled-back transaction.
type world struct {
	*people.Service
	t     *testing.T
	ctx   context.Context
	q     pg.DB
	clock time.Time
}

var serial atomic.Int64

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), q: pgtest.Tx(t), clock: time.Now().UTC().Truncate(time.Second)}
	w.Service = &people.Service{DB: w.q, Now: func() time.Time { return w.clock }}
	return w
}

// email returns an address that no other test uses.
func email(name string) string {
	return fmt.Sprintf("%s.%d@fernhill.example", strings.ToLower(name), serial.Add(1))
}

// person adds somebody with these capabilities.
func (w *world) person(name string, caps ...people.Capability) people.Person {
	w.t.Helper()
	if len(caps) == 0 {
		caps = []people.Capability{people.Rep}
	}
	p, err := w.AddPerson(w.ctx, people.Operator, people.PersonPatch{Name: &name, Email: ptr(email(strings.Fields(name)[0])), Capabilities: &caps}, "page")
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func actor(p people.Person) people.Actor {
	return people.Actor{ID: p.ID, Name: p.Name, Email: p.Email, Capabilities: p.Capabilities}
}

func (w *world) manages(boss, p people.Person) {
	w.t.Helper()
	if _, err := w.PatchPerson(w.ctx, people.Operator, p.ID, 0, people.PersonPatch{ManagerID: &boss.ID}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.q.Exec(w.ctx, sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func ptr[T any](v T) *T { return &v }

func wantKind(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	if fault.KindOf(err) != kind || err == nil {
		t.Fatalf("error is %v of kind %d, want kind %d", err, fault.KindOf(err), kind)
	}
	if field != "" && fault.FieldsOf(err)[field] == "" {
		t.Fatalf("fields of %v are %v, want one about %s", err, fault.FieldsOf(err), field)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// join gives a person a password by way of an invitation, and returns the
// token of the session that it begins.
func (w *world) join(p people.Person, password string) string {
	w.t.Helper()
	link, err := w.Invite(w.ctx, people.Operator, p.ID)
	must(w.t, err)
	session, err := w.Accept(w.ctx, link, people.Joining{Password: password, UserAgent: "test"})
	must(w.t, err)
	return session
}
