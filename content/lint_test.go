package content_test

import (
	"fmt"
	"strings"
	"testing"

	"pitchside/content"

	"github.com/google/go-cmp/cmp"
)

const course = "---\ntitle: T\nattribution: Our own.\n---\n"

// lesson is a lesson with this body, which begins on line 4.
func lesson(body string) string { return "---\ntitle: L\n---\n" + body }

func question(answers string) string { return lesson("### What? {#q-a}\n" + answers) }

func scenario(front, body string) string {
	return "---\ntitle: S\nrubric: spi\n" + front + "---\n## Brief\nB.\n## Buyer\nC.\n" + body
}

func rubric(criteria string) string { return "title: R\ncriteria:\n" + criteria }

// program has its items from line 7 on, and nine days.
func program(items ...string) string {
	out := "title: P\ndays: 9\nattribution: Our own.\nsections:\n  - title: One\n    items:\n"
	for _, i := range items {
		out += "      - " + i + "\n"
	}
	return out
}

// worksheet has a field on line 5, and the body from line 9 on.
func worksheet(front, body string) string {
	if front == "" {
		front = "summary: S.\n"
	}
	return "---\ntitle: W\n" + front + "---\n## A {#f-a}\nG.\n> [!example] C\n> E.\n" + body
}

const criterion = "  - {id: a, skill: listen, weight: 100, anchors: [a, b, c, d, e]}\n"

