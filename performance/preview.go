package performance

import (
	"context"
	"errors"
	"io"

	"pitchside/internal/fault"
	"pitchside/internal/tabular"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// rowsAtOnce is how many rows are held in memory.
const rowsAtOnce = 5000

// sampleRows is how many good rows a preview shows.
const sampleRows = 8

// counts is what the rows of an import do.
type counts struct {
	create, update, unchanged, errors int64
	also                              Also
	sample                            []SampleRow
}

// Preview reads the whole file of an import and finds out what each row would
// do. Nothing but the preview is written. It is the work of PreviewAsked and
// may run twice.
func (s *Service) Preview(ctx context.Context, id int64) error {
	return s.alone(ctx, id, Previewing, func(tx pgx.Tx, i Import, by people.Actor) error {
		if _, err := tx.Exec(ctx, `delete from import_rows where import_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from import_errors where import_id = $1`, id); err != nil {
			return err
		}
		read, skipped, err := s.stage(ctx, tx, i)
		if err != nil {
			return err
		}
		var n counts
		if i.Kind == PeopleKind {
			n, err = s.previewPeople(ctx, tx, i)
		} else {
			n, err = s.previewDeals(ctx, tx, i, by)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update imports set state = 'previewed', rows_read = @read, skipped = @skipped, to_create = @create, to_update = @update, unchanged = @unchanged,
			errors = @errors, also = @also, sample = @sample, version = version + 1 where id = @id`,
			pgx.NamedArgs{"id": id, "read": read, "skipped": skipped, "create": n.create, "update": n.update, "unchanged": n.unchanged,
				"errors": n.errors, "also": n.also, "sample": orEmpty(n.sample)})
		return err
	})
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// A stagedRow is one row of a file with its fields read.
type stagedRow struct {
	number int64
	key    string // what names the person or the deal in the file
	data   map[string]any
}

// stage streams the rows of the file into import_rows, and those that cannot be
// read into import_errors.
func (s *Service) stage(ctx context.Context, tx pgx.Tx, i Import) (read, skipped int64, err error) {
	file, _, err := s.Blobs.Get(ctx, i.blobKey)
	if err != nil {
		return 0, 0, unreadable(err)
	}
	defer file.Close()
	r, err := tabular.Open(file, i.format())
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	reads := newRowReader(i, r.Header)
	good, bad := make([]stagedRow, 0, rowsAtOnce), []RowError{}
	flush := func() error {
		if err := copyRows(ctx, tx, i.ID, good); err != nil {
			return err
		}
		if err := copyErrors(ctx, tx, i.ID, bad); err != nil {
			return err
		}
		good, bad = good[:0], bad[:0]
		// Progress is told from outside the transaction, or nobody would see it before the end.
		_, err := s.DB.Exec(ctx, `update imports set rows_read = $2 where id = $1`, i.ID, read)
		return err
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, 0, err
		}
		read++
		if i.Kind == PeopleKind && read > mostPeople {
			return 0, 0, fault.Invalidf("A file of people may have %d rows. Divide it and import its parts.", mostPeople)
		}
		if staged, errs := reads.read(row); len(errs) > 0 {
			bad = append(bad, errs...)
		} else {
			good = append(good, staged)
		}
		if len(good)+len(bad) >= rowsAtOnce {
			if err := flush(); err != nil {
				return 0, 0, err
			}
		}
	}
	if err := flush(); err != nil {
		return 0, 0, err
	}
	if read > rowsAtOnce {
		_, err = tx.Exec(ctx, `analyze import_rows`)
	}
	return read, r.Skipped, err
}

func copyRows(ctx context.Context, tx pgx.Tx, id int64, rows []stagedRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"import_rows"}, []string{"import_id", "row", "key", "data"},
		pgx.CopyFromSlice(len(rows), func(n int) ([]any, error) {
			return []any{id, rows[n].number, rows[n].key, rows[n].data}, nil
		}))
	return err
}

func copyErrors(ctx context.Context, tx pgx.Tx, id int64, errs []RowError) error {
	if len(errs) == 0 {
		return nil
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"import_errors"}, []string{"import_id", "row", "col", "value", "cause"},
		pgx.CopyFromSlice(len(errs), func(n int) ([]any, error) {
			e := errs[n]
			return []any{id, e.Row, e.Column, shorten(e.Value), e.Cause}, nil
		}))
	return err
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return s
}

// CarryOut imports the valid rows, in one transaction, judged against what is
// here now. It is the work of ImportConfirmed and may run twice.
func (s *Service) CarryOut(ctx context.Context, id int64) error {
	return s.alone(ctx, id, Importing, func(tx pgx.Tx, i Import, by people.Actor) error {
		var staged bool
		if err := tx.QueryRow(ctx, `select exists (select from import_rows where import_id = $1)`, id).Scan(&staged); err != nil {
			return err
		}
		if !staged && i.Valid() > 0 {
			// The rows are kept without a log, so a crash of the database empties them.
			if _, err := tx.Exec(ctx, `delete from import_errors where import_id = $1`, id); err != nil {
				return err
			}
			if _, _, err := s.stage(ctx, tx, i); err != nil {
				return err
			}
		}
		var n counts
		var err error
		if i.Kind == PeopleKind {
			n, err = s.importPeople(ctx, tx, i)
		} else {
			n, err = s.importDeals(ctx, tx, i, by)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from import_rows where import_id = $1`, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update imports set state = 'imported', imported_at = @now, to_create = @create, to_update = @update, unchanged = @unchanged,
			errors = @errors, also = @also, version = version + 1 where id = @id`,
			pgx.NamedArgs{"id": id, "now": s.Now(), "create": n.create, "update": n.update, "unchanged": n.unchanged, "errors": n.errors, "also": n.also})
		return err
	})
}

// TakeBack undoes an import, in one transaction. It is the work of UndoAsked
// and may run twice.
func (s *Service) TakeBack(ctx context.Context, id int64) error {
	return s.alone(ctx, id, Undoing, func(tx pgx.Tx, i Import, _ people.Actor) error {
		undo := s.undoDeals
		if i.Kind == PeopleKind {
			undo = s.undoPeople
		}
		if err := undo(ctx, tx, i); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `update imports set state = 'undone', undone_at = $2, version = version + 1,
			left_alone = (select count(*) from import_changes where import_id = $1 and left_alone is not null) where id = $1`, id, s.Now())
		return err
	})
}
