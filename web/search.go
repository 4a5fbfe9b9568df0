package web

import (
	"net/http"
	"net/url"
	"strings"

	"pitchside/internal/fault"
	"pitchside/search"

	"github.com/gin-gonic/gin"
)

// perKind is how many hits of each kind the first page of a search shows, and
// hitsAPage how many a page of one kind.
const (
	perKind   = 5
	hitsAPage = 20
)

type searchPage struct {
	Base
	Asked    string
	Kind     string
	Kinds    []foundKind // with hits, in their order
	Groups   []foundGroup
	N        int    // of every kind
	Meant    string // what was looked for instead
	Perhaps  string // what may have been meant
	Next     string // address of the next page
	Problems Problems
	Before   bool // this is not the first page
}

type foundKind struct {
	Kind, Label, Href string
	N                 int
	Current           bool
}

type foundGroup struct {
	Kind, Label, Icon, All string // All: address of all of this kind; "": they are all here
	N                      int
	Hits                   []search.Hit
}

// foundAs is what the kinds that are found are called, and their picture.
var foundAs = map[string][2]string{
	"course": {"Courses", "learn"}, "lesson": {"Lessons", "document"}, "scenario": {"Practice", "practice"}, "skill": {"Skills", "skills"}, "program": {"Programs", "learn"},
	"worksheet": {"Worksheets", "document"}, "rubric": {"Rubrics", "quiz"}, "template": {"Coaching templates", "coaching"}, "session": {"Coaching sessions", "coaching"}, "attempt": {"Attempts and feedback", "practice"},
}

func (s *Site) finder() search.Service {
	return search.Service{Content: s.Content, Coaching: s.Coaching, Assessments: s.Assessments}
}

// showSearch looks through everything that the person may see.
func (s *Site) showSearch(c *gin.Context) error {
	by := actor(c)
	q := search.Query{Text: c.Query("q"), Kind: c.Query("kind"), Cursor: c.Query("after"), Limit: hitsAPage}
	p := searchPage{Base: s.base(c, "Search"), Asked: q.Text, Kind: q.Kind, Before: q.Cursor != ""}
	if q.Kind == "" {
		q.PerKind, q.Limit = perKind, perKind*len(search.Kinds)
	}
	got, err := s.finder().Find(ctx(c), by, q)
	if problems := fault.FieldsOf(err); problems != nil {
		p.Problems = problems
		return s.show(c, http.StatusUnprocessableEntity, "search/search", p)
	}
	if err != nil {
		return err
	}
	if strings.TrimSpace(p.Asked) != "" {
		p.Title = "Search: " + strings.TrimSpace(p.Asked)
	}
	p.Meant, p.Perhaps = got.Meant, got.Perhaps
	words := p.Asked
	if p.Meant != "" {
		words = p.Meant
	}
	if got.Next != "" {
		p.Next = searchHref(words, q.Kind, got.Next)
	}
	for _, k := range search.Kinds {
		g := foundGroup{Kind: k, Label: foundAs[k][0], Icon: foundAs[k][1], N: got.Counts[k]}
		for _, h := range got.Hits {
			if h.Kind == k {
				g.Hits = append(g.Hits, h)
			}
		}
		if g.N == 0 {
			continue
		}
		if q.Kind == "" && g.N > len(g.Hits) {
			g.All = searchHref(words, k, "")
		}
		p.N += g.N
		p.Groups = append(p.Groups, g)
		p.Kinds = append(p.Kinds, foundKind{k, g.Label, searchHref(words, k, ""), g.N, k == q.Kind})
	}
	return s.show(c, http.StatusOK, "search/search", p)
}

func searchHref(text, kind, after string) string {
	v := url.Values{"q": {text}}
	if kind != "" {
		v.Set("kind", kind)
	}
	if after != "" {
		v.Set("after", after)
	}
	return "/search?" + v.Encode()
}

// Everything is the address of a search among all kinds.
func (p searchPage) Everything() string { return searchHref(p.Asked, "", "") }

// Instead is the address of the search that may have been meant.
func (p searchPage) Instead() string { return searchHref(p.Perhaps, p.Kind, "") }
