package coaching_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pitchside/coaching"
	"pitchside/internal/fault"
	"pitchside/people"
)

func TestTheNextSessionOpensOnWhatWasPromised(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	first := r.plan(0)
	kept, dropped := r.promise(first, "Ask one effect in every call"), r.promise(first, "Write three effects into each plan")
	r.must(r.Close(r.ctx, r.ana, first))
	r.must(r.Close(r.ctx, r.ana, first)) // a second click

	r.later(14 * 24 * time.Hour)
	next := r.plan(0)
	session, err := r.Session(r.ctx, r.ana, next)
	r.must(err)
	carried, err := r.Carried(r.ctx, session)
	r.must(err)
	if len(carried) != 2 || carried[0].ID != kept || carried[1].ID != dropped {
		t.Fatalf("carried = %+v, want the two promises of the first session", carried)
	}
	err = r.Close(r.ctx, r.ana, next)
	r.wants(err, fault.Conflict)
	if err != nil && !strings.Contains(err.Error(), "Ask one effect in every call") {
		t.Errorf("the refusal names no promise: %v", err)
	}
	r.wants(r.Settle(r.ctx, r.ana, kept, coaching.Settlement{Outcome: "kept"}), fault.Invalid) // kept needs what showed it
	r.wants(r.Settle(r.ctx, r.ana, dropped, coaching.Settlement{Outcome: "dropped"}), fault.Invalid)
	r.must(r.Settle(r.ctx, r.dana, kept, coaching.Settlement{Outcome: "kept", Reason: "Heard it on Tuesday"}))
	r.wants(r.Close(r.ctx, r.ana, next), fault.Conflict)
	r.must(r.Settle(r.ctx, r.ana, dropped, coaching.Settlement{Outcome: "dropped", Reason: "The deal is lost"}))
	r.must(r.Close(r.ctx, r.ana, next))

	r.later(14 * 24 * time.Hour)
	third, err := r.Session(r.ctx, r.ana, r.plan(0))
	r.must(err)
	if carried, err := r.Carried(r.ctx, third); err != nil || len(carried) != 0 {
		t.Errorf("the third session carries %+v, %v; want nothing", carried, err)
	}
	report, err := r.CommitmentReport(r.ctx, r.ana, r.clock.AddDate(0, -2, 0), *r.clock)
	r.must(err)
	if len(report) != 1 || report[0].Due != 2 || report[0].Kept != 1 || report[0].Dropped != 1 {
		t.Errorf("report = %+v, want 1 kept of 2 due", report)
	}
}

