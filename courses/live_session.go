package courses

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A LiveSession is a class that is held at a time, in a room or over a link.
type LiveSession struct {
	ID           int64
	UID          string // in calendars
	Title        string
	Summary      string
	Kind         string // classroom or virtual
	Topic        string // that items of programs name; empty: none
	At           time.Time
	Minutes      int
	Place        string
	Link         string
	Capacity     int
	Materials    string // one to a line: words, and an address
	HostID       int64
	Host         string
	Sequence     int
	Version      int
	UpdatedAt    time.Time
	CancelledAt  *time.Time
	CancelReason string
	Registered   int
	Waiting      int
	Mine         *string // registered, waiting or left; nil: never asked
	Attended     *bool   // the actor did
	Ahead        int     // on the waiting list before the actor
}

const liveColumns = `s.id, s.uid, s.title, s.summary, s.kind, s.topic, s.at, s.minutes, s.place, s.link, s.capacity, s.materials, s.host_id, h.name as host,
	s.sequence, s.version, s.updated_at, s.cancelled_at, s.cancel_reason,
	(select count(*) from live_registrations r where r.session_id = s.id and r.state = 'registered')::int as registered,
	(select count(*) from live_registrations r where r.session_id = s.id and r.state = 'waiting')::int as waiting,
	m.state as mine, m.attended, (select count(*) from live_registrations r where m.state = 'waiting' and r.session_id = s.id and r.state = 'waiting' and (r.asked_at, r.id) < (m.asked_at, m.id))::int as ahead
	from live_sessions s join persons h on h.id = s.host_id left join live_registrations m on m.session_id = s.id and m.person_id = @actor`

// Ends returns when the session ends.
func (l LiveSession) Ends() time.Time { return l.At.Add(time.Duration(l.Minutes) * time.Minute) }

// Free returns the places that are left.
func (l LiveSession) Free() int { return max(0, l.Capacity-l.Registered) }

// Is reports whether the actor's registration is in this state.
func (l LiveSession) Is(state string) bool { return l.Mine != nil && *l.Mine == state }

// HostedBy reports whether the actor keeps the session: its host, or an admin.
func (l LiveSession) HostedBy(by people.Actor) bool {
	return l.HostID == by.ID || by.Can(people.Admin)
}

// A Material is one line of what a session brings or asks to read.
type Material struct{ Words, Href string }

// Things returns the materials, line by line.
func (l LiveSession) Things() []Material {
	var out []Material
	for line := range strings.Lines(l.Materials) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		words := strings.Fields(line)
		last := words[len(words)-1]
		if !webAddress(last) && !strings.HasPrefix(last, "/") {
			out = append(out, Material{Words: line})
			continue
		}
		m := Material{Words: strings.TrimSpace(strings.TrimSuffix(line, last)), Href: last}
		if m.Words == "" {
			m.Words = last
		}
		out = append(out, m)
	}
	return out
}

// webAddress reports whether text is an address that a page may link to.
func webAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// A LiveFilter narrows a list of live sessions.
type LiveFilter struct {
	Topic string
	Past  bool  // those that have ended, the latest first
	After int64 // the session to go on after; 0: from the start
	Limit int
}

// LiveSessions returns sessions that have not ended, the next first, or those
// that have. Everybody may know of every session.
func (s *Service) LiveSessions(ctx context.Context, by people.Actor, f LiveFilter) ([]LiveSession, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	order, past := `s.at, s.id`, `not (s.at + make_interval(mins => s.minutes) < @now) and (@after = 0 or (s.at, s.id) > (select at, id from live_sessions where id = @after))`
	if f.Past {
		order, past = `s.at desc, s.id desc`, `s.at + make_interval(mins => s.minutes) < @now and (@after = 0 or (s.at, s.id) < (select at, id from live_sessions where id = @after))`
	}
	return pg.All[LiveSession](ctx, s.DB, `select `+liveColumns+` where (@topic = '' or s.topic = @topic) and `+past+` order by `+order+` limit @limit`,
		pgx.NamedArgs{"actor": by.ID, "topic": f.Topic, "now": s.Now(), "after": f.After, "limit": f.Limit})
}

// LiveSession returns one session.
func (s *Service) LiveSession(ctx context.Context, by people.Actor, id int64) (LiveSession, error) {
	return s.liveSession(ctx, s.DB, by, id)
}

func (*Service) liveSession(ctx context.Context, q pg.Querier, by people.Actor, id int64) (LiveSession, error) {
	l, err := pg.One[LiveSession](ctx, q, `select `+liveColumns+` where s.id = @id`, pgx.NamedArgs{"actor": by.ID, "id": id})
	if pg.NoRows(err) {
		return l, fault.NotFoundf("There is no such live session. Learn lists those to come.")
	}
	return l, err
}

