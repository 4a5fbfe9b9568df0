package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/danielgtaylor/huma/v2"
)

// A personBody is a person as the API writes one.
type personBody struct {
	ID           int64               `json:"id"`
	Email        *string             `json:"email" doc:"Null only for imported people, who cannot sign in until they have one"`
	Name         string              `json:"name"`
	RoleFamily   string              `json:"role_family" doc:"SDR, AE, Enterprise AE, AM, sales manager, or a text of the company's own"`
	Region       string              `json:"region"`
	HireDate     *string             `json:"hire_date" format:"date"`
	EndDate      *string             `json:"end_date" format:"date" doc:"The last day of work"`
	Capabilities []people.Capability `json:"capabilities" doc:"Any of rep, coach, manager, author, admin"`
	TeamID       *int64              `json:"team_id" doc:"Today's"`
	ManagerID    *int64              `json:"manager_id" doc:"Today's"`
	TimeZone     string              `json:"time_zone" doc:"IANA name"`
	Active       bool                `json:"active"`
}

func bodyOf(p people.Person) personBody {
	b := personBody{ID: p.ID, Name: p.Name, RoleFamily: p.RoleFamily, Region: p.Region, HireDate: dateOf(p.HireDate), EndDate: dateOf(p.EndDate),
		Capabilities: p.Capabilities, TeamID: p.TeamID, ManagerID: p.ManagerID, TimeZone: p.TimeZone, Active: p.Active}
	if p.Email != "" {
		b.Email = &p.Email
	}
	return b
}

// dateOf writes a date as YYYY-MM-DD.
func dateOf(t *time.Time) *string {
	if t == nil {
		return nil
	}
	s := t.Format(time.DateOnly)
	return &s
}

// readDate reads a date as YYYY-MM-DD; empty is the zero time.
func readDate(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, fault.Field(field, "Give a date, such as 2026-10-24.")
	}
	return t, nil
}

// An optional value tells a field that is left out from one that is null.
type optional[T any] struct {
	Set   bool
	Null  bool
	Value T // the zero value for null
}

// UnmarshalJSON is called only for fields that are there.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	o.Set = true
	if o.Null = string(b) == "null"; o.Null {
		return nil
	}
	return json.Unmarshal(b, &o.Value)
}

// Schema is that of the value, or null.
func (o optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := *huma.SchemaFromType(r, reflect.TypeFor[T]())
	s.Nullable = true
	return &s
}

func (o optional[T]) pointer() *T {
	if !o.Set {
		return nil
	}
	return &o.Value
}

// personInput is what a program says of a person; what is left out stays as it
// is, and null takes a date, a team or a manager away.
type personInput struct {
	Email        *string              `json:"email,omitempty"`
	Name         *string              `json:"name,omitempty"`
	RoleFamily   *string              `json:"role_family,omitempty"`
	Region       *string              `json:"region,omitempty"`
	HireDate     optional[string]     `json:"hire_date,omitempty" required:"false"`
	EndDate      optional[string]     `json:"end_date,omitempty" required:"false"`
	Capabilities *[]people.Capability `json:"capabilities,omitempty"`
	TeamID       optional[int64]      `json:"team_id,omitempty" required:"false"`
	ManagerID    optional[int64]      `json:"manager_id,omitempty" required:"false"`
	TimeZone     *string              `json:"time_zone,omitempty"`
	Active       *bool                `json:"active,omitempty"`
}

func (in personInput) patch() (people.PersonPatch, error) {
	p := people.PersonPatch{Email: in.Email, Name: in.Name, RoleFamily: in.RoleFamily, Region: in.Region, Capabilities: in.Capabilities,
		TimeZone: in.TimeZone, Active: in.Active, TeamID: in.TeamID.pointer(), ManagerID: in.ManagerID.pointer()}
	hired, err := readDate("hire_date", in.HireDate.Value)
	if err != nil {
		return p, err
	}
	ends, err := readDate("end_date", in.EndDate.Value)
	if err != nil {
		return p, err
	}
	if in.HireDate.Set {
		p.HireDate = &hired
	}
	if in.EndDate.Set {
		p.EndDate = &ends
	}
	return p, nil
}

type meBody struct {
	personBody
	Scopes []string `json:"scopes" doc:"Of the token that asks"`
}

type teamBody struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	ParentID *int64 `json:"parent_id"`
	Members  int    `json:"members" doc:"People in it today, without the teams below"`
}

type coachingBody struct {
	ID       int64   `json:"id"`
	PersonID int64   `json:"person_id"`
	CoachID  int64   `json:"coach_id"`
	From     string  `json:"from" format:"date"`
	To       *string `json:"to" format:"date" doc:"The last day; null while it is open"`
}

type dataBody struct {
	Categories []people.Category `json:"categories"`
}

var admins = []people.Capability{people.Admin}

func (a *API) registerPeople() {
	register(a, op{Method: "GET", Path: "/me", ID: "get-me", Summary: "Who the token belongs to", Tag: "People"},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[meBody], error) {
			p, err := a.People.Person(ctx, by, by.ID)
			return &Body[meBody]{meBody{bodyOf(p), by.Scopes}}, err
		})
	register(a, op{Method: "GET", Path: "/me/data", ID: "get-my-data", Summary: "Everything held on you", Scope: "people:read", Tag: "People"},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[dataBody], error) {
			all, err := a.People.MyData(ctx, by, true)
			return &Body[dataBody]{dataBody{all}}, err
		})
	a.registerNotices()
	a.registerPersons()
	a.registerTeams()
	register(a, op{Method: "GET", Path: "/audit", ID: "list-audit", Summary: "The audit log, newest first", Scope: "people:read", For: admins, Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct {
			Paging
			PersonID int64 `query:"person_id" doc:"Only lines about this person"`
		}) (*Body[Page[people.AuditEntry]], error) {
			entries, next, err := a.People.AuditLog(ctx, by, in.PersonID, in.Limit, in.Cursor)
			return &Body[Page[people.AuditEntry]]{page(entries, next)}, err
		})
}

