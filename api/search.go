package api

import (
	"context"
	"net/http"

	"pitchside/people"
	"pitchside/search"
)

// A hitJSON is something that was found.
type hitJSON struct {
	Kind    string `json:"kind" enum:"course,lesson,scenario,skill,program,worksheet,rubric,template,session,attempt"`
	Title   string `json:"title" doc:"HTML: what was found stands in <mark>, and everything else is escaped."`
	Where   string `json:"where,omitempty" doc:"A lesson's course, the day of a session."`
	Excerpt string `json:"excerpt" doc:"HTML, as the title."`
	Href    string `json:"href" doc:"Its page."`
}

type foundJSON struct {
	Page[hitJSON]
	Counts  map[string]int `json:"counts" doc:"How many there are of each kind; on the first page only."`
	Meant   string         `json:"meant,omitempty" doc:"What was looked for instead, as nothing holds the words that were sent."`
	Perhaps string         `json:"perhaps,omitempty" doc:"What may have been meant."`
}

func (a *API) registerSearch() {
	register(a, op{Method: http.MethodGet, Path: "/search", ID: "search", Summary: "Find what one may see", Scope: "content:read", Tag: "Library"}, a.search)
}

// search looks through what the person and the token may read: one's own
// sessions and attempts need the scopes that open them.
func (a *API) search(ctx context.Context, by people.Actor, in *struct {
	Paging
	Q    string `query:"q" required:"true" maxLength:"200" doc:"Words in any form, “words together”, -without."`
	Kind string `query:"kind" enum:"course,lesson,scenario,skill,program,worksheet,rubric,template,session,attempt"`
}) (*Body[foundJSON], error) {
	finder := search.Service{Content: a.Content}
	if scopeAllows(by.Scopes, "coaching:read") {
		finder.Coaching = a.Coaching
	}
	if scopeAllows(by.Scopes, "assessments:read") {
		finder.Assessments = a.Assessments
	}
	got, err := finder.Find(ctx, by, search.Query{Text: in.Q, Kind: in.Kind, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	var items []hitJSON
	for _, h := range got.Hits {
		items = append(items, hitJSON{h.Kind, string(h.Title), h.Where, string(h.Excerpt), h.Href})
	}
	return &Body[foundJSON]{foundJSON{page(items, got.Next), got.Counts, got.Meant, got.Perhaps}}, nil
}
