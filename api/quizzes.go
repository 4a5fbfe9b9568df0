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
	Answers     []markedJSON `json:"answers"`
}

func asResult(r assessments.QuizResult) resultJSON {
	a := r.Attempt
	out := resultJSON{ID: a.ID, PersonID: a.PersonID, Course: a.Course, Number: a.Number, SubmittedAt: *a.SubmittedAt, Score: *a.Score, MaxScore: *a.MaxScore,
		PassMark: r.Rule.Pass, Passed: *a.Passed, Answers: []markedJSON{}}
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
			Body       answerInput
		}) (*Body[saved], error) {
			if err := a.Assessments.AnswerQuiz(ctx, by, in.ID, in.QuestionID, in.Body.Answer); err != nil {
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
}

type statisticsJSON struct {
	Course  string     `json:"course"`
	Version int        `json:"version"`
	N       int        `json:"n" doc:"First attempts that were handed in, of this version of the quiz."`
	Passed  int        `json:"passed"`
	Items   []itemJSON `json:"items"`
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
			for _, i := range s.Items {
				out.Items = append(out.Items, itemJSON{i.Question, i.Text, i.N, i.Correct, i.State, i.Reason, i.Facility, i.Low, i.High})
			}
			return &Body[statisticsJSON]{out}, nil
		})
}
