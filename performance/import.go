package performance

import (
	"context"
	"strconv"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/tabular"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A State says how far an import is.
type State string

// The states of an import. Mapping waits for a person to say what the columns
// hold; previewed for one to confirm.
const (
	Mapping    State = "mapping"
	Previewing State = "previewing"
	Previewed  State = "previewed"
	Importing  State = "importing"
	Imported   State = "imported"
	Undoing    State = "undoing"
	Undone     State = "undone"
	Failed     State = "failed"
)

// Running reports whether a job is at work, so that it is worth asking again.
func (s State) Running() bool { return s == Previewing || s == Importing || s == Undoing }

// An Import is one file, what its columns hold, and what its rows did or would do.
type Import struct {
	ID           int64
	Kind         Kind
	Filename     string
	Size         int64 // bytes
	Encoding     string
	Delimiter    string
	Columns      []Column
	Mapping      map[string]string            // field -> column
	Values       map[string]map[string]string `db:"value_maps"` // field -> value -> meaning
	DateFormat   string                       // empty where there are no dates
	NumberFormat string
	ReportsTo    *int64 // of people: whom the managers of the file report to
	State        State
	RowsRead     int64
	ToCreate     int64
	ToUpdate     int64
	Unchanged    int64
	Errors       int64 // rows that were left out; a row may have several errors
	Skipped      int64 // rows of empty cells and lines of a footer
	Also         Also
	Sample       []SampleRow
	LeftAlone    int64  // changes that an undo did not put back
	Failure      string // why it failed: cause, then remedy
	CreatedBy    int64
	CreatedName  string
	CreatedAt    time.Time
	ImportedAt   *time.Time
	UndoneAt     *time.Time
	Version      int
	blobKey      string
}

// Also is what an import of people makes besides the people of its rows.
type Also struct {
	Managers int64 `json:"managers,omitempty"`
	Teams    int64 `json:"teams,omitempty"`
}

// A SampleRow is one good row of a preview.
type SampleRow struct {
	Row    int64             `json:"row"`
	Action string            `json:"action"` // create, update or unchanged
	Fields map[string]string `json:"fields"`
}

// Valid is how many rows will be, or were, imported.
func (i Import) Valid() int64 { return i.ToCreate + i.ToUpdate + i.Unchanged }

func (i Import) workbook() bool { return i.Encoding == tabular.Workbook }

func (i Import) format() tabular.Format {
	return tabular.Format{Encoding: i.Encoding, Delimiter: i.Delimiter}
}

// A RowError says why one row was left out.
type RowError struct {
	ID     int64 // key of the list
	Row    int64
	Column string `db:"col"` // as the file calls it; empty if the whole row is meant
	Value  string
	Cause  string
}

const importColumns = `i.id, i.kind, i.filename, i.size, i.encoding, i.delimiter, i.columns, i.mapping, i.value_maps, i.date_format, i.number_format,
	i.reports_to, i.state, i.rows_read, i.to_create, i.to_update, i.unchanged, i.errors, i.skipped, i.also, i.sample, i.left_alone, i.failure,
	i.created_by, p.name as created_name, i.created_at, i.imported_at, i.undone_at, i.version`

// owns is the condition that the actor may see import i: their own, and an
// admin everybody's.
const owns = `(i.created_by = @actor or @as_admin)`

// Import returns an import of the actor's own, or anyone's for an admin.
func (s *Service) Import(ctx context.Context, by people.Actor, id int64) (Import, error) {
	return importFor(ctx, s.DB, by, id)
}

func importFor(ctx context.Context, q pg.Querier, by people.Actor, id int64) (Import, error) {
	i, err := pg.One[Import](ctx, q, `select `+importColumns+` from imports i join persons p on p.id = i.created_by where i.id = @id and `+owns,
		scope(by, pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return Import{}, fault.NotFoundf("There is no such import, or it is somebody else's.")
	}
	return i, err
}

// byID returns an import for the job that carries it out, with the actor for
// whom it does, as they may act now.
func (s *Service) byID(ctx context.Context, q pg.Querier, id int64) (Import, people.Actor, error) {
	i, err := pg.One[Import](ctx, q, `select `+importColumns+` from imports i join persons p on p.id = i.created_by where i.id = $1`, id)
	if err != nil {
		return Import{}, people.Actor{}, err
	}
	by := people.Actor{ID: i.CreatedBy, Name: i.CreatedName}
	err = q.QueryRow(ctx, `select i.blob_key, p.capabilities from imports i join persons p on p.id = i.created_by where i.id = $1`, id).Scan(&i.blobKey, &by.Capabilities)
	return i, by, err
}

// Imports returns a page of the imports that the actor may see, newest first.
// next is the cursor of the following page, or "".
func (s *Service) Imports(ctx context.Context, by people.Actor, limit int, cursor string) (found []Import, next string, err error) {
	before, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	found, err = pg.All[Import](ctx, s.DB, `select `+importColumns+` from imports i join persons p on p.id = i.created_by
		where (@before = 0 or i.id < @before) and `+owns+` order by i.id desc limit @limit + 1`,
		scope(by, pgx.NamedArgs{"before": before, "limit": limit}))
	if err == nil && len(found) > limit {
		found = found[:limit]
		next = strconv.FormatInt(found[limit-1].ID, 10)
	}
	return found, next, err
}

// SameFile returns the last import that brought in the very same bytes and was
// not undone, or nil.
func (s *Service) SameFile(ctx context.Context, by people.Actor, id int64) (*Import, error) {
	i, err := pg.One[Import](ctx, s.DB, `select `+importColumns+` from imports i join persons p on p.id = i.created_by
		join imports this on this.id = @id and this.sha256 = i.sha256 and this.kind = i.kind and this.id <> i.id
		where i.state = 'imported' and `+owns+` order by i.imported_at desc limit 1`, scope(by, pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return nil, nil
	}
	return &i, err
}

// RowErrors returns a page of what is wrong with the rows of an import, by row.
// next is the cursor of the following page, or "".
func (s *Service) RowErrors(ctx context.Context, by people.Actor, id int64, limit int, cursor string) (errs []RowError, next string, err error) {
	if _, err := s.Import(ctx, by, id); err != nil {
		return nil, "", err
	}
	after, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	// The key of a page is the place in the order by row, which is kept as row and id.
	errs, err = pg.All[RowError](ctx, s.DB, `select id, row, col, value, cause from import_errors
		where import_id = @import and (@after = 0 or (row, id) > (select row, id from import_errors where id = @after))
		order by row, id limit @limit + 1`, pgx.NamedArgs{"import": id, "after": after, "limit": limit})
	if err == nil && len(errs) > limit {
		errs = errs[:limit]
		next = strconv.FormatInt(errs[limit-1].ID, 10)
	}
	return errs, next, err
}

// A LeftAlone is one change that an undo did not put back, and why.
type LeftAlone struct {
	ID      int64
	Subject string
	Why     string
}

// LeftAlone returns a page of what the undo of an import did not put back. next
// is the cursor of the following page, or "".
func (s *Service) LeftAlone(ctx context.Context, by people.Actor, id int64, limit int, cursor string) (left []LeftAlone, next string, err error) {
	if _, err := s.Import(ctx, by, id); err != nil {
		return nil, "", err
	}
	after, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	left, err = pg.All[LeftAlone](ctx, s.DB, `select id, subject, left_alone as why from import_changes
		where import_id = @import and left_alone is not null and id > @after order by id limit @limit + 1`,
		pgx.NamedArgs{"import": id, "after": after, "limit": limit})
	if err == nil && len(left) > limit {
		left = left[:limit]
		next = strconv.FormatInt(left[limit-1].ID, 10)
	}
	return left, next, err
}

// readCursor reads the id of the last row of a page; "" is 0.
func readCursor(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || id < 0 {
		return 0, fault.Field("cursor", "This cursor is not one that a list gave. Begin at the first page.")
	}
	return id, nil
}
