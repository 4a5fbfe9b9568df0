package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/people"
)

// A markedJSON is what became of an answer.
type markedJSON struct {
	QuestionID  string  `json:"question_id"`
	Correct     bool    `json:"correct"`
	Earned      float64 `json:"earned"`
	Max         float64 `json:"max"`
	Pending     bool    `json:"pending,omitempty" doc:"A person has to read it; it counts neither way."`
	Feedback    string  `json:"feedback"`
	Explanation string  `json:"explanation"`
}

func asMarked(question string, r content.Result) markedJSON {
	return markedJSON{question, r.Correct, r.Earned, r.Max, r.Pending, r.Feedback, r.Explanation}
}

// A paperJSON is an attempt at a quiz, without the keys.
type paperJSON struct {
	ID          int64                    `json:"id"`
	PersonID    int64                    `json:"person_id"`
	Course      string                   `json:"course"`
	Number      int                      `json:"number" doc:"1 for the person's first attempt."`
	StartedAt   time.Time                `json:"started_at"`
	Deadline    *time.Time               `json:"deadline" doc:"Null without a time limit."`
	SubmittedAt *time.Time               `json:"submitted_at"`
	Questions   []content.PublicQuestion `json:"questions"`
	Answered    []answeredJSON           `json:"answered" doc:"What is saved so far."`
}

type answeredJSON struct {
	QuestionID string          `json:"question_id"`
	Answer     json.RawMessage `json:"answer"`
	SavedAt    time.Time       `json:"saved_at"`
}

func asPaper(p assessments.Paper) paperJSON {
	a := p.Attempt
	out := paperJSON{ID: a.ID, PersonID: a.PersonID, Course: a.Course, Number: a.Number, StartedAt: a.StartedAt, Deadline: a.Deadline, SubmittedAt: a.SubmittedAt,
		Questions: p.Questions, Answered: []answeredJSON{}}
	for _, q := range p.Questions {
		if s, ok := p.Answers[q.ID]; ok {
			out.Answered = append(out.Answered, answeredJSON{q.ID, s.Answer, s.AnsweredAt})
		}
	}
	return out
}

// A resultJSON is a marked attempt.
type resultJSON struct {
	ID          int64        `json:"id"`
	PersonID    int64        `json:"person_id"`
	Course      string       `json:"course"`
	Number      int          `json:"number"`
	SubmittedAt time.Time    `json:"submitted_at"`
	Score       float64      `json:"score"`
	MaxScore    float64      `json:"max_score"`
	PassMark    float64      `json:"pass_mark" doc:"Per cent of the points."`
	Passed      bool         `json:"passed"`
	Accuracy    accuracyJSON `json:"accuracy"`
	Answers     []markedJSON `json:"answers"`
}

// An accuracyJSON says how far a score is from the pass mark, rule R6.
type accuracyJSON struct {
	State  string   `json:"state" enum:"pass,fail,too_close_to_call,hidden"`
	Reason string   `json:"reason"`
	SEM    *float64 `json:"sem,omitempty" doc:"Standard error of measurement, in percent of the points."`
	Chance *float64 `json:"chance,omitempty" doc:"That the true score is at the pass mark or above it."`
}

func asResult(r assessments.QuizResult) resultJSON {
	a := r.Attempt
	out := resultJSON{ID: a.ID, PersonID: a.PersonID, Course: a.Course, Number: a.Number, SubmittedAt: *a.SubmittedAt, Score: *a.Score, MaxScore: *a.MaxScore,
		PassMark: r.Rule.Pass, Passed: a.HasPassed(), Answers: []markedJSON{},
		Accuracy: accuracyJSON{r.Close.State, r.Close.Reason, r.Close.SEM, r.Close.Chance}}
	for _, m := range r.Answers {
		out.Answers = append(out.Answers, asMarked(m.Question.ID, m.Result))
	}
	return out
}

// A QuizPath names an attempt. It is exported because only the exported parts
// of an input are read.
type QuizPath struct {
	ID int64 `path:"id"`
}

