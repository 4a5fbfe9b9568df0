package beats_test

import (
	"slices"
	"testing"

	"pitchside/content/beats"
	"pitchside/internal/fault"

	"github.com/google/go-cmp/cmp"
)

// winning is the shortest way to the best ending of the packaging scenario.
var winning = []string{"opening/ears", "trouble/walk-in", "morning-after/clocked-on", "bev-would/hours-of-warning", "explicit/some-thursdays", "fair-enough/need-to-see", "what-id-need/tuesday-two"}

func TestGame(t *testing.T) {
	t.Parallel()
	s, _ := script(t)
	g, err := s.Begin("attempt 7")
	if err != nil {
		t.Fatal(err)
	}
	if g.Buyer() != "You’ve got ten minutes. What is it you do?" || len(g.Offers()) != 5 || g.Debrief() != nil {
		t.Errorf("the opening: %q %d", g.Buyer(), len(g.Offers()))
	}
	if err := g.Choose("opening/gone"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a line that is not on offer: %v", err)
	}
	for _, c := range winning {
		if !slices.ContainsFunc(g.Offers(), func(o beats.Offer) bool { return o.ID == c }) {
			t.Fatalf("%s is not offered: %v", c, g.Offers())
		}
		if err := g.Choose(c); err != nil {
			t.Fatal(err)
		}
	}
	d := g.Debrief()
	if !g.Ended() || d == nil || d.Ending != "plan-with-bev" || d.Kind != "advance" || d.Buyer != g.Buyer() || len(g.Offers()) != 0 {
		t.Fatalf("the ending: %+v", d)
	}
	if err := g.Choose(winning[0]); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a choice after the end: %v", err)
	}
	if len(d.Remarks) == 0 || len(d.Turns) == 0 || len(d.Turns) > 6 || len(d.Moves) != len(winning) || len(d.Success) != 3 || d.Success[1].Met {
		t.Errorf("the debrief: %+v", d)
	}
	want := []beats.Showing{{"situation_economy", 0}, {"problem", 3}, {"implication", 3}, {"need_payoff", 4}, {"presentation", 0}, {"commitment", 5}}
	if diff := cmp.Diff(want[5], d.Levels[5]); diff != "" || d.Levels[0] != want[0] || d.Levels[1] != want[1] {
		t.Errorf("levels %v", d.Levels)
	}
	shown := slices.Clone(d.Closing)
	for _, m := range d.Moves {
		shown = append(shown, m.Evidence...)
	}
	if !slices.Contains(shown, want[1]) || !slices.Contains(shown, want[3]) || !slices.Contains(shown, want[5]) {
		t.Errorf("neither a line nor the ending shows %v: %v", want, shown)
	}
	again, err := s.Replay("attempt 7", winning)
	if err != nil || cmp.Diff(d, again.Debrief()) != "" {
		t.Errorf("the replay differs: %v", err)
	}
}

// The order of offers is fixed for an attempt and differs between attempts.
func TestOffersAreShuffledByAttempt(t *testing.T) {
	t.Parallel()
	s, _ := script(t)
	orders := map[string]bool{}
	for _, key := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		var ids [2]string
		for i := range ids {
			g, err := s.Begin(key)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range g.Offers() {
				ids[i] += o.ID + " "
			}
		}
		if ids[0] != ids[1] {
			t.Errorf("attempt %s: %s, then %s", key, ids[0], ids[1])
		}
		orders[ids[0]] = true
	}
	if len(orders) < 4 {
		t.Errorf("eight attempts had only %d orders", len(orders))
	}
}

// A script with errors is never played.
func TestBrokenScript(t *testing.T) {
	t.Parallel()
	s, notes := script(t, "move: feature", "move: charm")
	if _, err := s.Begin("x"); fault.KindOf(err) != fault.Conflict || len(notes.Problems) != 1 {
		t.Errorf("%v, %v", err, notes.Problems)
	}
}
