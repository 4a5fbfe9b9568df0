package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"pitchside/coaching"
	"pitchside/internal/fault"
	"pitchside/people"
)

type sessionJSON struct {
	ID          int64            `json:"id"`
	Kind        string           `json:"kind"`
	CoachID     int64            `json:"coach_id"`
	CoachName   string           `json:"coach_name"`
	RepIDs      []int64          `json:"rep_ids"`
	At          time.Time        `json:"at"`
	Template    string           `json:"template"`
	State       string           `json:"state"`
	SharedNote  string           `json:"shared_note"`
	Topics      []string         `json:"topics"`
	ClosedAt    *time.Time       `json:"closed_at"`
	Commitments []commitmentJSON `json:"commitments,omitempty"`
}

type commitmentJSON struct {
	ID         int64      `json:"id"`
	SessionID  int64      `json:"session_id"`
	OwnerID    int64      `json:"owner_id"`
	Behaviour  string     `json:"behaviour"`
	Skill      *string    `json:"skill"`
	Due        string     `json:"due" format:"date"`
	Evidence   string     `json:"evidence"`
	Outcome    *string    `json:"outcome" enum:"kept,missed,changed,dropped"`
	Reason     string     `json:"reason"`
	EvidenceID *int64     `json:"evidence_id"`
	SettledAt  *time.Time `json:"settled_at"`
}

func sessionAsJSON(s coaching.Session) sessionJSON {
	out := sessionJSON{ID: s.ID, Kind: s.Kind, CoachID: s.CoachID, CoachName: s.CoachName, RepIDs: []int64{}, At: s.At, Template: s.Template,
		State: s.State, SharedNote: s.SharedNote, Topics: s.Topics, ClosedAt: s.ClosedAt}
	for _, r := range s.Reps {
		out.RepIDs = append(out.RepIDs, r.PersonID)
	}
	return out
}

func commitmentsAsJSON(in []coaching.Commitment) []commitmentJSON {
	out := []commitmentJSON{}
	for _, k := range in {
		out = append(out, commitmentJSON{ID: k.ID, SessionID: k.SessionID, OwnerID: k.OwnerID, Behaviour: k.Behaviour, Skill: k.Skill,
			Due: k.Due.Format(time.DateOnly), Evidence: k.Evidence, Outcome: k.Outcome, Reason: k.Reason, EvidenceID: k.EvidenceID, SettledAt: k.SettledAt})
	}
	return out
}

type byID struct {
	ID int64 `path:"id"`
}

func (a *API) registerCoaching() {
	register(a, op{Method: http.MethodGet, Path: "/sessions", ID: "list-sessions", Summary: "Coaching sessions one takes part in", Scope: "coaching:read", Tag: "Coaching", For: lookers}, a.listSessions)
	register(a, op{Method: http.MethodPost, Path: "/sessions", ID: "plan-session", Summary: "Plan a coaching session", Scope: "coaching:write", Tag: "Coaching", For: planners, Status: http.StatusCreated}, a.planSession)
	register(a, op{Method: http.MethodGet, Path: "/sessions/{id}", ID: "get-session", Summary: "A coaching session with its commitments", Scope: "coaching:read", Tag: "Coaching", For: lookers}, a.getSession)
	register(a, op{Method: http.MethodGet, Path: "/sessions/{id}/prep", ID: "get-prep", Summary: "The prep sheet of a session", Scope: "coaching:read", Tag: "Coaching", For: lookers}, a.getPrep)
	register(a, op{Method: http.MethodPut, Path: "/sessions/{id}/notes", ID: "put-notes", Summary: "Write the shared and one's private notes", Scope: "coaching:write", Tag: "Coaching", For: planners}, a.putNotes)
	register(a, op{Method: http.MethodPost, Path: "/sessions/{id}/commitments", ID: "add-commitment", Summary: "Add a commitment to a session", Scope: "coaching:write", Tag: "Coaching", For: lookers, Status: http.StatusCreated}, a.addCommitment)
	register(a, op{Method: http.MethodPatch, Path: "/commitments/{id}", ID: "settle-commitment", Summary: "Say how a commitment ended", Scope: "coaching:write", Tag: "Coaching", For: lookers}, a.settleCommitment)
	register(a, op{Method: http.MethodPost, Path: "/sessions/{id}/close", ID: "close-session", Summary: "Share and close a session", Scope: "coaching:write", Tag: "Coaching", For: planners}, a.closeSession)
	register(a, op{Method: http.MethodGet, Path: "/reports/commitments", ID: "report-commitments", Summary: "Kept of due, by coach and rep", Scope: "coaching:read", Tag: "Coaching", For: lookers}, a.reportCommitments)
	register(a, op{Method: http.MethodGet, Path: "/reports/coverage", ID: "report-coverage", Summary: "Who has been coached on their own widest gap", Scope: "coaching:read", Tag: "Coaching", For: planners}, a.reportCoverage)
}

