package courses_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"

	ics "github.com/arran4/golang-ical"
)

// class plans a session of Ana's in two days, with some places.
func (h *house) class(places int) courses.LiveSession {
	h.t.Helper()
	l, err := h.SaveLiveSession(h.ctx, h.ana, courses.LiveSession{Title: "Calls, live; with a comma, and ünïcode", Kind: "classroom", Topic: "live-calls", At: h.clock.AddDate(0, 0, 2), Minutes: 90, Place: "Room 2; first floor",
		Capacity: places, Summary: "Bring one call.\nWe listen to it together, stop at each question, and say what it was for; nobody is graded.", Materials: "Call sheet https://files.example/call.pdf\nA pen"})
	h.must(err)
	return l
}

func (h *house) register(p people.Actor, id int64) string {
	h.t.Helper()
	state, err := h.Register(h.ctx, p, p.ID, id)
	h.must(err)
	return state
}

func TestAWaitingListMovesUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bea, cleo := h.person("Bea", people.Rep), h.person("Cleo", people.Rep)
	l := h.class(1)
	for range 2 { // a double click
		if got := h.register(h.dana, l.ID); got != "registered" {
			t.Errorf("the first is %s", got)
		}
	}
	if got := h.register(bea, l.ID) + h.register(cleo, l.ID) + h.register(bea, l.ID); got != "waitingwaitingwaiting" {
		t.Errorf("the next are %s", got)
	}
	mine, err := h.LiveSession(h.ctx, cleo, l.ID)
	h.must(err)
	if mine.Registered != 1 || mine.Waiting != 2 || mine.Ahead != 1 || mine.Free() != 0 {
		t.Errorf("the last in the row reads %+v", mine)
	}
	h.must(h.Unregister(h.ctx, h.dana, h.dana.ID, l.ID))
	h.must(h.Unregister(h.ctx, h.dana, h.dana.ID, l.ID))
	state := func(p people.Actor) string {
		t.Helper()
		l, err := h.LiveSession(h.ctx, p, l.ID)
		h.must(err)
		return *l.Mine
	}
	if state(bea) != "registered" || state(cleo) != "waiting" || state(h.dana) != "left" {
		t.Errorf("after a place came free: %s, %s, %s", state(bea), state(cleo), state(h.dana))
	}
	if n := h.count(`select count(*) from notices where person_id = $1 and text like 'A place came free%'`, bea.ID); n != 1 {
		t.Errorf("she was told %d times", n)
	}
	// Whoever left comes to the end; more places let everybody in.
	if got := h.register(h.dana, l.ID); got != "waiting" {
		t.Errorf("coming back is %s", got)
	}
	l.Capacity, l.Version = 3, 0
	_, err = h.SaveLiveSession(h.ctx, h.ana, l)
	h.must(err)
	if state(cleo) != "registered" || state(h.dana) != "registered" {
		t.Errorf("with three places: %s, %s", state(cleo), state(h.dana))
	}
	l.Capacity = 2
	_, err = h.SaveLiveSession(h.ctx, h.ana, l)
	h.wants(fault.Invalid, err)
	// Who sees whom: the host all, a manager her people, a guest herself.
	for who, want := range map[string]int{"Ana": 3, "Mo": 1, "Bea": 1, "Eve": 0} {
		p := map[string]people.Actor{"Ana": h.ana, "Mo": h.mo, "Bea": bea, "Eve": h.eve}[who]
		if got, err := h.Guests(h.ctx, p, l.ID); err != nil || len(got) != want {
			t.Errorf("%s sees %d guests, %v; want %d", who, len(got), err, want)
		}
	}
	_, err = h.Register(h.ctx, h.mo, bea.ID, l.ID)
	h.wants(fault.NotFound, err)
}

