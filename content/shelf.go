package content

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
)

// freshFor is how long this process may not know of a publication that another
// process made. Its own are known at once.
const freshFor = time.Second

// A shelf keeps read documents and knows which versions are published.
// Versions never change, so a read document is kept for good.
type shelf struct {
	mu     sync.Mutex
	docs   map[int64]*Document // by version
	index  []entry             // of published and of retired documents, by path
	byName map[name]entry
	known  time.Time
	// edition counts the states of the index that this process has seen.
	edition int64
}

type name struct {
	kind Kind
	slug string
}

type entry struct {
	Kind    Kind
	Slug    string
	Path    string
	Version int64 // published, or published when the document was retired
	Major   int   // number of the newest published version that is no minor edit
	Retired int64 // when, in microseconds; 0: it is not
}

// forget makes the next read look at the database.
func (s *Service) forget() {
	s.shelf.mu.Lock()
	s.shelf.known = time.Time{}
	s.shelf.mu.Unlock()
}

// published returns the documents that are, or before they were retired have
// been, published: by path and by name.
func (s *Service) published(ctx context.Context) ([]entry, map[name]entry, error) {
	sh := &s.shelf
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.byName != nil && time.Since(sh.known) < freshFor {
		return sh.index, sh.byName, nil
	}
	asked := time.Now()
	index, err := pg.All[entry](ctx, s.DB, `select d.kind, d.slug, d.path, d.published_version as version,
			coalesce(max(v.number) filter (where not v.minor), 0) as major, coalesce(extract(epoch from d.retired_at) * 1000000, 0)::bigint as retired
		from documents d left join document_versions v on v.document_id = d.id and v.published_at is not null
		where d.published_version is not null group by d.id order by d.path, d.kind, d.slug`)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the library's index: %w", err)
	}
	byName := make(map[name]entry, len(index))
	for _, e := range index {
		byName[name{e.Kind, e.Slug}] = e
	}
	if sh.byName == nil || !slices.Equal(index, sh.index) {
		sh.edition++
	}
	sh.index, sh.byName, sh.known = index, byName, asked
	return index, byName, nil
}

// Edition names the state of what is published, as this process knows it: as
// long as it stays the same, whatever was made from published documents holds.
func (s *Service) Edition(ctx context.Context) (int64, error) {
	if _, _, err := s.published(ctx); err != nil {
		return 0, err
	}
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	return s.shelf.edition, nil
}

// Published returns the published version of a document, or NotFound.
func (s *Service) Published(ctx context.Context, kind Kind, slug string) (*Document, error) {
	_, byName, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	e, ok := byName[name{kind, slug}]
	if !ok || e.Retired != 0 {
		return nil, fault.NotFoundf("There is no %s “%s” in the library. It may have been withdrawn.", kind, slug)
	}
	return s.Version(ctx, e.Version)
}

// Last returns the published version of a document, or the one that was
// published when the document was retired: for those who have begun it.
func (s *Service) Last(ctx context.Context, kind Kind, slug string) (*Document, error) {
	_, byName, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	if e, ok := byName[name{kind, slug}]; ok {
		return s.Version(ctx, e.Version)
	}
	return nil, fault.NotFoundf("There is no %s “%s” in the library.", kind, slug)
}

// MovesAlong reports whether somebody who has begun this version goes on with
// the published one: whether nothing but minor edits lies between.
func (s *Service) MovesAlong(ctx context.Context, began *Document) (bool, error) {
	_, byName, err := s.published(ctx)
	if err != nil {
		return false, err
	}
	e, ok := byName[name{began.Kind, began.Slug}]
	return ok && began.Number >= e.Major, nil
}

