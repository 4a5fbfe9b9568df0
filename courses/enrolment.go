package courses

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// An Enrolment is a person's place in a course.
type Enrolment struct {
	PersonID     int64
	Course       string
	StartedAt    time.Time
	LastLesson   *string // the lesson last opened
	QuizPassedAt *time.Time
	CompletedAt  *time.Time
}

// Enrol puts a person into a course: themselves, or somebody that the actor
// leads. Enrolling twice is harmless.
func (s *Service) Enrol(ctx context.Context, by people.Actor, personID int64, course string) (Enrolment, error) {
	if _, err := s.Begun(ctx, personID, course); err != nil {
		return Enrolment{}, err
	}
	via := "self"
	switch {
	case by.BringsData():
		via = "api"
	case personID != by.ID:
		via = "manager"
	}
	var e Enrolment
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := mayPlanFor(ctx, tx, by, personID); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `insert into enrolments (person_id, course, via, started_at, last_seen_at)
			values (@person, @course, @via, @now, @now)
			on conflict (person_id, course) do update set withdrawn_at = null where enrolments.withdrawn_at is not null`,
			pgx.NamedArgs{"person": personID, "course": course, "via": via, "now": s.Now()})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 && personID != by.ID {
			if err := people.Audit(ctx, tx, by, "enrol", &personID, "course "+course, nil); err != nil {
				return err
			}
		}
		e, err = pg.One[Enrolment](ctx, tx, `select person_id, course, started_at, last_lesson, quiz_passed_at, completed_at
			from enrolments where person_id = $1 and course = $2`, personID, course)
		return err
	})
	return e, err
}

// mayPlanFor is NotFound unless the person is the actor or somebody they lead.
func mayPlanFor(ctx context.Context, q pg.Querier, by people.Actor, personID int64) error {
	ok, err := pg.Column[bool](ctx, q, `select active from persons
		where id = @person and (id = @actor or `+people.Leads("id")+`)`, by.Scope(pgx.NamedArgs{"person": personID}))
	switch {
	case err != nil:
		return err
	case len(ok) == 0:
		return fault.NotFoundf("There is no such person among those you lead.")
	case !ok[0]:
		return fault.Conflictf("This person’s account is closed, so nothing new can be planned for them.")
	}
	return nil
}

// mayLearnAs refuses to learn in another's place, save for a system that brings data over.
func mayLearnAs(ctx context.Context, q pg.Querier, by people.Actor, personID int64) error {
	return people.MayActAs(ctx, q, by, personID, "Only the person themselves can do this. You can assign it to them.")
}

// maySee is NotFound unless the actor sees the person's learning.
func maySee(ctx context.Context, q pg.Querier, by people.Actor, personID int64) error {
	if personID == by.ID {
		return nil
	}
	seen, err := pg.Column[int64](ctx, q, `select id from persons where id = @person and `+people.Sees("id"),
		by.Scope(pgx.NamedArgs{"person": personID}))
	if err == nil && len(seen) == 0 {
		return fault.NotFoundf("There is no such person for you to see.")
	}
	return err
}
