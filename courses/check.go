package courses

import (
	"context"
	"encoding/json"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// Answer marks an answer to a check of a lesson and keeps it. Answering again
// replaces it and counts as another try; sending the same answer twice does
// not. The lesson counts as begun.
func (s *Service) Answer(ctx context.Context, by people.Actor, personID int64, course, lesson, question string, answer json.RawMessage) (Marked, error) {
	if err := mayLearnAs(ctx, s.DB, by, personID); err != nil {
		return Marked{}, err
	}
	r, err := s.reading(ctx, s.DB, personID, course, lesson)
	if err != nil {
		return Marked{}, err
	}
	q := r.Lesson.Check(question)
	if q == nil {
		return Marked{}, fault.NotFoundf("The lesson has no check %s.", question)
	}
	if answer, err = content.CleanAnswer(answer); err != nil {
		return Marked{}, err
	}
	m, err := content.Mark(q, answer)
	if err != nil {
		return Marked{}, err
	}
	if r.Progress() == nil {
		if err := s.touch(ctx, s.DB, personID, r); err != nil {
			return Marked{}, err
		}
	}
	_, err = s.DB.Exec(ctx, `
		insert into check_answers (person_id, course, lesson, question, version_id, answer, earned, max, correct, answered_at)
		values (@person, @course, @lesson, @question, @version, @answer, @earned, @max, @correct, @now)
		on conflict (person_id, course, lesson, question) do update set version_id = excluded.version_id, answer = excluded.answer,
			earned = excluded.earned, max = excluded.max, correct = excluded.correct, answered_at = excluded.answered_at,
			tries = check_answers.tries + (check_answers.answer <> excluded.answer)::int`,
		pgx.NamedArgs{"person": personID, "course": course, "lesson": lesson, "question": question, "version": r.Lesson.VersionID,
			"answer": answer, "earned": m.Earned, "max": m.Max, "correct": m.Correct, "now": s.Now()})
	return m, err
}