// However many ask and leave in the same moment, there are never more guests
// than places, and no place stays free while somebody waits.
func TestPlacesUnderLoad(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const places, asking = 4, 24
	l := h.class(places)
	crowd := make([]people.Actor, asking)
	for i := range crowd {
		crowd[i] = h.person(fmt.Sprintf("Guest%d", i), people.Rep)
	}
	var all sync.WaitGroup
	for i, p := range crowd {
		for range 2 {
			all.Go(func() {
				if _, err := h.Register(h.ctx, p, p.ID, l.ID); err != nil {
					t.Error(err)
				}
			})
		}
		if i%3 == 0 {
			all.Go(func() {
				if err := h.Unregister(h.ctx, p, p.ID, l.ID); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	in := h.count(`select count(*) from live_registrations where session_id = $1 and state = 'registered'`, l.ID)
	if rows := h.count(`select count(*) from live_registrations where session_id = $1`, l.ID); in != places || rows != asking {
		t.Errorf("%d of %d places are taken, by %d people who asked", in, places, rows)
	}
}

func TestAttendanceDoesAnItemOfAProgram(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish(fstest.MapFS{"programs/live.yaml": {Data: []byte("title: Live\ndays: 9\nattribution: Our own.\nsections:\n  - title: All\n    items:\n      - {id: calls, title: Calls live, session: live-calls, due: 5}\n")}})
	_, err := h.EnrolInProgram(h.ctx, h.dana, courses.Enrolling{People: []int64{h.dana.ID}, Program: "live"})
	h.must(err)
	l := h.class(1)
	h.register(h.dana, l.ID)
	bea := h.person("Bea", people.Rep)
	h.register(bea, l.ID)
	there := map[int64]bool{h.dana.ID: true, bea.ID: true, h.eve.ID: true}
	h.wants(fault.Conflict, h.MarkAttendance(h.ctx, h.ana, l.ID, there))
	*h.clock = l.At
	h.wants(fault.Forbidden, h.MarkAttendance(h.ctx, h.mo, l.ID, there))
	h.must(h.MarkAttendance(h.ctx, h.ana, l.ID, there))
	h.must(h.MarkAttendance(h.ctx, h.ana, l.ID, there))
	p, err := h.ProgramPlace(h.ctx, h.dana, h.dana.ID, "live")
	h.must(err)
	if i := p.Item("calls"); i.State != courses.ItemDone || !i.DoneAt.Equal(l.At) {
		t.Errorf("the item is %+v", i)
	}
	if n := h.count(`select count(*) from live_registrations where attended and state = 'registered'`); n != 2 {
		t.Errorf("%d attended; whoever waited and came counts, a stranger does not", n)
	}
	h.must(h.MarkAttendance(h.ctx, h.ana, l.ID, map[int64]bool{h.dana.ID: false}))
	if p, err = h.ProgramPlace(h.ctx, h.dana, h.dana.ID, "live"); err != nil || p.Item("calls").State == courses.ItemDone {
		t.Errorf("after the mark was taken back the item is %s, %v", p.Item("calls").State, err)
	}
	topics, err := h.Topics(h.ctx)
	if err != nil || topics["live-calls"] != "Calls live" {
		t.Errorf("the topics are %v, %v", topics, err)
	}
}

// invited reads an invitation with a parser and checks what RFC 5545 asks of the bytes.
func (h *house) invited(p people.Actor, id int64) (*ics.Calendar, string) {
	h.t.Helper()
	p.Email = strings.ToLower(p.Name) + "@example.com"
	file, err := h.Invitation(h.ctx, p, id, "https://pitchside.test")
	h.must(err)
	return h.calendar(file)
}

func (h *house) calendar(file []byte) (*ics.Calendar, string) {
	h.t.Helper()
	for line := range strings.SplitSeq(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || strings.ToValidUTF8(line, "") != line {
			h.t.Errorf("this line is not as RFC 5545 asks: %q", line)
		}
	}
	c, err := ics.ParseCalendar(strings.NewReader(string(file)))
	h.must(err)
	return c, strings.ReplaceAll(string(file), "\r\n ", "")
}

func TestInvitationsKeepTheirUID(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	l := h.class(2)
	_, err := h.Invitation(h.ctx, h.dana, l.ID, "https://pitchside.test")
	h.wants(fault.NotFound, err)
	h.register(h.dana, l.ID)
	c, text := h.invited(h.dana, l.ID)
	e := c.Events()[0]
	if e.Id() != l.UID || !strings.Contains(text, "METHOD:REQUEST") || !strings.Contains(text, "SEQUENCE:0") ||
		!strings.Contains(text, "DTSTART:20261016T100000Z") || !strings.Contains(text, "DTEND:20261016T113000Z") || !strings.Contains(text, "ORGANIZER;CN=Ana:mailto:ana@example.com") ||
		!strings.Contains(text, `SUMMARY:Calls\, live\; with a comma\, and ünïcode`) || !strings.Contains(text, "RSVP=TRUE") {
		t.Errorf("the invitation is\n%s", text)
	}
	if got := e.GetProperty(ics.ComponentPropertySummary).Value; got != l.Title {
		t.Errorf("read back, the title is %q", got)
	}
	l.At, l.Version = l.At.Add(time.Hour), 0
	moved, err := h.SaveLiveSession(h.ctx, h.ana, l)
	h.must(err)
	if n := h.count(`select count(*) from notices where person_id = $1 and text like '%has changed%'`, h.dana.ID); n != 1 {
		t.Errorf("%d notices of the change", n)
	}
	l.Summary, l.Version = "Another text.", moved.Version
	_, err = h.SaveLiveSession(h.ctx, h.ana, l)
	h.must(err)
	if _, text = h.invited(h.dana, l.ID); !strings.Contains(text, "SEQUENCE:1\r\n") || !strings.Contains(text, "UID:"+l.UID) {
		t.Errorf("after a move, and a change that guests need not know, it is\n%s", text)
	}
	l.Version = 1
	_, err = h.SaveLiveSession(h.ctx, h.ana, l)
	h.wants(fault.Stale, err)
	_, err = h.SaveLiveSession(h.ctx, h.mo, l)
	h.wants(fault.Forbidden, err)
	h.wants(fault.Forbidden, h.CancelLiveSession(h.ctx, h.mo, l.ID, "No room."))
	h.wants(fault.Invalid, h.CancelLiveSession(h.ctx, h.ana, l.ID, ""))
	h.must(h.CancelLiveSession(h.ctx, h.ana, l.ID, "The room is closed."))
	h.must(h.CancelLiveSession(h.ctx, h.ana, l.ID, "Once more."))
	if _, text = h.invited(h.dana, l.ID); !strings.Contains(text, "METHOD:CANCEL") || !strings.Contains(text, "STATUS:CANCELLED") || !strings.Contains(text, "SEQUENCE:2\r\n") || !strings.Contains(text, "UID:"+l.UID) {
		t.Errorf("called off, it is\n%s", text)
	}
	_, err = h.Register(h.ctx, h.eve, h.eve.ID, l.ID)
	h.wants(fault.Conflict, err)
}

func TestACalendarBehindASecretAddress(t *testing.T) {
	t.Parallel()
	h, _ := newRamp(t)
	l := h.class(2)
	h.register(h.dana, l.ID)
	token, err := h.MakeFeed(h.ctx, h.dana)
	h.must(err)
	feed, err := h.Feed(h.ctx, token, "https://pitchside.test")
	h.must(err)
	c, text := h.calendar(feed)
	if len(c.Events()) != 6 || !strings.Contains(text, "METHOD:PUBLISH") || !strings.Contains(text, "SUMMARY:Due: Asking") || !strings.Contains(text, "DTSTART;VALUE=DATE:20261017") {
		t.Errorf("%d events in\n%s", len(c.Events()), text)
	}
	_, err = h.Feed(h.ctx, "guessed", "https://pitchside.test")
	h.wants(fault.NotFound, err)
	again, err := h.MakeFeed(h.ctx, h.dana)
	h.must(err)
	_, err = h.Feed(h.ctx, token, "https://pitchside.test")
	h.wants(fault.NotFound, err)
	h.must(h.EndFeed(h.ctx, h.dana))
	_, err = h.Feed(h.ctx, again, "https://pitchside.test")
	h.wants(fault.NotFound, err)
	if h.count(`select count(*) from calendar_feeds`) != 0 {
		t.Error("an ended address is kept")
	}
}

func TestPlanningALiveSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	l := h.class(5)
	if again := h.class(5); again.ID != l.ID {
		t.Error("a second click plans a second session")
	}
	if things := l.Things(); len(things) != 2 || things[0].Href != "https://files.example/call.pdf" || things[0].Words != "Call sheet" || things[1].Href != "" {
		t.Errorf("the materials are %+v", things)
	}
	_, err := h.SaveLiveSession(h.ctx, h.dana, courses.LiveSession{Title: "Mine", Kind: "classroom", Place: "Here", At: h.clock.AddDate(0, 0, 1), Minutes: 30, Capacity: 3})
	h.wants(fault.Forbidden, err)
	_, err = h.SaveLiveSession(h.ctx, h.ana, courses.LiveSession{Kind: "virtual", Link: "javascript:alert(1)", Capacity: 0})
	h.wants(fault.Invalid, err)
	if f := fault.FieldsOf(err); len(f) != 5 {
		t.Errorf("what is wrong is %v", f)
	}
	list, err := h.LiveSessions(h.ctx, h.dana, courses.LiveFilter{Topic: "live-calls"})
	if err != nil || len(list) != 1 {
		t.Errorf("to come: %v, %v", list, err)
	}
	*h.clock = h.clock.AddDate(0, 0, 3)
	if list, err = h.LiveSessions(h.ctx, h.dana, courses.LiveFilter{Past: true}); err != nil || len(list) != 1 {
		t.Errorf("past: %v, %v", list, err)
	}
	_, err = h.Register(h.ctx, h.dana, h.dana.ID, l.ID)
	h.wants(fault.Conflict, err)
}
