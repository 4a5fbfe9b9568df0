package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/courses"
	"pitchside/people"
)

type lateJSON struct {
	ID         int64          `json:"id"`
	PersonID   int64          `json:"person_id"`
	Person     string         `json:"person"`
	AssignedBy int64          `json:"assigned_by"`
	Kind       courses.Target `json:"kind"`
	Ref        string         `json:"ref"`
	Title      string         `json:"title"`
	Reason     string         `json:"reason"`
	Due        string         `json:"due" format:"date"`
	Days       int            `json:"days_over"`
	Nudged     bool           `json:"nudged_today"`
}

const mostLate = 500

func (a *API) registerAssignments() {
	leaders := []people.Capability{people.Coach, people.Manager}
	register(a, op{Method: http.MethodGet, Path: "/assignments/overdue", ID: "list-overdue", Summary: "What is overdue with the people you lead, the longest over first", Scope: "courses:read", Tag: "Learning", For: leaders},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[Page[lateJSON]], error) {
			all, _, err := a.Courses.TeamOverdue(ctx, by, mostLate)
			if err != nil {
				return nil, err
			}
			var items []lateJSON
			for _, l := range all {
				items = append(items, lateJSON{l.ID, l.PersonID, l.Person, l.AssignedBy, l.Kind, l.Ref, l.Title, l.Reason, l.Due.Format(time.DateOnly), l.Days, l.Nudged})
			}
			return &Body[Page[lateJSON]]{page(items, "")}, nil
		})
	register(a, op{Method: http.MethodPost, Path: "/assignments/{id}/nudge", ID: "nudge", Summary: "Remind somebody of what is overdue, once a day at most", Scope: "courses:write", Tag: "Learning", For: leaders, Status: http.StatusNoContent},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
		}) (*struct{}, error) {
			_, err := a.Courses.Nudge(ctx, by, in.ID)
			return &struct{}{}, err
		})
}
