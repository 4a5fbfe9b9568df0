package assessments_test

import (
	"testing"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/people"
)

// TestSearchOwnFeedback looks for what a coach wrote and a rep reflected,
// before and after the release, as everybody.
func TestSearchOwnFeedback(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id, note := s.submitted(), "Privateworry."
	_, _, err := s.SaveSheet(s.ctx, s.ana, id, s.ana.ID, assessments.SheetInput{Scores: levels(3, 3, 3, 3, 3, 3), Keep: "The patience.", TryNext: "Quantify losses.", PrivateNote: &note}, nil)
	s.must(err)
	s.must(s.Comment(s.ctx, s.ana, id, 1, "", "Splendid opening."))
	finds := func(when string, want map[string]int) {
		t.Helper()
		for _, who := range []struct {
			name string
			by   people.Actor
		}{{"Dana", s.dana}, {"Ana", s.ana}, {"Mo", s.mo}, {"the admin", s.admin}} {
			for _, text := range []string{"quantified", "patience", "splendid", "Privateworry", "humble"} {
				found, err := s.Search(s.ctx, who.by, content.Sought{Text: text, Limit: 10})
				s.must(err)
				if len(found) != want[who.name+" "+text] {
					t.Errorf("%s %s finds %d attempts for %q", when, who.name, len(found), text)
				}
			}
		}
	}
	finds("before the release", map[string]int{"Ana quantified": 1, "Ana patience": 1, "Ana splendid": 1})
	_, err = s.Release(s.ctx, s.ana, id, s.ana.ID)
	s.must(err)
	s.must(s.Reflect(s.ctx, s.dana, id, "A humbling call."))
	finds("after the release", map[string]int{"Ana quantified": 1, "Ana patience": 1, "Ana splendid": 1,
		"Dana quantified": 1, "Dana patience": 1, "Dana splendid": 1, "Dana humble": 1})
}
