package api

import (
	"context"
	"time"

	"pitchside/assessments"
	"pitchside/people"
)

// A liveCallJSON is a live call and what came up in it.
type liveCallJSON struct {
	PartnerID int64         `json:"partner_id"`
	Partner   string        `json:"partner"`
	InvitedAt time.Time     `json:"invited_at"`
	JoinedAt  *time.Time    `json:"joined_at"`
	StartedAt *time.Time    `json:"started_at"`
	EndedAt   *time.Time    `json:"ended_at"`
	Seconds   float64       `json:"seconds" doc:"how long it has lasted"`
	Notes     string        `json:"notes" doc:"the buyer's; empty for the rep until submission"`
	Version   int           `json:"version"`
	Triggers  []triggerJSON `json:"triggers" doc:"what the buyer card holds; empty for the rep until submission"`
}

type triggerJSON struct {
	Item string `json:"item" doc:"fact-1, objection-2 and so on, in the order of the card"`
	Kind string `json:"kind" enum:"fact,objection"`
	Name string `json:"name"`
	AtMS *int   `json:"at_ms" doc:"when it came up, from the call's beginning; null: it never did, so that a criterion which needs it is not observed"`
}

func (a *API) call(ctx context.Context, by people.Actor, id int64) (*Tagged[liveCallJSON], error) {
	c, err := a.Assessments.LiveCall(ctx, by, id)
	if err != nil {
		return nil, err
	}
	all, err := a.Assessments.Triggers(ctx, by, id)
	if err != nil {
		return nil, err
	}
	out := liveCallJSON{c.PartnerID, c.Partner, c.InvitedAt, c.JoinedAt, c.StartedAt, c.EndedAt, c.Lasted(a.Now()).Seconds(), c.Notes, c.Version, []triggerJSON{}}
	for _, t := range all {
		kind := "fact"
		if t.Objection {
			kind = "objection"
		}
		out.Triggers = append(out.Triggers, triggerJSON{t.Item, kind, t.Name, t.AtMS})
	}
	return &Tagged[liveCallJSON]{ETag: etag(c.Version), Body: out}, nil
}

func (a *API) registerLiveCalls() {
	const tag = "Role-plays"
	register(a, op{Method: "GET", Path: "/attempts/{id}/live", ID: "get-live-call", Summary: "A live call: for its two sides, and after submission for those who may read the conversation", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Tagged[liveCallJSON], error) {
			return a.call(ctx, by, in.ID)
		})
	register(a, op{Method: "PUT", Path: "/attempts/{id}/live/partner", ID: "invite-live-partner", Summary: "Ask a colleague to play the buyer", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Email string `json:"email"`
			}
		}) (*Tagged[liveCallJSON], error) {
			if err := a.Assessments.Invite(ctx, by, in.ID, in.Body.Email); err != nil {
				return nil, err
			}
			return a.call(ctx, by, in.ID)
		})
	act := func(path, id, summary string, do func(*assessments.Service, context.Context, people.Actor, int64) error) {
		register(a, op{Method: "POST", Path: "/attempts/{id}/live/" + path, ID: id, Summary: summary, Scope: "assessments:write", Tag: tag},
			func(ctx context.Context, by people.Actor, in *attemptPath) (*Tagged[liveCallJSON], error) {
				if err := do(a.Assessments, ctx, by, in.ID); err != nil {
					return nil, err
				}
				return a.call(ctx, by, in.ID)
			})
	}
	act("start", "start-live-call", "Begin the call, for both sides", (*assessments.Service).StartCall)
	act("end", "end-live-call", "End the call, for both sides", (*assessments.Service).EndCall)
	register(a, op{Method: "PUT", Path: "/attempts/{id}/live/ticks/{item}", ID: "put-live-tick", Summary: "Note that something of the buyer card came up now, or take it back", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64  `path:"id"`
			Item string `path:"item"`
			Body struct {
				On bool `json:"on"`
			}
		}) (*Tagged[liveCallJSON], error) {
			if err := a.Assessments.Tick(ctx, by, in.ID, in.Item, in.Body.On); err != nil {
				return nil, err
			}
			return a.call(ctx, by, in.ID)
		})
	register(a, op{Method: "PUT", Path: "/attempts/{id}/live/notes", ID: "put-live-notes", Summary: "The buyer's notes", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID      int64  `path:"id"`
			IfMatch string `header:"If-Match"`
			Body    struct {
				Text string `json:"text"`
			}
		}) (*Tagged[liveCallJSON], error) {
			version, err := guard(in.IfMatch)
			if err != nil {
				return nil, err
			}
			if _, err := a.Assessments.SaveNotes(ctx, by, in.ID, in.Body.Text, version); err != nil {
				return nil, err
			}
			return a.call(ctx, by, in.ID)
		})
}
