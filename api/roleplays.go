package api

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A ScenarioView is a scenario in a list. It is exported so that the document
// of the API sees its fields where it is embedded.
type ScenarioView struct {
	Slug       string   `json:"slug"`
	Title      string   `json:"title"`
	Method     string   `json:"method"`
	Persona    string   `json:"persona"`
	Industry   string   `json:"industry"`
	Difficulty string   `json:"difficulty"`
	Minutes    int      `json:"minutes"`
	Skills     []string `json:"skills"`
	Rubric     string   `json:"rubric"`
	Goal       string   `json:"goal"`
	Pass       float64  `json:"pass"`
	TextBuyer  bool     `json:"text_buyer" doc:"it can be played as a text conversation"`
}

type scenarioDetail struct {
	ScenarioView
	Success  string          `json:"success"`
	Brief    string          `json:"brief" doc:"HTML"`
	Buyer    *string         `json:"buyer,omitempty" doc:"the buyer's side, HTML; for its holders only"`
	Criteria []criterionView `json:"criteria"`
}

type criterionView struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Skill    string   `json:"skill"`
	Weight   float64  `json:"weight"`
	Meaning  string   `json:"meaning"`
	Critical bool     `json:"critical"`
	Anchors  []string `json:"anchors"`
}

type attemptPath struct {
	ID int64 `path:"id"`
}

// An AttemptState is where an attempt stands.
type AttemptState struct {
	ID    int64  `json:"id"`
	State string `json:"state" enum:"draft,submitted,in_review,released,reflected,resubmit,withdrawn"`
}

type attemptView struct {
	AttemptState
	PersonID          int64             `json:"person_id"`
	Person            string            `json:"person"`
	Scenario          string            `json:"scenario" doc:"empty for a worksheet"`
	Worksheet         string            `json:"worksheet" doc:"empty for a role-play"`
	Revises           *int64            `json:"revises" doc:"the worksheet attempt whose text this one began from"`
	Form              string            `json:"form" enum:"text,recording,live,transcript,worksheet"`
	Version           int               `json:"version"`
	CreatedAt         time.Time         `json:"created_at"`
	SubmittedAt       *time.Time        `json:"submitted_at"`
	ReleasedAt        *time.Time        `json:"released_at"`
	ClaimedBy         *int64            `json:"claimed_by"`
	SharedWithManager bool              `json:"shared_with_manager"`
	Reflection        string            `json:"reflection"`
	Transcript        []turnBody        `json:"transcript" doc:"null when the conversation is not open to you"`
	Fields            map[string]string `json:"fields" doc:"what a worksheet says; null for a role-play, in a list, and when it is not open to you"`
}

type turnBody struct {
	Speaker string `json:"speaker" enum:"rep,buyer"`
	StartMS *int   `json:"start_ms" required:"false" nullable:"true"`
	EndMS   *int   `json:"end_ms" required:"false" nullable:"true"`
	Text    string `json:"text"`
}

type playView struct {
	Seq     int          `json:"seq" doc:"choices made so far"`
	Buyer   string       `json:"buyer" doc:"what the buyer says now"`
	Choices []choiceView `json:"choices"`
	Ended   bool         `json:"ended"`
	Debrief *debriefView `json:"debrief" doc:"null until the conversation has ended"`
}

type choiceView struct {
	ID   string `json:"id"`
	Says string `json:"says"`
}

type debriefView struct {
	Kind    string        `json:"kind" enum:"advance,continuation,no,out"`
	Title   string        `json:"title"`
	Says    []string      `json:"says"`
	Turns   []string      `json:"turns"`
	Success []successView `json:"success"`
	Levels  []levelView   `json:"levels"`
}

type successView struct {
	Says string `json:"says"`
	Met  bool   `json:"met"`
}

type levelView struct {
	Criterion string `json:"criterion"`
	Level     *int   `json:"level" doc:"null: not observed"`
}

