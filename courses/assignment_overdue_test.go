package courses_test

import (
	"testing"

	"pitchside/courses"
	"pitchside/internal/fault"
)

func TestWhatIsOverdueIsSeenAndNudgedOnceADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, err := h.Assign(h.ctx, h.mo, courses.Plan{PersonID: h.dana.ID, Kind: courses.ToLesson, Ref: "asking.first", Reason: "Before Friday’s call.", Due: h.clock.AddDate(0, 0, 2)})
	h.must(err)
	if h.told(h.dana, "assigned") != 1 {
		t.Error("who is asked to do something is not told")
	}
	_, err = h.Nudge(h.ctx, h.mo, a.ID)
	h.wants(fault.Conflict, err)
	*h.clock = h.clock.AddDate(0, 0, 5)
	late, n, err := h.TeamOverdue(h.ctx, h.mo, 5)
	h.must(err)
	if n != 1 || len(late) != 1 || late[0].Days != 3 || late[0].Nudged || late[0].Person != "Dana" {
		t.Errorf("overdue %+v, %d", late, n)
	}
	for range 2 { // the second is a double click, and a coach may have been first
		_, err = h.Nudge(h.ctx, h.mo, a.ID)
		h.must(err)
		_, err = h.Nudge(h.ctx, h.ana, a.ID)
		h.must(err)
	}
	if late, _, err := h.TeamOverdue(h.ctx, h.mo, 5); err != nil || h.told(h.dana, "assignment_overdue") != 1 || !late[0].Nudged {
		t.Errorf("nudged %d times, %v", h.told(h.dana, "assignment_overdue"), err)
	}
	*h.clock = h.clock.AddDate(0, 0, 1)
	_, err = h.Nudge(h.ctx, h.mo, a.ID)
	h.must(err)
	if h.told(h.dana, "assignment_overdue") != 2 {
		t.Error("the next day brings no reminder")
	}
	_, err = h.Nudge(h.ctx, h.eve, a.ID)
	h.wants(fault.NotFound, err)
	_, err = h.Nudge(h.ctx, h.dana, a.ID)
	h.wants(fault.NotFound, err)
	h.finishFirst()
	if late, n, err := h.TeamOverdue(h.ctx, h.mo, 5); err != nil || n != 0 || len(late) != 0 {
		t.Errorf("what is done is overdue still: %+v, %v", late, err)
	}
	_, err = h.Nudge(h.ctx, h.mo, a.ID)
	h.wants(fault.Conflict, err)
}
