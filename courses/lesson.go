package courses

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

// A LessonProgress is one line of the progress ledger: a lesson that a person
// has opened, and the version they met.
type LessonProgress struct {
	Lesson    string     `json:"lesson"`
	VersionID int64      `json:"version_id"`
	Paragraph string     `json:"paragraph"` // id of the paragraph to go on from, or ""
	StartedAt time.Time  `json:"started_at"`
	SeenAt    time.Time  `json:"seen_at"`
	DoneAt    *time.Time `json:"done_at"`
}

// A CheckAnswer is what a person last answered to a check of a lesson.
type CheckAnswer struct {
	Question string          `json:"question"`
	Answer   json.RawMessage `json:"answer"`
	Correct  bool            `json:"correct"`
	Tries    int             `json:"tries"`
}

// A Standing is where a person stands in one course. It is the zero Standing,
// save for the course, for somebody who has not begun.
type Standing struct {
	Course       string
	StartedAt    *time.Time
	LastLesson   *string
	QuizPassedAt *time.Time
	CompletedAt  *time.Time
	Lessons      []LessonProgress // those opened
	Answers      []CheckAnswer    // of the lesson asked for
	Notes        []Note           // in it, by the person for themselves
}

// Lesson returns the ledger's line of a lesson, or nil if it was not opened.
func (s Standing) Lesson(slug string) *LessonProgress {
	for i := range s.Lessons {
		if s.Lessons[i].Lesson == slug {
			return &s.Lessons[i]
		}
	}
	return nil
}

// Answer returns what was answered to a check, or nil.
func (s Standing) Answer(question string) *CheckAnswer {
	for i := range s.Answers {
		if s.Answers[i].Question == question {
			return &s.Answers[i]
		}
	}
	return nil
}

// A Reading is a lesson open before a person: the version they began, and what
// they did in it.
type Reading struct {
	Outline  *Outline
	Lesson   *LessonText
	Standing Standing
	Newer    bool // a later version than theirs is published
}

// Progress returns the ledger's line of the open lesson.
func (r Reading) Progress() *LessonProgress { return r.Standing.Lesson(r.Lesson.Slug) }

// Unanswered returns the checks of the lesson that have no answer yet.
func (r Reading) Unanswered() []string {
	var out []string
	for _, q := range r.Lesson.Questions {
		if r.Standing.Answer(q.ID) == nil {
			out = append(out, q.ID)
		}
	}
	return out
}

// Open opens a lesson for the actor: it enrols them if need be, begins the
// lesson at the published version, and keeps whoever has begun at the version
// they met; only minor edits move them along.
func (s *Service) Open(ctx context.Context, by people.Actor, course, lesson string) (Reading, error) {
	r, err := s.reading(ctx, s.DB, by.ID, course, lesson)
	if err != nil {
		return Reading{}, err
	}
	now := s.Now()
	at := r.Progress()
	if at != nil && at.VersionID == r.Lesson.VersionID && r.Standing.LastLesson != nil && *r.Standing.LastLesson == lesson && now.Sub(at.SeenAt) < seenEvery {
		return r, nil
	}
	if err := s.touch(ctx, s.DB, by.ID, r); err != nil {
		return Reading{}, err
	}
	if at == nil {
		r.Standing.Lessons = append(r.Standing.Lessons, LessonProgress{Lesson: lesson, VersionID: r.Lesson.VersionID, StartedAt: now, SeenAt: now})
	}
	if r.Standing.StartedAt == nil {
		r.Standing.StartedAt = &now
	}
	r.Standing.LastLesson = &lesson
	return r, nil
}

// seenEvery is how often reading on is written down; opening a lesson again
// within it costs no write.
const seenEvery = 5 * time.Minute

// reading puts together what a person meets when they open a lesson.
func (s *Service) reading(ctx context.Context, q pg.Querier, personID int64, course, lesson string) (Reading, error) {
	o, err := s.Kept(ctx, course)
	if err != nil {
		return Reading{}, err
	}
	stands, err := s.standing(ctx, q, personID, course, lesson)
	if err != nil {
		return Reading{}, err
	}
	if o.Retired && stands.StartedAt == nil {
		return Reading{}, noCourse(course)
	}
	r := Reading{Outline: o, Standing: stands}
	var began int64
	if p := stands.Lesson(lesson); p != nil {
		began = p.VersionID
	}
	r.Lesson, r.Newer, err = s.lessonText(ctx, o, lesson, began)
	return r, err
}

// touch writes down that a person is reading a lesson.
func (s *Service) touch(ctx context.Context, q pg.Querier, personID int64, r Reading) error {
	_, err := q.Exec(ctx, `
		with enrolled as (
			insert into enrolments (person_id, course, via, started_at, last_lesson, last_seen_at)
			select @person, @course, case when exists (select from program_enrolments where person_id = @person and @course = any(courses) and withdrawn_at is null)
				then 'program' else 'self' end, @now, @lesson, @now
			on conflict (person_id, course) do update set last_lesson = excluded.last_lesson, last_seen_at = excluded.last_seen_at, withdrawn_at = null
		)
		insert into lesson_progress (person_id, course, lesson, version_id, started_at, seen_at)
		values (@person, @course, @lesson, @version, @now, @now)
		on conflict (person_id, course, lesson) do update set seen_at = excluded.seen_at, version_id = excluded.version_id`,
		pgx.NamedArgs{"person": personID, "course": r.Outline.Slug, "lesson": r.Lesson.Slug, "version": r.Lesson.VersionID, "now": s.Now()})
	return err
}

