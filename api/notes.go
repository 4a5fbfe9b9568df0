package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"
)

type noteJSON struct {
	ID          int64     `json:"id"`
	Course      string    `json:"course"`
	Lesson      string    `json:"lesson"`
	Paragraph   string    `json:"paragraph" doc:"Its id in the version that is read now; empty: the lesson as a whole, or the words are gone."`
	Quote       string    `json:"quote" doc:"The words it was written at."`
	TextChanged bool      `json:"text_changed" doc:"Those words are not in the lesson any more."`
	Text        string    `json:"text"`
	Bookmarked  bool      `json:"bookmarked"`
	Version     int       `json:"version"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func asNote(n courses.FoundNote) noteJSON {
	return noteJSON{n.ID, n.Course, n.Lesson, n.Where, n.Quote, n.Changed || n.Gone, n.Text, n.Bookmarked, n.Version, n.UpdatedAt}
}

// ownNotes is NotFound unless somebody asks for their own: nobody reads the
// notes of others, a system that brings data over neither.
func ownNotes(by people.Actor, personID int64) error {
	if by.ID != personID {
		return fault.NotFoundf("Notes are read by whoever wrote them, and by nobody else.")
	}
	return nil
}

func (a *API) registerNotes() {
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/notes", ID: "list-notes", Summary: "Your own notes and bookmarks, the last changed first", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
			Paging
			Text string `query:"text" doc:"Words that are in the note, or in those it stands at."`
		}) (*Body[Page[noteJSON]], error) {
			before, err := cursorID(in.Cursor)
			if err == nil {
				err = ownNotes(by, in.ID)
			}
			if err != nil {
				return nil, err
			}
			list, err := a.Courses.Notes(ctx, by, in.Text, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			list, next := upTo(list, in.Limit, func(n courses.FoundNote) int64 { return n.ID })
			var items []noteJSON
			for _, n := range list {
				items = append(items, asNote(n))
			}
			return &Body[Page[noteJSON]]{page(items, next)}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/lessons/{course}/{lesson}/notes", ID: "list-lesson-notes", Summary: "Your own notes in a lesson, in the order of its text", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *LessonPath) (*Body[Page[noteJSON]], error) {
			if err := ownNotes(by, in.ID); err != nil {
				return nil, err
			}
			list, _, err := a.Courses.LessonNotes(ctx, by, in.Course, in.Lesson)
			if err != nil {
				return nil, err
			}
			var items []noteJSON
			for _, n := range list {
				items = append(items, asNote(n))
			}
			return &Body[Page[noteJSON]]{page(items, "")}, nil
		})
	type noteInput struct {
		NoteID     int64  `json:"note_id,omitempty" doc:"A note that is there; absent: the one at the paragraph."`
		Paragraph  string `json:"paragraph,omitempty" doc:"Absent: the lesson as a whole."`
		Text       string `json:"text"`
		Bookmarked bool   `json:"bookmarked,omitempty"`
	}
	register(a, op{Method: http.MethodPut, Path: "/people/{id}/lessons/{course}/{lesson}/notes", ID: "put-note", Summary: "Write a note of your own; without text and bookmark it is taken away", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			LessonPath
			IfMatch string `header:"If-Match"`
			Body    noteInput
		}) (*Tagged[noteJSON], error) {
			on, err := ifMatch(in.IfMatch)
			if err == nil {
				err = ownNotes(by, in.ID)
			}
			if err != nil {
				return nil, err
			}
			n, err := a.Courses.SaveNote(ctx, by, in.Course, in.Lesson, courses.NoteEdit{ID: in.Body.NoteID, Paragraph: in.Body.Paragraph, Text: in.Body.Text, Bookmarked: in.Body.Bookmarked, On: on})
			if err != nil {
				return nil, err
			}
			list, _, err := a.Courses.LessonNotes(ctx, by, in.Course, in.Lesson)
			if err != nil {
				return nil, err
			}
			for _, x := range list {
				if x.ID == n.ID {
					return &Tagged[noteJSON]{etag(n.Version), asNote(x)}, nil
				}
			}
			return &Tagged[noteJSON]{etag(0), noteJSON{Course: n.Course, Lesson: n.Lesson, Paragraph: n.Paragraph}}, nil
		})
}
