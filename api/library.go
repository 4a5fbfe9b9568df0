package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/people"
)

// A documentJSON is a document of the library with its newest version.
type documentJSON struct {
	Kind      content.Kind  `json:"kind"`
	Slug      string        `json:"slug"`
	Path      string        `json:"path"`
	Title     string        `json:"title"`
	Version   int           `json:"version" doc:"Number of this version."`
	State     content.State `json:"state" enum:"draft,published,retired"`
	Published *int          `json:"published_version" doc:"Number of the version that learners meet."`
	At        *time.Time    `json:"created_at,omitempty"`
	Errors    int           `json:"errors"`
	Warnings  int           `json:"warnings"`
}

type sourceJSON struct {
	Kind     content.Kind  `json:"kind"`
	Slug     string        `json:"slug"`
	Path     string        `json:"path"`
	Title    string        `json:"title"`
	Version  int           `json:"version"`
	State    content.State `json:"state" enum:"draft,published,retired"`
	At       time.Time     `json:"created_at"`
	Source   string        `json:"source" doc:"As written. Empty for media."`
	Problems []findingJSON `json:"problems"`
}

type versionJSON struct {
	Number      int           `json:"number"`
	State       content.State `json:"state" enum:"draft,published,retired"`
	Title       string        `json:"title"`
	Note        string        `json:"note" doc:"What changed, for those who have begun an earlier version."`
	Minor       bool          `json:"minor" doc:"Whether readers of the version before move along without being asked."`
	Author      *string       `json:"author"`
	CreatedAt   time.Time     `json:"created_at"`
	PublishedAt *time.Time    `json:"published_at"`
	Current     bool          `json:"current" doc:"Whether learners meet this one now."`
}

type importedJSON struct {
	Documents []broughtJSON `json:"documents"`
	Problems  []findingJSON `json:"problems"`
}

type broughtJSON struct {
	Kind    content.Kind    `json:"kind"`
	Slug    string          `json:"slug"`
	Path    string          `json:"path"`
	Title   string          `json:"title"`
	Version int             `json:"version,omitempty" doc:"Absent when nothing was stored."`
	State   content.State   `json:"state" enum:"draft,published,retired"`
	Changed bool            `json:"changed" doc:"Whether a version was made or published, or the document was retired."`
	Outcome content.Outcome `json:"outcome,omitempty" enum:"created,changed,unchanged,kept,gone" doc:"kept: the Studio has a newer text than the folder; gone: retired, as its file is not in the folder any more."`
}

var libraryKeepers = []people.Capability{people.Author, people.Admin}

const zipLimit = 64 << 20

type zipBody struct {
	RawBody []byte `contentType:"application/zip"`
}

// A DocumentPath names a document. It is exported because only the exported
// parts of an input are read.
type DocumentPath struct {
	Kind content.Kind `path:"kind"`
	Slug string       `path:"slug"`
}

func (a *API) registerLibrary() {
	o := func(method, path, id, summary, scope string) op {
		return op{Method: method, Path: path, ID: id, Summary: summary, Scope: scope, Tag: "Library", For: libraryKeepers}
	}
	lint := o(http.MethodPost, "/library/lint", "lint-library", "Check a zip of documents; nothing is stored", "content:read")
	bring := o(http.MethodPost, "/library/import", "import-library", "Bring in a zip of documents", "content:write")
	lint.Limit, bring.Limit = zipLimit, zipLimit
	register(a, lint, a.lintLibrary)
	register(a, bring, a.importLibrary)
	register(a, o(http.MethodGet, "/library/imports/{id}", "get-library-import", "How far a large import is, then what came of it", "content:read"), a.getLibraryImport)
	register(a, o(http.MethodPost, "/library/sync", "sync-library", "Bring the library in line with the company's own folder", "content:write"), a.syncLibrary)
	a.registerQuestionBanks(o)
	register(a, o(http.MethodGet, "/library/export", "export-library", "Every published document as a zip", "content:read"), a.exportLibrary)
	register(a, o(http.MethodGet, "/documents", "list-documents", "Documents with the state of their newest version", "content:read"), a.listDocuments)
	register(a, o(http.MethodGet, "/documents/{kind}/{slug}", "get-document", "The newest version of a document", "content:read"), a.getDocument)
	register(a, o(http.MethodGet, "/documents/{kind}/{slug}/versions", "list-versions", "The history of a document", "content:read"), a.listVersions)
	register(a, o(http.MethodGet, "/documents/{kind}/{slug}/versions/{number}", "get-version", "One version of a document", "content:read"), a.getVersion)
	a.registerVersions()
}

