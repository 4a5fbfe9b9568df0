// Package search finds what a person may see: in the library, and in what was
// written of their own sessions and attempts. Each room looks through what is
// its own, by its own rules of who sees what; this one puts the answers in order.
package search

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A Service does this room's units of work. Rooms that are left out are not
// looked through.
type Service struct {
	Content     *content.Service
	Coaching    *coaching.Service
	Assessments *assessments.Service
}

// Kinds are the kinds of things that are found, in the order they are listed.
var Kinds = []string{"course", "lesson", "scenario", "skill", "program", "worksheet", "rubric", "template", "session", "attempt"}

// A Query is what somebody looks for.
type Query struct {
	Text   string
	Kind   string // "": every kind
	Cursor string // of the page before; "": from the beginning
	Limit  int
	// PerKind is how many are wanted of each kind; 0: as many as there are.
	PerKind int
}

// A Hit is something that was found, and where it is.
type Hit struct {
	Kind, Href string
	Title      template.HTML // with <mark> around what was found
	Where      string        // a lesson's course, the day of a session
	Excerpt    template.HTML
	rank       float32
	key        string
}

// An Answer is what was found.
type Answer struct {
	Hits    []Hit          // best first
	Counts  map[string]int // how many there are of each kind, on the first page
	Next    string         // cursor of the next page; "": there is none
	Meant   string         // what was looked for in place of Text, which nothing holds
	Perhaps string         // what may have been meant, besides what was found
}

const (
	mostText  = 200 // characters
	mostLimit = 200
)

// Find answers a query. When nothing holds its words, and others that are like
// them are known, it looks for these and says so.
func (s Service) Find(ctx context.Context, by people.Actor, q Query) (Answer, error) {
	q.Text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(q.Text, "\x00", ""), ""))
	switch {
	case utf8.RuneCountInString(q.Text) > mostText:
		return Answer{}, fault.Field("q", "Look for fewer words: at most 200 characters.")
	case q.Kind != "" && !slices.Contains(Kinds, q.Kind):
		return Answer{}, fault.Field("kind", "Choose one of: "+strings.Join(Kinds, ", ")+".")
	case q.Text == "":
		return Answer{Counts: map[string]int{}}, nil
	}
	if q.Limit <= 0 || q.Limit > mostLimit {
		q.Limit = 50
	}
	sought := content.Sought{Text: q.Text, Kind: q.Kind, PerKind: q.PerKind, Limit: q.Limit + 1}
	if q.Cursor != "" {
		var err error
		if sought.After, sought.AfterKey, err = afterCursor(q.Cursor); err != nil {
			return Answer{}, err
		}
	}
	a, err := s.find(ctx, by, q, sought)
	if err != nil || q.Cursor != "" {
		return a, err
	}
	better, ok, err := s.Content.Corrected(ctx, by, q.Text)
	if err != nil || !ok {
		return a, err
	}
	if len(a.Hits) > 0 {
		a.Perhaps = better
		return a, nil
	}
	sought.Text = better
	other, err := s.find(ctx, by, q, sought)
	if err != nil || len(other.Hits) == 0 {
		return a, err
	}
	other.Meant = better
	return other, nil
}

func (s Service) find(ctx context.Context, by people.Actor, q Query, sought content.Sought) (Answer, error) {
	a := Answer{Counts: map[string]int{}}
	if q.Kind != "session" && q.Kind != "attempt" {
		docs, err := s.Content.Search(ctx, by, sought)
		if err != nil {
			return a, err
		}
		for _, d := range docs {
			a.Counts[d.Kind] = d.OfKind
			href, where := s.place(ctx, by, d)
			a.Hits = append(a.Hits, Hit{d.Kind, href, d.Title, where, d.Excerpt, d.Rank, d.Key})
		}
	}
	if s.Coaching != nil && (q.Kind == "" || q.Kind == "session") {
		found, err := s.Coaching.Search(ctx, by, sought)
		if err != nil {
			return a, err
		}
		for _, f := range found {
			a.Counts["session"] = f.OfKind
			a.Hits = append(a.Hits, Hit{"session", fmt.Sprintf("/coaching/%d", f.ID), content.Marks(f.Title), day(by, f.At), content.Marks(f.Passage), f.Rank, f.Key})
		}
	}
	if s.Assessments != nil && (q.Kind == "" || q.Kind == "attempt") {
		found, err := s.Assessments.Search(ctx, by, sought)
		if err != nil {
			return a, err
		}
		for _, f := range found {
			a.Counts["attempt"] = f.OfKind
			a.Hits = append(a.Hits, Hit{"attempt", fmt.Sprintf("/attempts/%d", f.ID), content.Marks(s.attempt(ctx, f)), f.Person + ", " + day(by, f.At), content.Marks(f.Passage), f.Rank, f.Key})
		}
	}
	slices.SortFunc(a.Hits, func(x, y Hit) int { return cmp.Or(cmp.Compare(y.rank, x.rank), cmp.Compare(x.key, y.key)) })
	if len(a.Hits) > q.Limit {
		a.Hits = a.Hits[:q.Limit]
		last := a.Hits[q.Limit-1]
		a.Next = strconv.FormatFloat(float64(last.rank), 'g', -1, 32) + "~" + last.key
	}
	return a, nil
}

func (s Service) attempt(ctx context.Context, f assessments.Found) string {
	kind, title := content.KindScenario, f.Scenario
	if slug, is := assessments.WorksheetSlug(f.Scenario); is {
		kind, title = content.KindWorksheet, slug
	}
	if d, err := s.Content.Last(ctx, kind, title); err == nil {
		title = d.Title
	}
	return fmt.Sprintf("%s, attempt %d", title, f.Number)
}

// place returns the page of a document for whoever asks, and what it is in.
func (s Service) place(ctx context.Context, by people.Actor, d content.Hit) (href, where string) {
	switch d.Kind {
	case "course":
		return "/learn/" + d.Slug, ""
	case "lesson":
		course, lesson, _ := strings.Cut(d.Slug, ".")
		if c, err := s.Content.Published(ctx, content.KindCourse, course); err == nil {
			where = c.Title
		}
		return "/learn/" + course + "/" + lesson, where
	case "scenario":
		if sc, err := s.Content.Published(ctx, content.KindScenario, d.Slug); err == nil && sc.Scenario != nil {
			where = sc.Scenario.Persona
		}
		return "/practice/" + d.Slug, where
	case "program":
		return "/learn/programs/" + d.Slug, ""
	case "skill":
		if by.Can(people.Rep) {
			return "/skills/" + d.Slug, ""
		}
		return "/framework/skills#" + d.Slug, ""
	case "worksheet":
		return "/practice/worksheets/" + d.Slug, ""
	}
	return "/library/" + d.Kind + "s/" + d.Slug, ""
}

func day(by people.Actor, at time.Time) string {
	if zone, err := time.LoadLocation(by.TimeZone); err == nil {
		at = at.In(zone)
	}
	return at.Format("2 January 2006")
}

var cursorPattern = regexp.MustCompile(`^([0-9.e+-]{1,20})~([a-z]+:[a-z0-9._#-]{1,300})$`)

func afterCursor(cursor string) (rank float32, key string, err error) {
	m := cursorPattern.FindStringSubmatch(cursor)
	if m == nil {
		return 0, "", noCursor()
	}
	n, err := strconv.ParseFloat(m[1], 32)
	if err != nil {
		return 0, "", noCursor()
	}
	return float32(n), m[2], nil
}

func noCursor() error {
	return fault.Field("cursor", "This cursor is none of ours. Use the one that the last page gave as next.")
}
