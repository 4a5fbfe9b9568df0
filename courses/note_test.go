package courses_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"
)

const noted = `---
title: Noted
minutes: 3
---
The first paragraph is about days.

The second paragraph is about hours.

The second paragraph is about hours.
`

func notedLibrary(lesson string) fstest.MapFS {
	return fstest.MapFS{
		"courses/noting/course.md":   {Data: []byte("---\ntitle: Noting\nsummary: For notes.\naudience: All\nminutes: 3\noutcomes: [Notes]\nskills: []\nattribution: None.\n---\n")},
		"courses/noting/01-noted.md": {Data: []byte(lesson)},
	}
}

func (h *house) note(e courses.NoteEdit) courses.Note {
	h.t.Helper()
	n, err := h.SaveNote(h.ctx, h.dana, "noting", "noted", e)
	h.must(err)
	return n
}

func TestNotesAreKeptBesideTheLesson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish(notedLibrary(noted))
	_, err := h.Open(h.ctx, h.dana, "noting", "noted")
	h.must(err)
	whole := h.note(courses.NoteEdit{Text: "All of it", Guarded: true})
	second := h.note(courses.NoteEdit{Paragraph: "p-2", Text: "  On hours\r\nand days ", Bookmarked: true, Guarded: true})
	third := h.note(courses.NoteEdit{Paragraph: "p-3", Bookmarked: true, Guarded: true})
	if second.Text != "On hours\nand days" || second.Quote != "The second paragraph is about hours." || third.ID == second.ID || whole.Paragraph != "" {
		t.Errorf("kept %+v, %+v and %+v", whole, second, third)
	}
	r, err := h.Open(h.ctx, h.dana, "noting", "noted")
	h.must(err)
	if len(r.Standing.Notes) != 3 {
		t.Fatalf("%d notes stand beside the lesson, want 3", len(r.Standing.Notes))
	}
	// Two windows: the second finds both texts, and neither is lost.
	changed := h.note(courses.NoteEdit{Paragraph: "p-2", Text: "Here", On: 1, Guarded: true})
	_, err = h.SaveNote(h.ctx, h.dana, "noting", "noted", courses.NoteEdit{ID: second.ID, Text: "There", On: 1, Guarded: true})
	if f, ok := err.(*fault.Error); !ok || f.Kind != fault.Stale || f.Theirs != "Here" {
		t.Errorf("an edit of an old version: %v", err)
	}
	_, err = h.SaveNote(h.ctx, h.dana, "noting", "noted", courses.NoteEdit{Paragraph: "p-2", Text: "Not seen", Guarded: true})
	h.wants(fault.Stale, err)
	if again := h.note(courses.NoteEdit{Paragraph: "p-2", Text: "Here", On: 1, Guarded: true}); again.Version != changed.Version {
		t.Errorf("a double click made version %d", again.Version)
	}
	if gone := h.note(courses.NoteEdit{ID: third.ID, On: 1}); gone.ID != 0 || h.count(`select count(*) from lesson_notes where id = $1`, third.ID) != 0 {
		t.Error("a note without words and bookmark is kept")
	}
	_, err = h.SaveNote(h.ctx, h.dana, "noting", "noted", courses.NoteEdit{ID: third.ID, Text: "x"})
	h.wants(fault.NotFound, err)
	_, err = h.SaveNote(h.ctx, h.dana, "noting", "noted", courses.NoteEdit{Paragraph: "p-9", Text: "x"})
	h.wants(fault.Invalid, err)
	_, err = h.SaveNote(h.ctx, h.dana, "noting", "noted", courses.NoteEdit{Text: strings.Repeat("ä", 10_001)})
	h.wants(fault.Invalid, err)
	// Nobody else comes to them, not those who lead, not a system.
	for _, by := range []people.Actor{h.ana, h.mo, h.system} {
		_, err := h.SaveNote(h.ctx, by, "noting", "noted", courses.NoteEdit{ID: second.ID, Text: "x"})
		h.wants(fault.NotFound, err)
		if found, err := h.Notes(h.ctx, by, "", 0, 9); err != nil || len(found) != 0 {
			t.Errorf("%s reads %v, %v", by.Name, found, err)
		}
	}
}

func TestNotesOutliveTheirVersion(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.publish(notedLibrary(noted))
	_, err := h.Open(h.ctx, h.dana, "noting", "noted")
	h.must(err)
	h.note(courses.NoteEdit{Paragraph: "p-1", Text: "On days"})
	h.note(courses.NoteEdit{Paragraph: "p-2", Text: "On hours"})
	h.publish(notedLibrary(strings.Replace(noted, "The first paragraph is about days.", "Something is put before it.\n\nThe first paragraph is about weeks.", 1)))
	h.must(h.StayOrMove(h.ctx, h.dana, h.dana.ID, "noting", true))
	found, _, err := h.LessonNotes(h.ctx, h.dana, "noting", "noted")
	h.must(err)
	if len(found) != 2 || found[0].Text != "On hours" || found[0].Where != "p-3" || found[0].Changed || !found[1].Changed || found[1].Quote != "The first paragraph is about days." {
		t.Errorf("after the edit: %+v", found)
	}
	// The paragraph that stands where it was written has none.
	fresh := h.note(courses.NoteEdit{Paragraph: "p-1", Text: "On what is new", Guarded: true})
	if fresh.Quote != "Something is put before it." {
		t.Errorf("a note on the new paragraph stands at %q", fresh.Quote)
	}
	if n, err := h.Notes(h.ctx, h.dana, "HOURS second", 0, 9); err != nil || len(n) != 1 || n[0].Href() != "/learn/noting/noted#p-3" {
		t.Errorf("searched: %+v, %v", n, err)
	}
	if n, err := h.Notes(h.ctx, h.dana, "100%", 0, 9); err != nil || len(n) != 0 {
		t.Errorf("a per cent sign finds %v, %v", n, err)
	}
	first, err := h.Notes(h.ctx, h.dana, "", 0, 1)
	h.must(err)
	rest, err := h.Notes(h.ctx, h.dana, "", first[0].ID, 9)
	h.must(err)
	if len(first) != 1 || len(rest) != 2 {
		t.Errorf("paged %d and %d", len(first), len(rest))
	}
}