func TestAtMostThreeCommitments(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id := r.plan(0)
	first := r.promise(id, "One")
	if again := r.promise(id, "One"); again != first {
		t.Errorf("a second click made another commitment, %d beside %d", again, first)
	}
	r.promise(id, "Two")
	r.promise(id, "Three")
	_, err := r.Commit(r.ctx, r.ana, id, coaching.Promise{OwnerID: r.dana.ID, Behaviour: "Four", Due: *r.clock, Evidence: "x"})
	r.wants(err, fault.Conflict)
	for name, p := range map[string]coaching.Promise{
		"behaviour": {OwnerID: r.dana.ID, Due: *r.clock, Evidence: "x"},
		"evidence":  {OwnerID: r.dana.ID, Behaviour: "x", Due: *r.clock},
		"due":       {OwnerID: r.dana.ID, Behaviour: "x", Evidence: "x", Due: r.clock.AddDate(0, 0, -2)},
	} {
		_, err := r.Commit(r.ctx, r.ana, id, p)
		if fault.FieldsOf(err)[name] == "" {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestPlanTwiceIsOneSession(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if a, b := r.plan(3), r.plan(3); a != b {
		t.Errorf("two clicks planned %d and %d", a, b)
	}
	_, err := r.Plan(r.ctx, r.eve, coaching.SessionPlan{Kind: "1:1", RepIDs: []int64{r.dana.ID}, At: *r.clock})
	r.wants(err, fault.NotFound)
	_, err = r.Plan(r.ctx, r.ana, coaching.SessionPlan{Kind: "tea", At: *r.clock})
	if f := fault.FieldsOf(err); f["kind"] == "" || f["rep_ids"] == "" {
		t.Errorf("got %v, want problems with kind and rep_ids", f)
	}
}

func TestWhoReadsASession(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id := r.plan(1)
	r.must(r.WriteNotes(r.ctx, r.ana, id, "Shared words", "Private words", nil, 0))
	for _, by := range []people.Actor{r.dana, r.ana, r.mo} {
		got, err := r.Session(r.ctx, by, id)
		if err != nil || got.SharedNote != "Shared words" {
			t.Errorf("%s reads %q, %v", by.Name, got.SharedNote, err)
		}
	}
	for _, by := range []people.Actor{r.eve, r.admin} {
		_, err := r.Session(r.ctx, by, id)
		r.wants(err, fault.NotFound)
	}
	for _, by := range []people.Actor{r.dana, r.mo, r.eve, r.admin} {
		if text, err := r.PrivateNote(r.ctx, by, id); err != nil || text != "" {
			t.Errorf("%s reads the private note: %q, %v", by.Name, text, err)
		}
	}
	if text, err := r.PrivateNote(r.ctx, r.ana, id); err != nil || text != "Private words" {
		t.Errorf("the author reads %q, %v", text, err)
	}
	r.wants(r.WriteNotes(r.ctx, r.dana, id, "x", "", nil, 0), fault.Forbidden)
	r.wants(r.Close(r.ctx, r.mo, id), fault.Forbidden)
	r.must(r.WriteAgenda(r.ctx, r.dana, id, "Minute six"))
	r.wants(r.WriteAgenda(r.ctx, r.mo, id, "x"), fault.Forbidden)
}

func TestTwoWindowsOnTheNotes(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id := r.plan(0)
	got, err := r.Session(r.ctx, r.ana, id)
	r.must(err)
	r.must(r.WriteNotes(r.ctx, r.ana, id, "From the first window", "", nil, got.Version))
	err = r.WriteNotes(r.ctx, r.ana, id, "From the second window", "", nil, got.Version)
	r.wants(err, fault.Stale)
	var f *fault.Error
	if errors.As(err, &f) && f.Theirs != "From the first window" {
		t.Errorf("the other text is %q", f.Theirs)
	}
	r.wants(r.WriteNotes(r.ctx, r.ana, id, "x", "", []string{"a", "b", "c"}, 0), fault.Invalid)
}

func TestPrepIsMadeFromEvidence(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	first := r.plan(0)
	r.must(r.Close(r.ctx, r.ana, first))
	r.later(24 * time.Hour)
	raw := 2.0
	at := *r.clock
	_, err := r.Skills.Observe(r.ctx, r.ana, skillReport(r.dana.ID, raw, at))
	r.must(err)
	r.later(24 * time.Hour)
	id := r.plan(0)
	r.must(r.WriteAgenda(r.ctx, r.dana, id, "Why do they go quiet?"))
	r.Overdue = nil
	prep, err := r.Prep(r.ctx, r.ana, id, 0)
	r.must(err)
	if prep.Rep.Agenda != "Why do they go quiet?" || prep.Since == nil || len(prep.Evidence) != 1 || prep.Evidence[0].Skill != "question" {
		t.Errorf("prep = %+v, want the agenda, the session before and one new piece of evidence", prep)
	}
	_, err = r.Prep(r.ctx, r.eve, id, 0)
	r.wants(err, fault.NotFound)
	rows, err := r.Coverage(r.ctx, r.ana, 30)
	r.must(err)
	if len(rows) != 1 || rows[0].Sessions != 1 || rows[0].OnGap != nil {
		t.Errorf("coverage = %+v, want one rep, one session, and no gap that is sure", rows)
	}
}
