// Package people is who works here: persons, teams, who manages and who
// coaches whom, their sessions and tokens, and who may see whom. It knows
// nothing of courses, scores or deals; only the export of what is held on a
// person reads the other rooms' tables.
package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"
	_ "time/tzdata" // a person's time zone must be found wherever the binary runs

	"pitchside/internal/pg"
)

// A Service does this room's units of work. OnSignedIn is told, after the fact,
// that somebody signed in or joined; nil: nobody is.
type Service struct {
	DB         pg.DB
	Now        func() time.Time
	OnSignedIn func(ctx context.Context, personID int64)

	line     companyLine
	sessions sessionMemo
}

// Operator is the person at the server's own command line, who may do what an
// admin may and is no person of the company.
var Operator = Actor{Name: "the command line", Capabilities: []Capability{Admin}}

func (a Actor) isOperator() bool { return a.ID == 0 && a.Can(Admin) }

// signedIn tells the other rooms of somebody who came in.
func (s *Service) signedIn(ctx context.Context, personID int64) {
	if s.OnSignedIn != nil {
		s.OnSignedIn(ctx, personID)
	}
}

// newToken returns a secret of 256 bits for a link, a cookie or a program.
func newToken() (string, error) {
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// hashed is how a token is stored. It has 256 random bits, so a plain digest
// cannot be turned back.
func hashed(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
