package content

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"

	"pitchside/content/source"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// LargeImport is how many documents are brought in while somebody waits; more
// are brought in step by step. importBatch is how many a step stores.
const (
	LargeImport = 200
	importBatch = 100
)

// ImportAsked is news: a large library is to be brought in.
type ImportAsked struct {
	ImportID int64 `json:"import_id"`
}

// Kind names the job.
func (ImportAsked) Kind() string { return "content.import" }

// A LibraryImport is a large zip of documents on its way into the library.
type LibraryImport struct {
	ID         int64
	CreatedBy  int64
	Publish    bool
	State      ImportState
	Total      int
	Done       int
	Current    string
	Documents  []Brought
	Problems   []Problem
	Failure    string
	CreatedAt  time.Time
	FinishedAt *time.Time
}

// An ImportState says how far a large import is.
type ImportState string

// The states of a large import.
const (
	ImportRunning ImportState = "running"
	ImportDone    ImportState = "done"
	ImportFailed  ImportState = "failed"
)

const libraryImportColumns = `i.id, i.created_by, i.publish, i.state, i.total, i.done, i.current, i.documents, i.problems, i.failure, i.created_at, i.finished_at from library_imports i`

// Documents counts the documents of a folder or zip.
func Documents(fsys fs.FS) (int, error) {
	root, err := libraryRoot(fsys)
	if err != nil {
		return 0, err
	}
	n := 0
	err = fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			if _, ours, _ := Identify(file); ours {
				n++
			}
		}
		return err
	})
	return n, err
}

// BeginImport keeps a zip that is to be brought in, and asks for the work. Only
// authors and admins may.
func (s *Service) BeginImport(ctx context.Context, by people.Actor, archive []byte, publish bool) (LibraryImport, error) {
	if err := mayAuthor(by); err != nil {
		return LibraryImport{}, err
	}
	f, err := readArchive(archive)
	if err != nil {
		return LibraryImport{}, err
	}
	var out LibraryImport
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `insert into library_imports (created_by, publish, archive, total, created_at, updated_at) values (@by, @publish, @archive, @total, @now, @now) returning id`,
			pgx.NamedArgs{"by": by.ID, "publish": publish, "archive": archive, "total": len(f.docs), "now": s.Now()}).Scan(&id)
		if err != nil {
			return err
		}
		if s.Jobs != nil {
			if _, err := s.Jobs.InsertTx(ctx, tx, ImportAsked{id}, nil); err != nil {
				return err
			}
		}
		out, err = pg.One[LibraryImport](ctx, tx, `select `+libraryImportColumns+` where i.id = $1`, id)
		return err
	})
	if err != nil || s.Jobs != nil {
		return out, err
	}
	if err := s.CarryOutImport(ctx, out.ID); err != nil { // nobody else does the work here
		return out, err
	}
	return s.LibraryImport(ctx, by, out.ID)
}

func readArchive(archive []byte) (*folder, error) {
	files, err := OpenZip(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	return readFolder(files)
}

// LibraryImport returns a large import; authors and admins see all.
func (s *Service) LibraryImport(ctx context.Context, by people.Actor, id int64) (LibraryImport, error) {
	if err := mayAuthor(by); err != nil {
		return LibraryImport{}, err
	}
	i, err := pg.One[LibraryImport](ctx, s.DB, `select `+libraryImportColumns+` where i.id = $1`, id)
	if pg.NoRows(err) {
		return i, fault.NotFoundf("There is no import %d of a library.", id)
	}
	return i, err
}

// CarryOutImport brings a large import to its end from wherever it stands. Each
// step stores a hundred documents as drafts together with how far it is, so that
// whoever goes on after a crash begins at the next; the last step publishes all
// of them in one transaction, so that nobody reads half a library.
func (s *Service) CarryOutImport(ctx context.Context, id int64) error {
	err := s.carryOutImport(ctx, id)
	var f *fault.Error
	if errors.As(err, &f) {
		_, err = s.DB.Exec(ctx, `update library_imports set state = 'failed', failure = $2, archive = null, finished_at = $3, updated_at = $3 where id = $1 and state = 'running'`, id, f.Message, s.Now())
	}
	return err
}

func (s *Service) carryOutImport(ctx context.Context, id int64) error {
	var archive []byte
	var publish bool
	var by people.Actor
	err := s.DB.QueryRow(ctx, `select i.archive, i.publish, p.id, p.name, p.capabilities from library_imports i join persons p on p.id = i.created_by where i.id = $1 and i.state = 'running'`, id).
		Scan(&archive, &publish, &by.ID, &by.Name, &by.Capabilities)
	if pg.NoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := mayAuthor(by); err != nil {
		return err
	}
	f, err := readArchive(archive)
	if err != nil {
		return err
	}
	sound, problems, err := s.sift(ctx, f, publish)
	if err != nil {
		return err
	}
	for more := true; more; {
		err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
			more, err = s.storeBatch(ctx, tx, by, id, f.docs, sound, publish)
			return err
		})
		if err != nil {
			return err
		}
	}
	kept := make([]*Document, 0, len(sound))
	for _, d := range f.docs {
		if sound[d.Path] {
			kept = append(kept, d)
		}
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error { return s.endImport(ctx, tx, by, id, kept, problems, publish) })
	s.forget()
	return err
}

