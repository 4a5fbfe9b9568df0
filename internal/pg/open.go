package pg

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// oldest is the first version of PostgreSQL with everything the schema uses,
// as server_version_num counts.
const oldest = 150000

// Open returns a pool on the database at url, which must be PostgreSQL 15 or
// newer. The pool has up to 20 connections unless url says pool_max_conns, and
// never fewer than 4.
// Times come back in UTC.
func Open(ctx context.Context, url string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL cannot be read: %w", err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = 20
	}
	cfg.MaxConns = max(cfg.MaxConns, 4) // a migration alone takes three
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["application_name"] = "pitchside"
	cfg.AfterConnect = func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	var version int
	var name string
	err = pool.QueryRow(ctx, `select current_setting('server_version_num')::int, current_setting('server_version')`).Scan(&version, &name)
	if err == nil && version < oldest {
		err = fmt.Errorf("the database is PostgreSQL %s, but 15 or newer is needed", name)
	} else if err != nil {
		err = fmt.Errorf("the database does not answer: %w", err)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// tryEvery is how often a lock that another holds is tried again.
const tryEvery = 200 * time.Millisecond

// locked runs f while this session holds the advisory lock key, waiting for it
// until ctx ends. It tries again and again rather than waiting inside the
// database, since a waiting statement would hold up the building of an index
// without locking its table.
func locked(ctx context.Context, pool *pgxpool.Pool, key int64, f func() error) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	for {
		var held bool
		if err := c.QueryRow(ctx, `select pg_try_advisory_lock($1)`, key).Scan(&held); err != nil {
			return err
		}
		if held {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another process holds the lock on the schema: %w", ctx.Err())
		case <-time.After(tryEvery):
		}
	}
	err = f()
	_, unlock := c.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, key)
	return errors.Join(err, unlock)
}
