package bank_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"pitchside/content"
	"pitchside/content/bank"

	"github.com/google/go-cmp/cmp"
)

func TestReadTellsWhatBecameOfEachQuestion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		format, text string
		kinds        []string
		problems     []string // line, severity and a word of the cause
	}{
		"a choice with feedback":      {"gift", "::Capital:: What is the capital of France? {=Paris#Yes. ~Lyon#No.}", []string{"single"}, nil},
		"several right":               {"gift", "Which are primes? {~%50%2 ~%50%3 ~%-100%4}", []string{"multiple"}, nil},
		"unequal parts":               {"gift", "Which?\n{~%70%a\n~%30%b\n~%-50%c}", []string{"multiple"}, []string{"3 warning worth"}},
		"true or false":               {"gift", "Water is wet. {T#No.#Yes.}\n\nFire is cold. {FALSE}", []string{"single", "single"}, nil},
		"words":                       {"gift", "Who wrote it? {=Rackham =Neil Rackham}", []string{"short"}, nil},
		"a word for half":             {"gift", "Who? {=Neil Rackham\n=%50%Rackham}", []string{"short"}, []string{"2 warning part"}},
		"pairs":                       {"gift", "Match. {=one -> 1 =two -> 2 =three -> 3}", []string{"matching"}, nil},
		"a number":                    {"gift", "How many? {#42:2}\n\nHow much? {#1..5}", []string{"numeric", "numeric"}, nil},
		"two numbers":                 {"gift", "How many? {#=42:1 =%50%40:5}", []string{"numeric"}, []string{"1 warning part"}},
		"an essay":                    {"gift", "Describe a call. {}", []string{"open"}, nil},
		"escapes":                     {"gift", `Is 2 \= 1 + 1 \{yes\}? {=Sure \~ yes ~No \# never}`, []string{"single"}, nil},
		"a gap in the text":           {"gift", "The {=first ~second} question opens.", []string{"single"}, nil},
		"comments and Windows":        {"gift", "\ufeff// a bank\r\n\r\nWho? {=A ~B}\r\n", []string{"single"}, nil},
		"a blank line among answers":  {"gift", "Who? {\n=A\n\n~B\n}", []string{"single"}, nil},
		"a category":                  {"gift", "$CATEGORY: sales\n\nWho? {=A ~B}", []string{"single"}, []string{"1 warning Categories"}},
		"a brace too few":             {"gift", "Who? {=A ~B\n\nWhat? {=C ~D}", []string{"single"}, []string{"1 error braces"}},
		"no right answer":             {"gift", "Who?\n{~A ~B}", nil, []string{"2 error right"}},
		"two right among wrong":       {"gift", "Who? {=A =B ~C}", nil, []string{"1 error marked as right"}},
		"a text alone":                {"gift", "Read this first.", nil, []string{"1 error without answers"}},
		"two gaps":                    {"gift", "The {=a ~b} and the {=c ~d}.", nil, []string{"1 error several gaps"}},
		"a picture":                   {"gift", `[html]<img src="x.png"> What is it? {=A ~B}`, []string{"single"}, []string{"1 warning picture"}},
		"half a pair":                 {"gift", "Match.\n{=one -> 1\n=two}", nil, []string{"3 error one side"}},
		"no number":                   {"gift", "How many? {#many}", nil, []string{"1 error no number"}},
		"aiken":                       {"aiken", "What opens a call?\nA. A pitch\nB) A question\nANSWER: B\n\nAnd then?\nA. Listen\nB. Talk\nANSWER: A\n", []string{"single", "single"}, nil},
		"aiken without an answer":     {"aiken", "What?\nA. One\nB. Two\n\nAnd?\nA. One\nB. Two\nANSWER: B", []string{"single"}, []string{"1 error ANSWER"}},
		"aiken, a letter beyond":      {"aiken", "What?\nA. One\nB. Two\nANSWER: C", nil, []string{"4 error none of the options"}},
		"aiken with one option":       {"aiken", "What?\nA. One\nANSWER: A", nil, []string{"1 error fewer than two"}},
		"aiken, an answer on its own": {"aiken", "ANSWER: A", nil, []string{"1 error no question"}},
		"not UTF-8":                   {"gift", "Who? {=A ~B}\n\nCaf\xe9? {=A ~B}", nil, []string{"3 error UTF-8"}},
		"nothing":                     {"gift", "\n\n", nil, []string{"1 error no question"}},
	} {
		t.Run(name, func(t *testing.T) {
			reads(t, c.format, []byte(c.text), c.kinds, c.problems)
		})
	}
}

// reads reads a bank and compares what came in and what is reported: line,
// severity and a word of the cause.
func reads(t *testing.T, format string, body []byte, wantKinds, problems []string) bank.Report {
	t.Helper()
	got, ok := bank.Read(format, body)
	if !ok {
		t.Fatal("the format is not read")
	}
	var kinds []string
	for _, q := range got.Questions {
		kinds = append(kinds, q.Kind)
	}
	if diff := cmp.Diff(wantKinds, kinds); diff != "" {
		t.Errorf("kinds: %s", diff)
	}
	if len(got.Problems) != len(problems) {
		t.Fatalf("%d problems, want %d: %+v", len(got.Problems), len(problems), got.Problems)
	}
	for i, p := range got.Problems {
		var line int
		var severity string
		fmt.Sscan(problems[i], &line, &severity)
		word := strings.SplitN(problems[i], " ", 3)[2]
		if p.Line != line || string(p.Severity) != severity || !strings.Contains(p.Cause, word) || p.Remedy == "" {
			t.Errorf("%+v, want %s", p, problems[i])
		}
	}
	lints(t, got)
	return got
}

// lints puts the questions into a quiz, which has to be one that can be published.
func lints(t *testing.T, r bank.Report) {
	t.Helper()
	if len(r.Questions) == 0 {
		return
	}
	quiz := "---\npass: 80\n---\n\n"
	for _, q := range r.Questions {
		quiz += q.Markdown + "\n"
	}
	problems, err := content.Lint(fstest.MapFS{"courses/x/quiz.md": {Data: []byte(quiz)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if p.Severity == "error" && strings.HasSuffix(p.File, "quiz.md") && !strings.Contains(p.Cause, "course") {
			t.Errorf("what came in does not lint: %+v\n%s", p, quiz)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("gift", "::t:: Who? {=A#b ~%-50%B ####c}")
	f.Add("gift", "How? {#1..5}")
	f.Add("moodle-xml", moodle(moodleQuestion("multichoice", "")))
	f.Add("qti", item("choiceInteraction", "single", "identifier", "<value>A</value>", ""))
	f.Add("aiken", "Q\nA. x\nB. y\nANSWER: A")
	f.Fuzz(func(t *testing.T, format, text string) {
		got, ok := bank.Read(format, []byte(text))
		if ok && (got.Imported != len(got.Questions) || strings.TrimSpace(text) != "" && got.Imported == 0 && len(got.Problems) == 0) {
			t.Errorf("something was dropped without a word: %+v", got)
		}
	})
}
