package assessments_test

import (
	"strings"
	"sync"
	"testing"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
)

func TestAskAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	_, _, err := s.SaveSheet(s.ctx, s.dana, id, s.dana.ID, assessments.SheetInput{Scores: levels(3, 3, 3, 3, 3, 3)}, nil)
	s.must(err)
	_, err = s.Release(s.ctx, s.dana, id, s.dana.ID)
	s.must(err)
	note := "Nervous, I think."
	_, _, err = s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(4, 2), Keep: "The opening.", TryNext: "One more question.", PrivateNote: &note}, nil)
	s.must(err)
	s.must(s.Comment(s.ctx, s.ana, id, 4, "implication", "And then?"))
	_, _, err = s.SaveSheet(s.ctx, s.ben, id, s.ben.ID, assessments.SheetInput{Scores: levels(1), Keep: "Ben’s words."}, nil)
	s.must(err)

	if err := s.AskAgain(s.ctx, s.ana, id, "no"); fault.FieldsOf(err)["again"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	for name, by := range map[string]func() error{
		"the rep":    func() error { return s.AskAgain(s.ctx, s.dana, id, "I would like another go at it.") },
		"a stranger": func() error { return s.AskAgain(s.ctx, s.elsewhere, id, "I would like another go at it.") },
		"a manager":  func() error { return s.AskAgain(s.ctx, s.mo, id, "I would like another go at it.") },
	} {
		if err := by(); fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s may ask: %v", name, err)
		}
	}
	s.must(s.AskAgain(s.ctx, s.ana, id, "Ask what the stop leads to, twice."))
	s.must(s.AskAgain(s.ctx, s.ana, id, "Ask what the stop leads to, twice."))
	if n := s.count(`select count(*) from resubmissions where attempt_id = $1`, id); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if n := s.count(`select count(*) from evidence where attempt_id = $1 and withdrawn_at is null`, id); n != 0 {
		t.Errorf("%d pieces of evidence are left of the first hand-in", n)
	}
	if _, _, err := s.SaveSheet(s.ctx, s.ben, id, s.ben.ID, assessments.SheetInput{Scores: levels(2)}, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a coach scores what is with the rep: %v", err)
	}

	mine, err := s.Resubmissions(s.ctx, s.dana, id)
	s.must(err)
	if len(mine) != 1 || mine[0].Reason == "" || len(mine[0].Sheets) != 1 || mine[0].Sheets[0].TryNext != "One more question." ||
		len(mine[0].Sheets[0].Comments) != 1 || mine[0].Sheets[0].Comments[0].Line != "And what does that stop lead to?" || !strings.Contains(mine[0].Words, "Line three stops") {
		t.Errorf("the rep reads %+v", mine)
	}

	a, err := s.Attempt(s.ctx, s.dana, id)
	s.must(err)
	_, err = s.SaveTranscript(s.ctx, s.dana, id, append(call(), assessments.Turn{Speaker: assessments.Rep, Text: "And what does that cost?"}), &a.Version)
	s.must(err)
	s.must(s.Submit(s.ctx, s.dana, id))
	if n := s.count(`select count(*) from notices where person_id = $1 and kind = 'attempt_again'`, s.ana.ID); n != 1 {
		t.Errorf("the coach is told %d times", n)
	}
	again, err := s.MySheet(s.ctx, s.ana, id)
	s.must(err)
	if len(again.Scores) != 0 || len(again.Comments) != 0 || again.Keep != "" || again.PrivateNote != note {
		t.Errorf("the coach’s sheet begins with %+v", again)
	}
	if bens, err := s.Resubmissions(s.ctx, s.ben, id); err != nil || len(bens) != 1 || bens[0].Reason != "" || len(bens[0].Sheets) != 1 || bens[0].Sheets[0].Keep != "Ben’s words." {
		t.Errorf("a coach who still scores reads %+v, %v", bens, err)
	}
	s.release(s.ana, id, 4, 4, 3, 3, 3, 3)
	if err := s.AskAgain(s.ctx, s.ben, id, "Please try it once more."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("asked after the scores are out: %v", err)
	}
	if both, _ := s.Resubmissions(s.ctx, s.dana, id); len(both) != 1 || len(both[0].Sheets) != 2 || both[0].AgainAt == nil {
		t.Errorf("after release the rep reads %+v", both)
	}
	if blind, _ := s.Resubmissions(s.ctx, s.ben, id); blind[0].Reason != "" || len(blind[0].Sheets) != 1 {
		t.Errorf("a coach who has released nothing reads %+v", blind)
	}
	s.must(s.Consent(s.ctx, s.dana, id, true))
	s.round(true, []int64{id}, s.ben, s.elsewhere)
	if blind, _ := s.Resubmissions(s.ctx, s.elsewhere, id); len(blind) != 1 || blind[0].Reason != "" || len(blind[0].Sheets) != 0 {
		t.Errorf("a coach of a calibration round reads %+v", blind)
	}
	if managers, _ := s.Resubmissions(s.ctx, s.mo, id); len(managers) != 1 || managers[0].Words != "" || managers[0].Reason == "" {
		t.Errorf("the manager reads %+v", managers)
	}
	if n := s.count(`select count(*) from evidence where attempt_id = $1 and source = 'coach' and withdrawn_at is null`, id); n != 3 {
		t.Errorf("%d pieces of evidence of the second sheet, want 3", n)
	}
}

