package courses

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Target is the kind of thing that can be assigned.
type Target string

// What can be assigned. A topic is something to talk about in a 1:1; it has no
// document, and only its assigner ends it.
const (
	ToCourse    Target = "course"
	ToWorksheet Target = "worksheet"
	ToLesson    Target = "lesson"
	ToScenario  Target = "scenario"
	ToTopic     Target = "topic"
)

// An Assignment is something that one person asked another to do by a day, and
// why. Ref is the slug: of a course, of a lesson as course.lesson, of a scenario or a worksheet.
type Assignment struct {
	ID             int64
	PersonID       int64
	Person         string
	AssignedBy     int64
	AssignedByName string
	Kind           Target
	Ref            string
	Title          string
	Skill          *string
	Reason         string
	Due            time.Time
	CreatedAt      time.Time
	DoneAt         *time.Time
	CancelledAt    *time.Time
}

// Href returns where the person does what was assigned.
func (a Assignment) Href() string {
	switch a.Kind {
	case ToCourse:
		return "/learn/" + a.Ref
	case ToLesson:
		course, lesson, _ := strings.Cut(a.Ref, ".")
		return "/learn/" + course + "/" + lesson
	case ToScenario:
		return "/practice/" + a.Ref
	case ToWorksheet:
		return "/practice/worksheets/" + a.Ref
	}
	return "/coaching"
}

const assignmentColumns = `a.id, a.person_id, p.name as person, a.assigned_by, b.name as assigned_by_name, a.kind, a.ref, a.title, a.skill,
	a.reason, a.due, a.created_at, a.done_at, a.cancelled_at
	from assignments a join persons p on p.id = a.person_id join persons b on b.id = a.assigned_by`

// A Plan is what an assignment is to be. Title is needed for a topic only: a
// document has its own.
type Plan struct {
	PersonID int64
	Kind     Target
	Ref      string
	Title    string
	Skill    string
	Reason   string
	Due      time.Time // a day
}

// Assign asks somebody that the actor leads to do something by a day. Assigning
// what they already have to do changes nothing and returns what they have.
func (s *Service) Assign(ctx context.Context, by people.Actor, p Plan) (Assignment, error) {
	all, err := s.AssignAll(ctx, by, p, []int64{p.PersonID})
	if err != nil {
		return Assignment{}, err
	}
	return all[0], nil
}

