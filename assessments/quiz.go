package assessments

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A QuizAttempt is one try at the quiz of a course. Its questions and the order
// of their options were drawn when it began.
type QuizAttempt struct {
	ID          int64
	PersonID    int64
	Course      string
	VersionID   int64
	Number      int // 1 for the first
	Draw        []Drawn
	Deadline    *time.Time
	StartedAt   time.Time
	SubmittedAt *time.Time
	Score       *float64
	MaxScore    *float64
	Passed      *bool
}

// Percent returns the score out of 100, of an attempt that is submitted.
func (a QuizAttempt) Percent() float64 {
	if a.Score == nil || a.MaxScore == nil || *a.MaxScore == 0 {
		return 0
	}
	return 100 * *a.Score / *a.MaxScore
}

// HasPassed reports whether the attempt is handed in and passed.
func (a QuizAttempt) HasPassed() bool { return a.Passed != nil && *a.Passed }

// A Certainty is how sure somebody was of an answer; empty: not said.
type Certainty string

// How sure somebody can be. It earns and costs nothing.
const (
	Guess  Certainty = "guess"
	Fairly Certainty = "fairly"
	Sure   Certainty = "sure"
)

// A Drawn is one question of a frozen draw: its id, and its options, right
// sides or items in the order in which this attempt shows them.
type Drawn struct {
	Question string   `json:"question"`
	Order    []string `json:"order"`
}

// A QuizRule is what a quiz asks of whoever takes it.
type QuizRule struct {
	Course   string
	Version  int64
	Pass     float64 // per cent
	Attempts int     // 0: no limit
	Draw     int     // questions in one attempt
	Bank     int     // questions to draw from
	Minutes  int     // 0: no time limit
	// Certainty: each answer is asked for how sure one is of it.
	Certainty bool
}

// TriesLeft says how many attempts remain after used; -1 without a limit.
func (r QuizRule) TriesLeft(used int) int {
	if r.Attempts == 0 {
		return -1
	}
	return max(0, r.Attempts-used)
}

const quizAttemptColumns = `id, person_id, course, version_id, number, draw, deadline, started_at, submitted_at, score, max_score, passed
	from quiz_attempts`

// lateness is how long after the deadline an answer on its way still counts.
const lateness = 5 * time.Second

// QuizAttempts returns the actor's attempts at a quiz, the first one first.
func (s *Service) QuizAttempts(ctx context.Context, by people.Actor, course string) ([]QuizAttempt, error) {
	return pg.All[QuizAttempt](ctx, s.DB, `select `+quizAttemptColumns+` where person_id = $1 and course = $2 order by number`, by.ID, course)
}

// TriesUsed counts the actor's attempts that a limit on them counts.
func (s *Service) TriesUsed(ctx context.Context, by people.Actor, course string, tries []QuizAttempt) (int, error) {
	return s.triesUsed(ctx, s.DB, by.ID, course, tries)
}

func (s *Service) triesUsed(ctx context.Context, q pg.Querier, personID int64, course string, tries []QuizAttempt) (int, error) {
	if s.QuizAnew == nil || len(tries) == 0 {
		return len(tries), nil
	}
	since, err := s.QuizAnew(ctx, q, personID, course)
	n := 0
	for _, t := range tries {
		if !t.StartedAt.Before(since) {
			n++
		}
	}
	return n, err
}

// StartQuiz begins an attempt with a fresh draw, or returns the one that is
// open. It is a Conflict when every attempt is used.
func (s *Service) StartQuiz(ctx context.Context, by people.Actor, personID int64, course string) (Paper, error) {
	if err := people.MayActAs(ctx, s.DB, by, personID, "Only the person themselves can take this quiz."); err != nil {
		return Paper{}, err
	}
	quiz, rule, err := s.quiz(ctx, course)
	if err != nil {
		return Paper{}, err
	}
	open, err := pg.Column[int64](ctx, s.DB, `select version_id from quiz_attempts where person_id = $1 and course = $2 and submitted_at is null`, personID, course)
	if err != nil {
		return Paper{}, err
	}
	for _, version := range open {
		if _, err := s.quizVersion(ctx, version); err != nil {
			return Paper{}, err
		}
	}
	var a QuizAttempt
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		// One start at a time for each person, so that a double click finds the first.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('quiz attempts'), $1::int)`, personID%(1<<31)); err != nil {
			return err
		}
		before, err := pg.All[QuizAttempt](ctx, tx, `select `+quizAttemptColumns+` where person_id = $1 and course = $2 order by number`, personID, course)
		if err != nil {
			return err
		}
		if n := len(before); n > 0 && before[n-1].SubmittedAt == nil {
			a = before[n-1]
			if !a.late(s.Now()) {
				return nil
			}
			if _, err := s.mark(ctx, tx, a); err != nil {
				return err
			}
		}
		used, err := s.triesUsed(ctx, tx, personID, course, before)
		if err != nil {
			return err
		}
		if rule.TriesLeft(used) == 0 {
			return fault.Conflictf("%s used. Your coach can go through the questions with you.", allAttempts(rule.Attempts))
		}
		args := pgx.NamedArgs{"person": personID, "course": course, "version": rule.Version, "number": len(before) + 1,
			"draw": draw(quiz, before), "now": s.Now(), "deadline": nil}
		if rule.Minutes > 0 {
			args["deadline"] = s.Now().Add(time.Duration(rule.Minutes) * time.Minute)
		}
		a, err = pg.One[QuizAttempt](ctx, tx, `insert into quiz_attempts (person_id, course, version_id, number, draw, deadline, started_at)
			values (@person, @course, @version, @number, @draw, @deadline, @now)
			returning id, person_id, course, version_id, number, draw, deadline, started_at, submitted_at, score, max_score, passed`, args)
		return err
	})
	if err != nil {
		return Paper{}, err
	}
	return s.paper(ctx, s.DB, a)
}

