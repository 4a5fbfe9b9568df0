package web

import (
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A Base is what every page has: its title, who looks at it, where they are.
type Base struct {
	Title   string
	Me      people.Actor
	Nav     []NavItem
	Menu    []NavItem // behind the avatar
	Said    *said
	Company string
	Policy  string
	Theme   string // light, dark, or empty for the system's

	Masthead template.HTML // the head of the page, alike for a person in one room on one day
	Wide     string        // class of the page frame: wide, mid, narrow or empty
	At       time.Time
	zone     *time.Location
}

// A NavItem is one entry of a navigation.
type NavItem struct {
	Label, Href, Icon string
	Current           bool
}

type said struct{ Tone, Text string }

// base fills the frame of a page with this title.
func (s *Site) base(c *gin.Context, title string) Base {
	by := actor(c)
	b := Base{Title: title, Me: by, At: s.Now(), zone: time.UTC}
	if z := zoneOf(by.TimeZone); z != nil {
		b.zone = z
	}
	b.Company, b.Policy = s.People.CompanyLine(ctx(c))
	if theme, err := c.Cookie("pitchside_theme"); err == nil && (theme == "light" || theme == "dark") {
		b.Theme = theme
	}
	b.Said = takeSaid(c, s.Secure)
	if by.ID != 0 {
		b.Nav, b.Menu = navigation(by, c.Request.URL.Path)
	}
	b.Masthead = s.masthead(b)
	return b
}

// zones keeps time zones that were read: the standard library reads the file
// of a zone each time it is asked for.
var zones sync.Map

// zoneOf returns a time zone by name, or nil if there is none of that name.
func zoneOf(name string) *time.Location {
	if name == "" {
		return nil
	}
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	zones.Store(name, z)
	return z
}

// frameKey names everything that the frame of a page is made from, but for the
// page's own title and width.
func (b Base) frameKey() string {
	key := strconv.AppendInt(make([]byte, 0, 256), b.Me.ID, 10)
	for _, word := range []string{b.Me.Name, b.Me.Email, b.Company, b.Policy, b.Date(b.At)} {
		key = append(append(key, 0), word...)
	}
	for _, items := range [][]NavItem{b.Nav, b.Menu} {
		for _, n := range items {
			key = append(append(key, 0), n.Href...)
			if n.Current {
				key = append(key, '+')
			}
		}
	}
	return string(key)
}

// masthead makes the head of the page, or keeps the one made before.
func (s *Site) masthead(b Base) template.HTML {
	html, err := s.part("help", "frame-head", b.frameKey(), func() any { return b })
	if err != nil {
		s.Log.Error("the head of a page", "err", err) // the page is of use without it
	}
	return html
}

// navigation is where a person may go from here: the rooms, and what stands
// behind their picture.
func navigation(by people.Actor, path string) (nav, menu []NavItem) {
	practice := "/practice"
	if !by.Can(people.Rep, people.Manager, people.Author) {
		practice = "/score"
	}
	all := []struct {
		NavItem
		on   []string
		for_ []people.Capability
	}{
		{NavItem{Label: "Today", Href: "/today", Icon: "today"}, []string{"/today"}, nil},
		{NavItem{Label: "Learn", Href: "/learn", Icon: "learn"}, []string{"/learn", "/review", "/framework"}, nil},
		{NavItem{Label: "Practice", Href: practice, Icon: "practice"}, []string{"/practice", "/attempts", "/score", "/calibrate"}, []people.Capability{people.Rep, people.Coach, people.Manager, people.Author}},
		{NavItem{Label: "Skills", Href: "/skills", Icon: "skills"}, []string{"/skills"}, []people.Capability{people.Rep}},
		{NavItem{Label: "Coaching", Href: "/coaching", Icon: "coaching"}, []string{"/coaching"}, []people.Capability{people.Rep, people.Coach, people.Manager}},
		{NavItem{Label: "Team", Href: "/team", Icon: "team"}, []string{"/team", "/assign"}, []people.Capability{people.Coach, people.Manager}},
		{NavItem{Label: "Studio", Href: "/studio", Icon: "studio"}, []string{"/studio"}, []people.Capability{people.Author}},
	}
	for _, n := range all {
		if n.for_ != nil && !by.Can(n.for_...) {
			continue
		}
		for _, p := range n.on {
			n.Current = n.Current || path == p || strings.HasPrefix(path, p+"/")
		}
		nav = append(nav, n.NavItem)
	}
	menu = []NavItem{{Label: "Notices", Href: "/me/notices"}, {Label: "My data", Href: "/me/data"}, {Label: "My settings", Href: "/me/settings"}, {Label: "My certificates", Href: "/me/certificates"}}
	if by.Can(people.Admin) {
		menu = append(menu, NavItem{Label: "People", Href: "/admin/people"})
	}
	if by.Can(people.Admin, people.Manager) {
		menu = append(menu, NavItem{Label: "Imports", Href: "/admin/imports"})
	}
	if by.Can(programmers...) {
		menu = append(menu, NavItem{Label: "Programs", Href: "/admin/programs"})
	}
	if by.Can(results...) {
		menu = append(menu, NavItem{Label: "Certificates", Href: "/reports/certificates"})
	}
	if by.Can(people.Admin) {
		menu = append(menu, NavItem{Label: "Results", Href: "/team/performance"})
		menu = append(menu, NavItem{Label: "Calibration", Href: "/calibrate"})
		menu = append(menu, NavItem{Label: "Recordings", Href: "/admin/recordings"})
		menu = append(menu, NavItem{Label: "Company settings", Href: "/admin/settings"})
	}
	return nav, menu
}

// Initials returns up to two letters for the avatar.
func (b Base) Initials() string { return initials(b.Me.Name) }

func initials(name string) string {
	var out strings.Builder
	words := strings.Fields(name)
	if len(words) > 2 {
		words = []string{words[0], words[len(words)-1]}
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		out.WriteRune(r)
	}
	return strings.ToUpper(out.String())
}

// Date writes a day as "14 October 2026".
func (b Base) Date(t time.Time) string { return b.in(t).Format("2 January 2006") }

// Day writes a day of around now as "Tue 14 Oct", with the year if it is another.
func (b Base) Day(t time.Time) string {
	t = b.in(t)
	if t.Year() != b.in(b.At).Year() {
		return t.Format("2 Jan 2006")
	}
	return t.Format("Mon 2 Jan")
}

// Clock writes a moment as "Tue 14 Oct, 10:41".
func (b Base) Clock(t time.Time) string { return b.Day(t) + ", " + b.in(t).Format("15:04") }

// ISO writes a moment for a datetime attribute.
func (b Base) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Ago writes how long ago t was: "today", "yesterday", "5 days ago", then the day.
func (b Base) Ago(t time.Time) string {
	y1, m1, d1 := b.in(b.At).Date()
	y2, m2, d2 := b.in(t).Date()
	days := int(math.Round(time.Date(y1, m1, d1, 0, 0, 0, 0, time.UTC).Sub(time.Date(y2, m2, d2, 0, 0, 0, 0, time.UTC)).Hours() / 24))
	switch {
	case days == 0:
		return "today"
	case days == 1:
		return "yesterday"
	case days > 1 && days < 15:
		return fmt.Sprintf("%d days ago", days)
	default:
		return b.Day(t)
	}
}

// in moves a moment to the person's time zone; a plain date (midnight UTC) stays the day it is.
func (b Base) in(t time.Time) time.Time {
	if h, m, s := t.Clock(); h == 0 && m == 0 && s == 0 && t.Location() == time.UTC {
		return t
	}
	if b.zone == nil {
		return t
	}
	return t.In(b.zone)
}

// say keeps a sentence for the next page. Only this browser can set or read it, and it is escaped like all text.
func (s *Site) say(c *gin.Context, tone, text string) {
	c.SetSameSite(http.SameSiteLaxMode)
	c.SetCookie("pitchside_said", tone+":"+url.QueryEscape(text), 60, "/", "", s.Secure, true)
}

func takeSaid(c *gin.Context, secure bool) *said {
	v, err := c.Cookie("pitchside_said")
	if err != nil || v == "" {
		return nil
	}
	c.SetSameSite(http.SameSiteLaxMode)
	c.SetCookie("pitchside_said", "", -1, "/", "", secure, true)
	tone, text, ok := strings.Cut(v, ":")
	text, err = url.QueryUnescape(text)
	if !ok || err != nil || (tone != "ok" && tone != "warn" && tone != "info") {
		return nil
	}
	return &said{Tone: tone, Text: text}
}
