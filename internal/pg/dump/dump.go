// Package dump writes all rows of the database into an archive and brings them
// back into an empty one, with nothing but a connection: it needs no program of
// PostgreSQL and no rights beyond owning the tables. It knows no table by name
// except those that record which migrations ran.
package dump

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pitchside/internal/pg"
)

// format is the version of the archive's own layout.
const format = 1

const manifestName = "manifest.json"

// A Manifest says what an archive holds.
type Manifest struct {
	Format    int              `json:"format"`
	Program   string           `json:"program"`              // version that wrote it
	Schema    int64            `json:"schema"`               // version of the schema
	Queue     int              `json:"queue"`                // version of the job queue's tables
	TakenAt   time.Time        `json:"taken_at"`             // all rows are as of this moment
	Tables    []Table          `json:"tables"`               // in tables/<name>, PostgreSQL's text format of COPY
	Sequences map[string]int64 `json:"sequences"`            // last value given out
	Media     int              `json:"media"`                // objects in media/
	MediaLeft bool             `json:"media_left,omitempty"` // the objects were left out on purpose
}

// A Table is one table's rows.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// Rows is how many rows the archive holds.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// Write adds all rows, as of one moment, to an archive. The caller completes
// the manifest and adds it with WriteManifest.
func Write(ctx context.Context, pool *pgxpool.Pool, z *zip.Writer) (Manifest, error) {
	m := Manifest{Format: format, Sequences: map[string]int64{}}
	err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select now(), (select max(version_id) from goose_db_version where is_applied),
			(select max(version) from river_migration where line = 'main')`).Scan(&m.TakenAt, &m.Schema, &m.Queue)
		if err != nil {
			return err
		}
		if m.Tables, err = tables(ctx, tx); err != nil {
			return err
		}
		for i, t := range m.Tables {
			w, err := z.Create("tables/" + t.Name)
			if err != nil {
				return err
			}
			tag, err := tx.Conn().PgConn().CopyTo(ctx, w, `copy `+t.target()+` to stdout`)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			m.Tables[i].Rows = tag.RowsAffected()
		}
		var name string
		var last int64
		rows, err := tx.Query(ctx, `select sequencename, last_value from pg_sequences where schemaname = current_schema() and last_value is not null`)
		if err != nil {
			return err
		}
		_, err = pgx.ForEachRow(rows, []any{&name, &last}, func() error {
			m.Sequences[name] = last
			return nil
		})
		return err
	})
	return m, err
}

// WriteManifest adds the manifest, which makes the archive whole.
func WriteManifest(z *zip.Writer, m Manifest) error {
	w, err := z.Create(manifestName)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

// target is the table with its columns, as COPY names them.
func (t Table) target() string {
	s := pgx.Identifier{t.Name}.Sanitize() + " ("
	for i, c := range t.Columns {
		if i > 0 {
			s += ", "
		}
		s += pgx.Identifier{c}.Sanitize()
	}
	return s + ")"
}

// tables returns the tables whose rows an archive keeps: all but those that
// record migrations, and the unlogged ones, which hold nothing lasting.
func tables(ctx context.Context, q pg.Querier) ([]Table, error) {
	return pg.All[Table](ctx, q, `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns, 0::bigint as rows
		from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
			and c.relname not in ('goose_db_version', 'river_migration')
		group by c.relname order by c.relname`)
}

// Read checks an archive as a whole and brings its rows into a database that
// has no tables yet. The schema is then that of this program.
func Read(ctx context.Context, pool *pgxpool.Pool, z *zip.Reader) (Manifest, error) {
	m, err := check(z)
	if err != nil {
		return m, err
	}
	var used bool
	if err := pool.QueryRow(ctx, `select exists (select from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r')`).Scan(&used); err != nil {
		return m, err
	}
	if used {
		return m, errors.New("the database is not empty, and a backup is restored into an empty one only; set PITCHSIDE_DATA to a new folder, or DATABASE_URL to a new database; nothing was changed")
	}
	if err := pg.MigrateTo(ctx, pool, m.Schema, m.Queue); err != nil {
		return m, err
	}
	if err := pg.InTx(ctx, pool, func(tx pgx.Tx) error { return load(ctx, tx, z, m) }); err != nil {
		return m, fmt.Errorf("the rows could not be brought back: %w; try again with another empty database", err)
	}
	return m, pg.Migrate(ctx, pool)
}

// check reads the whole archive, so that a damaged one is found before
// anything is written.
func check(z *zip.Reader) (m Manifest, err error) {
	b, err := fs.ReadFile(z, manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, errors.New("this file is not a complete backup: it has no manifest.json")
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("this file is not a backup: %w", err)
	}
	if m.Format != format || m.Schema < 1 || m.Queue < 1 {
		return m, fmt.Errorf("this backup has format %d and schema %d, which this program does not know", m.Format, m.Schema)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return m, err
		}
		_, err = io.Copy(io.Discard, r) // compares the checksum
		if err := errors.Join(err, r.Close()); err != nil {
			return m, fmt.Errorf("the backup is damaged in %s: %w; nothing was changed", f.Name, err)
		}
	}
	return m, nil
}
