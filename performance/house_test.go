package performance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pitchside/internal/blob"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/performance"
)

// today is the clock of the tests.
var today = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)

// A house is a company of its own in a transaction that is rolled back.
type house struct {
	t   *testing.T
	db  pg.DB
	s   *performance.Service
	who *people.Service
}

func newHouse(t *testing.T, db pg.DB) *house {
	t.Helper()
	store, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	who := &people.Service{DB: db, Now: func() time.Time { return today }}
	return &house{t: t, db: db, who: who, s: &performance.Service{DB: db, People: who, Blobs: store, Now: func() time.Time { return today }}}
}

// person adds somebody and returns them as an actor.
func (h *house) person(name string, can ...people.Capability) people.Actor {
	h.t.Helper()
	if len(can) == 0 {
		can = []people.Capability{people.Rep}
	}
	a := people.Actor{Name: name, Capabilities: can}
	if err := h.db.QueryRow(context.Background(), `insert into persons (name, source, capabilities) values ($1, 'import', $2) returning id`, name, can).Scan(&a.ID); err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Exec(context.Background(), sql, args...); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) count(sql string, args ...any) (n int) {
	h.t.Helper()
	if err := h.db.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// upload brings a file as far as its mapping.
func (h *house) upload(by people.Actor, kind performance.Kind, file string) performance.Import {
	h.t.Helper()
	i, err := h.s.Upload(context.Background(), by, performance.Upload{Kind: kind, Filename: "export.csv", File: strings.NewReader(file)})
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

// preview brings a file as far as its preview, read as it was guessed.
func (h *house) preview(by people.Actor, kind performance.Kind, file string) performance.Import {
	h.t.Helper()
	i := h.upload(by, kind, file)
	i, err := h.s.Read(context.Background(), by, i.ID, performance.Reading{Mapping: i.Mapping})
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

// bring imports a file whole.
func (h *house) bring(by people.Actor, kind performance.Kind, file string) performance.Import {
	h.t.Helper()
	i := h.preview(by, kind, file)
	i, err := h.s.Confirm(context.Background(), by, i.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	if i.State != performance.Imported {
		h.t.Fatalf("import is %s: %s", i.State, i.Failure)
	}
	return i
}

// errorsOf lists what is wrong with the rows, as "row column: cause".
func (h *house) errorsOf(by people.Actor, id int64) []string {
	h.t.Helper()
	errs, _, err := h.s.RowErrors(context.Background(), by, id, 100, "")
	if err != nil {
		h.t.Fatal(err)
	}
	out := []string{}
	for _, e := range errs {
		out = append(out, fmt.Sprintf("%d %s: %s", e.Row, e.Column, e.Cause))
	}
	return out
}

// counts is what an import does, in one line.
func counts(i performance.Import) string {
	return fmt.Sprintf("%s: %d new, %d changed, %d same, %d wrong", i.State, i.ToCreate, i.ToUpdate, i.Unchanged, i.Errors)
}
