package assessments_test

import (
	"context"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
)

const scenario = "spi1-packaging-stoppages"

// A stage is a company of a few people with the built-in library: Dana, whom
// Ana and Ben coach and Mo manages, and some who have nothing to do with her.
type stage struct {
	*assessments.Service
	t                                            *testing.T
	db                                           pg.DB
	ctx                                          context.Context
	clock                                        *time.Time
	dana, ana, ben, mo, admin, system, elsewhere people.Actor
}

func newStage(t *testing.T) stage { return stageOn(t, pgtest.Tx(t)) }

func stageOn(t *testing.T, db pg.DB) stage {
	t.Helper()
	now := time.Date(2026, 10, 14, 10, 0, 0, 0, time.UTC)
	s := stage{t: t, db: db, ctx: context.Background(), clock: &now}
	clock := func() time.Time { return *s.clock }
	library := &content.Service{DB: db, Now: clock}
	if err := library.EnsureBuiltIn(s.ctx); err != nil {
		t.Fatal(err)
	}
	s.Service = &assessments.Service{DB: db, Content: library, Now: clock}
	s.dana = s.person("Dana Okafor", people.Rep)
	s.ana = s.person("Ana Ruiz", people.Coach, people.Rep)
	s.ben = s.person("Ben Ito", people.Coach)
	s.mo = s.person("Mo Berg", people.Manager)
	s.admin = s.person("Ada Minh", people.Admin)
	s.system = s.admin
	s.system.Token, s.system.Scopes = true, []string{"all"}
	s.elsewhere = s.person("Eve Stone", people.Coach, people.Manager, people.Rep)
	for _, coach := range []people.Actor{s.ana, s.ben} {
		s.exec(`insert into coachings (coach_id, person_id, valid_from) values ($1, $2, '2026-01-01')`, coach.ID, s.dana.ID)
	}
	s.exec(`insert into managements (manager_id, person_id, valid_from) values ($1, $2, '2026-01-01')`, s.mo.ID, s.dana.ID)
	return s
}

func (s stage) person(name string, can ...people.Capability) people.Actor {
	s.t.Helper()
	words := make([]string, len(can))
	for i, c := range can {
		words[i] = string(c)
	}
	var id int64
	if err := s.db.QueryRow(s.ctx, `insert into persons (name, email, capabilities) values ($1, lower(replace($1, ' ', '.')) || '@example.com', $2) returning id`,
		name, words).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return people.Actor{ID: id, Name: name, Capabilities: can}
}

func (s stage) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.db.Exec(s.ctx, sql, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s stage) count(sql string, args ...any) int {
	s.t.Helper()
	var n int
	if err := s.db.QueryRow(s.ctx, sql, args...).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s stage) later(d time.Duration) { *s.clock = s.clock.Add(d) }

func (s stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// call is a short conversation with times.
func call() []assessments.Turn {
	ms := func(n int) *int { return &n }
	return []assessments.Turn{
		{Speaker: assessments.Buyer, StartMS: ms(0), EndMS: ms(3000), Text: "You’ve got ten minutes."},
		{Speaker: assessments.Rep, StartMS: ms(3500), EndMS: ms(8000), Text: "What gives you trouble on a bad week?"},
		{Speaker: assessments.Buyer, StartMS: ms(9000), EndMS: ms(12000), Text: "Line three stops."},
		{Speaker: assessments.Rep, StartMS: ms(12500), EndMS: ms(15000), Text: "And what does that stop lead to?"},
	}
}

// pasted starts an attempt of Dana's from a transcript.
func (s stage) pasted() assessments.Attempt {
	s.t.Helper()
	a, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormTranscript)
	s.must(err)
	_, err = s.SaveTranscript(s.ctx, s.dana, a.ID, call(), nil)
	s.must(err)
	return a
}

// submitted is pasted and handed in.
func (s stage) submitted() int64 {
	s.t.Helper()
	a := s.pasted()
	s.must(s.Submit(s.ctx, s.dana, a.ID))
	return a.ID
}

// levels makes scores of the SPI rubric in its order: 1 to 5, or 0 for not
// observed, each with a quote.
func levels(list ...int) []assessments.Score {
	var out []assessments.Score
	for i, id := range []string{"situation_economy", "problem", "implication", "need_payoff", "presentation", "commitment"} {
		if i >= len(list) {
			break
		}
		one := assessments.Score{Criterion: id, NotObserved: list[i] == 0}
		if l := list[i]; l > 0 {
			one.Level, one.Quote = &l, "What gives you trouble on a bad week?"
		}
		out = append(out, one)
	}
	return out
}

// released is submitted, scored by a coach and released.
func (s stage) released(coach people.Actor, list ...int) int64 {
	s.t.Helper()
	id := s.submitted()
	s.release(coach, id, list...)
	return id
}

func (s stage) release(coach people.Actor, id int64, list ...int) {
	s.t.Helper()
	_, _, err := s.SaveSheet(s.ctx, coach, id, coach.ID, assessments.SheetInput{Scores: levels(list...), Keep: "The silence.", TryNext: "One more question."}, nil)
	s.must(err)
	_, err = s.Release(s.ctx, coach, id, coach.ID)
	s.must(err)
}
