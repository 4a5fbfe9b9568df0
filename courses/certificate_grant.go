package courses

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A claim is what somebody has done towards a certificate of one course or
// program: enough for a new one, or for renewing the one they hold.
type claim struct {
	PersonID int64
	Kind     string
	Slug     string
	Title    string
	Version  int
	Rule     content.Certificate
	Done     *time.Time // when it was completed; nil: it was not
	Again    *time.Time // when its quiz was last passed, or somebody last vouched for it
	Missing  []string   // titles of what has changed or come new, and is not done since
	Content  map[string]int
}

// courseClaim reads what a person has done towards the certificate of a course,
// in a transaction; nil if it grants none.
func (s *Service) courseClaim(ctx context.Context, tx pgx.Tx, personID int64, course string) (*claim, error) {
	// A room of its own on this transaction: to ask the other would take a
	// second connection while this one is held.
	library := &content.Service{DB: tx, Now: s.Now}
	doc, err := library.Last(ctx, content.KindCourse, course)
	if err != nil || doc.Course == nil || doc.Course.Certificate == nil {
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return nil, err
	}
	c := &claim{PersonID: personID, Kind: "course", Slug: course, Title: doc.Title, Version: doc.Number, Rule: *doc.Course.Certificate}
	var quiz bool
	err = tx.QueryRow(ctx, `
		select e.completed_at, e.quiz_last_passed_at, exists (select from documents where kind = 'quiz' and slug = @course and published_version is not null and retired_at is null)
		from enrolments e where e.person_id = @person and e.course = @course`, pgx.NamedArgs{"person": personID, "course": course}).Scan(&c.Done, &c.Again, &quiz)
	if pg.NoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !quiz {
		c.Again = nil
	}
	type part struct {
		Kind, Slug, Title string
		Number            int
		Met               bool
	}
	parts, err := pg.All[part](ctx, tx, `
		select d.kind, d.slug, d.title, v.number, d.kind <> 'lesson' or exists (
				select from lesson_progress p join document_versions mine on mine.id = p.version_id
				where p.person_id = @person and p.course = @course and d.slug = p.course || '.' || p.lesson and p.done_at is not null
					and mine.number >= coalesce((select max(m.number) from document_versions m where m.document_id = d.id and m.published_at is not null and not m.minor and m.number <= v.number), 0)) as met
		from documents d join document_versions v on v.id = d.published_version
		where d.retired_at is null and (d.kind in ('course', 'quiz') and d.slug = @course or d.kind = 'lesson' and split_part(d.slug, '.', 1) = @course)
		order by d.path`, pgx.NamedArgs{"person": personID, "course": course})
	c.Content = map[string]int{}
	for _, p := range parts {
		c.Content[p.Kind+":"+p.Slug] = p.Number
		if !p.Met {
			c.Missing = append(c.Missing, p.Title)
		}
	}
	return c, err
}

// certify grants or renews the certificate of a course if what a person has
// done is enough, in the transaction in which they did it.
func (s *Service) certify(ctx context.Context, tx pgx.Tx, personID int64, course string) error {
	c, err := s.courseClaim(ctx, tx, personID, course)
	if err != nil || c == nil {
		return err
	}
	return s.settleClaim(ctx, tx, *c, nil, "")
}

