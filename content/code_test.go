package content_test

import (
	"strings"
	"testing"

	"pitchside/content"
)

// Code is coloured by classes, never by styles, which the content policy
// forbids; what is in it stays text.
func TestCodeIsHighlighted(t *testing.T) {
	t.Parallel()
	id, _, _ := content.Identify("courses/x/01-code.md")
	d := content.Read(id, []byte("---\ntitle: Code\n---\n```json\n{\"stage\": 3, \"x\": \"<script>\"}\n```\n\n```\nplain & simple\n```\n"))
	got := string(d.Lesson.Blocks[0].HTML)
	for _, want := range []string{`class="chroma"`, `<span class="mi">3</span>`, `&lt;script&gt;`, `plain &amp; simple`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	for _, never := range []string{"style=", "<script"} {
		if strings.Contains(got, never) {
			t.Errorf("%s in %s", never, got)
		}
	}
	if len(d.Problems) != 0 {
		t.Errorf("%+v", d.Problems)
	}
}
