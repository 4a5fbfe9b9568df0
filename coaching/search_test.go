package coaching_test

import (
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/people"
)

// TestSearchOwnSessions looks for what stands in a shared note, a commitment
// and a private note, as everybody.
func TestSearchOwnSessions(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id := r.plan(1)
	r.must(r.WriteNotes(r.ctx, r.ana, id, "We listened to the quarrelsome buyer.", "Privateworry about a quarrelsome rep.", nil, 0))
	r.promise(id, "Ask about consequences")
	second := r.plan(2)
	r.must(r.WriteNotes(r.ctx, r.ana, second, "Another quarrel.", "", nil, 0))
	for _, c := range []struct {
		by   people.Actor
		text string
		want int
	}{
		{r.dana, "quarrelsome", 1}, {r.ana, "quarrelsome", 1}, {r.mo, "quarrelsome", 0}, {r.eve, "quarrelsome", 0}, {r.admin, "quarrelsome", 0},
		{r.dana, "consequence", 1}, {r.ana, "recorded calls", 1}, {r.eve, "consequence", 0},
		{r.dana, "Privateworry", 0}, {r.ana, "Privateworry", 0}, {r.dana, "we", 0},
	} {
		found, err := r.Search(r.ctx, c.by, content.Sought{Text: c.text, Limit: 10})
		r.must(err)
		if len(found) != c.want {
			t.Errorf("%s finds %d sessions for %q, want %d", c.by.Name, len(found), c.text, c.want)
		}
	}
	found, err := r.Search(r.ctx, r.dana, content.Sought{Text: "buyers", Limit: 10})
	r.must(err)
	if len(found) != 1 || found[0].ID != id || found[0].Title != "1:1 with Ana Ruiz" || !strings.Contains(string(content.Marks(found[0].Passage)), "<mark>buyer</mark>") {
		t.Errorf("Dana finds %+v", found)
	}
	first, err := r.Search(r.ctx, r.dana, content.Sought{Text: "quarrel or buyer or consequences", Limit: 1})
	r.must(err)
	rest, err := r.Search(r.ctx, r.dana, content.Sought{Text: "quarrel or buyer or consequences", Limit: 10, After: first[0].Rank, AfterKey: first[0].Key})
	r.must(err)
	if len(rest) != 1 || rest[0].ID == first[0].ID {
		t.Errorf("after %+v comes %+v", first, rest)
	}
}
