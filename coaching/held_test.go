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
