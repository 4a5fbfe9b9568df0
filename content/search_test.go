package content_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pitchside/content"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
)

var (
	learner = people.Actor{ID: 1, Name: "Dana", Capabilities: []people.Capability{people.Rep}}
	coach   = people.Actor{ID: 2, Name: "Ana", Capabilities: []people.Capability{people.Coach}}
)

func secrets() map[string]string {
	return map[string]string{
		"skills.yaml":          tinySkills,
		"courses/c/course.md":  "---\ntitle: Course of apples\nsummary: About pears.\nattribution: Ours.\n---\nPlums.\n",
		"courses/c/01-l.md":    "---\ntitle: Lesson of cherries\n---\nThe buyer negotiates <b>hard</b>.\n\n### What grows? {#q-a}\n- ( ) Rhubarb\n  > Feedbackberry.\n- (x) Keyfruit\n? Hintmelon.\n! Explanationfig.\n",
		"courses/c/quiz.md":    "---\npass: 80\n---\n### Quizquince? {#q-b}\n- ( ) a\n- (x) b\n! B.\n",
		"courses/c/cards.yaml": "- {id: a, front: Cardfront, back: Cardback}\n",
		"rubrics/r.yaml":       "title: Rubric of limes\ncriteria:\n  - {id: a, skill: listen, weight: 100, meaning: Meaninglemon, anchors: [a, b, c, d, e]}\n",
		"scenarios/s.md":       "---\ntitle: Scenario of dates\nrubric: r\n---\n## Brief\nBriefgrape.\n## Buyer\nSecretfact.\n",
		"templates/t.yaml":     "title: Template of figs\nprompts:\n  - {text: Promptapricot, guidance: Guidancepeach}\n",
		"worksheets/w.md":      "---\ntitle: Worksheet of kiwis\nrubric: r\n---\nSheetmango.\n\n## Field {#f-a}\nGuidance.\n",
		"programs/p.yaml":      "title: Program of nuts\nsummary: Hazel.\ndays: 9\nattribution: Ours.\nsections:\n  - title: Weekwalnut\n    items:\n      - {id: a, course: c, due: 1, note: Notealmond}\n",
	}
}

func TestSearchFindsWhatOneMaySee(t *testing.T) {
	t.Parallel()
	s := service(t)
	lib := files()
	for file, body := range secrets() {
		lib[file] = files(file, body)[file]
	}
	if in := bring(t, s, lib, true); content.Failed(in.Problems) {
		t.Fatal(in.Problems)
	}
	admin := people.Actor{ID: 3, Capabilities: []people.Capability{people.Admin}}
	for _, c := range []struct {
		by   people.Actor
		text string
		want string // kind:slug, or empty for nothing
	}{
		{learner, "apples", "course:c"}, {learner, "pear", "course:c"}, {learner, "plum", "course:c"},
		{learner, "negotiating", "lesson:c.l"}, {learner, "What grows", "lesson:c.l"}, {learner, "cherry", "lesson:c.l"},
		{learner, "Keyfruit", ""}, {learner, "Rhubarb", ""}, {learner, "Feedbackberry", ""}, {learner, "Hintmelon", ""}, {learner, "Explanationfig", ""},
		{learner, "Quizquince", ""}, {learner, "Cardfront", ""}, {learner, "Cardback", ""},
		{learner, "Briefgrape", "scenario:s"}, {learner, "Secretfact", ""}, {coach, "Secretfact", ""}, {author, "Secretfact", ""}, {admin, "Briefgrape", ""},
		{learner, "Meaninglemon", "rubric:r"}, {learner, "Sheetmango", "worksheet:w"}, {learner, "Notealmond", "program:p"}, {learner, "listening", "skill:listen"},
		{learner, "Promptapricot", ""}, {coach, "Promptapricot", "template:t"}, {admin, "Guidancepeach", "template:t"},
		{learner, "cherries -negotiate", ""}, {learner, `"buyer negotiates"`, "lesson:c.l"}, {learner, `"negotiates buyer"`, ""}, {learner, "kiwis or limes", "rubric:r worksheet:w"},
	} {
		hits, err := s.Search(context.Background(), c.by, content.Sought{Text: c.text, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, h.Kind+":"+h.Slug)
		}
		if len(got) != len(strings.Fields(c.want)) {
			t.Errorf("%v finds %v for %q, want %q", c.by.Capabilities, got, c.text, c.want)
		}
		for _, w := range strings.Fields(c.want) {
			if !strings.Contains(strings.Join(got, " "), w) {
				t.Errorf("%v finds %v for %q, want %q", c.by.Capabilities, got, c.text, c.want)
			}
		}
	}
}