// latest returns the newest certificate of a person for one thing, or nil. Only
// one transaction at a time looks for the same person.
func latest(ctx context.Context, tx pgx.Tx, personID int64, kind, slug string) (*Certificate, error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('certificates'), $1::int)`, personID%(1<<31)); err != nil {
		return nil, err
	}
	c, err := pg.One[Certificate](ctx, tx, certificateQuery+` where c.person_id = $1 and c.kind = $2 and c.slug = $3 order by c.id desc limit 1`, personID, kind, slug)
	if pg.NoRows(err) {
		return nil, nil
	}
	return &c, err
}

// settleClaim writes what follows from a claim, if anything does: a first
// certificate once all is done; another after one that ended, or a renewal while
// one is open to it, when it was done again since and nothing is missing.
func (s *Service) settleClaim(ctx context.Context, tx pgx.Tx, c claim, by *int64, why string) error {
	if c.Done == nil {
		return nil
	}
	had, err := latest(ctx, tx, c.PersonID, c.Kind, c.Slug)
	if err != nil {
		return err
	}
	zone, err := zoneOfPerson(ctx, tx, c.PersonID)
	if err != nil {
		return err
	}
	today := dayIn(s.Now(), zone)
	again := func(since time.Time) bool {
		return len(c.Missing) == 0 && c.Again != nil && !dayIn(*c.Again, zone).Before(since)
	}
	switch {
	case had == nil:
		done := dayIn(*c.Done, zone)
		if _, until, grace := validity(done, c.Rule); until != nil && today.After(*grace) {
			return nil // done before the course granted anything, and too long ago
		}
		return s.grant(ctx, tx, c, done, by, why)
	case had.EndedAt != nil || had.State(today) == CertificateLapsed:
		end := had.EndedAt
		if end == nil {
			end = had.GraceUntil
		}
		if len(c.Missing) == 0 && c.Again != nil && c.Again.After(*end) {
			if had.EndedAt == nil {
				if err := s.lapse(ctx, tx, *had); err != nil {
					return err
				}
			}
			return s.grant(ctx, tx, c, today, by, why)
		}
	case had.ValidUntil != nil && !today.Before(*had.RenewFrom()) && again(*had.RenewFrom()):
		return s.renew(ctx, tx, c, *had, today, by, why)
	}
	return nil
}

func zoneOfPerson(ctx context.Context, q pg.Querier, personID int64) (zone string, err error) {
	err = q.QueryRow(ctx, `select time_zone from persons where id = $1`, personID).Scan(&zone)
	return zone, err
}

// validity returns from which day to which a certificate is valid, and how long
// it can be renewed after.
func validity(from time.Time, rule content.Certificate) (start time.Time, until, grace *time.Time) {
	if rule.Months == 0 {
		return from, nil, nil
	}
	end := addMonths(from, rule.Months)
	last := end.AddDate(0, 0, rule.GraceDays)
	return from, &end, &last
}

// addMonths returns the same day some months later, or the last of that month.
func addMonths(day time.Time, n int) time.Time {
	end := day.AddDate(0, n, 0)
	if end.Day() != day.Day() {
		end = end.AddDate(0, 0, -end.Day())
	}
	return end
}

// newCode returns the name of a certificate in public: 60 random bits, which
// are easy to read out.
func newCode() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12]
}

func (s *Service) grant(ctx context.Context, tx pgx.Tx, c claim, day time.Time, by *int64, why string) error {
	var id int64
	if err := tx.QueryRow(ctx, `insert into certificates (code, person_id, kind, slug, created_at) values (@code, @person, @kind, @slug, @now) returning id`,
		pgx.NamedArgs{"code": newCode(), "person": c.PersonID, "kind": c.Kind, "slug": c.Slug, "now": s.Now()}).Scan(&id); err != nil {
		return err
	}
	if err := s.enter(ctx, tx, id, "granted", c, day, day, by, why); err != nil {
		return err
	}
	return notice(ctx, tx, c.PersonID, "certificate", fmt.Sprintf("Your certificate for “%s” is there.", c.Title), fmt.Sprintf("/certificates/%d", id), s.Now())
}

// renew adds a validity that begins where the one before it ends: who renews
// early loses no day, and who renews in the grace gains none.
func (s *Service) renew(ctx context.Context, tx pgx.Tx, c claim, had Certificate, today time.Time, by *int64, why string) error {
	if err := s.enter(ctx, tx, had.ID, "renewed", c, today, *had.ValidUntil, by, why); err != nil {
		return err
	}
	return notice(ctx, tx, c.PersonID, "certificate", fmt.Sprintf("Your certificate for “%s” is renewed.", c.Title), fmt.Sprintf("/certificates/%d", had.ID), s.Now())
}

// enter writes one line of the ledger.
func (s *Service) enter(ctx context.Context, tx pgx.Tx, id int64, act string, c claim, day, from time.Time, by *int64, why string) error {
	start, until, grace := validity(from, c.Rule)
	parts, err := json.Marshal(c.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into certificate_entries (certificate_id, act, at, day, title, version, content, valid_from, valid_until, grace_until, by_id, reason)
		values (@id, @act, @at, @day, @title, @version, @content, @from, @until, @grace, @by, @why)`,
		pgx.NamedArgs{"id": id, "act": act, "at": s.Now(), "day": day, "title": c.Title, "version": c.Version, "content": parts,
			"from": start, "until": until, "grace": grace, "by": by, "why": why})
	return err
}

