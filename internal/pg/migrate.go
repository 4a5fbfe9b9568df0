package pg

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"pitchside/migrations"
)

// migrateKey names the advisory lock under which the schema changes.
const migrateKey = 0x70697463

// Migrate brings the schema, and the job queue's own tables, to the version of
// this program. Several processes may call it at once: one does the work, the
// others wait up to two minutes. A schema of a newer program is refused.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error { return MigrateTo(ctx, pool, 0, 0) }

// MigrateTo is Migrate up to earlier versions of the schema and of the queue's
// tables, so that rows of that time can be brought back; 0 is the newest.
//
// Goose's locker is not used because it would not cover the queue's tables.
func MigrateTo(ctx context.Context, pool *pgxpool.Pool, schema int64, queue int) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	return locked(ctx, pool, migrateKey, func() error {
		have, want, err := Schema(ctx, pool)
		if err != nil {
			return err
		}
		if max(have, schema) > want {
			return fmt.Errorf("this needs schema version %d, but this program knows only %d; use the newer program", max(have, schema), want)
		}
		if err := migrateSchema(ctx, pool, schema); err != nil {
			return fmt.Errorf("the schema could not be brought up to date: %w", err)
		}
		m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
		if err != nil {
			return err
		}
		if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: queue}); err != nil {
			return fmt.Errorf("the job queue's tables could not be brought up to date: %w", err)
		}
		return nil
	})
}

func migrateSchema(ctx context.Context, pool *pgxpool.Pool, to int64) error {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	steps, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if to == 0 {
		_, err = steps.Up(ctx)
	} else {
		_, err = steps.UpTo(ctx, to)
	}
	return err
}

// Schema returns the schema version that the database has, 0 if it is empty,
// and the one that this program wants.
func Schema(ctx context.Context, q Querier) (have, want int64, err error) {
	entries, err := migrations.FS.ReadDir(".")
	if err != nil {
		return 0, 0, err
	}
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("migration %s has no number", e.Name())
		}
		want = max(want, n)
	}
	var exists bool
	if err := q.QueryRow(ctx, `select to_regclass('goose_db_version') is not null`).Scan(&exists); err != nil || !exists {
		return 0, want, err
	}
	err = q.QueryRow(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&have)
	return have, want, err
}
