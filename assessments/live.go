package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// longestCall ends a call that nobody ended.
const longestCall = 4 * time.Hour

// A LiveCall is a live attempt between a rep and a partner who plays the
// buyer. What the partner ticked is theirs alone until the attempt is
// submitted.
type LiveCall struct {
	AttemptID int64
	PersonID  int64
	Person    string
	PartnerID int64
	Partner   string
	State     State // of the attempt
	InvitedAt time.Time
	JoinedAt  *time.Time
	StartedAt *time.Time
	EndedAt   *time.Time
	Notes     string
	Version   int
}

// Buyer reports whether somebody plays the buyer in this call.
func (c LiveCall) Buyer(by people.Actor) bool { return c.PartnerID == by.ID }

// Running reports whether the call has begun and not ended.
func (c LiveCall) Running() bool { return c.StartedAt != nil && c.EndedAt == nil }

// Open reports whether the call can still be held and changed.
func (c LiveCall) Open() bool { return c.State == Draft || c.State == Resubmit }

// sealed reports whether the buyer card, and what the buyer noted, are the
// buyer's alone: the call was not handed in.
func (c LiveCall) sealed() bool { return c.Open() || c.State == Withdrawn }

// Lasted returns how long the call has lasted until now.
func (c LiveCall) Lasted(now time.Time) time.Duration {
	switch {
	case c.StartedAt == nil:
		return 0
	case c.EndedAt != nil:
		return c.EndedAt.Sub(*c.StartedAt)
	}
	return min(longestCall, max(0, now.Sub(*c.StartedAt)))
}

const liveColumns = `l.attempt_id, a.person_id, p.name as person, l.partner_id, b.name as partner, a.state, l.invited_at, l.joined_at, l.started_at, l.ended_at, l.notes, l.version`

const liveTables = `live_calls l join attempts a on a.id = l.attempt_id join persons p on p.id = a.person_id join persons b on b.id = l.partner_id`

// seesCall is the condition that the actor takes part in call l of attempt a:
// its rep, and the partner while it is not withdrawn.
const seesCall = `(a.person_id = @actor or (l.partner_id = @actor and a.state <> 'withdrawn'))`

func noCall(attemptID int64) error {
	return fault.NotFoundf("There is no live call %d that you take part in.", attemptID)
}

// LiveCall returns a call to those who take part in it, and after submission to
// those who may read the conversation.
func (s *Service) LiveCall(ctx context.Context, by people.Actor, attemptID int64) (LiveCall, error) {
	c, err := pg.One[LiveCall](ctx, s.DB, `select `+liveColumns+` from `+liveTables+`
		where l.attempt_id = @id and (`+seesCall+` or `+seesWords+`)`, s.sight(by, pgx.NamedArgs{"id": attemptID}))
	if pg.NoRows(err) {
		return c, noCall(attemptID)
	}
	if c.sealed() && c.PersonID == by.ID {
		c.Notes = "" // the buyer's, until it is submitted
	}
	return c, err
}

// Partnered returns the calls that wait for the actor as the buyer.
func (s *Service) Partnered(ctx context.Context, by people.Actor) ([]LiveCall, error) {
	return pg.All[LiveCall](ctx, s.DB, `select `+liveColumns+` from `+liveTables+`
		where l.partner_id = $1 and a.state in ('draft', 'resubmit') and l.ended_at is null order by l.invited_at`, by.ID)
}

// Invite asks a colleague to play the buyer of a live draft, in place of whoever
// was asked before, until the call has begun.
func (s *Service) Invite(ctx context.Context, by people.Actor, attemptID int64, email string) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if a.Form != FormLive {
			return fault.Conflictf("This attempt is not a live call. Start another one as a live call.")
		}
		if a.State != Draft && a.State != Resubmit {
			return fault.Conflictf("This attempt is submitted, so its call is over.")
		}
		type colleague struct {
			ID   int64
			Name string
		}
		who, err := pg.One[colleague](ctx, tx, `select id, name from persons where lower(email) = lower($1) and active
			and capabilities && '{rep,coach,manager,author}'`, clean(email))
		if pg.NoRows(err) {
			return fault.Field("email", "Nobody here has this e-mail. Ask your colleague for the one they sign in with.")
		}
		if err != nil {
			return err
		}
		if who.ID == a.PersonID {
			return fault.Field("email", "Choose a colleague: you cannot buy from yourself.")
		}
		tag, err := tx.Exec(ctx, `insert into live_calls (attempt_id, partner_id, invited_at) values (@id, @partner, @now)
			on conflict (attempt_id) do update set partner_id = @partner, invited_at = @now, joined_at = null, notes = '', version = live_calls.version + 1
			where live_calls.started_at is null and live_calls.partner_id <> @partner`,
			pgx.NamedArgs{"id": attemptID, "partner": who.ID, "now": s.Now()})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return s.sameOrBegun(ctx, tx, attemptID, who.ID)
		}
		return tell(ctx, tx, notice{Person: who.ID, Kind: "live_invited", Dedupe: fmt.Sprintf("live:%d:%d:%d", attemptID, who.ID, s.Now().Unix()), At: s.Now(),
			Text: a.Person + " asks you to play the buyer in a role-play.", Link: fmt.Sprintf("/attempts/%d/live", attemptID)})
	})
}