func importAsJSON(in content.Import) importedJSON {
	out := importedJSON{Documents: []broughtJSON{}, Problems: problemsAsJSON(in.Problems)}
	for _, d := range in.Documents {
		out.Documents = append(out.Documents, broughtJSON{d.Kind, d.Slug, d.Path, d.Title, d.Number, d.State, d.Changed, d.Outcome})
	}
	return out
}

// A findingJSON is one thing to put right in an authored file.
type findingJSON content.Problem

func problemsAsJSON(in []content.Problem) []findingJSON {
	out := []findingJSON{}
	for _, p := range in {
		out = append(out, findingJSON(p))
	}
	return out
}

func (a *API) lintLibrary(ctx context.Context, by people.Actor, in *zipBody) (*Body[importedJSON], error) {
	files, err := content.OpenZip(bytes.NewReader(in.RawBody), int64(len(in.RawBody)))
	if err != nil {
		return nil, err
	}
	got, err := a.Content.Check(ctx, by, files)
	return &Body[importedJSON]{importAsJSON(got)}, err
}

// A libraryImportJSON is a large import on its way; once it is done, it reads like
// the answer to a small one.
type libraryImportJSON struct {
	ID      int64               `json:"id,omitempty" doc:"Absent where everything was done at once."`
	State   content.ImportState `json:"state,omitempty" enum:"running,done,failed"`
	Total   int                 `json:"total,omitempty"`
	Done    int                 `json:"done,omitempty"`
	Current string              `json:"current,omitempty" doc:"Path of the last document that was stored."`
	Failure string              `json:"failure,omitempty"`
	importedJSON
}

func asLibraryImport(i content.LibraryImport) libraryImportJSON {
	out := libraryImportJSON{ID: i.ID, State: i.State, Total: i.Total, Done: i.Done, Current: i.Current, Failure: i.Failure}
	in := content.Import{Problems: i.Problems}
	if i.State == content.ImportDone {
		in.Documents = i.Documents
	}
	out.importedJSON = importAsJSON(in)
	return out
}

type importAnswer struct {
	Status   int
	Location string `header:"Location"`
	Body     libraryImportJSON
}

// patience is how long a large import is waited for before its caller is told
// where to ask.
const (
	patience  = 60 * time.Second
	lookAgain = 200 * time.Millisecond
)

// importLibrary brings in up to content.LargeImport documents at once. More are
// brought in step by step: the answer waits for them, unless the caller asks not
// to or they take too long.
func (a *API) importLibrary(ctx context.Context, by people.Actor, in *struct {
	zipBody
	Draft  bool   `query:"draft" doc:"Store drafts and publish nothing."`
	Prefer string `header:"Prefer" doc:"respond-async: be answered at once with where to ask how far it is."`
}) (*importAnswer, error) {
	files, err := content.OpenZip(bytes.NewReader(in.RawBody), int64(len(in.RawBody)))
	if err != nil {
		return nil, err
	}
	n, err := content.Documents(files)
	if err != nil {
		return nil, err
	}
	async := strings.Contains(in.Prefer, "respond-async")
	if n <= content.LargeImport && !async {
		got, err := a.Content.Import(ctx, by, files, !in.Draft)
		return &importAnswer{Status: http.StatusOK, Body: libraryImportJSON{importedJSON: importAsJSON(got)}}, err
	}
	i, err := a.Content.BeginImport(ctx, by, in.RawBody, !in.Draft)
	if err != nil {
		return nil, err
	}
	for until := time.Now().Add(patience); !async && i.State == content.ImportRunning && time.Now().Before(until); {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookAgain):
		}
		if i, err = a.Content.LibraryImport(ctx, by, i.ID); err != nil {
			return nil, err
		}
	}
	out := &importAnswer{Status: http.StatusOK, Location: fmt.Sprintf("/api/v1/library/imports/%d", i.ID), Body: asLibraryImport(i)}
	if i.State == content.ImportRunning {
		out.Status = http.StatusAccepted
	}
	return out, nil
}

