package beats_test

import (
	"strings"
	"testing"

	"pitchside/content/beats"
	"pitchside/content/source"
)

// small is a script without problems, for breaking: two good questions, and
// then the right ask, reach an advance.
const small = `beats_format: 1
start: hello
state:
  trust: {start: 1, min: 0, max: 3}
  time: {start: 5, min: 0, max: 5}
tick: {time: -1}
interrupts:
  - {when: "time <= 0", to: over}
promises:
  - {at: deal, when: "trust >= 3", says: "Only who is trusted gets there."}
score:
  ask: {rule: best}
beats:
  hello:
    buyer:
      - {when: "trust >= 3", says: "Go on then."}
      - {when: "trust == 2", says: "Well."}
      - says: "Yes?"
    choices:
      - {id: ask, says: "What happens when it stops on a Thursday night?", move: problem, effect: {trust: 1}, evidence: {ask: 3}, to: hello, when: "trust <= 2"}
      - {id: tell, says: "Ours never stops.", move: claim, evidence: {ask: 1}, to: over}
      - {id: talk, says: "Let me tell you about a customer of ours in the north, who had it worse.", move: rapport, turn: "You told a story.", to: over, when: "trust <= 2"}
      - {id: go, says: "Thursday at ten, with Bev?", move: advance, evidence: {ask: 4}, to: deal, when: "trust >= 3"}
endings:
  deal: {kind: advance, title: D, buyer: "Thursday.", debrief: "An advance."}
  over: {kind: "no", title: O, buyer: "No.", debrief: "A no."}
`

func problems(t *testing.T, yaml string) []source.Problem {
	t.Helper()
	text, _ := source.Read([]byte(yaml))
	notes := &source.Notes{File: "x.md"}
	if s := beats.Read(text, notes); s != nil {
		s.Lint(notes)
	}
	return notes.Problems
}

