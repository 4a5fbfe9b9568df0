package content

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Folder is the company's own folder of documents, such as a checkout.
type Folder struct {
	Name  string // as it is configured
	Files fs.FS
}

// Sync brings the library in line with the company's own folder. A file that
// is new or has changed is published; a document whose file is gone is
// retired, if it came from the folder. A document that was changed or retired
// in the Studio stays so until its file changes too. What has errors is left
// out and named in Problems, and stays as it was. Only authors and admins may.
func (s *Service) Sync(ctx context.Context, by people.Actor) (Import, error) {
	if err := mayAuthor(by); err != nil {
		return Import{}, err
	}
	if s.Folder == nil {
		return Import{}, fault.Conflictf("This installation has no folder of its own. Name one with PITCHSIDE_LIBRARY and start again.")
	}
	f, err := readFolder(s.Folder.Files)
	if err != nil {
		return Import{}, err
	}
	return s.bring(ctx, by, f, bringing{publish: true, note: "From the company’s folder", folder: true})
}

// putFromFolder stores a document whose file lies in the company's folder.
func putFromFolder(ctx context.Context, tx pgx.Tx, by people.Actor, d *Document, h held, how bringing) (Brought, error) {
	sum := sha256.Sum256(d.Source)
	same := bytes.Equal(h.FolderSha256, sum[:])
	back := h.Retired && h.RetiredBy == byFolder
	if same && !back && (h.Retired || !bytes.Equal(h.Live, sum[:])) {
		return Brought{Identity: d.Identity, Title: h.Title, VersionID: h.LastID, Number: h.Number, State: h.LastState, Outcome: Kept}, nil
	}
	b, err := put(ctx, tx, by, d, h, how)
	if err == nil && !same {
		_, err = tx.Exec(ctx, `update documents set folder_sha256 = $3 where kind = $1 and slug = $2`, d.Kind, d.Slug, sum[:])
	}
	return b, err
}

// retireGone retires the documents that came from the folder and whose file is
// not there any more. What the program brings along as well stays. A folder
// without a document is taken for one that is not mounted.
func (s *Service) retireGone(ctx context.Context, tx pgx.Tx, f *folder, have map[name]held) ([]Brought, []Problem, error) {
	if len(f.docs) == 0 {
		return nil, []Problem{{File: ".", Line: 1, Column: 1, Severity: "warning", Cause: "There is no document in the folder, so nothing was retired.",
			Remedy: "See whether it is mounted, and whether it is the right one."}}, nil
	}
	builtIn, err := builtInDocuments()
	if err != nil {
		return nil, nil, err
	}
	var gone []Brought
	var ids, versions []int64
	for n, h := range have {
		there := slices.ContainsFunc(f.docs, func(d *Document) bool { return d.Kind == n.kind && d.Slug == n.slug }) ||
			slices.ContainsFunc(f.problems, func(p Problem) bool { return p.File == h.Path })
		if h.FolderSha256 == nil || h.Retired || h.Published == nil || there || builtIn(n.kind, n.slug) != nil {
			continue
		}
		ids, versions = append(ids, h.ID), append(versions, *h.Published)
		gone = append(gone, Brought{Identity: Identity{h.Kind, h.Slug, h.Path}, Title: h.Title, VersionID: *h.Published, Number: *h.LiveNo, State: Retired, Changed: true, Outcome: Gone})
	}
	if len(ids) == 0 {
		return nil, nil, nil
	}
	slices.SortFunc(gone, func(a, b Brought) int { return strings.Compare(a.Path, b.Path) })
	if _, err := tx.Exec(ctx, `with gone as (update documents set retired_at = $3, retired_by = 'folder' where id = any($1))
		update document_versions set state = 'retired' where id = any($2)`, ids, versions, s.Now()); err != nil {
		return nil, nil, fmt.Errorf("retiring what is gone from the folder: %w", err)
	}
	return gone, nil, nil
}

// holds returns what the library holds, by name.
func holds(ctx context.Context, tx pgx.Tx) (map[name]held, error) {
	rows, err := pg.All[held](ctx, tx, `select d.kind, d.slug, d.path, d.title, d.id, d.published_version as published, d.retired_at is not null as retired,
			coalesce(d.retired_by, '') as retired_by, d.folder_sha256, p.sha256 as live, p.number as live_no,
			v.sha256 as last, v.id as last_id, v.state as last_state, v.number
		from documents d left join document_versions p on p.id = d.published_version
		join lateral (select id, sha256, state, number from document_versions where document_id = d.id order by number desc limit 1) v on true`)
	if err != nil {
		return nil, fmt.Errorf("reading what the library holds: %w", err)
	}
	have := make(map[name]held, len(rows))
	for _, h := range rows {
		have[name{h.Kind, h.Slug}] = h
	}
	return have, nil
}
