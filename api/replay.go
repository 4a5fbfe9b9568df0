package api

import (
	"context"

	"pitchside/content/beats"
	"pitchside/people"
)

type branchView struct {
	Says   string         `json:"says"`
	Shows  map[string]int `json:"shows" doc:"criterion to the highest level that the line and its answer show"`
	Answer string         `json:"answer" doc:"what the buyer answers to it"`
	Ends   bool           `json:"ends" doc:"the answer is the last word"`
}

type forkView struct {
	Buyer  string       `json:"buyer"`
	Said   branchView   `json:"said"`
	Others []branchView `json:"others"`
}

func (a *API) registerReplay() {
	register(a, op{Method: "GET", Path: "/attempts/{id}/replay", ID: "replay-conversation", Summary: "A scored text conversation, with what else could have been said", Scope: "assessments:read", Tag: "Role-plays"},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[Page[forkView]], error) {
			all, err := a.Assessments.Replay(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			view := func(b beats.Branch) branchView {
				v := branchView{b.Says, map[string]int{}, b.Answer, b.Ends}
				for _, e := range b.Evidence {
					v.Shows[e.Criterion] = max(v.Shows[e.Criterion], e.Level)
				}
				return v
			}
			items := make([]forkView, len(all))
			for i, f := range all {
				items[i] = forkView{f.Buyer, view(f.Said), []branchView{}}
				for _, o := range f.Others {
					items[i].Others = append(items[i].Others, view(o))
				}
			}
			return &Body[Page[forkView]]{page(items, "")}, nil
		})
}
