package api

import (
	"context"
	"fmt"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"
)

type scoreBody struct {
	Criterion string `json:"criterion" doc:"id of a criterion of the pinned rubric"`
	Level     *int   `json:"level" nullable:"true" minimum:"1" maximum:"5" doc:"null: not observed, left out of the total"`
	AtMS      *int   `json:"at_ms" required:"false" nullable:"true" minimum:"0" doc:"the moment that shows it"`
	Quote     string `json:"quote" required:"false" maxLength:"2000"`
	NoTrigger bool   `json:"not_triggered" required:"false" doc:"with level null: what the criterion needs never came up; left out like not observed, and kept apart from it"`
	Reason    string `json:"reason" required:"false" maxLength:"500" doc:"what never came up; the rubric's words when absent"`
}

type sheetBody struct {
	Scores      []scoreBody `json:"scores" maxItems:"50" doc:"replaces the scores of before; a criterion left out is not scored yet"`
	Keep        string      `json:"keep" required:"false"`
	TryNext     string      `json:"try_next" required:"false"`
	PrivateNote *string     `json:"private_note" required:"false" nullable:"true" doc:"read by its author only; left as it is when absent"`
}

type sumBody struct {
	Overall  *float64 `json:"overall" doc:"0 to 100; null when nothing is observed"`
	Pass     float64  `json:"pass" doc:"the pass mark"`
	Passed   *bool    `json:"passed"`
	CappedBy *string  `json:"capped_by" doc:"the critical criterion below level 3 that lowered the overall"`
	State    string   `json:"state" enum:"draft,released"`
	Version  int      `json:"version"`
}

type sheetView struct {
	ID          int64         `json:"id"`
	AssessorID  *int64        `json:"assessor_id" doc:"null for the text buyer"`
	Assessor    string        `json:"assessor"`
	Source      string        `json:"source" enum:"coach,manager,peer,self,text_buyer"`
	State       string        `json:"state" enum:"draft,released"`
	Scores      []scoreView   `json:"scores"`
	Comments    []commentView `json:"comments"`
	Keep        string        `json:"keep"`
	TryNext     string        `json:"try_next"`
	PrivateNote *string       `json:"private_note,omitempty" doc:"present for its author only"`
	Overall     *float64      `json:"overall"`
	Passed      *bool         `json:"passed"`
	CappedBy    *string       `json:"capped_by"`
	Version     int           `json:"version"`
	ReleasedAt  *time.Time    `json:"released_at"`
}

type scoreView struct {
	Criterion   string `json:"criterion"`
	Level       *int   `json:"level"`
	NotObserved bool   `json:"not_observed"`
	AtMS        *int   `json:"at_ms"`
	Quote       string `json:"quote"`
	NoTrigger   bool   `json:"not_triggered" doc:"what it needs never came up; not_observed is true then too"`
	Reason      string `json:"reason,omitempty"`
}

type commentView struct {
	ID        int64   `json:"id"`
	Turn      *int    `json:"turn"`
	AtMS      *int    `json:"at_ms"`
	Criterion *string `json:"criterion"`
	Text      string  `json:"text"`
}

func viewSheet(s assessments.Sheet, by people.Actor) sheetView {
	v := sheetView{ID: s.ID, AssessorID: s.AssessorID, Assessor: s.Assessor, Source: s.Source, State: s.State, Keep: s.Keep, TryNext: s.TryNext,
		Overall: s.Overall, Passed: s.Passed, CappedBy: s.CappedBy, Version: s.Version, ReleasedAt: s.ReleasedAt, Scores: []scoreView{}, Comments: []commentView{}}
	for _, one := range s.Scores {
		v.Scores = append(v.Scores, scoreView{one.Criterion, one.Level, one.NotObserved, one.AtMS, one.Quote, one.NotTriggered, one.Reason})
	}
	for _, c := range s.Comments {
		v.Comments = append(v.Comments, commentView{c.ID, c.TurnSeq, c.AtMS, c.Criterion, c.Text})
	}
	if s.AssessorID != nil && *s.AssessorID == by.ID && s.PrivateNote != "" {
		v.PrivateNote = &s.PrivateNote
	}
	return v
}

type waitingView struct {
	AttemptID   int64     `json:"attempt_id"`
	PersonID    int64     `json:"person_id"`
	Person      string    `json:"person"`
	Scenario    string    `json:"scenario" doc:"empty for a worksheet"`
	Worksheet   string    `json:"worksheet" doc:"empty for a role-play"`
	Form        string    `json:"form"`
	SubmittedAt time.Time `json:"submitted_at"`
	WaitingDays int       `json:"waiting_days"`
	ClaimedBy   *int64    `json:"claimed_by"`
	Why         string    `json:"why" doc:"empty: you are their coach"`
}

