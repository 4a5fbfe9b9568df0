package courses

import (
	"context"
	"strings"
	"sync"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
)

// A Verified is all that the public is told of a certificate.
type Verified struct {
	Name       string
	Title      string
	Granted    time.Time
	ValidUntil *time.Time
	State      CertificateState
}

// How many certificates one address may look up in a time.
const (
	lookupsMost   = 30
	lookupsWindow = time.Minute
)

// lookups counts look-ups by address, so that nobody tries codes in a row. Each
// server counts its own.
type lookups struct {
	mu    sync.Mutex
	since time.Time
	of    map[string]int
}

// allow counts one look-up; it is TooMany once there were too many.
func (l *lookups) allow(address string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil || now.Sub(l.since).Abs() >= lookupsWindow {
		l.since, l.of = now, map[string]int{}
	}
	if l.of[address]++; l.of[address] > lookupsMost {
		return &fault.Error{Kind: fault.TooMany, Message: "Many certificates were looked up from your address in a short time. Try again in a minute."}
	}
	return nil
}

// Verify tells anybody who has its code how a certificate stands. It needs no
// sign-in; address is that of the caller.
func (s *Service) Verify(ctx context.Context, address, code string) (Verified, error) {
	if err := s.looked.allow(address, s.Now()); err != nil {
		return Verified{}, err
	}
	c, err := s.byCode(ctx, code)
	if err != nil {
		return Verified{}, err
	}
	state := c.State(c.Today(s.Now()))
	if state == CertificateDue {
		state = CertificateValid // when it is renewed is nobody else's business
	}
	return Verified{Name: c.Person, Title: c.Title, Granted: c.GrantedOn, ValidUntil: c.ValidUntil, State: state}, nil
}

func (s *Service) byCode(ctx context.Context, code string) (Certificate, error) {
	c, err := pg.One[Certificate](ctx, s.DB, certificateQuery+` where c.code = $1`, strings.ToLower(strings.TrimSpace(code)))
	if pg.NoRows(err) {
		return c, fault.NotFoundf("There is no certificate with this code. Compare it with the print: it has three groups of four letters and digits.")
	}
	return c, err
}
