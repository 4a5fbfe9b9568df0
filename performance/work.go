package performance

import (
	"context"
	"errors"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// PreviewAsked is news: somebody said what the columns of a file hold.
type PreviewAsked struct {
	ImportID int64 `json:"import_id"`
}

// Kind names the job.
func (PreviewAsked) Kind() string { return "performance.preview_import" }

// ImportConfirmed is news: somebody wants the valid rows of a file imported.
type ImportConfirmed struct {
	ImportID int64 `json:"import_id"`
}

// Kind names the job.
func (ImportConfirmed) Kind() string { return "performance.confirm_import" }

// UndoAsked is news: somebody wants an import undone.
type UndoAsked struct {
	ImportID int64 `json:"import_id"`
}

// Kind names the job.
func (UndoAsked) Kind() string { return "performance.undo_import" }

// small is the size, in bytes, up to which a file is read at once, while the
// person waits. The job is enlisted all the same: it finds nothing left to do,
// or everything if the request was cut off.
const small = 4 << 20

// enlist inserts the job of a piece of news in the caller's transaction.
func (s *Service) enlist(ctx context.Context, tx pgx.Tx, news pg.News) error {
	if s.Jobs == nil {
		return nil
	}
	_, err := s.Jobs.InsertTx(ctx, tx, news, nil)
	return err
}

// carryOut does the work of a small import at once, and returns the import as
// it is then. An import whose file turns out to be unreadable has failed, which
// is no error of the work.
func (s *Service) carryOut(ctx context.Context, by people.Actor, i Import, work func(context.Context, int64) error) (Import, error) {
	if s.Jobs == nil || i.Size <= small {
		if err := work(ctx, i.ID); err != nil {
			return Import{}, err
		}
	}
	return s.Import(ctx, by, i.ID)
}

// Confirm imports the valid rows of a previewed file. A second click, or a
// repeated request, changes nothing.
func (s *Service) Confirm(ctx context.Context, by people.Actor, id int64) (Import, error) {
	i, ours, err := s.move(ctx, by, id, Previewed, Importing, ImportConfirmed{ImportID: id})
	switch {
	case err != nil:
		return Import{}, err
	case ours || i.State == Importing:
		return s.carryOut(ctx, by, i, s.CarryOut)
	case i.State == Imported:
		return i, nil
	}
	return Import{}, fault.Conflictf("This import is %s, so there is nothing to confirm.", i.State.words())
}

// Undo puts back what an import changed, except what was edited since. A second
// click changes nothing.
func (s *Service) Undo(ctx context.Context, by people.Actor, id int64) (Import, error) {
	i, ours, err := s.move(ctx, by, id, Imported, Undoing, UndoAsked{ImportID: id})
	switch {
	case err != nil:
		return Import{}, err
	case ours || i.State == Undoing:
		return s.carryOut(ctx, by, i, s.TakeBack)
	case i.State == Undone:
		return i, nil
	}
	return Import{}, fault.Conflictf("This import is %s, so there is nothing to undo.", i.State.words())
}

// move takes an import from one state to the next and tells the news; ours is
// false if it was not in the first state.
func (s *Service) move(ctx context.Context, by people.Actor, id int64, from, to State, news pg.News) (i Import, ours bool, err error) {
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if i, err = importFor(ctx, tx, by, id); err != nil {
			return err
		}
		if err := mayImport(by, i.Kind); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `update imports set state = $3, version = version + 1 where id = $1 and state = $2`, id, from, to)
		if err != nil {
			return err
		}
		if ours = tag.RowsAffected() == 1; !ours {
			i, err = importFor(ctx, tx, by, id)
			return err
		}
		if err := people.Audit(ctx, tx, by, "import "+string(to), nil, i.Filename, map[string]any{"import": id, "kind": i.Kind,
			"create": i.ToCreate, "update": i.ToUpdate, "unchanged": i.Unchanged, "errors": i.Errors}); err != nil {
			return err
		}
		return s.enlist(ctx, tx, news)
	})
	return i, ours, err
}

// lockImport is the class of advisory locks that imports are carried out under.
const lockImport = 0x696d70

// alone runs f on an import while nobody else works on it, if it is in the
// state that the work begins from; else there is nothing left to do. A fault
// stops the import and is told to the person; another error is returned, so
// that the job is tried again.
func (s *Service) alone(ctx context.Context, id int64, state State, f func(tx pgx.Tx, i Import, by people.Actor) error) error {
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2::bigint::int)`, lockImport, id); err != nil {
			return err
		}
		i, by, err := s.byID(ctx, tx, id)
		if err != nil || i.State != state {
			return err
		}
		return f(tx, i, by)
	})
	var told *fault.Error
	if errors.As(err, &told) {
		return s.Fail(ctx, id, told.Message)
	}
	return err
}

// Fail stops an import and says why: cause, then remedy.
func (s *Service) Fail(ctx context.Context, id int64, why string) error {
	_, err := s.DB.Exec(ctx, `update imports set state = 'failed', failure = $2, version = version + 1 where id = $1 and state in ('previewing', 'importing', 'undoing')`, id, why)
	return err
}

// Resume enlists the jobs of imports that were cut off by the end of the
// program, so that they need not wait until the queue finds them out. Those
// that are at work elsewhere are not disturbed.
func (s *Service) Resume(ctx context.Context) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		type row struct {
			ID    int64
			State State
		}
		cut, err := pg.All[row](ctx, tx, `select id, state from imports where state in ('previewing', 'importing', 'undoing')`)
		if err != nil {
			return err
		}
		for _, i := range cut {
			news := map[State]pg.News{Previewing: PreviewAsked{i.ID}, Importing: ImportConfirmed{i.ID}, Undoing: UndoAsked{i.ID}}[i.State]
			if err := s.enlist(ctx, tx, news); err != nil {
				return err
			}
		}
		return nil
	})
}
