package content_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pitchside/content"
)

const (
	shortestSample = 900 // words of a conversation
	longestSample  = 1400
	samplesAMethod = 2
	reasonWords    = 15
)

// Two conversations for each method, whole enough to calibrate on.
func TestSamplesAreSound(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("samples/*.md")
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string]int{}
	scenarios := map[string]*content.Document{}
	for _, d := range builtIn(t) {
		if d.Scenario != nil {
			scenarios[d.Slug] = d
		}
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, problems, err := content.LintSample(file, body)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s:%d %s %s", p.File, p.Line, p.Cause, p.Remedy)
		}
		if n := s.Words(); n < shortestSample || n > longestSample {
			t.Errorf("%s: %d words, want %d to %d", file, n, shortestSample, longestSample)
		}
		for _, one := range s.Scores {
			if len(strings.Fields(one.Reason)) < reasonWords {
				t.Errorf("%s: the reason for %s is short: %s", file, one.Criterion, one.Reason)
			}
		}
		for _, turn := range s.Turns {
			for _, word := range []string{"consultative", "SPIN", "implication", "need-payoff", "Challenger", "reframe", "nine-box", "rubric"} {
				if strings.Contains(strings.ToLower(turn.Text), strings.ToLower(word)) {
					t.Errorf("%s: at %s somebody says %q", file, turn.Clock(), word)
				}
			}
		}
		if d := scenarios[s.Scenario]; d != nil {
			methods[d.Scenario.Method]++
		}
	}
	for _, method := range []string{"consultative", "solution", "challenger", "spin"} {
		if methods[method] != samplesAMethod {
			t.Errorf("%d samples of the method %s, want %d", methods[method], method, samplesAMethod)
		}
	}
	all, err := content.Samples()
	if err != nil || len(all) != len(files) {
		t.Errorf("%d samples are read, want %d: %v", len(all), len(files), err)
	}
}

// Whatever is wrong with a sample is said, with its line.
func TestSampleLint(t *testing.T) {
	t.Parallel()
	const sound = `---
title: A short one
scenario: spi1-packaging-stoppages
rubric: spi
summary: Two turns.
scores:
  - {criterion: situation_economy, level: 3, quote: Which night, reason: Because.}
  - {criterion: problem, level: 3, quote: Which night, reason: Because.}
  - {criterion: implication, level: 3, quote: Which night, reason: Because.}
  - {criterion: need_payoff, level: 3, quote: Which night, reason: Because.}
  - {criterion: presentation, level: 3, quote: Which night, reason: Because.}
  - {criterion: commitment, level: 3, quote: Which night, reason: Because.}
---

[00:02] Rep: Which night is worst?
[00:05] Martin: Thursday.
`
	for what, c := range map[string]struct{ from, to, says string }{
		"a sound one":               {"", "", ""},
		"no front matter":           {"---\ntitle", "title", "does not begin with its front matter"},
		"an unknown scenario":       {"scenario: spi1-packaging-stoppages", "scenario: spi9", "There is no scenario “spi9”"},
		"an unknown rubric":         {"rubric: spi", "rubric: spy", "There is no rubric “spy”"},
		"the rubric of another":     {"rubric: spi", "rubric: sol", "scored with the rubric “spi”"},
		"an unknown criterion":      {"criterion: problem", "criterion: problems", "no criterion “problems”"},
		"a criterion left out":      {"criterion: problem", "criterion: problems", "no score for “problem”"},
		"a criterion twice":         {"criterion: problem", "criterion: implication", "two scores for “implication”"},
		"a level of 0":              {"criterion: problem, level: 3", "criterion: problem, level: 0", "outside 1 to 5"},
		"a level of 6":              {"criterion: problem, level: 3", "criterion: problem, level: 6", "outside 1 to 5"},
		"a quote nobody said":       {"criterion: problem, level: 3, quote: Which night", "criterion: problem, level: 3, quote: Which day", "not in what the rep says"},
		"a quote of the buyer":      {"criterion: problem, level: 3, quote: Which night", "criterion: problem, level: 3, quote: Thursday", "not in what the rep says"},
		"a line that is no turn":    {"[00:05] Martin", "Martin", "not a turn"},
		"a time that runs back":     {"[00:05]", "[00:01]", "no later than the one before"},
		"a third speaker":           {"Martin: Thursday.", "Martin: Thursday.\n[00:08] Bev: Friday.", "neither Rep nor Martin"},
		"a speaker twice in a row":  {"Martin: Thursday.", "Martin: Thursday.\n[00:08] Martin: Friday.", "twice in a row"},
		"a score without a reason":  {"criterion: problem, level: 3, quote: Which night, reason: Because.", "criterion: problem, level: 3, quote: Which night", "reason"},
		"a key that nobody reads":   {"summary:", "mood: grey\nsummary:", "mood"},
		"a title that is not there": {"title: A short one\n", "", "title"},
	} {
		s, problems, err := content.LintSample("samples/one.md", []byte(strings.Replace(sound, c.from, c.to, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if c.says == "" {
			if len(problems) > 0 || len(s.Turns) != 2 || s.Scores[1].StartMS != 2000 || s.Slug != "one" {
				t.Errorf("%s: %+v %+v", what, problems, s)
			}
			continue
		}
		found := false
		for _, p := range problems {
			found = found || strings.Contains(p.Cause+" "+p.Remedy, c.says)
		}
		if !found {
			t.Errorf("%s: no problem says %q: %+v", what, c.says, problems)
		}
	}
}