type conversationView struct {
	TalkShare        *float64                `json:"talk_share"`
	Basis            string                  `json:"basis" enum:"time,words" doc:"what the talk share counts"`
	LongestMonologue *float64                `json:"longest_monologue_s"`
	Interactivity    *float64                `json:"interactivity" doc:"speaker switches a minute"`
	Patience         *float64                `json:"patience_s" doc:"median pause from the buyer's end to the rep's start"`
	QuestionsPerHour *float64                `json:"questions_per_hour"`
	FillersPer100    *float64                `json:"fillers_per_100"`
	State            string                  `json:"state" enum:"shown,hidden"`
	Reason           string                  `json:"reason"`
	Questions        []assessments.Question  `json:"questions"`
	Mix              map[assessments.Tag]int `json:"mix,omitempty" doc:"Questions by kind, suggested or said by a person; from eight questions on."`
}

// mixOf writes questions by kind, nil where there are too few.
func mixOf(kinds []assessments.KindCount) map[assessments.Tag]int {
	var out map[assessments.Tag]int
	for _, k := range kinds {
		if out == nil {
			out = map[assessments.Tag]int{}
		}
		out[k.Tag] = k.N
	}
	return out
}

func (a *API) registerRolePlays() {
	const tag = "Role-plays"
	register(a, op{Method: "GET", Path: "/scenarios", ID: "list-scenarios", Summary: "The published scenarios", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct{ Paging }) (*Body[Page[ScenarioView]], error) {
			all, err := a.Assessments.Scenarios(ctx)
			if err != nil {
				return nil, err
			}
			items, next := []ScenarioView{}, ""
			for _, sc := range all { // sorted by slug, which is the cursor
				if in.Cursor != "" && sc.Slug <= in.Cursor {
					continue
				}
				if len(items) == in.Limit {
					next = items[len(items)-1].Slug
					break
				}
				items = append(items, viewScenario(sc))
			}
			return &Body[Page[ScenarioView]]{page(items, next)}, nil
		})

	register(a, op{Method: "GET", Path: "/scenarios/{slug}", ID: "get-scenario", Summary: "One scenario, with the buyer's side for its holders", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			Slug string `path:"slug"`
		}) (*Body[scenarioDetail], error) {
			sc, err := a.Assessments.Scenario(ctx, in.Slug)
			if err != nil {
				return nil, err
			}
			out := scenarioDetail{ScenarioView: viewScenario(sc), Success: sc.Success, Brief: string(sc.Brief), Criteria: []criterionView{}}
			if sc.BuyerOpenTo(by) {
				buyer := string(sc.Buyer)
				out.Buyer = &buyer
			}
			for _, c := range sc.Rubric.Criteria {
				out.Criteria = append(out.Criteria, criterionView{c.ID, c.Title, c.Skill, c.Weight, c.Meaning, c.Critical, c.Anchors[:]})
			}
			return &Body[scenarioDetail]{out}, nil
		})

	register(a, op{Method: "POST", Path: "/scenarios/{slug}/attempts", ID: "start-attempt", Summary: "Start an attempt", Scope: "assessments:write", Tag: tag, Status: 201},
		func(ctx context.Context, by people.Actor, in *struct {
			Slug string `path:"slug"`
			Body struct {
				PersonID int64  `json:"person_id" required:"false" doc:"the token's owner when absent"`
				Form     string `json:"form" enum:"text,recording,live,transcript"`
			}
		}) (*Body[AttemptState], error) {
			person := in.Body.PersonID
			if person == 0 {
				person = by.ID
			}
			one, err := a.Assessments.StartAttempt(ctx, by, person, in.Slug, assessments.Form(in.Body.Form))
			if err != nil {
				return nil, err
			}
			return &Body[AttemptState]{AttemptState{one.ID, string(one.State)}}, nil
		})

	register(a, op{Method: "GET", Path: "/people/{id}/attempts", ID: "list-attempts", Summary: "A person's attempts that you may see, newest first", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID        int64  `path:"id"`
			Scenario  string `query:"scenario"`
			Worksheet string `query:"worksheet"`
			Paging
		}) (*Body[Page[attemptView]], error) {
			before := int64(0)
			if in.Cursor != "" {
				var err error
				if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
					return nil, fault.Field("cursor", "Send the cursor of the page before, unchanged.")
				}
			}
			if _, err := a.People.Person(ctx, by, in.ID); err != nil {
				return nil, err
			}
			at := in.Scenario
			if in.Worksheet != "" {
				at = assessments.WorksheetName(in.Worksheet)
			}
			all, err := a.Assessments.Attempts(ctx, by, in.ID, at, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			next := ""
			if len(all) > in.Limit {
				all = all[:in.Limit]
				next = fmt.Sprint(all[len(all)-1].ID)
			}
			items := make([]attemptView, len(all))
			for i, one := range all {
				items[i] = viewAttempt(one)
			}
			return &Body[Page[attemptView]]{page(items, next)}, nil
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}", ID: "get-attempt", Summary: "One attempt, with its transcript where that is open to you", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Tagged[attemptView], error) {
			one, err := a.Assessments.Attempt(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			if err := a.Assessments.Opened(ctx, by, one); err != nil {
				return nil, err
			}
			v := viewAttempt(one)
			if one.SeesWords {
				turns, err := a.Assessments.Transcript(ctx, by, in.ID)
				if err != nil {
					return nil, err
				}
				v.Transcript = []turnBody{}
				for _, t := range turns {
					v.Transcript = append(v.Transcript, turnBody{string(t.Speaker), t.StartMS, t.EndMS, t.Text})
				}
			}
			if v.Fields, err = a.fieldTexts(ctx, by, one); err != nil {
				return nil, err
			}
			return &Tagged[attemptView]{ETag: etag(one.Version), Body: v}, nil
		})

	register(a, op{Method: "PUT", Path: "/attempts/{id}/transcript", ID: "put-transcript", Summary: "Replace the transcript of a draft", Scope: "assessments:write", Tag: tag, Limit: 2 << 20},
		func(ctx context.Context, by people.Actor, in *struct {
			ID      int64  `path:"id"`
			IfMatch string `header:"If-Match"`
			Body    struct {
				Turns []turnBody `json:"turns"`
			}
		}) (*Tagged[AttemptState], error) {
			turns := make([]assessments.Turn, len(in.Body.Turns))
			for i, t := range in.Body.Turns {
				turns[i] = assessments.Turn{Speaker: assessments.Speaker(t.Speaker), StartMS: t.StartMS, EndMS: t.EndMS, Text: t.Text}
			}
			version, err := guard(in.IfMatch)
			if err != nil {
				return nil, err
			}
			saved, err := a.Assessments.SaveTranscript(ctx, by, in.ID, turns, version)
			if err != nil {
				return nil, err
			}
			state, err := a.stateOf(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			return &Tagged[AttemptState]{ETag: etag(saved), Body: state.Body}, nil
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}/turns", ID: "get-turns", Summary: "Where a text conversation stands", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[playView], error) {
			play, err := a.Assessments.Play(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			return &Body[playView]{viewPlay(play)}, nil
		})

	register(a, op{Method: "POST", Path: "/attempts/{id}/turns", ID: "take-turn", Summary: "Say one of the offered lines to the text buyer", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Choice string `json:"choice" doc:"id of an offered choice"`
				Seq    *int   `json:"seq" required:"false" nullable:"true" doc:"choices made before this one; a repeat of the same choice is then harmless"`
			}
		}) (*Body[playView], error) {
			play, err := a.Assessments.Say(ctx, by, in.ID, in.Body.Choice, in.Body.Seq)
			if err != nil {
				return nil, err
			}
			return &Body[playView]{viewPlay(play)}, nil
		})

	act := func(path, id, summary string, do func(context.Context, people.Actor, int64) error) {
		register(a, op{Method: "POST", Path: "/attempts/{id}/" + path, ID: id, Summary: summary, Scope: "assessments:write", Tag: tag},
			func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[AttemptState], error) {
				if err := do(ctx, by, in.ID); err != nil {
					return nil, err
				}
				return a.stateOf(ctx, by, in.ID)
			})
	}
	act("submit", "submit-attempt", "Hand a draft to the rep's coaches", func(ctx context.Context, by people.Actor, id int64) error { return a.Assessments.Submit(ctx, by, id) })
	act("withdraw", "withdraw-attempt", "Take back an attempt before its scores are out", func(ctx context.Context, by people.Actor, id int64) error { return a.Assessments.Withdraw(ctx, by, id) })

	register(a, op{Method: "PUT", Path: "/attempts/{id}/reflection", ID: "put-reflection", Summary: "The rep's answer to the scores", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Text string `json:"text"`
			}
		}) (*Body[AttemptState], error) {
			if err := a.Assessments.Reflect(ctx, by, in.ID, in.Body.Text); err != nil {
				return nil, err
			}
			return a.stateOf(ctx, by, in.ID)
		})

	register(a, op{Method: "PUT", Path: "/attempts/{id}/sharing", ID: "put-sharing", Summary: "Open the conversation to the rep's managers, or close it", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				WithManager bool `json:"with_manager"`
			}
		}) (*Body[AttemptState], error) {
			if err := a.Assessments.Share(ctx, by, in.ID, in.Body.WithManager); err != nil {
				return nil, err
			}
			return a.stateOf(ctx, by, in.ID)
		})

	register(a, op{Method: "GET", Path: "/attempts/{id}/conversation", ID: "get-conversation", Summary: "What can be counted in the conversation; never a score", Scope: "assessments:read", Tag: tag},
		func(ctx context.Context, by people.Actor, in *attemptPath) (*Body[conversationView], error) {
			c, err := a.Assessments.Conversation(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			return &Body[conversationView]{conversationView{c.TalkShare, c.Basis, c.LongestMonologueS, c.Interactivity, c.PatienceS, c.QuestionsPerHour, c.FillersPer100,
				c.State, c.Reason, c.Questions, mixOf(c.Mix)}}, nil
		})
	register(a, op{Method: "PUT", Path: "/attempts/{id}/conversation/questions/{number}", ID: "put-question-tag", Summary: "Say of which kind a question is; what was suggested and said before is kept", Scope: "assessments:write", Tag: tag},
		func(ctx context.Context, by people.Actor, in *struct {
			ID     int64 `path:"id"`
			Number int   `path:"number" minimum:"0" doc:"its place among the questions of the conversation, from 0"`
			Body   struct {
				Tag assessments.Tag `json:"tag" enum:"situation,problem,implication,need_payoff"`
			}
		}) (*Body[assessments.Question], error) {
			q, err := a.Assessments.CorrectTag(ctx, by, in.ID, in.Number, in.Body.Tag)
			if err != nil {
				return nil, err
			}
			return &Body[assessments.Question]{q}, nil
		})
}

