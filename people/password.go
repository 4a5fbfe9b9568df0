package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/argon2"
)

// Lengths of a password, in characters. There is no rule about its letters:
// length is what helps.
const (
	PasswordMin = 10
	PasswordMax = 200
)

// The second recommended choice of RFC 9106: 64 MiB, three passes, four lanes.
const (
	argonMemory = 64 << 10 // KiB
	argonTime   = 3
	argonLanes  = 4
	argonKey    = 32 // bytes
	argonSalt   = 16 // bytes
)

// hashing bounds how many hashes are made at once, and so the memory they take.
var hashing = make(chan struct{}, 2)

// HashPassword returns the argon2id hash of a password in PHC form. It waits
// for its turn, or until ctx ends.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := argon(ctx, password, salt, argonTime, argonMemory, argonLanes, argonKey)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// verifyPassword reports whether password has this hash, made with whatever
// settings the hash names.
func verifyPassword(ctx context.Context, hash, password string) (bool, error) {
	var version, memory, passes, lanes int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("a stored password hash is not argon2id in PHC form")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, fmt.Errorf("a stored password hash has argon2 version %q", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
		return false, fmt.Errorf("a stored password hash has settings %q: %w", parts[3], err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, err
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, err
	}
	got, err := argon(ctx, password, salt, uint32(passes), uint32(memory), uint8(lanes), uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func argon(ctx context.Context, password string, salt []byte, passes, memory uint32, lanes uint8, size uint32) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, size), nil
}

// nobodysHash stands in for a person who is not there or has no password, so
// that refusing them takes the same work.
const nobodysHash = "$argon2id$v=19$m=65536,t=3,p=4$cGl0Y2hzaWRlLW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// checkPassword returns what is wrong with a new password, or "".
func checkPassword(password, email string) string {
	n := utf8.RuneCountInString(password)
	switch {
	case n < PasswordMin:
		return fmt.Sprintf("This is too short: at least %d characters. Several words in a row are easy to remember.", PasswordMin)
	case n > PasswordMax:
		return fmt.Sprintf("This is too long: at most %d characters.", PasswordMax)
	case email != "" && strings.EqualFold(password, email):
		return "This is your e-mail address, which others know. Choose something else."
	case strings.Count(password, password[:1]) == len(password):
		return "This is one character repeated, which is quickly guessed. Choose something else."
	}
	return ""
}

// ChangePassword gives the actor a new password and signs out every other
// session of theirs; keep is the session that stays.
func (s *Service) ChangePassword(ctx context.Context, by Actor, current, password string, keep int64) error {
	if problem := checkPassword(password, by.Email); problem != "" {
		return fault.Field("password", problem)
	}
	try, err := s.beginTry(ctx, by.Email, "")
	if err != nil {
		return err
	}
	var hash *string
	if err := s.DB.QueryRow(ctx, `select password_hash from persons where id = $1 and active`, by.ID).Scan(&hash); err != nil {
		return err
	}
	if hash == nil {
		return fault.Conflictf("You have no password yet. Ask your admin for an invitation link, which lets you choose one.")
	}
	ok, err := verifyPassword(ctx, *hash, current)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Field("current", "This is not your present password. Type it again.")
	}
	if err := s.succeeded(ctx, try); err != nil {
		return err
	}
	fresh, err := HashPassword(ctx, password)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update persons set password_hash = $2, updated_at = now() where id = $1`, by.ID, fresh); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, tx, by.ID, keep); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "password changed", &by.ID, "", nil)
	})
}
