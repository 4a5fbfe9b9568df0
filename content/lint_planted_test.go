package content_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"pitchside/content"

	"github.com/google/go-cmp/cmp"
)

const (
	answersAB = "- ( ) a\n- (x) b\n! B.\n"
	oneLesson = "courses/c/01-l.md"
	oneDeck   = "courses/c/cards.yaml"
	oneQuiz   = "courses/c/quiz.md"
)

// A planted document has faults on purpose: want are the problems that it has
// in a small, sound library, with place, severity and cause; nil: none.
type planted struct {
	name, file, body string
	want             []string
}

func (p planted) check(t *testing.T) {
	t.Parallel()
	lib := files("courses/c/course.md", course, oneLesson, lesson("Text.\n"), "courses/c/02-m.md", "---\ntitle: M\n---\n## Here\nT.\n")
	if strings.HasPrefix(p.file, "courses/d/") {
		maps.Copy(lib, files("courses/d/01-l.md", lesson("Text.\n")))
	}
	maps.Copy(lib, files(p.file, p.body))
	problems, err := content.Lint(lib)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range problems {
		where := ""
		if f.File != p.file {
			where = f.File + " "
		}
		got = append(got, fmt.Sprintf("%s%d:%d %s %s", where, f.Line, f.Column, f.Severity, f.Cause))
		if f.Remedy == "" {
			t.Errorf("no remedy: %+v", f)
		}
	}
	if d := cmp.Diff(p.want, got); d != "" {
		t.Error(d)
	}
}

