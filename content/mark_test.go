package content_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/internal/fault"

	"github.com/google/go-cmp/cmp"
)

// read returns the only question of a lesson.
func read(t *testing.T, heading, answers string) *content.Question {
	t.Helper()
	id, _, _ := content.Identify("courses/c/01-l.md")
	d := content.Read(id, []byte(lesson("### What? {#q-a "+heading+"}\n"+answers+"? A hint.\n! Because.\n")))
	if content.Failed(d.Problems) || len(d.Lesson.Questions) != 1 {
		t.Fatal(d.Problems)
	}
	return d.Lesson.Questions[0]
}

// answer writes an answer, whose options are named by their text in <>.
func answer(q *content.Question, pattern string) json.RawMessage {
	for _, list := range [][]content.Option{q.Options, q.Left, q.Right} {
		for _, o := range list {
			pattern = strings.ReplaceAll(pattern, "<"+o.Text+">", o.ID)
		}
	}
	return json.RawMessage(pattern)
}

func TestMark(t *testing.T) {
	t.Parallel()
	const (
		single   = "- ( ) a\n  > No, a.\n- (x) b\n  > Yes, b.\n- ( ) c\n"
		multiple = "- [x] a\n- [x] b\n- [x] c\n- [ ] d\n  > Not d.\n- [ ] e\n"
		matching = "- a -> 1\n  > It is 1.\n- b -> 2\n- c -> 1\n- d -> 3\n"
		ordering = "1. a\n2. b\n   > b rests on a.\n3. c\n"
	)
	for _, c := range []struct {
		heading, answers, answer string
		earned                   float64
		correct                  bool
		feedback                 string
	}{
		{"points=2", single, `"<b>"`, 2, true, "Yes, b."},
		{"points=2", single, `"<a>"`, 0, false, "No, a."},
		{"", single, `"<c>"`, 0, false, ""},
		{"points=3", multiple, `["<a>","<b>","<c>"]`, 3, true, ""},
		{"points=3", multiple, `["<a>","<b>"]`, 2, false, ""},
		{"points=3", multiple, `["<a>","<b>","<d>"]`, 1, false, "Not d."},
		{"points=3", multiple, `["<a>","<d>","<e>"]`, 0, false, "Not d."},
		{"points=3", multiple, `["<a>","<b>","<c>","<d>","<e>"]`, 1, false, "Not d."},
		{"points=3", multiple, `[]`, 0, false, ""},
		{"", "[[Rework | re-work]]\n", `" rEWORK  "`, 1, true, ""},
		{"", "[[Rework | re-work]]\n", `"Re-Work"`, 1, true, ""},
		{"", "[[Rework | re-work]]\n", `"re work"`, 0, false, ""},
		{"", "[[café]]\n", `"CAFE\u0301"`, 1, true, ""},
		{"", "[[= 42 +- 2]]\n", `44`, 1, true, ""},
		{"", "[[= 42 +- 2]]\n", `40.0`, 1, true, ""},
		{"", "[[= 42 +- 2]]\n", `44.0001`, 0, false, ""},
		{"", "[[= 0.3 +- 0.1]]\n", `0.4`, 1, true, ""},
		{"", "[[= 0.3 ± 0.1]]\n", `0.2`, 1, true, ""},
		{"", "[[= -5]]\n", `-5`, 1, true, ""},
		{"", "[[= 1170]]\n", `" 1,170 "`, 1, true, ""},
		{"", "[[= -4.5]]\n", `"−4.5"`, 1, true, ""},
		{"points=4", matching, `{"<a>":"<1>","<b>":"<2>","<c>":"<1>","<d>":"<3>"}`, 4, true, ""},
		{"points=4", matching, `{"<a>":"<2>","<b>":"<2>","<c>":"<1>"}`, 2, false, "It is 1."},
		{"points=4", matching, `{}`, 0, false, "It is 1."},
		{"points=2 order", ordering, `["<a>","<b>","<c>"]`, 2, true, ""},
		{"points=2 order", ordering, `["<a>","<c>","<b>"]`, 0, false, "b rests on a."},
		{"points=2 order", ordering, `["<a>","<b>"]`, 0, false, ""},
	} {
		q := read(t, c.heading, c.answers)
		got, err := content.Mark(q, answer(q, c.answer))
		if err != nil {
			t.Errorf("%s: %v", c.answer, err)
			continue
		}
		if got.Earned != c.earned || got.Max != q.Points || got.Correct != c.correct || got.Feedback != c.feedback || got.Explanation != "Because." {
			t.Errorf("%s to %s: %+v", c.answer, c.answers, got)
		}
	}
	open, err := content.Mark(read(t, "", "[[...]]\n"), json.RawMessage(`"My view."`))
	if err != nil || !open.Pending || open.Correct {
		t.Errorf("open text: %+v, %v", open, err)
	}
}

func TestMarkRefusesOtherShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ heading, answers, answer string }{
		{"", "- ( ) a\n- (x) b\n", `["<b>"]`},
		{"", "- ( ) a\n- (x) b\n", `"gone"`},
		{"", "- ( ) a\n- (x) b\n", `null`},
		{"", "- [ ] a\n- [x] b\n", `"<b>"`},
		{"", "- [ ] a\n- [x] b\n", `["<b>","<b>"]`},
		{"", "- [ ] a\n- [x] b\n", `null`},
		{"", "[[a]]\n", `3`},
		{"", "[[= 3]]\n", `"three"`},
		{"", "[[= 3]]\n", `"1e999999999"`},
		{"", "[[= 3]]\n", `null`},
		{"", "- a -> 1\n- b -> 2\n", `{"<a>":"<b>"}`},
		{"", "- a -> 1\n- b -> 2\n", `{"<1>":"<a>"}`},
		{"order", "1. a\n2. b\n", `{"<a>":1}`},
		{"", "[[...]]\n", `1`},
		{"", "- ( ) a\n- (x) b\n", `{`},
	} {
		q := read(t, c.heading, c.answers)
		if got, err := content.Mark(q, answer(q, c.answer)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s to %q: %+v, %v", c.answer, c.answers, got, err)
		}
	}
}

func TestPublicQuestionTellsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ heading, answers string }{
		{"", "- ( ) a\n  > No.\n- (x) b\n  > Yes.\n"},
		{"", "- [x] a\n- [ ] b\n"},
		{"", "[[secret]]\n"},
		{"", "[[= 42]]\n"},
		{"", "- a -> 1\n- b -> 2\n- c -> 3\n"},
		{"order", "1. a\n2. b\n"},
		{"order", "1. a\n2. b\n3. c\n4. d\n"},
	} {
		q := read(t, c.heading, c.answers)
		p := q.Public()
		body, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]json.RawMessage
		if err := json.Unmarshal(body, &keys); err != nil {
			t.Fatal(err)
		}
		for k := range keys {
			if !strings.Contains("id kind text points options left right", k) {
				t.Errorf("key %s in %s", k, body)
			}
		}
		for _, secret := range []string{"secret", "42", "Because", "Yes.", "orrect"} {
			if strings.Contains(string(body), secret) {
				t.Errorf("%s in %s", secret, body)
			}
		}
		if q.Kind == content.Ordering {
			for i := range p.Options {
				if i == len(p.Options)-1 || p.Options[i].ID != q.Options[i].ID {
					break
				}
				if i == len(p.Options)-2 {
					t.Errorf("the order given is the right one: %s", body)
				}
			}
		}
		if q.Kind == content.Matching && (len(p.Right) != 3 || p.Right[0].ID == q.Match(p.Left[0].ID) && p.Right[1].ID == q.Match(p.Left[1].ID)) {
			t.Errorf("the pairs stand side by side: %s", body)
		}
	}
}

// Ids are kept when the order or the key changes, and when text elsewhere does.
func TestOptionIDsAreStable(t *testing.T) {
	t.Parallel()
	ids := func(answers string) (out []string) {
		for _, o := range read(t, "", answers).Options {
			out = append(out, o.Text+o.ID)
		}
		return out
	}
	first, second := ids("- ( ) a\n- (x) b\n- ( ) c\n- ( ) c\n"), ids("- (x) b\n  > New.\n- ( ) a\n- ( ) c\n- ( ) c\n")
	second[0], second[1] = second[1], second[0]
	if d := cmp.Diff(first, second); d != "" || first[2] == first[3] {
		t.Error(d, fmt.Sprint(first))
	}
}
