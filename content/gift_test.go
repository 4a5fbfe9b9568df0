package content_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/content/bank"
)

// TestGIFTComesBack writes every quiz of the built-in library as GIFT and reads
// it again: the same questions with the same keys, but for those in order.
func TestGIFTComesBack(t *testing.T) {
	t.Parallel()
	quizzes, err := fs.Glob(content.Library, "courses/*/quiz.md")
	if err != nil || len(quizzes) == 0 {
		t.Fatal("no quiz in the library", err)
	}
	for _, file := range quizzes {
		body, err := fs.ReadFile(content.Library, file)
		if err != nil {
			t.Fatal(err)
		}
		id, _, _ := content.Identify(file)
		was := content.Read(id, body).Questions()
		text, lost := content.WriteGIFT(file, was)
		back, _ := bank.Read("gift", []byte(text))
		quiz := "---\npass: 80\n---\n\n"
		for _, q := range back.Questions {
			quiz += q.Markdown + "\n"
		}
		for _, p := range back.Problems {
			t.Errorf("%s: the bank that was written does not read: %+v", file, p)
		}
		is := content.Read(id, []byte(quiz)).Questions()
		orders := 0
		for _, p := range lost {
			if p.Severity == "error" {
				orders++
			}
			if p.Line < 1 || p.File != file {
				t.Errorf("a loss without its place: %+v", p)
			}
		}
		if len(is)+orders != len(was) {
			t.Errorf("%s: %d questions came back of %d, %d of them orders", file, len(is), len(was), orders)
		}
		for _, w := range was {
			if w.Kind == content.Ordering {
				continue
			}
			at := slices.IndexFunc(is, func(q *content.Question) bool { return strings.TrimSpace(q.Text) == strings.TrimSpace(w.Text) })
			if at < 0 {
				t.Errorf("%s: %s did not come back in its words:\n%s", file, w.ID, text)
				continue
			}
			if rightly(is[at]) != rightly(w) || is[at].Kind != w.Kind || is[at].Explanation != w.Explanation {
				t.Errorf("%s: %s came back as\n%s\nnot\n%s", file, w.ID, rightly(is[at]), rightly(w))
			}
		}
	}
}

// rightly says in words what is right in a question.
func rightly(q *content.Question) string {
	var out []string
	for _, o := range q.Options {
		if o.Correct {
			out = append(out, o.Text)
		}
	}
	for _, l := range q.Left {
		r, _ := q.Option(q.Match(l.ID))
		out = append(out, l.Text+" goes with "+r.Text)
	}
	return strings.Join(append(out, append(q.Accepted(), q.Tolerance())...), "\n")
}
