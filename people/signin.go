package people

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// Failed sign-ins within the window that make the next one wait. An address is
// shared by a whole office or a proxy, so it bears more than one e-mail does.
const (
	failuresPerEmail   = 10
	failuresPerAddress = 100
	failureWindow      = 15 * time.Minute
)

// SignIn checks an e-mail and its password and returns the token of a new
// session. ip and userAgent describe the browser. The answer, and the work it
// takes, is the same for a wrong password, an unknown e-mail and a person who
// has left. After too many failures it is TooMany, and says when to try again.
func (s *Service) SignIn(ctx context.Context, email, password, ip, userAgent string) (string, error) {
	email = strings.TrimSpace(email)
	try, err := s.beginTry(ctx, email, ip)
	if err != nil {
		return "", err
	}
	type row struct {
		ID           int64
		Name         string
		PasswordHash *string
	}
	p, err := pg.One[row](ctx, s.DB, `select id, name, password_hash from persons where lower(email) = lower($1) and active`, email)
	if err != nil && !pg.NoRows(err) {
		return "", err
	}
	hash := nobodysHash
	if p.PasswordHash != nil {
		hash = *p.PasswordHash
	}
	if len(password) > 4*PasswordMax {
		password = "" // no password is that long, and hashing it would be work for nothing
	}
	ok, err := verifyPassword(ctx, hash, password)
	if err != nil {
		return "", err
	}
	if !ok || p.PasswordHash == nil {
		return "", &fault.Error{Kind: fault.Unauthenticated, Message: "This e-mail and password do not belong together. Check both; capitals matter in the password."}
	}
	if err := s.succeeded(ctx, try); err != nil {
		return "", err
	}
	var token string
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if token, err = s.beginSession(ctx, tx, p.ID, userAgent); err != nil {
			return err
		}
		return Audit(ctx, tx, Actor{ID: p.ID}, "signed in", &p.ID, "", nil)
	})
	if err == nil {
		s.signedIn(ctx, p.ID)
	}
	return token, err
}

// A try is one attempt to give a password. It counts as a failure from the
// moment it begins, so that many at once cannot slip past the limit.
type try struct {
	Keys []string
	At   time.Time
}

// beginTry notes a try for an e-mail and an address; empty ones are not
// counted. It is TooMany, and not noted, once either has failed too often.
func (s *Service) beginTry(ctx context.Context, email, ip string) (try, error) {
	t := try{At: s.Now()}
	limits := map[string]int{}
	if email != "" {
		limits["email:"+strings.ToLower(email)] = failuresPerEmail
	}
	if ip != "" {
		limits["ip:"+ip] = failuresPerAddress
	}
	for key := range limits {
		t.Keys = append(t.Keys, key)
	}
	if _, err := s.DB.Exec(ctx, `delete from sign_in_failures where at < $1`, t.At.Add(-24*time.Hour)); err != nil {
		return t, err
	}
	if _, err := s.DB.Exec(ctx, `insert into sign_in_failures (key, at) select unnest($1::text[]), $2`, t.Keys, t.At); err != nil {
		return t, err
	}
	for key, limit := range limits {
		// The failure that, once out of the window, leaves room for another try.
		var nth time.Time
		err := s.DB.QueryRow(ctx, `select at from sign_in_failures where key = $1 and at > $2 order by at desc offset $3 limit 1`,
			key, t.At.Add(-failureWindow), limit).Scan(&nth)
		if pg.NoRows(err) {
			continue
		}
		if err != nil {
			return t, err
		}
		if err := s.forget(ctx, t); err != nil {
			return t, err
		}
		wait := int(math.Ceil(nth.Add(failureWindow).Sub(t.At).Minutes()))
		when := fmt.Sprintf("in %d minutes", wait)
		if wait <= 1 {
			when = "in a minute"
		}
		return t, &fault.Error{Kind: fault.TooMany, Message: "Too many passwords were wrong in a short time. Try again " + when +
			", or ask your admin for a new invitation link, which lets you choose another password."}
	}
	return t, nil
}

// succeeded takes a try back, and forgives the e-mail its failures. Those of
// the address stay: signing in once must not clear the way for guessing others.
func (s *Service) succeeded(ctx context.Context, t try) error {
	if err := s.forget(ctx, t); err != nil {
		return err
	}
	_, err := s.DB.Exec(ctx, `delete from sign_in_failures where key = any($1) and key like 'email:%'`, t.Keys)
	return err
}

func (s *Service) forget(ctx context.Context, t try) error {
	_, err := s.DB.Exec(ctx, `delete from sign_in_failures where ctid in (
		select distinct on (key) ctid from sign_in_failures where key = any($1) and at = $2)`, t.Keys, t.At)
	return err
}