func TestSearchFollowsTheLibrary(t *testing.T) {
	t.Parallel()
	s, ctx := service(t), context.Background()
	bring(t, s, tiny(), true)
	n := func(text string) int {
		t.Helper()
		hits, err := s.Search(ctx, learner, content.Sought{Text: text, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		return len(hits)
	}
	if n("first") != 1 || n("second") != 0 {
		t.Fatal("the lesson is not found as it is")
	}
	bring(t, s, files("courses/tiny/01-one.md", strings.Replace(string(tiny()["courses/tiny/01-one.md"].Data), "First.", "Second.", 1)), true)
	if n("first") != 0 || n("second") != 1 {
		t.Error("the lesson is not found as it was published last")
	}
	bring(t, s, files("courses/tiny/01-one.md", "---\ntitle: One\n---\nThird.\n"), false)
	if n("third") != 0 {
		t.Error("a draft is found")
	}
	if err := s.Retire(ctx, author, content.KindCourse, "tiny"); err != nil {
		t.Fatal(err)
	}
	if n("second") != 0 || n("hello") != 0 {
		t.Error("a retired course is found")
	}
	if err := s.BringBack(ctx, author, content.KindCourse, "tiny"); err != nil {
		t.Fatal(err)
	}
	if n("second") != 1 || n("hello") != 1 {
		t.Error("a course that was brought back is not found")
	}
}

func TestHighlightsAreSafe(t *testing.T) {
	t.Parallel()
	s := service(t)
	bring(t, s, files("courses/c/course.md", course, "courses/c/01-l.md", lesson("`<script>alert(1)</script>` is a danger & a threat.\n")), true)
	hits, err := s.Search(context.Background(), learner, content.Sought{Text: "dangers", Limit: 5})
	if err != nil || len(hits) != 1 {
		t.Fatal(hits, err)
	}
	if got := string(hits[0].Excerpt); strings.Contains(got, "<script") || !strings.Contains(got, "<mark>danger</mark> &amp; a threat") {
		t.Errorf("the excerpt is %s", got)
	}
}

func TestMisspelt(t *testing.T) {
	t.Parallel()
	s := service(t)
	lib := files()
	for file, body := range secrets() {
		lib[file] = files(file, body)[file]
	}
	bring(t, s, lib, true)
	for typed, want := range map[string]string{"cheries": "cherries", "Chreries": "cherries", "lesson of cheries": "lesson of cherries", "negotitaes": "negotiates", "negoti": "negotiates",
		"cherries": "", "zzzzzz": "", "abc": "", "Promptapricto": "", "Guidancepeahc": ""} {
		got, ok, err := s.Corrected(context.Background(), learner, typed)
		if err != nil || ok != (want != "") || ok && got != want {
			t.Errorf("%q is taken for %q (%v, %v), want %q", typed, got, ok, err, want)
		}
	}
	if got, _, _ := s.Corrected(context.Background(), coach, "Promptapricto"); got != "promptapricot" {
		t.Errorf("for a coach the word is %q", got)
	}
}

// BenchmarkSearch looks for one word and for two in 2,000 documents, of which
// half hold the first. BenchmarkSearchTrivial is the least that a call of the
// database costs.
func BenchmarkSearch(b *testing.B) {
	ctx := context.Background()
	s := &content.Service{DB: pgtest.New(b), Now: time.Now}
	lib := large(1900)
	topics := strings.Fields("discovery objection negotiation pricing champion budget renewal forecast pipeline closing")
	for i := range 1900 {
		name := fmt.Sprintf("courses/c%d/%02d-l%d.md", i/20, i%20+1, i)
		text := string(lib[name].Data)
		lib[name].Data = []byte(strings.ReplaceAll(text, "strong words", topics[i%10]+" and "+topics[(i/10)%10]+" words"))
	}
	if in, err := s.Import(ctx, author, lib, true); err != nil || content.Failed(in.Problems) {
		b.Fatal(in.Problems, err)
	}
	if err := s.Index(ctx); err != nil {
		b.Fatal(err)
	}
	var took, trivial []time.Duration
	i := 0
	for b.Loop() {
		text := topics[i%10]
		if i%2 == 1 {
			text += " " + topics[(i/2)%10]
		}
		i++
		start := time.Now()
		if hits, err := s.Search(ctx, learner, content.Sought{Text: text, PerKind: 5, Limit: 50}); err != nil || len(hits) == 0 {
			b.Fatal(text, hits, err)
		}
		took = append(took, time.Since(start))
		start = time.Now()
		var one int
		if err := s.DB.QueryRow(ctx, `select count(*) from documents where id = $1`, i).Scan(&one); err != nil {
			b.Fatal(err)
		}
		trivial = append(trivial, time.Since(start))
	}
	b.ReportMetric(float64(quantile(took, 0.5).Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(quantile(took, 0.95).Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(quantile(took, 0.5))/float64(quantile(trivial, 0.5)), "x-one-query")
}

func quantile(of []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[int(q*float64(len(sorted)-1))]
}
