package assessments

import (
	"context"
	"fmt"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// QuizStatistics is how the published version of a quiz does. Only first
// attempts count, and only those that are handed in.
type QuizStatistics struct {
	Version int // number of the version
	N       int
	Passed  int
	Items   []QuizItem
}

// A QuizItem is how one question does. Facility and its interval are nil below
// rule R5.
type QuizItem struct {
	Question  string
	Text      string
	N         int // first attempts that drew it
	Correct   int
	State     string // counts_only, range_only or shown
	Reason    string
	Facility  *float64
	Low, High *float64
}

const (
	itemRange = 30  // R5: attempts from which an interval is shown
	itemShown = 100 // R5: attempts from which the share itself is shown
)

// judge applies rule R5.
func (i *QuizItem) judge() {
	switch {
	case i.N < itemRange:
		i.State = "counts_only"
		i.Reason = fmt.Sprintf("%d of %d first attempts", i.N, itemRange)
		return
	case i.N < itemShown:
		i.State = "range_only"
		i.Reason = fmt.Sprintf("%d of %d first attempts: a range only", i.N, itemShown)
	default:
		i.State = "shown"
		share := float64(i.Correct) / float64(i.N)
		i.Facility = &share
	}
	low, high := stats.Wilson(i.Correct, i.N, 0.95)
	i.Low, i.High = &low, &high
}

// QuizStatistics returns how the questions of a course's quiz do, for those
// who write, coach or manage. It names nobody.
func (s *Service) QuizStatistics(ctx context.Context, _ people.Actor, course string) (QuizStatistics, error) {
	quiz, rule, err := s.quiz(ctx, course)
	if err != nil {
		return QuizStatistics{}, err
	}
	doc, err := s.quizVersion(ctx, rule.Version)
	if err != nil {
		return QuizStatistics{}, err
	}
	out := QuizStatistics{Version: doc.Number}
	args := pgx.NamedArgs{"course": course, "version": rule.Version}
	if err := s.DB.QueryRow(ctx, `select count(*)::int, count(*) filter (where passed)::int from quiz_attempts
		where course = @course and version_id = @version and number = 1 and submitted_at is not null`, args).Scan(&out.N, &out.Passed); err != nil {
		return QuizStatistics{}, err
	}
	type tally struct {
		Question string
		N        int
		Correct  int
	}
	rows, err := pg.All[tally](ctx, s.DB, `
		select d.value ->> 'question' as question, count(*)::int as n, count(*) filter (where k.correct)::int as correct
		from quiz_attempts a cross join jsonb_array_elements(a.draw) as d
		left join quiz_answers k on k.attempt_id = a.id and k.question = d.value ->> 'question'
		where a.course = @course and a.version_id = @version and a.number = 1 and a.submitted_at is not null
		group by 1`, args)
	if err != nil {
		return QuizStatistics{}, err
	}
	counts := map[string]tally{}
	for _, r := range rows {
		counts[r.Question] = r
	}
	for _, q := range quiz.Questions {
		if q.Kind == content.Open {
			continue
		}
		i := QuizItem{Question: q.ID, Text: q.Text, N: counts[q.ID].N, Correct: counts[q.ID].Correct}
		i.judge()
		out.Items = append(out.Items, i)
	}
	return out, nil
}