// Version returns a version by its id, published or not, or NotFound. Learners
// and attempts pin the version they met.
func (s *Service) Version(ctx context.Context, id int64) (*Document, error) {
	docs, err := s.versions(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	if docs[0] == nil {
		return nil, fault.NotFoundf("There is no such version in the library.")
	}
	return docs[0], nil
}

// Numbered returns a version of a document by its number, published or a draft
// without errors, or NotFound.
func (s *Service) Numbered(ctx context.Context, kind Kind, slug string, number int) (*Document, error) {
	var id int64
	err := s.DB.QueryRow(ctx, `select v.id from document_versions v join documents d on d.id = v.document_id where d.kind = $1 and d.slug = $2 and v.number = $3`, string(kind), slug, number).Scan(&id)
	if pg.NoRows(err) {
		return nil, fault.NotFoundf("There is no version %d of %s “%s”.", number, kind, slug)
	}
	if err != nil {
		return nil, err
	}
	doc, err := s.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	beyond, err := s.finder(ctx)
	if err != nil {
		return nil, err
	}
	if problems := check([]*Document{doc}, beyond, nil); Failed(problems) {
		return nil, fault.Conflictf("This version has errors, so nobody can work with it. The Studio lists them.")
	}
	return doc, nil
}

// List returns the published documents of a kind in the order of their paths.
// Those of a large library are kept in memory once read.
func (s *Service) List(ctx context.Context, kind Kind) ([]*Document, error) {
	return s.listed(ctx, func(e entry) bool { return e.Kind == kind })
}

// Lessons returns the published lessons of a course in their order.
func (s *Service) Lessons(ctx context.Context, course string) ([]*Document, error) {
	return s.listed(ctx, func(e entry) bool { return e.Kind == KindLesson && strings.HasPrefix(e.Slug, course+".") })
}

func (s *Service) listed(ctx context.Context, want func(entry) bool) ([]*Document, error) {
	index, _, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, e := range index {
		if e.Retired == 0 && want(e) {
			ids = append(ids, e.Version)
		}
	}
	return s.versions(ctx, ids)
}

// versions returns documents by version, nil where there is none.
func (s *Service) versions(ctx context.Context, ids []int64) ([]*Document, error) {
	out := make([]*Document, len(ids))
	var missing []int64
	s.shelf.mu.Lock()
	for i, id := range ids {
		if out[i] = s.shelf.docs[id]; out[i] == nil {
			missing = append(missing, id)
		}
	}
	s.shelf.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	read, err := s.load(ctx, missing)
	if err != nil {
		return nil, err
	}
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	if s.shelf.docs == nil {
		s.shelf.docs = map[int64]*Document{}
	}
	for _, d := range read {
		if d.State != Draft && d.Kind != KindMedia { // a draft may be published yet, media are large
			s.shelf.docs[d.VersionID] = d
		}
		out[slices.Index(ids, d.VersionID)] = d
	}
	return out, nil
}

func (s *Service) load(ctx context.Context, ids []int64) ([]*Document, error) {
	rows, err := pg.All[struct {
		Kind       Kind
		Slug, Path string
		DocumentID int64
		ID         int64
		Number     int
		State      State
		Minor      bool
		Revision   int
		Note       string
		Body       []byte
		CreatedAt  time.Time
	}](ctx, s.DB, `select d.kind, d.slug, d.path, v.document_id, v.id, v.number, v.state, v.minor, v.revision, v.note, v.body, v.created_at
		from document_versions v join documents d on d.id = v.document_id where v.id = any($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("reading versions of documents: %w", err)
	}
	var out []*Document
	for _, r := range rows {
		d := Read(Identity{r.Kind, r.Slug, r.Path}, r.Body)
		d.DocumentID, d.VersionID, d.Number, d.State, d.Minor, d.Revision, d.Note, d.At = r.DocumentID, r.ID, r.Number, r.State, r.Minor, r.Revision, r.Note, r.CreatedAt
		out = append(out, d)
	}
	return out, nil
}

// Notes returns what the authors of a document say has changed after one of
// its versions, up to another, oldest first.
func (s *Service) Notes(ctx context.Context, after, upTo *Document) ([]string, error) {
	notes, err := pg.Column[string](ctx, s.DB, `select note from document_versions where document_id = $1 and number > $2 and number <= $3
		and published_at is not null and note not in ('', $4) order by number`, after.DocumentID, after.Number, upTo.Number, builtInNote)
	if err != nil {
		return nil, fmt.Errorf("reading the notes of a document: %w", err)
	}
	return notes, nil
}
