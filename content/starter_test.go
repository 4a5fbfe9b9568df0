package content_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pitchside/content"
)

// What an author begins with has no error, whatever its title is.
func TestStartersAreSound(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), service(t)
	must(t, s.EnsureBuiltIn(ctx))
	for _, kind := range content.WrittenKinds {
		for _, title := range []string{"A plain title", `Q: “why” \ "so"?`, "- [x]"} {
			slug := "selling-foundations"
			if kind == content.KindLesson {
				slug += ".new"
			}
			id, err := s.Place(ctx, author, kind, slug, "")
			must(t, err)
			for _, text := range withSnippets(kind, content.Starter(kind, title)) {
				d, problems, err := s.Preview(ctx, author, id, []byte(text))
				must(t, err)
				if titled := slices.Contains([]content.Kind{content.KindCards}, kind); !titled && d.Title != title {
					t.Errorf("the title of a %s is %q, want %q", kind, d.Title, title)
				}
				for _, p := range problems {
					if p.Severity == "error" && !strings.Contains(p.Cause, "name-of-the-") {
						t.Errorf("%s %q: %s in\n%s", kind, title, p.Cause, text)
					}
				}
			}
		}
	}
}

// withSnippets returns the text, and the text with each block that fits it.
func withSnippets(kind content.Kind, text string) []string {
	out := []string{text}
	for _, s := range content.Snippets(kind) {
		out = append(out, text+"\n"+s.Text)
	}
	return out
}