var (
	lookers  = []people.Capability{people.Rep, people.Coach, people.Manager, people.Admin}
	planners = []people.Capability{people.Coach, people.Manager, people.Admin}
)

func (a *API) listSessions(ctx context.Context, by people.Actor, in *struct {
	Paging
	State string `query:"state" enum:"planned,past" default:"past"`
}) (*Body[Page[sessionJSON]], error) {
	before, err := cursorID(in.Cursor)
	if err != nil {
		return nil, err
	}
	got, err := a.Coaching.Sessions(ctx, by, in.State == "planned", before, in.Limit)
	if err != nil {
		return nil, err
	}
	var items []sessionJSON
	for _, s := range got {
		items = append(items, sessionAsJSON(s))
	}
	next := ""
	if len(got) == in.Limit {
		next = strconv.FormatInt(got[len(got)-1].ID, 10)
	}
	return &Body[Page[sessionJSON]]{page(items, next)}, nil
}

// cursorID reads a cursor that is the id of the last item of the page before.
func cursorID(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.Field("cursor", "This cursor is none of ours. Use the one that the last page gave as next.")
	}
	return id, nil
}

func (a *API) planSession(ctx context.Context, by people.Actor, in *struct {
	Body struct {
		Kind     string    `json:"kind"`
		CoachID  int64     `json:"coach_id,omitempty"`
		RepIDs   []int64   `json:"rep_ids"`
		At       time.Time `json:"at"`
		Template string    `json:"template,omitempty"`
	}
}) (*Tagged[sessionJSON], error) {
	id, err := a.Coaching.Plan(ctx, by, coaching.SessionPlan{Kind: in.Body.Kind, CoachID: in.Body.CoachID, RepIDs: in.Body.RepIDs, At: in.Body.At, Template: in.Body.Template})
	if err != nil {
		return nil, err
	}
	return a.getSession(ctx, by, &byID{id})
}