// SavePosition remembers the paragraph that the actor has reached. A lesson
// that they have not opened is not begun by it.
func (s *Service) SavePosition(ctx context.Context, by people.Actor, course, lesson, paragraph string) error {
	if len(paragraph) > 100 {
		return fault.Field("paragraph", "This is no paragraph of the lesson.")
	}
	_, err := s.DB.Exec(ctx, `update lesson_progress set paragraph = @paragraph, seen_at = @now
		where person_id = @person and course = @course and lesson = @lesson`,
		pgx.NamedArgs{"person": by.ID, "course": course, "lesson": lesson, "paragraph": paragraph, "now": s.Now()})
	return err
}

// Finish marks a lesson as read. It is Invalid, naming them by question id,
// while checks are unanswered; finishing twice is harmless. It returns whether
// the course is complete with it.
func (s *Service) Finish(ctx context.Context, by people.Actor, personID int64, course, lesson string) (bool, error) {
	if err := mayLearnAs(ctx, s.DB, by, personID); err != nil {
		return false, err
	}
	r, err := s.reading(ctx, s.DB, personID, course, lesson)
	if err != nil {
		return false, err
	}
	if open := r.Unanswered(); len(open) > 0 {
		fields := map[string]string{}
		for _, id := range open {
			fields[id] = fmt.Sprintf("“%s” has no answer yet.", r.Lesson.Check(id).Text)
		}
		return false, &fault.Error{Kind: fault.Invalid, Fields: fields,
			Message: fmt.Sprintf("Answer %s first; a lesson is done when its checks are answered.", checks(len(open)))}
	}
	complete := false
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := s.touch(ctx, tx, personID, r); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `update lesson_progress set done_at = @now, paragraph = ''
			where person_id = @person and course = @course and lesson = @lesson and done_at is null`,
			pgx.NamedArgs{"person": personID, "course": course, "lesson": lesson, "now": s.Now()})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 {
			if err := s.AssignmentDone(ctx, tx, personID, ToLesson, course+"."+lesson); err != nil {
				return err
			}
		}
		if complete, err = s.complete(ctx, tx, personID, course); err != nil || !complete {
			return err
		}
		return s.certify(ctx, tx, personID, course)
	})
	return complete, err
}

func checks(n int) string {
	if n == 1 {
		return "the one check that is open"
	}
	return fmt.Sprintf("the %d checks that are open", n)
}

// QuizPassed takes note, in the transaction of the room that marked it, that a
// person has passed the quiz of a course.
func (s *Service) QuizPassed(ctx context.Context, tx pgx.Tx, personID int64, course string) error {
	_, err := tx.Exec(ctx, `insert into enrolments (person_id, course, started_at, last_seen_at, quiz_passed_at, quiz_last_passed_at) values (@person, @course, @now, @now, @now, @now)
		on conflict (person_id, course) do update set quiz_passed_at = coalesce(enrolments.quiz_passed_at, excluded.quiz_passed_at),
			quiz_last_passed_at = excluded.quiz_last_passed_at, last_seen_at = excluded.last_seen_at`,
		pgx.NamedArgs{"person": personID, "course": course, "now": s.Now()})
	if err != nil {
		return err
	}
	complete, err := s.complete(ctx, tx, personID, course)
	if err != nil || !complete {
		return err
	}
	return s.certify(ctx, tx, personID, course)
}

// complete ends a course once every lesson that is published, or was retired
// with the course, is done and its quiz, if it has one, is passed. It reports whether the course is complete. It reads
// the library in the transaction: to ask the content room from inside one would
// take a second connection.
func (s *Service) complete(ctx context.Context, tx pgx.Tx, personID int64, course string) (bool, error) {
	args := pgx.NamedArgs{"person": personID, "course": course, "now": s.Now()}
	var before *time.Time
	var done bool
	err := tx.QueryRow(ctx, `
		with published as (select kind, slug from documents where published_version is not null
			and retired_at is not distinct from (select retired_at from documents where kind = 'course' and slug = @course))
		select e.completed_at,
			(e.quiz_passed_at is not null or not exists (select from published where kind = 'quiz' and slug = @course))
			and exists (select from published where kind = 'lesson' and split_part(slug, '.', 1) = @course)
			and not exists (
				select from published d where d.kind = 'lesson' and split_part(d.slug, '.', 1) = @course and not exists (
					select from lesson_progress p where p.person_id = @person and p.course = @course and p.done_at is not null
						and p.lesson = split_part(d.slug, '.', 2)))
		from enrolments e where e.person_id = @person and e.course = @course for update of e`, args).Scan(&before, &done)
	if err != nil || before != nil || !done {
		return before != nil, err
	}
	if _, err := tx.Exec(ctx, `update enrolments set completed_at = @now where person_id = @person and course = @course`, args); err != nil {
		return false, err
	}
	return true, s.AssignmentDone(ctx, tx, personID, ToCourse, course)
}

// Begin opens a lesson for a person without reading it: their own, or, for a
// system that brings data over, anybody's. It reports whether it is done.
func (s *Service) Begin(ctx context.Context, by people.Actor, personID int64, course, lesson string) (bool, error) {
	if err := mayLearnAs(ctx, s.DB, by, personID); err != nil {
		return false, err
	}
	r, err := s.reading(ctx, s.DB, personID, course, lesson)
	if err != nil {
		return false, err
	}
	if at := r.Progress(); at != nil && at.DoneAt != nil {
		return true, nil
	}
	return false, s.touch(ctx, s.DB, personID, r)
}