// sift says which documents of a folder are to be stored, by path, and what is
// wrong with it.
func (s *Service) sift(ctx context.Context, f *folder, publish bool) (map[string]bool, []Problem, error) {
	beyond, err := s.finder(ctx)
	if err != nil {
		return nil, nil, err
	}
	played := func(d *Document) bool {
		was := beyond(d.Kind, d.Slug)
		return was != nil && bytes.Equal(was.Source, d.Source)
	}
	docs, found := f.docs, []Problem(nil)
	if publish {
		docs, found = withoutErrors(f.docs, beyond, played)
	} else {
		found = check(f.docs, beyond, played)
	}
	problems := append(slices.Clone(f.problems), found...)
	source.Sort(problems)
	sound := map[string]bool{}
	for _, d := range docs {
		sound[d.Path] = true
	}
	return sound, problems, nil
}

// lockImport takes an import that is running for this transaction; nil when it
// is not running any more.
func lockImport(ctx context.Context, tx pgx.Tx, id int64) (*LibraryImport, error) {
	i, err := pg.One[LibraryImport](ctx, tx, `select `+libraryImportColumns+` where i.id = $1 and i.state = 'running' for update`, id)
	if pg.NoRows(err) {
		return nil, nil
	}
	return &i, err
}

// storeBatch stores the next documents as drafts; those that are published with
// the same bytes need none. It reports whether more are left.
func (s *Service) storeBatch(ctx context.Context, tx pgx.Tx, by people.Actor, id int64, docs []*Document, sound map[string]bool, publish bool) (bool, error) {
	i, err := lockImport(ctx, tx, id)
	if err != nil || i == nil || i.Done >= len(docs) {
		return false, err
	}
	if err := lockLibrary(ctx, tx); err != nil {
		return false, err
	}
	have, err := holds(ctx, tx)
	if err != nil {
		return false, err
	}
	next := docs[i.Done:min(len(docs), i.Done+importBatch)]
	var fresh []*Document
	for _, d := range next {
		sum := digest(d.Source)
		if h := have[name{d.Kind, d.Slug}]; sound[d.Path] && !(publish && !h.Retired && bytes.Equal(h.Live, sum)) {
			fresh = append(fresh, d)
		}
	}
	stored, err := store(ctx, tx, by, fresh, have, bringing{})
	if err != nil {
		return false, err
	}
	i.Documents = append(i.Documents, stored...)
	list, err := json.Marshal(i.Documents)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `update library_imports set done = done + @n, current = @current, documents = @documents, updated_at = @now where id = @id`,
		pgx.NamedArgs{"id": id, "n": len(next), "current": next[len(next)-1].Path, "documents": list, "now": s.Now()})
	return i.Done+len(next) < len(docs), err
}

// endImport publishes what was stored, all at once, and writes the report.
func (s *Service) endImport(ctx context.Context, tx pgx.Tx, by people.Actor, id int64, docs []*Document, problems []Problem, publish bool) error {
	i, err := lockImport(ctx, tx, id)
	if err != nil || i == nil {
		return err
	}
	drafts := map[string]Brought{}
	for _, b := range i.Documents {
		drafts[b.Path] = b
	}
	out := i.Documents
	if publish {
		if err := lockLibrary(ctx, tx); err != nil {
			return err
		}
		have, err := holds(ctx, tx)
		if err != nil {
			return err
		}
		if out, err = store(ctx, tx, by, docs, have, bringing{publish: true}); err != nil {
			return err
		}
		for n, b := range out {
			if d, ok := drafts[b.Path]; ok && b.Changed && d.Outcome == Created {
				out[n].Outcome = Created
			}
		}
	}
	changed := []string{}
	for _, b := range out {
		if b.Changed {
			changed = append(changed, b.Path)
		}
	}
	list, err := json.Marshal(out)
	if err != nil {
		return err
	}
	wrong, err := json.Marshal(problems)
	if err != nil {
		return err
	}
	if len(out) == 0 {
		list = []byte("[]")
	}
	if len(problems) == 0 {
		wrong = []byte("[]")
	}
	if _, err := tx.Exec(ctx, `update library_imports set state = 'done', documents = @documents, problems = @problems, archive = null, finished_at = @now, updated_at = @now where id = @id`,
		pgx.NamedArgs{"id": id, "documents": list, "problems": wrong, "now": s.Now()}); err != nil || len(changed) == 0 {
		return err
	}
	return people.Audit(ctx, tx, by, "library import", nil, "library", map[string]any{"published": publish, "documents": changed})
}

// ResumeImports enlists the jobs of imports that were cut off by the end of the
// program, so that they need not wait until the queue finds them out.
func (s *Service) ResumeImports(ctx context.Context) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		cut, err := pg.Column[int64](ctx, tx, `select id from library_imports where state = 'running' order by id`)
		if err != nil {
			return err
		}
		for _, id := range cut {
			if _, err := s.Jobs.InsertTx(ctx, tx, ImportAsked{id}, nil); err != nil {
				return err
			}
		}
		return nil
	})
}
