package content_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"pitchside/content"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// rendered is everything of a lesson that reaches a page, in order.
func rendered(d *content.Document) string {
	var b strings.Builder
	for _, block := range d.Lesson.Blocks {
		q := block.Question
		if q == nil {
			fmt.Fprintln(&b, block.HTML)
			continue
		}
		fmt.Fprintf(&b, "=== %s %s, %g points, %s\n%s\n", q.ID, q.Kind, q.Points, q.Skill, q.HTML)
		for _, o := range q.Options {
			fmt.Fprintf(&b, "--- %t %s\n> %s\n", o.Correct, o.HTML, o.FeedbackHTML)
		}
		fmt.Fprintf(&b, "? %s\n! %s\n===\n", q.HintHTML, q.ExplainHTML)
	}
	for _, h := range d.Lesson.Headings {
		fmt.Fprintf(&b, "# %s %s\n", h.ID, h.Text)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"everything", "hostile"} {
		body, err := os.ReadFile("testdata/golden/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		id, _, _ := content.Identify("courses/c/01-" + name + ".md")
		got := rendered(content.Read(id, body))
		file := "testdata/golden/" + name + ".html"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (run with -update if this is meant):\n%s", name, d)
		}
		if name == "hostile" {
			harmless(t, got)
		}
	}
}

var (
	tags      = regexp.MustCompile(`<[^>]*>`)
	elements  = regexp.MustCompile(`^</?(p|br|hr|ul|ol|li|blockquote|h[2-6]|strong|em|del|code|pre|table|thead|tbody|tr|th|td|dl|dt|dd|sup|div|section|aside|a|img|svg|circle|path)\b`)
	dangerous = regexp.MustCompile(`(?i)\son\w+\s*=|\bstyle\s*=|(href|src)\s*=\s*"?\s*(javascript|vbscript|data):`)
)

func harmless(t *testing.T, html string) {
	t.Helper()
	for _, tag := range tags.FindAllString(html, -1) {
		if !elements.MatchString(tag) || dangerous.MatchString(tag) {
			t.Errorf("this reached the page: %s", tag)
		}
	}
}

// FuzzRead looks for bodies that cannot be read or that come out with a script.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"everything", "hostile"} {
		body, err := os.ReadFile("testdata/golden/" + name + ".md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(body))
	}
	id, _, _ := content.Identify("courses/c/01-f.md")
	f.Fuzz(func(t *testing.T, body string) {
		d := content.Read(id, []byte(body))
		if d.Lesson == nil {
			return
		}
		for _, b := range d.Lesson.Blocks {
			if strings.Contains(strings.ToLower(string(b.HTML)), "<script") {
				t.Errorf("a script in %s", b.HTML)
			}
		}
		for _, q := range d.Lesson.Questions {
			_ = q.Public()
		}
	})
}
