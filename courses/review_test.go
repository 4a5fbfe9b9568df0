package courses_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"

	"github.com/google/go-cmp/cmp"
)

// manyCards gives the course seven cards, so that five a day is a limit.
func manyCards(h *house) {
	var b strings.Builder
	for i := range 7 {
		fmt.Fprintf(&b, "- {id: c%d, front: \"%d?\", back: \"%d\", skill: question}\n", i, i, i)
	}
	h.publish(fstest.MapFS{"courses/asking/cards.yaml": {Data: []byte(b.String())}})
	_, err := h.Enrol(h.ctx, h.dana, h.dana.ID, "asking")
	h.must(err)
}

func (h *house) queue() courses.Queue {
	h.t.Helper()
	q, err := h.Reviews(h.ctx, h.dana, h.dana.ID)
	h.must(err)
	return q
}

func (h *house) rate(card int64, r courses.Rating) courses.Reviewed {
	h.t.Helper()
	out, err := h.Review(h.ctx, h.dana, h.dana.ID, card, r, *h.clock)
	h.must(err)
	return out
}

func TestFiveCardsADayAndRepeatsBeforeNewOnes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	manyCards(h)
	if q := h.queue(); len(q.Today()) != 5 || len(q.Cards) != 7 {
		t.Fatalf("%d today of %d, want 5 of 7", len(q.Today()), len(q.Cards))
	}
	for range 5 {
		h.rate(h.queue().Cards[0].ID, courses.Again)
	}
	if q := h.queue(); len(q.Today()) != 0 || q.Done != 5 || len(q.Cards) != 2 {
		t.Fatalf("after five: %d today, %d done, %d due", len(q.Today()), q.Done, len(q.Cards))
	}
	*h.clock = h.clock.AddDate(0, 0, 1)
	q := h.queue()
	if len(q.Cards) != 7 || q.Cards[0].Reviewed == nil || q.Cards[4].Reviewed == nil || q.Cards[5].Reviewed != nil {
		t.Errorf("the next day: %+v, want five repeats before two new cards", q.Cards)
	}
}

func TestUndoRestoresTheCardExactly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	manyCards(h)
	state := func(card int64) (row string) {
		h.must(h.db.QueryRow(h.ctx, `select to_jsonb(c)::text from card_states c where id = $1`, card).Scan(&row))
		return row
	}
	_, err := h.UndoReview(h.ctx, h.dana, h.dana.ID)
	h.wants(fault.Conflict, err)
	card := h.queue().Cards[0].ID
	fresh := state(card)
	h.rate(card, courses.Good)
	if _, err = h.UndoReview(h.ctx, h.dana, h.dana.ID); err != nil || state(card) != fresh {
		t.Errorf("a first rating taken back: %v\n%s", err, cmp.Diff(fresh, state(card)))
	}
	first := h.rate(card, courses.Good)
	known := state(card)
	*h.clock = first.Due.Add(time.Hour)
	h.rate(card, courses.Again)
	for range 2 { // a double click
		if got, err := h.UndoReview(h.ctx, h.dana, h.dana.ID); err != nil || got != card || state(card) != known {
			t.Errorf("taken back: %d, %v\n%s", got, err, cmp.Diff(known, state(card)))
		}
	}
	if n := h.count(`select count(*) from card_reviews where undone_at is not null`); n != 2 {
		t.Errorf("%d ratings are marked as taken back, want 2 kept and marked", n)
	}
	if h.queue().Undo != nil {
		t.Error("a second step back is offered")
	}
	h.rate(card, courses.Hard)
	if u := h.queue().Undo; u == nil || u.Rating != courses.Hard {
		t.Errorf("after the new rating %+v is offered to be taken back", u)
	}
	_, err = h.UndoReview(h.ctx, h.ana, h.dana.ID)
	h.wants(fault.Forbidden, err)
	*h.clock = h.clock.AddDate(0, 0, 2)
	_, err = h.UndoReview(h.ctx, h.dana, h.dana.ID)
	h.wants(fault.Conflict, err)
}

