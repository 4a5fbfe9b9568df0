package assessments_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestAttemptWalksThroughItsStates(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var heard []string
	s.OnSubmitted = func(_ context.Context, _ pgx.Tx, person int64, sc string) error {
		heard = append(heard, sc)
		return nil
	}
	a, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormTranscript)
	s.must(err)
	is := func(want assessments.State) {
		t.Helper()
		now, err := s.Attempt(s.ctx, s.dana, a.ID)
		s.must(err)
		if now.State != want {
			t.Fatalf("state = %s, want %s", now.State, want)
		}
	}
	is(assessments.Draft)
	if err := s.Submit(s.ctx, s.dana, a.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("submitting nothing = %v, want Conflict", err)
	}
	_, err = s.SaveTranscript(s.ctx, s.dana, a.ID, call(), nil)
	s.must(err)
	s.must(s.Submit(s.ctx, s.dana, a.ID))
	s.must(s.Submit(s.ctx, s.dana, a.ID)) // the double click
	is(assessments.Submitted)
	if diff := cmp.Diff([]string{scenario}, heard); diff != "" {
		t.Errorf("news of submission (-want +got):\n%s", diff)
	}
	if _, err := s.SaveTranscript(s.ctx, s.dana, a.ID, call(), nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("changing a submitted transcript = %v, want Conflict", err)
	}
	if err := s.Reflect(s.ctx, s.dana, a.ID, "One more question."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("reflecting before release = %v, want Conflict", err)
	}
	_, _, err = s.SaveSheet(s.ctx, s.ana, a.ID, s.ana.ID, assessments.SheetInput{Scores: levels(3)}, nil)
	s.must(err)
	is(assessments.InReview)
	s.release(s.ana, a.ID, 3, 3, 3, 3, 3, 3)
	is(assessments.Released)
	if err := s.Withdraw(s.ctx, s.dana, a.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("withdrawing after release = %v, want Conflict", err)
	}
	if err := s.Reflect(s.ctx, s.dana, a.ID, "  "); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an empty reflection = %v, want Invalid", err)
	}
	s.must(s.Reflect(s.ctx, s.dana, a.ID, "One more question."))
	is(assessments.Reflected)
}

func TestStartAttempt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if _, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, "no-such-scenario", assessments.FormText); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown scenario = %v, want NotFound", err)
	}
	if _, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, "telepathy"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("unknown form = %v, want Invalid", err)
	}
	if _, err := s.StartAttempt(s.ctx, s.ana, s.dana.ID, scenario, assessments.FormTranscript); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("starting for somebody else = %v, want Forbidden", err)
	}
	a, err := s.StartAttempt(s.ctx, s.system, s.dana.ID, scenario, assessments.FormRecording)
	s.must(err)
	if !a.ViaAdmin || a.PersonID != s.dana.ID {
		t.Errorf("brought over = %+v, want Dana's, via an admin", a)
	}
	if _, err := s.StartAttempt(s.ctx, s.system, 1<<40, scenario, assessments.FormRecording); fault.KindOf(err) != fault.Invalid {
		t.Errorf("unknown person = %v, want Invalid", err)
	}
	mine, err := s.Attempts(s.ctx, s.dana, s.dana.ID, scenario, 0, 10)
	s.must(err)
	if len(mine) != 1 || mine[0].ID != a.ID {
		t.Errorf("Attempts = %+v", mine)
	}
}

