package coaching

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// Kinds of session.
var Kinds = []string{"1:1", "call review", "deal review", "ride-along", "group", "mentor pair"}

// A Session is one meeting of a coach with one or more reps.
type Session struct {
	ID         int64
	Kind       string
	CoachID    int64
	CoachName  string
	At         time.Time
	Template   string // slug of a coaching template, or empty
	State      string // planned, closed, excused, missed
	SharedNote string
	Topics     []string // skill slugs or a few words, at most two
	Version    int
	ClosedAt   *time.Time
	Reps       []SessionRep `db:"-"`
}

// Open reports whether the session can still be written to.
func (s Session) Open() bool { return s.State == "planned" }

// With names the reps, as in "Dana Okafor and Hugo Lindqvist".
func (s Session) With() string {
	var names []string
	for _, r := range s.Reps {
		names = append(names, r.Name)
	}
	return strings.Join(names, " and ")
}

// A SessionRep is a rep in a session, with what they wrote beforehand and after.
type SessionRep struct {
	SessionID int64
	PersonID  int64
	Name      string
	Agenda    string
	Response  string
}

// A SessionPlan is what planning a session takes.
type SessionPlan struct {
	Kind     string
	CoachID  int64 // 0: the actor
	RepIDs   []int64
	At       time.Time
	Template string
}

// parties is the condition that the actor may read session s: its coach, its
// reps, and the managers of its reps.
const parties = `(s.coach_id = @actor or @everyone or exists (select from session_reps r where r.session_id = s.id and (r.person_id = @actor
	or (@as_manager and r.person_id in (select managed_by(@actor))))))`

const sessionColumns = `s.id, s.kind, s.coach_id, c.name as coach_name, s.at, s.template, s.state, s.shared_note, s.topics, s.version, s.closed_at`

