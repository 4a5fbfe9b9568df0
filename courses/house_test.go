package courses_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A house is a company of a few people with a course of two lessons: Dana, whom
// Ana coaches and Mo manages, and Eve, who leads nobody here.
type house struct {
	*courses.Service
	t                          *testing.T
	ctx                        context.Context
	db                         *pgxpool.Pool
	clock                      *time.Time
	dana, ana, mo, eve, system people.Actor
	author                     people.Actor
}

const level5 = "levels: [one, two, three, four, five]"

var library = fstest.MapFS{
	"skills.yaml":              {Data: []byte("groups:\n  - name: Discover\n    skills:\n      - {slug: question, name: Questioning, " + level5 + "}\n      - {slug: knowledge, name: Knowledge, kind: knowledge, " + level5 + "}\n")},
	"courses/asking/course.md": {Data: []byte("---\ntitle: Asking\nsummary: How to ask.\nminutes: 9\nskills: [question]\nattribution: Our own words.\n---\n\nAbout asking.\n")},
	"courses/asking/01-first.md": {Data: []byte(`---
title: First
minutes: 4
skills: [question]
---

Ask about one day.

### Which one asks about a day? {#q-day skill=question points=1}
- ( ) How are things?
  > Too wide.
- (x) What happened on Friday?
  > It has a day in it.
? Look for a day.
! A day can be remembered.

## Then

### Four and three? {#q-sum points=1}
[[= 7 +- 0]]
! Four and three make seven.
`)},
	"courses/asking/02-second.md": {Data: []byte("---\ntitle: Second\nminutes: 5\n---\n\nNothing is asked here.\n")},
	"courses/asking/quiz.md": {Data: []byte(`---
pass: 50
attempts: 1
---

### Yes? {#q-yes skill=question points=1}
- (x) Yes
  > Right.
- ( ) No
  > No.
! Yes.
`)},
	"courses/asking/cards.yaml": {Data: []byte("- {id: one, front: \"One?\", back: Eins, skill: question}\n- {id: two, front: \"Two?\", back: Zwei, skill: knowledge}\n")},
	"courses/plain/course.md":   {Data: []byte("---\ntitle: Plain\nattribution: Our own words.\n---\n\nNo quiz here.\n")},
	"courses/plain/01-only.md":  {Data: []byte("---\ntitle: Only\n---\n\nOne page.\n")},
}

func newHouse(t *testing.T) *house {
	t.Helper()
	now := time.Date(2026, 10, 14, 10, 0, 0, 0, time.UTC) // a Wednesday
	h := &house{t: t, ctx: context.Background(), db: pgtest.New(t), clock: &now}
	clock := func() time.Time { return *h.clock }
	h.Service = &courses.Service{DB: h.db, Content: &content.Service{DB: h.db, Now: clock}, Now: clock}
	h.dana = h.person("Dana", people.Rep)
	h.ana = h.person("Ana", people.Coach)
	h.mo = h.person("Mo", people.Manager)
	h.eve = h.person("Eve", people.Coach, people.Manager, people.Rep)
	h.author = h.person("Ina", people.Author)
	h.system = h.person("Ada", people.Admin)
	h.system.Token = true
	h.exec(`insert into coachings (coach_id, person_id, valid_from) values ($1, $2, '2026-01-01')`, h.ana.ID, h.dana.ID)
	h.exec(`insert into managements (manager_id, person_id, valid_from) values ($1, $2, '2026-01-01')`, h.mo.ID, h.dana.ID)
	h.publish(library)
	return h
}

func (h *house) publish(files fstest.MapFS) {
	h.t.Helper()
	got, err := h.Content.Import(h.ctx, h.author, files, true)
	h.must(err)
	if content.Failed(got.Problems) {
		h.t.Fatalf("the fixture does not lint: %+v", got.Problems)
	}
}

func (h *house) person(name string, can ...people.Capability) people.Actor {
	h.t.Helper()
	words := make([]string, len(can))
	for i, c := range can {
		words[i] = string(c)
	}
	var id int64
	h.must(h.db.QueryRow(h.ctx, `insert into persons (name, email, capabilities) values ($1, lower($1) || '@example.com', $2) returning id`, name, words).Scan(&id))
	return people.Actor{ID: id, Name: name, TimeZone: "UTC", Capabilities: can}
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	_, err := h.db.Exec(h.ctx, sql, args...)
	h.must(err)
}

func (h *house) count(sql string, args ...any) int {
	h.t.Helper()
	var n int
	h.must(h.db.QueryRow(h.ctx, sql, args...).Scan(&n))
	return n
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// wants fails the test unless err is a fault of the kind.
func (h *house) wants(kind fault.Kind, err error) {
	h.t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		h.t.Fatalf("error %v, want a fault of kind %d", err, kind)
	}
}

// right returns the answer to the first check that is right, or wrong.
func (h *house) choice(right bool) json.RawMessage {
	h.t.Helper()
	doc, err := h.Content.Published(h.ctx, content.KindLesson, "asking.first")
	h.must(err)
	for _, o := range doc.Question("q-day").Options {
		if o.Correct == right {
			return json.RawMessage(`"` + o.ID + `"`)
		}
	}
	h.t.Fatal("no such option")
	return nil
}

// finishFirst answers both checks of the first lesson and ends it.
func (h *house) finishFirst() {
	h.t.Helper()
	_, err := h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-day", h.choice(true))
	h.must(err)
	_, err = h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-sum", json.RawMessage(`7`))
	h.must(err)
	_, err = h.Finish(h.ctx, h.dana, h.dana.ID, "asking", "first")
	h.must(err)
}

// freshLibrary is the content room as another process has it: nothing read yet.
func freshLibrary(h *house) *content.Service {
	return &content.Service{DB: h.db, Now: func() time.Time { return *h.clock }}
}
