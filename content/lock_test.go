package content_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
)

// A locked criterion changes in a major version only, even where it is to be
// unlocked or left out.
func TestLockedCriteria(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := &content.Service{DB: pgtest.Tx(t), Now: time.Now}
	if err := s.EnsureBuiltIn(ctx); err != nil {
		t.Fatal(err)
	}
	by := people.Operator
	const first = "title: House\ncriteria:\n  - {id: hear, skill: listen, weight: 60, locked: true, anchors: [a, b, c, d, e]}\n  - {id: close, skill: commit, weight: 40, anchors: [a, b, c, d, e]}\n"
	put := func(text string) content.Import {
		t.Helper()
		in, err := s.Import(ctx, by, fstest.MapFS{"rubrics/house.yaml": &fstest.MapFile{Data: []byte(text)}}, text == first)
		if err != nil || len(in.Problems) > 0 {
			t.Fatalf("%v, %v", err, in.Problems)
		}
		return in
	}
	put(first)
	publish := func(text string, minor bool) error {
		t.Helper()
		put(text)
		doc, _, err := s.Source(ctx, by, content.KindRubric, "house", 0)
		if err != nil {
			t.Fatal(err)
		}
		return s.Publish(ctx, by, content.KindRubric, "house", doc.Number, content.Publication{Note: "x", Minor: minor})
	}
	for name, text := range map[string]string{
		"another anchor": strings.Replace(first, "anchors: [a, b, c, d, e]}\n  - {id: close", "anchors: [a, b, C, d, e]}\n  - {id: close", 1),
		"unlocked":       strings.Replace(first, "locked: true, ", "", 1),
		"left out":       "title: House\ncriteria:\n  - {id: close, skill: commit, weight: 100, anchors: [a, b, c, d, e]}\n",
	} {
		if err := publish(text, true); fault.FieldsOf(err)["minor"] == "" {
			t.Errorf("a minor edit with %s = %v, want a word on it", name, err)
		}
	}
	free := strings.Replace(first, "weight: 40, anchors: [a,", "weight: 40, anchors: [A,", 1)
	if err := publish(free, true); err != nil {
		t.Errorf("a minor edit of another criterion: %v", err)
	}
	if err := publish(strings.Replace(free, "anchors: [a, b", "anchors: [z, b", 1), false); err != nil {
		t.Errorf("a major version: %v", err)
	}
	doc, err := s.Published(ctx, content.KindRubric, "house")
	if err != nil || doc.Rubric.Criteria[0].Anchors[0] != "z" || !doc.Rubric.Criteria[0].Locked {
		t.Errorf("published: %+v, %v", doc, err)
	}
}
