package people

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

const invitationLife = 7 * 24 * time.Hour

// Invite makes an invitation for a person and returns its token, which can be
// read only now. It runs for seven days, works once, and ends any earlier one.
// It also serves somebody who has forgotten their password.
func (s *Service) Invite(ctx context.Context, by Actor, personID int64) (string, error) {
	if !by.Can(Admin) {
		return "", fault.Forbiddenf("Only an admin invites people. Ask yours.")
	}
	token, err := newToken()
	if err != nil {
		return "", err
	}
	return token, pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		p, err := personByID(ctx, tx, by, personID)
		switch {
		case err != nil:
			return err
		case p.Email == "":
			return fault.Conflictf("%s has no e-mail address yet, and signs in with it. Give them one first.", p.Name)
		case !p.Active:
			return fault.Conflictf("%s is not active. Make them active first.", p.Name)
		}
		now := s.Now()
		if _, err := tx.Exec(ctx, `update invitations set expires_at = $2 where person_id = $1 and used_at is null and expires_at > $2`, personID, now); err != nil {
			return err
		}
		var creator *int64
		if by.ID != 0 {
			creator = &by.ID
		}
		if _, err := tx.Exec(ctx, `insert into invitations (token_hash, person_id, created_by, created_at, expires_at) values (@token, @person, @by, @now, @ends)`,
			pgx.NamedArgs{"token": hashed(token), "person": personID, "by": creator, "now": now, "ends": now.Add(invitationLife)}); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "person invited", &personID, p.Name, nil)
	})
}

// An Invitation is an open one: for whom, by whom, until when.
type Invitation struct {
	PersonID  int64
	Name      string
	Email     string
	TimeZone  string
	InvitedBy string // empty if it came from the command line
	ExpiresAt time.Time
	Again     bool // they have a password already and choose a new one
}

// Invitation returns the open invitation with this token; one that was used or
// has run out is NotFound.
func (s *Service) Invitation(ctx context.Context, token string) (Invitation, error) {
	return s.openInvitation(ctx, s.DB, token, "")
}

func (s *Service) openInvitation(ctx context.Context, q pg.Querier, token, lock string) (Invitation, error) {
	inv, err := pg.One[Invitation](ctx, q, `select p.id as person_id, p.name, p.email, p.time_zone, coalesce(b.name, '') as invited_by, i.expires_at,
			p.password_hash is not null as again
		from invitations i join persons p on p.id = i.person_id left join persons b on b.id = i.created_by
		where i.token_hash = $1 and i.used_at is null and i.expires_at > $2 and p.active and p.email is not null `+lock, hashed(token), s.Now())
	if pg.NoRows(err) {
		return inv, fault.NotFoundf("This invitation was used already, or its seven days are over. If you have made your account, sign in; otherwise ask your admin for a new link.")
	}
	return inv, err
}

// A Joining is what a person says when they accept an invitation.
type Joining struct {
	Name      string // empty: as it is
	Password  string
	TimeZone  string // IANA name; empty or unknown: as it is
	UserAgent string // of their browser
}

// Accept uses an invitation up: the person has this password from now on, and
// one session, whose token is returned. Their other sessions end.
func (s *Service) Accept(ctx context.Context, token string, j Joining) (string, error) {
	inv, err := s.Invitation(ctx, token)
	if err != nil {
		return "", err
	}
	p := Person{Name: inv.Name, TimeZone: inv.TimeZone}
	patch := PersonPatch{}
	if j.Name != "" {
		patch.Name = &j.Name
	}
	if _, err := time.LoadLocation(j.TimeZone); err == nil && j.TimeZone != "" && j.TimeZone != "Local" {
		patch.TimeZone = &j.TimeZone
	}
	wrong := p.apply(patch)
	if problem := checkPassword(j.Password, inv.Email); problem != "" {
		wrong["password"] = problem
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	hash, err := HashPassword(ctx, j.Password)
	if err != nil {
		return "", err
	}
	var session string
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := s.openInvitation(ctx, tx, token, "for update of i"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update invitations set used_at = $2 where token_hash = $1`, hashed(token), s.Now()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update persons set name = @name, time_zone = @zone, password_hash = @hash, version = version + 1, updated_at = now() where id = @id`,
			pgx.NamedArgs{"id": inv.PersonID, "name": p.Name, "zone": p.TimeZone, "hash": hash}); err != nil {
			return err
		}
		if _, err := s.endSessions(ctx, tx, inv.PersonID, 0); err != nil {
			return err
		}
		var err error
		if session, err = s.beginSession(ctx, tx, inv.PersonID, j.UserAgent); err != nil {
			return err
		}
		return Audit(ctx, tx, Actor{ID: inv.PersonID}, "invitation accepted", &inv.PersonID, "", nil)
	})
	if err == nil {
		s.signedIn(ctx, inv.PersonID)
	}
	return session, err
}
