package content_test

import (
	"fmt"
	"strings"
	"testing"

	"pitchside/content"

	"github.com/google/go-cmp/cmp"
)

// drawn writes a diff as people draw it: words that went in [-…-], that came in {+…+}.
func drawn(d content.Diff) []string {
	mark := func(parts []content.DiffPart, open, end string) string {
		var b strings.Builder
		for _, p := range parts {
			if p.Changed {
				b.WriteString(open + p.Text + end)
			} else {
				b.WriteString(p.Text)
			}
		}
		return b.String()
	}
	var out []string
	for _, r := range d.Rows {
		switch r.Change {
		case content.Skipped:
			out = append(out, fmt.Sprintf("… %d", r.Skipped))
		case content.Same:
			out = append(out, fmt.Sprintf("  %d %d %s", r.From, r.To, mark(r.New, "{+", "+}")))
		case content.Removed:
			out = append(out, fmt.Sprintf("- %d %s", r.From, mark(r.Old, "[-", "-]")))
		case content.Added:
			out = append(out, fmt.Sprintf("+ %d %s", r.To, mark(r.New, "{+", "+}")))
		case content.Edited:
			out = append(out, fmt.Sprintf("~ %d %s | %d %s", r.From, mark(r.Old, "[-", "-]"), r.To, mark(r.New, "{+", "+}")))
		}
	}
	return out
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, changed string
		want         []string
	}{
		"nothing":   {"a\nb", "a\nb", []string{"… 2"}},
		"a word":    {"one\nAsk a small question.\ntwo", "one\nAsk a large question.\ntwo", []string{"  1 1 one", "~ 2 Ask a [-small-] question. | 2 Ask a {+large+} question.", "  3 3 two"}},
		"new line":  {"a\nb", "a\nx\nb", []string{"  1 1 a", "+ 2 x", "  2 3 b"}},
		"gone line": {"a\nx\nb", "a\nb", []string{"  1 1 a", "- 2 x", "  3 2 b"}},
		"from none": {"", "a", []string{"+ 1 a"}},
		"far apart": {"1\n2\n3\n4\n5\n6\n7\n8\nx", "1\n2\n3\n4\n5\n6\n7\n8\ny", []string{"… 5", "  6 6 6", "  7 7 7", "  8 8 8", "~ 9 [-x-] | 9 {+y+}"}},
		"letters":   {"Größe 1", "Größe 2", []string{"~ 1 Größe [-1-] | 1 Größe {+2+}"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var old []string
			if c.old != "" {
				old = strings.Split(c.old, "\n")
			}
			if d := cmp.Diff(c.want, drawn(content.Compare(old, strings.Split(c.changed, "\n")))); d != "" {
				t.Error(d)
			}
		})
	}
}

// More distinct lines than there are characters below the surrogates.
func TestCompareManyLines(t *testing.T) {
	t.Parallel()
	var old []string
	for i := range 60_000 {
		old = append(old, fmt.Sprint("line ", i))
	}
	changed := append(old[:59_000:59_000], append([]string{"new"}, old[59_000:]...)...)
	d := content.Compare(old, changed)
	if got := drawn(d); d.Added != 1 || d.Removed != 0 || got[4] != "+ 59001 new" {
		t.Errorf("%d added, %d removed, %v", d.Added, d.Removed, got)
	}
}

// Two texts that share nothing are compared within the limit, and rightly.
func TestCompareHostileTexts(t *testing.T) {
	t.Parallel()
	var old, changed []string
	for i := range 20_000 {
		old, changed = append(old, fmt.Sprint("a ", i*7%10_007)), append(changed, fmt.Sprint("a ", i*13%10_007))
	}
	d := content.Compare(old, changed)
	if d.Removed > len(old) || d.Added-d.Removed != len(changed)-len(old) {
		t.Errorf("%d added, %d removed", d.Added, d.Removed)
	}
}