func (s *Service) sameOrBegun(ctx context.Context, tx pgx.Tx, attemptID, partnerID int64) error {
	var same bool
	if err := tx.QueryRow(ctx, `select partner_id = $2 from live_calls where attempt_id = $1`, attemptID, partnerID).Scan(&same); err != nil || same {
		return err
	}
	return fault.Conflictf("The call has begun, so its partner stays. Start another attempt with somebody else.")
}

// lockCall returns a call for those who take part in it to change, locked.
func (s *Service) lockCall(ctx context.Context, tx pgx.Tx, by people.Actor, attemptID int64) (LiveCall, error) {
	c, err := pg.One[LiveCall](ctx, tx, `select `+liveColumns+` from `+liveTables+` where l.attempt_id = @id and `+seesCall+` for update of l`,
		by.Scope(pgx.NamedArgs{"id": attemptID}))
	if pg.NoRows(err) {
		return c, noCall(attemptID)
	}
	if err == nil && !c.Open() {
		err = fault.Conflictf("This attempt is submitted, so its call is over.")
	}
	return c, err
}

// Join notes that the partner has opened the call.
func (s *Service) Join(ctx context.Context, by people.Actor, attemptID int64) error {
	_, err := s.DB.Exec(ctx, `update live_calls set joined_at = $3 where attempt_id = $1 and partner_id = $2 and joined_at is null`, attemptID, by.ID, s.Now())
	return err
}

// StartCall begins the call for both. A second press is harmless.
func (s *Service) StartCall(ctx context.Context, by people.Actor, attemptID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		c, err := s.lockCall(ctx, tx, by, attemptID)
		if err != nil || c.StartedAt != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update live_calls set started_at = $2 where attempt_id = $1`, attemptID, s.Now())
		return err
	})
}

// EndCall ends the call for both. A second press is harmless.
func (s *Service) EndCall(ctx context.Context, by people.Actor, attemptID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		c, err := s.lockCall(ctx, tx, by, attemptID)
		if err != nil || c.EndedAt != nil {
			return err
		}
		if c.StartedAt == nil {
			return fault.Conflictf("The call has not begun.")
		}
		return s.endCall(ctx, tx, c)
	})
}

func (s *Service) endCall(ctx context.Context, tx pgx.Tx, c LiveCall) error {
	_, err := tx.Exec(ctx, `update live_calls set ended_at = $2 where attempt_id = $1`, c.AttemptID, c.StartedAt.Add(c.Lasted(s.Now())))
	return err
}

// SaveNotes keeps what the buyer writes down, if version is the saved one.
func (s *Service) SaveNotes(ctx context.Context, by people.Actor, attemptID int64, text string, version *int) (int, error) {
	if text = clean(text); len(text) > 8000 {
		return 0, fault.Field("notes", "Keep the notes under 8,000 characters.")
	}
	saved := 0
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		c, err := s.lockCall(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if !c.Buyer(by) {
			return noCall(attemptID)
		}
		if version != nil && *version != c.Version {
			return &fault.Error{Kind: fault.Stale, Message: "These notes were saved in another window meanwhile. Nothing is lost: put both together, then save.", Theirs: c.Notes}
		}
		saved = c.Version + 1
		_, err = tx.Exec(ctx, `update live_calls set notes = $2, version = version + 1 where attempt_id = $1`, attemptID, text)
		return err
	})
	return saved, err
}

// settleCall ends a live attempt's call at its submission. It reports whether
// one was held.
func (s *Service) settleCall(ctx context.Context, tx pgx.Tx, attemptID int64) (bool, error) {
	c, err := pg.One[LiveCall](ctx, tx, `select `+liveColumns+` from `+liveTables+` where l.attempt_id = $1 for update of l`, attemptID)
	if pg.NoRows(err) {
		return false, nil
	}
	if err != nil || c.StartedAt == nil {
		return false, err
	}
	if c.EndedAt == nil {
		return true, s.endCall(ctx, tx, c)
	}
	return true, nil
}
