package content

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"pitchside/content/source"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// An Import says what came of bringing documents in.
type Import struct {
	Documents []Brought
	Problems  []Problem
}

// A Brought is one document that was brought in, with the version that it is now.
type Brought struct {
	Identity
	DocumentID int64
	Title      string
	VersionID  int64
	Number     int
	State      State
	Changed    bool // a version was made or published, or it was retired
	Outcome    Outcome

	made *making // nil: no version was made
}

// A making is what the library noted of a version as it was made.
type making struct {
	minor bool
	note  string
	at    time.Time
}

// An Outcome says what came of a document that was brought in.
type Outcome string

// What comes of documents that are brought in.
const (
	Created   Outcome = "created"
	Updated   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	Kept      Outcome = "kept" // as the Studio has it, which is newer than the file
	Gone      Outcome = "gone" // retired: its file is not there any more
)

// Count returns how many documents came out so.
func (in Import) Count(o Outcome) int {
	n := 0
	for _, d := range in.Documents {
		if d.Outcome == o {
			n++
		}
	}
	return n
}

// Import brings in the documents of a folder or zip. With publish, every
// document without errors is published: one new version where bytes changed,
// none where they did not. Without, each becomes a draft, errors or not. What
// is left out is named in Problems. Only authors and admins may.
func (s *Service) Import(ctx context.Context, by people.Actor, fsys fs.FS, publish bool) (Import, error) {
	if !by.Can(people.Author, people.Admin) {
		return Import{}, fault.Forbiddenf("Only authors bring documents into the library. Ask an admin to make you one.")
	}
	f, err := readFolder(fsys)
	if err != nil {
		return Import{}, err
	}
	return s.bring(ctx, by, f, bringing{publish: publish})
}

// Check says what would come of bringing documents in, and stores nothing.
// Only authors and admins may.
func (s *Service) Check(ctx context.Context, by people.Actor, fsys fs.FS) (Import, error) {
	if err := mayAuthor(by); err != nil {
		return Import{}, err
	}
	f, err := readFolder(fsys)
	if err != nil {
		return Import{}, err
	}
	beyond, err := s.finder(ctx)
	if err != nil {
		return Import{}, err
	}
	out := Import{Problems: append(slices.Clone(f.problems), check(f.docs, beyond, nil)...)}
	source.Sort(out.Problems)
	for _, d := range f.docs {
		out.Documents = append(out.Documents, Brought{Identity: d.Identity, Title: d.Title, State: Draft})
	}
	return out, nil
}

// finder returns the published documents, all read once.
func (s *Service) finder(ctx context.Context) (finder, error) {
	docs, err := s.listed(ctx, func(e entry) bool { return e.Kind != KindMedia })
	if err != nil {
		return nil, err
	}
	_, names, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	by := map[name]*Document{}
	for _, d := range docs {
		by[name{d.Kind, d.Slug}] = d
	}
	return func(k Kind, slug string) *Document {
		if e, ok := names[name{k, slug}]; ok && e.Retired == 0 && k == KindMedia {
			return &Document{Identity: Identity{Kind: k, Slug: slug}}
		}
		return by[name{k, slug}]
	}, nil
}

// A bringing says how documents are brought in. played says which scenarios
// are known to hold together.
type bringing struct {
	publish bool
	note    string
	minor   bool // edits of published documents are minor
	folder  bool // the company's own folder, whole
	played  func(*Document) bool
}

func (s *Service) bring(ctx context.Context, by people.Actor, f *folder, how bringing) (Import, error) {
	beyond, err := s.finder(ctx)
	if err != nil {
		return Import{}, err
	}
	if how.played == nil {
		how.played = func(d *Document) bool { // published bytes were played out when they were published
			was := beyond(d.Kind, d.Slug)
			return was != nil && bytes.Equal(was.Source, d.Source)
		}
	}
	out := Import{Problems: slices.Clone(f.problems)}
	docs := f.docs
	if how.publish {
		sound, problems := withoutErrors(f.docs, beyond, how.played)
		docs = sound
		out.Problems = append(out.Problems, problems...)
	} else {
		out.Problems = append(out.Problems, check(f.docs, beyond, how.played)...)
	}
	source.Sort(out.Problems)
	if len(docs) == 0 && !how.folder {
		return out, nil
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := lockLibrary(ctx, tx); err != nil {
			return err
		}
		have, err := holds(ctx, tx)
		if err != nil {
			return err
		}
		if out.Documents, err = store(ctx, tx, by, docs, have, how); err != nil {
			return err
		}
		if how.folder {
			gone, problems, err := s.retireGone(ctx, tx, f, have)
			if err != nil {
				return err
			}
			out.Documents, out.Problems = append(out.Documents, gone...), append(out.Problems, problems...)
		}
		changed := []string{}
		for _, d := range out.Documents {
			if d.Changed {
				changed = append(changed, d.Path)
			}
		}
		if len(changed) == 0 {
			return nil
		}
		return people.Audit(ctx, tx, by, "library import", nil, "library", map[string]any{"published": how.publish, "documents": changed})
	})
	s.forget()
	if err == nil && how.publish {
		s.shelve(docs, out.Documents)
	}
	return out, err
}