func TestSaveTranscript(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.pasted()
	one, two := 1, 2
	tests := []struct {
		name  string
		turns []assessments.Turn
		kind  fault.Kind
		field string
	}{
		{"empty", nil, fault.Invalid, "turns"},
		{"no words", []assessments.Turn{{Speaker: assessments.Rep, Text: " \x00 "}}, fault.Invalid, "turns[0].text"},
		{"no such speaker", []assessments.Turn{{Speaker: "boss", Text: "Hello"}}, fault.Invalid, "turns[0].speaker"},
		{"ends before it starts", []assessments.Turn{{Speaker: assessments.Rep, Text: "Hello", StartMS: &two, EndMS: &one}}, fault.Invalid, "turns[0].end_ms"},
		{"too many", make([]assessments.Turn, assessments.MaxTranscriptTurns+1), fault.TooLarge, ""},
		{"too long", []assessments.Turn{{Speaker: assessments.Rep, Text: strings.Repeat("a", assessments.MaxTranscriptBytes+1)}}, fault.TooLarge, ""},
	}
	for _, tt := range tests {
		_, err := s.SaveTranscript(s.ctx, s.dana, a.ID, tt.turns, nil)
		if fault.KindOf(err) != tt.kind || tt.field != "" && fault.FieldsOf(err)[tt.field] == "" {
			t.Errorf("%s: %v, want kind %v about %q", tt.name, err, tt.kind, tt.field)
		}
	}
	now, err := s.Attempt(s.ctx, s.dana, a.ID)
	s.must(err)
	fixed := []assessments.Turn{{Speaker: assessments.Rep, Text: "Hello \xff there"}}
	saved, err := s.SaveTranscript(s.ctx, s.dana, a.ID, fixed, &now.Version)
	s.must(err)
	if saved != now.Version+1 {
		t.Errorf("version = %d, want %d", saved, now.Version+1)
	}
	_, err = s.SaveTranscript(s.ctx, s.dana, a.ID, call(), &now.Version)
	var f *fault.Error
	if fault.KindOf(err) != fault.Stale || !asFault(err, &f) || !strings.Contains(f.Theirs, "Hello \uFFFD there") {
		t.Errorf("a second window = %v, want Stale with the other text", err)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	s.must(s.Withdraw(s.ctx, s.dana, id))
	s.must(s.Withdraw(s.ctx, s.dana, id))
	if _, err := s.Attempt(s.ctx, s.ana, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the coach after a withdrawal = %v, want NotFound", err)
	}
	if err := s.Submit(s.ctx, s.dana, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("submitting a withdrawn attempt = %v, want Conflict", err)
	}
}

// What each may see of an attempt: nothing, its scores, or its words too.
func TestVisibility(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const nothing, scores, words = "nothing", "scores", "words"
	sees := func(by people.Actor, id int64) string {
		a, err := s.Attempt(s.ctx, by, id)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			return nothing
		case err != nil:
			t.Fatal(err)
		case a.SeesWords:
			return words
		}
		return scores
	}
	draft, submitted := s.pasted().ID, s.submitted()
	shared := s.submitted()
	s.must(s.Share(s.ctx, s.dana, shared, true))
	released := s.released(s.ana, 3, 3, 3, 3, 3, 3)
	brought, err := s.StartAttempt(s.ctx, s.system, s.dana.ID, scenario, assessments.FormTranscript)
	s.must(err)
	former := s.person("Fay Old", people.Coach)
	s.exec(`insert into coachings (coach_id, person_id, valid_from, valid_to) values ($1, $2, '2025-01-01', '2025-06-01')`, former.ID, s.dana.ID)
	lost := s.ana
	lost.Capabilities = []people.Capability{people.Rep}
	for _, row := range []struct {
		name                                          string
		by                                            people.Actor
		draft, submitted, shared, released, broughtIn string
	}{
		{"the rep", s.dana, words, words, words, words, words},
		{"her coach", s.ana, nothing, words, words, words, nothing},
		{"her manager", s.mo, nothing, nothing, words, scores, nothing},
		{"an admin", s.admin, nothing, nothing, nothing, nothing, nothing},
		{"an admin’s token", s.system, nothing, nothing, nothing, nothing, words},
		{"a coach and manager of others", s.elsewhere, nothing, nothing, nothing, nothing, nothing},
		{"a coach of last year", former, nothing, nothing, nothing, nothing, nothing},
		{"her coach without the capability", lost, nothing, nothing, nothing, nothing, nothing},
	} {
		got := []string{sees(row.by, draft), sees(row.by, submitted), sees(row.by, shared), sees(row.by, released), sees(row.by, brought.ID)}
		if diff := cmp.Diff([]string{row.draft, row.submitted, row.shared, row.released, row.broughtIn}, got); diff != "" {
			t.Errorf("%s sees of draft, submitted, shared, released, brought over (-want +got):\n%s", row.name, diff)
		}
	}
	if _, err := s.Transcript(s.ctx, s.mo, released); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the manager reading a released conversation = %v, want NotFound", err)
	}
}