// AssignAll asks several people to do the same thing by the same day for the
// same reason: all of them or, if it cannot be asked of one, nobody.
func (s *Service) AssignAll(ctx context.Context, by people.Actor, p Plan, persons []int64) ([]Assignment, error) {
	persons = slices.Compact(slices.Sorted(slices.Values(persons)))
	if len(persons) == 0 || len(persons) > mostAtOnce {
		return nil, fault.Field("person", fmt.Sprintf("Choose at least one person, and at most %d at once.", mostAtOnce))
	}
	p.Title, p.Reason = strings.TrimSpace(p.Title), strings.TrimSpace(p.Reason)
	title, err := s.check(ctx, by, p)
	if err != nil {
		return nil, err
	}
	p.Title = title
	var all []Assignment
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		for _, p.PersonID = range persons {
			a, err := s.assign(ctx, tx, by, p)
			if err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	return all, err
}

// assign asks one person, unless they have it to do already.
func (s *Service) assign(ctx context.Context, tx pgx.Tx, by people.Actor, p Plan) (Assignment, error) {
	if err := mayLead(ctx, tx, by, p.PersonID); err != nil {
		return Assignment{}, err
	}
	// One at a time for each person, so that a double click finds the first.
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('assignments'), $1::int)`, p.PersonID%(1<<31)); err != nil {
		return Assignment{}, err
	}
	args := pgx.NamedArgs{"person": p.PersonID, "by": by.ID, "kind": p.Kind, "ref": p.Ref, "title": p.Title,
		"skill": p.Skill, "reason": p.Reason, "due": p.Due, "now": s.Now()}
	a, err := pg.One[Assignment](ctx, tx, `select `+assignmentColumns+`
		where a.person_id = @person and a.kind = @kind and a.ref = @ref and a.done_at is null and a.cancelled_at is null
		and (a.kind <> 'topic' or a.title = @title)`, args)
	if !pg.NoRows(err) {
		return a, err
	}
	if err := undone(ctx, tx, p); err != nil {
		return a, err
	}
	var id int64
	if err := tx.QueryRow(ctx, `insert into assignments (person_id, assigned_by, kind, ref, title, skill, reason, due, created_at)
		values (@person, @by, @kind, @ref, @title, nullif(@skill, ''), @reason, @due, @now) returning id`, args).Scan(&id); err != nil {
		return a, err
	}
	if err := people.Audit(ctx, tx, by, "assign", &p.PersonID, fmt.Sprintf("assignment %d", id), map[string]any{"kind": p.Kind, "ref": p.Ref, "title": p.Title}); err != nil {
		return a, err
	}
	if a, err = pg.One[Assignment](ctx, tx, `select `+assignmentColumns+` where a.id = $1`, id); err != nil {
		return a, err
	}
	return a, people.Tell(ctx, tx, people.News{Persons: []int64{a.PersonID}, Kind: "assigned", Link: a.Href(), Dedupe: fmt.Sprintf("assigned:%d", id), At: s.Now(),
		Text: fmt.Sprintf("%s asks you to do “%s” by %s. Why: %s", a.AssignedByName, a.Title, a.Due.Format("2 January"), a.Reason)})
}

// check returns the title of what is to be assigned, or what is wrong with the plan.
func (s *Service) check(ctx context.Context, by people.Actor, p Plan) (string, error) {
	problems := map[string]string{}
	title, err := s.titleOf(ctx, p)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		problems["ref"] = "There is no such thing in the library. Choose one from the list."
	case fault.KindOf(err) == fault.Invalid:
		for f, m := range fault.FieldsOf(err) {
			problems[f] = m
		}
	case err != nil:
		return "", err
	}
	if p.Reason == "" {
		problems["reason"] = "A reason is missing. One line is enough; the person reads it on Today."
	} else if len(p.Reason) > 2000 {
		problems["reason"] = "This reason is too long: at most 2,000 characters."
	}
	today := dayIn(s.Now(), by.TimeZone)
	if p.Due.IsZero() {
		problems["due"] = "Give a day by which it should be done."
	} else if p.Due.Before(today) {
		problems["due"] = p.Due.Format("2 January") + " has passed. Choose today or later."
	} else if p.Due.After(today.AddDate(2, 0, 0)) {
		problems["due"] = "Choose a day within two years."
	}
	return title, fault.Fields(problems)
}

// dayIn returns the day that it is in a time zone, as midnight UTC.
func dayIn(now time.Time, zone string) time.Time {
	if z, err := time.LoadLocation(zone); err == nil {
		now = now.In(z)
	}
	y, m, d := now.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// mayLead is NotFound unless the actor leads the person.
func mayLead(ctx context.Context, q pg.Querier, by people.Actor, personID int64) error {
	active, err := pg.Column[bool](ctx, q, `select active from persons where id = @person and `+people.Leads("id"),
		by.Scope(pgx.NamedArgs{"person": personID}))
	switch {
	case err != nil:
		return err
	case len(active) == 0:
		return fault.NotFoundf("There is no such person among those you lead.")
	case !active[0]:
		return fault.Field("person", "This person’s account is closed. Choose somebody else.")
	}
	return nil
}

// undone is Invalid if the person has already finished the lesson or the
// course: such an assignment would never end.
func undone(ctx context.Context, q pg.Querier, p Plan) error {
	course, lesson, _ := strings.Cut(p.Ref, ".")
	type finished struct {
		Name string
		At   time.Time
	}
	done, err := pg.All[finished](ctx, q, `select p.name, d.at from persons p join (
		select person_id, done_at as at from lesson_progress where @kind = 'lesson' and course = @course and lesson = @lesson and done_at is not null
		union all
		select person_id, completed_at from enrolments where @kind = 'course' and course = @course and completed_at is not null) d on d.person_id = p.id
		where p.id = @person`,
		pgx.NamedArgs{"kind": p.Kind, "person": p.PersonID, "course": course, "lesson": lesson})
	if err != nil || len(done) == 0 {
		return err
	}
	return fault.Field("ref", done[0].Name+" finished this on "+done[0].At.Format("2 January 2006")+". Choose what comes next, or a role-play.")
}

// AssignmentDone ends the open assignment of a thing, if there is one, in the
// caller's transaction: a lesson was done, a course completed, a role-play
// handed in.
func (s *Service) AssignmentDone(ctx context.Context, tx pgx.Tx, personID int64, kind Target, ref string) error {
	_, err := tx.Exec(ctx, `update assignments set done_at = @now
		where person_id = @person and kind = @kind and ref = @ref and done_at is null and cancelled_at is null`,
		pgx.NamedArgs{"person": personID, "kind": kind, "ref": ref, "now": s.Now()})
	return err
}

// Cancel takes back an assignment of the actor's own that is not done yet.
func (s *Service) Cancel(ctx context.Context, by people.Actor, id int64) (Assignment, error) {
	var a Assignment
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var err error
		a, err = pg.One[Assignment](ctx, tx, `select `+assignmentColumns+`
			where a.id = @id and (a.assigned_by = @actor or @everyone) for update of a`, by.Scope(pgx.NamedArgs{"id": id}))
		switch {
		case pg.NoRows(err):
			return fault.NotFoundf("There is no such assignment of yours.")
		case err != nil:
			return err
		case a.CancelledAt != nil:
			return nil
		case a.DoneAt != nil:
			return fault.Conflictf("%s has done this already, on %s.", a.Person, a.DoneAt.Format("2 January"))
		}
		now := s.Now()
		if _, err := tx.Exec(ctx, `update assignments set cancelled_at = $2 where id = $1`, id, now); err != nil {
			return err
		}
		a.CancelledAt = &now
		return people.Audit(ctx, tx, by, "cancel assignment", &a.PersonID, fmt.Sprintf("assignment %d", id), nil)
	})
	return a, err
}

// Due returns the actor's own open assignments, the earliest day first.
func (s *Service) Due(ctx context.Context, by people.Actor) ([]Assignment, error) {
	return pg.All[Assignment](ctx, s.DB, `select `+assignmentColumns+`
		where a.person_id = $1 and a.done_at is null and a.cancelled_at is null order by a.due, a.id`, by.ID)
}

// Overdue returns the open assignments of a person whose day has passed, the
// earliest first.
func (s *Service) Overdue(ctx context.Context, by people.Actor, personID int64) ([]Assignment, error) {
	return pg.All[Assignment](ctx, s.DB, `select `+assignmentColumns+`
		where a.person_id = @person and a.done_at is null and a.cancelled_at is null and a.due < @today and `+people.Sees("a.person_id")+`
		order by a.due, a.id`, by.Scope(pgx.NamedArgs{"person": personID, "today": dayIn(s.Now(), by.TimeZone)}))
}

// Given returns the open assignments that the actor gave, the earliest day
// first, after the assignment with the id after (0: from the start), at most
// limit of them.
func (s *Service) Given(ctx context.Context, by people.Actor, after int64, limit int) ([]Assignment, error) {
	return pg.All[Assignment](ctx, s.DB, `select `+assignmentColumns+`
		where a.assigned_by = @actor and a.done_at is null and a.cancelled_at is null
		and (@after = 0 or (a.due, a.id) > (select due, id from assignments where id = @after))
		order by a.due, a.id limit @limit`, pgx.NamedArgs{"actor": by.ID, "after": after, "limit": limit})
}
