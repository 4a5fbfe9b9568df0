package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// WrittenKinds are the kinds of documents that an author begins anew. Of the
// others there is one each, or they are uploaded.
var WrittenKinds = []Kind{KindCourse, KindLesson, KindQuiz, KindCards, KindScenario, KindRubric, KindWorksheet, KindTemplate, KindProgram}

// OfCourse reports whether a document of the kind belongs to a course.
func (k Kind) OfCourse() bool { return k == KindLesson || k == KindQuiz || k == KindCards }

// Starter returns the text that a new document of a kind begins with. It shows
// the format and has no error of its own, so that a preview is there at once.
func Starter(kind Kind, title string) string {
	return strings.ReplaceAll(starters[kind], "TITLE", quoted(title))
}

var plainTitle = regexp.MustCompile(`^[\pL\pN][\pL\pN ,.’'()/-]*$`)

// quoted writes a title so that YAML reads just that.
func quoted(title string) string {
	if plainTitle.MatchString(title) {
		return title
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ").Replace(title) + `"`
}

var starters = map[Kind]string{
	KindCourse: `---
title: TITLE
summary: One sentence on what people can do after it.
audience: Who it is for
outcomes:
  - Say what somebody does after it that can be seen or heard
skills: []
attribution: Who wrote it, and under which licence.
---

Why this course, in two or three sentences.
`,
	KindLesson: `---
title: TITLE
minutes: 5
skills: []
---

Open with a moment from a call that the reader knows.

## The idea

One thing, in plain words, with an example.

### What is asked here? {#q-first-check}

- ( ) An answer that is wrong
  > Say why, kindly.
- (x) The answer that is right
  > Say what makes it right.
? A hint, if it helps.
! The explanation that everybody sees afterwards.
`,
	KindQuiz: `---
title: TITLE
pass: 80
draw: 0
shuffle: true
---

### What is asked here? {#q-first-question}

- ( ) An answer that is wrong
- (x) The answer that is right
! The explanation that everybody sees afterwards.
`,
	KindCards: `- id: first-card
  front: What the learner is asked
  back: What they compare their answer with
`,
	KindScenario: `---
title: TITLE
method: general
persona: First name Last name, role, company
industry: industry
rubric: spi
skills: []
difficulty: introductory
minutes: 10
goal: What a good call reaches, in one sentence.
success: What can be seen or heard when it was reached.
---

## Brief

What the rep knows before the call: the company, the person, how the meeting came about.

## Buyer

*For whoever plays the buyer. The rep does not see this.*

**What they tell if asked.** Facts that a good question brings out.

**What is hidden, and what unlocks it.** The need, and the question that reaches it.

**What they must raise.** One objection, and when.
`,
	KindRubric: `title: TITLE
summary: What is scored, and when to use it.
criteria:
  - id: first-criterion
    title: First criterion
    skill: question
    weight: 100
    meaning: What the rep does, and what the buyer does because of it.
    anchors:
      - What is seen at level 1
      - What is seen at level 2
      - What is seen at level 3, which is enough
      - What is seen at level 4
      - What is seen at level 5
`,
	KindWorksheet: `---
title: TITLE
summary: What is filled in, and what for.
minutes: 30
rubric: wrk
skills: [plan]
attribution: Who wrote it, and under which licence.
---

When to fill it in, with what at hand, and who reads it.

## The first field {#f-first rows=4}

What belongs here, and how one knows that it is good enough.

> [!example] An invented case, named here
> What a good answer looks like: concrete, with figures that add up.
`,
	KindTemplate: `title: TITLE
summary: When to use it, in one sentence.
for: "1:1"
prompts:
  - text: What would you like to be different after today?
    guidance: What to listen for.
`,
	KindProgram: `title: TITLE
summary: What people can do at its end.
audience: Whom it is for
days: 30
attribution: What it was written from.
sections:
  - title: First week
    items:
      - id: first-talk
        title: A first talk with the coach
        milestone: coach
        due: 5
`,
}

var titleLine = regexp.MustCompile(`(?m)^title:.*$`)

// Retitled returns a text with another title, for a copy of a document.
func Retitled(body []byte, title string) []byte {
	at := titleLine.FindIndex(body)
	if at == nil {
		return body
	}
	end := ""
	if body[at[1]-1] == '\r' {
		end = "\r"
	}
	return slices.Concat(body[:at[0]], []byte("title: "+quoted(title)+end), body[at[1]:])
}

// undecomposed are letters that Unicode takes for letters of their own.
var undecomposed = strings.NewReplacer("ß", "ss", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d")

// SlugOf makes a name of a title: its words in lower case, without their
// accents, joined by hyphens. It is empty when no letter is left.
func SlugOf(title string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(undecomposed.Replace(title)))
	words := strings.FieldsFunc(plain, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slug := strings.Join(words, "-")
	if len(slug) > 80 {
		slug = strings.TrimRight(slug[:80], "-")
	}
	return slug
}

// A Snippet is a block that an author inserts. In its text, ids that
// begin with “q-new”, “f-new” or “new-” are to be made free ones.
type Snippet struct{ Name, Icon, Text string }

// Snippets returns the blocks that fit into a document of a kind.
func Snippets(kind Kind) []Snippet {
	switch kind {
	case KindLesson:
		return append(append([]Snippet{}, questionSnippets...), proseSnippets...)
	case KindQuiz:
		return questionSnippets
	case KindCards:
		return []Snippet{{"Review card", "copy", "- id: new-card\n  front: What the learner is asked\n  back: What they compare their answer with\n"},
			{"Fact to know exactly", "copy", "- id: new-card\n  front: What the learner is asked\n  back: What they compare their answer with\n  tags: [pricing]\n"}}
	case KindWorksheet:
		return append(append([]Snippet{}, fieldSnippets...), proseSnippets...)
	case KindCourse:
		return append([]Snippet{certificateSnippet}, proseSnippets...)
	case KindScenario:
		return proseSnippets
	case KindRubric:
		return []Snippet{{"Criterion", "check", "  - id: new-criterion\n    title: New criterion\n    skill: question\n    weight: 0\n    meaning: What the rep does.\n    anchors: [level 1, level 2, level 3, level 4, level 5]\n"}}
	case KindProgram:
		return []Snippet{certificateSnippet, {"Course", "learn", "      - id: new-step\n        course: name-of-the-course\n        due: 7\n"}, {"Milestone", "flag", "      - id: new-step\n        title: What was done\n        milestone: coach\n        due: 7\n"}}
	case KindTemplate:
		return []Snippet{{"Prompt", "quote", "  - text: A question to ask\n    guidance: What to listen for.\n"}}
	}
	return nil
}

// certificateSnippet belongs to the keys at the head of a document.
var certificateSnippet = Snippet{"Certificate", "done", "certificate: {months: 12, grace_days: 30}\n"}

var questionSnippets = []Snippet{
	{"Single choice", "quiz", "### What is asked? {#q-new}\n\n- ( ) Wrong\n  > Why not.\n- (x) Right\n  > Why.\n! The explanation.\n"},
	{"Multiple choice", "quiz", "### Which of these are right? {#q-new}\n\n- [x] Right\n- [x] Right too\n- [ ] Wrong\n! The explanation.\n"},
	{"Matching", "quiz", "### What belongs together? {#q-new}\n\n- one -> first\n- two -> second\n- three -> third\n! The explanation.\n"},
	{"Ordering", "quiz", "### In which order? {#q-new order}\n\n1. First\n2. Second\n3. Third\n! The explanation.\n"},
	{"Short answer", "quiz", "### Which word is it? {#q-new}\n\n[[word | another word]]\n! The explanation.\n"},
	{"Number", "quiz", "### How much is it? {#q-new}\n\n[[= 42 +- 2]]\n! The explanation.\n"},
	{"Open question", "quiz", "### What would you say? {#q-new}\n\n[[...]]\n! What a good answer has in it.\n"},
}

var fieldSnippets = []Snippet{
	{"Field", "document", "## New field {#f-new rows=4}\n\nWhat belongs here.\n\n> [!example] The invented case\n> What a good answer looks like.\n"},
	{"Filled example", "quote", "> [!example] The invented case\n> What a good answer looks like.\n"},
}

var proseSnippets = []Snippet{
	{"Note", "info", "> [!note] Title\n> What is worth a box of its own.\n"},
	{"Evidence", "info", "> [!evidence] How far to trust this\n> Who found it, with whom, and what it does not say.\n"},
	{"Field task", "flag", "> [!field] In your next call\n> One thing to do, and what to write down.\n"},
	{"Dialogue pair", "coaching", "> [!dialogue poor] Too early\n> **Rep:** What they say.\n>\n> **Buyer:** What comes of it.\n>\n> *Why it does not work.*\n\n> [!dialogue good] After a question\n> **Rep:** What they ask.\n>\n> **Buyer:** What comes of it.\n>\n> *Why it works.*\n"},
	{"Scenario link", "practice", "[Try it in a role-play](/practice/name-of-the-scenario)\n"},
	{"Source", "document", "A claim that needs a source.[^source]\n\n[^source]: Author, title, year, address.\n"},
	{"Table", "document", "| What | How much |\n|---|---|\n| One | 1 |\n"},
}
