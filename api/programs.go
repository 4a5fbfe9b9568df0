package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A programJSON is a published program.
type programJSON struct {
	Slug     string               `json:"slug"`
	Title    string               `json:"title"`
	Summary  string               `json:"summary"`
	Audience string               `json:"audience"`
	Days     int                  `json:"days"`
	Sections []programSectionJSON `json:"sections"`
}

type programSectionJSON struct {
	Title string            `json:"title"`
	Items []programItemJSON `json:"items"`
}

type programItemJSON struct {
	ID    string   `json:"id"`
	Kind  string   `json:"kind" enum:"course,lesson,scenario,worksheet,template,session,milestone,gate"`
	Ref   string   `json:"ref" doc:"Slug of what it names; of a milestone who ticks it; empty for a gate."`
	Title string   `json:"title" doc:"Empty where the document that it names has one."`
	Note  string   `json:"note"`
	Due   int      `json:"due" doc:"Day after the start."`
	After []string `json:"after" doc:"Ids of items that come first."`
}

func asProgram(slug string, p *content.Program) programJSON {
	out := programJSON{Slug: slug, Title: p.Title, Summary: p.Summary, Audience: p.Audience, Days: p.Days, Sections: []programSectionJSON{}}
	for _, s := range p.Sections {
		section := programSectionJSON{Title: s.Title, Items: []programItemJSON{}}
		for _, i := range s.Items {
			section.Items = append(section.Items, programItemJSON{i.ID, string(i.Kind), i.Ref, i.Title, i.Note, i.Due, orNone(i.After)})
		}
		out.Sections = append(out.Sections, section)
	}
	return out
}

// A programPlaceJSON is a person's way through a program.
type programPlaceJSON struct {
	ID          int64           `json:"id"`
	PersonID    int64           `json:"person_id"`
	Program     string          `json:"program"`
	Title       string          `json:"title"`
	Via         string          `json:"via" enum:"self,manager,rule,api"`
	Reason      string          `json:"reason"`
	StartsOn    string          `json:"starts_on" format:"date"`
	EndsOn      string          `json:"ends_on" format:"date"`
	Day         int             `json:"day" doc:"Which day it is, from 1; below 1 before it begins."`
	Done        int             `json:"done"`
	Total       int             `json:"total"`
	Overdue     int             `json:"overdue"`
	CompletedAt *time.Time      `json:"completed_at"`
	WithdrawnAt *time.Time      `json:"withdrawn_at"`
	Items       []itemPlaceJSON `json:"items"`
}

type itemPlaceJSON struct {
	ID     string     `json:"id"`
	Kind   string     `json:"kind"`
	Ref    string     `json:"ref"`
	Title  string     `json:"title"`
	State  string     `json:"state" enum:"locked,open,overdue,done"`
	Due    string     `json:"due" format:"date"`
	Waits  []string   `json:"waits" doc:"Titles of what comes first and is not done."`
	DoneAt *time.Time `json:"done_at"`
	By     string     `json:"by" doc:"Who ticked it, or read the gate."`
	Note   string     `json:"note"`
	Retry  *string    `json:"retry_on" format:"date" doc:"After a gate's “not yet”: the day of the next try."`
}

