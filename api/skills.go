package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"
	"pitchside/skills"
)

// A skillJSON is one skill of the framework.
type skillJSON struct {
	Slug   string   `json:"slug"`
	Name   string   `json:"name"`
	Group  string   `json:"group"`
	Kind   string   `json:"kind" enum:"behaviour,knowledge"`
	Levels []string `json:"levels" doc:"What is seen at levels 1 to 5."`
}

// A levelJSON is one skill of one person. While the state is hidden the numbers
// are absent.
type levelJSON struct {
	Skill       string      `json:"skill"`
	State       string      `json:"state" enum:"shown,provisional,hidden"`
	Reason      *string     `json:"reason" doc:"What is missing, or why the level is provisional."`
	Level       *float64    `json:"level,omitempty"`
	SE          *float64    `json:"se,omitempty"`
	Low80       *float64    `json:"low80,omitempty"`
	High80      *float64    `json:"high80,omitempty"`
	Reliability *float64    `json:"reliability,omitempty"`
	Target      *float64    `json:"target" doc:"Null while the role has none."`
	PBelow      *float64    `json:"p_below,omitempty" doc:"Chance that the level is below the target."`
	Verdict     string      `json:"verdict,omitempty" enum:"below_target,too_close_to_call,at_or_above_target"`
	Shares      []shareJSON `json:"shares,omitempty" doc:"What the level is made of; sums to 1."`
	SelfGap     *gapJSON    `json:"self_gap,omitempty"`
	Disagree    string      `json:"disagreement,omitempty" enum:"coaches,sources" doc:"Who is further apart than chance allows; the range is wider for it."`
	Scored      int         `json:"scored_sessions"`
	Raters      int         `json:"raters"`
	Pieces      int         `json:"n" doc:"Pieces of evidence."`
	Newest      *time.Time  `json:"newest,omitempty"`
	Parameters  string      `json:"parameters" doc:"Version of the model's parameters."`
}

// A shareJSON names a piece of evidence by its number, or "prior".
type shareJSON struct {
	Evidence any     `json:"evidence_id" doc:"A number, or \"prior\" for the starting assumption."`
	Level    float64 `json:"level"`
	Share    float64 `json:"share"`
}

type gapJSON struct {
	Gap  float64 `json:"gap" doc:"Own rating minus the coaches', in levels."`
	SE   float64 `json:"se"`
	Flag bool    `json:"flag" doc:"Worth a conversation."`
}

func asLevel(l skills.Level) levelJSON {
	out := levelJSON{Skill: l.Skill.Slug, State: string(l.State), Target: l.Target, Scored: l.Scored, Raters: l.Raters,
		Pieces: l.Pieces, Newest: l.Newest, Parameters: l.Parameters}
	if l.Reason != "" {
		out.Reason = &l.Reason
	}
	if !l.Known() {
		return out
	}
	e := l.Estimate
	out.Level, out.SE, out.Low80, out.High80, out.Reliability = &e.Level, &e.SE, &e.Low80, &e.High80, &e.Reliability
	out.PBelow, out.Verdict, out.Disagree = e.PBelow, string(l.Verdict), string(e.Disagree)
	out.Shares = []shareJSON{{"prior", e.Prior.Level, e.Prior.Share}}
	for _, s := range e.Shares {
		out.Shares = append(out.Shares, shareJSON{s.EvidenceID, s.Level, s.Share})
	}
	if g := e.SelfGap; g != nil {
		out.SelfGap = &gapJSON{g.Gap, g.SE, g.Worth}
	}
	return out
}

// moment reads ?at=: a time, or a date, which means that whole day in UTC.
func (a *API) moment(at string) (time.Time, error) {
	if at == "" {
		return a.Now(), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, at); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.Field("at", "Give a date, such as 2026-10-24, or a time, such as 2026-10-24T09:30:00Z.")
}

func (a *API) registerSkills() {
	register(a, op{Method: http.MethodGet, Path: "/skills", ID: "list-skills", Summary: "The skills framework", Scope: "skills:read", Tag: "Skills"},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[Page[skillJSON]], error) {
			f, err := a.Skills.Framework(ctx)
			if err != nil {
				return nil, err
			}
			var all []skillJSON
			for _, s := range f.All() {
				all = append(all, skillJSON{s.Slug, s.Name, s.Group, string(s.Kind), s.Levels})
			}
			return &Body[Page[skillJSON]]{page(all, "")}, nil
		})
	a.registerTarget()
	a.registerEvidence()
	a.registerLevels()
	a.registerHeatmap()
}