func TestLintRules(t *testing.T) {
	t.Parallel()
	const at = "courses/c/01-l.md"
	for _, c := range []struct {
		name string
		file string
		body string
		want string // line:column severity cause, or empty for none
	}{
		{"a sound lesson", at, question("- ( ) a\n- (x) b\n! Because.\n"), ""},
		{"a byte-order mark and CRLF", at, "\ufeff" + strings.ReplaceAll(question("- ( ) a\n- (x) b\n! Because.\n"), "\n", "\r\n"), ""},
		{"no front matter", at, "Text.\n", "1:1 error The file does not begin with its front matter."},
		{"front matter not closed", at, "---\ntitle: L\nText.\n", "1:1 error The file does not begin with its front matter."},
		{"YAML that cannot be read", at, "---\ntitle: \"L\nminutes: 3\n---\n", "4:1 error The YAML cannot be read"},
		{"no title", at, "---\nminutes: 3\n---\n", "2:1 error “title” is missing."},
		{"minutes in words", at, "---\ntitle: L\nminutes: ten\n---\n", "3:10 error “minutes” should be a whole number."},
		{"a key twice", at, "---\ntitle: L\ntitle: M\n---\n", "3:1 error The key “title” is there twice."},
		{"an unknown key", at, "---\ntitle: L\nminuts: 3\n---\n", "3:1 warning The key “minuts” means nothing here."},
		{"Latin-1", at, "---\ntitle: Caf\xe9\n---\n", "1:1 error The file is not text in UTF-8."},
		{"unknown skill", at, "---\ntitle: L\nskills: [listen, magic]\n---\n", "3:18 error There is no skill “magic”."},
		{"unknown skill of a question", at, lesson("### What? {#q-a skill=magic}\n- ( ) a\n- (x) b\n! Because.\n"), "4:1 error There is no skill “magic”."},
		{"missing id", at, lesson("### What?\n- ( ) a\n- (x) b\n! Because.\n"), "4:1 error This question has no id."},
		{"id that is none", at, lesson("### What? {#q-A_b}\n- ( ) a\n- (x) b\n! Because.\n"), "4:1 error “q-A_b” cannot be the id of a question."},
		{"duplicate id", at, question("- ( ) a\n- (x) b\n! B.\n\n### Why? {#q-a}\n- ( ) a\n- (x) b\n! B.\n"), "9:1 error Two questions have the id “q-a”."},
		{"heading too high", at, lesson("## What? {#q-a}\n- ( ) a\n- (x) b\n! B.\n"), "4:1 error A question has a heading of level 3 or deeper."},
		{"unanswered single", at, question("- ( ) a\n- ( ) b\n! Because.\n"), "4:1 error No answer is marked as right."},
		{"two right in a single", at, question("- (x) a\n- (x) b\n! Because.\n"), "4:1 error 2 answers are marked as right, and only one can be chosen."},
		{"unanswered multiple", at, question("- [ ] a\n- [ ] b\n! Because.\n"), "4:1 error No answer is marked as right."},
		{"empty short", at, question("[[ ]]\n! Because.\n"), "4:1 error No answer is accepted."},
		{"numeric that is no number", at, question("[[= many]]\n! Because.\n"), "5:1 error The number cannot be read."},
		{"one pair", at, question("- a -> b\n! Because.\n"), "4:1 error There are fewer than two pairs to match."},
		{"no answers", at, question("! Because.\n"), "4:1 error The question has no answers."},
		{"mixed answers", at, question("- (x) a\n- [ ] b\n- ( ) c\n! Because.\n"), "6:1 error This answer is of the kind multiple, but those before it are single."},
		{"no explanation", at, question("- ( ) a\n- (x) b\n"), "4:1 error The question has no explanation."},
		{"points below 0", at, lesson("### What? {#q-a points=-1}\n- ( ) a\n- (x) b\n! B.\n"), "4:1 error “-1” is no number of points."},
		{"image without words", at, lesson("Look: ![](/media/a.png)\n"), "4:7 error The image has no words for those who cannot see it."},
		{"image of another site", at, lesson("![A](https://x.example/a.png)\n"), "4:1 warning The image is on another site, so it is not shown."},
		{"quiz without front matter", "courses/c/quiz.md", "### A? {#q-b}\n- ( ) a\n- (x) b\n! B.\n", ""},
		{"dead image", at, lesson("![A plan](plan.png)\n"), "4:1 error The image leads to “plan.png”, which is not there."},
		{"dead link to a lesson", at, lesson("One. See [it](02-gone.md).\n"), "4:10 error The link leads to “02-gone.md”, which is not there."},
		{"dead link to a page", at, lesson("[it](/learn/c/gone)\n"), "4:1 error The link leads to “/learn/c/gone”, which is not there."},
		{"dead link on the page", at, lesson("[it](#gone)\n\n## Here\n"), "4:1 error There is no heading “gone” on this page."},
		{"live links", at, lesson("[a](#here) [b](course.md) [c](/learn/c/l) [d](https://x.example) [e](../../scenarios/spi1-packaging-stoppages.md) [f](#q-a)\n\n## Here\n\n### What? {#q-a}\n- ( ) a\n- (x) b\n! B.\n"), ""},
		{"script address", at, lesson("[it](javascript:alert(1))\n"), "4:1 warning The link is dropped: its address begins with “javascript:”."},
		{"raw HTML", at, lesson("Text.\n\n<script>alert(1)</script>\n"), "6:1 warning Raw HTML is dropped."},
		{"percentage of the world", at, lesson("Trained sellers win 30% more.\n"), "4:21 warning A figure without a source: “30%”."},
		{"multiple of the world", at, lesson("They won 4 times as often.\n"), "4:10 warning A figure without a source: “4 times as”."},
		{"figure with a label", at, lesson("Trained sellers win 30% more [B].\n"), ""},
		{"figure with a note", at, lesson("Trained sellers win 30% more.[^1]\n\n[^1]: A study.\n"), ""},
		{"figure in a sum, a table, a dialogue, a question", at,
			lesson("4 ÷ 5 = 80%\n\n| a |\n|---|\n| 80% |\n\n> [!dialogue good] T\n> **A:** 80%\n\n### Is 80% much? {#q-a}\n- ( ) a\n- (x) 80%\n! B.\n"), ""},
		{"unknown callout", at, lesson("> [!danger] T\n> Text.\n"), "4:1 warning “danger” is no kind of callout, so it is shown as a note."},
		{"file with no place", "courses/c/intro.md", course, "1:1 error A course holds course.md, quiz.md, cards.yaml and lessons named NN-name.md; this is none of them."},
		{"name that is no slug", "scenarios/My Call.md", course, "1:1 error “My Call” cannot be the name of a scenario."},

		{"course of a reserved name", "courses/sessions/course.md", course, "2:1 error “sessions” cannot be the name of a course"},
		{"course without attribution", "courses/d/course.md", "---\ntitle: T\n---\n", "2:1 warning The course says nothing about its sources."},
		{"unknown prerequisite", "courses/d/course.md", "---\ntitle: T\nattribution: A\nprerequisites: [gone]\n---\n", "4:17 warning There is no course “gone” to take before this one."},
		{"quiz without questions", "courses/c/quiz.md", "---\npass: 80\n---\n", "4:1 error The quiz has no question."},
		{"quiz heading without id", "courses/c/quiz.md", "---\npass: 80\n---\n### A? {#q-b}\n- ( ) a\n- (x) b\n! B.\n\n### C?\n[[x]]\n! B.\n", "9:1 error This question has no id."},
		{"quiz draws too many", "courses/c/quiz.md", "---\ndraw: 3\n---\n### A? {#q-b}\n- ( ) a\n- (x) b\n! B.\n", "2:7 error The quiz draws 3 of 1 questions."},
		{"pass mark", "courses/c/quiz.md", "---\npass: 180\n---\n### A? {#q-b}\n- ( ) a\n- (x) b\n! B.\n", "2:7 error The pass mark is outside 0 to 100."},
		{"card without id", "courses/c/cards.yaml", "- front: A\n  back: B\n", "1:3 error “id” is missing."},
		{"certificate for too long", "courses/c/course.md", "---\ntitle: C\nattribution: Ours.\ncertificate: {months: 400}\n---\n\nText.\n", "4:23 error The certificate is valid for 400 months."},
		{"card with an unknown tag", "courses/c/cards.yaml", "- {id: a, front: A, back: B, tags: [prices]}\n", "1:37 error “prices” is no tag of a card."},
		{"cards of one id", "courses/c/cards.yaml", "- {id: a, front: A, back: B}\n- {id: a, front: A, back: B}\n", "2:3 error Two cards have the id “a”."},

		{"a sound rubric", "rubrics/r.yaml", rubric(criterion), ""},
		{"weights", "rubrics/r.yaml", rubric(strings.Replace(criterion, "100", "90", 1)), "3:3 error The weights total 90, not 100."},
		{"fewer anchors", "rubrics/r.yaml", rubric(strings.Replace(criterion, ", e]", "]", 1)), "3:50 error A has 4 anchors, not five."},
		{"no anchors", "rubrics/r.yaml", rubric("  - {id: a, skill: listen, weight: 100}\n"), "3:5 error A has no anchors."},
		{"skill of a criterion", "rubrics/r.yaml", rubric(strings.Replace(criterion, "listen", "magic", 1)), "3:20 error There is no skill “magic”."},
		{"criteria of one id", "rubrics/r.yaml", rubric(strings.ReplaceAll(criterion+criterion, "100", "50")), "4:5 error Two criteria have the id “a”."},
		{"criterion without id", "rubrics/r.yaml", rubric(strings.Replace(criterion, "id: a, ", "", 1)), "3:5 error “id” is missing."},

		{"a sound program", "programs/p.yaml", program("{id: a, course: c, due: 1}", "{id: b, lesson: c/l, due: 2, after: [a]}", "{id: g, title: G, gate: {skills: {listen: 2}}, due: 9, after: [b]}"), ""},
		{"program without days", "programs/p.yaml", strings.Replace(program("{id: a, course: c, due: 1}"), "days: 9\n", "", 1), "1:1 error “days” is missing."},
		{"program of a course that is not there", "programs/p.yaml", program("{id: a, course: gone, due: 1}"), "7:25 error There is no course “gone”."},
		{"program of a lesson that is not there", "programs/p.yaml", program("{id: a, lesson: c/gone, due: 1}"), "7:25 error There is no lesson “c/gone”."},
		{"program of a worksheet that is not there", "programs/p.yaml", program("{id: a, worksheet: gone, due: 1}"), "7:28 error There is no worksheet “gone”."},
		{"items of one id", "programs/p.yaml", program("{id: a, course: c, due: 1}", "{id: a, course: c, due: 1}"), "8:14 error Two items have the id “a”."},
		{"item of no kind", "programs/p.yaml", program("{id: a, due: 1}"), "7:9 error The item does not say what it is."},
		{"item of two kinds", "programs/p.yaml", program("{id: a, course: c, lesson: c/l, due: 1}"), "7:36 error The item is a course and a lesson."},
		{"item without a day", "programs/p.yaml", program("{id: a, course: c}"), "7:9 error “due” is missing."},
		{"due beyond the end", "programs/p.yaml", program("{id: a, course: c, due: 10}"), "7:33 error The item is due on day 10 of a program of 9 days."},
		{"due before what it waits for", "programs/p.yaml", program("{id: a, course: c, due: 5}", "{id: b, lesson: c/l, due: 4, after: [a]}"), "8:35 error “b” is due on day 4, before “a”"},
		{"waits for what is not there", "programs/p.yaml", program("{id: a, course: c, due: 5, after: [z]}"), "7:44 error There is no item “z” to come after."},
		{"waits for itself", "programs/p.yaml", program("{id: a, course: c, due: 5, after: [a]}"), "7:44 error The item waits for itself."},
		{"empty section", "programs/p.yaml", strings.Replace(program(), "    items:\n", "", 1), "5:5 error The section has no item."},
		{"gate without evidence", "programs/p.yaml", program("{id: g, title: G, gate: {retry_days: 7}, due: 9}"), "7:33 error The gate asks for no evidence."},
		{"gate of a skill that is not there", "programs/p.yaml", program("{id: g, title: G, gate: {skills: {magic: 2}}, due: 9}"), "7:43 error There is no skill “magic”."},
		{"gate that names no level", "programs/p.yaml", program("{id: g, title: G, gate: {skills: [listen]}, due: 9}"), "7:42 error The gate does not say which level it asks for."},
		{"gate below the target", "programs/p.yaml", program("{id: g, title: G, gate: {skills: [listen], target: -1, scorers: 2}, due: 9}"), ""},
		{"gate above the target", "programs/p.yaml", program("{id: g, title: G, gate: {skills: [listen], target: 1}, due: 9}"), "7:60 error A gate asks for the role’s target, or for less."},
		{"milestone that nobody ticks", "programs/p.yaml", program("{id: m, title: M, milestone: friend, due: 9}"), "7:38 error “friend” is nobody who ticks a milestone."},
		{"milestone without a title", "programs/p.yaml", program("{id: m, milestone: coach, due: 9}"), "7:9 error A milestone needs a title."},
		{"topic that is no slug", "programs/p.yaml", program("{id: s, title: S, session: Call day, due: 9}"), "7:36 error “Call day” cannot be the topic of a live session."},

		{"a sound worksheet", "worksheets/w.md", worksheet("skills: [plan]\n", "Words.\n\n### Part {#f-part rows=6}\nSee [above](#f-a). **80%** of it.[^1]\n\n[^1]: A note.\n\n> [!example] C\n> 80% of it.\n"), ""},
		{"worksheet without a field", "worksheets/w.md", "---\ntitle: W\n---\n## Part\nText.\n", "4:1 error The worksheet has no field to fill in."},
		{"worksheet of a rubric that is not there", "worksheets/w.md", worksheet("rubric: gone\n", ""), "3:9 error There is no rubric “gone”."},
		{"worksheet of a skill that is not there", "worksheets/w.md", worksheet("skills: [plan, magic]\n", ""), "3:16 error There is no skill “magic”."},
		{"fields of one id", "worksheets/w.md", worksheet("", "## B {#f-a}\nG.\n\n> [!example] C\n> E.\n"), "9:1 error Two fields have the id “f-a”."},
		{"field with rows and no id", "worksheets/w.md", worksheet("", "## B {rows=4}\nG.\n"), "9:1 error This field has no id."},
		{"example under no field", "worksheets/w.md", worksheet("", "## B\nG.\n\n> [!example] C\n> E.\n"), "12:1 error This example stands under no field."},
		{"id that is none of a field", "worksheets/w.md", worksheet("", "## B {#f-B}\nG.\n\n> [!example] C\n> E.\n"), "9:1 error “f-B” cannot be the id of a field."},
		{"field too deep", "worksheets/w.md", worksheet("", "#### B {#f-b}\nG.\n\n> [!example] C\n> E.\n"), "9:1 error A field has a heading of level 2 or 3."},
		{"rows that are no number", "worksheets/w.md", worksheet("", "## B {#f-b rows=many}\nG.\n\n> [!example] C\n> E.\n"), "9:1 error “many” is no number of lines."},
		{"field without a name", "worksheets/w.md", worksheet("", "## {#f-b}\nG.\n\n> [!example] C\n> E.\n"), "9:1 error The field has no name."},
		{"field without guidance", "worksheets/w.md", worksheet("", "## B {#f-b}\n\n> [!example] C\n> E.\n"), "9:1 warning The field “B” has no guidance."},
		{"field without an example", "worksheets/w.md", worksheet("", "## B {#f-b}\nG.\n"), "9:1 warning The field “B” has no filled example."},
		{"dead link in a field", "worksheets/w.md", worksheet("", "## B {#f-b}\n[it](#f-gone)\n\n> [!example] C\n> E.\n"), "10:1 error There is no heading “f-gone” on this page."},
		{"dead link to a worksheet", at, lesson("[it](/practice/worksheets/gone)\n"), "4:1 error The link leads to “/practice/worksheets/gone”, which is not there."},
		{"live link to a worksheet", at, lesson("[a](/practice/worksheets/t8-call-plan) [b](../../worksheets/t8-call-plan.md)\n"), ""},

		{"a sound scenario", "scenarios/s.md", scenario("method: spin\n", ""), ""},
		{"unknown rubric", "scenarios/s.md", strings.Replace(scenario("", ""), "spi", "gone", 1), "3:9 error There is no rubric “gone”."},
		{"unknown method", "scenarios/s.md", scenario("method: hard\n", ""), "4:9 error “hard” is no method that is known here."},
		{"no brief", "scenarios/s.md", strings.Replace(scenario("", ""), "## Brief\nB.\n", "", 1), "5:1 error The scenario has no section for the rep."},
		{"beats without a block", "scenarios/s.md", scenario("", "## Beats\nNone.\n"), "9:1 error The section Beats holds no block of YAML that is closed."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lib := files(c.file, c.body)
			for file, body := range map[string]string{"courses/c/course.md": course, at: lesson("Text.\n"), "courses/d/01-l.md": lesson("Text.\n")} {
				if lib[file] == nil && (file != "courses/d/01-l.md" || strings.HasPrefix(c.file, "courses/d/")) {
					lib[file] = files(file, body)[file]
				}
			}
			problems, err := content.Lint(lib)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range problems {
				got = append(got, fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Severity, p.Cause))
				if p.File != c.file || p.Remedy == "" {
					t.Errorf("file or remedy of %+v", p)
				}
			}
			switch {
			case c.want == "" && len(got) > 0, c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)):
				t.Error(cmp.Diff([]string{c.want}, got))
			}
		})
	}
}

