package people

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

const (
	sessionIdle  = 14 * 24 * time.Hour // a session ends this long after it was last used
	sessionNoted = 5 * time.Minute     // and its last use is written at most this often
)

// Session returns the person behind the token of a session, and the session's
// id. It is Unauthenticated if the session has ended or the person has left.
func (s *Service) Session(ctx context.Context, token string) (Actor, int64, error) {
	now := s.Now()
	if k, ok := s.sessions.get(token, now); ok {
		return k.actor, k.id, nil
	}
	var a Actor
	var id int64
	var email *string
	var seen time.Time
	err := s.DB.QueryRow(ctx, `select s.id, s.last_seen_at, p.id, p.name, p.email, p.role_family, p.time_zone, p.capabilities
		from web_sessions s join persons p on p.id = s.person_id
		where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2 and p.active`, hashed(token), now).
		Scan(&id, &seen, &a.ID, &a.Name, &email, &a.RoleFamily, &a.TimeZone, &a.Capabilities)
	if pg.NoRows(err) {
		return Actor{}, 0, &fault.Error{Kind: fault.Unauthenticated, Message: "Your session has ended. Sign in to go on."}
	}
	if err != nil {
		return Actor{}, 0, err
	}
	if email != nil {
		a.Email = *email
	}
	if now.Sub(seen) > sessionNoted {
		_, err = s.DB.Exec(ctx, `update web_sessions set last_seen_at = $2, expires_at = $3 where id = $1 and last_seen_at < $2`, id, now, now.Add(sessionIdle))
	}
	if err == nil {
		s.sessions.put(token, knownSession{a, id, now})
	}
	return a, id, err
}

// beginSession returns the token of a new session of the person.
func (s *Service) beginSession(ctx context.Context, tx pg.Querier, personID int64, userAgent string) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	if r := []rune(userAgent); len(r) > 300 {
		userAgent = string(r[:300])
	}
	now := s.Now()
	_, err = tx.Exec(ctx, `insert into web_sessions (token_hash, person_id, user_agent, created_at, last_seen_at, expires_at)
		values (@token, @person, @agent, @now, @now, @ends)`,
		pgx.NamedArgs{"token": hashed(token), "person": personID, "agent": userAgent, "now": now, "ends": now.Add(sessionIdle)})
	return token, err
}

// SignOut ends the session of a token; one that has ended already is fine.
func (s *Service) SignOut(ctx context.Context, token string) error {
	defer s.ForgetSessions()
	_, err := s.DB.Exec(ctx, `update web_sessions set revoked_at = $2 where token_hash = $1 and revoked_at is null`, hashed(token), s.Now())
	return err
}

// A Session is one browser in which a person is signed in.
type Session struct {
	ID         int64     `json:"id"`
	UserAgent  string    `json:"user_agent"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
}

// Sessions returns the actor's open sessions, the one last used first.
func (s *Service) Sessions(ctx context.Context, by Actor) ([]Session, error) {
	return pg.All[Session](ctx, s.DB, `select id, user_agent, created_at, last_seen_at from web_sessions
		where person_id = $1 and revoked_at is null and expires_at > $2 order by last_seen_at desc, id desc limit 100`, by.ID, s.Now())
}

// RevokeSession ends one of the actor's own sessions.
func (s *Service) RevokeSession(ctx context.Context, by Actor, id int64) error {
	defer s.ForgetSessions()
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update web_sessions set revoked_at = coalesce(revoked_at, $3) where id = $1 and person_id = $2`, id, by.ID, s.Now())
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.NotFoundf("You have no such session.")
		}
		return Audit(ctx, tx, by, "session ended", &by.ID, "", map[string]any{"session": id})
	})
}

// RevokeSessions ends every session of the actor except keep (0: every one)
// and returns how many it ended.
func (s *Service) RevokeSessions(ctx context.Context, by Actor, keep int64) (int, error) {
	defer s.ForgetSessions()
	var n int
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var err error
		if n, err = s.endSessions(ctx, tx, by.ID, keep); err != nil || n == 0 {
			return err
		}
		return Audit(ctx, tx, by, "sessions ended", &by.ID, "", map[string]any{"sessions": n})
	})
	return n, err
}

func (s *Service) endSessions(ctx context.Context, tx pg.Querier, personID, keep int64) (int, error) {
	defer s.ForgetSessions()
	tag, err := tx.Exec(ctx, `update web_sessions set revoked_at = $3
		where person_id = $1 and id <> $2 and revoked_at is null and expires_at > $3`, personID, keep, s.Now())
	return int(tag.RowsAffected()), err
}