// What was held, and what others rest on, is not sent back.
func TestAskAgainRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	text := s.text()
	s.talk(text)
	s.must(s.Submit(s.ctx, s.dana, text))
	if err := s.AskAgain(s.ctx, s.ana, text, "Please try it once more."); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "another attempt") {
		t.Errorf("a text conversation: %v", err)
	}
	peers := s.submitted()
	pat := s.ana
	s.must(s.AskPeer(s.ctx, s.dana, peers, s.elsewhere.ID))
	s.release(s.elsewhere, peers, 3, 3, 3, 3, 3, 3)
	if err := s.AskAgain(s.ctx, pat, peers, "Please try it once more."); fault.KindOf(err) != fault.Conflict {
		t.Errorf("when a peer’s sheet is out: %v", err)
	}
}

// Two coaches, and a rep who takes it back, at the same time: one of them wins,
// and nothing is half done.
func TestAskAgainAtOnce(t *testing.T) {
	t.Parallel()
	s := stageOn(t, pgtest.New(t))
	for range 5 {
		id := s.submitted()
		_, _, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(4, 3, 3, 3, 3, 3)}, nil)
		s.must(err)
		deeds := []func() error{
			func() error { return s.AskAgain(s.ctx, s.ana, id, "Ask what the stop leads to.") },
			func() error { return s.AskAgain(s.ctx, s.ana, id, "Ask what the stop leads to.") },
			func() error { return s.AskAgain(s.ctx, s.ben, id, "Leave out the second minute.") },
			func() error { _, err := s.Release(s.ctx, s.ana, id, s.ana.ID); return err },
			func() error { return s.Withdraw(s.ctx, s.dana, id) },
		}
		var wg sync.WaitGroup
		for _, do := range deeds {
			wg.Go(func() {
				if err := do(); err != nil && fault.KindOf(err) == fault.Defect {
					t.Errorf("a defect: %v", err)
				}
			})
		}
		wg.Wait()
		var state string
		s.must(s.db.QueryRow(s.ctx, `select state from attempts where id = $1`, id).Scan(&state))
		asked := s.count(`select count(*) from resubmissions where attempt_id = $1`, id)
		out := s.count(`select count(*) from sheets where attempt_id = $1 and state = 'released'`, id)
		shown := s.count(`select count(*) from evidence where attempt_id = $1 and withdrawn_at is null`, id)
		switch state {
		case "released":
			if asked != 0 || out != 1 || shown != 3 {
				t.Errorf("released: asked %d, out %d, evidence %d", asked, out, shown)
			}
		case "resubmit", "withdrawn":
			if asked > 1 || shown != 0 {
				t.Errorf("%s: asked %d, evidence %d", state, asked, shown)
			}
		default:
			t.Errorf("ends as %s", state)
		}
	}
}

