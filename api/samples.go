package api

import (
	"context"

	"pitchside/content"
	"pitchside/people"
)

// A calibrationSample is a conversation to calibrate on.
type calibrationSample struct {
	Slug     string `json:"slug"`
	Title    string `json:"title"`
	Scenario string `json:"scenario"`
	Rubric   string `json:"rubric"`
	Words    int    `json:"words"`
}

// A usedSample is the role-play that a sample has become.
type usedSample struct {
	AttemptID int64 `json:"attempt_id" doc:"for attempt_ids of open-calibration; one for each version of the scenario's rubric"`
}

// A sampleWithWords is a sample with what was said and the reference.
type sampleWithWords struct {
	calibrationSample
	Summary string            `json:"summary" doc:"What happens in it. It gives the reference away."`
	Turns   []sampleTurnJSON  `json:"turns" nullable:"false"`
	Scores  []sampleScoreJSON `json:"scores" nullable:"false" doc:"The reference: one for each criterion of the rubric."`
}

type sampleTurnJSON struct {
	Speaker string `json:"speaker" enum:"rep,buyer"`
	Name    string `json:"name" doc:"Rep, or the buyer's name."`
	StartMS int    `json:"start_ms"`
	Text    string `json:"text"`
}

type sampleScoreJSON struct {
	Criterion string `json:"criterion"`
	Level     int    `json:"level" minimum:"1" maximum:"5"`
	Quote     string `json:"quote"`
	StartMS   int    `json:"start_ms" doc:"Of the turn that holds the quote."`
	Reason    string `json:"reason"`
}

func asSample(s *content.Sample) calibrationSample {
	return calibrationSample{s.Slug, s.Title, s.Scenario, s.Rubric, s.Words()}
}

func (a *API) registerSamples() {
	leads := []people.Capability{people.Coach, people.Manager, people.Admin}
	o := func(path, id, summary string) op {
		return op{Method: "GET", Path: path, ID: id, Summary: summary, Scope: "assessments:read", For: leads, Tag: "Calibration"}
	}
	register(a, o("/samples", "list-samples", "Conversations to calibrate on"), a.listSamples)
	register(a, o("/samples/{slug}", "get-sample", "One of them, with its reference scores"), a.getSample)
	use := o("/samples/{slug}/use", "use-sample", "Make a sample a role-play that a round can be opened over; its reference is settled at the reveal")
	use.Method, use.Scope = "POST", "assessments:write"
	register(a, use, func(ctx context.Context, by people.Actor, in *struct {
		Slug string `path:"slug"`
	}) (*Body[usedSample], error) {
		id, err := a.Assessments.UseSample(ctx, by, in.Slug)
		if err != nil {
			return nil, err
		}
		return &Body[usedSample]{usedSample{id}}, nil
	})
}

func (a *API) listSamples(context.Context, people.Actor, *struct{}) (*Body[Page[calibrationSample]], error) {
	all, err := content.Samples()
	if err != nil {
		return nil, err
	}
	items := make([]calibrationSample, len(all))
	for i, s := range all {
		items[i] = asSample(s)
	}
	return &Body[Page[calibrationSample]]{page(items, "")}, nil
}

func (a *API) getSample(_ context.Context, _ people.Actor, in *struct {
	Slug string `path:"slug"`
}) (*Body[sampleWithWords], error) {
	s, err := content.SampleNamed(in.Slug)
	if err != nil {
		return nil, err
	}
	out := sampleWithWords{calibrationSample: asSample(s), Summary: s.Summary}
	for _, t := range s.Turns {
		speaker := "buyer"
		if t.Rep {
			speaker = "rep"
		}
		out.Turns = append(out.Turns, sampleTurnJSON{speaker, t.Speaker, t.StartMS, t.Text})
	}
	for _, one := range s.Scores {
		out.Scores = append(out.Scores, sampleScoreJSON{one.Criterion, one.Level, one.Quote, one.StartMS, one.Reason})
	}
	return &Body[sampleWithWords]{out}, nil
}
