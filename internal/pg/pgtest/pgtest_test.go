package pgtest_test

import (
	"context"
	"sync"
	"testing"

	"pitchside/internal/pg"
	"pitchside/internal/pg/pgtest"
)

func TestTxIsRolledBack(t *testing.T) {
	t.Parallel()
	for range 2 {
		t.Run("", func(t *testing.T) {
			tx := pgtest.Tx(t)
			if _, err := tx.Exec(t.Context(), `insert into persons (name, email) values ('A', 'same@example.com')`); err != nil {
				t.Fatal(err)
			}
			inner, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := inner.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestNewIsAlone(t *testing.T) {
	t.Parallel()
	for range 2 {
		pool := pgtest.New(t)
		if _, err := pool.Exec(t.Context(), `insert into persons (name, email) values ('A', 'same@example.com')`); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMigrateFromEmptyByManyAtOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			pool, err := pg.Open(context.Background(), url+"&pool_max_conns=3")
			if err != nil {
				errs[i] = err
				return
			}
			defer pool.Close()
			errs[i] = pg.Migrate(context.Background(), pool)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	if _, err := pool.Exec(t.Context(), `insert into goose_db_version (version_id, is_applied) values (9999, true)`); err != nil {
		t.Fatal(err)
	}
	if err := pg.Migrate(t.Context(), pool); err == nil {
		t.Error("a schema of a newer program was taken for ours")
	}
}