// Plan puts a session into both calendars. The actor must coach or manage every
// rep; a second click on the same plan returns the session of the first.
func (s *Service) Plan(ctx context.Context, by people.Actor, p SessionPlan) (int64, error) {
	if p.CoachID == 0 {
		p.CoachID = by.ID
	}
	problems := map[string]string{}
	if !slices.Contains(Kinds, p.Kind) {
		problems["kind"] = "Choose a kind of session."
	}
	if len(p.RepIDs) == 0 {
		problems["rep_ids"] = "Choose at least one person."
	}
	if p.At.IsZero() {
		problems["at"] = "Give the day and the time."
	}
	if p.CoachID != by.ID && !by.BringsData() {
		problems["coach_id"] = "You can plan your own sessions."
	}
	if slices.Contains(p.RepIDs, p.CoachID) {
		problems["rep_ids"] = "A session needs somebody besides its coach."
	}
	if err := fault.Fields(problems); err != nil {
		return 0, err
	}
	slices.Sort(p.RepIDs)
	p.RepIDs = slices.Compact(p.RepIDs)
	var id int64
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		args := by.Scope(pgx.NamedArgs{"reps": p.RepIDs, "coach": p.CoachID, "kind": p.Kind, "at": p.At, "template": p.Template})
		var seen int
		if err := tx.QueryRow(ctx, `select count(*) from persons p where p.id = any(@reps) and p.active and `+people.Leads("p.id"), args).Scan(&seen); err != nil {
			return err
		}
		if seen != len(p.RepIDs) {
			return fault.NotFoundf("One of these people is not among those you coach or manage.")
		}
		// Two clicks on one button arrive one after the other at this lock.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('coaching session'), @coach::int)`, args); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `
			select s.id from coaching_sessions s where s.coach_id = @coach and s.at = @at and s.kind = @kind and s.state = 'planned'
				and (select array_agg(r.person_id order by r.person_id) from session_reps r where r.session_id = s.id) = @reps::bigint[]`, args).Scan(&id)
		if err == nil || !pg.NoRows(err) {
			return err
		}
		if err := tx.QueryRow(ctx, `insert into coaching_sessions (kind, coach_id, at, template) values (@kind, @coach, @at, @template) returning id`,
			args).Scan(&id); err != nil {
			return fmt.Errorf("planning a session: %w", err)
		}
		_, err = tx.Exec(ctx, `insert into session_reps (session_id, person_id) select $1, unnest($2::bigint[])`, id, p.RepIDs)
		return err
	})
	return id, err
}

// Session returns a session that the actor may read.
func (s *Service) Session(ctx context.Context, by people.Actor, id int64) (Session, error) {
	return session(ctx, s.DB, by, id)
}

func session(ctx context.Context, q pg.Querier, by people.Actor, id int64) (Session, error) {
	got, err := pg.One[Session](ctx, q, `select `+sessionColumns+` from coaching_sessions s join persons c on c.id = s.coach_id
		where s.id = @id and `+parties, by.Scope(pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return Session{}, fault.NotFoundf("There is no such session, or it is between other people.")
	}
	if err != nil {
		return Session{}, err
	}
	all := []Session{got}
	err = addReps(ctx, q, all)
	return all[0], err
}

func addReps(ctx context.Context, q pg.Querier, sessions []Session) error {
	ids := make([]int64, len(sessions))
	for i, s := range sessions {
		ids[i] = s.ID
	}
	reps, err := pg.All[SessionRep](ctx, q, `select r.session_id, r.person_id, p.name, r.agenda, r.response
		from session_reps r join persons p on p.id = r.person_id where r.session_id = any($1) order by p.name collate "und-x-icu"`, ids)
	for i := range sessions {
		for _, r := range reps {
			if r.SessionID == sessions[i].ID {
				sessions[i].Reps = append(sessions[i].Reps, r)
			}
		}
	}
	return err
}

// Sessions lists the sessions the actor takes part in, or that their people
// have had: planned ones first to come, or past ones newest first. before is
// the id of the last session of the page before, or 0.
func (s *Service) Sessions(ctx context.Context, by people.Actor, planned bool, before int64, limit int) ([]Session, error) {
	order, state := "s.at desc, s.id desc", "s.state <> 'planned'"
	after := "(s.at, s.id) < (select b.at, b.id from coaching_sessions b where b.id = @before)"
	if planned {
		order, state = "s.at, s.id", "s.state = 'planned'"
		after = "(s.at, s.id) > (select b.at, b.id from coaching_sessions b where b.id = @before)"
	}
	got, err := pg.All[Session](ctx, s.DB, `select `+sessionColumns+` from coaching_sessions s join persons c on c.id = s.coach_id
		where `+state+` and `+parties+` and (@before::bigint = 0 or `+after+`)
		order by `+order+` limit @limit`, by.Scope(pgx.NamedArgs{"before": before, "limit": limit}))
	if err != nil {
		return nil, err
	}
	return got, addReps(ctx, s.DB, got)
}

// WriteAgenda keeps what a rep wants to speak about; the coach sees it when it is saved.
func (s *Service) WriteAgenda(ctx context.Context, by people.Actor, id int64, text string) error {
	return s.repWrites(ctx, by, id, "agenda", text, true)
}

// Respond keeps a rep's answer to what was agreed.
func (s *Service) Respond(ctx context.Context, by people.Actor, id int64, text string) error {
	return s.repWrites(ctx, by, id, "response", text, false)
}

func (s *Service) repWrites(ctx context.Context, by people.Actor, id int64, column, text string, whileOpen bool) error {
	if len(text) > 20_000 {
		return fault.Field(column, "This is too long: at most 20,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		got, err := session(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if whileOpen && !got.Open() {
			return fault.Conflictf("This session is closed. Put it on the agenda of the next one.")
		}
		tag, err := tx.Exec(ctx, `update session_reps set `+column+` = $3 where session_id = $1 and person_id = $2`, id, by.ID, strings.TrimSpace(text))
		if err == nil && tag.RowsAffected() == 0 {
			return fault.Forbiddenf("Only the rep of this session writes here.")
		}
		return err
	})
}

// WriteNotes keeps the coach's notes: the shared one, which the rep reads, and
// the private one, which only its author ever reads. version guards the shared
// note; 0 writes whatever was there.
func (s *Service) WriteNotes(ctx context.Context, by people.Actor, id int64, shared, private string, topics []string, version int) error {
	if len(shared) > 50_000 || len(private) > 50_000 {
		return fault.Field("shared", "This is too long: at most 50,000 characters.")
	}
	if len(topics) > 2 {
		return fault.Field("topics", "Choose at most two topics; the rest can wait for the next session.")
	}
	if topics == nil {
		topics = []string{}
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		got, err := coachsOwn(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if !got.Open() {
			return fault.Conflictf("This session is closed and its notes are kept as they were shared.")
		}
		tag, err := tx.Exec(ctx, `update coaching_sessions set shared_note = @shared, topics = @topics, version = version + 1
			where id = @id and (@version = 0 or version = @version)`,
			pgx.NamedArgs{"id": id, "shared": shared, "topics": topics, "version": version})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return &fault.Error{Kind: fault.Stale, Message: "These notes were saved in another window while you were writing. Nothing is lost: put the two together and save again.", Theirs: got.SharedNote}
		}
		_, err = tx.Exec(ctx, `insert into session_private_notes (session_id, author_id, text) values ($1, $2, $3)
			on conflict (session_id, author_id) do update set text = excluded.text, updated_at = now()`, id, by.ID, private)
		return err
	})
}

// PrivateNote returns the actor's own private note on a session; nobody else's is ever read.
func (s *Service) PrivateNote(ctx context.Context, by people.Actor, id int64) (string, error) {
	var text string
	err := s.DB.QueryRow(ctx, `select text from session_private_notes where session_id = $1 and author_id = $2`, id, by.ID).Scan(&text)
	if pg.NoRows(err) {
		err = nil
	}
	return text, err
}

// coachsOwn returns the session, locked, if the actor is its coach (or brings data).
func coachsOwn(ctx context.Context, tx pgx.Tx, by people.Actor, id int64) (Session, error) {
	if _, err := tx.Exec(ctx, `select from coaching_sessions where id = $1 for update`, id); err != nil {
		return Session{}, err
	}
	got, err := session(ctx, tx, by, id)
	if err == nil && got.CoachID != by.ID && !by.BringsData() {
		err = fault.Forbiddenf("Only %s, who coaches this session, can do that.", got.CoachName)
	}
	return got, err
}

// Close shares the session and closes it. It is refused until every commitment
// carried into it is settled; closing twice is harmless.
func (s *Service) Close(ctx context.Context, by people.Actor, id int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		got, err := coachsOwn(ctx, tx, by, id)
		if err != nil || got.State == "closed" {
			return err
		}
		carried, err := carriedInto(ctx, tx, got)
		if err != nil {
			return err
		}
		var open []string
		for _, c := range carried {
			if c.Outcome == nil {
				open = append(open, fmt.Sprintf("“%s”", c.Behaviour))
			}
		}
		if len(open) > 0 {
			return fault.Conflictf("First settle what was agreed last time: %s. Say for each whether it was kept, missed, changed or dropped.", strings.Join(open, ", "))
		}
		_, err = tx.Exec(ctx, `update coaching_sessions set state = 'closed', closed_at = $2, version = version + 1 where id = $1`, id, s.Now())
		return err
	})
}