func asProgramPlace(p courses.ProgramPlace) programPlaceJSON {
	out := programPlaceJSON{ID: p.ID, PersonID: p.PersonID, Program: p.ProgramEnrolment.Program, Title: p.Program.Title, Via: p.Via, Reason: p.Reason, StartsOn: p.StartsOn.Format(time.DateOnly),
		EndsOn: p.Ends().Format(time.DateOnly), Day: p.DayNumber(), Done: p.Done(), Total: p.Total(), Overdue: p.Overdue(), CompletedAt: p.CompletedAt(), WithdrawnAt: p.WithdrawnAt, Items: []itemPlaceJSON{}}
	for _, i := range p.Items() {
		item := itemPlaceJSON{ID: i.ID, Kind: string(i.Kind), Ref: i.Ref, Title: i.Title, State: string(i.State), Due: i.Day.Format(time.DateOnly), Waits: orNone(i.Waits), DoneAt: i.DoneAt, By: i.DoneBy, Note: i.DoneNote}
		if i.Retry != nil {
			day := i.Retry.Format(time.DateOnly)
			item.Retry = &day
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// anEnrolment answers POST /enrolments, for a course or a program.
type anEnrolment struct {
	PersonID     int64      `json:"person_id"`
	Course       string     `json:"course,omitempty"`
	Program      string     `json:"program,omitempty"`
	StartedAt    *time.Time `json:"started_at,omitempty"`
	StartsOn     string     `json:"starts_on,omitempty" format:"date"`
	QuizPassedAt *time.Time `json:"quiz_passed_at"`
	CompletedAt  *time.Time `json:"completed_at"`
	EnrolmentID  int64      `json:"enrolment_id,omitempty" doc:"Of a program: names it in /program-enrolments."`
}

// ItemPath names an item of a person's program.
type ItemPath struct {
	ID   int64  `path:"id"`
	Item string `path:"item"`
}

func (a *API) registerPrograms() {
	a.registerEnrolments()
	register(a, op{Method: http.MethodGet, Path: "/programs", ID: "list-programs", Summary: "The published programs", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct{ Paging }) (*Body[Page[programJSON]], error) {
			all, err := a.Courses.Programs(ctx, by)
			if err != nil {
				return nil, err
			}
			slices.SortFunc(all, func(x, y courses.ProgramCard) int { return strings.Compare(x.Slug, y.Slug) })
			items, next := []programJSON{}, ""
			for _, p := range all {
				if p.Slug <= in.Cursor {
					continue
				}
				if len(items) == in.Limit {
					next = items[len(items)-1].Slug
					break
				}
				items = append(items, asProgram(p.Slug, p.Program))
			}
			return &Body[Page[programJSON]]{page(items, next)}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/programs/{slug}", ID: "get-program", Summary: "A program and its items", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, _ people.Actor, in *struct {
			Slug string `path:"slug"`
		}) (*Body[programJSON], error) {
			doc, err := a.Courses.Program(ctx, in.Slug)
			if err != nil {
				return nil, err
			}
			return &Body[programJSON]{asProgram(doc.Slug, doc.Program)}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/programs", ID: "get-person-programs", Summary: "A person's way through each program they are or were in", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
			Paging
		}) (*Body[Page[programPlaceJSON]], error) {
			places, err := a.Courses.PersonPrograms(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			return pageOfPlaces(places, in.Paging)
		})
	register(a, op{Method: http.MethodGet, Path: "/programs/{slug}/people", ID: "get-program-people", Summary: "Where the people whom the caller leads are in a program", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			Slug string `path:"slug"`
			Paging
		}) (*Body[Page[programPlaceJSON]], error) {
			if _, err := a.Courses.Program(ctx, in.Slug); err != nil {
				return nil, err
			}
			places, err := a.Courses.ProgramPeople(ctx, by, in.Slug)
			if err != nil {
				return nil, err
			}
			return pageOfPlaces(places, in.Paging)
		})
	a.registerProgramWrites()
	a.registerRules()
}

// pageOfPlaces pages ways by their id.
func pageOfPlaces(places []courses.ProgramPlace, p Paging) (*Body[Page[programPlaceJSON]], error) {
	slices.SortFunc(places, func(x, y courses.ProgramPlace) int { return int(x.ID - y.ID) })
	from, err := offsetAfter(p.Cursor, len(places), func(i int) int64 { return places[i].ID })
	if err != nil {
		return nil, err
	}
	items, next := []programPlaceJSON{}, ""
	for _, place := range places[from:] {
		if len(items) == p.Limit {
			next = strconv.FormatInt(items[len(items)-1].ID, 10)
			break
		}
		items = append(items, asProgramPlace(place))
	}
	return &Body[Page[programPlaceJSON]]{page(items, next)}, nil
}

func (a *API) registerEnrolments() {
	type enrolment struct {
		PersonID int64  `json:"person_id"`
		Course   string `json:"course,omitempty"`
		Program  string `json:"program,omitempty"`
		Reason   string `json:"reason,omitempty" doc:"The person reads it. Needed to put others into a program, save for an admin's token."`
		Starts   string `json:"starts_on,omitempty" format:"date" doc:"First day of a program; today if absent."`
	}
	register(a, op{Method: http.MethodPost, Path: "/enrolments", ID: "enrol", Summary: "Put a person into a course or a program", Scope: "courses:write", Tag: "Learning", Status: http.StatusCreated},
		func(ctx context.Context, by people.Actor, in *struct{ Body enrolment }) (*Body[anEnrolment], error) {
			switch {
			case in.Body.Program != "" && in.Body.Course != "":
				return nil, fault.Field("program", "Name a course or a program, not both.")
			case in.Body.Program != "":
				return a.enrolInProgram(ctx, by, in.Body.PersonID, in.Body.Program, in.Body.Reason, in.Body.Starts)
			case in.Body.Course == "":
				return nil, fault.Field("course", "Name the course or the program by its slug.")
			}
			e, err := a.Courses.Enrol(ctx, by, in.Body.PersonID, in.Body.Course)
			if err != nil {
				return nil, err
			}
			return &Body[anEnrolment]{anEnrolment{PersonID: e.PersonID, Course: e.Course, StartedAt: &e.StartedAt, QuizPassedAt: e.QuizPassedAt, CompletedAt: e.CompletedAt}}, nil
		})
	type leaving struct {
		PersonID int64  `query:"person_id" required:"true"`
		Course   string `query:"course"`
		Program  string `query:"program"`
	}
	register(a, op{Method: http.MethodDelete, Path: "/enrolments", ID: "leave", Summary: "Take a person out of a course or a program; what they did is kept", Scope: "courses:write", Tag: "Learning", Status: http.StatusNoContent},
		func(ctx context.Context, by people.Actor, in *leaving) (*struct{}, error) {
			switch {
			case in.Program != "":
				return nil, a.Courses.LeaveProgram(ctx, by, in.PersonID, in.Program)
			case in.Course != "":
				return nil, a.Courses.LeaveCourse(ctx, by, in.PersonID, in.Course)
			}
			return nil, fault.Field("course", "Name the course or the program by its slug.")
		})
}

func (a *API) enrolInProgram(ctx context.Context, by people.Actor, personID int64, program, reason, starts string) (*Body[anEnrolment], error) {
	in := courses.Enrolling{People: []int64{personID}, Program: program, Reason: reason}
	if starts != "" {
		day, err := time.Parse(time.DateOnly, starts)
		if err != nil {
			return nil, fault.Field("starts_on", "Give a date, such as 2026-10-24.")
		}
		in.Starts = day
	}
	_, err := a.Courses.EnrolInProgram(ctx, by, in)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		if _, missing := a.Courses.Program(ctx, program); missing != nil {
			err = fault.Field("program", "There is no such program. GET /programs lists them.")
		}
	}
	if err != nil {
		return nil, err
	}
	p, err := a.Courses.ProgramPlace(ctx, by, personID, program)
	if err != nil {
		return nil, err
	}
	return &Body[anEnrolment]{anEnrolment{PersonID: p.PersonID, Program: program, StartsOn: p.StartsOn.Format(time.DateOnly), CompletedAt: p.CompletedAt(), EnrolmentID: p.ID}}, nil
}

