package people_test

import (
	"testing"

	"pitchside/internal/fault"
	"pitchside/people"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana, bea := w.person("Ana Sousa"), w.person("Bea Other")
	tell := func(kind, text, dedupe string, to ...people.Person) {
		t.Helper()
		n := people.News{Kind: kind, Text: text, Link: "/today", Dedupe: dedupe, At: w.clock}
		for _, p := range to {
			n.Persons = append(n.Persons, p.ID)
		}
		must(t, people.Tell(w.ctx, w.q, n))
	}
	tell("mention", "Cora mentions you", "post:1", ana, bea)
	tell("mention", "Cora mentions you", "post:1", ana, bea)
	tell("assigned", "Mo asks you", "", ana, ana)
	count := func(p people.Person, unread bool) int {
		t.Helper()
		all, err := w.Notices(w.ctx, actor(p), unread, 0, 50)
		must(t, err)
		return len(all)
	}
	if a, b := count(ana, false), count(bea, false); a != 2 || b != 1 {
		t.Fatalf("Ana has %d notices and Bea %d, want 2 and 1: the same is told once to each", a, b)
	}
	all, err := w.Notices(w.ctx, actor(ana), false, 0, 1)
	must(t, err)
	older, err := w.Notices(w.ctx, actor(ana), false, all[0].ID, 1)
	must(t, err)
	if all[0].Text != "Mo asks you" || older[0].Text != "Cora mentions you" {
		t.Errorf("the newest is %q, then %q", all[0].Text, older[0].Text)
	}
	_, err = w.MarkNotice(w.ctx, actor(bea), all[0].ID, true)
	wantKind(t, err, fault.NotFound, "")
	_, err = w.MarkNotice(w.ctx, actor(ana), all[0].ID, true)
	must(t, err)
	if n, err := w.Unread(w.ctx, actor(ana)); err != nil || n != 1 || count(ana, true) != 1 {
		t.Errorf("%d are unread, %v", n, err)
	}
	_, err = w.MarkNotice(w.ctx, actor(ana), all[0].ID, false)
	must(t, err)
	must(t, w.MarkNotices(w.ctx, actor(ana), older[0].ID))
	if left, err := w.Notices(w.ctx, actor(ana), true, 0, 9); err != nil || len(left) != 1 || left[0].ID != all[0].ID {
		t.Errorf("what came after the page was made is read too: %v, %v", left, err)
	}
}

func TestMutedTopics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.person("Ana Sousa")
	tell := func(kind string) {
		t.Helper()
		must(t, people.Tell(w.ctx, w.q, people.News{Persons: []int64{ana.ID}, Kind: kind, Text: kind, At: w.clock}))
	}
	must(t, w.Mute(w.ctx, actor(ana), []string{"discussion", "live"}))
	tell("mention")
	tell("live_session")
	tell("attempt_opened")
	must(t, w.Mute(w.ctx, actor(ana), []string{"live"}))
	tell("reply")
	all, err := w.Notices(w.ctx, actor(ana), false, 0, 9)
	must(t, err)
	if len(all) != 2 || all[0].Kind != "reply" || all[1].Kind != "attempt_opened" {
		t.Errorf("told %v", all)
	}
	wantKind(t, w.Mute(w.ctx, actor(ana), []string{"attempt_opened"}), fault.Invalid, "muted")
}
