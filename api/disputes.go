package api

import (
	"context"
	"time"

	"pitchside/assessments"
	"pitchside/people"
)

type disputeView struct {
	ID            int64      `json:"id"`
	AttemptID     int64      `json:"attempt_id"`
	PersonID      int64      `json:"person_id"`
	SheetID       int64      `json:"sheet_id" doc:"the disputed sheet"`
	AssessorID    int64      `json:"assessor_id"`
	Reason        string     `json:"reason" doc:"empty for who may still score it without sight of others"`
	State         string     `json:"state" enum:"open,scored,upheld,changed"`
	OpenedAt      time.Time  `json:"opened_at"`
	SecondID      *int64     `json:"second_assessor_id" doc:"null while nobody independent is found"`
	SecondSheetID *int64     `json:"second_sheet_id"`
	Outcome       *string    `json:"outcome" enum:"upheld,changed" nullable:"true"`
	Because       string     `json:"outcome_reason" doc:"empty as the reason is"`
	SettledAt     *time.Time `json:"settled_at"`
}

func viewDispute(d assessments.Dispute) disputeView {
	return disputeView{d.ID, d.AttemptID, d.PersonID, d.SheetID, d.AssessorID, d.Reason, d.State(), d.OpenedAt, d.SecondID, d.SecondSheet, d.Outcome, d.Because, d.SettledAt}
}

type overturnView struct {
	ID      string   `json:"id" doc:"of the coach, or of the criterion"`
	Name    string   `json:"name"`
	N       int      `json:"n" doc:"settled disputes"`
	Changed int      `json:"changed"`
	State   string   `json:"state" enum:"hidden,counts,shown"`
	Reason  string   `json:"reason"`
	Rate    *float64 `json:"rate,omitempty" doc:"absent under ten settled disputes"`
	Low     *float64 `json:"low,omitempty"`
	High    *float64 `json:"high,omitempty"`
}

type overturnReport struct {
	All      overturnView   `json:"all"`
	Coaches  []overturnView `json:"coaches" nullable:"false"`
	Criteria []overturnView `json:"criteria" nullable:"false"`
	Open     []disputeView  `json:"open" nullable:"false"`
}

func viewOverturn(o assessments.Overturn) overturnView {
	return overturnView{o.ID, o.Name, o.N, o.Changed, o.State, o.Reason, o.Rate, o.Low, o.High}
}

type scorerView struct {
	PersonID   int64      `json:"person_id"`
	Name       string     `json:"name"`
	Role       string     `json:"role" enum:"peer,grader,second,adjudicator"`
	AskedAt    time.Time  `json:"asked_at"`
	DeclinedAt *time.Time `json:"declined_at"`
	Released   bool       `json:"released"`
}

func (a *API) registerDisputes() {
	const tag = "Scoring"
	type path struct {
		ID int64 `path:"id"`
	}
	register(a, op{Method: "POST", Path: "/attempts/{id}/disputes", ID: "dispute-score", Summary: "Dispute a released score of your own attempt", Scope: "assessments:write", Tag: tag, Status: 201},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Reason  string `json:"reason"`
				SheetID int64  `json:"sheet_id" required:"false" doc:"the newest released sheet of a coach when absent"`
			}
		}) (*Body[disputeView], error) {
			d, err := a.Assessments.Dispute(ctx, by, in.ID, in.Body.SheetID, in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return &Body[disputeView]{viewDispute(d)}, nil
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}/disputes", ID: "list-disputes", Summary: "The disputes about an attempt", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *path) (*Body[Page[disputeView]], error) {
			all, err := a.Assessments.Disputes(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			items := make([]disputeView, len(all))
			for i, d := range all {
				items[i] = viewDispute(d)
			}
			return &Body[Page[disputeView]]{page(items, "")}, nil
		})

	register(a, op{Method: "POST", Path: "/disputes/{id}/outcome", ID: "settle-dispute", Summary: "Uphold or change the first score, with a reason", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Outcome string `json:"outcome" enum:"upheld,changed"`
				Reason  string `json:"reason"`
			}
		}) (*Body[disputeView], error) {
			d, err := a.Assessments.SettleDispute(ctx, by, in.ID, in.Body.Outcome, in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return &Body[disputeView]{viewDispute(d)}, nil
		})

	register(a, op{Method: "PUT", Path: "/disputes/{id}/second", ID: "name-second", Summary: "Name the coach who scores again", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				CoachID int64 `json:"coach_id"`
			}
		}) (*Body[okView], error) {
			err := a.Assessments.NameSecond(ctx, by, in.ID, in.Body.CoachID)
			return &Body[okView]{okView{err == nil}}, err
		})

	register(a, op{Method: "GET", Path: "/reports/disputes", ID: "get-disputes-report", Summary: "How often disputes changed a score, by coach and by criterion", Scope: "assessments:read",
		For: []people.Capability{people.Coach, people.Manager, people.Admin}, Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct{}) (*Body[overturnReport], error) {
			r, err := a.Assessments.Overturns(ctx, by)
			if err != nil {
				return nil, err
			}
			out := overturnReport{All: viewOverturn(r.All), Coaches: []overturnView{}, Criteria: []overturnView{}, Open: []disputeView{}}
			for _, o := range r.Coaches {
				out.Coaches = append(out.Coaches, viewOverturn(o))
			}
			for _, o := range r.Criteria {
				out.Criteria = append(out.Criteria, viewOverturn(o))
			}
			for _, d := range r.Open {
				out.Open = append(out.Open, viewDispute(d))
			}
			return &Body[overturnReport]{out}, nil
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}/scorers", ID: "list-scorers", Summary: "Who was asked to score an attempt besides its coach", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *path) (*Body[Page[scorerView]], error) {
			all, err := a.Assessments.Scorers(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			items := make([]scorerView, len(all))
			for i, s := range all {
				items[i] = scorerView(s)
			}
			return &Body[Page[scorerView]]{page(items, "")}, nil
		})

	register(a, op{Method: "POST", Path: "/attempts/{id}/peers", ID: "ask-peer", Summary: "Ask a named colleague for a peer's score of your own attempt", Scope: "assessments:write", Tag: tag, Status: 201},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				PersonID int64 `json:"person_id"`
			}
		}) (*Body[okView], error) {
			err := a.Assessments.AskPeer(ctx, by, in.ID, in.Body.PersonID)
			return &Body[okView]{okView{err == nil}}, err
		})

	register(a, op{Method: "POST", Path: "/attempts/{id}/decline", ID: "decline-scoring", Summary: "Give back an attempt that you were asked to score", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *path) (*Body[okView], error) {
			err := a.Assessments.Decline(ctx, by, in.ID)
			return &Body[okView]{okView{err == nil}}, err
		})
}
