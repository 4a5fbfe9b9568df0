package web

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/docs"
)

// The customer's framework: # for a heading, by its depth; - for a bullet.
func framework(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/framework.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// Every heading and every bullet of the framework stands in the map, in the
// framework's own order, and each has a place.
func TestFrameworkIsMapped(t *testing.T) {
	t.Parallel()
	var have []string
	for _, part := range docs.FrameworkMap() {
		have = append(have, strings.Repeat("#", part.Level)+" "+part.Title)
		if len(part.Places) == 0 {
			t.Errorf("%q has no place", part.Title)
		}
		for _, b := range part.Bullets {
			have = append(have, "- "+b.Label)
			if len(b.Places) == 0 {
				t.Errorf("%q below %q has no place", b.Label, part.Title)
			}
		}
	}
	want := framework(t)
	if len(want) < 350 {
		t.Fatalf("the framework has only %d lines", len(want))
	}
	for n, line := range want {
		if n >= len(have) || have[n] != line {
			t.Fatalf("line %d of the framework is %q; the map differs there", n+1, line)
		}
	}
	if len(have) != len(want) {
		t.Errorf("the map has %d lines more than the framework", len(have)-len(want))
	}
}

// builtInDocs are the documents of the built-in library, by kind and slug.
func builtInDocs(t *testing.T) map[string]*content.Document {
	t.Helper()
	out := map[string]*content.Document{}
	err := fs.WalkDir(content.Library, ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		id, ours, _ := content.Identify(file)
		if !ours || id.Kind == content.KindMedia {
			return nil
		}
		body, err := fs.ReadFile(content.Library, file)
		out[string(id.Kind)+"/"+id.Slug] = content.Read(id, body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every link of the map leads somewhere, and says what it finds there.
func TestFrameworkPlacesExist(t *testing.T) {
	t.Parallel()
	library, routes := builtInDocs(t), (&Site{}).Routes()
	check := func(p docs.Place) {
		path, anchor, _ := strings.Cut(p.Address, "#")
		if _, ok := routeTo(routes, path); !ok {
			t.Errorf("%s is no page", p.Address)
		}
		if kind, slug := shownAt(path); kind != "" {
			d := library[string(kind)+"/"+slug]
			if d == nil {
				t.Errorf("%s shows no document of the library", p.Address)
			} else if !strings.Contains(p.Title, d.Title) {
				t.Errorf("%s is called %q, the document %q", p.Address, p.Title, d.Title)
			}
		}
		title := ""
		switch path {
		case "/framework/metrics":
			m, ok := library["metrics/metrics"].Metric(anchor)
			if title = "Metric: " + m.Title; !ok && anchor != "" {
				t.Errorf("%s is no metric of the dictionary", p.Address)
			}
		case "/framework/skills":
			for _, k := range library["skills/skills"].Skills.All() {
				if k.Slug == anchor {
					title = "Skill: " + k.Name
				}
			}
			if title == "" && anchor != "" {
				t.Errorf("%s is no skill of the framework", p.Address)
			}
		default:
			if anchor != "" {
				t.Errorf("%s leads into a page whose parts have no names", p.Address)
			}
		}
		if anchor != "" && title != p.Title {
			t.Errorf("%s is called %q, want %q", p.Address, p.Title, title)
		}
		if name, ok := strings.CutPrefix(path, "/team/performance/"); ok && metricPage(name) != path {
			t.Errorf("%s shows no metric", p.Address)
		}
	}
	for _, part := range docs.FrameworkMap() {
		for _, p := range part.Places {
			check(p)
		}
		for _, b := range part.Bullets {
			for _, p := range b.Places {
				check(p)
			}
		}
	}
}
