package courses

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"pitchside/internal/pg"
)

// Standings that were read are kept while the ledger's revision stays what it
// was: the database gives an enrolment a number never used before with each
// change of it, of its lessons and of its answers, whoever makes it. So one
// look at one row tells whether what is kept still holds, on every server.
type standings struct {
	mu   sync.Mutex
	kept map[standingOf]keptStanding
}

type standingOf struct {
	person         int64
	course, lesson string
}

type keptStanding struct {
	revision int64
	Standing
}

// mostStandings bounds the memory; when there are more, all are let go.
const mostStandings = 4096

// standing returns a person's place in a course, and their answers to one
// lesson, in one query unless it changed since it was last read here.
func (s *Service) standing(ctx context.Context, q pg.Querier, personID int64, course, lesson string) (Standing, error) {
	of := standingOf{personID, course, lesson}
	s.stand.mu.Lock()
	kept, ok := s.stand.kept[of]
	s.stand.mu.Unlock()
	if ok {
		var revision int64
		err := q.QueryRow(ctx, `select revision from enrolments where person_id = $1 and course = $2`, personID, course).Scan(&revision)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return Standing{}, err
		}
		if err == nil && revision == kept.revision {
			return kept.Standing, nil
		}
	}
	now, revision, err := readStanding(ctx, q, personID, course, lesson)
	if err != nil || revision == 0 {
		return now, err
	}
	// Whoever adds to their copy must not write into the one that is kept.
	now.Lessons, now.Answers, now.Notes = slices.Clip(now.Lessons), slices.Clip(now.Answers), slices.Clip(now.Notes)
	s.stand.mu.Lock()
	defer s.stand.mu.Unlock()
	if s.stand.kept == nil || len(s.stand.kept) >= mostStandings {
		s.stand.kept = map[standingOf]keptStanding{}
	}
	s.stand.kept[of] = keptStanding{revision, now}
	return now, nil
}

// readStanding reads a person's place in a course, and their answers to one
// lesson, in one query: a row for each lesson that they opened, and for the one
// asked for a row for each of its answers. It returns the revision of what it
// read, 0 for somebody who has not begun.
func readStanding(ctx context.Context, q pg.Querier, personID int64, course, lesson string) (s Standing, revision int64, err error) {
	s.Course = course
	rows, err := q.Query(ctx, `
		select e.revision, e.started_at, e.last_lesson, e.quiz_passed_at, e.completed_at, p.lesson, p.version_id, p.paragraph, p.started_at, p.seen_at, p.done_at,
			a.question, a.answer, a.correct, a.tries,
			(select jsonb_agg(n order by n.id) from lesson_notes n where n.person_id = e.person_id and n.course = e.course and n.lesson = $3 and p.lesson = $3) as notes
		from enrolments e left join lesson_progress p on p.person_id = e.person_id and p.course = e.course
			left join check_answers a on a.person_id = e.person_id and a.course = e.course and a.lesson = p.lesson and p.lesson = $3
		where e.person_id = $1 and e.course = $2`, personID, course, lesson)
	if err != nil {
		return s, revision, err
	}
	defer rows.Close()
	for rows.Next() {
		var slug, paragraph, question *string
		var version *int64
		var started, seen, done *time.Time
		var answer json.RawMessage
		var correct *bool
		var tries *int
		var notes json.RawMessage
		if err := rows.Scan(&revision, &s.StartedAt, &s.LastLesson, &s.QuizPassedAt, &s.CompletedAt, &slug, &version, &paragraph, &started, &seen, &done,
			&question, &answer, &correct, &tries, &notes); err != nil {
			return s, revision, err
		}
		if slug != nil && s.Lesson(*slug) == nil {
			s.Lessons = append(s.Lessons, LessonProgress{Lesson: *slug, VersionID: *version, Paragraph: *paragraph, StartedAt: *started, SeenAt: *seen, DoneAt: done})
		}
		if notes != nil && s.Notes == nil {
			if err := json.Unmarshal(notes, &s.Notes); err != nil {
				return s, revision, err
			}
		}
		if question != nil {
			s.Answers = append(s.Answers, CheckAnswer{Question: *question, Answer: answer, Correct: *correct, Tries: *tries})
		}
	}
	return s, revision, rows.Err()
}