func (a *API) registerTarget() {
	type target struct {
		RoleFamily string   `json:"role_family"`
		Skill      string   `json:"skill"`
		Target     *float64 `json:"target"`
		PriorMean  float64  `json:"prior_mean"`
	}
	register(a, op{Method: http.MethodPut, Path: "/roles/{family}/skills/{skill}", ID: "put-target", Summary: "Set what a role is to reach in a skill",
		Scope: "skills:write", For: []people.Capability{people.Admin}, Tag: "Skills"},
		func(ctx context.Context, by people.Actor, in *struct {
			Family string `path:"family"`
			Skill  string `path:"skill"`
			Body   struct {
				Target    *float64 `json:"target,omitempty" doc:"A level from 1 to 5; left as it is when absent."`
				PriorMean *float64 `json:"prior_mean,omitempty" doc:"What is assumed before any evidence; left as it is when absent."`
			}
		}) (*Body[target], error) {
			t, err := a.Skills.SetTarget(ctx, by, in.Family, in.Skill, in.Body.Target, in.Body.PriorMean)
			if err != nil {
				return nil, err
			}
			return &Body[target]{target{in.Family, in.Skill, t.Level, t.PriorMean}}, nil
		})
}

// A reportJSON is one observation that is sent in.
type reportJSON struct {
	PersonID int64    `json:"person_id"`
	Skill    string   `json:"skill"`
	Source   string   `json:"source" doc:"coach, manager, peer, self, quiz or text_buyer"`
	RaterID  *int64   `json:"rater_id,omitempty" doc:"The person who observed."`
	At       string   `json:"at,omitempty" doc:"A time or a date; now when absent."`
	Raw      *float64 `json:"raw,omitempty" doc:"The level seen, from 1 to 5; not for a quiz."`
	Correct  *float64 `json:"correct,omitempty" doc:"Of a quiz: right answers."`
	Items    *int     `json:"items,omitempty" doc:"Of a quiz: questions."`
	Course   string   `json:"course,omitempty" doc:"Of a quiz: the course it belongs to."`
	Note     string   `json:"note,omitempty"`
}

// An evidenceJSON is an observation as it was recorded.
type evidenceJSON struct {
	ID       int64     `json:"id"`
	PersonID int64     `json:"person_id"`
	Skill    string    `json:"skill"`
	Source   string    `json:"source"`
	RaterID  *int64    `json:"rater_id"`
	At       time.Time `json:"at"`
	Raw      *float64  `json:"raw"`
	Correct  *float64  `json:"correct"`
	Items    *int      `json:"items"`
	Course   string    `json:"course"`
	Note     string    `json:"note"`
}

func (a *API) registerEvidence() {
	register(a, op{Method: http.MethodPost, Path: "/evidence", ID: "post-evidence", Summary: "Record an observation of a skill",
		Scope: "skills:write", Tag: "Skills", Status: http.StatusCreated},
		func(ctx context.Context, by people.Actor, in *struct{ Body reportJSON }) (*Body[evidenceJSON], error) {
			r := skills.Report{PersonID: in.Body.PersonID, Skill: in.Body.Skill, Source: skills.Source(in.Body.Source), RaterID: in.Body.RaterID,
				Raw: in.Body.Raw, Correct: in.Body.Correct, Items: in.Body.Items, Course: in.Body.Course, Note: in.Body.Note}
			at, err := a.moment(in.Body.At)
			if err != nil {
				return nil, err
			}
			r.At = &at
			id, err := a.Skills.Observe(ctx, by, r)
			if err != nil {
				return nil, err
			}
			return &Body[evidenceJSON]{evidenceJSON{id, r.PersonID, r.Skill, in.Body.Source, r.RaterID, at, r.Raw, r.Correct, r.Items, r.Course, r.Note}}, nil
		})
}