func day(month time.Month, d int) *time.Time {
	t := time.Date(2026, month, d, 0, 0, 0, 0, time.UTC)
	return &t
}

func TestNothingFallsDueInAHoldAndNothingPilesUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	manyCards(h)
	var dues []time.Time
	for range 5 {
		dues = append(dues, h.rate(h.queue().Cards[0].ID, courses.Good).Due)
	}
	_, err := h.SetHold(h.ctx, h.dana, h.dana.ID, day(10, 15), day(10, 28)) // from tomorrow, two weeks
	h.must(err)
	*h.clock = time.Date(2026, 10, 21, 10, 0, 0, 0, time.UTC)
	if q := h.queue(); !q.Held || len(q.Cards) != 0 || len(q.Today()) != 0 || len(q.Later) != 7 {
		t.Fatalf("in the hold: held %v, %d due, %d later", q.Held, len(q.Cards), len(q.Later))
	}
	*h.clock = time.Date(2026, 10, 29, 10, 0, 0, 0, time.UTC)
	q := h.queue()
	if q.Held || q.Hold != nil || len(q.Cards) != 2 {
		t.Fatalf("the day after: held %v, %d due, want the two that waited before", q.Held, len(q.Cards))
	}
	if !q.Later[0].Due.Equal(dues[0].AddDate(0, 0, 14)) {
		t.Errorf("due %v, want 14 days after %v", q.Later[0].Due, dues[0])
	}
	last := h.rate(q.Cards[0].ID, courses.Good)
	if !last.Due.Equal(h.clock.AddDate(0, 0, last.IntervalDays)) {
		t.Errorf("a hold that is over moves %v", last.Due)
	}
}

func TestAHoldIsChangedEndedAndRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	manyCards(h)
	set := func(from, to *time.Time) error {
		_, err := h.SetHold(h.ctx, h.dana, h.dana.ID, from, to)
		return err
	}
	h.wants(fault.Invalid, set(day(10, 13), day(10, 20)))
	h.wants(fault.Invalid, set(day(10, 16), day(10, 15)))
	h.wants(fault.Invalid, set(day(10, 16), nil))
	h.wants(fault.Invalid, set(nil, day(10, 16)))
	tooLong := day(10, 16).AddDate(0, 0, 180)
	h.wants(fault.Invalid, set(day(10, 16), &tooLong))
	h.must(set(day(10, 14), day(10, 20)))
	*h.clock = time.Date(2026, 10, 16, 10, 0, 0, 0, time.UTC)
	h.must(set(day(10, 14), day(10, 25))) // longer, from the same day
	if n := h.count(`select count(*) from review_holds`); n != 1 {
		t.Errorf("%d holds, want the one that was made longer", n)
	}
	h.must(set(nil, nil))
	if n := h.count(`select count(*) from review_holds where from_day = '2026-10-14' and to_day = '2026-10-15'`); n != 1 {
		t.Error("the days that are over should stay held")
	}
	if q := h.queue(); q.Held || q.Hold != nil || len(q.Today()) != 5 {
		t.Errorf("after its end: held %v, %d today", q.Held, len(q.Today()))
	}
	if _, err := h.SetHold(h.ctx, h.ana, h.dana.ID, day(11, 2), day(11, 6)); err != nil || h.count(`select count(*) from notices where person_id = $1`, h.dana.ID) != 1 {
		t.Errorf("set by the coach: %v, and the person should be told", err)
	}
	_, err := h.SetHold(h.ctx, h.eve, h.dana.ID, day(11, 2), day(11, 6))
	h.wants(fault.NotFound, err)
}