// hosts are who may hold a live session.
var hosts = []people.Capability{people.Coach, people.Manager, people.Author, people.Admin}

// MayHost reports whether the actor may plan live sessions.
func MayHost(by people.Actor) bool { return by.Can(hosts...) }

// Topics returns the topics that the items of published programs name, with
// their titles.
func (s *Service) Topics(ctx context.Context) (map[string]string, error) {
	docs, err := s.Content.List(ctx, content.KindProgram)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, d := range docs {
		if d.Program == nil {
			continue
		}
		for _, i := range d.Program.Items() {
			if i.Kind == content.ItemSession {
				out[i.Ref] = i.Title
			}
		}
	}
	return out, nil
}

// checkLive returns what is wrong with a session that is to be planned.
func (s *Service) checkLive(l *LiveSession) error {
	problems := map[string]string{}
	for _, f := range []*string{&l.Title, &l.Summary, &l.Place, &l.Link, &l.Materials, &l.Topic} {
		*f = strings.TrimSpace(*f)
	}
	if l.Title == "" || len([]rune(l.Title)) > 200 {
		problems["title"] = "Give a title of at most 200 characters."
	}
	if l.Kind != "classroom" && l.Kind != "virtual" {
		problems["kind"] = "Choose classroom or virtual."
	}
	if l.At.IsZero() {
		problems["day"] = "Give the day and the time."
	} else if l.At.Before(s.Now().AddDate(-5, 0, 0)) || l.At.After(s.Now().AddDate(5, 0, 0)) {
		problems["day"] = "Choose a day within five years."
	}
	if l.Minutes < 5 || l.Minutes > 1440 {
		problems["minutes"] = "Give the minutes it takes, from 5 to 1440."
	}
	if l.Capacity < 1 || l.Capacity > 10000 {
		problems["capacity"] = "Give the number of places, from 1 to 10,000."
	}
	switch {
	case l.Kind == "classroom" && l.Place == "":
		problems["place"] = "Say where it is, so that people find it."
	case l.Kind == "virtual" && l.Link == "":
		problems["link"] = "Give the address that people open, beginning with https://."
	case l.Link != "" && !webAddress(l.Link):
		problems["link"] = "This is no address that a browser opens. It begins with https://."
	}
	if len(l.Place) > 500 {
		problems["place"] = "This is too long: at most 500 characters."
	}
	if len(l.Summary) > 4000 || len(l.Materials) > 4000 {
		problems["summary"] = "The summary and the materials may have 4,000 characters each."
	}
	if l.Topic != "" && !content.IsSlug(l.Topic) {
		problems["topic"] = "A topic has lower-case letters, digits and hyphens, as the item of a program names it."
	}
	return fault.Fields(problems)
}

// SaveLiveSession plans a session (ID 0), or changes one that the actor keeps,
// if l.Version is the one that is saved now (0: whichever is). Guests are told
// of another time or place, and more places move the waiting list up.
func (s *Service) SaveLiveSession(ctx context.Context, by people.Actor, l LiveSession) (LiveSession, error) {
	if err := s.checkLive(&l); err != nil {
		return l, err
	}
	if l.ID == 0 {
		return s.planLive(ctx, by, l)
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		was, err := s.keptLive(ctx, tx, by, l.ID)
		if err != nil {
			return err
		}
		if was.CancelledAt != nil {
			return fault.Conflictf("This session was cancelled. Plan another one.")
		}
		if l.Version != 0 && l.Version != was.Version {
			return &fault.Error{Kind: fault.Stale, Message: "Somebody changed this session while you were editing. Look at what is saved now, then save yours again.",
				Theirs: fmt.Sprintf("%s, %s, %d minutes, %s %s, %d places", was.Title, was.At.UTC().Format("2 January 2006 15:04 MST"), was.Minutes, was.Place, was.Link, was.Capacity)}
		}
		if l.Capacity < was.Registered {
			return fault.Field("capacity", fmt.Sprintf("%d people have a place already. Give at least as many, or ask somebody to leave first.", was.Registered))
		}
		moved := !l.At.Equal(was.At) || l.Minutes != was.Minutes || l.Place != was.Place || l.Link != was.Link || l.Title != was.Title
		if _, err := tx.Exec(ctx, `update live_sessions set title = @title, summary = @summary, kind = @kind, topic = @topic, at = @at, minutes = @minutes, place = @place, link = @link,
			capacity = @capacity, materials = @materials, sequence = sequence + case when @moved then 1 else 0 end, version = version + 1, updated_at = @now where id = @id`,
			l.args(pgx.NamedArgs{"moved": moved, "now": s.Now()})); err != nil {
			return err
		}
		if moved {
			if err := s.tellGuests(ctx, tx, l.ID, fmt.Sprintf("“%s” has changed. It is on %s. Take the new invitation into your calendar.", l.Title, when(l.At))); err != nil {
				return err
			}
		}
		return s.moveUp(ctx, tx, l.ID)
	})
	if err != nil {
		return l, err
	}
	return s.LiveSession(ctx, by, l.ID)
}

