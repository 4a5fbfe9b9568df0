package coaching

import (
	"context"
	"slices"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// MostCommitments is how many commitments one session may make.
const MostCommitments = 3

// Outcomes of a commitment.
var Outcomes = []string{"kept", "missed", "changed", "dropped"}

// A Commitment is one thing somebody said they would do: the behaviour, by
// when, and what would show it.
type Commitment struct {
	ID         int64
	SessionID  int64
	OwnerID    int64
	OwnerName  string
	Behaviour  string
	Skill      *string
	Due        time.Time
	Evidence   string // what would show it
	Outcome    *string
	Reason     string
	EvidenceID *int64 // the piece of evidence that showed it
	SettledAt  *time.Time
	SessionAt  time.Time
	CoachName  string
}

// Ended returns the outcome, or "" while the commitment is open.
func (c Commitment) Ended() string {
	if c.Outcome == nil {
		return ""
	}
	return *c.Outcome
}

// A Promise is what making a commitment takes.
type Promise struct {
	OwnerID   int64
	Behaviour string
	Skill     string
	Due       time.Time
	Evidence  string
}

// A Settlement says how a commitment ended.
type Settlement struct {
	Outcome    string
	Reason     string
	EvidenceID *int64
}

const commitmentColumns = `k.id, k.session_id, k.owner_id, o.name as owner_name, k.behaviour, k.skill, k.due, k.evidence, k.outcome, k.reason,
	k.evidence_id, k.settled_at, s.at as session_at, c.name as coach_name`

const commitmentJoins = ` from commitments k join coaching_sessions s on s.id = k.session_id
	join persons o on o.id = k.owner_id join persons c on c.id = s.coach_id `

// Commit adds a commitment to an open session: at most three, each with an
// owner from the session, a day, and what would show it. The same words for the
// same owner twice are one commitment.
func (s *Service) Commit(ctx context.Context, by people.Actor, sessionID int64, p Promise) (int64, error) {
	p.Behaviour, p.Evidence = strings.TrimSpace(p.Behaviour), strings.TrimSpace(p.Evidence)
	problems := map[string]string{}
	if p.Behaviour == "" {
		problems["behaviour"] = "Say what will be done, as something one could see."
	}
	if p.Evidence == "" {
		problems["evidence"] = "Say what would show that it was done."
	}
	if p.Due.IsZero() || p.Due.Before(s.Now().Truncate(24*time.Hour)) {
		problems["due"] = "Choose today or a later day."
	}
	if len(p.Behaviour) > 500 || len(p.Evidence) > 500 {
		problems["behaviour"] = "Keep it to 500 characters; a commitment is one thing."
	}
	if err := fault.Fields(problems); err != nil {
		return 0, err
	}
	var id int64
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		got, err := partysOwn(ctx, tx, by, sessionID)
		if err != nil {
			return err
		}
		if !got.Open() {
			return fault.Conflictf("This session is closed. Add the commitment in the next one.")
		}
		owns := func(r SessionRep) bool { return r.PersonID == p.OwnerID }
		if p.OwnerID != got.CoachID && !slices.ContainsFunc(got.Reps, owns) {
			return fault.Field("owner_id", "Choose somebody who is in this session.")
		}
		args := pgx.NamedArgs{"session": sessionID, "owner": p.OwnerID, "behaviour": p.Behaviour, "skill": p.Skill, "due": p.Due, "evidence": p.Evidence}
		err = tx.QueryRow(ctx, `select id from commitments where session_id = @session and owner_id = @owner and behaviour = @behaviour`, args).Scan(&id)
		if err == nil || !pg.NoRows(err) {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, `select count(*) from commitments where session_id = @session`, args).Scan(&n); err != nil {
			return err
		}
		if n >= MostCommitments {
			return fault.Conflictf("This session has three commitments already. Change one of them, or keep this for the next session.")
		}
		return tx.QueryRow(ctx, `insert into commitments (session_id, owner_id, behaviour, skill, due, evidence)
			values (@session, @owner, @behaviour, nullif(@skill, ''), @due, @evidence) returning id`, args).Scan(&id)
	})
	return id, err
}

// partysOwn returns the session, locked, if the actor is its coach or one of
// its reps; their managers read it but do not write in it.
func partysOwn(ctx context.Context, tx pgx.Tx, by people.Actor, id int64) (Session, error) {
	if _, err := tx.Exec(ctx, `select from coaching_sessions where id = $1 for update`, id); err != nil {
		return Session{}, err
	}
	got, err := session(ctx, tx, by, id)
	mine := func(r SessionRep) bool { return r.PersonID == by.ID }
	if err == nil && got.CoachID != by.ID && !slices.ContainsFunc(got.Reps, mine) && !by.BringsData() {
		err = fault.Forbiddenf("This session is between %s and %s.", got.CoachName, got.With())
	}
	return got, err
}