// shelve keeps documents that were just published as they were read, so that
// nobody's first look has to render them.
func (s *Service) shelve(docs []*Document, as []Brought) {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	if s.shelf.docs == nil {
		s.shelf.docs = map[int64]*Document{}
	}
	for i, d := range docs {
		b := as[i]
		if b.made == nil || d.Kind == KindMedia || s.shelf.docs[b.VersionID] != nil {
			continue
		}
		kept := *d
		kept.DocumentID, kept.VersionID, kept.Number, kept.State, kept.Revision = b.DocumentID, b.VersionID, b.Number, Published, 1
		kept.Minor, kept.Note, kept.At = b.made.minor, b.made.note, b.made.at
		s.shelf.docs[b.VersionID] = &kept
	}
}

// withoutErrors returns the documents that have no error, counting as missing
// what is left out for its own, and every problem found on the way.
func withoutErrors(docs []*Document, beyond finder, played func(*Document) bool) (sound []*Document, problems []Problem) {
	sound = docs
	once := map[name]bool{}
	for {
		found := check(sound, beyond, func(d *Document) bool {
			k := name{d.Kind, d.Slug}
			again := once[k]
			once[k] = true
			return again || played(d)
		})
		bad := map[string]bool{}
		for _, p := range found {
			if p.Severity == source.Error {
				bad[p.File] = true
			}
			if !slices.Contains(problems, p) {
				problems = append(problems, p)
			}
		}
		if len(bad) == 0 {
			return sound, problems
		}
		sound = slices.DeleteFunc(slices.Clone(sound), func(d *Document) bool { return bad[d.Path] })
	}
}

// held is what the library has of a document before it is brought in.
type held struct {
	Kind         Kind
	Slug         string
	Path         string
	Title        string
	ID           int64
	Published    *int64 // version
	Retired      bool
	RetiredBy    string
	FolderSha256 []byte // of the file that was last brought in from the folder
	Live         []byte // digest of the published version
	Last         []byte // digest of the newest version
	LastID       int64
	LastState    State
	Number       int // of the newest version
	LiveNo       *int
}

// store writes versions of documents. The library is locked.
func store(ctx context.Context, tx pgx.Tx, by people.Actor, docs []*Document, have map[name]held, how bringing) ([]Brought, error) {
	write := put
	if how.folder {
		write = putFromFolder
	}
	var out []Brought
	for _, d := range docs {
		h := have[name{d.Kind, d.Slug}]
		b, err := write(ctx, tx, by, d, h, how)
		if err != nil {
			return nil, fmt.Errorf("storing %s: %w", d.Path, err)
		}
		switch {
		case b.Outcome != "":
		case h.ID == 0:
			b.Outcome = Created
		case b.Changed:
			b.Outcome = Updated
		default:
			b.Outcome = Unchanged
		}
		out = append(out, b)
	}
	return out, nil
}

func digest(body []byte) []byte {
	sum := sha256.Sum256(body)
	return sum[:]
}

// put stores one document. h is empty when the library has never had it.
func put(ctx context.Context, tx pgx.Tx, by people.Actor, d *Document, h held, how bringing) (Brought, error) {
	sum := digest(d.Source)
	b := Brought{Identity: d.Identity, Title: d.Title, State: Draft}
	if how.publish {
		b.State = Published
	}
	if h.ID == 0 {
		err := tx.QueryRow(ctx, `insert into documents (kind, slug, path, title) values ($1, $2, $3, $4) returning id`, d.Kind, d.Slug, d.Path, d.Title).Scan(&h.ID)
		if err != nil {
			return b, err
		}
	}
	b.DocumentID = h.ID
	switch {
	case how.publish && bytes.Equal(h.Live, sum):
		b.VersionID, b.Number, b.Changed = *h.Published, *h.LiveNo, h.Retired
		if !h.Retired && h.Path == d.Path && h.Title == d.Title {
			return b, nil
		}
		if _, err := tx.Exec(ctx, `update document_versions set state = 'published' where id = $1 and state = 'retired'`, *h.Published); err != nil {
			return b, err
		}
	case !how.publish && bytes.Equal(h.Last, sum):
		b.VersionID, b.Number, b.State = h.LastID, h.Number, h.LastState
		return b, nil
	case how.publish && h.LastState == Draft && bytes.Equal(h.Last, sum):
		b.VersionID, b.Number, b.Changed = h.LastID, h.Number, true
		if _, err := tx.Exec(ctx, `update document_versions set state = 'published', published_at = now(), note = $2, minor = $3 where id = $1`, h.LastID, how.note, how.minor && h.Published != nil); err != nil {
			return b, err
		}
	default:
		b.Number, b.Changed, b.made = h.Number+1, true, &making{}
		var author *int64
		if by.ID != 0 {
			author = &by.ID
		}
		err := tx.QueryRow(ctx, `insert into document_versions (document_id, number, state, title, body, sha256, note, minor, created_by, published_at)
			values (@document, @number, @state, @title, @body, @sha, @note, @minor, @author, case when @state = 'published' then now() end) returning id, minor, note, created_at`,
			pgx.NamedArgs{"document": h.ID, "number": b.Number, "state": b.State, "title": d.Title, "body": d.Source, "sha": sum, "note": how.note,
				"minor": how.publish && how.minor && h.Published != nil, "author": author}).Scan(&b.VersionID, &b.made.minor, &b.made.note, &b.made.at)
		if err != nil {
			return b, err
		}
	}
	if !how.publish {
		return b, nil
	}
	_, err := tx.Exec(ctx, `update documents set published_version = $2, path = $3, title = $4, retired_at = null, retired_by = null where id = $1`, h.ID, b.VersionID, d.Path, d.Title)
	return b, err
}
