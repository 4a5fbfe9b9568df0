// Package assessments is where people are tried and scored: course quizzes,
// role-plays and the sheets that score them. It knows what was asked, what was
// answered and who judged it by which rubric; it does not know what a level of
// a skill is (it hands its evidence to skills), nor what a course is for.
package assessments

import (
	"context"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/blob"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A Service does this room's units of work. Jobs may be nil: then no news is
// sent. Blobs keeps what is recorded. OnSubmitted, when set, is called in the transaction that submits a
// role-play, with the rep and the scenario's slug; OnQuizPassed in the one that
// marks a quiz as passed, with the person and the course's slug. QuizAnew, when
// set, tells from when on a person's attempts are counted anew; the zero time:
// all of them count.
type Service struct {
	DB      pg.DB
	Content *content.Service
	Blobs   blob.Store
	Jobs    pg.Queue
	Now     func() time.Time

	OnSubmitted  func(ctx context.Context, tx pgx.Tx, personID int64, scenario string) error
	OnQuizPassed func(ctx context.Context, tx pgx.Tx, personID int64, course string) error
	QuizAnew     func(ctx context.Context, q pg.Querier, personID int64, course string) (time.Time, error)
}

// clean makes what a person typed or pasted fit to store: valid UTF-8, no NUL,
// one kind of line end, no space around it.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\x00", "")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return strings.TrimSpace(text)
}