func TestPricesComeBackSooner(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish(fstest.MapFS{"courses/asking/cards.yaml": {Data: []byte("- {id: one, front: \"One?\", back: Eins, skill: question}\n- {id: two, front: \"Two?\", back: Zwei, skill: knowledge}\n- {id: three, front: \"Three?\", back: \"3\", skill: question, tags: [pricing]}\n")}})
	_, err := h.Enrol(h.ctx, h.dana, h.dana.ID, "asking")
	h.must(err)
	days := map[string]int{}
	for _, c := range h.queue().Cards {
		days[c.Card] = h.rate(c.ID, courses.Good).IntervalDays
	}
	if days["two"] != days["three"] || days["two"] >= days["one"] {
		t.Errorf("intervals %v: want knowledge and prices alike, and sooner than a turn of phrase", days)
	}
}

// bring writes a history of one card, as a system that brings data over does.
func (h *house) bring(card int64, person int64, at time.Time, r courses.Rating) {
	h.t.Helper()
	_, err := h.Review(h.ctx, h.system, person, card, r, at)
	h.must(err)
}

func TestMeasuredRecallCountsAnswersByTheirDistance(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	manyCards(h)
	cards := h.queue().Cards
	start := h.clock.AddDate(0, 0, -200)
	for i, gaps := range [][]int{{30, 60, 90}, {20, 45}, {19, 41}, {40, 75, 76}} {
		at := start
		h.bring(cards[i].ID, h.dana.ID, at, courses.Good)
		for n, g := range gaps {
			at = at.AddDate(0, 0, g)
			r := courses.Hard
			if i == 0 && n == 1 {
				r = courses.Again // wrong after 60 days; what follows does not count
			}
			h.bring(cards[i].ID, h.dana.ID, at, r)
		}
	}
	got, err := h.PersonRecall(h.ctx, h.mo, h.dana.ID)
	h.must(err)
	for i, want := range [][2]int{{3, 3}, {3, 2}, {1, 1}} {
		if got[i].N != want[0] || got[i].Right != want[1] || got[i].State != "counts_only" || got[i].Share != nil || got[i].Low != nil {
			t.Errorf("after %d days: %+v, want %d of %d as counts", got[i].Days, got[i], want[1], want[0])
		}
	}
	_, err = h.PersonRecall(h.ctx, h.eve, h.dana.ID)
	h.wants(fault.NotFound, err)
	team, err := h.TeamRecall(h.ctx, h.mo)
	h.must(err)
	for _, r := range team {
		if r.State != "hidden" || r.N != 0 || r.Right != 0 || r.Newest != nil {
			t.Errorf("of one person the team shows %+v", r)
		}
	}
}

func TestMeasuredRecallOfATeamAndItsRules(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	manyCards(h)
	people := []int64{h.dana.ID}
	for i := range 4 {
		p := h.person(fmt.Sprintf("Rep%d", i))
		h.exec(`insert into managements (manager_id, person_id, valid_from) values ($1, $2, '2026-01-01')`, h.mo.ID, p.ID)
		people = append(people, p.ID)
	}
	for _, p := range people {
		_, err := h.Enrol(h.ctx, h.system, p, "asking")
		h.must(err)
		q, err := h.Reviews(h.ctx, h.system, p)
		h.must(err)
		for i, c := range q.Cards[:6] {
			h.bring(c.ID, p, h.clock.AddDate(0, 0, -60), courses.Good)
			r := courses.Good
			if i == 0 {
				r = courses.Again
			}
			h.bring(c.ID, p, h.clock.AddDate(0, 0, -30), r)
		}
	}
	got, err := h.TeamRecall(h.ctx, h.mo)
	h.must(err)
	if r := got[0]; r.State != "range_only" || r.N != 30 || r.Right != 25 || r.People != 5 || r.Share != nil || *r.Low < 0.66 || *r.Low > 0.67 || *r.High < 0.92 || *r.High > 0.93 {
		t.Errorf("30 answers of five people: %+v, want a range of 66 to 93 %%", r)
	}
	q := h.queue()
	if e := q.Estimate(); !e.Known() || e.Of != 6 || e.Likely < 3 || e.Likely > 6 {
		t.Errorf("the estimate is %+v", e)
	}
}
