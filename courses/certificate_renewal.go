package courses

import (
	"context"
	"fmt"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Renewal says what is between a certificate and its renewal.
type Renewal struct {
	Open    bool     // today is a day on which it can be renewed
	Missing []string // lessons that have changed by more than a minor edit, or are new
	Quiz    bool     // its quiz has to be passed again
	Vouch   bool     // somebody who leads the person renews it
	Self    bool     // the holder confirms it
	Newer   bool     // of a program: a later version than theirs is published
}

// Ready reports whether nothing but a confirmation is missing.
func (r Renewal) Ready() bool {
	return r.Open && len(r.Missing) == 0 && !r.Quiz && !r.Newer
}

// Renewal returns what renewing a certificate that the actor sees would take.
// Nothing has to be learned again but what has changed by more than a minor edit.
func (s *Service) Renewal(ctx context.Context, by people.Actor, c Certificate) (Renewal, error) {
	today := c.Today(s.Now())
	state := c.State(today)
	r := Renewal{Open: state == CertificateDue || state == CertificateGrace || state == CertificateLapsed || state == CertificateRevoked}
	if !r.Open {
		return r, nil
	}
	if c.Kind == "program" {
		place, err := s.ProgramPlace(ctx, by, c.PersonID, c.Slug)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			return Renewal{}, nil
		}
		r.Vouch, r.Newer = true, place.Newer
		for _, i := range place.Items() {
			if i.State != ItemDone {
				r.Missing = append(r.Missing, i.Title)
			}
		}
		return r, err
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		claim, err := s.courseClaim(ctx, tx, c.PersonID, c.Slug)
		if err != nil || claim == nil {
			r = Renewal{}
			return err
		}
		r.Missing = claim.Missing
		if _, quiz := claim.Content["quiz:"+c.Slug]; quiz {
			r.Quiz = true // a pass in time would have renewed it already, unless lessons are missing
			since := s.renewableSince(c)
			r.Quiz = claim.Again == nil || since == nil || claim.Again.Before(*since)
		} else {
			r.Self = true
		}
		return nil
	})
	return r, err
}

// renewableSince returns from when on what is done counts towards the next
// validity; nil: not yet.
func (s *Service) renewableSince(c Certificate) *time.Time {
	day := c.Today(s.Now())
	switch c.State(day) {
	case CertificateDue, CertificateGrace:
		return c.RenewFrom()
	case CertificateLapsed, CertificateRevoked:
		if c.EndedAt != nil {
			return c.EndedAt
		}
		return c.GraceUntil
	}
	return nil
}

