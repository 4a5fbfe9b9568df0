package assessments

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// An OpenAnswer is an answer in somebody's own words that a person has to read.
type OpenAnswer struct {
	AttemptID   int64
	PersonID    int64
	Person      string
	Course      string
	Question    *content.Question `db:"-"`
	Answer      string            `db:"-"`
	SubmittedAt time.Time
	Earned      *float64
	ScoredBy    *string // name
	ScoredAt    *time.Time
	Comment     string
}

// OpenAnswers returns the open answers of people whom the actor leads that
// nobody has read, oldest first; limit is how many at most.
func (s *Service) OpenAnswers(ctx context.Context, by people.Actor, limit int) ([]OpenAnswer, error) {
	rows, err := pg.All[struct {
		OpenAnswer
		VersionID int64
		Asked     string
		Given     json.RawMessage
	}](ctx, s.DB, `
		select a.id as attempt_id, a.person_id, p.name as person, a.course, a.version_id, a.submitted_at, k.question as asked, k.answer as given,
			k.earned, null::text as scored_by, k.scored_at, k.comment
		from quiz_answers k join quiz_attempts a on a.id = k.attempt_id join persons p on p.id = a.person_id
		where k.awaits and a.submitted_at is not null and `+people.Leads("a.person_id")+`
		order by a.submitted_at, a.id, k.question limit @limit`, by.Scope(pgx.NamedArgs{"limit": limit}))
	if err != nil {
		return nil, fmt.Errorf("listing open answers: %w", err)
	}
	out := []OpenAnswer{}
	for _, r := range rows {
		doc, err := s.quizVersion(ctx, r.VersionID)
		if err != nil {
			return nil, err
		}
		one := r.OpenAnswer
		if one.Question = questionOf(doc.Quiz, r.Asked); one.Question == nil {
			continue
		}
		_ = json.Unmarshal(r.Given, &one.Answer) // it was read as a text when it was saved
		out = append(out, one)
	}
	return out, nil
}

func questionOf(quiz *content.Quiz, id string) *content.Question {
	for _, q := range quiz.Questions {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// MostComment is how many characters a comment on an open answer may have.
const MostComment = 4000

// ScoreAnswer gives points to an open answer that was handed in, with a
// comment. The attempt's score, and whether it passed, follow at once; scoring
// it again replaces what was given, and the audit log keeps both. Those who
// lead the person may, and a system that brings data over.
func (s *Service) ScoreAnswer(ctx context.Context, by people.Actor, attemptID int64, question string, earned float64, comment string) (QuizAttempt, error) {
	comment = clean(comment)
	if len([]rune(comment)) > MostComment {
		return QuizAttempt{}, fault.Field("comment", fmt.Sprintf("The comment is too long: at most %d characters.", MostComment))
	}
	// Read before the transaction begins: see known.
	version, err := pg.Column[int64](ctx, s.DB, `select version_id from quiz_attempts where id = $1`, attemptID)
	if err != nil {
		return QuizAttempt{}, err
	}
	for _, v := range version {
		if _, err := s.quizVersion(ctx, v); err != nil {
			return QuizAttempt{}, err
		}
	}
	var a QuizAttempt
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err = pg.One[QuizAttempt](ctx, tx, `select `+quizAttemptColumns+` where id = @id and submitted_at is not null and `+people.Leads("person_id")+` for update`,
			by.Scope(pgx.NamedArgs{"id": attemptID}))
		if pg.NoRows(err) {
			return fault.NotFoundf("There is no quiz attempt to read under this number.")
		}
		if err != nil {
			return err
		}
		doc, err := s.quizVersion(ctx, a.VersionID)
		if err != nil {
			return err
		}
		q, _ := drawn(doc.Quiz, a.Draw, question)
		switch {
		case q == nil:
			return fault.NotFoundf("This attempt has no question %s.", question)
		case q.Kind != content.Open:
			return fault.Conflictf("This question is marked by its key. Only answers in a person’s own words are read.")
		case math.IsNaN(earned) || earned < 0 || earned > q.Points:
			return fault.Field("earned", fmt.Sprintf("Give from 0 to %s.", strings.TrimSuffix(fmt.Sprintf("%.1f", q.Points), ".0")))
		}
		done, err := tx.Exec(ctx, `update quiz_answers set earned = @earned, max = @max, correct = @correct, awaits = false,
			scored_by = @by, scored_at = @now, comment = @comment where attempt_id = @attempt and question = @question`,
			pgx.NamedArgs{"attempt": a.ID, "question": question, "earned": earned, "max": q.Points, "correct": earned > q.Points-1e-9, "by": by.ID, "now": s.Now(), "comment": comment})
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return fault.Conflictf("This question was not answered, so there is nothing to read.")
		}
		if err := people.Audit(ctx, tx, by, "quiz answer scored", &a.PersonID, fmt.Sprintf("quiz attempt %d", a.ID), map[string]any{"question": question, "earned": earned}); err != nil {
			return err
		}
		a, err = s.settle(ctx, tx, a, doc.Quiz, true)
		return err
	})
	return a, err
}