// Settle says how a commitment ended. Kept wants what showed it: a piece of
// evidence, or a sentence. Changed and dropped want a reason.
func (s *Service) Settle(ctx context.Context, by people.Actor, id int64, as Settlement) error {
	as.Reason = strings.TrimSpace(as.Reason)
	switch {
	case !slices.Contains(Outcomes, as.Outcome):
		return fault.Field("outcome", "Choose kept, missed, changed or dropped.")
	case as.Outcome == "kept" && as.Reason == "" && as.EvidenceID == nil:
		return fault.Field("reason", "Say what showed it: a role-play, a call, what you saw.")
	case (as.Outcome == "changed" || as.Outcome == "dropped") && as.Reason == "":
		return fault.Field("reason", "Say why, in a few words.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		k, err := commitment(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := partysOwn(ctx, tx, by, k.SessionID); err != nil {
			return err
		}
		if as.EvidenceID != nil {
			var theirs bool
			if err := tx.QueryRow(ctx, `select exists (select from evidence where id = $1 and person_id = $2)`, *as.EvidenceID, k.OwnerID).Scan(&theirs); err != nil {
				return err
			}
			if !theirs {
				return fault.Field("evidence_id", "This piece of evidence is not about the person who made the commitment.")
			}
		}
		_, err = tx.Exec(ctx, `update commitments set outcome = @outcome, reason = @reason, evidence_id = @evidence, settled_at = @now, settled_by = @by where id = @id`,
			pgx.NamedArgs{"id": id, "outcome": as.Outcome, "reason": as.Reason, "evidence": as.EvidenceID, "now": s.Now(), "by": by.ID})
		return err
	})
}

func commitment(ctx context.Context, q pg.Querier, id int64) (Commitment, error) {
	k, err := pg.One[Commitment](ctx, q, `select `+commitmentColumns+commitmentJoins+`where k.id = $1`, id)
	if pg.NoRows(err) {
		err = fault.NotFoundf("There is no such commitment, or it is between other people.")
	}
	return k, err
}

// Commitment returns a commitment of a session that the actor may read.
func (s *Service) Commitment(ctx context.Context, by people.Actor, id int64) (Commitment, error) {
	k, err := commitment(ctx, s.DB, id)
	if err != nil {
		return Commitment{}, err
	}
	if _, err := session(ctx, s.DB, by, k.SessionID); err != nil {
		return Commitment{}, fault.NotFoundf("There is no such commitment, or it is between other people.")
	}
	return k, nil
}

// Made returns the commitments made in a session.
func (s *Service) Made(ctx context.Context, got Session) ([]Commitment, error) {
	return pg.All[Commitment](ctx, s.DB, `select `+commitmentColumns+commitmentJoins+`where k.session_id = $1 order by k.id`, got.ID)
}

// Carried returns the commitments that a session opens on: those of earlier
// sessions of the same coach and reps that were open when it was planned, or
// were settled since the session before it.
func (s *Service) Carried(ctx context.Context, got Session) ([]Commitment, error) {
	return carriedInto(ctx, s.DB, got)
}

func carriedInto(ctx context.Context, q pg.Querier, got Session) ([]Commitment, error) {
	return pg.All[Commitment](ctx, q, `
		with earlier as (
			select distinct e.id, e.at, e.closed_at from coaching_sessions e join session_reps r on r.session_id = e.id
			where e.coach_id = @coach and e.id <> @id and (e.at, e.id) < (@at, @id)
				and r.person_id in (select person_id from session_reps where session_id = @id)
		)
		select `+commitmentColumns+commitmentJoins+`
		where k.session_id in (select id from earlier)
			and (k.settled_at is null or k.settled_at > coalesce((select max(closed_at) from earlier), '-infinity'))
			and (@closed::timestamptz is null or k.settled_at is null or k.settled_at <= @closed)
		order by k.due, k.id`,
		pgx.NamedArgs{"coach": got.CoachID, "id": got.ID, "at": got.At, "closed": got.ClosedAt})
}

// OpenCommitments returns what the actor has promised and not settled, first due first.
func (s *Service) OpenCommitments(ctx context.Context, by people.Actor) ([]Commitment, error) {
	return pg.All[Commitment](ctx, s.DB, `select `+commitmentColumns+commitmentJoins+`
		where k.owner_id = $1 and k.outcome is null order by k.due, k.id limit 50`, by.ID)
}
