package courses

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
)

// A NewerLesson is a lesson that has changed since a person began it, by more
// than a minor edit.
type NewerLesson struct {
	Slug, Title string
	From, To    int      // numbers of the version they began and of the published one
	Notes       []string // what the authors say has changed, oldest first
	Diff        content.Diff
	Stays       bool // they were asked, and keep the one they began
	Done        bool

	began, now *content.Document
}

// Newer returns the lessons of a course that have changed since a person began
// them, in their order.
func (s *Service) Newer(ctx context.Context, by people.Actor, personID int64, course string) ([]NewerLesson, error) {
	if err := maySee(ctx, s.DB, by, personID); err != nil {
		return nil, err
	}
	o, err := s.Begun(ctx, personID, course)
	if err != nil {
		return nil, err
	}
	return s.newer(ctx, s.DB, personID, o)
}

func (s *Service) newer(ctx context.Context, q pg.Querier, personID int64, o *Outline) ([]NewerLesson, error) {
	rows, err := pg.All[struct {
		Lesson    string
		VersionID int64
		StaysWith *int64
		Done      bool
	}](ctx, q, `select lesson, version_id, stays_with, done_at is not null as done from lesson_progress where person_id = $1 and course = $2`, personID, o.Slug)
	if err != nil {
		return nil, err
	}
	var out []NewerLesson
	for _, r := range rows {
		l := o.Lesson(r.Lesson)
		if l == nil || l.VersionID == r.VersionID {
			continue
		}
		began, err := s.Content.Version(ctx, r.VersionID)
		if err != nil {
			return nil, err
		}
		along, err := s.Content.MovesAlong(ctx, began)
		if err != nil {
			return nil, err
		}
		if along {
			continue
		}
		now, err := s.Content.Version(ctx, l.VersionID)
		if err != nil {
			return nil, err
		}
		notes, err := s.Content.Notes(ctx, began, now)
		if err != nil {
			return nil, err
		}
		out = append(out, NewerLesson{Slug: r.Lesson, Title: l.Title, From: began.Number, To: now.Number, Notes: notes, Done: r.Done,
			Stays: r.StaysWith != nil && *r.StaysWith == now.VersionID, began: began, now: now})
	}
	slices.SortFunc(out, func(a, b NewerLesson) int { return o.Lesson(a.Slug).Number - o.Lesson(b.Slug).Number })
	return out, nil
}

// WhatChanged is Newer with the difference of each text, as its reader may see
// it: without keys.
func (s *Service) WhatChanged(ctx context.Context, by people.Actor, personID int64, course string) ([]NewerLesson, error) {
	list, err := s.Newer(ctx, by, personID, course)
	for i, n := range list {
		list[i].Diff = content.Compare(n.began.ReaderLines(), n.now.ReaderLines())
	}
	return list, err
}

// StayOrMove settles, for the actor or for whom they bring data over, what
// becomes of the lessons that have changed since they were begun. Who moves
// goes on with the published versions: what is done stays done, and answers to
// checks that have changed are asked again. Who stays is not asked again until
// there is a still newer version.
func (s *Service) StayOrMove(ctx context.Context, by people.Actor, personID int64, course string, move bool) error {
	if err := mayLearnAs(ctx, s.DB, by, personID); err != nil {
		return err
	}
	o, err := s.Begun(ctx, personID, course)
	if err != nil {
		return err
	}
	list, err := s.newer(ctx, s.DB, personID, o)
	if err != nil || len(list) == 0 {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		for _, n := range list {
			args := pgx.NamedArgs{"person": personID, "course": course, "lesson": n.Slug, "began": n.began.VersionID, "now": n.now.VersionID, "changed": n.changedChecks()}
			if !move {
				if _, err := tx.Exec(ctx, `update lesson_progress set stays_with = @now where person_id = @person and course = @course and lesson = @lesson and version_id = @began`, args); err != nil {
					return err
				}
				continue
			}
			tag, err := tx.Exec(ctx, `update lesson_progress set version_id = @now, stays_with = null, paragraph = ''
				where person_id = @person and course = @course and lesson = @lesson and version_id = @began`, args)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 {
				continue
			}
			if _, err := tx.Exec(ctx, `delete from check_answers where person_id = @person and course = @course and lesson = @lesson and question = any(@changed)`, args); err != nil {
				return err
			}
		}
		if move {
			return s.certify(ctx, tx, personID, course)
		}
		return nil
	})
}

// changedChecks returns the ids of the checks begun that are gone, or ask or
// accept something else.
func (n NewerLesson) changedChecks() []string {
	out := []string{}
	for _, was := range n.began.Questions() {
		if is := n.now.Question(was.ID); is == nil || !was.SameAs(is) {
			out = append(out, was.ID)
		}
	}
	return out
}

// Begun returns a course that a person may go on with: a published one, or one
// that was retired after they began it.
func (s *Service) Begun(ctx context.Context, personID int64, course string) (*Outline, error) {
	o, err := s.Kept(ctx, course)
	if err != nil || !o.Retired {
		return o, err
	}
	begun, err := pg.Column[bool](ctx, s.DB, `select exists (select from enrolments where person_id = $1 and course = $2)`, personID, course)
	if err != nil {
		return nil, err
	}
	if !begun[0] {
		return nil, noCourse(course)
	}
	return o, nil
}

func noCourse(course string) error {
	return fault.NotFoundf("There is no course %q. It may have been withdrawn; Learn lists the courses that are open.", course)
}