func TestLintRules(t *testing.T) {
	t.Parallel()
	if got := problems(t, small); len(got) > 0 {
		t.Fatalf("the sound script: %+v", got)
	}
	for _, c := range []struct{ name, from, to, want string }{
		{"format", "beats_format: 1", "beats_format: 2", "The beats do not say which format they are in."},
		{"unknown key at the top", "beats_format: 1", "beats_format: 1\ncolour: red", "The key “colour” means nothing here."},
		{"unknown key of a choice", `move: rapport,`, `move: rapport, colour: red,`, "The key “colour” means nothing here."},
		{"unknown move", "move: rapport", "move: charm", "“charm” is no known move."},
		{"no move", "move: rapport, ", "", "“move” is missing."},
		{"unknown criterion", "evidence: {ask: 1}", "evidence: {charm: 1}", "This shows “charm”, which is no criterion of the score."},
		{"level out of range", "evidence: {ask: 1}", "evidence: {ask: 6}", "The level 6 is not 1 to 5."},
		{"unknown target", `turn: "You told a story.", to: over`, `turn: "You told a story.", to: nowhere`, "There is no beat or ending “nowhere”."},
		{"unknown start", "start: hello", "start: hullo", "There is no beat “hullo” to start with."},
		{"interrupt to a beat", `"time <= 0", to: over`, `"time <= 0", to: hello`, "“hello” is not an ending."},
		{"id twice", "id: talk", "id: tell", "The id “hello/tell” is there twice in this beat."},
		{"words twice", `"Let me tell you about a customer of ours in the north, who had it worse."`, `"Ours never stops."`, "hello/talk says the same words as another choice here."},
		{"unreadable guard", `"trust == 2"`, `"trust is 2"`, `The guard "trust is 2" cannot be read.`},
		{"unknown state", `"trust == 2"`, `"mood == 2"`, `The guard asks for "mood", which is not in the state.`},
		{"always true", `"time <= 0"`, `"time <= 5"`, "“time <= 5” is always true, as time runs from 0 to 5."},
		{"start out of range", "start: 5, min: 0, max: 5", "start: 6, min: 0, max: 5", "time starts at 6, outside 0 to 5."},
		{"effect of nothing", "effect: {trust: 1}", "effect: {trust: 0}", "The effect on trust is 0."},
		{"effect too wide", "effect: {trust: 1}", "effect: {trust: 4}", "The effect on trust is wider than its range."},
		{"effect that changes nothing", "move: advance,", "move: advance, effect: {trust: 1},", "The effect of hello/go on trust never changes anything."},
		{"choice for nothing", `, turn: "You told a story."`, "", "hello/talk has no effect, no evidence and no turn: nothing follows from it."},
		{"last line guarded", `- says: "Yes?"`, `- {when: "trust <= 1", says: "Yes?"}`, "The last of several has a guard, so it can happen that none holds."},
		{"earlier line not guarded", `{when: "trust == 2", says: "Well."}`, `{says: "Well."}`, "Only the last of several may be without a guard"},
		{"gives beside several lines", "    choices:", "    gives: {trust: 1}\n    choices:", "“gives” stands beside several lines, so it belongs to none."},
		{"unreachable beat", "endings:", "  lost:\n    buyer: Hm.\n    choices:\n      - {id: a, says: A, move: wait, turn: T, to: over}\n      - {id: b, says: B, move: wait, turn: T, to: over}\nendings:", "Unreachable beat: no play gets to lost."},
		{"unreachable choice", `to: deal, when: "trust >= 3"}`, `to: deal, when: "trust >= 3"}` + "\n      - {id: never, says: N, move: wait, turn: T, to: over, when: \"trust >= 3 and time >= 4\"}", "Unreachable choice: no play is offered hello/never."},
		{"unreachable line", `- says: "Yes?"`, "- {when: \"trust <= 1\", says: \"Yes?\"}\n      - says: \"Hm.\"", "Unreachable line: no play hears line 4 of hello."},
		{"unreachable branch", "to: deal, when:", "to: [{when: \"time <= 1\", to: over}, {to: deal}], when:", "Unreachable branch: hello/go never leads to over."},
		{"unreachable ending", "endings:", "endings:\n  gone: {kind: out, title: G, buyer: B, debrief: D}", "Unreachable ending: no play gets to gone."},
		{"unreachable debrief line", `debrief: "A no."`, `debrief: [{says: A}, {when: "trust == 0", says: B}]`, "Unreachable debrief line: number 2 of over"},
		{"fewer than two", `to: over}` + "\n      - {id: talk", `to: over, when: "trust <= 2"}` + "\n      - {id: talk", "Some plays are offered fewer than two choices at hello."},
		{"unwinnable", "kind: advance", "kind: continuation", "Unwinnable: no play reaches an advance."},
		{"unlosable", `kind: "no"`, "kind: advance", "Unlosable: every play reaches an advance."},
		{"endless", `turn: "You told a story.", to: over`, "effect: {time: 1}, to: hello", "Endless: play can come back to hello in the same state."},
		{"repeated line", `{when: "trust == 2", says: "Well."}`, `{when: "trust == 2 and time >= 5", says: "Well."}`, "Repeated line: one play can hear line 3 of hello twice."},
		{"broken promise", `"trust >= 3", says: "Only`, `"time >= 4", says: "Only`, "Broken promise: “Only who is trusted gets there.”"},
		{"too hard", "      - {id: go", "      - {id: x, says: X, move: wait, turn: T, to: over}\n      - {id: go", "Random play reaches an advance in"},
		{"too easy", `turn: "You told a story.", to: over`, `turn: "You told a story.", to: deal`, "Random play reaches an advance in"},
		{"blind", `"Let me tell you about a customer of ours in the north, who had it worse."`, `"Let me tell you."`, "A blind rule wins: always choosing the longest line reaches an advance."},
		{"dead end", "      - {id: tell", "      - {id: wall, says: \"(Nothing.)\", move: wait, effect: {time: -2}, to: wall, when: \"trust <= 2\"}\n      - {id: tell",
			"There is no beat or ending “wall”."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(small, c.from) {
				t.Fatalf("nothing to change: %s", c.from)
			}
			var all []string
			for _, p := range problems(t, strings.Replace(small, c.from, c.to, 1)) {
				all = append(all, p.Cause)
				if p.Line < 1 || p.Remedy == "" || p.Severity != source.Error {
					t.Errorf("place or remedy of %+v", p)
				}
			}
			for _, cause := range all {
				if strings.HasPrefix(cause, c.want) {
					return
				}
			}
			t.Errorf("want %q among %q", c.want, all)
		})
	}
}

func TestDeadEnd(t *testing.T) {
	t.Parallel()
	stuck := strings.Replace(small, `move: claim, evidence: {ask: 1}, to: over}`, `move: claim, evidence: {ask: 1}, to: over, when: "trust <= 2"}`, 1)
	stuck = strings.Replace(stuck, `to: deal, when: "trust >= 3"}`, `to: deal, when: "trust >= 3 and time >= 4"}`, 1)
	for _, p := range problems(t, stuck) {
		if p.Cause == "Dead end: hello can offer nothing to say." {
			return
		}
	}
	t.Errorf("%+v", problems(t, stuck))
}

// What cannot be read at all, and what is far too large, is said and not played.
func TestOddities(t *testing.T) {
	t.Parallel()
	for yaml, want := range map[string]string{
		"":            "The beats do not say which format they are in.",
		"- a\n- b\n":  "This should be a map.",
		"beats: [":    "The YAML cannot be read",
		"beats: text": "The beats do not say which format they are in.",
		"a: &a [*a]":  "",
		strings.Replace(small, "time: {start: 5, min: 0, max: 5}", "time: {start: 5, min: 0, max: 2000000000}", 1): "time has a range of more than 1000.",
	} {
		got := problems(t, yaml)
		if len(got) == 0 || !strings.HasPrefix(got[0].Cause, want) && !strings.Contains(want, "range") {
			t.Errorf("%.20q: %+v", yaml, got)
		}
	}
}
