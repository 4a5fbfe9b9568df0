package beats_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"pitchside/content/beats"
	"pitchside/content/source"

	"github.com/google/go-cmp/cmp"
)

// script reads the beats of the built-in packaging scenario, changed by edits
// of the form old, new.
func script(t *testing.T, edits ...string) (*beats.Script, *source.Notes) {
	t.Helper()
	body, err := os.ReadFile("../library/scenarios/spi1-packaging-stoppages.md")
	if err != nil {
		t.Fatal(err)
	}
	_, yaml, ok := strings.Cut(string(body), "## Beats\n\n```yaml\n")
	if !ok {
		t.Fatal("the scenario has no beats")
	}
	yaml, _, _ = strings.Cut(yaml, "\n```")
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(yaml, edits[i]) {
			t.Fatalf("nothing to edit: %q", edits[i])
		}
		yaml = strings.Replace(yaml, edits[i], edits[i+1], 1)
	}
	text, _ := source.Read([]byte(yaml))
	notes := &source.Notes{File: "x.md"}
	s := beats.Read(text, notes)
	if s == nil {
		t.Fatal(notes.Problems)
	}
	return s, notes
}

// TestExemplar compares with the figures that the format's own checker prints.
func TestExemplar(t *testing.T) {
	t.Parallel()
	s, notes := script(t)
	s.Criteria([]string{"situation_economy", "problem", "implication", "need_payoff", "presentation", "commitment"}, notes)
	f, ok := s.Lint(notes)
	if !ok || len(notes.Problems) > 0 {
		t.Fatalf("whole %v, problems %v", ok, notes.Problems)
	}
	want := beats.Figures{
		Beats: 44, Choices: 177, Lines: 57, Endings: 9, Turns: 124,
		Positions: 23_686, Plays: 1_133_561, AdvancePlays: 270_668, Shortest: 3, Longest: 15,
		Advance: 0.055,
		Chance: map[string]float64{"plan-with-bev": .002, "half-hour-with-bev": .038, "thursday-visit": .015, "send-quote": .139, "ring-me": .146,
			"send-paper": .296, "polite-no": .155, "time-up": .059, "thrown-out": .149},
		ShortestTo: map[string]int{"plan-with-bev": 7, "half-hour-with-bev": 5, "thursday-visit": 5, "send-quote": 3, "ring-me": 3,
			"send-paper": 3, "polite-no": 3, "time-up": 9, "thrown-out": 3},
		Notes: []string{
			"Of 44 beats with three choices or more, the most promising one is the longest in 7, the shortest in 4, the first in 12.",
			"One play can meet sums twice, with another line.", "One play can meet enough twice, with another line.", "One play can meet cold twice, with another line.",
		},
	}
	for name, chance := range f.Chance {
		f.Chance[name] = math.Round(1000*chance) / 1000
	}
	f.Advance = math.Round(1000*f.Advance) / 1000
	if d := cmp.Diff(want, f); d != "" {
		t.Error(d)
	}
}
