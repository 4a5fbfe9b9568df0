package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type liveListPage struct {
	Base
	Coming, Past []courses.LiveSession
	Topic        string
	TopicTitle   string
	MayPlan      bool
	FeedSince    *time.Time
	Feed         string // a new address, shown once
	Form         liveForm
	Topics       []option
	Problems     Problems
}

type liveForm struct {
	Title     string `form:"title"`
	Summary   string `form:"summary"`
	Kind      string `form:"kind"`
	Topic     string `form:"topic"`
	Day       string `form:"day" validate:"required,datetime=2006-01-02"`
	Time      string `form:"time" validate:"required,datetime=15:04"`
	Minutes   string `form:"minutes" validate:"required,number"`
	Place     string `form:"place"`
	Link      string `form:"link"`
	Capacity  string `form:"capacity" validate:"required,number"`
	Materials string `form:"materials"`
	Version   string `form:"version"`
}

const liveAPage = 50

func (s *Site) showLiveSessions(c *gin.Context) error {
	return s.liveListPage(c, http.StatusOK, liveListPage{Form: liveForm{Kind: "classroom", Day: s.Now().AddDate(0, 0, 14).Format(time.DateOnly), Time: "10:00", Minutes: "60", Capacity: "12", Topic: c.Query("topic")}})
}

func (s *Site) liveListPage(c *gin.Context, code int, p liveListPage) error {
	by := actor(c)
	p.Base, p.Topic, p.MayPlan = s.base(c, "Live sessions"), c.Query("topic"), courses.MayHost(by)
	var err error
	if p.Coming, err = s.Courses.LiveSessions(ctx(c), by, courses.LiveFilter{Topic: p.Topic, Limit: liveAPage}); err != nil {
		return err
	}
	if p.Past, err = s.Courses.LiveSessions(ctx(c), by, courses.LiveFilter{Topic: p.Topic, Past: true, Limit: 10}); err != nil {
		return err
	}
	if p.FeedSince, err = s.Courses.FeedSince(ctx(c), by); err != nil {
		return err
	}
	if p.Topics, err = s.topicOptions(c); err != nil {
		return err
	}
	for _, t := range p.Topics {
		if t.Value == p.Topic {
			p.TopicTitle = t.Label
		}
	}
	return s.show(c, code, "live/list", p)
}

func (s *Site) topicOptions(c *gin.Context) ([]option, error) {
	topics, err := s.Courses.Topics(ctx(c))
	var out []option
	for slug, title := range topics {
		out = append(out, option{slug, title})
	}
	slices.SortFunc(out, func(a, b option) int { return cmp.Compare(a.Label, b.Label) })
	return out, err
}

// session reads the form; bind has seen its numbers and days.
func (f liveForm) session(zone *time.Location) courses.LiveSession {
	l := courses.LiveSession{Title: f.Title, Summary: f.Summary, Kind: f.Kind, Topic: f.Topic, Place: f.Place, Link: f.Link, Materials: f.Materials}
	l.Minutes, _ = strconv.Atoi(f.Minutes)
	l.Capacity, _ = strconv.Atoi(f.Capacity)
	l.Version, _ = strconv.Atoi(f.Version)
	l.At, _ = time.ParseInLocation("2006-01-02 15:04", f.Day+" "+f.Time, zone)
	return l
}

func liveFormOf(l courses.LiveSession, zone *time.Location) liveForm {
	at := l.At.In(zone)
	return liveForm{Title: l.Title, Summary: l.Summary, Kind: l.Kind, Topic: l.Topic, Day: at.Format(time.DateOnly), Time: at.Format("15:04"), Minutes: strconv.Itoa(l.Minutes),
		Place: l.Place, Link: l.Link, Capacity: strconv.Itoa(l.Capacity), Materials: l.Materials, Version: strconv.Itoa(l.Version)}
}

func zoneFor(by people.Actor) *time.Location {
	if z := zoneOf(by.TimeZone); z != nil {
		return z
	}
	return time.UTC
}

func (s *Site) planLive(c *gin.Context) error {
	var form liveForm
	by := actor(c)
	err := bind(c, &form)
	var made courses.LiveSession
	if err == nil {
		made, err = s.Courses.SaveLiveSession(ctx(c), by, form.session(zoneFor(by)))
	}
	if p, ok := problems(err); ok {
		return s.liveListPage(c, http.StatusUnprocessableEntity, liveListPage{Form: form, Problems: p})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/learn/sessions/%d", made.ID), "Planned. It stands under Live sessions, where people ask for a place.")
}

// makeFeed shows the new address of one's calendar, this once.
func (s *Site) makeFeed(c *gin.Context) error {
	token, err := s.Courses.MakeFeed(ctx(c), actor(c))
	if err != nil {
		return err
	}
	return s.liveListPage(c, http.StatusOK, liveListPage{Feed: s.URL + "/calendar/" + token + ".ics",
		Form: liveForm{Kind: "classroom", Day: s.Now().AddDate(0, 0, 14).Format(time.DateOnly), Time: "10:00", Minutes: "60", Capacity: "12"}})
}

func (s *Site) endFeed(c *gin.Context) error {
	if err := s.Courses.EndFeed(ctx(c), actor(c)); err != nil {
		return err
	}
	return s.seeOther(c, "/learn/sessions", "The calendar address has ended. Calendars that used it stop changing.")
}

// showFeed is read by calendars, which cannot sign in: the address is the key.
func (s *Site) showFeed(c *gin.Context) error {
	feed, err := s.Courses.Feed(ctx(c), strings.TrimSuffix(c.Param("token"), ".ics"), s.URL)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "private, max-age=300")
	c.Data(http.StatusOK, "text/calendar; charset=utf-8", feed)
	return nil
}

