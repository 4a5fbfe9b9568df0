package coaching_test

import (
	"testing"

	"pitchside/coaching"
)

func TestHeldAreClosedSessionsWithATemplate(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id, err := r.Plan(r.ctx, r.ana, coaching.SessionPlan{Kind: "1:1", RepIDs: []int64{r.dana.ID}, At: *r.clock, Template: "k1-grow"})
	r.must(err)
	if got, err := r.Held(r.ctx, []int64{r.dana.ID}); err != nil || len(got) != 0 {
		t.Errorf("before it is closed: %+v, %v", got, err)
	}
	r.must(r.Close(r.ctx, r.ana, id))
	got, err := r.Held(r.ctx, []int64{r.dana.ID, r.ana.ID})
	r.must(err)
	if len(got) != 1 || got[0].PersonID != r.dana.ID || got[0].Template == "" || !got[0].At.Equal(*r.clock) {
		t.Errorf("held = %+v", got)
	}
}

func TestAppointmentsOfCoachAndRep(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.plan(1)
	for who, want := range map[int64]string{r.dana.ID: "1:1 with " + r.ana.Name, r.ana.ID: "1:1 with " + r.dana.Name} {
		got, err := r.Appointments(r.ctx, who, *r.clock)
		r.must(err)
		if len(got) != 1 || got[0].Title != want {
			t.Errorf("the calendar has %+v, want %q", got, want)
		}
	}
}
