package content

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"pitchside/content/source"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Tag names a state of a document: its newest version, and how often that
// was edited. The zero Tag is that of a document which is not there yet.
type Tag struct{ Number, Revision int }

// Tag returns the state that this version is.
func (d *Document) Tag() Tag { return Tag{d.Number, d.Revision} }

// A Writing is a text to be kept as a draft, and the state that it rests on.
type Writing struct {
	Identity
	Body   []byte
	On     Tag
	Beside bool // as a version of its own, so that the one it rests on stays as it is
}

// Save keeps a text as a draft and returns it with its problems; errors do not
// keep a draft from being saved. A draft is edited in place by whoever made
// it; everybody else's text becomes the next version. A text that rests on an
// older state is Stale, with the newer text. Only authors and admins may.
func (s *Service) Save(ctx context.Context, by people.Actor, w Writing) (*Document, []Problem, error) {
	if err := mayAuthor(by); err != nil {
		return nil, nil, err
	}
	if w.Kind == KindMedia {
		return nil, nil, fault.Invalidf("A picture, sound or film is uploaded, not written.")
	}
	if len(w.Body) > mostText {
		return nil, nil, fault.Field("source", "The text is larger than 1 MB. Divide it.")
	}
	read := Read(w.Identity, w.Body)
	var saved int64
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := lockLibrary(ctx, tx); err != nil {
			return err
		}
		have, err := pg.All[newest](ctx, tx, `select d.id, d.path, v.id as version, v.number, v.revision, v.state, v.body, v.created_by
			from documents d join lateral (select * from document_versions where document_id = d.id order by number desc limit 1) v on true
			where d.kind = $1 and d.slug = $2`, w.Kind, w.Slug)
		if err != nil {
			return err
		}
		if len(have) == 0 {
			if w.On != (Tag{}) {
				return fault.NotFoundf("There is no %s “%s” in the library.", w.Kind, w.Slug)
			}
			n := newest{}
			if err := tx.QueryRow(ctx, `insert into documents (kind, slug, path, title) values ($1, $2, $3, $4) returning id`, w.Kind, w.Slug, w.Path, read.Title).Scan(&n.ID); err != nil {
				return err
			}
			saved, err = insertDraft(ctx, tx, by, n, read)
			return err
		}
		saved, err = saveOver(ctx, tx, by, have[0], w, read)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	d, err := s.Version(ctx, saved)
	if err != nil {
		return nil, nil, err
	}
	problems, err := s.problems(ctx, d)
	return d, problems, err
}

// newest is the last version of a document.
type newest struct {
	ID, Version      int64
	Path             string
	Number, Revision int
	State            State
	Body             []byte
	CreatedBy        *int64
}

func saveOver(ctx context.Context, tx pgx.Tx, by people.Actor, have newest, w Writing, read *Document) (int64, error) {
	switch tag := (Tag{have.Number, have.Revision}); {
	case bytes.Equal(have.Body, w.Body) && w.On != (Tag{}):
		return have.Version, nil
	case w.On == Tag{}:
		return 0, fault.Conflictf("There is a %s “%s” already. Choose another name, or edit that one.", w.Kind, w.Slug)
	case w.On != tag:
		return 0, &fault.Error{Kind: fault.Stale, Theirs: string(have.Body),
			Message: "Somebody saved this document while you were writing. Nothing of either text is lost: compare the two, put together what you want of both, and save again."}
	}
	mine := have.CreatedBy == nil && by.ID == 0 || have.CreatedBy != nil && *have.CreatedBy == by.ID
	if have.State != Draft || !mine || w.Beside {
		return insertDraft(ctx, tx, by, have, read)
	}
	sum := sha256.Sum256(read.Source)
	_, err := tx.Exec(ctx, `update document_versions set body = $2, sha256 = $3, title = $4, revision = revision + 1, created_at = now() where id = $1`,
		have.Version, read.Source, sum[:], read.Title)
	return have.Version, err
}

// insertDraft makes the version that follows the newest.
func insertDraft(ctx context.Context, tx pgx.Tx, by people.Actor, after newest, d *Document) (id int64, err error) {
	sum := sha256.Sum256(d.Source)
	var author *int64
	if by.ID != 0 {
		author = &by.ID
	}
	err = tx.QueryRow(ctx, `insert into document_versions (document_id, number, state, title, body, sha256, created_by)
		values ($1, $2, 'draft', $3, $4, $5, $6) returning id`, after.ID, after.Number+1, d.Title, d.Source, sum[:], author).Scan(&id)
	return id, err
}

// lockLibrary lets one writer at a time into the library.
func lockLibrary(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('pitchside library'))`); err != nil {
		return fmt.Errorf("waiting for another writer: %w", err)
	}
	return nil
}

// Preview reads a text as a version of a document and returns it with its
// problems; nothing is stored. Only authors and admins may.
func (s *Service) Preview(ctx context.Context, by people.Actor, id Identity, body []byte) (*Document, []Problem, error) {
	if err := mayAuthor(by); err != nil {
		return nil, nil, err
	}
	if len(body) > mostText {
		return nil, nil, fault.Field("source", "The text is larger than 1 MB. Divide it.")
	}
	d := Read(id, body)
	d.State = Draft
	problems, err := s.problems(ctx, d)
	return d, problems, err
}

// problems returns what is wrong with a document beside the published library.
func (s *Service) problems(ctx context.Context, d *Document) ([]Problem, error) {
	beyond, err := s.finder(ctx)
	if err != nil {
		return nil, err
	}
	problems := check([]*Document{d}, beyond, func(d *Document) bool { return d.State != Draft })
	source.Sort(problems)
	return problems, nil
}

// Typed returns a text as it came out of a form, whose line ends are the
// browser's, with the line ends and the byte-order mark of the text before it.
func Typed(before []byte, typed string) []byte {
	typed = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(typed)
	if bytes.HasPrefix(before, []byte("\ufeff")) {
		typed = "\ufeff" + strings.TrimPrefix(typed, "\ufeff")
	}
	switch n := bytes.Count(before, []byte("\n")); {
	case n > 0 && bytes.Count(before, []byte("\r\n"))*2 > n:
		typed = strings.ReplaceAll(typed, "\n", "\r\n")
	case n == 0 && bytes.IndexByte(before, '\r') >= 0:
		typed = strings.ReplaceAll(typed, "\n", "\r")
	}
	return []byte(typed)
}
