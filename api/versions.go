package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A diffJSON is what changed from one version of a document to another.
type diffJSON struct {
	From    int           `json:"from" doc:"0: compared with nothing."`
	To      int           `json:"to"`
	Added   int           `json:"added" doc:"Lines."`
	Removed int           `json:"removed" doc:"Lines."`
	Rows    []diffRowJSON `json:"rows"`
}

// A diffRowJSON is a line of the older text beside the line that it became.
type diffRowJSON struct {
	Change  content.Change `json:"change" enum:"same,edited,added,removed,skipped"`
	From    int            `json:"from,omitempty" doc:"Line of the older text."`
	To      int            `json:"to,omitempty" doc:"Line of the newer text."`
	Old     []diffPartJSON `json:"old,omitempty"`
	New     []diffPartJSON `json:"new,omitempty"`
	Skipped int            `json:"skipped,omitempty" doc:"How many equal lines the row stands for."`
}

type diffPartJSON struct {
	Text    string `json:"text"`
	Changed bool   `json:"changed,omitempty"`
}

func diffAsJSON(d content.Diff, from, to int) diffJSON {
	out := diffJSON{From: from, To: to, Added: d.Added, Removed: d.Removed, Rows: []diffRowJSON{}}
	parts := func(in []content.DiffPart) (out []diffPartJSON) {
		for _, p := range in {
			out = append(out, diffPartJSON(p))
		}
		return out
	}
	for _, r := range d.Rows {
		out.Rows = append(out.Rows, diffRowJSON{r.Change, r.From, r.To, parts(r.Old), parts(r.New), r.Skipped})
	}
	return out
}

// documentTag writes the state of a document as an entity tag: its newest
// version, and after a dot how often a draft was saved.
func documentTag(t content.Tag) string {
	if t.Revision > 1 {
		return fmt.Sprintf(`"%d.%d"`, t.Number, t.Revision)
	}
	return etag(t.Number)
}

// documentMatch reads an If-Match header that documentTag wrote.
func documentMatch(header string) (content.Tag, error) {
	t := content.Tag{Revision: 1}
	format := `"%d"`
	into := []any{&t.Number}
	if strings.Contains(header, ".") {
		format, into = `"%d.%d"`, append(into, &t.Revision)
	}
	if _, err := fmt.Sscanf(header, format, into...); err != nil || t.Number < 1 || t.Revision < 1 {
		return t, &fault.Error{Kind: fault.Stale, Message: "If-Match does not name a version. Send the ETag that the document was read with."}
	}
	return t, nil
}

// A VersionPath names a version of a document. It is exported because only the
// exported parts of an input are read.
type VersionPath struct {
	DocumentPath
	Number int `path:"number" minimum:"1"`
}

func (a *API) registerVersions() {
	o := func(method, path, id, summary, scope string) op {
		return op{Method: method, Path: "/documents/{kind}/{slug}" + path, ID: id, Summary: summary, Scope: scope, Tag: "Library", For: libraryKeepers}
	}
	register(a, o(http.MethodGet, "/versions/{number}/diff", "diff-version", "What changed from one version of a document to another", "content:read"), a.diffVersion)
	register(a, o(http.MethodPost, "/versions/{number}/publish", "publish-version", "Publish a draft, with what changed and how much", "content:write"), a.publishVersion)
	register(a, o(http.MethodPost, "/retire", "retire-document", "Offer a document to nobody new; whoever has begun it keeps it", "content:write"), a.retireDocument)
	register(a, o(http.MethodPost, "/bring-back", "bring-back-document", "Offer a retired document again", "content:write"), a.bringBackDocument)
	register(a, o(http.MethodPut, "", "put-document", "Save a draft: with If-Match of an existing document, without of a new one", "content:write"), a.putDocument)
}

func (a *API) diffVersion(ctx context.Context, by people.Actor, in *struct {
	VersionPath
	From int `query:"from" minimum:"0" doc:"Number of the older version; 0, the default, compares with nothing."`
}) (*Body[diffJSON], error) {
	d, err := a.Content.Changes(ctx, by, in.Kind, in.Slug, in.From, in.Number)
	if err != nil {
		return nil, err
	}
	return &Body[diffJSON]{diffAsJSON(d, in.From, in.Number)}, nil
}

func (a *API) publishVersion(ctx context.Context, by people.Actor, in *struct {
	VersionPath
	Body struct {
		Note  string `json:"note,omitempty" maxLength:"500"`
		Minor bool   `json:"minor,omitempty"`
	}
}) (*Tagged[sourceJSON], error) {
	if err := a.Content.Publish(ctx, by, in.Kind, in.Slug, in.Number, content.Publication{Note: in.Body.Note, Minor: in.Body.Minor}); err != nil {
		return nil, err
	}
	return a.source(ctx, by, in.DocumentPath, in.Number)
}

func (a *API) retireDocument(ctx context.Context, by people.Actor, in *DocumentPath) (*Tagged[sourceJSON], error) {
	if err := a.Content.Retire(ctx, by, in.Kind, in.Slug); err != nil {
		return nil, err
	}
	return a.source(ctx, by, *in, 0)
}

func (a *API) bringBackDocument(ctx context.Context, by people.Actor, in *DocumentPath) (*Tagged[sourceJSON], error) {
	if err := a.Content.BringBack(ctx, by, in.Kind, in.Slug); err != nil {
		return nil, err
	}
	return a.source(ctx, by, *in, 0)
}

func (a *API) putDocument(ctx context.Context, by people.Actor, in *struct {
	DocumentPath
	IfMatch string `header:"If-Match" doc:"The ETag that the document was read with; absent for a new document."`
	Body    struct {
		Source string `json:"source"`
		Path   string `json:"path,omitempty" doc:"Of a new document, in the library; made of its kind and slug if absent."`
	}
}) (*Tagged[sourceJSON], error) {
	w := content.Writing{Identity: content.Identity{Kind: in.Kind, Slug: in.Slug}, Body: []byte(in.Body.Source)}
	if in.IfMatch == "" {
		id, err := a.Content.Place(ctx, by, in.Kind, in.Slug, in.Body.Path)
		if err != nil {
			return nil, err
		}
		w.Identity = id
	} else {
		var err error
		if w.On, err = documentMatch(in.IfMatch); err != nil {
			return nil, err
		}
		d, _, err := a.Content.Source(ctx, by, in.Kind, in.Slug, 0)
		if err != nil {
			return nil, err
		}
		w.Identity = d.Identity
	}
	d, problems, err := a.Content.Save(ctx, by, w)
	if err != nil {
		return nil, err
	}
	return sourceAsJSON(d, problems), nil
}