func allAttempts(n int) string {
	if n == 1 {
		return "The one attempt is"
	}
	return fmt.Sprintf("All %d attempts are", n)
}

// late reports whether the attempt's time is over.
func (a QuizAttempt) late(now time.Time) bool {
	return a.SubmittedAt == nil && a.Deadline != nil && now.After(a.Deadline.Add(lateness))
}

// quizAttempt reads an attempt that the actor may take: their own, or any for
// a system that brings data over. lock is "for update" or nothing.
func quizAttempt(ctx context.Context, q pg.Querier, by people.Actor, id int64, lock string) (QuizAttempt, error) {
	a, err := pg.One[QuizAttempt](ctx, q, `select `+quizAttemptColumns+` where id = @id and (person_id = @actor or @everyone) `+lock,
		by.Scope(pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return a, fault.NotFoundf("There is no such quiz attempt of yours.")
	}
	return a, err
}

// Paper returns an attempt as it was left: its questions in their frozen order
// and the answers saved so far. An attempt whose time is over is handed in.
func (s *Service) Paper(ctx context.Context, by people.Actor, id int64) (Paper, error) {
	a, err := quizAttempt(ctx, s.DB, by, id, "")
	if err != nil {
		return Paper{}, err
	}
	if a.late(s.Now()) {
		if _, err := s.SubmitQuiz(ctx, by, id); err != nil {
			return Paper{}, err
		}
		if a, err = quizAttempt(ctx, s.DB, by, id, ""); err != nil {
			return Paper{}, err
		}
	}
	return s.paper(ctx, s.DB, a)
}

// known reads the version of an attempt's quiz before a transaction begins: to
// ask the content room from inside one could take a second connection. Read
// versions are kept, so that inside it costs nothing.
func (s *Service) known(ctx context.Context, by people.Actor, id int64) error {
	a, err := quizAttempt(ctx, s.DB, by, id, "")
	if err == nil {
		_, err = s.quizVersion(ctx, a.VersionID)
	}
	return err
}

// AnswerQuiz saves the answer to one question of an open attempt; saving again
// replaces it. Nothing is marked before the attempt is handed in. How sure the
// person is of it may be left empty.
func (s *Service) AnswerQuiz(ctx context.Context, by people.Actor, id int64, question string, answer json.RawMessage, sure Certainty) error {
	if sure != "" && sure != Guess && sure != Fairly && sure != Sure {
		return fault.Field("certainty", "Say how sure you are as guess, fairly or sure, or leave it out.")
	}
	if err := s.known(ctx, by, id); err != nil {
		return err
	}
	overdue := false
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := quizAttempt(ctx, tx, by, id, "for update")
		if err != nil {
			return err
		}
		if overdue = a.late(s.Now()); overdue {
			_, err := s.mark(ctx, tx, a)
			return err
		}
		if a.SubmittedAt != nil {
			return fault.Conflictf("This attempt was handed in on %s, so its answers stand.", a.SubmittedAt.Format("2 January 2006"))
		}
		doc, err := s.quizVersion(ctx, a.VersionID)
		if err != nil {
			return err
		}
		q, _ := drawn(doc.Quiz, a.Draw, question)
		if q == nil {
			return fault.NotFoundf("This attempt has no question %s.", question)
		}
		answer, err := readable(q, answer)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into quiz_answers (attempt_id, question, answer, certainty, answered_at) values (@attempt, @question, @answer, nullif(@sure, ''), @now)
			on conflict (attempt_id, question) do update set answer = excluded.answer, certainty = excluded.certainty, answered_at = excluded.answered_at`,
			pgx.NamedArgs{"attempt": id, "question": question, "answer": answer, "sure": sure, "now": s.Now()})
		return err
	})
	if err == nil && overdue {
		return fault.Conflictf("Time was up before this answer arrived. What you had saved has been handed in.")
	}
	return err
}

// SubmitQuiz hands an attempt in and returns its result. Handing in twice is
// harmless: the second call returns the same result.
func (s *Service) SubmitQuiz(ctx context.Context, by people.Actor, id int64) (QuizResult, error) {
	var r QuizResult
	if err := s.known(ctx, by, id); err != nil {
		return r, err
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := quizAttempt(ctx, tx, by, id, "for update")
		if err != nil {
			return err
		}
		if a.SubmittedAt == nil {
			if a, err = s.mark(ctx, tx, a); err != nil {
				return err
			}
		}
		r, err = s.result(ctx, tx, a)
		return err
	})
	if err == nil {
		r.Close, err = s.closeness(ctx, r.Attempt, r.Rule.Pass)
	}
	return r, err
}

// QuizResult returns the result of an attempt that was handed in.
func (s *Service) QuizResult(ctx context.Context, by people.Actor, id int64) (QuizResult, error) {
	a, err := quizAttempt(ctx, s.DB, by, id, "")
	if err != nil {
		return QuizResult{}, err
	}
	if a.SubmittedAt == nil {
		return QuizResult{}, fault.Conflictf("This attempt is not handed in yet.")
	}
	r, err := s.result(ctx, s.DB, a)
	if err == nil {
		r.Close, err = s.closeness(ctx, r.Attempt, r.Rule.Pass)
	}
	return r, err
}