func (a *API) registerProgramWrites() {
	place := func(ctx context.Context, by people.Actor, id int64, err error) (*Body[programPlaceJSON], error) {
		if err != nil {
			return nil, err
		}
		p, err := a.Courses.ProgramPlaceByID(ctx, by, id)
		if err != nil {
			return nil, err
		}
		return &Body[programPlaceJSON]{asProgramPlace(p)}, nil
	}
	type itemTick struct {
		Done bool   `json:"done"`
		Note string `json:"note,omitempty" doc:"What was seen or done; needed to tick."`
	}
	register(a, op{Method: http.MethodPut, Path: "/program-enrolments/{id}/items/{item}", ID: "tick-item", Summary: "Tick a milestone, or take the tick back", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ItemPath
			Body itemTick
		}) (*Body[programPlaceJSON], error) {
			if !in.Body.Done {
				return place(ctx, by, in.ID, a.Courses.Untick(ctx, by, in.ID, in.Item))
			}
			return place(ctx, by, in.ID, a.Courses.Tick(ctx, by, in.ID, in.Item, in.Body.Note))
		})
	type gateRead struct {
		Passed bool   `json:"passed"`
		Note   string `json:"note"`
	}
	register(a, op{Method: http.MethodPost, Path: "/program-enrolments/{id}/items/{item}/readings", ID: "read-gate", Summary: "Say what the evidence at a gate shows: passed, or not yet", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ItemPath
			Body gateRead
		}) (*Body[programPlaceJSON], error) {
			return place(ctx, by, in.ID, a.Courses.ReadGate(ctx, by, in.ID, in.Item, in.Body.Passed, in.Body.Note))
		})
	type moreTime struct {
		Item   string `json:"item,omitempty" doc:"Empty: the whole program."`
		Days   int    `json:"days"`
		Reason string `json:"reason"`
	}
	register(a, op{Method: http.MethodPost, Path: "/program-enrolments/{id}/extensions", ID: "extend-program", Summary: "Give a person more days, with a reason", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body moreTime
		}) (*Body[programPlaceJSON], error) {
			return place(ctx, by, in.ID, a.Courses.Extend(ctx, by, in.ID, in.Body.Item, in.Body.Days, in.Body.Reason))
		})
	type gateJSON struct {
		Ready    bool                   `json:"ready"`
		Evidence []courses.GateEvidence `json:"evidence"`
		Readers  []string               `json:"readers" doc:"Who reads it; empty while nobody coaches the person."`
	}
	register(a, op{Method: http.MethodGet, Path: "/program-enrolments/{id}/items/{item}/gate", ID: "get-gate", Summary: "What a gate asks for, and what is there", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *ItemPath) (*Body[gateJSON], error) {
			p, err := a.Courses.ProgramPlaceByID(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			i := p.Item(in.Item)
			if i == nil || i.Gate == nil {
				return nil, fault.NotFoundf("There is no such gate in this program.")
			}
			g, err := a.Courses.Gate(ctx, by, p, *i)
			if err != nil {
				return nil, err
			}
			return &Body[gateJSON]{gateJSON{g.Ready(), g.Evidence, orNone(g.Readers)}}, nil
		})
}

