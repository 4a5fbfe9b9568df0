package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"pitchside/courses"
	"pitchside/people"
)

// A liveJSON is a live session. What a plan needs is required; the rest is read only.
type liveJSON struct {
	ID          int64      `json:"id,omitempty" readOnly:"true"`
	Title       string     `json:"title"`
	Summary     string     `json:"summary,omitempty"`
	Kind        string     `json:"kind" enum:"classroom,virtual"`
	Topic       string     `json:"topic,omitempty" doc:"That items of programs name."`
	At          time.Time  `json:"at"`
	Minutes     int        `json:"minutes"`
	Place       string     `json:"place,omitempty"`
	Link        string     `json:"link,omitempty"`
	Capacity    int        `json:"capacity"`
	Materials   string     `json:"materials,omitempty"`
	HostID      int64      `json:"host_id,omitempty" readOnly:"true"`
	Registered  int        `json:"registered,omitempty" readOnly:"true"`
	Waiting     int        `json:"waiting,omitempty" readOnly:"true"`
	Mine        *string    `json:"mine,omitempty" readOnly:"true" doc:"The caller's own: registered, waiting or left."`
	CancelledAt *time.Time `json:"cancelled_at,omitempty" readOnly:"true"`
}

func asLive(l courses.LiveSession) liveJSON {
	return liveJSON{l.ID, l.Title, l.Summary, l.Kind, l.Topic, l.At, l.Minutes, l.Place, l.Link, l.Capacity, l.Materials, l.HostID, l.Registered, l.Waiting, l.Mine, l.CancelledAt}
}

func (j liveJSON) session(id int64, version int) courses.LiveSession {
	return courses.LiveSession{ID: id, Version: version, Title: j.Title, Summary: j.Summary, Kind: j.Kind, Topic: j.Topic, At: j.At, Minutes: j.Minutes, Place: j.Place, Link: j.Link, Capacity: j.Capacity, Materials: j.Materials}
}

var liveHosts = []people.Capability{people.Coach, people.Manager, people.Author, people.Admin}

func (a *API) registerLive() {
	register(a, op{Method: http.MethodGet, Path: "/live-sessions", ID: "list-live-sessions", Summary: "Live sessions to come, or those held", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			Paging
			Topic string `query:"topic"`
			Past  bool   `query:"past"`
		}) (*Body[Page[liveJSON]], error) {
			after, err := cursorID(in.Cursor)
			if err != nil {
				return nil, err
			}
			all, err := a.Courses.LiveSessions(ctx, by, courses.LiveFilter{Topic: in.Topic, Past: in.Past, After: after, Limit: in.Limit + 1})
			if err != nil {
				return nil, err
			}
			items, next := []liveJSON{}, ""
			for i, l := range all {
				if i == in.Limit {
					next = strconv.FormatInt(all[i-1].ID, 10)
					break
				}
				items = append(items, asLive(l))
			}
			return &Body[Page[liveJSON]]{page(items, next)}, nil
		})
	register(a, op{Method: http.MethodPost, Path: "/live-sessions", ID: "plan-live-session", Summary: "Plan a live session", Scope: "courses:write", Tag: "Learning", Status: http.StatusCreated, For: liveHosts},
		func(ctx context.Context, by people.Actor, in *struct{ Body liveJSON }) (*Tagged[liveJSON], error) {
			return tagLive(a.Courses.SaveLiveSession(ctx, by, in.Body.session(0, 0)))
		})
	register(a, op{Method: http.MethodGet, Path: "/live-sessions/{id}", ID: "get-live-session", Summary: "A live session", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
		}) (*Tagged[liveJSON], error) {
			return tagLive(a.Courses.LiveSession(ctx, by, in.ID))
		})
	register(a, op{Method: http.MethodPut, Path: "/live-sessions/{id}", ID: "save-live-session", Summary: "Change a live session that one holds", Scope: "courses:write", Tag: "Learning", For: liveHosts},
		func(ctx context.Context, by people.Actor, in *struct {
			ID      int64  `path:"id"`
			IfMatch string `header:"If-Match"`
			Body    liveJSON
		}) (*Tagged[liveJSON], error) {
			version, err := ifMatch(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return tagLive(a.Courses.SaveLiveSession(ctx, by, in.Body.session(in.ID, version)))
		})
	a.registerPlaces()
}

