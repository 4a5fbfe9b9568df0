package courses

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A CertificateState says how a certificate stands on a day.
type CertificateState string

// The states of a certificate.
const (
	CertificateValid   CertificateState = "valid"
	CertificateDue     CertificateState = "due_soon" // valid, and open to renewal
	CertificateGrace   CertificateState = "in_grace" // ended, and still open to renewal
	CertificateLapsed  CertificateState = "lapsed"
	CertificateRevoked CertificateState = "revoked"
)

// A Certificate is what the ledger says of one: what was granted to whom, until
// when, and what ended it.
type Certificate struct {
	ID         int64
	Code       string
	PersonID   int64
	Person     string
	Zone       string
	Kind       string // course or program
	Slug       string
	Title      string
	Version    int
	Content    map[string]int // number of the version of each part it speaks of
	GrantedOn  time.Time
	ValidFrom  time.Time // of a renewal: where the validity before it ends
	Renewals   int
	ValidUntil *time.Time
	GraceUntil *time.Time
	EndedBy    *string // lapsed or revoked
	EndedAt    *time.Time
	EndedOn    *time.Time
	Reason     string // why it was revoked
}

const certificateQuery = `select c.id, c.code, c.person_id, p.name as person, p.time_zone as zone, c.kind, c.slug, last.title, last.version, last.content,
		first.day as granted_on, last.valid_from, (select count(*) from certificate_entries e where e.certificate_id = c.id and e.act = 'renewed')::int as renewals,
		last.valid_until, last.grace_until, ended.act as ended_by, ended.at as ended_at, ended.day as ended_on, coalesce(ended.reason, '') as reason
	from certificates c join persons p on p.id = c.person_id
	join lateral (select day from certificate_entries e where e.certificate_id = c.id and e.act = 'granted' order by e.id limit 1) first on true
	join lateral (select title, version, content, valid_from, valid_until, grace_until from certificate_entries e
		where e.certificate_id = c.id and e.act in ('granted', 'renewed') order by e.id desc limit 1) last on true
	left join certificate_entries ended on ended.certificate_id = c.id and ended.act in ('lapsed', 'revoked')`

// State returns how the certificate stands on a day. What the days say counts,
// also before the ledger has its line about a lapse.
func (c Certificate) State(day time.Time) CertificateState {
	switch {
	case c.EndedBy != nil && *c.EndedBy == "revoked":
		return CertificateRevoked
	case c.EndedBy != nil || c.GraceUntil != nil && day.After(*c.GraceUntil):
		return CertificateLapsed
	case c.ValidUntil == nil:
		return CertificateValid
	case day.After(*c.ValidUntil):
		return CertificateGrace
	case !day.Before(*c.RenewFrom()):
		return CertificateDue
	}
	return CertificateValid
}

// RenewFrom returns the first day on which the certificate can be renewed: that
// of the last quarter of its validity. nil: it never ends.
func (c Certificate) RenewFrom() *time.Time {
	if c.ValidUntil == nil {
		return nil
	}
	quarter := int(c.ValidUntil.Sub(c.ValidFrom).Hours()/24) / 4
	day := c.ValidUntil.AddDate(0, 0, -quarter)
	return &day
}

// Days says how many days lie between a day and the end that comes next: of the
// validity, or once that is over of the grace. nil: there is none.
func (c Certificate) Days(day time.Time) *int {
	end := c.ValidUntil
	if end != nil && day.After(*end) {
		end = c.GraceUntil
	}
	if end == nil {
		return nil
	}
	n := int(end.Sub(day).Hours() / 24)
	return &n
}

// Today returns the day it is where the holder is.
func (c Certificate) Today(now time.Time) time.Time { return dayIn(now, c.Zone) }

// A CertificateEntry is one line of the ledger of a certificate.
type CertificateEntry struct {
	Act        string // granted, renewed, lapsed or revoked
	At         time.Time
	Day        time.Time
	Title      string
	Version    int
	ValidUntil *time.Time
	By         *string
	Reason     string
}

// PersonCertificates returns the certificates of a person, the newest first.
func (s *Service) PersonCertificates(ctx context.Context, by people.Actor, personID int64) ([]Certificate, error) {
	if err := maySee(ctx, s.DB, by, personID); err != nil {
		return nil, err
	}
	return pg.All[Certificate](ctx, s.DB, certificateQuery+` where c.person_id = $1 order by c.id desc`, personID)
}

// Certificates returns the certificates of those whom the actor leads, or for
// admins of everybody, by name: of people who are still here.
func (s *Service) Certificates(ctx context.Context, by people.Actor) ([]Certificate, error) {
	return pg.All[Certificate](ctx, s.DB, certificateQuery+` where p.active and c.person_id <> @actor and (@admin or `+people.Leads("c.person_id")+`)
		order by lower(p.name), p.id, c.id desc limit 5000`, by.Scope(pgx.NamedArgs{"admin": by.Can(people.Admin)}))
}

// Certificate returns one certificate that the actor sees, with its ledger.
func (s *Service) Certificate(ctx context.Context, by people.Actor, id int64) (Certificate, []CertificateEntry, error) {
	c, err := s.visible(ctx, s.DB, by, id)
	if err != nil {
		return c, nil, err
	}
	lines, err := pg.All[CertificateEntry](ctx, s.DB, `select e.act, e.at, e.day, e.title, e.version, e.valid_until, b.name as by, e.reason
		from certificate_entries e left join persons b on b.id = e.by_id where e.certificate_id = $1 order by e.id`, id)
	return c, lines, err
}

func (s *Service) visible(ctx context.Context, q pg.Querier, by people.Actor, id int64) (Certificate, error) {
	c, err := pg.One[Certificate](ctx, q, certificateQuery+` where c.id = @id and (@admin or `+people.Sees("c.person_id")+`)`,
		by.Scope(pgx.NamedArgs{"id": id, "admin": by.Can(people.Admin)}))
	if pg.NoRows(err) {
		return c, fault.NotFoundf("There is no such certificate for you to see.")
	}
	return c, err
}
