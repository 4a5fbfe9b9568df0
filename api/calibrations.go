package api

import (
	"context"
	"strconv"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"
	"pitchside/performance"
)

type calibrationBody struct {
	Scenario   string  `json:"scenario" doc:"slug of a published scenario"`
	AttemptIDs []int64 `json:"attempt_ids" nullable:"false" doc:"submitted attempts whose reps consent"`
	CoachIDs   []int64 `json:"coach_ids" nullable:"false" doc:"two or more coaches"`
	Due        string  `json:"due" doc:"an RFC 3339 time, or an ISO date, which ends with its day"`
	Title      string  `json:"title" required:"false" doc:"the scenario and the day when absent"`
	Rubric     int     `json:"rubric_version" required:"false" minimum:"1" doc:"number of a version of the scenario's rubric to try, a draft too; the one that the attempts were made under when absent"`
	Announced  *bool   `json:"announced" required:"false" nullable:"true" doc:"false: the coaches' queue shows it like any other attempt; true when absent"`
}

type calibrationView struct {
	ID        int64     `json:"id"`
	Title     string    `json:"title"`
	Scenario  string    `json:"scenario"`
	Announced bool      `json:"announced"`
	Due       time.Time `json:"due"`
	CreatedBy int64     `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	Attempts  int       `json:"attempts"`
	Coaches   int       `json:"coaches"`
	Done      int       `json:"sheets_done"`
	Expected  int       `json:"sheets_expected"`
	Open      bool      `json:"open" doc:"it is still scored, and nobody sees another's sheet"`
}

type reportView struct {
	State    string               `json:"state" enum:"hidden,range_only,shown,undefined"`
	Reason   string               `json:"reason"`
	Units    int                  `json:"n_units" doc:"attempts that two or more coaches gave a level on the same criterion"`
	Raters   int                  `json:"n_coaches"`
	Attempts int                  `json:"n_attempts" doc:"attempts in the round"`
	Done     int                  `json:"sheets_done"`
	Expected int                  `json:"sheets_expected"`
	Criteria []criterionAgreement `json:"criteria" nullable:"false" doc:"empty until the report is open"`
	Coaches  []coachStrictness    `json:"coaches" nullable:"false" doc:"a coach reads their own, a lead all"`
	ICC      reliabilityView      `json:"icc"`
}

type criterionAgreement struct {
	Criterion string   `json:"criterion"`
	State     string   `json:"state" enum:"hidden,range_only,shown,undefined"`
	Reason    string   `json:"reason"`
	Units     int      `json:"n_units" doc:"attempts that two or more coaches gave a level on this criterion"`
	Pairs     int      `json:"n_pairs"`
	Alpha     *float64 `json:"alpha_ordinal,omitempty" doc:"Krippendorff's alpha, ordinal; absent below the rule"`
	Low       *float64 `json:"low,omitempty"`
	High      *float64 `json:"high,omitempty"`
	Exact     *float64 `json:"exact,omitempty" doc:"share of pairs with the same level"`
	WithinOne *float64 `json:"within_one,omitempty" doc:"share of pairs at most one level apart"`
}

type coachStrictness struct {
	CoachID  int64    `json:"coach_id"`
	Coach    string   `json:"coach"`
	State    string   `json:"state" enum:"adjust,do_not_adjust"`
	Reason   string   `json:"reason"`
	Sessions int      `json:"n_sessions"`
	Reps     int      `json:"n_reps"`
	Shared   int      `json:"n_shared_reps"`
	Severity *float64 `json:"severity,omitempty" doc:"levels above the others' scores: below 0 strict, above 0 lenient"`
	SE       *float64 `json:"se,omitempty"`
}

type reliabilityView struct {
	State  string   `json:"state" enum:"hidden,range_only,shown,undefined"`
	Reason string   `json:"reason"`
	Units  int      `json:"n_units" doc:"attempts that every coach scored"`
	ICC21  *float64 `json:"icc21,omitempty"`
	Low    *float64 `json:"low,omitempty"`
	High   *float64 `json:"high,omitempty"`
}

func viewCalibration(c assessments.Calibration) calibrationView {
	return calibrationView{c.ID, c.Title, c.Scenario, c.Announced, c.Due, c.CreatedBy, c.CreatedAt, c.Attempts, c.Coaches, c.Done, c.Expected, c.Open}
}

func viewStrictness(all []assessments.Strictness) []coachStrictness {
	out := []coachStrictness{}
	for _, s := range all {
		out = append(out, coachStrictness{s.CoachID, s.Coach, s.State, s.Reason, s.Sessions, s.Reps, s.Shared, s.Severity, s.SE})
	}
	return out
}

// day reads a time, or a date, which ends with its day.
func day(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fault.Field("due", "Give a day such as 2026-12-01, or a time such as 2026-12-01T17:00:00Z.")
	}
	return t.AddDate(0, 0, 1), nil
}

func (a *API) registerCalibrations() {
	const tag = "Calibration"
	leads := []people.Capability{people.Coach, people.Manager, people.Admin}
	type path struct {
		ID int64 `path:"id"`
	}
	register(a, op{Method: "PUT", Path: "/attempts/{id}/consent", ID: "put-consent", Summary: "Say whether an attempt may be used to calibrate coaches", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Calibration bool `json:"calibration"`
			}
		}) (*Body[consentView], error) {
			if err := a.Assessments.Consent(ctx, by, in.ID, in.Body.Calibration); err != nil {
				return nil, err
			}
			return &Body[consentView]{consentView{in.ID, in.Body.Calibration}}, nil
		})

	register(a, op{Method: "GET", Path: "/calibrations", ID: "list-calibrations", Summary: "Calibration rounds, newest first", Scope: "assessments:read", For: leads, Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct{ Paging }) (*Body[Page[calibrationView]], error) {
			var before int64
			if in.Cursor != "" {
				var err error
				if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
					return nil, fault.Field("cursor", "Send the cursor of the page before, unchanged.")
				}
			}
			all, err := a.Assessments.Calibrations(ctx, by, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			all, next := upTo(all, in.Limit, func(c assessments.Calibration) int64 { return c.ID })
			items := make([]calibrationView, len(all))
			for i, c := range all {
				items[i] = viewCalibration(c)
			}
			return &Body[Page[calibrationView]]{page(items, next)}, nil
		})

	register(a, op{Method: "POST", Path: "/calibrations", ID: "open-calibration", Summary: "Open a round: coaches score the same attempts blind", Scope: "assessments:write", For: leads, Tag: tag, Status: 201},
		func(ctx context.Context, by people.Actor, in *struct{ Body calibrationBody }) (*Body[calibrationView], error) {
			due, err := day(in.Body.Due)
			if err != nil {
				return nil, err
			}
			c, err := a.Assessments.OpenCalibration(ctx, by, assessments.NewCalibration{Title: in.Body.Title, Scenario: in.Body.Scenario, AttemptIDs: in.Body.AttemptIDs,
				CoachIDs: in.Body.CoachIDs, Due: due, Rubric: in.Body.Rubric, Unannounced: in.Body.Announced != nil && !*in.Body.Announced})
			if err != nil {
				return nil, err
			}
			return &Body[calibrationView]{viewCalibration(c)}, nil
		})

	register(a, op{Method: "GET", Path: "/calibrations/{id}", ID: "get-calibration", Summary: "One round and how far it is", Scope: "assessments:read", For: leads, Tag: tag},
		func(ctx context.Context, by people.Actor, in *path) (*Body[calibrationView], error) {
			c, err := a.Assessments.Calibration(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			return &Body[calibrationView]{viewCalibration(c)}, nil
		})

	register(a, op{Method: "GET", Path: "/calibrations/{id}/report", ID: "get-calibration-report", Summary: "How far the coaches agree: opens when every sheet is in, or when the round is due", Scope: "assessments:read", For: leads, Tag: tag},
		func(ctx context.Context, by people.Actor, in *path) (*Body[reportView], error) {
			r, err := a.Assessments.Reveal(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			v := reportView{State: r.State, Reason: r.Reason, Units: r.Units, Raters: r.Raters, Attempts: r.Round.Attempts, Done: r.Round.Done, Expected: r.Round.Expected,
				Criteria: []criterionAgreement{}, Coaches: viewStrictness(r.Coaches),
				ICC: reliabilityView{r.ICC.State, r.ICC.Reason, r.ICC.Units, r.ICC.Value, r.ICC.Low, r.ICC.High}}
			for _, c := range r.Criteria {
				v.Criteria = append(v.Criteria, criterionAgreement{c.ID, c.State, c.Reason, c.Units, c.Pairs, c.Alpha, c.Low, c.High, c.Exact, c.WithinOne})
			}
			return &Body[reportView]{v}, nil
		})

	register(a, op{Method: "PUT", Path: "/calibrations/{id}/references", ID: "put-reference", Summary: "Settle the level of one attempt on one criterion, after the reveal", Scope: "assessments:write", For: leads, Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				AttemptID int64  `json:"attempt_id"`
				Criterion string `json:"criterion"`
				Level     int    `json:"level" minimum:"1" maximum:"5"`
				Reason    string `json:"reason"`
				Quote     string `json:"quote" required:"false" doc:"with a quote it is shown beside the anchor at the scoring desk"`
				AtMS      *int   `json:"at_ms" required:"false" nullable:"true" minimum:"0"`
				Version   int    `json:"version" required:"false" doc:"the one that was read; 0 when there was none"`
			}
		}) (*Body[okView], error) {
			b := in.Body
			err := a.Assessments.Settle(ctx, by, in.ID, assessments.Reference{AttemptID: b.AttemptID, Criterion: b.Criterion, Level: b.Level, Reason: b.Reason, Quote: b.Quote, AtMS: b.AtMS}, b.Version)
			return &Body[okView]{okView{err == nil}}, err
		})

	register(a, op{Method: "GET", Path: "/reports/strictness", ID: "get-strictness", Summary: "How strict coaches score: your own, and those you oversee", Scope: "assessments:read", For: leads, Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct{}) (*Body[Page[coachStrictness]], error) {
			all, err := a.Assessments.Strictnesses(ctx, by)
			if err != nil {
				return nil, err
			}
			return &Body[Page[coachStrictness]]{page(viewStrictness(all), "")}, nil
		})
}

// agreementMetric is the one metric of the dictionary that calibration makes.
const agreementMetric = "agreement"

func (a *API) measureAgreement(ctx context.Context, by people.Actor, means content.Metric, q performance.Question) (*Body[measurementJSON], error) {
	m, err := a.Assessments.Agreement(ctx, by, q.PersonID, q.TeamID, q.From, q.To)
	if err != nil {
		return nil, err
	}
	out := measurementJSON{metricJSON: asMetric(means), Value: m.Value, Low: m.Low, High: m.High, N: m.N, State: m.State, From: dateOf(q.From), To: dateOf(q.To)}
	if m.Reason != "" {
		out.Reason = &m.Reason
	}
	return &Body[measurementJSON]{out}, nil
}

type consentView struct {
	ID          int64 `json:"id"`
	Calibration bool  `json:"calibration"`
}

type okView struct {
	OK bool `json:"ok"`
}
