package dump

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"pitchside/internal/pg"
)

// A foreignKey is a constraint to take away while tables are filled in
// alphabetical order, and its definition to put it back.
type foreignKey struct {
	Relation   string
	Name       string
	Definition string
}

// load fills the tables, which hold only what migrations put there. Foreign
// keys are taken away and put back, which checks every row; the tables' own
// triggers do not run, since the rows are as they were.
func load(ctx context.Context, tx pgx.Tx, z *zip.Reader, m Manifest) error {
	here, err := tables(ctx, tx)
	if err != nil {
		return err
	}
	keys, err := pg.All[foreignKey](ctx, tx, `select conrelid::regclass::text as relation, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
		from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace and conparentid = 0`)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := tx.Exec(ctx, `alter table `+k.Relation+` drop constraint `+k.Name); err != nil {
			return err
		}
	}
	for _, t := range here {
		name := pgx.Identifier{t.Name}.Sanitize()
		if _, err := tx.Exec(ctx, `alter table `+name+` disable trigger user; truncate `+name); err != nil {
			return err
		}
	}
	for _, t := range m.Tables {
		if !slices.ContainsFunc(here, func(h Table) bool { return h.Name == t.Name }) {
			return fmt.Errorf("there is no table %s in schema version %d", t.Name, m.Schema)
		}
		if err := fill(ctx, tx, z, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	for _, t := range here {
		if _, err := tx.Exec(ctx, `alter table `+pgx.Identifier{t.Name}.Sanitize()+` enable trigger user`); err != nil {
			return err
		}
	}
	for _, k := range keys {
		if _, err := tx.Exec(ctx, `alter table `+k.Relation+` add constraint `+k.Name+` `+k.Definition); err != nil {
			return err
		}
	}
	for name, last := range m.Sequences {
		if _, err := tx.Exec(ctx, `select setval(to_regclass(quote_ident($1)), $2)`, name, last); err != nil {
			return err
		}
	}
	return nil
}

func fill(ctx context.Context, tx pgx.Tx, z *zip.Reader, t Table) error {
	r, err := z.Open("tables/" + t.Name)
	if err != nil {
		return err
	}
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, r, `copy `+t.target()+` from stdin`)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	if tag.RowsAffected() != t.Rows {
		return fmt.Errorf("%d rows came where the manifest says %d", tag.RowsAffected(), t.Rows)
	}
	return nil
}
