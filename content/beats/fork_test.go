package beats_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is shown of the way that was taken is what was said then; looking at the
// other ways changes nothing.
func TestForks(t *testing.T) {
	t.Parallel()
	s, _ := script(t)
	g, err := s.Begin("7")
	if err != nil {
		t.Fatal(err)
	}
	var choices []string
	for !g.Ended() {
		pick := g.Offers()[len(choices)%len(g.Offers())].ID
		choices = append(choices, pick)
		if err := g.Choose(pick); err != nil {
			t.Fatal(err)
		}
	}
	forks, err := s.Forks("7", choices)
	if err != nil || len(forks) != len(choices) {
		t.Fatalf("%d moments of %d: %v", len(forks), len(choices), err)
	}
	for i, m := range g.Moves() {
		if forks[i].Buyer != m.Buyer || forks[i].Said.Says != m.Says {
			t.Errorf("moment %d is %q, %q", i, forks[i].Buyer, forks[i].Said.Says)
		}
		if diff := cmp.Diff(m.Evidence, forks[i].Said.Evidence); diff != "" {
			t.Errorf("moment %d shows other things: %s", i, diff)
		}
		answer := g.Buyer()
		if i+1 < len(g.Moves()) {
			answer = g.Moves()[i+1].Buyer
		}
		if forks[i].Said.Answer != answer || forks[i].Said.Ends != (i+1 == len(choices)) {
			t.Errorf("moment %d is answered by %q, want %q", i, forks[i].Said.Answer, answer)
		}
		again, err := s.Replay("7", choices[:i])
		if err != nil {
			t.Fatal(err)
		}
		if n := len(again.Offers()); len(forks[i].Others) != n-1 {
			t.Errorf("moment %d has %d other ways, %d were on offer", i, len(forks[i].Others), n)
		}
	}
	if end, err := s.Replay("7", choices); err != nil || cmp.Diff(g.Debrief(), end.Debrief()) != "" {
		t.Errorf("the conversation is another one afterwards: %v", err)
	}
	if _, err := s.Forks("7", append(choices, "nowhere")); err == nil {
		t.Error("a choice that was not on offer is replayed")
	}
}
