package assessments_test

import (
	"testing"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/google/go-cmp/cmp"
)

func (s stage) text() int64 {
	s.t.Helper()
	a, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, scenario, assessments.FormText)
	s.must(err)
	return a.ID
}

// talk says the first offered line until the conversation is over.
func (s stage) talk(id int64) assessments.Play {
	s.t.Helper()
	play, err := s.Play(s.ctx, s.dana, id)
	s.must(err)
	for n := 0; !play.Ended; n++ {
		if n > 40 {
			s.t.Fatal("the conversation does not end")
		}
		play, err = s.Say(s.ctx, s.dana, id, play.Choices[0].ID, &play.Seq)
		s.must(err)
	}
	return play
}

func TestTextBuyer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.text()
	start, err := s.Play(s.ctx, s.dana, id)
	s.must(err)
	if start.Seq != 0 || start.Buyer == "" || len(start.Choices) < 2 || start.Ended || start.Debrief != nil || len(start.Log) != 1 {
		t.Fatalf("at the start: %+v", start)
	}
	if _, err := s.Say(s.ctx, s.dana, id, "opening/no-such-line", &start.Seq); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a line that is not offered = %v, want Invalid", err)
	}
	if _, err := s.Say(s.ctx, s.ana, id, start.Choices[0].ID, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else speaking = %v, want NotFound", err)
	}
	first, err := s.Say(s.ctx, s.dana, id, start.Choices[0].ID, &start.Seq)
	s.must(err)
	for _, seq := range []*int{&start.Seq, nil} { // the double click, with and without its number
		again, err := s.Say(s.ctx, s.dana, id, start.Choices[0].ID, seq)
		s.must(err)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("the same choice twice (-first +again):\n%s", diff)
		}
	}
	if _, err := s.Say(s.ctx, s.dana, id, start.Choices[1].ID, &start.Seq); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another choice from a stale window = %v, want Conflict", err)
	}
	if err := s.Submit(s.ctx, s.dana, id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("submitting in mid-talk = %v, want Conflict", err)
	}
	end := s.talk(id)
	if end.Debrief == nil || end.Debrief.Title == "" || len(end.Debrief.Levels) != 6 || len(end.Debrief.Says) == 0 || len(end.Choices) != 0 {
		t.Fatalf("at the end: %+v", end)
	}
	reread, err := s.Play(s.ctx, s.dana, id)
	s.must(err)
	if diff := cmp.Diff(end, reread); diff != "" {
		t.Errorf("the log played again differs (-end +again):\n%s", diff)
	}
	if n := s.count(`select count(*) from attempt_turns where attempt_id = $1 and state ? 'trust'`, id); n != end.Seq {
		t.Errorf("%d choices logged with their state, want %d", n, end.Seq)
	}
}

// The text buyer's levels are an assessor of their own.
func TestTextBuyerSheet(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.text()
	end := s.talk(id)
	s.must(s.Submit(s.ctx, s.dana, id))
	s.must(s.Submit(s.ctx, s.dana, id))
	sheets, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if len(sheets) != 1 || sheets[0].Source != "text_buyer" || sheets[0].AssessorID != nil || !sheets[0].Released() {
		t.Fatalf("sheets = %+v, want the text buyer's alone", sheets)
	}
	for _, l := range end.Debrief.Levels {
		got := sheets[0].Score(l.Criterion)
		if diff := cmp.Diff(l.Level, got.Level); diff != "" {
			t.Errorf("%s on the sheet (-debrief +sheet):\n%s", l.Criterion, diff)
		}
		if len(l.Lines) > 0 && got.Quote == "" {
			t.Errorf("%s has lines but no quote", l.Criterion)
		}
	}
	for _, e := range s.evidence(id) {
		if e.Source != "text_buyer" {
			t.Errorf("evidence of source %s", e.Source)
		}
	}
	turns, err := s.Transcript(s.ctx, s.ana, id)
	s.must(err)
	if len(turns) != 2*end.Seq+1 || turns[0].Speaker != assessments.Buyer || turns[1].Speaker != assessments.Rep {
		t.Errorf("the coach reads %d turns, want %d beginning with the buyer", len(turns), 2*end.Seq+1)
	}
	blind, err := s.Sheets(s.ctx, s.ana, id)
	s.must(err)
	if len(blind) != 0 {
		t.Errorf("the coach reads %+v before scoring", blind)
	}
	if _, err := s.Play(s.ctx, s.ana, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the coach playing = %v, want NotFound", err)
	}
	if _, err := s.Say(s.ctx, s.dana, id, "opening/the-boss", &end.Seq); fault.KindOf(err) != fault.Conflict {
		t.Errorf("speaking after submission = %v, want Conflict", err)
	}
}

func TestBuyerSideIsForItsHolders(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sc, err := s.Scenario(s.ctx, scenario)
	s.must(err)
	if sc.BuyerOpenTo(s.dana) || sc.BuyerOpenTo(s.mo) || !sc.BuyerOpenTo(s.ben) {
		t.Error("the buyer's side is for coaches and authors alone")
	}
	if sc.Opening() == "" || sc.Buyer == "" || sc.PersonaName() != "Martin Hale" {
		t.Errorf("scenario = %q by %q", sc.Opening(), sc.PersonaName())
	}
}
