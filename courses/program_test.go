package courses_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"
)

const ramp = `title: Ramp
summary: The first ten days.
audience: New reps
days: 10
attribution: Our own words.
sections:
  - title: Week 1
    items:
      - {id: asking, course: asking, due: 3, note: Begin here.}
      - {id: plain, lesson: plain/only, due: 2}
      - {id: shadow, title: Shadow three calls, milestone: coach, due: 5, after: [plain]}
      - {id: diary, title: Write a call diary, milestone: self, due: 5}
  - title: Week 2
    items:
      - id: ready
        title: Ready for own calls
        gate: {skills: {question: 2}, retry_days: 7, coach: the rep's coach}
        due: 10
        after: [asking, shadow]
`

// newRamp is a house with a program, into which Mo has put Dana.
func newRamp(t *testing.T) (*house, courses.ProgramPlace) {
	h := newHouse(t)
	h.publish(fstest.MapFS{"programs/ramp.yaml": {Data: []byte(ramp)}})
	n, err := h.EnrolInProgram(h.ctx, h.mo, courses.Enrolling{People: []int64{h.dana.ID}, Program: "ramp", Reason: "You start on Monday."})
	h.must(err)
	if n != 1 {
		t.Fatalf("%d people came in", n)
	}
	return h, h.ramp()
}

func (h *house) ramp() courses.ProgramPlace {
	h.t.Helper()
	p, err := h.ProgramPlace(h.ctx, h.dana, h.dana.ID, "ramp")
	h.must(err)
	return p
}

func (h *house) states() string {
	h.t.Helper()
	var out []string
	for _, i := range h.ramp().Items() {
		out = append(out, i.ID+" "+string(i.State))
	}
	return strings.Join(out, ", ")
}

func TestAWayThroughAProgram(t *testing.T) {
	t.Parallel()
	h, p := newRamp(t)
	if p.DayNumber() != 1 || p.Reason != "You start on Monday." || *p.EnrolledBy != "Mo" || p.Total() != 5 {
		t.Errorf("the first day is %+v", p.ProgramEnrolment)
	}
	if got := h.states(); got != "asking open, plain open, shadow locked, diary open, ready locked" {
		t.Errorf("on the first day: %s", got)
	}
	if w := p.Item("ready").Waits; len(w) != 2 || w[0] != "Asking" || w[1] != "Shadow three calls" {
		t.Errorf("the gate waits for %q", w)
	}
	if n := p.Next(); n.ID != "plain" || n.Href() != "/learn/plain/only" {
		t.Errorf("first comes %s at %s", n.ID, n.Href())
	}
	if n := h.count(`select count(*) from notices where person_id = $1 and text like 'Mo put you%You start on Monday.'`, h.dana.ID); n != 1 {
		t.Errorf("%d notices say why", n)
	}
	_, err := h.Finish(h.ctx, h.dana, h.dana.ID, "plain", "only")
	h.must(err)
	if n := h.count(`select count(*) from enrolments where person_id = $1 and course = 'plain' and via = 'program'`, h.dana.ID); n != 1 {
		t.Error("the course does not say that it came by the program")
	}
	*h.clock = h.clock.AddDate(0, 0, 4)
	if got := h.states(); got != "asking overdue, plain done, shadow open, diary open, ready locked" {
		t.Errorf("on day 5: %s", got)
	}
	// More time for one item moves that one; more for all moves every one.
	h.must(h.Extend(h.ctx, h.mo, p.ID, "asking", 3, "You were ill."))
	h.must(h.Extend(h.ctx, h.mo, p.ID, "asking", 3, "You were ill.")) // a double click
	day := func(id string) int { return int(h.ramp().Item(id).Day.Sub(p.StartsOn).Hours() / 24) }
	if day("asking") != 6 || day("diary") != 5 {
		t.Errorf("asking is due on day %d, the diary on %d", day("asking"), day("diary"))
	}
	h.must(h.Extend(h.ctx, h.mo, p.ID, "", 2, "The company was closed."))
	if day("asking") != 8 || day("diary") != 7 || h.ramp().Ends() != p.StartsOn.AddDate(0, 0, 12) {
		t.Errorf("asking is due on day %d, the diary on %d", day("asking"), day("diary"))
	}
	h.wants(fault.NotFound, h.Extend(h.ctx, h.eve, p.ID, "", 2, "Why not"))
	h.wants(fault.NotFound, h.Extend(h.ctx, h.dana, p.ID, "", 2, "More time for me"))
	h.wants(fault.Invalid, h.Extend(h.ctx, h.mo, p.ID, "", 0, ""))
}