// end writes the line that ends a certificate. A second one is left out.
func (s *Service) end(ctx context.Context, tx pgx.Tx, c Certificate, act string, day time.Time, by *int64, why string) (bool, error) {
	tag, err := tx.Exec(ctx, `insert into certificate_entries (certificate_id, act, at, day, title, version, valid_from, valid_until, grace_until, by_id, reason)
		values (@id, @act, @at, @day, @title, @version, @from, @until, @grace, @by, @why)
		on conflict (certificate_id) where act in ('lapsed', 'revoked') do nothing`,
		pgx.NamedArgs{"id": c.ID, "act": act, "at": s.Now(), "day": day, "title": c.Title, "version": c.Version,
			"from": c.ValidFrom, "until": c.ValidUntil, "grace": c.GraceUntil, "by": by, "why": why})
	return tag.RowsAffected() == 1, err
}

func (s *Service) lapse(ctx context.Context, tx pgx.Tx, c Certificate) error {
	wrote, err := s.end(ctx, tx, c, "lapsed", c.GraceUntil.AddDate(0, 0, 1), nil, "")
	if err != nil || !wrote {
		return err
	}
	return notice(ctx, tx, c.PersonID, "certificate", fmt.Sprintf("Your certificate for “%s” has lapsed. Passing it again gives you a new one.", c.Title),
		fmt.Sprintf("/certificates/%d", c.ID), s.Now())
}

// Revoke ends a certificate for a reason that its holder reads: somebody who
// leads them, or an admin. Revoking twice is harmless.
func (s *Service) Revoke(ctx context.Context, by people.Actor, id int64, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return fault.Field("reason", "A reason is missing. One line is enough; the person reads it.")
	case len(reason) > noteMost:
		return fault.Field("reason", "This reason is too long: at most 2,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		c, err := s.visible(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := s.mayRule(ctx, tx, by, c.PersonID, "revokes"); err != nil {
			return err
		}
		if _, err := latest(ctx, tx, c.PersonID, c.Kind, c.Slug); err != nil {
			return err
		}
		day := c.Today(s.Now())
		if c.State(day) == CertificateLapsed {
			return fault.Conflictf("This certificate has lapsed already, so there is nothing to revoke.")
		}
		wrote, err := s.end(ctx, tx, c, "revoked", day, &by.ID, reason)
		if err != nil || !wrote {
			return err
		}
		if err := people.Audit(ctx, tx, by, "revoke certificate", &c.PersonID, c.Kind+" "+c.Slug, map[string]any{"certificate": id, "reason": reason}); err != nil {
			return err
		}
		return notice(ctx, tx, c.PersonID, "certificate", fmt.Sprintf("%s revoked your certificate for “%s”. Why: %s", by.Name, c.Title, reason),
			fmt.Sprintf("/certificates/%d", id), s.Now())
	})
}

// mayRule refuses to decide on one's own certificate, or on that of somebody
// whom one does not lead.
func (s *Service) mayRule(ctx context.Context, q pg.Querier, by people.Actor, personID int64, verb string) error {
	ok := by.Can(people.Admin)
	if !ok {
		got, err := pg.Column[bool](ctx, q, `select `+people.Leads("@person"), by.Scope(pgx.NamedArgs{"person": personID}))
		if err != nil {
			return err
		}
		ok = got[0]
	}
	if !ok || personID == by.ID && !by.BringsData() {
		return fault.Forbiddenf("Somebody who leads the person, or an admin, %s a certificate.", verb)
	}
	return nil
}
