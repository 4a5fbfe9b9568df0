package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/courses"
	"pitchside/people"
)

type postJSON struct {
	ID         int64      `json:"id"`
	Course     string     `json:"course"`
	Lesson     string     `json:"lesson"`
	ThreadID   *int64     `json:"thread_id" doc:"Null: it opens a thread."`
	PersonID   int64      `json:"person_id"`
	Person     string     `json:"person"`
	Text       string     `json:"text" doc:"Plain text; empty where it is deleted, or hidden from you."`
	Mentions   []string   `json:"mentions"`
	Version    int        `json:"version"`
	CreatedAt  time.Time  `json:"created_at"`
	EditedAt   *time.Time `json:"edited_at"`
	Deleted    bool       `json:"deleted"`
	Hidden     bool       `json:"hidden"`
	HiddenBy   *string    `json:"hidden_by"`
	Reason     string     `json:"reason" doc:"Why it is hidden."`
	Answered   bool       `json:"answered"`
	AnsweredBy *string    `json:"answered_by"`
	AnswerID   *int64     `json:"answer_id"`
	Replies    []postJSON `json:"replies"`
}

func asPost(p courses.Post) postJSON {
	out := postJSON{ID: p.ID, Course: p.Course, Lesson: p.Lesson, ThreadID: p.ThreadID, PersonID: p.PersonID, Person: p.Person, Text: p.Text, Mentions: orNone(p.Mentions),
		Version: p.Version, CreatedAt: p.CreatedAt, EditedAt: p.EditedAt, Deleted: p.DeletedAt != nil, Hidden: p.HiddenAt != nil, HiddenBy: p.HiddenBy, Reason: p.HiddenWhy,
		Answered: p.AnsweredAt != nil, AnsweredBy: p.AnsweredBy, AnswerID: p.AnswerID, Replies: []postJSON{}}
	for _, r := range p.Replies {
		out.Replies = append(out.Replies, asPost(r))
	}
	return out
}

// A CourseLessonPath names a lesson. It is exported because only the exported
// parts of an input are read.
type CourseLessonPath struct {
	Course string `path:"slug"`
	Lesson string `path:"lesson"`
}

func (a *API) registerPosts() {
	register(a, op{Method: http.MethodGet, Path: "/courses/{slug}/lessons/{lesson}/posts", ID: "list-posts", Summary: "Threads under a lesson with their replies, newest first", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			CourseLessonPath
			Paging
		}) (*Body[Page[postJSON]], error) {
			before, err := cursorID(in.Cursor)
			if err != nil {
				return nil, err
			}
			threads, err := a.Courses.Threads(ctx, by, in.Course, in.Lesson, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			threads, next := upTo(threads, in.Limit, func(p courses.Post) int64 { return p.ID })
			var items []postJSON
			for _, t := range threads {
				items = append(items, asPost(t))
			}
			return &Body[Page[postJSON]]{page(items, next)}, nil
		})
	type write struct {
		Text     string `json:"text" doc:"Plain text of at most 4,000 characters; @Name tells a colleague."`
		ThreadID int64  `json:"thread_id,omitempty" doc:"The post that is replied to; absent: a new thread."`
	}
	register(a, op{Method: http.MethodPost, Path: "/courses/{slug}/lessons/{lesson}/posts", ID: "create-post", Summary: "Ask under a lesson, or reply", Scope: "courses:write", Tag: "Learning", Status: http.StatusCreated},
		func(ctx context.Context, by people.Actor, in *struct {
			CourseLessonPath
			Body write
		}) (*Tagged[postJSON], error) {
			p, err := a.Courses.Write(ctx, by, in.Course, in.Lesson, in.Body.ThreadID, in.Body.Text)
			return &Tagged[postJSON]{etag(p.Version), asPost(p)}, err
		})
	type edit struct {
		Text     *string `json:"text,omitempty" doc:"By whoever wrote it."`
		Deleted  bool    `json:"deleted,omitempty" doc:"True takes your own words away for good."`
		Hidden   *bool   `json:"hidden,omitempty" doc:"By authors, admins, and managers of whoever wrote it; with a reason."`
		Reason   string  `json:"reason,omitempty"`
		Answered *bool   `json:"answered,omitempty" doc:"Of what opens a thread: by whoever asked, or an author."`
		AnswerID *int64  `json:"answer_id,omitempty" doc:"The reply that answers it."`
	}
	register(a, op{Method: http.MethodPatch, Path: "/posts/{id}", ID: "patch-post", Summary: "Edit, delete, hide or settle a post", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID      int64  `path:"id"`
			IfMatch string `header:"If-Match"`
			Body    edit
		}) (*Tagged[postJSON], error) {
			on, err := ifMatch(in.IfMatch)
			if err != nil {
				return nil, err
			}
			p, err := a.Courses.EditPost(ctx, by, in.ID, courses.PostEdit{Text: in.Body.Text, On: on, Deleted: in.Body.Deleted, Hidden: in.Body.Hidden, Reason: in.Body.Reason,
				Answered: in.Body.Answered, AnswerID: in.Body.AnswerID})
			return &Tagged[postJSON]{etag(p.Version), asPost(p)}, err
		})
}
