package assessments

import (
	"context"
	"fmt"
	"slices"

	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// quizEvidence hands the ledger what an attempt shows of each skill: how many
// of its questions were right, parts counting as parts. All quizzes of one
// course share a habit, so the course is the rater. again: it replaces what
// the same attempt showed before.
func quizEvidence(ctx context.Context, tx pgx.Tx, a QuizAttempt, marked []MarkedAnswer, again bool) error {
	right, items := map[string]float64{}, map[string]int{}
	var order []string
	for _, m := range marked {
		skill := m.Question.Skill
		if skill == "" || m.Result.Pending || m.Result.Max == 0 {
			continue
		}
		if !slices.Contains(order, skill) {
			order = append(order, skill)
		}
		items[skill]++
		right[skill] += m.Result.Earned / m.Result.Max
	}
	for _, skill := range order {
		correct, n := min(right[skill], float64(items[skill])), items[skill]
		if _, err := skills.Record(ctx, tx, skills.Evidence{PersonID: a.PersonID, Skill: skill, Source: skills.FromQuiz, Rater: "quiz:" + a.Course,
			At: *a.SubmittedAt, Correct: &correct, Items: &n, SessionKey: fmt.Sprintf("quiz:%d", a.ID), Again: again, CreatedBy: &a.PersonID,
			Note: fmt.Sprintf("Quiz, attempt %d", a.Number)}); err != nil {
			return fmt.Errorf("recording what quiz attempt %d shows: %w", a.ID, err)
		}
	}
	return nil
}