func tagLive(l courses.LiveSession, err error) (*Tagged[liveJSON], error) {
	if err != nil {
		return nil, err
	}
	return &Tagged[liveJSON]{etag(l.Version), asLive(l)}, nil
}

// A guestJSON is somebody who asked for a place.
type guestJSON struct {
	PersonID int64     `json:"person_id"`
	Name     string    `json:"name"`
	State    string    `json:"state" enum:"registered,waiting"`
	AskedAt  time.Time `json:"asked_at"`
	Attended *bool     `json:"attended" doc:"Absent until the host has marked it."`
}

func (a *API) registerPlaces() {
	type liveCancel struct {
		Reason string `json:"reason"`
	}
	register(a, op{Method: http.MethodPost, Path: "/live-sessions/{id}/cancel", ID: "cancel-live-session", Summary: "Call a live session off", Scope: "courses:write", Tag: "Learning", For: liveHosts},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body liveCancel
		}) (*Tagged[liveJSON], error) {
			if err := a.Courses.CancelLiveSession(ctx, by, in.ID, in.Body.Reason); err != nil {
				return nil, err
			}
			return tagLive(a.Courses.LiveSession(ctx, by, in.ID))
		})
	register(a, op{Method: http.MethodGet, Path: "/live-sessions/{id}/registrations", ID: "list-registrations", Summary: "Who asked for a place, as far as the caller sees them", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
		}) (*Body[Page[guestJSON]], error) {
			all, err := a.Courses.Guests(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			var items []guestJSON
			for _, g := range all {
				items = append(items, guestJSON{g.PersonID, g.Name, g.State, g.AskedAt, g.Attended})
			}
			return &Body[Page[guestJSON]]{page(items, "")}, nil
		})
	type placeAsked struct {
		PersonID int64 `json:"person_id,omitempty" doc:"The caller if absent."`
	}
	type placeGiven struct {
		PersonID int64  `json:"person_id"`
		State    string `json:"state" enum:"registered,waiting"`
	}
	register(a, op{Method: http.MethodPost, Path: "/live-sessions/{id}/registrations", ID: "register-for-live-session", Summary: "Ask for a place; when all are taken, wait for one", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body placeAsked
		}) (*Body[placeGiven], error) {
			person := in.Body.PersonID
			if person == 0 {
				person = by.ID
			}
			state, err := a.Courses.Register(ctx, by, person, in.ID)
			if err != nil {
				return nil, err
			}
			return &Body[placeGiven]{placeGiven{person, state}}, nil
		})
	register(a, op{Method: http.MethodDelete, Path: "/live-sessions/{id}/registrations/{person_id}", ID: "leave-live-session", Summary: "Give a place back; whoever waits longest has it", Scope: "courses:write", Tag: "Learning", Status: http.StatusNoContent},
		func(ctx context.Context, by people.Actor, in *struct {
			ID       int64 `path:"id"`
			PersonID int64 `path:"person_id"`
		}) (*struct{}, error) {
			return nil, a.Courses.Unregister(ctx, by, in.PersonID, in.ID)
		})
	type liveMark struct {
		PersonID int64 `json:"person_id"`
		Attended bool  `json:"attended"`
	}
	register(a, op{Method: http.MethodPut, Path: "/live-sessions/{id}/attendance", ID: "mark-attendance", Summary: "Say who was there", Scope: "courses:write", Tag: "Learning", Status: http.StatusNoContent, For: liveHosts},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Marks []liveMark `json:"marks"`
			}
		}) (*struct{}, error) {
			there := map[int64]bool{}
			for _, m := range in.Body.Marks {
				there[m.PersonID] = m.Attended
			}
			return nil, a.Courses.MarkAttendance(ctx, by, in.ID, there)
		})
}
