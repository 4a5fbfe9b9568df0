package content

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"sync"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
)

//go:embed library
var embedded embed.FS

// Library is the built-in library.
var Library = func() fs.FS {
	sub, err := fs.Sub(embedded, "library")
	if err != nil {
		panic(err) // the folder is embedded under this name
	}
	return sub
}()

// builtInNote marks versions that came with the program.
const builtInNote = "Built-in library"

var builtInFolder = sync.OnceValues(func() (*folder, error) { return readFolder(Library) })

// builtInDocuments returns a finder over the built-in library.
func builtInDocuments() (finder, error) {
	f, err := builtInFolder()
	if err != nil {
		return nil, err
	}
	return func(k Kind, slug string) *Document {
		for _, d := range f.docs {
			if d.Kind == k && d.Slug == slug {
				return d
			}
		}
		return nil
	}, nil
}

// BuiltIn returns a document as it came with the program, or NotFound.
func BuiltIn(kind Kind, slug string) (*Document, error) {
	find, err := builtInDocuments()
	if err != nil {
		return nil, err
	}
	if d := find(kind, slug); d != nil {
		return d, nil
	}
	return nil, fault.NotFoundf("There is no %s “%s” in the built-in library.", kind, slug)
}

// EnsureBuiltIn publishes what is new or changed in the built-in library. A
// document that an author has changed or retired since stays as the author
// left it.
func (s *Service) EnsureBuiltIn(ctx context.Context) error {
	f, err := builtInFolder()
	if err != nil {
		return err
	}
	rows, err := pg.All[struct {
		Kind    Kind
		Slug    string
		Sha256  []byte
		Note    string
		Retired bool
	}](ctx, s.DB, `select d.kind, d.slug, v.sha256, v.note, d.retired_at is not null as retired from documents d join document_versions v on v.id = d.published_version`)
	if err != nil {
		return fmt.Errorf("comparing the built-in library: %w", err)
	}
	settled := map[name]bool{}
	for _, r := range rows {
		own := r.Note != builtInNote || r.Retired
		for _, d := range f.docs {
			if sum := sha256.Sum256(d.Source); d.Kind == r.Kind && d.Slug == r.Slug && (own || bytes.Equal(sum[:], r.Sha256)) {
				settled[name{d.Kind, d.Slug}] = true
			}
		}
	}
	var due []*Document
	for _, d := range f.docs {
		if !settled[name{d.Kind, d.Slug}] {
			due = append(due, d)
		}
	}
	if len(due) == 0 {
		return nil
	}
	all := func(*Document) bool { return true }
	if _, err := s.bring(ctx, people.Operator, &folder{docs: due}, bringing{publish: true, note: builtInNote, played: all}); err != nil {
		return fmt.Errorf("publishing the built-in library: %w", err)
	}
	return nil
}
