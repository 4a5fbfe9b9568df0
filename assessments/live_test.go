package assessments_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/internal/webm"
	"pitchside/people"
)

func (s stage) live() int64 {
	s.t.Helper()
	a, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormLive)
	s.must(err)
	return a.ID
}

func TestLiveCall(t *testing.T) {
	t.Parallel()
	s := withMedia(t, newStage(t))
	id := s.live()
	if err := s.Submit(s.ctx, s.dana, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("submitting before the call: %v", err)
	}
	for email, kind := range map[string]fault.Kind{"nobody@example.com": fault.Invalid, "dana.okafor@example.com": fault.Invalid} {
		if err := s.Invite(s.ctx, s.dana, id, email); fault.KindOf(err) != kind {
			t.Errorf("inviting %s: %v", email, err)
		}
	}
	s.must(s.Invite(s.ctx, s.dana, id, "ben.ito@example.com"))
	_, err := s.SaveNotes(s.ctx, s.ben, id, "Ben’s own.", nil)
	s.must(err)
	s.must(s.Invite(s.ctx, s.dana, id, " Eve.Stone@example.com "))
	s.must(s.Invite(s.ctx, s.dana, id, "eve.stone@example.com"))
	eve := s.elsewhere
	if call, err := s.LiveCall(s.ctx, eve, id); err != nil || call.Notes != "" {
		t.Errorf("Eve begins with the notes %q of who was asked before her, %v", call.Notes, err)
	}
	for name, by := range map[string]people.Actor{"the one who was asked before": s.ben, "the coach": s.ana, "the manager": s.mo} {
		if _, err := s.LiveCall(s.ctx, by, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s opens the call: %v", name, err)
		}
		if err := s.StartCall(s.ctx, by, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s starts the call: %v", name, err)
		}
	}
	if waiting, err := s.Partnered(s.ctx, eve); err != nil || len(waiting) != 1 || waiting[0].Person != "Dana Okafor" {
		t.Errorf("what waits for Eve: %+v, %v", waiting, err)
	}
	s.must(s.Join(s.ctx, eve, id))
	if err := s.Tick(s.ctx, eve, id, "fact-1", true); fault.KindOf(err) != fault.Conflict {
		t.Errorf("ticking before the call: %v", err)
	}
	s.must(s.StartCall(s.ctx, s.dana, id))
	s.later(3 * time.Second)
	s.must(s.StartCall(s.ctx, eve, id)) // both press it
	s.later(187 * time.Second)
	s.must(s.Tick(s.ctx, eve, id, "fact-2", true))
	s.later(time.Minute)
	s.must(s.Tick(s.ctx, eve, id, "fact-2", true)) // the first moment stays
	s.must(s.Tick(s.ctx, eve, id, "objection-1", true))
	s.must(s.Tick(s.ctx, eve, id, "objection-2", true))
	s.must(s.Tick(s.ctx, eve, id, "objection-2", false)) // a slip
	if err := s.Tick(s.ctx, eve, id, "fact-99", true); fault.KindOf(err) != fault.NotFound {
		t.Errorf("ticking what is not on the card: %v", err)
	}
	if err := s.Tick(s.ctx, s.dana, id, "fact-1", true); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the rep ticks: %v", err)
	}
	call, err := s.LiveCall(s.ctx, s.dana, id)
	s.must(err)
	sc, err := s.CallScenario(s.ctx, s.dana, call)
	s.must(err)
	if hidden, err := s.Triggers(s.ctx, s.dana, id); err != nil || len(hidden) != 0 || sc.Buyer != "" || len(sc.Facts) != 0 {
		t.Errorf("the rep learns what is hidden during the call: %+v, %v", hidden, err)
	}
	if sc, err := s.CallScenario(s.ctx, eve, call); err != nil || !strings.Contains(string(sc.Buyer), "What is hidden") {
		t.Errorf("the buyer does not hold the card: %v", err)
	}
	version, err := s.SaveNotes(s.ctx, eve, id, "He waited for my answer.", &call.Version)
	s.must(err)
	if _, err := s.SaveNotes(s.ctx, eve, id, "From the other window.", &call.Version); fault.KindOf(err) != fault.Stale {
		t.Errorf("notes on an old version: %v", err)
	}
	if _, err := s.SaveNotes(s.ctx, eve, id, "He waited for my answer. Twice.", &version); err != nil {
		t.Error(err)
	}
	// The partner records on their device; the take is Dana's.
	part := assessments.MediaPart{Take: 1, Type: "audio/webm", Final: true, Sender: "eve"}
	_, err = s.WriteMedia(s.ctx, eve, id, part, bytes.NewReader(webm.Silence(2*time.Second)))
	s.must(err)
	part.Sender = "dana"
	if got, err := s.WriteMedia(s.ctx, s.dana, id, part, bytes.NewReader(webm.Silence(time.Second))); fault.KindOf(err) != fault.Conflict || got.ID != 0 {
		t.Errorf("another device sends the same take: %+v, %v", got, err)
	}
	if _, err := s.play(eve, id, 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the partner plays it: %v", err)
	}
	s.later(6 * time.Minute)
	s.must(s.Submit(s.ctx, s.dana, id)) // ends the call
	for name, by := range map[string]people.Actor{"rep": s.dana, "coach": s.ana} {
		call, err := s.LiveCall(s.ctx, by, id)
		s.must(err)
		got, err := s.Triggers(s.ctx, by, id)
		s.must(err)
		came := ""
		for _, one := range got {
			if one.AtMS != nil {
				came += one.Name + " " + one.Clock() + ", "
			}
		}
		if came != "The order 03:10, “That’s normal” 04:10, " || call.Lasted(s.Now()) != 10*time.Minute+10*time.Second || call.Notes != "He waited for my answer. Twice." {
			t.Errorf("the record for the %s: %s %v %q", name, came, call.Lasted(s.Now()), call.Notes)
		}
	}
	if err := s.Tick(s.ctx, eve, id, "fact-1", true); fault.KindOf(err) != fault.Conflict {
		t.Errorf("ticking after submission: %v", err)
	}
	if _, err := s.Media(s.ctx, s.ana, id, 0); err != nil {
		t.Errorf("the coach plays the recording: %v", err)
	}
}

