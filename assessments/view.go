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

// A View is one opening of an attempt by somebody other than its rep. Reason
// is given when an admin broke the glass.
type View struct {
	Viewer string
	Reason string
	Played bool // the recording, not only the page
	At     time.Time
}

// Opened notes that the actor has read the conversation of an attempt: once an
// hour for each viewer, never for the rep.
func (s *Service) Opened(ctx context.Context, by people.Actor, a Attempt) error {
	if a.PersonID == by.ID || !a.SeesWords {
		return nil
	}
	_, err := s.DB.Exec(ctx, `insert into attempt_views (attempt_id, viewer_id, at)
		select @attempt, @viewer, @now
		where not exists (select 1 from attempt_views where attempt_id = @attempt and viewer_id = @viewer and at > @since)`,
		pgx.NamedArgs{"attempt": a.ID, "viewer": by.ID, "now": s.Now(), "since": s.Now().Add(-time.Hour)})
	return err
}

// Views returns who has opened an attempt, newest first: to its rep, and to an
// admin.
func (s *Service) Views(ctx context.Context, by people.Actor, attemptID int64) ([]View, error) {
	return pg.All[View](ctx, s.DB, `select p.name as viewer, v.reason, v.played, v.at
		from attempt_views v join persons p on p.id = v.viewer_id join attempts a on a.id = v.attempt_id
		where v.attempt_id = $1 and (a.person_id = $2 or $3)
		order by v.id desc limit 100`, attemptID, by.ID, by.Can(people.Admin))
}

// A Sealed attempt is what an admin may know before giving a reason.
type Sealed struct {
	ID       int64
	Person   string
	Scenario string
}

// Sealed returns the outside of an attempt that an admin may open with a
// reason. A draft or a withdrawn attempt is not one of them.
func (s *Service) Sealed(ctx context.Context, by people.Actor, id int64) (Sealed, error) {
	if !by.Can(people.Admin) || by.Token {
		return Sealed{}, noAttempt(id)
	}
	one, err := pg.One[Sealed](ctx, s.DB, `select a.id, p.name as person, a.scenario from attempts a join persons p on p.id = a.person_id
		where a.id = $1 and a.state not in ('draft', 'withdrawn', 'resubmit')`, id)
	if pg.NoRows(err) {
		return Sealed{}, noAttempt(id)
	}
	return one, err
}

// BreakGlass opens an attempt to an admin for an hour. The reason is logged
// and told to the rep.
func (s *Service) BreakGlass(ctx context.Context, by people.Actor, id int64, reason string) error {
	if _, err := s.Sealed(ctx, by, id); err != nil {
		return err
	}
	if reason = clean(reason); len(reason) < 10 {
		return fault.Field("reason", "Say in a sentence why you need to see it. The rep will read this.")
	}
	if len(reason) > 1000 {
		return fault.Field("reason", "Keep the reason under 1,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var viewID, personID int64
		if err := tx.QueryRow(ctx, `insert into attempt_views (attempt_id, viewer_id, reason, at) values ($1, $2, $3, $4)
			returning id, (select person_id from attempts where id = $1)`, id, by.ID, reason, s.Now()).Scan(&viewID, &personID); err != nil {
			return err
		}
		if err := people.Audit(ctx, tx, by, "attempt.glass_broken", &personID, subject(id), map[string]any{"reason": reason}); err != nil {
			return err
		}
		return tell(ctx, tx, notice{Person: personID, Kind: "attempt_opened", Dedupe: fmt.Sprintf("attempt_view:%d", viewID), At: s.Now(),
			Text: fmt.Sprintf("%s, an admin, opened one of your attempts: %s", by.Name, reason), Link: fmt.Sprintf("/attempts/%d", id)})
	})
}

// A notice is one line of news for a person.
type notice struct {
	Person           int64
	Kind, Text, Link string
	Dedupe           string
	At               time.Time
}

// tell leaves a notice once: the same Dedupe is told once only.
func tell(ctx context.Context, q pg.Querier, n notice) error {
	return people.Tell(ctx, q, people.News{Persons: []int64{n.Person}, Kind: n.Kind, Text: n.Text, Link: n.Link, Dedupe: n.Dedupe, At: n.At})
}
