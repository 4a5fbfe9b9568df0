package courses

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A ProgramEnrolment is a person's place in a program.
type ProgramEnrolment struct {
	ID          int64
	PersonID    int64
	Person      string
	Program     string // slug
	VersionID   int64  // that they follow
	Via         string // self, manager, rule or api
	EnrolledBy  *string
	Reason      string
	StartsOn    time.Time // a day
	Added       int       // days that were added to all of it
	CreatedAt   time.Time
	WithdrawnAt *time.Time
}

const programEnrolmentColumns = `e.id, e.person_id, p.name as person, e.program, e.version_id, e.via, b.name as enrolled_by, e.reason, e.starts_on,
	coalesce((select sum(x.days) from program_extensions x where x.enrolment_id = e.id and x.item = ''), 0)::int as added, e.created_at, e.withdrawn_at
	from program_enrolments e join persons p on p.id = e.person_id left join persons b on b.id = e.enrolled_by`

// A ProgramCard is a published program in a list.
type ProgramCard struct {
	Slug    string
	Program *content.Program
	Place   *ProgramPlace // the actor's own, if they are or were in it
}

// Programs returns every published program, by title, with the actor's own
// place in it.
func (s *Service) Programs(ctx context.Context, by people.Actor) ([]ProgramCard, error) {
	docs, err := s.Content.List(ctx, content.KindProgram)
	if err != nil {
		return nil, err
	}
	mine, err := s.programPlaces(ctx, by, `e.person_id = @actor`, nil)
	if err != nil {
		return nil, err
	}
	var out []ProgramCard
	for _, d := range docs {
		if d.Program == nil {
			continue
		}
		card := ProgramCard{Slug: d.Slug, Program: d.Program}
		if i := slices.IndexFunc(mine, func(p ProgramPlace) bool { return p.ProgramEnrolment.Program == d.Slug }); i >= 0 {
			card.Place = &mine[i]
		}
		out = append(out, card)
	}
	slices.SortFunc(out, func(a, b ProgramCard) int {
		return strings.Compare(strings.ToLower(a.Program.Title), strings.ToLower(b.Program.Title))
	})
	return out, nil
}

// Program returns a published program.
func (s *Service) Program(ctx context.Context, slug string) (*content.Document, error) {
	doc, err := s.Content.Published(ctx, content.KindProgram, slug)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	if err != nil || doc.Program == nil {
		return nil, fault.NotFoundf("There is no program %q. It may have been withdrawn; Learn lists the programs that are open.", slug)
	}
	return doc, nil
}

// MyPrograms returns the actor's own ways through programs that they are in.
func (s *Service) MyPrograms(ctx context.Context, by people.Actor) ([]ProgramPlace, error) {
	return s.programPlaces(ctx, by, `e.person_id = @actor and e.withdrawn_at is null`, nil)
}

// ProgramPlace returns a person's way through a program, also one that they
// have left. Out of sight, or never begun, is NotFound.
func (s *Service) ProgramPlace(ctx context.Context, by people.Actor, personID int64, program string) (ProgramPlace, error) {
	return s.onePlace(s.programPlaces(ctx, by, `e.person_id = @person and e.program = @program and `+people.Sees("e.person_id"),
		pgx.NamedArgs{"person": personID, "program": program}))
}

// ProgramPlaceByID is ProgramPlace by the enrolment's id.
func (s *Service) ProgramPlaceByID(ctx context.Context, by people.Actor, id int64) (ProgramPlace, error) {
	return s.onePlace(s.programPlaces(ctx, by, `e.id = @id and `+people.Sees("e.person_id"), pgx.NamedArgs{"id": id}))
}

func (*Service) onePlace(all []ProgramPlace, err error) (ProgramPlace, error) {
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("Nobody whom you see is in this program here.")
	}
	if err != nil {
		return ProgramPlace{}, err
	}
	return all[0], nil
}

