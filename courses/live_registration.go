package courses

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Guest is somebody who asked for a place in a live session.
type Guest struct {
	PersonID int64
	Name     string
	Email    string
	State    string // registered, waiting or left
	AskedAt  time.Time
	Attended *bool
}

// Guests returns who asked for a place: for the host all of them, for others
// themselves and those they lead; places first, then the waiting list in order.
func (s *Service) Guests(ctx context.Context, by people.Actor, id int64) ([]Guest, error) {
	l, err := s.LiveSession(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return pg.All[Guest](ctx, s.DB, `select r.person_id, p.name, coalesce(p.email, '') as email, r.state, r.asked_at, r.attended
		from live_registrations r join persons p on p.id = r.person_id
		where r.session_id = @id and r.state <> 'left' and (@host or r.person_id = @actor or `+people.Leads("r.person_id")+`)
		order by r.state, case when r.state = 'waiting' then r.asked_at end, lower(p.name), r.id`, by.Scope(pgx.NamedArgs{"id": id, "host": l.HostedBy(by)}))
}

// Register asks for a place for the actor, or for somebody they lead: a place
// while there is one, else the end of the waiting list. Asking twice changes
// nothing.
func (s *Service) Register(ctx context.Context, by people.Actor, personID, id int64) (state string, err error) {
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := mayPlanFor(ctx, tx, by, personID); err != nil {
			return err
		}
		l, err := s.lockLive(ctx, tx, by, id)
		switch {
		case err != nil:
			return err
		case l.CancelledAt != nil:
			return fault.Conflictf("This session was cancelled: %s", l.CancelReason)
		case l.Ends().Before(s.Now()):
			return fault.Conflictf("This session has been held already. Learn lists those to come.")
		}
		args := pgx.NamedArgs{"id": id, "person": personID, "now": s.Now(), "state": "registered"}
		err = tx.QueryRow(ctx, `select state from live_registrations where session_id = @id and person_id = @person and state <> 'left'`, args).Scan(&state)
		if !pg.NoRows(err) {
			return err
		}
		// Nobody passes those who wait, even where a place has just come free.
		if l.Free() == 0 || l.Waiting > 0 {
			args["state"] = "waiting"
		}
		state = args["state"].(string)
		if _, err := tx.Exec(ctx, `insert into live_registrations (session_id, person_id, state, asked_at, changed_at) values (@id, @person, @state, @now, @now)
			on conflict (session_id, person_id) do update set state = excluded.state, asked_at = excluded.asked_at, attended = null, changed_at = excluded.changed_at`, args); err != nil {
			return err
		}
		if personID == by.ID {
			return nil
		}
		text := fmt.Sprintf("%s registered you for “%s” on %s.", by.Name, l.Title, when(l.At))
		if state == "waiting" {
			text = fmt.Sprintf("%s put you on the waiting list of “%s” on %s.", by.Name, l.Title, when(l.At))
		}
		if err := notice(ctx, tx, personID, "live_session", text, fmt.Sprintf("/learn/sessions/%d", id), s.Now()); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "register", &personID, fmt.Sprintf("live session %d", id), nil)
	})
	return state, err
}

// Unregister gives a place back, or leaves the waiting list, for the actor,
// somebody they lead or, by the host, anybody. Whoever waits longest gets the
// place in the same moment. Leaving twice is harmless.
func (s *Service) Unregister(ctx context.Context, by people.Actor, personID, id int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		l, err := s.lockLive(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if !l.HostedBy(by) {
			if err := mayPlanFor(ctx, tx, by, personID); err != nil {
				return err
			}
		}
		if l.Ends().Before(s.Now()) {
			return fault.Conflictf("This session has been held already; the attendance says who was there.")
		}
		tag, err := tx.Exec(ctx, `update live_registrations set state = 'left', changed_at = $3 where session_id = $1 and person_id = $2 and state <> 'left'`, id, personID, s.Now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if personID != by.ID {
			if err := people.Audit(ctx, tx, by, "unregister", &personID, fmt.Sprintf("live session %d", id), nil); err != nil {
				return err
			}
		}
		return s.moveUp(ctx, tx, id)
	})
}

// moveUp gives the free places of a locked session to those who wait longest.
func (s *Service) moveUp(ctx context.Context, tx pgx.Tx, id int64) error {
	moved, err := pg.Column[int64](ctx, tx, `
		update live_registrations set state = 'registered', changed_at = @now where id in (
			select r.id from live_registrations r where r.session_id = @id and r.state = 'waiting' order by r.asked_at, r.id
			limit greatest(0, (select s.capacity - (select count(*) from live_registrations x where x.session_id = s.id and x.state = 'registered')
				from live_sessions s where s.id = @id and s.cancelled_at is null)))
		returning person_id`, pgx.NamedArgs{"id": id, "now": s.Now()})
	if err != nil || len(moved) == 0 {
		return err
	}
	title, err := pg.Column[string](ctx, tx, `select title from live_sessions where id = $1`, id)
	if err != nil {
		return err
	}
	return people.Tell(ctx, tx, people.News{Persons: moved, Kind: "live_session", Text: "A place came free: you are registered for “" + title[0] + "”.",
		Link: fmt.Sprintf("/learn/sessions/%d", id), At: s.Now()})
}

// MarkAttendance writes who was there, of those who had a place or waited for
// one; who is left out stays as they are. The host does it, from the start on.
// Somebody who waited and came has a place by it.
func (s *Service) MarkAttendance(ctx context.Context, by people.Actor, id int64, there map[int64]bool) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		l, err := s.keptLive(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if l.CancelledAt != nil {
			return fault.Conflictf("This session was cancelled, so nobody attended it.")
		}
		if l.At.After(s.Now()) {
			return fault.Conflictf("The session has not begun. Attendance is taken from its start on.")
		}
		for person, was := range there {
			if _, err := tx.Exec(ctx, `update live_registrations set attended = @was, marked_by = @by, changed_at = @now,
				state = case when @was and state = 'waiting' then 'registered' else state end
				where session_id = @id and person_id = @person and state <> 'left' and attended is distinct from @was`,
				pgx.NamedArgs{"id": id, "person": person, "was": was, "by": by.ID, "now": s.Now()}); err != nil {
				return err
			}
		}
		return people.Audit(ctx, tx, by, "attendance", nil, fmt.Sprintf("live session %d", id), map[string]any{"marked": len(there)})
	})
}

// MySessions returns the sessions to come in which the actor has a place or
// waits for one, the next first.
func (s *Service) MySessions(ctx context.Context, by people.Actor) ([]LiveSession, error) {
	return pg.All[LiveSession](ctx, s.DB, `select `+liveColumns+` where (m.state in ('registered', 'waiting') or s.host_id = @actor) and s.cancelled_at is null
		and s.at + make_interval(mins => s.minutes) > @now order by s.at, s.id limit 50`, pgx.NamedArgs{"actor": by.ID, "now": s.Now()})
}