// TestPlantedFaults has one document for each way of getting something wrong.
func TestPlantedFaults(t *testing.T) {
	t.Parallel()
	for _, p := range []planted{
		{"id single braces space", oneLesson, lesson("### What? { #q-a }\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id with quotes", oneLesson, lesson("### What? {#\"q-a\"}\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id=", oneLesson, lesson("### What? {id=q-a}\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id=quoted", oneLesson, lesson("### What? {id=\"q-a\"}\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id without dash", oneLesson, lesson("### What? {#qa}\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id uppercase Q", oneLesson, lesson("### What? {#Q-a}\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id no hash", oneLesson, lesson("### What? {q-a}\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id no close brace", oneLesson, lesson("### What? {#q-a\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id before text", oneLesson, lesson("### {#q-a} What?\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"id empty", oneLesson, lesson("### What? {#q-}\n" + answersAB), []string{"4:1 error “q-” cannot be the id of a question."}},
		{"two ids", oneLesson, lesson("### What? {#q-a #q-b}\n" + answersAB), []string{"4:1 error “#q-b” in the heading cannot be read."}},
		{"skill unknown quoted", oneLesson, lesson("### What? {#q-a skill=\"no such\"}\n" + answersAB), []string{"4:1 error There is no skill “no such”."}},
		{"skill empty", oneLesson, lesson("### What? {#q-a skill=}\n" + answersAB), []string{"4:1 error “skill=” in the heading cannot be read."}},
		{"points word", oneLesson, lesson("### What? {#q-a points=two}\n" + answersAB), []string{"4:1 error “two” is no number of points."}},
		{"setext question", oneLesson, lesson("What? {#q-a}\n---\n" + answersAB), []string{"4:1 error This question has no id."}},
		{"windows dup", oneLesson, strings.ReplaceAll(lesson("### What? {#q-a}\n"+answersAB+"\n### Why? {#q-a}\n"+answersAB), "\n", "\r\n"), []string{"9:1 error Two questions have the id “q-a”."}},
		{"bom no fm", oneLesson, "\ufeffText\n", []string{"1:1 error The file does not begin with its front matter."}},
		{"empty file", oneLesson, "", []string{"1:1 error The file does not begin with its front matter."}},
		{"blank before fm", oneLesson, "\n---\ntitle: L\n---\nText\n", []string{"1:1 error The file does not begin with its front matter."}},
		{"tabs in yaml", oneLesson, "---\ntitle: L\nskills:\n\t- listen\n---\n", []string{"4:1 error The YAML cannot be read: found character that cannot start any token."}},
		{"skills as text", oneLesson, "---\ntitle: L\nskills: listen\n---\n", []string{"3:9 error “skills” should be a list."}},
		{"title list", oneLesson, "---\ntitle: [a]\n---\n", []string{"2:8 error “title” should be a text."}},
		{"minutes negative", oneLesson, "---\ntitle: L\nminutes: -3\n---\n", []string{"3:10 error “minutes” is below 0."}},
		{"minutes quoted", oneLesson, "---\ntitle: L\nminutes: \"ten\"\n---\n", []string{"3:10 error “minutes” should be a whole number."}},
		{"deep indented options", oneLesson, lesson("### What? {#q-a}\n    - ( ) a\n    - (x) b\n! B.\n"), []string{"4:1 error The question has no answers."}},
		{"no dash options", oneLesson, lesson("### What? {#q-a}\n( ) a\n(x) b\n! B.\n"), []string{"4:1 error The question has no answers."}},
		{"option y mark", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (y) b\n! B.\n"), []string{"4:1 error The question has fewer than two options.", "6:1 error “(y)” marks no option."}},
		{"option check mark", oneLesson, lesson("### What? {#q-a}\n- [ ] a\n- [v] b\n! B.\n"), []string{"4:1 error The question has fewer than two options.", "6:1 error “[v]” marks no option."}},
		{"option empty", oneLesson, lesson("### What? {#q-a}\n- ( ) \n- (x) b\n! B.\n"), []string{"5:1 error This option has no text."}},
		{"option empty box", oneLesson, lesson("### What? {#q-a}\n- [ ] \n- [x] b\n! B.\n"), []string{"5:1 error This option has no text."}},
		{"one option", oneLesson, lesson("### What? {#q-a}\n- (x) b\n! B.\n"), []string{"4:1 error The question has fewer than two options."}},
		{"same option twice", oneLesson, lesson("### What? {#q-a}\n- ( ) b\n- (x) b\n! B.\n"), []string{"4:1 error Two options read “b”, so nobody can tell them apart."}},
		{"explanation empty", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n!\n"), []string{"4:1 error The question has no explanation."}},
		{"explanation glued", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n!Because\n"), []string{"4:1 error The question has no explanation."}},
		{"explanation blank", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n!   \n"), []string{"4:1 error The question has no explanation."}},
		{"text between options and explanation", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n\nSome text.\n\n! B.\n"), []string{"8:1 error This text stands behind the answers, and would become part of the question."}},
		{"second set of options", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n! B.\n\nWhy?\n\n- ( ) a\n- (x) b\n! B.\n"), []string{"4:1 error This question has no id."}},
		{"numeric empty", oneLesson, lesson("### What? {#q-a}\n[[=]]\n! B.\n"), []string{"5:1 error The number cannot be read."}},
		{"numeric unit", oneLesson, lesson("### What? {#q-a}\n[[= 42 %]]\n! B.\n"), []string{"5:1 error The number cannot be read."}},
		{"numeric comma", oneLesson, lesson("### What? {#q-a}\n[[= 1,170]]\n! B.\n"), []string{"5:1 error The number cannot be read."}},
		{"numeric neg tolerance", oneLesson, lesson("### What? {#q-a}\n[[= 42 +- -2]]\n! B.\n"), []string{"5:1 error The number cannot be read."}},
		{"numeric word tolerance", oneLesson, lesson("### What? {#q-a}\n[[= 42 +- two]]\n! B.\n"), []string{"5:1 error The number cannot be read."}},
		{"field unclosed", oneLesson, lesson("### What? {#q-a}\n[[rework\n! B.\n"), []string{"4:1 error The question has no answers."}},
		{"field in text", oneLesson, lesson("### What? {#q-a}\nThe answer is [[rework]].\n! B.\n"), []string{"4:1 error The question has no answers."}},
		{"matching one pair", oneLesson, lesson("### What? {#q-a}\n- a -> b\n! B.\n"), []string{"4:1 error There are fewer than two pairs to match."}},
		{"matching no right", oneLesson, lesson("### What? {#q-a}\n- a -> b\n- c ->\n! B.\n"), []string{"4:1 error There are fewer than two pairs to match.", "6:1 error This text stands behind the answers, and would become part of the question.", "6:1 error This pair has only one side."}},
		{"matching twice left", oneLesson, lesson("### What? {#q-a}\n- a -> b\n- a -> c\n! B.\n"), []string{"4:1 error Two left sides read “a”, so nobody can tell them apart."}},
		{"ordering not numbered", oneLesson, lesson("### What? {#q-a order}\n- one\n- two\n! B.\n"), []string{"4:1 error The question has no answers."}},
		{"ordering no order", oneLesson, lesson("### What? {#q-a}\n1. one\n2. two\n! B.\n"), []string{"4:1 error The question has no answers."}},
		{"ordering one", oneLesson, lesson("### What? {#q-a order}\n1. one\n! B.\n"), []string{"4:1 error The question has fewer than two options."}},
		{"ordering duplicates", oneLesson, lesson("### What? {#q-a order}\n1. one\n2. one\n! B.\n"), []string{"4:1 error Two options read “one”, so nobody can tell them apart."}},
		{"order with options", oneLesson, lesson("### What? {#q-a order}\n- ( ) a\n- (x) b\n! B.\n"), []string{"4:1 error The heading says order, and there is no numbered list to put in order."}},
		{"reference link dead", oneLesson, lesson("See [it][x].\n\n[x]: 09-gone.md\n"), []string{"4:5 error The link leads to “09-gone.md”, which is not there."}},
		{"reference undefined", oneLesson, lesson("See [it][nowhere].\n"), []string{"4:5 error The link leads to “nowhere”, and nothing is called so."}},
		{"other heading dead", oneLesson, lesson("See [it](02-m.md#gone).\n"), []string{"4:5 error There is no heading “gone” in courses/c/02-m.md."}},
		{"own file heading dead", oneLesson, lesson("See [it](01-l.md#gone).\n"), []string{"4:5 error There is no heading “gone” in courses/c/01-l.md."}},
		{"page heading dead", oneLesson, lesson("See [it](/learn/c/m#gone).\n"), []string{"4:5 error There is no heading “gone” in courses/c/02-m.md."}},
		{"link case", oneLesson, lesson("See [it](02-M.md).\n"), []string{"4:5 error The link leads to “02-M.md”, which is no file of a library."}},
		{"link up", oneLesson, lesson("See [it](../../README.md).\n"), []string{"4:5 error The link leads to “../../README.md”, which is no file of a library."}},
		{"link empty", oneLesson, lesson("See [it]().\n"), []string{"4:5 error The link leads nowhere."}},
		{"link no text", oneLesson, lesson("See [](02-m.md).\n"), []string{"4:5 error The link has no words."}},
		{"link space", oneLesson, lesson("See [it](02 m.md).\n"), []string{"4:5 error The address “02 m.md” has a space in it, so this is shown as it is typed."}},
		{"link scheme glued", oneLesson, lesson("See [it](http//x.example).\n"), []string{"4:5 error The link leads to “http//x.example”, which is no file of a library."}},
		{"link http empty", oneLesson, lesson("See [it](https://).\n"), []string{"4:5 error The link leads to “https://”, which is no whole address."}},
		{"link in heading", oneLesson, lesson("## See [it](09-gone.md)\n"), []string{"4:8 error The link leads to “09-gone.md”, which is not there."}},
		{"link in table", oneLesson, lesson("| a |\n|---|\n| [it](09-gone.md) |\n"), []string{"6:3 error The link leads to “09-gone.md”, which is not there."}},
		{"link in footnote", oneLesson, lesson("A.[^1]\n\n[^1]: See [it](09-gone.md).\n"), []string{"6:11 error The link leads to “09-gone.md”, which is not there."}},
		{"footnote undefined", oneLesson, lesson("A.[^9]\n"), []string{"4:3 error There is no note “9”."}},
		{"link in option", oneLesson, lesson("### What? {#q-a}\n- ( ) [a](09-gone.md)\n- (x) b\n! B.\n"), []string{"5:7 error The link leads to “09-gone.md”, which is not there."}},
		{"link in explanation", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n! See [a](09-gone.md).\n"), []string{"7:7 error The link leads to “09-gone.md”, which is not there."}},
		{"image in question", oneLesson, lesson("### What? {#q-a}\n![](x.png)\n- ( ) a\n- (x) b\n! See.\n"), []string{"5:1 error The image has no words for those who cannot see it.", "5:1 error The image leads to “x.png”, which is not there."}},
		{"link in question body", oneLesson, lesson("### What? {#q-a}\nRead [this](09-gone.md) first.\n- ( ) a\n- (x) b\n! See.\n"), []string{"5:6 error The link leads to “09-gone.md”, which is not there."}},
		{"html img", oneLesson, lesson("<img src=\"x.png\">\n"), []string{"4:1 warning Raw HTML is dropped.", "4:1 error The image has no words for those who cannot see it.", "4:1 error The image leads to “x.png”, which is not there."}},
		{"html a", oneLesson, lesson("See <a href=\"09-gone.md\">it</a>.\n"), []string{"4:5 warning Raw HTML is dropped.", "4:5 error The link leads to “09-gone.md”, which is not there."}},
		{"image ref dead", oneLesson, lesson("![A plan][p]\n\n[p]: gone.png\n"), []string{"4:1 error The image leads to “gone.png”, which is not there."}},
		{"image ref no alt", oneLesson, lesson("![][p]\n\n[p]: gone.png\n"), []string{"4:1 error The image has no words for those who cannot see it.", "4:1 error The image leads to “gone.png”, which is not there."}},
		{"image blank alt", oneLesson, lesson("![ ](/media/a.png)\n"), []string{"4:1 error The image has no words for those who cannot see it."}},
		{"image alt filename", oneLesson, lesson("![pic.png](pic.png)\n"), []string{"4:1 error The image leads to “pic.png”, which is not there."}},
		{"link image", oneLesson, lesson("[![](gone.png)](02-m.md)\n"), []string{"4:2 error The image has no words for those who cannot see it.", "4:2 error The image leads to “gone.png”, which is not there."}},
		{"lesson wrong name", "courses/c/1-l.md", lesson("T.\n"), []string{"1:1 error A course holds course.md, quiz.md, cards.yaml and lessons named NN-name.md; this is none of them."}},
		{"lesson no number", "courses/c/l.md", lesson("T.\n"), []string{"1:1 error A course holds course.md, quiz.md, cards.yaml and lessons named NN-name.md; this is none of them."}},
		{"lesson upper", "courses/c/02-Big.md", lesson("T.\n"), []string{"1:1 error “Big” cannot be the name of a lesson."}},
		{"lesson txt", "courses/c/02-l.txt", lesson("T.\n"), []string{"1:1 error The name ends in “.txt”, and documents end in .md or .yaml, so this file is not read."}},
		{"lesson .MD", "courses/c/02-l.MD", lesson("T.\n"), []string{"1:1 error The name ends in “.MD”, and documents end in .md or .yaml, so this file is not read."}},
		{"lesson .markdown", "courses/c/02-l.markdown", lesson("T.\n"), []string{"1:1 error The name ends in “.markdown”, and documents end in .md or .yaml, so this file is not read."}},
		{"course misnamed", "courses/d/Course.md", course, []string{"courses/d/01-l.md 1:1 warning There is no course.md for “d”, so nobody can find this lesson.", "1:1 error A course holds course.md, quiz.md, cards.yaml and lessons named NN-name.md; this is none of them."}},
		{"nested", "courses/d/e/01-l.md", lesson("T.\n"), []string{"courses/d/01-l.md 1:1 warning There is no course.md for “d”, so nobody can find this lesson.", "1:1 error This file is in no place where a library is read."}},
		{"yaml in md", "scenarios/s.yaml", "title: S\n", []string{"1:1 error This file is in no place where a library is read."}},
		{"rubric md", "rubrics/r.md", "title: S\n", []string{"1:1 error This file is in no place where a library is read."}},
		{"callout unknown caps", oneLesson, lesson("> [!DANGER]\n> Text.\n"), []string{"4:1 warning “danger” is no kind of callout, so it is shown as a note."}},
		{"dialogue nothing", oneLesson, lesson("> [!dialogue]\n> **A:** x\n"), []string{"4:1 warning The dialogue does not say whether it is good or poor, so it is shown as poor."}},
		{"dialogue bad", oneLesson, lesson("> [!dialogue bad]\n> **A:** x\n"), []string{"4:1 warning The dialogue does not say whether it is good or poor, so it is shown as poor."}},
		{"cards no front", oneDeck, "- {id: a, back: B, skill: listen}\n", []string{"1:3 error “front” is missing."}},
		{"cards no back", oneDeck, "- {id: a, front: B, skill: listen}\n", []string{"1:3 error “back” is missing."}},
		{"cards empty front", oneDeck, "- {id: a, front: '', back: B, skill: listen}\n", []string{"1:3 error “front” is missing."}},
		{"cards bad skill", oneDeck, "- {id: a, front: A, back: B, skill: magic}\n", []string{"1:37 error There is no skill “magic”."}},
		{"cards map", oneDeck, "cards:\n  - {id: a, front: A, back: B}\n", []string{"1:1 error This should be a list.", "1:1 error There is no card in this file."}},
		{"cards empty", oneDeck, "", []string{"1:1 error There is no card in this file."}},
		{"cards unknown key", oneDeck, "- {id: a, front: A, back: B, hint: C}\n", []string{"1:30 warning The key “hint” means nothing here."}},
		{"cards id bad", oneDeck, "- {id: A b, front: A, back: B}\n", []string{"1:8 error “A b” cannot be the id of a card."}},
		{"cards item text", oneDeck, "- a\n", []string{"1:3 error “item 1” should be a map.", "1:3 error “id” is missing.", "1:3 error “front” is missing.", "1:3 error “back” is missing."}},
		{"cards dead link", oneDeck, "- {id: a, front: 'See [it](09-gone.md)', back: B}\n", []string{"1:18 error The link leads to “09-gone.md”, which is not there."}},
		{"cards dup quoting", oneDeck, "- {id: a, front: A, back: B}\n- {id: \"a\", front: A, back: B}\n", []string{"2:3 error Two cards have the id “a”."}},
		{"rubric weights text", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: lots, anchors: [a, b, c, d, e]}\n"), []string{"3:36 error “weight” should be a number."}},
		{"rubric weights percent", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 100%, anchors: [a, b, c, d, e]}\n"), []string{"3:36 error “weight” should be a number."}},
		{"rubric weight quoted", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: \"100\", anchors: [a, b, c, d, e]}\n"), []string{"3:36 error “weight” should be a number."}},
		{"rubric weight negative", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: -10, anchors: [a, b, c, d, e]}\n  - {id: b, skill: listen, weight: 110, anchors: [a, b, c, d, e]}\n"), []string{"3:36 error The weight is below 0."}},
		{"rubric weight missing", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, anchors: [a, b, c, d, e]}\n"), []string{"3:5 error “weight” is missing."}},
		{"rubric 6 anchors", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 100, anchors: [a, b, c, d, e, f]}\n"), []string{"3:50 error A has 6 anchors, not five."}},
		{"rubric empty anchor", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 100, anchors: [a, b, '', d, e]}\n"), []string{"3:57 error Anchor 3 of A is empty."}},
		{"rubric null anchor", "rubrics/r.yaml", rubric("  - id: a\n    skill: listen\n    weight: 100\n    anchors:\n      - a\n      - b\n      -\n      - d\n      - e\n"), []string{"9:8 error “anchors 3” should be a text."}},
		{"rubric anchors map", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 100, anchors: {1: a, 2: b, 3: c, 4: d, 5: e}}\n"), []string{"3:50 error “anchors” should be a list.", "3:50 error A has 0 anchors, not five."}},
		{"rubric anchors text", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 100, anchors: abc}\n"), []string{"3:50 error “anchors” should be a list.", "3:50 error A has 0 anchors, not five."}},
		{"rubric no skill", "rubrics/r.yaml", rubric("  - {id: a, weight: 100, anchors: [a, b, c, d, e]}\n"), []string{"3:5 error “skill” is missing."}},
		{"rubric no criteria", "rubrics/r.yaml", "title: R\n", []string{"1:1 error “criteria” is missing."}},
		{"rubric empty criteria", "rubrics/r.yaml", "title: R\ncriteria: []\n", []string{"1:1 error “criteria” is missing."}},
		{"rubric empty", "rubrics/r.yaml", "", []string{"1:1 error “title” is missing.", "1:1 error “criteria” is missing."}},
		{"rubric 101", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 101, anchors: [a, b, c, d, e]}\n"), []string{"3:3 error The weights total 101, not 100."}},
		{"rubric critical text", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 100, critical: yes, anchors: [a, b, c, d, e]}\n"), []string{"3:51 error “critical” should be true or false."}},
		{"scenario no rubric", "scenarios/s.md", "---\ntitle: S\n---\n## Brief\nB.\n## Buyer\nC.\n", []string{"2:1 error “rubric” is missing."}},
		{"scenario empty brief", "scenarios/s.md", "---\ntitle: S\nrubric: spi\n---\n## Brief\n\n## Buyer\nC.\n", []string{"5:1 error The scenario has no section for the rep."}},
		{"scenario no buyer", "scenarios/s.md", "---\ntitle: S\nrubric: spi\n---\n## Brief\nB.\n", []string{"5:1 error The scenario has no section for the buyer."}},
		{"scenario brief h3", "scenarios/s.md", "---\ntitle: S\nrubric: spi\n---\n### Brief\nB.\n## Buyer\nC.\n", []string{"5:1 warning Text before the first section is shown to nobody.", "5:1 error The scenario has no section for the rep."}},
		{"scenario lower", "scenarios/s.md", "---\ntitle: S\nrubric: spi\n---\n## brief\nB.\n## buyer\nC.\n", []string{"5:1 warning The section “brief” is shown to nobody.", "5:1 error The scenario has no section for the rep.", "5:1 error The scenario has no section for the buyer.", "7:1 warning The section “buyer” is shown to nobody."}},
		{"scenario twice", "scenarios/s.md", "---\ntitle: S\nrubric: spi\n---\n## Brief\nB.\n## Brief\nB.\n## Buyer\nC.\n", []string{"7:1 error There are two sections “Brief”."}},
		{"scenario diff", "scenarios/s.md", scenario("difficulty: hard\n", ""), []string{"4:13 error “hard” is no difficulty that is known here."}},
		{"scenario method caps", "scenarios/s.md", scenario("method: SPIN\n", ""), []string{"4:9 error “SPIN” is no method that is known here."}},
		{"scenario dead link", "scenarios/s.md", scenario("", "See [it](gone.md).\n"), []string{"9:5 error The link leads to “gone.md”, which is not there."}},
		{"quiz pass text", oneQuiz, "---\npass: most\n---\n### A? {#q-b}\n" + answersAB, []string{"2:7 error “pass” should be a number."}},
		{"quiz pass pct", oneQuiz, "---\npass: 80%\n---\n### A? {#q-b}\n" + answersAB, []string{"2:7 error “pass” should be a number."}},
		{"quiz attempts", oneQuiz, "---\nattempts: -1\n---\n### A? {#q-b}\n" + answersAB, []string{"2:11 error “attempts” is below 0."}},
		{"quiz shuffle", oneQuiz, "---\nshuffle: maybe\n---\n### A? {#q-b}\n" + answersAB, []string{"2:10 error “shuffle” should be true or false."}},
		{"course no title", "courses/d/course.md", "---\nattribution: Own.\n---\nT.\n", []string{"2:1 error “title” is missing."}},
		{"course unknown skill", "courses/d/course.md", "---\ntitle: T\nattribution: Own.\nskills:\n  - listen\n  - 'magic'\n---\nT.\n", []string{"6:5 error There is no skill “magic”."}},
		{"template no prompts", "templates/t.yaml", "title: T\n", []string{"1:1 error “prompts” is missing."}},
		{"template empty prompts", "templates/t.yaml", "title: T\nprompts: []\n", []string{"1:1 error “prompts” is missing."}},
		{"program summary no attribution", "programs/p.yaml", "title: P\ndays: 9\nsections:\n  - title: One\n    items:\n      - {id: a, course: c, due: 1}\n", []string{"1:1 warning The program says nothing about its sources."}},
		{"skills dup", "skills.yaml", tinySkills + "      - {slug: listen, name: X, levels: [a, b, c, d, e]}\n", []string{"5:9 error Two skills have the slug “listen”."}},
		{"skills 4", "skills.yaml", strings.Replace(tinySkills, ", e]", "]", 1), []string{"4:66 error Listening has 4 levels, not five."}},
		{"roles unknown", "roles.yaml", "families:\n  - name: AE\n    targets: {magic: 3}\n", []string{"3:15 error There is no skill “magic”."}},
		{"roles level", "roles.yaml", "families:\n  - name: AE\n    targets: {listen: 7}\n", []string{"3:23 error A level is a number from 1 to 5."}},
		{"metrics dup", "metrics.yaml", "- {name: a, definition: d, unit: x}\n- {name: a, definition: d, unit: x}\n", []string{"2:3 error Two metrics have the name “a”."}},
		{"metrics nounit", "metrics.yaml", "- {name: a, definition: d}\n", []string{"1:3 error “unit” is missing."}},
		{"figure percent", oneLesson, lesson("Half of them win 42 percent of deals.\n"), []string{"4:18 warning A figure without a source: “42 percent”."}},
		{"figure per cent in a list", oneLesson, lesson("- Buyers\n- About 70 per cent of buyers decide alone.\n"), []string{"5:9 warning A figure without a source: “70 per cent”."}},
		{"figure points", oneLesson, lesson("Win rates rose by 12 percentage points.\n"), []string{"4:19 warning A figure without a source: “12 percentage points”."}},
		{"figure fold", oneLesson, lesson("A threefold rise in replies.\n"), []string{"4:3 warning A figure without a source: “threefold”."}},
		{"figure 3x", oneLesson, lesson("Coached teams grow 3x faster.\n"), []string{"4:20 warning A figure without a source: “3x faster”."}},
		{"figure times more", oneLesson, lesson("They ask 4 times more questions.\n"), []string{"4:10 warning A figure without a source: “4 times more”."}},
		{"figure after line break", oneLesson, lesson("Sellers who listen\nwin 30 % more.\n"), []string{"5:5 warning A figure without a source: “30 %”."}},
		{"figure in a callout", oneLesson, lesson("> [!note] N\n> 80% of deals stall.\n"), []string{"5:3 warning A figure without a source: “80%”."}},
		{"figure in bold", oneLesson, lesson("They win **65%** of the time.\n"), []string{"4:12 warning A figure without a source: “65%”."}},
		{"figure in a worksheet of course", "courses/d/course.md", course + "Trained teams win 55% more.\n", []string{"5:19 warning A figure without a source: “55%”."}},
		{"figure after a question", oneLesson, lesson("### What? {#q-a}\n" + answersAB + "\nSellers win 30% more.\n"), []string{"9:13 warning A figure without a source: “30%”."}},
		{"glued heading", oneLesson, lesson("###What? {#q-a}\n" + answersAB), []string{"4:1 error This is no heading, as no space stands behind its signs."}},
		{"option without brackets", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n- c\n! B.\n"), []string{"7:1 error This option has no brackets."}},
		{"duplicate heading ids", oneLesson, lesson("## A {#same}\n\nT.\n\n## B {#same}\n\nT.\n"), []string{"8:1 error Two headings have the id “same”."}},
		{"callout behind answers", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n> [!note] N\n> T\n! B.\n"), []string{"7:1 error This text stands behind the answers, and would become part of the question."}},
		{"quiz text behind", oneQuiz, "### A? {#q-b}\n" + answersAB + "\nText.\n", []string{"6:1 error This text stands behind the answers, and would become part of the question."}},
		{"program bad due", "programs/p.yaml", program("{id: a, course: c, due: soon}"), []string{"7:33 error “due” should be a whole number."}},
		{"program no id", "programs/p.yaml", program("{course: c, due: 1}"), []string{"7:9 error “id” is missing."}},
		{"yaml unclosed", "rubrics/r.yaml", "title: \"R\ncriteria: []\n", []string{"2:1 error The YAML cannot be read: found unexpected end of stream."}},
		{"yaml tab", "rubrics/r.yaml", "title: R\ncriteria:\n\t- id: a\n", []string{"3:1 error The YAML cannot be read: found character that cannot start any token."}},
		{"yaml bad indent", "programs/p.yaml", "title: P\n days: 9\n", []string{"2:1 error The YAML cannot be read: mapping values are not allowed in this context."}},
		{"yaml unknown key crlf", "templates/t.yaml", "title: T\r\npromts: [a]\r\nprompts: [b]\r\n", []string{"2:1 warning The key “promts” means nothing here."}},
		{"worksheet no field", "worksheets/w.md", "---\ntitle: W\nrubric: spi\n---\nText.\n", []string{"5:1 error The worksheet has no field to fill in."}},
		{"worksheet dup field", "worksheets/w.md", "---\ntitle: W\nrubric: spi\n---\n## A {#f-a}\nT.\n\n## B {#f-a}\nT.\n", []string{"5:1 warning The field “A” has no filled example.", "8:1 warning The field “B” has no filled example.", "8:1 error Two fields have the id “f-a”."}},
		{"worksheet rubric gone", "worksheets/w.md", "---\ntitle: W\nrubric: gone\n---\n## A {#f-a}\nT.\n", []string{"3:9 error There is no rubric “gone”.", "5:1 warning The field “A” has no filled example."}},
		{"root stray yaml", "skill.yaml", "groups: []\n", []string{"1:1 error The lists at the top are called skills.yaml, roles.yaml and metrics.yaml; this is none of them."}},
	} {
		t.Run(p.name, p.check)
	}
}

// TestNoFalseAlarm has documents that look like those and are sound.
func TestNoFalseAlarm(t *testing.T) {
	t.Parallel()
	for _, p := range []planted{
		{"skill quoted", oneLesson, lesson("### What? {#q-a skill=\"listen\"}\n" + answersAB), nil},
		{"fm trailing space", oneLesson, "--- \ntitle: L\n---\nText\n", nil},
		{"only fm", oneLesson, "---\ntitle: L\n---\n", nil},
		{"asterisk options", oneLesson, lesson("### What? {#q-a}\n* ( ) a\n* (x) b\n! B.\n"), nil},
		{"nested options", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n  - (x) b\n! B.\n"), nil},
		{"tab option", oneLesson, lesson("### What? {#q-a}\n-\t( ) a\n-\t(x) b\n! B.\n"), nil},
		{"option without space", oneLesson, lesson("### What? {#q-a}\n- () a\n- (x) b\n! B.\n"), nil},
		{"option glued", oneLesson, lesson("### What? {#q-a}\n- ( )a\n- (x)b\n! B.\n"), nil},
		{"text after check", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n! B.\n\nThis is the next paragraph of the lesson.\n\nAnd another.\n"), nil},
		{"list after check", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n! B.\n\n- one\n- two\n"), nil},
		{"callout after check", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n! B.\n\n> [!note] N\n> Text\n"), nil},
		{"table after check", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n! B.\n\n| a |\n|---|\n| b |\n"), nil},
		{"matching same right", oneLesson, lesson("### What? {#q-a}\n- a -> b\n- c -> b\n! B.\n"), nil},
		{"ordering {order}", oneLesson, lesson("### What? {#q-a} {order}\n1. one\n2. two\n! B.\n"), nil},
		{"all multiple right", oneLesson, lesson("### What? {#q-a}\n- [x] a\n- [x] b\n! B.\n"), nil},
		{"autolink", oneLesson, lesson("See <https://x.example>.\n"), nil},
		{"other heading alive", oneLesson, lesson("See [it](02-m.md#here).\n"), nil},
		{"footnote unused", oneLesson, lesson("A.\n\n[^9]: Note.\n"), nil},
		{"code no report", oneLesson, lesson("```\n[it](gone.md) ![](x.png) 30% ### What? {#q-a}\n- (x) a\n```\n"), nil},
		{"inline code", oneLesson, lesson("Use `[it](gone.md)` and `- (x)`.\n"), nil},
		{"callout caps", oneLesson, lesson("> [!NOTE]\n> Text.\n"), nil},
		{"cards no skill", oneDeck, "- {id: a, front: A, back: B}\n", nil},
		{"rubric thirds", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 33.3, anchors: [a, b, c, d, e]}\n  - {id: b, skill: listen, weight: 33.3, anchors: [a, b, c, d, e]}\n  - {id: c, skill: listen, weight: 33.4, anchors: [a, b, c, d, e]}\n"), nil},
		{"OK text after the explanation", oneLesson, lesson("### What? {#q-a}\n" + answersAB + "\nThe lesson goes on.\n\n- one\n- two\n"), nil},
		{"OK list in an explanation", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n- (x) b\n! Because:\n- one\n- two\n"), nil},
		{"OK feedback behind an empty line", oneLesson, lesson("### What? {#q-a}\n- ( ) a\n\n  > No.\n- (x) b\n\n  > Yes.\n! B.\n"), nil},
		{"OK percent of a number", oneLesson, lesson("20% of €50 is €10.\n"), nil},
		{"OK made up case", oneLesson, lesson("If your win rate is 25%, two deals more change little.\n\nSuppose 40 % of a week goes to email.\n"), nil},
		{"OK label M", oneLesson, lesson("Words are 7% of a message [M].\n"), nil},
		{"OK label with words", oneLesson, lesson("Trained sellers won 17% more [B; one source].\n"), nil},
		{"OK link", oneLesson, lesson("They win 30% more, as [the lesson](02-m.md) says.\n"), nil},
		{"OK times without more", oneLesson, lesson("Call three times in two weeks; 2x2 grids help, and 5 times is a lot.\n"), nil},
		{"OK code", oneLesson, lesson("Write `30%` in the field.\n\n    40% indented code\n"), nil},
		{"OK brackets", oneLesson, lesson("A vendor [B][^1] says so [see below] and (perhaps) [not].\n\n[^1]: A note.\n"), nil},
		{"OK arrows in a list", oneLesson, lesson("- Problem -> effect\n- Effect -> cost\n"), nil},
		{"OK task list", oneLesson, lesson("Some text with [x] and (x) in it, and q-a.\n"), nil},
		{"OK braces", oneLesson, lesson("## A heading {#own-id}\n\nSee [it](#own-id) and {curly}.\n"), nil},
		{"OK html comment", oneLesson, lesson("Text.\n\n<!-- a remark -->\n"), nil},
		{"OK comparison", oneLesson, lesson("a < b and c > d, 5 <6.\n"), nil},
		{"OK reference link", oneLesson, lesson("See [it][x] and [x] and [X][].\n\n[x]: 02-m.md \"T\"\n"), nil},
		{"OK link to a question elsewhere", oneLesson, lesson("See [it](02-m.md#here), [a](course.md#main) and [b](#q-a).\n\n### What? {#q-a}\n" + answersAB), nil},
		{"OK github callouts", oneLesson, lesson("> [!TIP]\n> T.\n\n> [!WARNING] W\n> T.\n\n> [!CAUTION]\n> T.\n\n> [!IMPORTANT]\n> T.\n"), nil},
		{"OK weights of thirds", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 33.3, anchors: [a, b, c, d, e]}\n  - {id: b, skill: listen, weight: 33.3, anchors: [a, b, c, d, e]}\n  - {id: c, skill: listen, weight: 33.4, anchors: [a, b, c, d, e]}\n"), nil},
		{"OK CR only", oneLesson, strings.ReplaceAll(lesson("### What? {#q-a}\n"+answersAB), "\n", "\r"), nil},
	} {
		t.Run(p.name, p.check)
	}
}