// QuizAnew returns from when on attempts at a course's quiz are counted anew for
// a person, because their certificate is open to renewal; the zero time: never.
func (s *Service) QuizAnew(ctx context.Context, q pg.Querier, personID int64, course string) (time.Time, error) {
	c, err := pg.One[Certificate](ctx, q, certificateQuery+` where c.person_id = $1 and c.kind = 'course' and c.slug = $2 order by c.id desc limit 1`, personID, course)
	if pg.NoRows(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	if since := s.renewableSince(c); since != nil {
		return *since, nil
	}
	return time.Time{}, nil
}

// Renew confirms that a certificate may go on: of a course without a quiz its
// holder, of a program somebody who leads them, with what they saw.
func (s *Service) Renew(ctx context.Context, by people.Actor, id int64, text string) error {
	c, err := s.visible(ctx, s.DB, by, id)
	if err != nil {
		return err
	}
	r, err := s.Renewal(ctx, by, c)
	if err != nil {
		return err
	}
	switch {
	case !r.Open && c.ValidUntil == nil:
		return fault.Conflictf("This certificate never ends, so there is nothing to renew.")
	case !r.Open:
		return fault.Conflictf("This certificate can be renewed from %s on.", c.RenewFrom().Format("2 January 2006"))
	case r.Newer:
		return fault.Conflictf("The program has changed by more than a minor edit. It is renewed in its newest version.")
	case len(r.Missing) > 0:
		return fault.Conflictf("First comes what has changed or is new: %s.", joinTitles(r.Missing))
	case r.Quiz:
		return fault.Conflictf("It is renewed by passing the quiz of the course again.")
	}
	if r.Vouch {
		if err := s.mayRule(ctx, s.DB, by, c.PersonID, "renews"); err != nil {
			return err
		}
		if text, err = note(text, "Say in a line what you saw; it stands in the ledger."); err != nil {
			return err
		}
	} else if by.ID != c.PersonID && !by.BringsData() {
		return fault.Forbiddenf("Only the holder renews this certificate.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var cl *claim
		if c.Kind == "course" {
			cl, err = s.courseClaim(ctx, tx, c.PersonID, c.Slug)
		} else {
			cl, err = s.programClaim(ctx, tx, c.PersonID, c.Slug)
		}
		if err != nil {
			return err
		}
		if cl == nil {
			return fault.Conflictf("“%s” grants no certificate any more.", c.Title)
		}
		now := s.Now()
		cl.Again = &now
		return s.settleClaim(ctx, tx, *cl, &by.ID, text)
	})
}

func joinTitles(all []string) string {
	if len(all) > 3 {
		return fmt.Sprintf("“%s” and %d more", all[0], len(all)-1)
	}
	out := ""
	for i, t := range all {
		if i > 0 {
			out += ", "
		}
		out += "“" + t + "”"
	}
	return out
}

// programClaim reads what a person's program grants; whether they have done all
// of it, its way says. nil if it grants none.
func (s *Service) programClaim(ctx context.Context, tx pgx.Tx, personID int64, program string) (*claim, error) {
	var version int64
	var done bool
	err := tx.QueryRow(ctx, `select version_id, true from program_enrolments where person_id = $1 and program = $2`, personID, program).Scan(&version, &done)
	if pg.NoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	doc, err := (&content.Service{DB: tx, Now: s.Now}).Version(ctx, version)
	if err != nil || doc.Program == nil || doc.Program.Certificate == nil {
		return nil, err
	}
	now := s.Now()
	return &claim{PersonID: personID, Kind: "program", Slug: program, Title: doc.Title, Version: doc.Number, Rule: *doc.Program.Certificate,
		Done: &now, Content: map[string]int{"program:" + program: doc.Number}}, nil
}

// CertificatesDue is the news that certificates may have lapsed, or may be due
// to be granted: the hour has come round.
type CertificatesDue struct{}

// Kind names the news.
func (CertificatesDue) Kind() string { return "courses.certificates_due" }

// Certify brings the ledger up to date: certificates for courses and programs
// that were completed, and a line for each that has lapsed. It may run at any
// time, as often as one likes. It returns how many lines were written.
func (s *Service) Certify(ctx context.Context) (int, error) {
	before, err := pg.Column[int64](ctx, s.DB, `select count(*) from certificate_entries`)
	if err != nil {
		return 0, err
	}
	if err := s.lapseAll(ctx); err != nil {
		return 0, err
	}
	if err := s.grantCourses(ctx); err != nil {
		return 0, err
	}
	if err := s.grantPrograms(ctx); err != nil {
		return 0, err
	}
	after, err := pg.Column[int64](ctx, s.DB, `select count(*) from certificate_entries`)
	if err != nil {
		return 0, err
	}
	return int(after[0] - before[0]), nil
}

func (s *Service) lapseAll(ctx context.Context) error {
	over, err := pg.All[Certificate](ctx, s.DB, certificateQuery+` where ended.act is null and last.grace_until < $1::date order by c.id`, s.Now().AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	for _, c := range over {
		if c.State(c.Today(s.Now())) != CertificateLapsed {
			continue // not yet, where the holder is
		}
		if err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
			now, err := latest(ctx, tx, c.PersonID, c.Kind, c.Slug)
			if err != nil || now == nil || now.ID != c.ID || now.EndedAt != nil || now.State(now.Today(s.Now())) != CertificateLapsed {
				return err
			}
			return s.lapse(ctx, tx, *now)
		}); err != nil {
			return err
		}
	}
	return nil
}

// grantCourses grants what was completed before the course granted anything.
func (s *Service) grantCourses(ctx context.Context) error {
	outlines, err := s.Outlines(ctx)
	if err != nil {
		return err
	}
	for _, o := range outlines {
		if o.Course.Certificate == nil {
			continue
		}
		persons, err := pg.Column[int64](ctx, s.DB, `select e.person_id from enrolments e where e.course = $1 and e.completed_at is not null
			and not exists (select from certificates c where c.person_id = e.person_id and c.kind = 'course' and c.slug = $1) order by 1`, o.Slug)
		if err != nil {
			return err
		}
		for _, p := range persons {
			if err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error { return s.certify(ctx, tx, p, o.Slug) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// grantPrograms grants what is completed of programs.
func (s *Service) grantPrograms(ctx context.Context) error {
	everybody := people.Actor{TimeZone: "UTC"}
	places, err := s.programPlaces(ctx, everybody, `e.withdrawn_at is null and p.active
		and not exists (select from certificates c where c.person_id = e.person_id and c.kind = 'program' and c.slug = e.program)`, nil)
	if err != nil {
		return err
	}
	for _, p := range places {
		done := p.CompletedAt()
		if p.Program.Certificate == nil || done == nil {
			continue
		}
		if err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
			c, err := s.programClaim(ctx, tx, p.PersonID, p.ProgramEnrolment.Program)
			if err != nil || c == nil {
				return err
			}
			c.Done = done
			return s.settleClaim(ctx, tx, *c, nil, "")
		}); err != nil {
			return err
		}
	}
	return nil
}