func (l LiveSession) args(more pgx.NamedArgs) pgx.NamedArgs {
	out := pgx.NamedArgs{"id": l.ID, "title": l.Title, "summary": l.Summary, "kind": l.Kind, "topic": l.Topic, "at": l.At, "minutes": l.Minutes, "place": l.Place,
		"link": l.Link, "capacity": l.Capacity, "materials": l.Materials}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// when writes a moment where the zone of the reader is not known.
func when(t time.Time) string { return t.UTC().Format("Monday 2 January 2006, 15:04 MST") }

func (s *Service) planLive(ctx context.Context, by people.Actor, l LiveSession) (LiveSession, error) {
	if !MayHost(by) {
		return l, fault.Forbiddenf("Coaches, managers, authors and admins plan live sessions. Ask one of them.")
	}
	if l.At.Before(s.Now()) && !by.BringsData() {
		return l, fault.Field("day", "This time has passed. Choose a later one.")
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		// A second click on the same plan finds the first.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('live sessions'), $1::int)`, by.ID%(1<<31)); err != nil {
			return err
		}
		args := l.args(pgx.NamedArgs{"by": by.ID, "now": s.Now(), "uid": strings.ToLower(rand.Text()) + "@pitchside"})
		err := tx.QueryRow(ctx, `select id from live_sessions where host_id = @by and at = @at and title = @title and cancelled_at is null`, args).Scan(&l.ID)
		if !pg.NoRows(err) {
			return err
		}
		err = tx.QueryRow(ctx, `insert into live_sessions (uid, title, summary, kind, topic, at, minutes, place, link, capacity, materials, host_id, created_by, created_at, updated_at)
			values (@uid, @title, @summary, @kind, @topic, @at, @minutes, @place, @link, @capacity, @materials, @by, @by, @now, @now) returning id`, args).Scan(&l.ID)
		if err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "live session planned", nil, fmt.Sprintf("live session %d", l.ID), nil)
	})
	if err != nil {
		return l, err
	}
	return s.LiveSession(ctx, by, l.ID)
}

// keptLive returns a session that the actor keeps, locked until the end of the
// transaction: whoever changes who has a place comes one after the other.
func (s *Service) keptLive(ctx context.Context, tx pgx.Tx, by people.Actor, id int64) (LiveSession, error) {
	l, err := s.lockLive(ctx, tx, by, id)
	if err == nil && !l.HostedBy(by) {
		err = fault.Forbiddenf("%s holds this session. Ask them.", l.Host)
	}
	return l, err
}

func (s *Service) lockLive(ctx context.Context, tx pgx.Tx, by people.Actor, id int64) (LiveSession, error) {
	if _, err := tx.Exec(ctx, `select from live_sessions where id = $1 for update`, id); err != nil {
		return LiveSession{}, err
	}
	return s.liveSession(ctx, tx, by, id)
}

// CancelLiveSession calls a session off and tells everybody who has a place or
// waits for one. Cancelling twice is harmless.
func (s *Service) CancelLiveSession(ctx context.Context, by people.Actor, id int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || len(reason) > noteMost {
		return fault.Field("cancel_reason", "Say in a line why; everybody who has a place reads it.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		l, err := s.keptLive(ctx, tx, by, id)
		if err != nil || l.CancelledAt != nil {
			return err
		}
		if l.Ends().Before(s.Now()) {
			return fault.Conflictf("This session has been held already.")
		}
		if _, err := tx.Exec(ctx, `update live_sessions set cancelled_at = $2, cancel_reason = $3, sequence = sequence + 1, version = version + 1, updated_at = $2 where id = $1`, id, s.Now(), reason); err != nil {
			return err
		}
		if err := s.tellGuests(ctx, tx, id, fmt.Sprintf("“%s” on %s was cancelled. Why: %s", l.Title, when(l.At), reason)); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "live session cancelled", nil, fmt.Sprintf("live session %d", id), nil)
	})
}

// tellGuests leaves a notice for everybody who has a place or waits for one.
func (s *Service) tellGuests(ctx context.Context, tx pgx.Tx, id int64, text string) error {
	guests, err := pg.Column[int64](ctx, tx, `select person_id from live_registrations where session_id = $1 and state in ('registered', 'waiting')`, id)
	if err != nil {
		return err
	}
	return people.Tell(ctx, tx, people.News{Persons: guests, Kind: "live_session", Text: text, Link: fmt.Sprintf("/learn/sessions/%d", id), At: s.Now()})
}