// PersonPrograms returns the ways of one person through the programs they are
// in. Out of sight is NotFound.
func (s *Service) PersonPrograms(ctx context.Context, by people.Actor, personID int64) ([]ProgramPlace, error) {
	if err := maySee(ctx, s.DB, by, personID); err != nil {
		return nil, err
	}
	return s.programPlaces(ctx, by, `e.person_id = @person`, pgx.NamedArgs{"person": personID})
}

// An Enrolling is who is to be put into what, and why. The reason is needed
// for others, who read it.
type Enrolling struct {
	People  []int64
	Program string
	Reason  string
	Starts  time.Time // a day; zero: today
}

// mostAtOnce bounds how many people are put into something by one act.
const mostAtOnce = 500

// EnrolInProgram puts people into a program: the actor, or people whom they
// lead, all or none. Those who are in it stay as they are; somebody who left
// comes back, with the days they were away added. It returns how many came in.
func (s *Service) EnrolInProgram(ctx context.Context, by people.Actor, in Enrolling) (int, error) {
	doc, err := s.Program(ctx, in.Program)
	if err != nil {
		return 0, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	others := slices.ContainsFunc(in.People, func(id int64) bool { return id != by.ID })
	today := dayIn(s.Now(), by.TimeZone)
	if in.Starts.IsZero() {
		in.Starts = today
	}
	problems := map[string]string{}
	switch {
	case len(in.People) == 0:
		problems["people"] = "Choose at least one person."
	case len(in.People) > mostAtOnce:
		problems["people"] = fmt.Sprintf("Choose at most %d people at once.", mostAtOnce)
	}
	if others && in.Reason == "" && !by.BringsData() {
		problems["reason"] = "A reason is missing. One line is enough; each of them reads it."
	} else if len(in.Reason) > 2000 {
		problems["reason"] = "This reason is too long: at most 2,000 characters."
	}
	if in.Starts.Before(today.AddDate(-1, 0, 0)) || in.Starts.After(today.AddDate(1, 0, 0)) {
		problems["starts"] = "Choose a start within a year of today."
	}
	if err := fault.Fields(problems); err != nil {
		return 0, err
	}
	came := 0
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		for _, id := range slices.Compact(slices.Sorted(slices.Values(in.People))) {
			if err := mayPlanFor(ctx, tx, by, id); err != nil {
				return err
			}
			n, err := s.enterProgram(ctx, tx, by, id, doc, in)
			if err != nil {
				return err
			}
			came += n
		}
		return nil
	})
	return came, err
}

// enterProgram puts one person into a program, or back into it; it returns 1 if
// that changed anything.
func (s *Service) enterProgram(ctx context.Context, tx pgx.Tx, by people.Actor, personID int64, doc *content.Document, in Enrolling) (int, error) {
	via := "self"
	switch {
	case by.BringsData():
		via = "api"
	case personID != by.ID:
		via = "manager"
	}
	args := pgx.NamedArgs{"person": personID, "program": doc.Slug, "version": doc.VersionID, "courses": programCourses(doc.Program), "via": via, "by": by.ID,
		"reason": in.Reason, "starts": in.Starts, "now": s.Now(), "today": dayIn(s.Now(), by.TimeZone)}
	tag, err := tx.Exec(ctx, `insert into program_enrolments (person_id, program, version_id, courses, via, enrolled_by, reason, starts_on, created_at)
		values (@person, @program, @version, @courses, @via, @by, @reason, @starts, @now)
		on conflict (person_id, program) do update set withdrawn_at = null, starts_on = program_enrolments.starts_on + greatest(0, @today::date - program_enrolments.withdrawn_at::date),
			reason = case when excluded.reason = '' then program_enrolments.reason else excluded.reason end
			where program_enrolments.withdrawn_at is not null`, args)
	if err != nil || tag.RowsAffected() == 0 || personID == by.ID {
		return int(tag.RowsAffected()), err
	}
	if err := people.Audit(ctx, tx, by, "enrol", &personID, "program "+doc.Slug, nil); err != nil {
		return 0, err
	}
	return 1, s.tellEnrolled(ctx, tx, personID, by.Name, doc, in.Reason)
}

