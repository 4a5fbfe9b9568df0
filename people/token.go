package people

import (
	"context"
	"slices"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// tokenPrefix lets people and secret scanners see what a leaked string is.
const tokenPrefix = "pitchside_"

// scopeRooms are the rooms of the house that a token's scope may name.
var scopeRooms = []string{"people", "content", "skills", "courses", "assessments", "coaching", "performance"}

// Scopes returns every scope that a token may have: all, and reading or
// writing for each room.
func Scopes() []string {
	out := []string{"all"}
	for _, r := range scopeRooms {
		out = append(out, r+":read", r+":write")
	}
	return out
}

// An APIToken is a program's key to what its owner may do, as far as its
// scopes go.
type APIToken struct {
	ID         int64      `json:"id"`
	Label      string     `json:"label"`
	Scopes     []string   `json:"scopes"`
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
}

// CreateToken makes an API token for a person, by themselves or by the
// operator, and returns it: this is the only time that it can be read.
func (s *Service) CreateToken(ctx context.Context, by Actor, personID int64, label string, scopes []string) (string, error) {
	if by.ID != personID && !by.isOperator() {
		return "", fault.NotFoundf("There is no such person.")
	}
	label = strings.TrimSpace(label)
	wrong := map[string]string{}
	if len(label) > 100 {
		wrong["label"] = "This is too long: at most 100 characters."
	}
	if len(scopes) == 0 {
		wrong["scopes"] = "Choose at least one scope, so that it is clear what the token may do."
	}
	for _, sc := range scopes {
		if !slices.Contains(Scopes(), sc) {
			wrong["scopes"] = "There is no scope " + sc + ". The scopes are " + strings.Join(Scopes(), ", ") + "."
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	secret, err := newToken()
	if err != nil {
		return "", err
	}
	token := tokenPrefix + secret
	scopes = slices.Compact(slices.Sorted(slices.Values(scopes)))
	return token, pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var active bool
		if err := tx.QueryRow(ctx, `select active from persons where id = $1`, personID).Scan(&active); pg.NoRows(err) || err == nil && !active {
			return fault.NotFoundf("There is no such person, or they are not active.")
		} else if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into api_tokens (person_id, token_hash, scopes, label, created_at) values (@person, @token, @scopes, @label, @now)`,
			pgx.NamedArgs{"person": personID, "token": hashed(token), "scopes": scopes, "label": label, "now": s.Now()}); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "token created", &personID, label, map[string]any{"scopes": scopes})
	})
}

// ByToken returns the person behind an API token, with the token's scopes. It
// is Unauthenticated if the token is unknown or revoked or its owner has left.
func (s *Service) ByToken(ctx context.Context, token string) (Actor, error) {
	a := Actor{Token: true}
	var id int64
	var email *string
	var used *time.Time
	err := s.DB.QueryRow(ctx, `select t.id, t.last_used_at, t.scopes, p.id, p.name, p.email, p.role_family, p.time_zone, p.capabilities
		from api_tokens t join persons p on p.id = t.person_id
		where t.token_hash = $1 and t.revoked_at is null and p.active`, hashed(token)).
		Scan(&id, &used, &a.Scopes, &a.ID, &a.Name, &email, &a.RoleFamily, &a.TimeZone, &a.Capabilities)
	if pg.NoRows(err) {
		return Actor{}, &fault.Error{Kind: fault.Unauthenticated, Message: "This token is unknown or was revoked. Make a new one under My data, or with pitchside token."}
	}
	if err != nil {
		return Actor{}, err
	}
	if email != nil {
		a.Email = *email
	}
	if now := s.Now(); used == nil || now.Sub(*used) > sessionNoted {
		_, err = s.DB.Exec(ctx, `update api_tokens set last_used_at = $2 where id = $1`, id, now)
	}
	return a, err
}

// Tokens returns the actor's API tokens that are not revoked, newest first.
func (s *Service) Tokens(ctx context.Context, by Actor) ([]APIToken, error) {
	return pg.All[APIToken](ctx, s.DB, `select id, label, scopes, created_at, last_used_at from api_tokens
		where person_id = $1 and revoked_at is null order by id desc limit 100`, by.ID)
}

// RevokeToken ends one of the actor's own API tokens.
func (s *Service) RevokeToken(ctx context.Context, by Actor, id int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update api_tokens set revoked_at = coalesce(revoked_at, $3) where id = $1 and person_id = $2`, id, by.ID, s.Now())
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.NotFoundf("You have no such token.")
		}
		return Audit(ctx, tx, by, "token revoked", &by.ID, "", map[string]any{"token": id})
	})
}