func (a *API) registerScoring() {
	type sheetPath struct {
		ID       int64 `path:"id"`
		Assessor int64 `path:"assessor_id"`
	}
	register(a, op{Method: "GET", Path: "/scoring-queue", ID: "list-scoring-queue", Summary: "Submitted attempts of your coachees that wait for your score, oldest first",
		Scope: "assessments:read", For: []people.Capability{people.Coach}, Tag: "Scoring"},
		func(ctx context.Context, by people.Actor, in *struct {
			Paging
			For string `query:"for" enum:",coach,grader,second,adjudicator,peer,calibration" doc:"only what waits for this reason"`
		}) (*Body[Page[waitingView]], error) {
			var after *assessments.Waiting
			if in.Cursor != "" {
				var micro, id int64
				if _, err := fmt.Sscanf(in.Cursor, "%d-%d", &micro, &id); err != nil {
					return nil, fault.Field("cursor", "Send the cursor of the page before, unchanged.")
				}
				after = &assessments.Waiting{ID: id, SubmittedAt: time.UnixMicro(micro)}
			}
			all, err := a.Assessments.QueueOf(ctx, by, in.For, after, in.Limit+1)
			if err != nil {
				return nil, err
			}
			next := ""
			if len(all) > in.Limit {
				all = all[:in.Limit]
				last := all[len(all)-1]
				next = fmt.Sprintf("%d-%d", last.SubmittedAt.UnixMicro(), last.ID)
			}
			items := make([]waitingView, len(all))
			for i, w := range all {
				worksheet, is := assessments.WorksheetSlug(w.Scenario)
				if is {
					w.Scenario = ""
				}
				items[i] = waitingView{w.ID, w.PersonID, w.Person, w.Scenario, worksheet, string(w.Form), w.SubmittedAt, w.Days(a.Now()), w.ClaimedBy, w.Why}
			}
			return &Body[Page[waitingView]]{page(items, next)}, nil
		})

	register(a, op{Method: "POST", Path: "/attempts/{id}/claim", ID: "claim-attempt", Summary: "Say that you are scoring an attempt", Scope: "assessments:write",
		For: []people.Capability{people.Coach}, Tag: "Scoring"},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[AttemptState], error) {
			if err := a.Assessments.Claim(ctx, by, in.ID); err != nil {
				return nil, err
			}
			return a.stateOf(ctx, by, in.ID)
		})

	register(a, op{Method: "DELETE", Path: "/attempts/{id}/claim", ID: "let-go-attempt", Summary: "Give up your claim, so that another coach scores it", Scope: "assessments:write",
		For: []people.Capability{people.Coach}, Tag: "Scoring"},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[AttemptState], error) {
			if err := a.Assessments.LetGo(ctx, by, in.ID); err != nil {
				return nil, err
			}
			return a.stateOf(ctx, by, in.ID)
		})

	register(a, op{Method: "PUT", Path: "/attempts/{id}/sheets/{assessor_id}", ID: "put-sheet", Summary: "Write a draft of an assessor's sheet", Scope: "assessments:write", Tag: "Scoring"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID       int64  `path:"id"`
			Assessor int64  `path:"assessor_id"`
			IfMatch  string `header:"If-Match"`
			Body     sheetBody
		}) (*Tagged[sumBody], error) {
			input := assessments.SheetInput{Keep: in.Body.Keep, TryNext: in.Body.TryNext, PrivateNote: in.Body.PrivateNote}
			for _, s := range in.Body.Scores {
				input.Scores = append(input.Scores, assessments.Score{Criterion: s.Criterion, Level: s.Level, NotObserved: s.Level == nil, AtMS: s.AtMS, Quote: s.Quote,
					NotTriggered: s.NoTrigger, Reason: s.Reason})
			}
			version, err := guard(in.IfMatch)
			if err != nil {
				return nil, err
			}
			sheet, sum, err := a.Assessments.SaveSheet(ctx, by, in.ID, in.Assessor, input, version)
			if err != nil {
				return nil, err
			}
			return &Tagged[sumBody]{ETag: etag(sheet.Version), Body: sumBody{sheet.Overall, sum.Pass, sheet.Passed, sheet.CappedBy, sheet.State, sheet.Version}}, nil
		})

	register(a, op{Method: "POST", Path: "/attempts/{id}/sheets/{assessor_id}/release", ID: "release-sheet", Summary: "Release a sheet to the rep and to the evidence ledger", Scope: "assessments:write", Tag: "Scoring"},
		func(ctx context.Context, by people.Actor, in *sheetPath) (*Tagged[sheetView], error) {
			sheet, err := a.Assessments.Release(ctx, by, in.ID, in.Assessor)
			if err != nil {
				return nil, err
			}
			return &Tagged[sheetView]{ETag: etag(sheet.Version), Body: viewSheet(sheet, by)}, nil
		})

	register(a, op{Method: "POST", Path: "/attempts/{id}/sheets/{assessor_id}/recall", ID: "recall-sheet", Summary: "Take a released sheet back within five minutes", Scope: "assessments:write", Tag: "Scoring"},
		func(ctx context.Context, by people.Actor, in *sheetPath) (*Body[AttemptState], error) {
			if err := a.Assessments.Recall(ctx, by, in.ID, in.Assessor); err != nil {
				return nil, err
			}
			return a.stateOf(ctx, by, in.ID)
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}/sheets", ID: "list-sheets", Summary: "The sheets of an attempt that you may read", Scope: "assessments:read", Tag: "Scoring"},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[Page[sheetView]], error) {
			all, err := a.Assessments.Sheets(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			items := make([]sheetView, len(all))
			for i, s := range all {
				items[i] = viewSheet(s, by)
			}
			return &Body[Page[sheetView]]{page(items, "")}, nil
		})
}

// guard reads an If-Match header: nil when the write is not guarded.
func guard(header string) (*int, error) {
	v, err := ifMatch(header)
	if err != nil || v == 0 {
		return nil, err
	}
	return &v, nil
}
