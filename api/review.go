package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"
)

type holdJSON struct {
	From *string `json:"from" format:"date" doc:"First day of the hold; null: none."`
	To   *string `json:"to" format:"date" doc:"Last day of the hold."`
}

func asHold(h *courses.Hold) holdJSON {
	if h == nil {
		return holdJSON{}
	}
	from, to := h.From.Format(time.DateOnly), h.To.Format(time.DateOnly)
	return holdJSON{&from, &to}
}

// days reads both days of a hold.
func (h holdJSON) days() (from, to *time.Time, err error) {
	problems := map[string]string{}
	read := func(name string, text *string) *time.Time {
		if text == nil || *text == "" {
			return nil
		}
		t, err := time.Parse(time.DateOnly, *text)
		if err != nil {
			problems[name] = "This is no day. Write it as YYYY-MM-DD."
		}
		return &t
	}
	from, to = read("from", h.From), read("to", h.To)
	return from, to, fault.Fields(problems)
}

type recallJSON struct {
	Days       int        `json:"days" doc:"Asked again after about so many days: from to to, whole days, both ends included."`
	From       int        `json:"from"`
	To         int        `json:"to"`
	State      string     `json:"state" enum:"hidden,counts_only,range_only,shown"`
	Reason     string     `json:"reason,omitempty"`
	N          *int       `json:"n,omitempty" doc:"Answers to cards whose answer before was right."`
	Right      *int       `json:"right,omitempty"`
	People     *int       `json:"people,omitempty"`
	Share      *float64   `json:"share,omitempty"`
	Low        *float64   `json:"low,omitempty" doc:"Wilson interval, 95 in 100."`
	High       *float64   `json:"high,omitempty"`
	NewestDate *time.Time `json:"newest,omitempty"`
}

func asRecall(all []courses.Recall) []recallJSON {
	out := []recallJSON{}
	for _, r := range all {
		j := recallJSON{Days: r.Days, From: r.From, To: r.To, State: r.State, Reason: r.Reason, Share: r.Share, Low: r.Low, High: r.High}
		if r.State != "hidden" {
			j.N, j.People, j.NewestDate = &r.N, &r.People, r.Newest
			if r.State != "range_only" {
				j.Right = &r.Right
			}
		}
		out = append(out, j)
	}
	return out
}

type reviewStateJSON struct {
	DoneToday int          `json:"done_today" doc:"Cards reviewed today, of five at most on workdays."`
	LeftToday int          `json:"left_today"`
	Hold      holdJSON     `json:"hold" doc:"That lasts, or is to come."`
	Likely    *int         `json:"likely,omitempty" doc:"Facts likely to be recalled today: a model estimate."`
	Of        int          `json:"of" doc:"Facts that were asked at least once."`
	Recall    []recallJSON `json:"recall"`
}

// registerReviewing registers what goes with the queue: taking back the last
// rating, holding, and how much is remembered.
func (a *API) registerReviewing() {
	type undo struct {
		PersonID int64 `json:"person_id,omitempty" doc:"Whose rating it is; the token's owner if absent."`
	}
	type undone struct {
		CardID int64 `json:"card_id"`
	}
	register(a, op{Method: http.MethodPost, Path: "/reviews/undo", ID: "undo-review", Summary: "Take back the last rating: the card is again what it was", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct{ Body undo }) (*Body[undone], error) {
			person := in.Body.PersonID
			if person == 0 {
				person = by.ID
			}
			card, err := a.Courses.UndoReview(ctx, by, person)
			return &Body[undone]{undone{card}}, err
		})
	register(a, op{Method: http.MethodPut, Path: "/people/{id}/review-hold", ID: "put-review-hold", Summary: "Hold a person's review from one day to another; nulls end the hold", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body holdJSON
		}) (*Body[holdJSON], error) {
			from, to, err := in.Body.days()
			if err != nil {
				return nil, err
			}
			h, err := a.Courses.SetHold(ctx, by, in.ID, from, to)
			return &Body[holdJSON]{asHold(h)}, err
		})
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/review-state", ID: "get-review-state", Summary: "What is left today, the hold, and how much is remembered", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
		}) (*Body[reviewStateJSON], error) {
			q, err := a.Courses.Reviews(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			recall, err := a.Courses.PersonRecall(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			e := q.Estimate()
			out := reviewStateJSON{DoneToday: q.Done, LeftToday: len(q.Today()), Hold: asHold(q.Hold), Of: e.Of, Recall: asRecall(recall)}
			if e.Known() {
				out.Likely = &e.Likely
			}
			return &Body[reviewStateJSON]{out}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/reports/recall", ID: "get-team-recall", Summary: "What those you lead recalled after 30, 60 and 90 days, together", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[[]recallJSON], error) {
			all, err := a.Courses.TeamRecall(ctx, by)
			return &Body[[]recallJSON]{asRecall(all)}, err
		})
}
