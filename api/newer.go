package api

import (
	"context"
	"net/http"

	"pitchside/courses"
	"pitchside/people"
)

// A newerJSON is a lesson that has changed since a person began it.
type newerJSON struct {
	Lesson string   `json:"lesson"`
	Title  string   `json:"title"`
	From   int      `json:"from" doc:"Number of the version they began."`
	To     int      `json:"to" doc:"Number of the published version."`
	Notes  []string `json:"notes" doc:"What its authors say has changed, oldest first."`
	Stays  bool     `json:"stays" doc:"They were asked, and keep the one they began."`
	Done   bool     `json:"done"`
	Diff   diffJSON `json:"diff" doc:"Of the text without keys."`
}

// A BegunPath names a course of a person. It is exported because only the
// exported parts of an input are read.
type BegunPath struct {
	ID     int64  `path:"id"`
	Course string `path:"course"`
}

func (a *API) registerNewer() {
	path := "/people/{id}/courses/{course}/changes"
	register(a, op{Method: http.MethodGet, Path: path, ID: "list-course-changes", Summary: "Lessons that have changed, by more than a minor edit, since a person began them", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *BegunPath) (*Body[Page[newerJSON]], error) {
			return a.newer(ctx, by, *in)
		})
	type choice struct {
		Choice string `json:"choice" enum:"stay,move"`
	}
	register(a, op{Method: http.MethodPost, Path: path, ID: "stay-or-move", Summary: "Keep the version that was begun, or go on with the new one", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			BegunPath
			Body choice
		}) (*Body[Page[newerJSON]], error) {
			if err := a.Courses.StayOrMove(ctx, by, in.ID, in.Course, in.Body.Choice == "move"); err != nil {
				return nil, err
			}
			return a.newer(ctx, by, in.BegunPath)
		})
}

func (a *API) newer(ctx context.Context, by people.Actor, of BegunPath) (*Body[Page[newerJSON]], error) {
	list, err := a.Courses.WhatChanged(ctx, by, of.ID, of.Course)
	if err != nil {
		return nil, err
	}
	return &Body[Page[newerJSON]]{page(newerAsJSON(list), "")}, nil
}

func newerAsJSON(list []courses.NewerLesson) []newerJSON {
	var out []newerJSON
	for _, n := range list {
		out = append(out, newerJSON{n.Slug, n.Title, n.From, n.To, orNone(n.Notes), n.Stays, n.Done, diffAsJSON(n.Diff, n.From, n.To)})
	}
	return out
}