func (a *API) getLibraryImport(ctx context.Context, by people.Actor, in *struct {
	ID int64 `path:"id"`
}) (*Body[libraryImportJSON], error) {
	i, err := a.Content.LibraryImport(ctx, by, in.ID)
	return &Body[libraryImportJSON]{asLibraryImport(i)}, err
}

type fileAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (a *API) syncLibrary(ctx context.Context, by people.Actor, _ *struct{}) (*Body[importedJSON], error) {
	got, err := a.Content.Sync(ctx, by)
	if err != nil {
		return nil, err
	}
	return &Body[importedJSON]{importAsJSON(got)}, nil
}

func (a *API) exportLibrary(ctx context.Context, by people.Actor, _ *struct{}) (*fileAnswer, error) {
	files, err := a.Content.Files(ctx, by)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := content.WriteZip(&b, files); err != nil {
		return nil, err
	}
	return &fileAnswer{"application/zip", `attachment; filename="library.zip"`, b.Bytes()}, nil
}

func (a *API) listDocuments(ctx context.Context, by people.Actor, in *struct {
	Paging
	Kind content.Kind `query:"kind" enum:"course,lesson,quiz,cards,scenario,rubric,worksheet,template,program,skills,roles,metrics,media"`
}) (*Body[Page[documentJSON]], error) {
	list, err := a.Content.Holdings(ctx, by, in.Kind)
	if err != nil {
		return nil, err
	}
	var items []documentJSON
	next := ""
	for _, h := range list {
		if in.Cursor != "" && h.Path <= in.Cursor {
			continue
		}
		if len(items) == in.Limit {
			next = items[len(items)-1].Path
			break
		}
		items = append(items, documentJSON{h.Kind, h.Slug, h.Path, h.Title, h.Number, h.State, h.Published, &h.At, h.Errors, h.Warnings})
	}
	return &Body[Page[documentJSON]]{page(items, next)}, nil
}

func (a *API) source(ctx context.Context, by people.Actor, id DocumentPath, number int) (*Tagged[sourceJSON], error) {
	d, problems, err := a.Content.Source(ctx, by, id.Kind, id.Slug, number)
	if err != nil {
		return nil, err
	}
	return sourceAsJSON(d, problems), nil
}

func sourceAsJSON(d *content.Document, problems []content.Problem) *Tagged[sourceJSON] {
	out := sourceJSON{Kind: d.Kind, Slug: d.Slug, Path: d.Path, Title: d.Title, Version: d.Number, State: d.State, At: d.At, Problems: problemsAsJSON(problems)}
	if d.Kind != content.KindMedia {
		out.Source = string(d.Source)
	}
	return &Tagged[sourceJSON]{ETag: documentTag(d.Tag()), Body: out}
}

func (a *API) getDocument(ctx context.Context, by people.Actor, in *DocumentPath) (*Tagged[sourceJSON], error) {
	return a.source(ctx, by, *in, 0)
}

func (a *API) getVersion(ctx context.Context, by people.Actor, in *struct {
	DocumentPath
	Number int `path:"number" minimum:"1"`
}) (*Tagged[sourceJSON], error) {
	return a.source(ctx, by, in.DocumentPath, in.Number)
}

func (a *API) listVersions(ctx context.Context, by people.Actor, in *DocumentPath) (*Body[Page[versionJSON]], error) {
	list, err := a.Content.Versions(ctx, by, in.Kind, in.Slug)
	if err != nil {
		return nil, err
	}
	var items []versionJSON
	for _, v := range list {
		items = append(items, versionJSON{v.Number, v.State, v.Title, v.Note, v.Minor, v.Author, v.CreatedAt, v.PublishedAt, v.Current})
	}
	return &Body[Page[versionJSON]]{page(items, "")}, nil
}