func (a *API) stateOf(ctx context.Context, by people.Actor, id int64) (*Body[AttemptState], error) {
	one, err := a.Assessments.Attempt(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return &Body[AttemptState]{AttemptState{one.ID, string(one.State)}}, nil
}

func viewScenario(sc assessments.Scenario) ScenarioView {
	return ScenarioView{Slug: sc.Slug, Title: sc.Title, Method: sc.Method, Persona: sc.Persona, Industry: sc.Industry, Difficulty: sc.Difficulty, Minutes: sc.Minutes,
		Skills: sc.Skills, Rubric: sc.RubricSlug, Goal: sc.Goal, Pass: sc.Pass, TextBuyer: sc.Script != nil}
}

func viewAttempt(one assessments.Attempt) attemptView {
	v := attemptView{AttemptState: AttemptState{one.ID, string(one.State)}, PersonID: one.PersonID, Person: one.Person, Scenario: one.Scenario, Form: string(one.Form),
		Version: one.Version, CreatedAt: one.CreatedAt, SubmittedAt: one.SubmittedAt, ReleasedAt: one.ReleasedAt, ClaimedBy: one.ClaimedBy,
		SharedWithManager: one.SharedWithManager, Reflection: one.Reflection, Worksheet: one.Worksheet(), Revises: one.Revises}
	if v.Worksheet != "" {
		v.Scenario = ""
	}
	return v
}

func viewPlay(p assessments.Play) playView {
	v := playView{Seq: p.Seq, Buyer: p.Buyer, Choices: []choiceView{}, Ended: p.Ended}
	for _, c := range p.Choices {
		v.Choices = append(v.Choices, choiceView{c.ID, c.Says})
	}
	if d := p.Debrief; d != nil {
		out := &debriefView{Kind: d.Kind, Title: d.Title, Says: d.Says, Turns: append([]string{}, d.Turns...), Success: []successView{}, Levels: []levelView{}}
		for _, s := range d.Success {
			out.Success = append(out.Success, successView{s.Says, s.Met})
		}
		for _, l := range d.Levels {
			out.Levels = append(out.Levels, levelView{l.Criterion, l.Level})
		}
		v.Debrief = out
	}
	return v
}