// Withdrawing a call is no way to the buyer card.
func TestWithdrawnCallKeepsTheCard(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.live()
	s.must(s.Invite(s.ctx, s.dana, id, "eve.stone@example.com"))
	s.must(s.StartCall(s.ctx, s.dana, id))
	_, err := s.SaveNotes(s.ctx, s.elsewhere, id, "He waited.", nil)
	s.must(err)
	s.must(s.Withdraw(s.ctx, s.dana, id))
	call, err := s.LiveCall(s.ctx, s.dana, id)
	s.must(err)
	card, err := s.Triggers(s.ctx, s.dana, id)
	s.must(err)
	if call.Notes != "" || len(card) != 0 {
		t.Errorf("the rep reads %q and %+v", call.Notes, card)
	}
}

// A call that nobody ended lasts four hours at most.
func TestForgottenCallEnds(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.live()
	s.must(s.Invite(s.ctx, s.dana, id, "ben.ito@example.com"))
	if err := s.EndCall(s.ctx, s.dana, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("ending what has not begun: %v", err)
	}
	s.must(s.StartCall(s.ctx, s.ben, id))
	if err := s.Invite(s.ctx, s.dana, id, "ana.ruiz@example.com"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another partner in mid-call: %v", err)
	}
	s.later(30 * time.Hour)
	s.must(s.EndCall(s.ctx, s.dana, id))
	s.must(s.EndCall(s.ctx, s.ben, id))
	call, err := s.LiveCall(s.ctx, s.dana, id)
	s.must(err)
	if call.Lasted(s.Now()) != 4*time.Hour {
		t.Errorf("it lasted %v", call.Lasted(s.Now()))
	}
	s.must(s.Withdraw(s.ctx, s.dana, id))
	if _, err := s.LiveCall(s.ctx, s.ben, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the partner of what was withdrawn: %v", err)
	}
}