func TestMilestonesAreTickedByWhoIsNamed(t *testing.T) {
	t.Parallel()
	h, p := newRamp(t)
	h.wants(fault.Conflict, h.Tick(h.ctx, h.ana, p.ID, "shadow", "Saw her."))
	_, err := h.Finish(h.ctx, h.dana, h.dana.ID, "plain", "only")
	h.must(err)
	h.wants(fault.Forbidden, h.Tick(h.ctx, h.dana, p.ID, "shadow", "I did."))
	h.wants(fault.Forbidden, h.Tick(h.ctx, h.mo, p.ID, "shadow", "She has a coach."))
	h.wants(fault.NotFound, h.Tick(h.ctx, h.eve, p.ID, "shadow", "A stranger."))
	h.wants(fault.Invalid, h.Tick(h.ctx, h.ana, p.ID, "shadow", " "))
	h.wants(fault.Invalid, h.Tick(h.ctx, h.ana, p.ID, "asking", "No milestone."))
	h.must(h.Tick(h.ctx, h.ana, p.ID, "shadow", "Three calls, notes shared."))
	h.must(h.Tick(h.ctx, h.ana, p.ID, "shadow", "Once more."))
	i := h.ramp().Item("shadow")
	if i.State != courses.ItemDone || i.DoneBy != "Ana" || i.DoneNote != "Three calls, notes shared." {
		t.Errorf("the milestone is %+v", i)
	}
	h.must(h.Untick(h.ctx, h.ana, p.ID, "shadow"))
	h.must(h.Untick(h.ctx, h.ana, p.ID, "shadow"))
	if h.ramp().Item("shadow").State != courses.ItemOpen {
		t.Error("the tick was not taken back")
	}
	// Who has no coach has a manager.
	h.exec(`update coachings set valid_to = current_date - 1, valid_from = current_date - 2`)
	h.must(h.Tick(h.ctx, h.mo, p.ID, "shadow", "Saw three."))
}

func TestAGateAsksForEvidence(t *testing.T) {
	t.Parallel()
	h, p := newRamp(t)
	read := func() courses.GatePlace {
		t.Helper()
		place := h.ramp()
		g, err := h.Gate(h.ctx, h.dana, place, *place.Item("ready"))
		h.must(err)
		return g
	}
	g := read()
	if g.Ready() || len(g.Missing()) != 1 || g.Missing()[0].Asked != "Questioning at level 2 or above" || len(g.Readers) != 1 || g.Readers[0] != "Ana" {
		t.Errorf("the gate is %+v", g)
	}
	h.wants(fault.Conflict, h.ReadGate(h.ctx, h.ana, p.ID, "ready", true, "Fine."))
	h.wants(fault.Forbidden, h.ReadGate(h.ctx, h.dana, p.ID, "ready", false, "Not me."))
	h.must(h.ReadGate(h.ctx, h.ana, p.ID, "ready", false, "Two more calls, and we look again."))
	h.must(h.ReadGate(h.ctx, h.ana, p.ID, "ready", false, "Two more calls, and we look again."))
	i := h.ramp().Item("ready")
	if i.DoneAt != nil || i.Retry == nil || i.Retry.Format(time.DateOnly) != "2026-10-21" {
		t.Errorf("after “not yet” the gate is %+v", i)
	}
	if g = read(); len(g.Readings) != 1 || g.Readings[0].Passed || len(g.Readings[0].Evidence) != 1 {
		t.Errorf("the readings are %+v", g.Readings)
	}
}

func TestLeavingAndComingBack(t *testing.T) {
	t.Parallel()
	h, p := newRamp(t)
	h.must(h.LeaveProgram(h.ctx, h.dana, h.dana.ID, "ramp"))
	h.must(h.LeaveProgram(h.ctx, h.dana, h.dana.ID, "ramp"))
	if mine, err := h.MyPrograms(h.ctx, h.dana); err != nil || len(mine) != 0 {
		t.Errorf("after leaving: %v, %v", mine, err)
	}
	h.wants(fault.Conflict, h.Tick(h.ctx, h.dana, p.ID, "diary", "Done."))
	*h.clock = h.clock.AddDate(0, 0, 5)
	n, err := h.EnrolInProgram(h.ctx, h.dana, courses.Enrolling{People: []int64{h.dana.ID}, Program: "ramp"})
	h.must(err)
	back := h.ramp()
	if n != 1 || !back.StartsOn.Equal(p.StartsOn.AddDate(0, 0, 5)) || back.Reason != p.Reason {
		t.Errorf("%d came back, starting %v", n, back.StartsOn)
	}
	_, err = h.EnrolInProgram(h.ctx, h.mo, courses.Enrolling{People: []int64{h.dana.ID}, Program: "ramp"})
	h.wants(fault.Invalid, err)
	_, err = h.EnrolInProgram(h.ctx, h.eve, courses.Enrolling{People: []int64{h.dana.ID}, Program: "ramp", Reason: "Join us."})
	h.wants(fault.NotFound, err)
	_, err = h.EnrolInProgram(h.ctx, h.dana, courses.Enrolling{People: []int64{h.dana.ID}, Program: "none"})
	h.wants(fault.NotFound, err)
	// One of several out of sight: nobody is put in.
	n, err = h.EnrolInProgram(h.ctx, h.mo, courses.Enrolling{People: []int64{h.dana.ID, h.eve.ID}, Program: "ramp", Reason: "Both."})
	h.wants(fault.NotFound, err)
	if n != 0 || h.count(`select count(*) from program_enrolments`) != 1 {
		t.Error("somebody out of sight was put in")
	}
}

