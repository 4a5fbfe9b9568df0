package api

import (
	"context"
	"time"

	"pitchside/assessments"
	"pitchside/people"
)

type earlierSheetView struct {
	AssessorID int64                        `json:"assessor_id"`
	Assessor   string                       `json:"assessor"`
	Source     string                       `json:"source"`
	Scores     []assessments.EarlierScore   `json:"scores"`
	Comments   []assessments.EarlierComment `json:"comments"`
	Keep       string                       `json:"keep"`
	TryNext    string                       `json:"try_next"`
}

type resubmissionView struct {
	Nth      int                `json:"nth" doc:"which hand-in it was, from 1"`
	AskedBy  int64              `json:"asked_by"`
	Reason   string             `json:"reason" doc:"empty for who still scores without sight of others"`
	AskedAt  time.Time          `json:"asked_at"`
	HandedIn time.Time          `json:"handed_in"`
	AgainAt  *time.Time         `json:"again_at" doc:"null: it is with the rep"`
	Words    string             `json:"words" doc:"what was said then; empty for who may not read it"`
	Sheets   []earlierSheetView `json:"sheets"`
}

func (a *API) registerResubmissions() {
	const tag = "Scoring"
	register(a, op{Method: "POST", Path: "/attempts/{id}/resubmit", ID: "ask-again", Summary: "Send a submitted attempt back to its rep, with a reason", Scope: "assessments:write",
		For: []people.Capability{people.Coach}, Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Reason string `json:"reason"`
			}
		}) (*Body[AttemptState], error) {
			if err := a.Assessments.AskAgain(ctx, by, in.ID, in.Body.Reason); err != nil {
				return nil, err
			}
			return &Body[AttemptState]{AttemptState{in.ID, string(assessments.Resubmit)}}, nil
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}/resubmissions", ID: "list-resubmissions", Summary: "The earlier hand-ins of an attempt, with what was written about them", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[Page[resubmissionView]], error) {
			if _, err := a.Assessments.Attempt(ctx, by, in.ID); err != nil {
				return nil, err
			}
			all, err := a.Assessments.Resubmissions(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			items := make([]resubmissionView, len(all))
			for i, r := range all {
				items[i] = resubmissionView{r.Nth, r.AskedByID, r.Reason, r.AskedAt, r.HandedIn, r.AgainAt, r.Words, []earlierSheetView{}}
				for _, h := range r.Sheets {
					items[i].Sheets = append(items[i].Sheets, earlierSheetView{h.AssessorID, h.Assessor, h.Source, h.Scores, h.Comments, h.Keep, h.TryNext})
				}
			}
			return &Body[Page[resubmissionView]]{page(items, "")}, nil
		})
	a.registerComments(tag)
}

// registerComments lets programs write an assessor's comments, which the page
// of the scoring desk does too.
func (a *API) registerComments(tag string) {
	mine := func(ctx context.Context, by people.Actor, id int64) (*Body[Page[commentView]], error) {
		sheet, err := a.Assessments.MySheet(ctx, by, id)
		if err != nil {
			return nil, err
		}
		return &Body[Page[commentView]]{page(viewSheet(sheet, by).Comments, "")}, nil
	}
	register(a, op{Method: "POST", Path: "/attempts/{id}/comments", ID: "add-comment", Summary: "Comment on your own sheet, at a turn of the transcript or a moment of the recording", Scope: "assessments:write", Tag: tag, Status: 201},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Turn      *int   `json:"turn" required:"false" nullable:"true" minimum:"1" doc:"a turn of the transcript; else at_ms"`
				AtMS      *int   `json:"at_ms" required:"false" nullable:"true" minimum:"0" doc:"a moment of the recording"`
				Criterion string `json:"criterion" required:"false"`
				Text      string `json:"text"`
			}
		}) (*Body[Page[commentView]], error) {
			var err error
			switch {
			case in.Body.Turn != nil:
				err = a.Assessments.Comment(ctx, by, in.ID, *in.Body.Turn, in.Body.Criterion, in.Body.Text)
			case in.Body.AtMS != nil:
				err = a.Assessments.CommentAt(ctx, by, in.ID, *in.Body.AtMS, in.Body.Criterion, in.Body.Text)
			default:
				err = a.Assessments.Comment(ctx, by, in.ID, 0, in.Body.Criterion, in.Body.Text)
			}
			if err != nil {
				return nil, err
			}
			return mine(ctx, by, in.ID)
		})
	type commentPath struct {
		ID      int64 `path:"id"`
		Comment int64 `path:"comment_id"`
	}
	register(a, op{Method: "PATCH", Path: "/attempts/{id}/comments/{comment_id}", ID: "edit-comment", Summary: "Change the words of a comment while its sheet is a draft", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID      int64 `path:"id"`
			Comment int64 `path:"comment_id"`
			Body    struct {
				Text string  `json:"text"`
				Was  *string `json:"was" required:"false" nullable:"true" doc:"the words that were edited: a conflict when others are there now"`
			}
		}) (*Body[Page[commentView]], error) {
			if err := a.Assessments.EditComment(ctx, by, in.ID, in.Comment, in.Body.Text, in.Body.Was); err != nil {
				return nil, err
			}
			return mine(ctx, by, in.ID)
		})
	register(a, op{Method: "DELETE", Path: "/attempts/{id}/comments/{comment_id}", ID: "remove-comment", Summary: "Remove a comment while its sheet is a draft", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *commentPath) (*Body[Page[commentView]], error) {
			if err := a.Assessments.RemoveComment(ctx, by, in.ID, in.Comment); err != nil {
				return nil, err
			}
			return mine(ctx, by, in.ID)
		})
}