func (a *API) getSession(ctx context.Context, by people.Actor, in *byID) (*Tagged[sessionJSON], error) {
	got, err := a.Coaching.Session(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	made, err := a.Coaching.Made(ctx, got)
	if err != nil {
		return nil, err
	}
	out := sessionAsJSON(got)
	out.Commitments = commitmentsAsJSON(made)
	return &Tagged[sessionJSON]{ETag: etag(got.Version), Body: out}, nil
}

type prepJSON struct {
	RepID    int64              `json:"rep_id"`
	Since    *time.Time         `json:"since"`
	Agenda   string             `json:"agenda"`
	Carried  []commitmentJSON   `json:"carried"`
	Evidence []prepEvidenceJSON `json:"evidence"`
	WorstGap *string            `json:"worst_gap"`
	Moved    []string           `json:"moved"`
	Overdue  []coaching.Fact    `json:"overdue"`
	Results  []coaching.Fact    `json:"results"`
}

type prepEvidenceJSON struct {
	ID        int64     `json:"id"`
	Skill     string    `json:"skill"`
	Source    string    `json:"source"`
	At        time.Time `json:"at"`
	Raw       *float64  `json:"raw"`
	Correct   *float64  `json:"correct"`
	Items     *int      `json:"items"`
	Quote     *string   `json:"quote"`
	AttemptID *int64    `json:"attempt_id"`
}

func (a *API) getPrep(ctx context.Context, by people.Actor, in *struct {
	ID  int64 `path:"id"`
	Rep int64 `query:"rep_id" required:"false"`
}) (*Body[prepJSON], error) {
	p, err := a.Coaching.Prep(ctx, by, in.ID, in.Rep)
	if err != nil {
		return nil, err
	}
	out := prepJSON{RepID: p.Rep.PersonID, Since: p.Since, Agenda: p.Rep.Agenda, Carried: commitmentsAsJSON(p.Carried), Evidence: []prepEvidenceJSON{},
		Moved: []string{}, Overdue: p.Overdue, Results: p.Results}
	for _, e := range p.Evidence {
		out.Evidence = append(out.Evidence, prepEvidenceJSON{ID: e.ID, Skill: e.Skill, Source: e.Source, At: e.At, Raw: e.Raw, Correct: e.Correct, Items: e.Items, Quote: e.Quote, AttemptID: e.Attempt})
	}
	if p.WorstGap != nil {
		out.WorstGap = &p.WorstGap.Skill.Slug
	}
	for _, m := range p.Moved {
		out.Moved = append(out.Moved, m.After.Skill.Slug)
	}
	return &Body[prepJSON]{out}, nil
}

func (a *API) putNotes(ctx context.Context, by people.Actor, in *struct {
	ID      int64  `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Shared  string   `json:"shared"`
		Private *string  `json:"private,omitempty" doc:"Read by its author only; left as it is when absent."`
		Topics  []string `json:"topics,omitempty" doc:"Left as they are when absent."`
	}
}) (*Tagged[sessionJSON], error) {
	version, err := ifMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	got, err := a.Coaching.Session(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	private, topics := deref(in.Body.Private), in.Body.Topics
	if in.Body.Private == nil {
		if private, err = a.Coaching.PrivateNote(ctx, by, in.ID); err != nil {
			return nil, err
		}
	}
	if topics == nil {
		topics = got.Topics
	}
	if err := a.Coaching.WriteNotes(ctx, by, in.ID, in.Body.Shared, private, topics, version); err != nil {
		return nil, err
	}
	if got, err = a.Coaching.Session(ctx, by, in.ID); err != nil {
		return nil, err
	}
	return &Tagged[sessionJSON]{ETag: etag(got.Version), Body: sessionAsJSON(got)}, nil
}

func (a *API) addCommitment(ctx context.Context, by people.Actor, in *struct {
	ID   int64 `path:"id"`
	Body struct {
		Behaviour string `json:"behaviour"`
		OwnerID   int64  `json:"owner_id"`
		Due       string `json:"due" format:"date"`
		Evidence  string `json:"evidence"`
		Skill     string `json:"skill,omitempty"`
	}
}) (*Body[commitmentJSON], error) {
	due, err := time.Parse(time.DateOnly, in.Body.Due)
	if err != nil {
		return nil, fault.Field("due", "Give a date as YYYY-MM-DD.")
	}
	id, err := a.Coaching.Commit(ctx, by, in.ID, coaching.Promise{OwnerID: in.Body.OwnerID, Behaviour: in.Body.Behaviour, Skill: in.Body.Skill, Due: due, Evidence: in.Body.Evidence})
	if err != nil {
		return nil, err
	}
	return a.oneCommitment(ctx, by, id)
}

func (a *API) oneCommitment(ctx context.Context, by people.Actor, id int64) (*Body[commitmentJSON], error) {
	k, err := a.Coaching.Commitment(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return &Body[commitmentJSON]{commitmentsAsJSON([]coaching.Commitment{k})[0]}, nil
}

func (a *API) settleCommitment(ctx context.Context, by people.Actor, in *struct {
	ID   int64 `path:"id"`
	Body struct {
		Outcome    string `json:"outcome"`
		Reason     string `json:"reason,omitempty"`
		EvidenceID *int64 `json:"evidence_id,omitempty"`
	}
}) (*Body[commitmentJSON], error) {
	if err := a.Coaching.Settle(ctx, by, in.ID, coaching.Settlement{Outcome: in.Body.Outcome, Reason: in.Body.Reason, EvidenceID: in.Body.EvidenceID}); err != nil {
		return nil, err
	}
	return a.oneCommitment(ctx, by, in.ID)
}

func (a *API) closeSession(ctx context.Context, by people.Actor, in *byID) (*Tagged[sessionJSON], error) {
	if err := a.Coaching.Close(ctx, by, in.ID); err != nil {
		return nil, err
	}
	return a.getSession(ctx, by, in)
}

type window struct {
	From string `query:"from" required:"false" format:"date"`
	To   string `query:"to" required:"false" format:"date"`
}

// dates reads a window of days, both inclusive; without one it is the last days.
func (w window) dates(now time.Time, days int) (from, to time.Time, err error) {
	to = now.UTC().Truncate(24 * time.Hour)
	from = to.AddDate(0, 0, -days)
	if w.From != "" {
		if from, err = time.Parse(time.DateOnly, w.From); err != nil {
			return from, to, fault.Field("from", "Give a date as YYYY-MM-DD.")
		}
	}
	if w.To != "" {
		if to, err = time.Parse(time.DateOnly, w.To); err != nil {
			return from, to, fault.Field("to", "Give a date as YYYY-MM-DD.")
		}
	}
	if to.Before(from) {
		return from, to, fault.Field("to", "The window ends before it begins.")
	}
	return from, to, nil
}

type commitmentReportJSON struct {
	From  string                `json:"from"`
	To    string                `json:"to"`
	Items []coaching.PairReport `json:"items"`
}

func (a *API) reportCommitments(ctx context.Context, by people.Actor, in *window) (*Body[commitmentReportJSON], error) {
	from, to, err := in.dates(a.Now(), 180)
	if err != nil {
		return nil, err
	}
	items, err := a.Coaching.CommitmentReport(ctx, by, from, to)
	if err != nil {
		return nil, err
	}
	return &Body[commitmentReportJSON]{commitmentReportJSON{from.Format(time.DateOnly), to.Format(time.DateOnly), page(items, "").Items}}, nil
}

type coverageJSON struct {
	Days  int                    `json:"days"`
	Items []coaching.CoverageRow `json:"items"`
}

func (a *API) reportCoverage(ctx context.Context, by people.Actor, in *struct {
	Days int `query:"days" default:"30" minimum:"1" maximum:"730"`
}) (*Body[coverageJSON], error) {
	items, err := a.Coaching.Coverage(ctx, by, in.Days)
	if err != nil {
		return nil, err
	}
	return &Body[coverageJSON]{coverageJSON{in.Days, page(items, "").Items}}, nil
}
