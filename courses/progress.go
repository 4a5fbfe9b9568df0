package courses

import (
	"context"
	"time"

	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A CourseState says how far somebody is in a course.
type CourseState string

// The states of a course for one person.
const (
	NotBegun  CourseState = "not_begun"
	Begun     CourseState = "begun"
	Completed CourseState = "completed"
)

// A Place is a course and how far one person is in it.
type Place struct {
	Outline   *Outline
	Standing  Standing
	Due       *time.Time // of the earliest open assignment of it or one of its lessons
	DueReason string
	DueBy     string // who assigned it
}

// State returns how far the person is.
func (p Place) State() CourseState {
	switch {
	case p.Standing.CompletedAt != nil:
		return Completed
	case p.Standing.StartedAt != nil:
		return Begun
	}
	return NotBegun
}

// Done counts the lessons of the course that are done.
func (p Place) Done() int {
	n := 0
	for _, l := range p.Outline.Lessons {
		if lp := p.Standing.Lesson(l.Slug); lp != nil && lp.DoneAt != nil {
			n++
		}
	}
	return n
}

// Next returns the lesson to go on with: the one last opened if it is not
// done, else the first that is not; nil when all are done.
func (p Place) Next() *LessonOutline {
	open := func(slug string) bool {
		lp := p.Standing.Lesson(slug)
		return lp == nil || lp.DoneAt == nil
	}
	if last := p.Standing.LastLesson; last != nil && open(*last) {
		if l := p.Outline.Lesson(*last); l != nil {
			return l
		}
	}
	for i, l := range p.Outline.Lessons {
		if open(l.Slug) {
			return &p.Outline.Lessons[i]
		}
	}
	return nil
}

// NextHref returns where the person goes on: into the next lesson at the
// paragraph they reached, or to the quiz that is still to be passed, or to the
// course itself.
func (p Place) NextHref() string {
	here := "/learn/" + p.Outline.Slug
	l := p.Next()
	switch {
	case l == nil && p.Outline.Quiz != nil && p.Standing.QuizPassedAt == nil:
		return here + "/quiz"
	case l == nil:
		return here
	}
	here += "/" + l.Slug
	if lp := p.Standing.Lesson(l.Slug); lp != nil && lp.Paragraph != "" {
		here += "#" + lp.Paragraph
	}
	return here
}

// MinutesLeft adds up the minutes of the lessons that are not done.
func (p Place) MinutesLeft() int {
	n := 0
	for _, l := range p.Outline.Lessons {
		if lp := p.Standing.Lesson(l.Slug); lp == nil || lp.DoneAt == nil {
			n += l.Minutes
		}
	}
	return n
}

// Catalogue returns every published course with the actor's own place in it,
// by title, and after them the retired ones that they have begun.
func (s *Service) Catalogue(ctx context.Context, by people.Actor) ([]Place, error) {
	return s.places(ctx, by.ID, "")
}

// Place returns the actor's own place in one course.
func (s *Service) Place(ctx context.Context, by people.Actor, course string) (Place, error) {
	all, err := s.places(ctx, by.ID, course)
	if err != nil {
		return Place{}, err
	}
	if len(all) == 0 {
		return Place{}, noCourse(course)
	}
	return all[0], nil
}

// Progress returns the courses that a person has begun, by title.
func (s *Service) Progress(ctx context.Context, by people.Actor, personID int64) ([]Place, error) {
	if err := maySee(ctx, s.DB, by, personID); err != nil {
		return nil, err
	}
	all, err := s.places(ctx, personID, "")
	if err != nil {
		return nil, err
	}
	begun := all[:0]
	for _, p := range all {
		if p.State() != NotBegun {
			begun = append(begun, p)
		}
	}
	return begun, nil
}

// places reads a person's place in every course that is open to them, or in
// one: in those published, and in those retired since they began.
func (s *Service) places(ctx context.Context, personID int64, course string) ([]Place, error) {
	outlines, _, err := s.outlines(ctx)
	if err != nil {
		return nil, err
	}
	type row struct {
		Course       string
		StartedAt    *time.Time
		LastLesson   *string
		QuizPassedAt *time.Time
		CompletedAt  *time.Time
		Lessons      []LessonProgress
		Due          *time.Time
		DueReason    *string
		DueBy        *string
	}
	slugs := make([]string, 0, len(outlines))
	for _, o := range outlines {
		if course == "" || o.Slug == course {
			slugs = append(slugs, o.Slug)
		}
	}
	rows, err := pg.All[row](ctx, s.DB, `
		select c.course, e.started_at, e.last_lesson, e.quiz_passed_at, e.completed_at,
			coalesce((select jsonb_agg(jsonb_build_object('lesson', lesson, 'version_id', version_id, 'paragraph', paragraph,
				'started_at', started_at, 'seen_at', seen_at, 'done_at', done_at))
				from lesson_progress l where l.person_id = @person and l.course = c.course), '[]') as lessons,
			a.due, a.reason as due_reason, a.name as due_by
		from unnest(@courses::text[]) as c(course)
		left join enrolments e on e.person_id = @person and e.course = c.course and e.withdrawn_at is null
		left join lateral (
			select a.due, a.reason, b.name from assignments a join persons b on b.id = a.assigned_by
			where a.person_id = @person and a.done_at is null and a.cancelled_at is null
				and ((a.kind = 'course' and a.ref = c.course) or (a.kind = 'lesson' and split_part(a.ref, '.', 1) = c.course))
			order by a.due, a.id limit 1) a on true`,
		pgx.NamedArgs{"person": personID, "courses": slugs})
	if err != nil {
		return nil, err
	}
	byCourse := map[string]row{}
	for _, r := range rows {
		byCourse[r.Course] = r
	}
	var out []Place
	for _, o := range outlines {
		r, ok := byCourse[o.Slug]
		if !ok || o.Retired && r.StartedAt == nil {
			continue
		}
		p := Place{Outline: o, Due: r.Due, Standing: Standing{Course: o.Slug, StartedAt: r.StartedAt, LastLesson: r.LastLesson,
			QuizPassedAt: r.QuizPassedAt, CompletedAt: r.CompletedAt, Lessons: r.Lessons}}
		if r.DueReason != nil {
			p.DueReason, p.DueBy = *r.DueReason, *r.DueBy
		}
		out = append(out, p)
	}
	return out, nil
}

// A Learner is how far somebody that the actor leads is in one course: begun
// and finished, and never how long it took.
type Learner struct {
	PersonID    int64
	Name        string
	StartedAt   *time.Time
	LessonsDone int
	CompletedAt *time.Time
	Due         *time.Time
}

// Learners returns the active reps that the actor leads with their place in a
// course, by name.
func (s *Service) Learners(ctx context.Context, by people.Actor, course string) ([]Learner, error) {
	o, err := s.Kept(ctx, course)
	if err != nil {
		return nil, err
	}
	return pg.All[Learner](ctx, s.DB, `
		select p.id as person_id, p.name, e.started_at, e.completed_at,
			(select count(*) from lesson_progress l where l.person_id = p.id and l.course = @course and l.done_at is not null and l.lesson = any(@lessons)) as lessons_done,
			(select min(a.due) from assignments a where a.person_id = p.id and a.done_at is null and a.cancelled_at is null
				and ((a.kind = 'course' and a.ref = @course) or (a.kind = 'lesson' and split_part(a.ref, '.', 1) = @course))) as due
		from persons p left join enrolments e on e.person_id = p.id and e.course = @course
		where p.active and 'rep' = any(p.capabilities) and p.id <> @actor and `+people.Leads("p.id")+`
		order by lower(p.name), p.id`,
		by.Scope(pgx.NamedArgs{"course": course, "lessons": o.lessonSlugs()}))
}
