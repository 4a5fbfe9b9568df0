package courses_test

import (
	"testing"
	"testing/fstest"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
)

func TestWhoSeesHowFarSomebodyIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.finishFirst()
	for _, by := range []struct {
		name string
		see  func() ([]courses.Place, error)
		ok   bool
	}{
		{"the rep", func() ([]courses.Place, error) { return h.Progress(h.ctx, h.dana, h.dana.ID) }, true},
		{"their coach", func() ([]courses.Place, error) { return h.Progress(h.ctx, h.ana, h.dana.ID) }, true},
		{"their manager", func() ([]courses.Place, error) { return h.Progress(h.ctx, h.mo, h.dana.ID) }, true},
		{"a system", func() ([]courses.Place, error) { return h.Progress(h.ctx, h.system, h.dana.ID) }, true},
		{"somebody else", func() ([]courses.Place, error) { return h.Progress(h.ctx, h.eve, h.dana.ID) }, false},
		{"an author", func() ([]courses.Place, error) { return h.Progress(h.ctx, h.author, h.dana.ID) }, false},
	} {
		got, err := by.see()
		if by.ok && (err != nil || len(got) != 1 || got[0].Done() != 1) {
			t.Errorf("%s sees %+v, %v; want one course with one lesson done", by.name, got, err)
		}
		if !by.ok && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v, want NotFound", by.name, err)
		}
	}
}

func TestLearnersAreThoseTheActorLeads(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.finishFirst()
	got, err := h.Learners(h.ctx, h.mo, "asking")
	h.must(err)
	if len(got) != 1 || got[0].Name != "Dana" || got[0].LessonsDone != 1 || got[0].StartedAt == nil || got[0].CompletedAt != nil {
		t.Errorf("learners %+v", got)
	}
	if got, err = h.Learners(h.ctx, h.eve, "asking"); err != nil || len(got) != 0 {
		t.Errorf("Eve leads nobody, and sees %+v, %v", got, err)
	}
}

func TestEnrolling(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 2 {
		e, err := h.Enrol(h.ctx, h.mo, h.dana.ID, "asking")
		h.must(err)
		if e.PersonID != h.dana.ID || e.CompletedAt != nil {
			t.Errorf("enrolled %+v", e)
		}
	}
	if n := h.count(`select count(*) from audit_log where act = 'enrol'`); n != 1 {
		t.Errorf("%d lines in the audit log, want 1", n)
	}
	_, err := h.Enrol(h.ctx, h.eve, h.dana.ID, "asking")
	h.wants(fault.NotFound, err)
	_, err = h.Enrol(h.ctx, h.dana, h.dana.ID, "none")
	h.wants(fault.NotFound, err)
	_, err = h.Enrol(h.ctx, h.system, 999_999, "asking")
	h.wants(fault.NotFound, err)
	p, err := h.Place(h.ctx, h.dana, "asking")
	h.must(err)
	if p.State() != courses.Begun || p.Next().Slug != "first" || p.MinutesLeft() != 9 {
		t.Errorf("state %s, next %+v, %d minutes left", p.State(), p.Next(), p.MinutesLeft())
	}
}

func TestReviewAsksFiveCardsOnAWorkday(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	q, err := h.Reviews(h.ctx, h.dana, h.dana.ID)
	h.must(err)
	if len(q.Cards) != 0 {
		t.Fatalf("cards %+v of no course begun", q.Cards)
	}
	_, err = h.Enrol(h.ctx, h.dana, h.dana.ID, "asking")
	h.must(err)
	q, err = h.Reviews(h.ctx, h.dana, h.dana.ID)
	h.must(err)
	if len(q.Today()) != 2 || q.Cards[0].Front == "" {
		t.Fatalf("cards %+v, want the two of the course", q.Cards)
	}
	card := q.Cards[0].ID
	r, err := h.Review(h.ctx, h.dana, h.dana.ID, card, courses.Good, *h.clock)
	h.must(err)
	if r.IntervalDays < 1 || !r.Due.Equal(h.clock.AddDate(0, 0, r.IntervalDays)) {
		t.Errorf("reviewed %+v", r)
	}
	if q, err = h.Reviews(h.ctx, h.dana, h.dana.ID); err != nil || len(q.Cards) != 1 || q.Next == nil || !q.Next.Equal(r.Due) {
		t.Errorf("after one review: %+v, %v", q, err)
	}
	again, err := h.Review(h.ctx, h.dana, h.dana.ID, card, courses.Good, h.clock.Add(time.Second))
	h.must(err)
	var times int
	h.must(h.DB.QueryRow(h.ctx, `select count(*) from card_reviews where card_state_id = $1`, card).Scan(&times))
	if times != 1 || !again.Due.Equal(r.Due) || again.IntervalDays != r.IntervalDays || again.Stability != r.Stability {
		t.Errorf("a button pressed twice counts %d times: %+v, then %+v", times, r, again)
	}
	*h.clock = time.Date(2026, 10, 17, 10, 0, 0, 0, time.UTC)
	if q, err = h.Reviews(h.ctx, h.dana, h.dana.ID); err != nil || len(q.Cards) == 0 || len(q.Today()) != 0 {
		t.Errorf("on a Saturday: %+v, %v; want cards that wait", q, err)
	}
	_, err = h.Review(h.ctx, h.dana, h.dana.ID, card, courses.Good, h.clock.AddDate(0, 0, -9))
	h.wants(fault.Invalid, err)
	_, err = h.Review(h.ctx, h.dana, h.dana.ID, card, "easy", *h.clock)
	h.wants(fault.Invalid, err)
	_, err = h.Review(h.ctx, h.eve, h.eve.ID, card, courses.Good, *h.clock)
	h.wants(fault.NotFound, err)
	_, err = h.Review(h.ctx, h.ana, h.dana.ID, card, courses.Good, *h.clock)
	h.wants(fault.Forbidden, err)
}

func TestAnEditedCardStartsAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Enrol(h.ctx, h.dana, h.dana.ID, "asking")
	h.must(err)
	q, err := h.Reviews(h.ctx, h.dana, h.dana.ID)
	h.must(err)
	for _, c := range q.Cards {
		_, err = h.Review(h.ctx, h.dana, h.dana.ID, c.ID, courses.Good, *h.clock)
		h.must(err)
	}
	h.publish(fstest.MapFS{"courses/asking/cards.yaml": {Data: []byte("- {id: one, front: \"One?\", back: Un, skill: question}\n- {id: two, front: \"Two?\", back: Zwei, skill: knowledge}\n")}})
	q, err = h.Reviews(h.ctx, h.dana, h.dana.ID)
	h.must(err)
	if len(q.Cards) != 1 || q.Cards[0].Card != "one" || q.Cards[0].Reviewed != nil || q.Cards[0].Back != "Un" {
		t.Errorf("due after the edit: %+v, want the edited card alone, as new", q.Cards)
	}
}