func (a *API) registerLevels() {
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/skills", ID: "list-levels", Summary: "A person's levels", Scope: "skills:read", Tag: "Skills"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64  `path:"id"`
			At string `query:"at" doc:"A time or a date; now when absent."`
		}) (*Body[Page[levelJSON]], error) {
			at, err := a.moment(in.At)
			if err != nil {
				return nil, err
			}
			_, levels, err := a.Skills.Levels(ctx, by, in.ID, at)
			if err != nil {
				return nil, err
			}
			var all []levelJSON
			for _, l := range levels {
				all = append(all, asLevel(l))
			}
			return &Body[Page[levelJSON]]{page(all, "")}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/skills/{skill}", ID: "get-level", Summary: "A person's level in a skill, and why", Scope: "skills:read", Tag: "Skills"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID    int64  `path:"id"`
			Skill string `path:"skill"`
			At    string `query:"at" doc:"A time or a date; now when absent."`
		}) (*Body[levelJSON], error) {
			at, err := a.moment(in.At)
			if err != nil {
				return nil, err
			}
			_, level, err := a.Skills.Level(ctx, by, in.ID, in.Skill, at)
			if err != nil {
				return nil, err
			}
			return &Body[levelJSON]{asLevel(level)}, nil
		})
}

// A cellJSON is one cell of a heatmap: a level without its shares.
type cellJSON struct {
	Skill   string   `json:"skill"`
	State   string   `json:"state" enum:"shown,provisional,hidden"`
	Reason  *string  `json:"reason"`
	Level   *float64 `json:"level,omitempty"`
	Low80   *float64 `json:"low80,omitempty"`
	High80  *float64 `json:"high80,omitempty"`
	Target  *float64 `json:"target"`
	PBelow  *float64 `json:"p_below,omitempty"`
	Verdict string   `json:"verdict,omitempty"`
	Pieces  int      `json:"n"`
}

type heatRowJSON struct {
	PersonID   int64      `json:"person_id"`
	Name       string     `json:"name"`
	RoleFamily string     `json:"role_family"`
	TeamID     *int64     `json:"team_id"`
	Cells      []cellJSON `json:"cells"`
}

type heatColumnJSON struct {
	Skill  string   `json:"skill"`
	Known  int      `json:"known"`
	Of     int      `json:"of"`
	Below  int      `json:"below_target"`
	Mean   *float64 `json:"mean" doc:"Null while fewer than five levels are known."`
	Counts [5]int   `json:"counts" doc:"People at whole levels 1 to 5."`
}

type heatmapJSON struct {
	TeamID  int64            `json:"team_id" doc:"0: everybody in sight."`
	At      time.Time        `json:"at"`
	Known   int              `json:"known" doc:"Levels that may be shown."`
	Of      int              `json:"of"`
	Newest  *time.Time       `json:"newest"`
	Columns []heatColumnJSON `json:"skills"`
	People  []heatRowJSON    `json:"people"`
}

func (a *API) registerHeatmap() {
	register(a, op{Method: http.MethodGet, Path: "/teams/{id}/heatmap", ID: "get-heatmap", Summary: "The levels of a team; team 0 is everybody in sight", Scope: "skills:read", Tag: "Skills"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64  `path:"id" minimum:"0"`
			At string `query:"at" doc:"A time or a date; now when absent."`
		}) (*Body[heatmapJSON], error) {
			at, err := a.moment(in.At)
			if err != nil {
				return nil, err
			}
			h, err := a.Skills.TeamHeatmap(ctx, by, skills.View{TeamID: in.ID, At: at})
			if err != nil {
				return nil, err
			}
			out := heatmapJSON{TeamID: in.ID, At: h.At, Known: h.Known, Of: h.Of, Newest: h.Newest, Columns: []heatColumnJSON{}, People: []heatRowJSON{}}
			for _, c := range h.Columns {
				out.Columns = append(out.Columns, heatColumnJSON{c.Skill.Slug, c.Known, c.Of, c.Below, c.Mean, c.Counts})
			}
			for _, r := range h.Rows {
				row := heatRowJSON{PersonID: r.ID, Name: r.Name, RoleFamily: r.RoleFamily, TeamID: r.TeamID, Cells: []cellJSON{}}
				for _, l := range r.Levels {
					f := asLevel(l)
					row.Cells = append(row.Cells, cellJSON{f.Skill, f.State, f.Reason, f.Level, f.Low80, f.High80, f.Target, f.PBelow, f.Verdict, f.Pieces})
				}
				out.People = append(out.People, row)
			}
			return &Body[heatmapJSON]{out}, nil
		})
}