func TestNotTriggered(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	scores := levels(4, 4, 4, 0, 3, 3)
	scores[3].NotObserved, scores[3].NotTriggered = false, true
	sheet, sum, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: scores}, nil)
	s.must(err)
	got := sheet.Score("need_payoff")
	if !got.NotTriggered || !got.NotObserved || !strings.Contains(got.Reason, "how useful a solution would be") {
		t.Errorf("kept as %+v", got)
	}
	without, _, err := s.SaveSheet(s.ctx, s.ben, id, s.ben.ID, assessments.SheetInput{Scores: levels(4, 4, 4, 0, 3, 3)}, nil)
	s.must(err)
	if *without.Overall != *sum.Value || without.Score("need_payoff").NotTriggered {
		t.Errorf("not triggered counts %v, not observed %v", *sum.Value, *without.Overall)
	}
	s.must(dropSheet(s.Release(s.ctx, s.ana, id, s.ana.ID)))
	all, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	if len(all) != 1 || all[0].Score("need_payoff").Reason == "" {
		t.Errorf("the rep reads %+v", all)
	}
	level := scores
	three := 3
	level[3].Level = &three
	if _, _, err := s.SaveSheet(s.ctx, s.ben, id, s.ben.ID, assessments.SheetInput{Scores: level}, nil); fault.FieldsOf(err)["need_payoff"] == "" {
		t.Errorf("a level that was not triggered: %v", err)
	}
}

func dropSheet(_ assessments.Sheet, err error) error { return err }

func TestUntriggeredIsProposed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.text()
	s.talk(id)
	s.must(s.Submit(s.ctx, s.dana, id))
	a, err := s.Attempt(s.ctx, s.ana, id)
	s.must(err)
	sc, err := s.Pinned(s.ctx, a)
	s.must(err)
	proposed, err := s.Untriggered(s.ctx, a, sc, nil)
	s.must(err)
	sheets, err := s.Sheets(s.ctx, s.dana, id)
	s.must(err)
	for _, sheet := range sheets {
		for _, one := range sheet.Scores {
			if (proposed[one.Criterion] != "") != one.NotTriggered {
				t.Errorf("%s: proposed %q, the text buyer says %+v", one.Criterion, proposed[one.Criterion], one)
			}
		}
	}
	at := 1000
	card := []assessments.Trigger{{Item: "objection-1", Objection: true}, {Item: "fact-1"}}
	card[0].Name, card[1].Name = "That’s normal", "The load"
	a.Form = assessments.FormLive
	live, err := s.Untriggered(s.ctx, a, sc, card)
	s.must(err)
	if !strings.Contains(live["implication"], "The load") {
		t.Errorf("no fact was told, so the difficulty is not named: %v", live)
	}
	card[1].AtMS = &at
	if live, _ := s.Untriggered(s.ctx, a, sc, card); live["implication"] != "" {
		t.Errorf("a fact was told, and yet %q", live["implication"])
	}
}

func TestEditComment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.submitted()
	s.must(s.Comment(s.ctx, s.ana, id, 4, "implication", "And then?"))
	sheet, err := s.MySheet(s.ctx, s.ana, id)
	s.must(err)
	comment := sheet.Comments[0].ID
	was := "And then?"
	s.must(s.EditComment(s.ctx, s.ana, id, comment, "What follows from it?", &was))
	s.must(s.EditComment(s.ctx, s.ana, id, comment, "What follows from it?", &was)) // a second click
	if err := s.EditComment(s.ctx, s.ana, id, comment, "Something else.", &was); fault.KindOf(err) != fault.Stale {
		t.Errorf("over newer words: %v", err)
	}
	if err := s.EditComment(s.ctx, s.ben, id, comment, "Not mine.", nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else’s: %v", err)
	}
	if err := s.EditComment(s.ctx, s.ana, id, comment, " ", nil); fault.FieldsOf(err)["comment"] == "" {
		t.Errorf("emptied: %v", err)
	}
	s.release(s.ana, id, 3, 3, 3, 3, 3, 3)
	if err := s.EditComment(s.ctx, s.ana, id, comment, "Too late.", nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("after release: %v", err)
	}
}