// tellEnrolled leaves a notice of who put somebody into a program, and why.
func (s *Service) tellEnrolled(ctx context.Context, tx pg.Querier, personID int64, who string, doc *content.Document, reason string) error {
	text := fmt.Sprintf("You are in the program “%s”.", doc.Title)
	if who != "" {
		text = fmt.Sprintf("%s put you into the program “%s”.", who, doc.Title)
	}
	if reason != "" {
		text += " Why: " + reason
	}
	return notice(ctx, tx, personID, "program", text, "/learn/programs/"+doc.Slug, s.Now())
}

// notice leaves a message for a person.
func notice(ctx context.Context, q pg.Querier, personID int64, kind, text, link string, at time.Time) error {
	return people.Tell(ctx, q, people.News{Persons: []int64{personID}, Kind: kind, Text: text, Link: link, At: at})
}

// programCourses are the courses that a program leads through, whole or in part.
func programCourses(p *content.Program) []string {
	out := []string{}
	for _, i := range p.Items() {
		if course, _, _ := strings.Cut(i.Ref, "."); (i.Kind == content.ItemCourse || i.Kind == content.ItemLesson) && !slices.Contains(out, course) {
			out = append(out, course)
		}
	}
	return out
}

// LeaveProgram takes a person out of a program: themselves, or somebody the
// actor leads. What they did is kept, and they can come back. Leaving twice is
// harmless.
func (s *Service) LeaveProgram(ctx context.Context, by people.Actor, personID int64, program string) error {
	return s.leave(ctx, by, personID, "program "+program, `update program_enrolments set withdrawn_at = @now where person_id = @person and program = @slug and withdrawn_at is null`, program)
}

// LeaveCourse takes a person out of a course, as LeaveProgram does. Reading on
// brings them back.
func (s *Service) LeaveCourse(ctx context.Context, by people.Actor, personID int64, course string) error {
	return s.leave(ctx, by, personID, "course "+course, `update enrolments set withdrawn_at = @now where person_id = @person and course = @slug and withdrawn_at is null`, course)
}

func (s *Service) leave(ctx context.Context, by people.Actor, personID int64, subject, sql, slug string) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := mayPlanFor(ctx, tx, by, personID); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sql, pgx.NamedArgs{"person": personID, "slug": slug, "now": s.Now()})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return people.Audit(ctx, tx, by, "leave", &personID, subject, nil)
	})
}

// FollowNewest moves the actor to the published version of a program. What they
// did counts on.
func (s *Service) FollowNewest(ctx context.Context, by people.Actor, program string) error {
	doc, err := s.Program(ctx, program)
	if err != nil {
		return err
	}
	_, err = s.DB.Exec(ctx, `update program_enrolments set version_id = $3, courses = $4 where person_id = $1 and program = $2`,
		by.ID, program, doc.VersionID, programCourses(doc.Program))
	return err
}

// PreviewProgram returns a program as somebody who begins today would meet it;
// what they have done already counts.
func (s *Service) PreviewProgram(ctx context.Context, by people.Actor, doc *content.Document) (ProgramPlace, error) {
	today := dayIn(s.Now(), by.TimeZone)
	e := ProgramEnrolment{PersonID: by.ID, Person: by.Name, Program: doc.Slug, VersionID: doc.VersionID, StartsOn: today}
	l, err := s.ledger(ctx, []ProgramEnrolment{e})
	if err != nil {
		return ProgramPlace{}, err
	}
	p := ProgramPlace{ProgramEnrolment: e, Program: doc.Program, Today: today}
	return p, s.settle(ctx, &p, l)
}