func (a *API) registerPersons() {
	register(a, op{Method: "GET", Path: "/people", ID: "list-people", Summary: "The people you may know, by name", Scope: "people:read", Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct {
			Paging
			Search     string            `query:"search" doc:"Part of a name or an e-mail"`
			TeamID     int64             `query:"team_id" doc:"In this team or one below it"`
			RoleFamily string            `query:"role_family"`
			Capability people.Capability `query:"capability" enum:"rep,coach,manager,author,admin"`
			Active     string            `query:"active" enum:"true,false"`
		}) (*Body[Page[personBody]], error) {
			f := people.PeopleFilter{Search: in.Search, TeamID: in.TeamID, RoleFamily: in.RoleFamily, Capability: in.Capability, Limit: in.Limit, Cursor: in.Cursor}
			if in.Active != "" {
				active := in.Active == "true"
				f.Active = &active
			}
			found, next, err := a.People.People(ctx, by, f)
			var items []personBody
			for _, p := range found {
				items = append(items, bodyOf(p))
			}
			return &Body[Page[personBody]]{page(items, next)}, err
		})
	register(a, op{Method: "POST", Path: "/people", ID: "create-person", Summary: "Add a person", Scope: "people:write", For: admins, Tag: "People", Status: http.StatusCreated},
		func(ctx context.Context, by people.Actor, in *struct{ Body personInput }) (*Tagged[personBody], error) {
			patch, err := in.Body.patch()
			if err != nil {
				return nil, err
			}
			p, err := a.People.AddPerson(ctx, by, patch, "api")
			return &Tagged[personBody]{etag(p.Version), bodyOf(p)}, err
		})
	register(a, op{Method: "GET", Path: "/people/{id}", ID: "get-person", Summary: "One person", Scope: "people:read", Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
		}) (*Tagged[personBody], error) {
			p, err := a.People.Person(ctx, by, in.ID)
			return &Tagged[personBody]{etag(p.Version), bodyOf(p)}, err
		})
	register(a, op{Method: "PATCH", Path: "/people/{id}", ID: "patch-person", Summary: "Change a person", Scope: "people:write", For: admins, Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID      int64  `path:"id"`
			IfMatch string `header:"If-Match"`
			Body    personInput
		}) (*Tagged[personBody], error) {
			version, err := ifMatch(in.IfMatch)
			if err != nil {
				return nil, err
			}
			patch, err := in.Body.patch()
			if err != nil {
				return nil, err
			}
			p, err := a.People.PatchPerson(ctx, by, in.ID, version, patch)
			return &Tagged[personBody]{etag(p.Version), bodyOf(p)}, err
		})
	register(a, op{Method: "POST", Path: "/people/{id}/coaches", ID: "set-coach", Summary: "Say who coaches a person, and when", Scope: "people:write", For: admins, Tag: "People", Status: http.StatusCreated},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				CoachID int64   `json:"coach_id"`
				From    *string `json:"from" required:"false" format:"date" doc:"First day; left out: today"`
				To      *string `json:"to" required:"false" format:"date" doc:"Last day, included; left out: without end"`
			}
		}) (*Body[coachingBody], error) {
			from, err := readDate("from", deref(in.Body.From))
			if err != nil {
				return nil, err
			}
			to, err := readDate("to", deref(in.Body.To))
			if err != nil {
				return nil, err
			}
			c, err := a.People.SetCoaching(ctx, by, in.ID, in.Body.CoachID, from, to)
			return &Body[coachingBody]{coachingBody{c.ID, c.PersonID, c.CoachID, c.From.Format(time.DateOnly), dateOf(c.To)}}, err
		})
}

func (a *API) registerTeams() {
	register(a, op{Method: "GET", Path: "/teams", ID: "list-teams", Summary: "The teams you may know, by name", Scope: "people:read", Tag: "People"},
		func(ctx context.Context, by people.Actor, in *struct{ Paging }) (*Body[Page[teamBody]], error) {
			teams, next, err := a.People.Teams(ctx, by, in.Limit, in.Cursor)
			var items []teamBody
			for _, t := range teams {
				items = append(items, teamBody(t))
			}
			return &Body[Page[teamBody]]{page(items, next)}, err
		})
	register(a, op{Method: "POST", Path: "/teams", ID: "create-team", Summary: "Add a team", Scope: "people:write", For: admins, Tag: "People", Status: http.StatusCreated},
		func(ctx context.Context, by people.Actor, in *struct {
			Body struct {
				Name     string `json:"name"`
				ParentID *int64 `json:"parent_id" required:"false" doc:"The team above; left out: none"`
			}
		}) (*Body[teamBody], error) {
			t, err := a.People.AddTeam(ctx, by, in.Body.Name, deref(in.Body.ParentID))
			return &Body[teamBody]{teamBody(t)}, err
		})
}

// deref returns what p points at, or the zero value.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
