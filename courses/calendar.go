package courses

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	ics "github.com/arran4/golang-ical"
	"github.com/jackc/pgx/v5"
)

// An Appointment is an entry of a calendar that another room knows of.
type Appointment struct {
	UID     string
	Title   string
	At      time.Time
	Minutes int
	Path    string // of its page
	Changed time.Time
}

// newCalendar makes a calendar of RFC 5545 for one iTIP method.
func newCalendar(method ics.Method) *ics.Calendar {
	c := ics.NewCalendar()
	c.SetProductId("-//Pitchside//Learning//EN")
	c.SetMethod(method)
	return c
}

// written returns a calendar with the line ends and the folding that RFC 5545 asks for.
func written(c *ics.Calendar) []byte {
	return []byte(c.Serialize(ics.WithNewLineWindows, ics.WithLineLength(75)))
}

// event adds a live session to a calendar. Its moments are in UTC, so that no
// zone needs to be sent along.
func (l LiveSession) event(c *ics.Calendar, url string, now time.Time) *ics.VEvent {
	e := c.AddEvent(l.UID)
	e.SetDtStampTime(now.UTC())
	e.SetModifiedAt(l.UpdatedAt.UTC())
	e.SetStartAt(l.At.UTC())
	e.SetEndAt(l.Ends().UTC())
	e.SetSummary(l.Title)
	e.SetSequence(l.Sequence)
	page := fmt.Sprintf("%s/learn/sessions/%d", url, l.ID)
	e.SetURL(page)
	about := []string{l.Summary, l.Link, page}
	e.SetDescription(strings.TrimSpace(strings.Join(nonEmpty(about), "\n")))
	if place := strings.Join(nonEmpty([]string{l.Place, l.Link}), ", "); place != "" {
		e.SetLocation(place)
	}
	e.SetStatus(ics.ObjectStatusConfirmed)
	if l.CancelledAt != nil {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
	return e
}

func nonEmpty(all []string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Invitation returns the iCalendar file of a live session for the actor: a
// REQUEST while they have a place, a CANCEL once they left or it was called
// off. Its UID never changes, its SEQUENCE counts the changes. url is where
// this company's pages are.
func (s *Service) Invitation(ctx context.Context, by people.Actor, id int64, url string) ([]byte, error) {
	l, err := s.LiveSession(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if l.Mine == nil && l.HostID != by.ID {
		return nil, fault.NotFoundf("There is an invitation once you have a place. Register first.")
	}
	host, err := s.mailOf(ctx, l.HostID)
	if err != nil {
		return nil, err
	}
	method, status := ics.MethodRequest, ics.ParticipationStatusNeedsAction
	gone := l.CancelledAt != nil || l.Is("left") && l.HostID != by.ID
	if gone {
		method = ics.MethodCancel
	}
	if l.Is("registered") || l.HostID == by.ID {
		status = ics.ParticipationStatusAccepted
	}
	c := newCalendar(method)
	e := l.event(c, url, s.Now())
	e.SetOrganizer("mailto:"+host, ics.WithCN(l.Host))
	if gone {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
	if by.Email != "" {
		e.AddAttendee("mailto:"+by.Email, ics.WithCN(by.Name), ics.ParticipationRoleReqParticipant, status, &ics.KeyValues{Key: "RSVP", Value: []string{"TRUE"}})
	}
	return written(c), nil
}

// mailOf returns the address of a person for a calendar, which needs one.
func (s *Service) mailOf(ctx context.Context, id int64) (string, error) {
	mail, err := pg.Column[string](ctx, s.DB, `select coalesce(email, 'nobody@invalid') from persons where id = $1`, id)
	if err != nil || len(mail) == 0 {
		return "nobody@invalid", err
	}
	return mail[0], nil
}

// MakeFeed gives the actor a new secret calendar address and ends the one
// before. It is returned this once only.
func (s *Service) MakeFeed(ctx context.Context, by people.Actor) (token string, err error) {
	token = strings.ToLower(rand.Text())
	hash := sha256.Sum256([]byte(token))
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `insert into calendar_feeds (person_id, token_hash, created_at) values ($1, $2, $3)
			on conflict (person_id) do update set token_hash = excluded.token_hash, created_at = excluded.created_at`, by.ID, hash[:], s.Now()); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "calendar address made", &by.ID, "", nil)
	})
	return token, err
}