// A ruleJSON is a rule that enrols whoever comes to match it.
type ruleJSON struct {
	ID         int64      `json:"id,omitempty" readOnly:"true"`
	Kind       string     `json:"kind" enum:"course,program"`
	Slug       string     `json:"slug"`
	TeamID     *int64     `json:"team_id,omitempty" doc:"With the teams below it."`
	RoleFamily string     `json:"role_family,omitempty"`
	Region     string     `json:"region,omitempty"`
	HiredAfter string     `json:"hired_after,omitempty" format:"date"`
	Reason     string     `json:"reason"`
	Enrolled   int        `json:"enrolled,omitempty" readOnly:"true"`
	EndedAt    *time.Time `json:"ended_at,omitempty" readOnly:"true"`
}

func asRule(r courses.EnrolmentRule) ruleJSON {
	out := ruleJSON{ID: r.ID, Kind: string(r.Kind), Slug: r.Slug, TeamID: r.TeamID, RoleFamily: r.RoleFamily, Region: r.Region, Reason: r.Reason, Enrolled: r.Enrolled, EndedAt: r.EndedAt}
	if r.HiredAfter != nil {
		out.HiredAfter = r.HiredAfter.Format(time.DateOnly)
	}
	return out
}

func (a *API) registerRules() {
	register(a, op{Method: http.MethodGet, Path: "/enrolment-rules", ID: "list-rules", Summary: "The rules that enrol people", Scope: "courses:read", Tag: "Learning", For: []people.Capability{people.Coach, people.Manager, people.Author, people.Admin}},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[Page[ruleJSON]], error) {
			all, err := a.Courses.Rules(ctx, by, "", "")
			if err != nil {
				return nil, err
			}
			var items []ruleJSON
			for _, r := range all {
				items = append(items, asRule(r))
			}
			return &Body[Page[ruleJSON]]{page(items, "")}, nil
		})
	register(a, op{Method: http.MethodPost, Path: "/enrolment-rules", ID: "add-rule", Summary: "Enrol everybody who comes to match", Scope: "courses:write", Tag: "Learning", Status: http.StatusCreated, For: []people.Capability{people.Admin}},
		func(ctx context.Context, by people.Actor, in *struct{ Body ruleJSON }) (*Body[ruleJSON], error) {
			r := courses.EnrolmentRule{Kind: courses.Target(in.Body.Kind), Slug: in.Body.Slug, TeamID: in.Body.TeamID, RoleFamily: in.Body.RoleFamily, Region: in.Body.Region, Reason: in.Body.Reason}
			if in.Body.HiredAfter != "" {
				day, err := time.Parse(time.DateOnly, in.Body.HiredAfter)
				if err != nil {
					return nil, fault.Field("hired_after", "Give a date, such as 2026-10-24.")
				}
				r.HiredAfter = &day
			}
			made, err := a.Courses.AddRule(ctx, by, r)
			if err != nil {
				return nil, err
			}
			return &Body[ruleJSON]{asRule(made)}, nil
		})
	register(a, op{Method: http.MethodDelete, Path: "/enrolment-rules/{id}", ID: "end-rule", Summary: "End a rule; whoever is in stays", Scope: "courses:write", Tag: "Learning", Status: http.StatusNoContent, For: []people.Capability{people.Admin}},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
		}) (*struct{}, error) {
			return nil, a.Courses.EndRule(ctx, by, in.ID)
		})
}