func TestBreakGlass(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	draft, id := s.pasted().ID, s.submitted()
	if err := s.BreakGlass(s.ctx, s.admin, draft, "A complaint about this call."); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a draft = %v, want NotFound", err)
	}
	if err := s.BreakGlass(s.ctx, s.mo, id, "A complaint about this call."); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody who is no admin = %v, want NotFound", err)
	}
	if err := s.BreakGlass(s.ctx, s.admin, id, "why not"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no real reason = %v, want Invalid", err)
	}
	s.must(s.BreakGlass(s.ctx, s.admin, id, "A complaint about this call."))
	if a, err := s.Attempt(s.ctx, s.admin, id); err != nil || !a.SeesWords {
		t.Errorf("after the reason = %+v, %v", a, err)
	}
	views, err := s.Views(s.ctx, s.dana, id)
	s.must(err)
	if len(views) != 1 || views[0].Reason == "" || views[0].Viewer != s.admin.Name {
		t.Errorf("Views = %+v", views)
	}
	if n := s.count(`select count(*) from notices where person_id = $1 and text like '%A complaint%'`, s.dana.ID); n != 1 {
		t.Errorf("notices to the rep = %d, want 1", n)
	}
	if n := s.count(`select count(*) from audit_log where act = 'attempt.glass_broken' and actor_id = $1`, s.admin.ID); n != 1 {
		t.Errorf("lines in the audit log = %d, want 1", n)
	}
	s.later(2 * time.Hour)
	if _, err := s.Attempt(s.ctx, s.admin, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("two hours later = %v, want NotFound", err)
	}
}

func TestOpeningIsNoted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	for _, by := range []people.Actor{s.dana, s.ana, s.ana, s.ben} {
		a, err := s.Attempt(s.ctx, by, id)
		s.must(err)
		s.must(s.Opened(s.ctx, by, a))
	}
	views, err := s.Views(s.ctx, s.dana, id)
	s.must(err)
	if len(views) != 2 || views[0].Viewer != "Ben Ito" || views[1].Viewer != "Ana Ruiz" {
		t.Errorf("Views = %+v, want Ben, then Ana once", views)
	}
	if views, err := s.Views(s.ctx, s.ana, id); err != nil || len(views) != 0 {
		t.Errorf("a coach asking who looked = %+v, %v; want nothing", views, err)
	}
}

func TestStartingTwiceInAMomentIsOneDraft(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormText)
	s.must(err)
	again, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormText)
	s.must(err)
	if again.ID != first.ID {
		t.Errorf("a second click made attempt %d beside %d", again.ID, first.ID)
	}
	other, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormTranscript)
	s.must(err)
	s.later(time.Minute)
	later, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormText)
	s.must(err)
	if other.ID == first.ID || later.ID == first.ID {
		t.Errorf("attempts %d, %d and %d; another form, and a minute later, are attempts of their own", first.ID, other.ID, later.ID)
	}
	if _, err := s.StartAttempt(s.ctx, s.dana, s.elsewhere.ID, scenario, assessments.FormText); fault.KindOf(err) != fault.NotFound {
		t.Errorf("starting for somebody out of sight = %v, want NotFound", err)
	}
}