// EndFeed ends the actor's calendar address. Ending it twice is harmless.
func (s *Service) EndFeed(ctx context.Context, by people.Actor) error {
	_, err := s.DB.Exec(ctx, `delete from calendar_feeds where person_id = $1`, by.ID)
	return err
}

// FeedSince returns since when the actor has a calendar address, or nil.
func (s *Service) FeedSince(ctx context.Context, by people.Actor) (*time.Time, error) {
	at, err := pg.Column[time.Time](ctx, s.DB, `select created_at from calendar_feeds where person_id = $1`, by.ID)
	if err != nil || len(at) == 0 {
		return nil, err
	}
	return &at[0], nil
}

// Feed returns the calendar behind a secret address: the live sessions of its
// owner, what they have to do in programs by its day, and what other rooms have
// planned with them. An address that nobody has is NotFound.
func (s *Service) Feed(ctx context.Context, token, url string) ([]byte, error) {
	hash := sha256.Sum256([]byte(token))
	type owner struct {
		ID       int64
		Name     string
		TimeZone string
	}
	who, err := pg.One[owner](ctx, s.DB, `select p.id, p.name, p.time_zone from calendar_feeds f join persons p on p.id = f.person_id where f.token_hash = $1 and p.active`, hash[:])
	if pg.NoRows(err) {
		return nil, fault.NotFoundf("This calendar address is not in use any more. Make a new one under Learn, Live sessions.")
	}
	if err != nil {
		return nil, err
	}
	by := people.Actor{ID: who.ID, Name: who.Name, TimeZone: who.TimeZone}
	now := s.Now()
	c := newCalendar(ics.MethodPublish)
	c.SetXWRCalName("Pitchside")
	sessions, err := pg.All[LiveSession](ctx, s.DB, `select `+liveColumns+` where (m.state = 'registered' or s.host_id = @actor) and s.at > @since order by s.at, s.id limit 500`,
		pgx.NamedArgs{"actor": by.ID, "since": now.AddDate(0, -3, 0)})
	if err != nil {
		return nil, err
	}
	for _, l := range sessions {
		l.event(c, url, now)
	}
	if err := s.addItems(ctx, by, c, url); err != nil {
		return nil, err
	}
	if s.Appointments == nil {
		return written(c), nil
	}
	others, err := s.Appointments(ctx, by.ID, now.AddDate(0, -3, 0))
	for _, a := range others {
		e := c.AddEvent(a.UID)
		e.SetDtStampTime(now.UTC())
		e.SetModifiedAt(a.Changed.UTC())
		e.SetStartAt(a.At.UTC())
		e.SetEndAt(a.At.Add(time.Duration(a.Minutes) * time.Minute).UTC())
		e.SetSummary(a.Title)
		e.SetURL(url + a.Path)
	}
	return written(c), err
}

// addItems adds what is open in the owner's programs, on its day.
func (s *Service) addItems(ctx context.Context, by people.Actor, c *ics.Calendar, url string) error {
	places, err := s.MyPrograms(ctx, by)
	for _, p := range places {
		for _, i := range p.Items() {
			if i.State == ItemDone {
				continue
			}
			e := c.AddEvent(fmt.Sprintf("program-%d-%s@pitchside", p.ID, i.ID))
			e.SetDtStampTime(s.Now().UTC())
			e.SetAllDayStartAt(i.Day)
			e.SetAllDayEndAt(i.Day.AddDate(0, 0, 1))
			e.SetSummary("Due: " + i.Title)
			e.SetTimeTransparency(ics.TransparencyTransparent)
			e.SetURL(fmt.Sprintf("%s/learn/programs/%s#%s", url, p.ProgramEnrolment.Program, i.ID))
		}
	}
	return err
}
