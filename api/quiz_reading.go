package api

import (
	"context"
	"net/http"
	"time"

	"pitchside/people"
)

// An openAnswerJSON is an answer that a person has to read.
type openAnswerJSON struct {
	AttemptID   int64     `json:"attempt_id"`
	PersonID    int64     `json:"person_id"`
	Course      string    `json:"course"`
	QuestionID  string    `json:"question_id"`
	Question    string    `json:"question"`
	Answer      string    `json:"answer"`
	LookFor     string    `json:"look_for" doc:"The explanation of the question."`
	Points      float64   `json:"points" doc:"The most it can earn."`
	SubmittedAt time.Time `json:"submitted_at"`
}

// mostOpenAnswers is how many are listed at once; the oldest come first, and
// reading them makes room.
const mostOpenAnswers = 200

func (a *API) registerQuizReading() {
	leads := []people.Capability{people.Coach, people.Manager, people.Admin}
	register(a, op{Method: http.MethodGet, Path: "/open-answers", ID: "list-open-answers", Summary: "Answers in people's own words that wait to be read, oldest first", Scope: "assessments:read", Tag: "Quizzes", For: leads},
		func(ctx context.Context, by people.Actor, _ *struct{}) (*Body[Page[openAnswerJSON]], error) {
			all, err := a.Assessments.OpenAnswers(ctx, by, mostOpenAnswers)
			if err != nil {
				return nil, err
			}
			items := []openAnswerJSON{}
			for _, o := range all {
				items = append(items, openAnswerJSON{o.AttemptID, o.PersonID, o.Course, o.Question.ID, o.Question.Text, o.Answer, o.Question.Explanation, o.Question.Points, o.SubmittedAt})
			}
			return &Body[Page[openAnswerJSON]]{page(items, "")}, nil
		})
	type sum struct {
		Score    float64 `json:"score"`
		MaxScore float64 `json:"max_score"`
		Passed   bool    `json:"passed"`
	}
	register(a, op{Method: http.MethodPut, Path: "/quiz-attempts/{id}/answers/{question_id}/score", ID: "score-open-answer", Summary: "Give points to an answer in somebody's own words", Scope: "assessments:write", Tag: "Quizzes", For: leads},
		func(ctx context.Context, by people.Actor, in *struct {
			QuizPath
			QuestionID string `path:"question_id"`
			Body       struct {
				Earned  float64 `json:"earned" minimum:"0"`
				Comment string  `json:"comment,omitempty"`
			}
		}) (*Body[sum], error) {
			q, err := a.Assessments.ScoreAnswer(ctx, by, in.ID, in.QuestionID, in.Body.Earned, in.Body.Comment)
			if err != nil {
				return nil, err
			}
			return &Body[sum]{sum{*q.Score, *q.MaxScore, q.HasPassed()}}, nil
		})
}