type livePage struct {
	Base
	L        courses.LiveSession
	Guests   []courses.Guest
	Host     bool
	Begun    bool
	Over     bool
	Led      []people.Brief // whom one may register
	Topics   []option
	Topic    string
	Form     liveForm
	Reason   string // typed into the form that calls it off
	Theirs   string
	Editing  bool
	Problems Problems
}

// Rows says how many guests of a state the reader sees.
func (p livePage) Rows(state string) int {
	n := 0
	for _, g := range p.Guests {
		if g.State == state {
			n++
		}
	}
	return n
}

func (s *Site) showLive(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return s.livePage(c, http.StatusOK, id, livePage{Editing: c.Query("edit") != ""})
}

func (s *Site) livePage(c *gin.Context, code int, id int64, p livePage) error {
	by := actor(c)
	l, err := s.Courses.LiveSession(ctx(c), by, id)
	if err != nil {
		return err
	}
	p.Base, p.L, p.Host = s.base(c, l.Title), l, l.HostedBy(by)
	p.Begun, p.Over = !l.At.After(s.Now()), l.Ends().Before(s.Now())
	if p.Form.Title == "" && p.Problems == nil {
		p.Form = liveFormOf(l, zoneFor(by))
	}
	if p.Guests, err = s.Courses.Guests(ctx(c), by, id); err != nil {
		return err
	}
	if p.Topics, err = s.topicOptions(c); err != nil {
		return err
	}
	for _, t := range p.Topics {
		if t.Value == l.Topic {
			p.Topic = t.Label
		}
	}
	if by.Can(leads...) && !p.Over {
		led, err := s.People.Led(ctx(c), by)
		if err != nil {
			return err
		}
		for _, b := range led {
			if !slices.ContainsFunc(p.Guests, func(g courses.Guest) bool { return g.PersonID == b.ID }) {
				p.Led = append(p.Led, b)
			}
		}
	}
	return s.show(c, code, "live/session", p)
}

func (s *Site) saveLive(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var form liveForm
	by := actor(c)
	if err = bind(c, &form); err == nil {
		l := form.session(zoneFor(by))
		l.ID = id
		_, err = s.Courses.SaveLiveSession(ctx(c), by, l)
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Stale {
		now, err := s.Courses.LiveSession(ctx(c), by, id)
		if err != nil {
			return err
		}
		form.Version = strconv.Itoa(now.Version)
		return s.livePage(c, http.StatusConflict, id, livePage{Form: form, Theirs: f.Theirs, Editing: true})
	}
	if p, ok := problems(err); ok {
		return s.livePage(c, http.StatusUnprocessableEntity, id, livePage{Form: form, Problems: p, Editing: true})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/learn/sessions/%d", id), "Saved. Whoever has a place was told if the time or the place is another.")
}

// forLive carries out one button of a session's page.
func (s *Site) forLive(c *gin.Context, do func(by people.Actor, id int64) (string, error)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	done, err := do(actor(c), id)
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/learn/sessions/%d", id), done)
}

// whose is the person that a button is about: oneself where none is named.
func whose(c *gin.Context, by people.Actor) int64 {
	if id, err := strconv.ParseInt(c.PostForm("person"), 10, 64); err == nil {
		return id
	}
	return by.ID
}

func (s *Site) registerLive(c *gin.Context) error {
	return s.forLive(c, func(by people.Actor, id int64) (string, error) {
		person := whose(c, by)
		state, err := s.Courses.Register(ctx(c), by, person, id)
		switch {
		case state == "waiting" && person == by.ID:
			return "Every place is taken. You are on the waiting list, and move up by yourself when somebody leaves.", err
		case state == "waiting":
			return "Every place is taken. They are on the waiting list, and move up when somebody leaves.", err
		case person != by.ID:
			return "Registered. They have a message about it.", err
		}
		return "You have a place. Take the invitation into your calendar.", err
	})
}

func (s *Site) leaveLive(c *gin.Context) error {
	return s.forLive(c, func(by people.Actor, id int64) (string, error) {
		return "The place is given back. Whoever waits longest has it now.", s.Courses.Unregister(ctx(c), by, whose(c, by), id)
	})
}

func (s *Site) markAttendance(c *gin.Context) error {
	return s.forLive(c, func(by people.Actor, id int64) (string, error) {
		there := map[int64]bool{}
		for _, person := range numbers(c.PostFormArray("guest")) {
			there[person] = slices.Contains(c.PostFormArray("there"), strconv.FormatInt(person, 10))
		}
		return "Attendance is saved. It can be corrected at any time.", s.Courses.MarkAttendance(ctx(c), by, id, there)
	})
}

func (s *Site) cancelLive(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = s.Courses.CancelLiveSession(ctx(c), actor(c), id, c.PostForm("cancel_reason"))
	if p, ok := problems(err); ok {
		return s.livePage(c, http.StatusUnprocessableEntity, id, livePage{Problems: p, Reason: c.PostForm("cancel_reason")})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/learn/sessions/%d", id), "Called off. Everybody who had a place was told why.")
}

func (s *Site) liveInvitation(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	file, err := s.Courses.Invitation(ctx(c), actor(c), id, s.URL)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="session-%d.ics"`, id))
	c.Data(http.StatusOK, "text/calendar; charset=utf-8", file)
	return nil
}

// Holds reports whether the reader is the one who holds the session.
func (p livePage) Holds() bool { return p.L.HostID == p.Me.ID }

// There reports whether a guest was marked as there.
func (livePage) There(g courses.Guest) bool { return g.Attended != nil && *g.Attended }
