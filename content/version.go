package content

import (
	"context"
	"fmt"
	"time"

	"pitchside/content/source"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Version is one line of a document's history.
type Version struct {
	ID          int64
	Number      int
	State       State
	Revision    int // of a draft: how often it was saved
	Title       string
	Note        string
	Minor       bool    // readers of the version before it move along
	Author      *string // name; nil for what came with the program
	CreatedAt   time.Time
	PublishedAt *time.Time
	Current     bool // what learners meet now
}

// mayAuthor refuses people who may not see keys and buyers' secrets.
func mayAuthor(by people.Actor) error {
	if by.Can(people.Author, people.Admin) {
		return nil
	}
	return fault.NotFoundf("The source of documents is for their authors.")
}

// Versions returns the history of a document, newest first. Only authors and
// admins see it.
func (s *Service) Versions(ctx context.Context, by people.Actor, kind Kind, slug string) ([]Version, error) {
	if err := mayAuthor(by); err != nil {
		return nil, err
	}
	list, err := pg.All[Version](ctx, s.DB, `select v.id, v.number, v.state, v.revision, v.title, v.note, v.minor, p.name as author, v.created_at, v.published_at,
			v.id is not distinct from d.published_version as current
		from document_versions v join documents d on d.id = v.document_id left join persons p on p.id = v.created_by
		where d.kind = $1 and d.slug = $2 order by v.number desc`, kind, slug)
	if err != nil {
		return nil, fmt.Errorf("reading the versions of a document: %w", err)
	}
	if len(list) == 0 {
		return nil, fault.NotFoundf("There is no %s “%s” in the library.", kind, slug)
	}
	return list, nil
}

// Source returns a version of a document by its number, 0 for the newest, with
// the problems it has beside the published library. Only authors and admins
// see it.
func (s *Service) Source(ctx context.Context, by people.Actor, kind Kind, slug string, number int) (*Document, []Problem, error) {
	list, err := s.Versions(ctx, by, kind, slug)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range list {
		if v.Number != number && number != 0 {
			continue
		}
		d, err := s.Version(ctx, v.ID)
		if err != nil {
			return nil, nil, err
		}
		if d.State != v.State { // it was kept before it was retired, or brought back
			now := *d
			now.State = v.State
			d = &now
		}
		problems, err := s.problems(ctx, d)
		return d, problems, err
	}
	return nil, nil, fault.NotFoundf("This document has no version %d.", number)
}

// A Holding is a document as the Studio lists it: its newest version, and
// which one is published.
type Holding struct {
	Identity
	Title     string
	VersionID int64 // newest
	Number    int
	State     State
	Published *int // number of the published version
	Retired   bool
	At        time.Time
	Errors    int
	Warnings  int
}

// Holdings returns every document of the library with the problems of its
// newest version, by path. kind "" means all. Only authors and admins see it.
func (s *Service) Holdings(ctx context.Context, by people.Actor, kind Kind) ([]Holding, error) {
	if err := mayAuthor(by); err != nil {
		return nil, err
	}
	rows, err := pg.All[struct {
		Kind              Kind
		Slug, Path, Title string
		ID                int64
		Number            int
		State             State
		Published         *int
		Retired           bool
		CreatedAt         time.Time
	}](ctx, s.DB, `select d.kind, d.slug, d.path, v.title, v.id, v.number, v.state, p.number as published, d.retired_at is not null as retired, v.created_at
		from documents d
		join lateral (select id, number, state, title, created_at from document_versions where document_id = d.id order by number desc limit 1) v on true
		left join document_versions p on p.id = d.published_version
		where $1 = '' or d.kind = $1 order by d.path`, kind)
	if err != nil {
		return nil, fmt.Errorf("listing the library: %w", err)
	}
	var out []Holding
	var ids []int64
	for _, r := range rows {
		out = append(out, Holding{Identity: Identity{r.Kind, r.Slug, r.Path}, Title: r.Title, VersionID: r.ID, Number: r.Number, State: r.State, Published: r.Published, Retired: r.Retired, At: r.CreatedAt})
		if r.Kind != KindMedia && !r.Retired {
			ids = append(ids, r.ID)
		}
	}
	docs, err := s.versions(ctx, ids)
	if err != nil {
		return nil, err
	}
	beyond, err := s.finder(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range check(docs, beyond, func(*Document) bool { return true }) {
		for i := range out {
			switch {
			case out[i].Path != p.File:
			case p.Severity == source.Error:
				out[i].Errors++
			default:
				out[i].Warnings++
			}
		}
	}
	return out, nil
}

// Media returns a published picture, sound or film by its path, or NotFound.
func (s *Service) Media(ctx context.Context, file string) (*Document, error) {
	return s.Published(ctx, KindMedia, mediaSlug(file))
}

// A Publication says what a version changes, and how much.
type Publication struct {
	Note  string // what changed, for those who have begun an earlier version
	Minor bool   // readers of the version before move along; otherwise they are asked
}

// Publish publishes a draft version of a document, so that learners who begin
// now meet it. It is refused while the draft has errors. Only authors and
// admins may.
func (s *Service) Publish(ctx context.Context, by people.Actor, kind Kind, slug string, number int, p Publication) error {
	d, _, err := s.Source(ctx, by, kind, slug, number)
	if err != nil {
		return err
	}
	if d.State != Draft {
		return fault.Conflictf("Version %d has been published already.", d.Number)
	}
	if len(p.Note) > mostNote {
		return fault.Field("note", "The note is too long: at most 500 characters.")
	}
	if kind == KindRubric && p.Minor {
		last, err := s.Last(ctx, kind, slug)
		if err == nil {
			err = keepsLocks(last.Rubric, d.Rubric)
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	beyond, err := s.finder(ctx)
	if err != nil {
		return err
	}
	if problems := check([]*Document{d}, beyond, nil); Failed(problems) {
		return fault.Conflictf("This version has errors, so it cannot be published. They are listed below its text.")
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := lockLibrary(ctx, tx); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `update document_versions v set state = 'published', published_at = now(), note = @note,
				minor = @minor and exists (select from document_versions where document_id = @document and published_at is not null)
			where id = @version and state = 'draft' and revision = @revision and number = (select max(number) from document_versions where document_id = @document)`,
			pgx.NamedArgs{"version": d.VersionID, "document": d.DocumentID, "revision": d.Revision, "note": p.Note, "minor": p.Minor})
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return fault.Conflictf("This document was saved again in the meantime. Look at its newest version first.")
		}
		if _, err := tx.Exec(ctx, `update documents set published_version = $2, title = $3, retired_at = null, retired_by = null where id = $1`, d.DocumentID, d.VersionID, d.Title); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "document published", nil, d.Path, map[string]any{"version": d.Number, "minor": p.Minor})
	})
	s.forget()
	if err != nil {
		return err
	}
	_, err = s.Version(ctx, d.VersionID) // rendered now, so that nobody's first look has to
	return err
}

const mostNote = 500 // bytes