func (a *API) registerQuizzes() {
	type who struct {
		PersonID int64 `json:"person_id,omitempty" doc:"The token's owner if absent."`
	}
	register(a, op{Method: http.MethodPost, Path: "/quizzes/{course}/attempts", ID: "start-quiz", Summary: "Begin an attempt at a quiz, or go on with the one that is open", Scope: "assessments:write", Tag: "Quizzes", Status: http.StatusCreated},
		func(ctx context.Context, by people.Actor, in *struct {
			Course string `path:"course"`
			Body   who
		}) (*Body[paperJSON], error) {
			person := in.Body.PersonID
			if person == 0 {
				person = by.ID
			}
			if _, err := a.Courses.Begun(ctx, person, in.Course); err != nil {
				return nil, err
			}
			p, err := a.Assessments.StartQuiz(ctx, by, person, in.Course)
			if err != nil {
				return nil, err
			}
			return &Body[paperJSON]{asPaper(p)}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/quiz-attempts/{id}", ID: "get-quiz-attempt", Summary: "An attempt as it was left", Scope: "assessments:read", Tag: "Quizzes"},
		func(ctx context.Context, by people.Actor, in *QuizPath) (*Body[paperJSON], error) {
			p, err := a.Assessments.Paper(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			return &Body[paperJSON]{asPaper(p)}, nil
		})
	type saved struct {
		QuestionID string `json:"question_id"`
		Saved      bool   `json:"saved"`
	}
	register(a, op{Method: http.MethodPut, Path: "/quiz-attempts/{id}/answers/{question_id}", ID: "put-quiz-answer", Summary: "Save the answer to a question", Scope: "assessments:write", Tag: "Quizzes"},
		func(ctx context.Context, by people.Actor, in *struct {
			QuizPath
			QuestionID string `path:"question_id"`
			Body       quizAnswerInput
		}) (*Body[saved], error) {
			if err := a.Assessments.AnswerQuiz(ctx, by, in.ID, in.QuestionID, in.Body.Answer, in.Body.Certainty); err != nil {
				return nil, err
			}
			return &Body[saved]{saved{in.QuestionID, true}}, nil
		})
	register(a, op{Method: http.MethodPost, Path: "/quiz-attempts/{id}/submit", ID: "submit-quiz", Summary: "Hand an attempt in, and see its result", Scope: "assessments:write", Tag: "Quizzes"},
		func(ctx context.Context, by people.Actor, in *QuizPath) (*Body[resultJSON], error) {
			r, err := a.Assessments.SubmitQuiz(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			return &Body[resultJSON]{asResult(r)}, nil
		})
	a.registerQuizStatistics()
	a.registerQuizReading()
}

// An itemJSON is how one question went in first attempts, rule R5.
type itemJSON struct {
	QuestionID string   `json:"question_id"`
	Text       string   `json:"text"`
	N          int      `json:"n" doc:"First attempts that drew it."`
	Correct    int      `json:"correct"`
	State      string   `json:"state"`
	Reason     string   `json:"reason,omitempty"`
	Facility   *float64 `json:"facility,omitempty" doc:"Share that was right."`
	Low        *float64 `json:"low,omitempty"`
	High       *float64 `json:"high,omitempty"`
	// The correlation with the rest of the attempt.
	Discrimination     *float64     `json:"discrimination,omitempty" doc:"Corrected item-total correlation."`
	DiscriminationLow  *float64     `json:"discrimination_low,omitempty"`
	DiscriminationHigh *float64     `json:"discrimination_high,omitempty"`
	Options            []chosenJSON `json:"options,omitempty" doc:"What was chosen, from 30 first attempts."`
	Look               string       `json:"look,omitempty" doc:"Why its author should look at it."`
}

// A chosenJSON is how often an option was chosen.
type chosenJSON struct {
	Text    string `json:"text"`
	Correct bool   `json:"correct"`
	N       int    `json:"n"`
	Top     int    `json:"top" doc:"Of the 27 in 100 with the highest scores."`
	Bottom  int    `json:"bottom" doc:"Of the 27 in 100 with the lowest scores."`
	Flag    string `json:"flag,omitempty"`
}

// A reliabilityJSON is how far scores can be told apart, rule R5.
type reliabilityJSON struct {
	State  string   `json:"state" enum:"counts_only,range_only,shown,undefined"`
	Reason string   `json:"reason,omitempty"`
	N      int      `json:"n" doc:"First attempts that had two questions in common, on average."`
	KR20   *float64 `json:"kr20,omitempty"`
	Low    *float64 `json:"low,omitempty"`
	High   *float64 `json:"high,omitempty"`
	SEM    *float64 `json:"sem,omitempty" doc:"Standard error of measurement, in percent of the points."`
}

type quizAnswerInput struct {
	Answer    json.RawMessage       `json:"answer" doc:"By kind of question: an option id, ids, a text, a number, an object left→right, ids in order."`
	Certainty assessments.Certainty `json:"certainty,omitempty" enum:"guess,fairly,sure" doc:"How sure one is of it, where the quiz asks; it earns and costs nothing."`
}

type statisticsJSON struct {
	Course  string     `json:"course"`
	Version int        `json:"version"`
	N       int        `json:"n" doc:"First attempts that were handed in, of this version of the quiz."`
	Passed  int        `json:"passed"`
	Items   []itemJSON `json:"items"`
	// Reliability is of the quiz as a whole.
	Reliability reliabilityJSON `json:"reliability"`
}

func (a *API) registerQuizStatistics() {
	register(a, op{Method: http.MethodGet, Path: "/quizzes/{course}/statistics", ID: "get-quiz-statistics", Summary: "How the questions of a quiz do", Scope: "assessments:read", Tag: "Quizzes",
		For: []people.Capability{people.Coach, people.Manager, people.Author, people.Admin}},
		func(ctx context.Context, by people.Actor, in *struct {
			Course string `path:"course"`
		}) (*Body[statisticsJSON], error) {
			s, err := a.Assessments.QuizStatistics(ctx, by, in.Course)
			if err != nil {
				return nil, err
			}
			out := statisticsJSON{Course: in.Course, Version: s.Version, N: s.N, Passed: s.Passed, Items: []itemJSON{}}
			r := s.Reliability
			out.Reliability = reliabilityJSON{r.State, r.Reason, r.N, r.KR20, r.Low, r.High, r.SEM}
			for _, i := range s.Items {
				one := itemJSON{i.Question, i.Text, i.N, i.Correct, i.State, i.Reason, i.Facility, i.Low, i.High, i.Discrimination, i.DiscriminationLow, i.DiscriminationHigh, nil, i.Look()}
				for _, c := range i.Options {
					one.Options = append(one.Options, chosenJSON(c))
				}
				out.Items = append(out.Items, one)
			}
			return &Body[statisticsJSON]{out}, nil
		})
}