func TestAProgramIsFollowedInTheVersionItWasBegun(t *testing.T) {
	t.Parallel()
	h, p := newRamp(t)
	h.publish(fstest.MapFS{"programs/ramp.yaml": {Data: []byte(strings.Replace(ramp, "Write a call diary", "Keep a call diary", 1))}})
	now := h.ramp()
	if !now.Newer || now.Item("diary").Title != "Write a call diary" {
		t.Errorf("a newer version is there: %v, and the item is called %q", now.Newer, now.Item("diary").Title)
	}
	h.must(h.FollowNewest(h.ctx, h.dana, "ramp"))
	if now = h.ramp(); now.Newer || now.Item("diary").Title != "Keep a call diary" || now.ID != p.ID {
		t.Errorf("after moving on: %v, %q", now.Newer, now.Item("diary").Title)
	}
}

func TestWhatWasDoneElsewhereCounts(t *testing.T) {
	t.Parallel()
	h, _ := newRamp(t)
	h.publish(fstest.MapFS{
		"templates/talk.yaml": {Data: []byte("title: Talk\nprompts: [{text: \"How was it?\"}]\n")},
		"rubrics/r.yaml":      {Data: []byte("title: R\ncriteria:\n  - {id: a, skill: question, weight: 100, anchors: [a, b, c, d, e]}\n")},
		"scenarios/s.md":      {Data: []byte("---\ntitle: A call\nrubric: r\n---\n## Brief\nB.\n## Buyer\nC.\n")},
		"programs/two.yaml": {Data: []byte(`title: Two
days: 5
attribution: Our own.
sections:
  - title: All
    items:
      - {id: call, scenario: s, due: 5}
      - {id: talk, template: talk, due: 5}
      - {id: gate, title: Gate, gate: {passes: [{scenario: s, by: 2}]}, due: 5}
`)},
	})
	_, err := h.EnrolInProgram(h.ctx, h.dana, courses.Enrolling{People: []int64{h.dana.ID}, Program: "two"})
	h.must(err)
	before, after := h.clock.AddDate(0, 0, -3), h.clock.Add(time.Hour)
	deeds := []courses.Deed{{PersonID: h.dana.ID, Kind: content.ItemScenario, Ref: "s", At: before}, {PersonID: h.dana.ID, Kind: content.ItemTemplate, Ref: "talk", At: before},
		{PersonID: h.dana.ID, Kind: content.ItemScenario, Ref: "s", At: before, ByID: h.ana.ID, By: "Ana", Passed: true},
		{PersonID: h.dana.ID, Kind: content.ItemScenario, Ref: "s", At: after, ByID: h.ana.ID, By: "Ana", Passed: true}}
	h.Elsewhere = func(context.Context, []int64) ([]courses.Deed, error) { return deeds, nil }
	way := func() (courses.ProgramPlace, courses.GatePlace) {
		t.Helper()
		p, err := h.ProgramPlace(h.ctx, h.dana, h.dana.ID, "two")
		h.must(err)
		g, err := h.Gate(h.ctx, h.dana, p, *p.Item("gate"))
		h.must(err)
		return p, g
	}
	p, g := way()
	if p.Item("call").State != courses.ItemDone || p.Item("talk").State != courses.ItemOpen || g.Ready() || g.Evidence[0].There != "Passed with Ana" {
		t.Errorf("the call is %s, the talk %s, the gate %+v", p.Item("call").State, p.Item("talk").State, g.Evidence)
	}
	deeds = append(deeds, courses.Deed{PersonID: h.dana.ID, Kind: content.ItemTemplate, Ref: "talk", At: after},
		courses.Deed{PersonID: h.dana.ID, Kind: content.ItemScenario, Ref: "s", At: after, ByID: h.mo.ID, By: "Mo", Passed: true})
	if p, g = way(); p.Item("talk").State != courses.ItemDone || !g.Ready() || g.Evidence[0].There != "Passed with Ana and Mo" {
		t.Errorf("the talk is %s, the gate %+v", p.Item("talk").State, g.Evidence)
	}
	h.must(h.ReadGate(h.ctx, h.ana, p.ID, "gate", true, "Both calls are clear."))
	h.must(h.ReadGate(h.ctx, h.ana, p.ID, "gate", false, "A second thought."))
	if p, _ = way(); p.CompletedAt() == nil || p.Item("gate").DoneNote != "Both calls are clear." || p.Next() != nil {
		t.Errorf("the gate is %+v", p.Item("gate"))
	}
}