func TestLintAcrossDocuments(t *testing.T) {
	t.Parallel()
	problems, err := content.Lint(files(
		"courses/c/course.md", course,
		"courses/c/01-a.md", question("- ( ) a\n- (x) b\n! B.\n"),
		"courses/c/02-b.md", question("- ( ) a\n- (x) b\n! B.\n"),
		"courses/c/03-a.md", lesson("Text.\n"),
		"README.md", "About this folder.",
	))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.File+" "+p.Cause)
	}
	want := []string{"courses/c/02-b.md The question “q-a” is also in courses/c/01-a.md.", "courses/c/03-a.md This is the same lesson as courses/c/01-a.md."}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTwoItemsThatWaitForEachOther(t *testing.T) {
	t.Parallel()
	problems, err := content.Lint(files("courses/c/course.md", course, "courses/c/01-l.md", lesson("Text.\n"),
		"programs/p.yaml", program("{id: a, course: c, due: 5, after: [c]}", "{id: b, lesson: c/l, due: 5, after: [a]}", "{id: c, lesson: c/l, due: 5, after: [b]}")))
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 3 {
		t.Fatalf("a circle of three is %v", problems)
	}
	for _, p := range problems {
		if !strings.Contains(p.Cause, "wait for each other") {
			t.Errorf("a circle is called %q", p.Cause)
		}
	}
}
