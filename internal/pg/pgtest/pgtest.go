// Package pgtest gives tests a real PostgreSQL: a transaction that is rolled
// back, or a database of their own. TEST_DATABASE_URL names the cluster; where
// it is unset the test binary runs a volatile one for itself. It knows the
// schema only as files to apply.
package pgtest

import (
	"context"
	"fmt"
	neturl "net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pitchside/internal/pg"
	"pitchside/internal/pg/cluster"
)

// Tx returns a transaction on a migrated database without rows that all tests
// of the binary share. It is rolled back when the test ends, and what the test
// commits inside it is a savepoint. Two tests that write the same unique value
// wait for each other, so values that must be unique should differ by test.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	pool, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	tx, err := pool.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tx.Rollback(context.Background()); err != nil && err != pgx.ErrTxClosed {
			t.Error(err)
		}
	})
	return tx
}

// New returns a pool of up to four connections on a migrated database without
// rows that is dropped when the test ends.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := pg.Open(context.Background(), URL(t)+"&pool_max_conns=4")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// URL returns the connection string of a migrated database without rows that
// is dropped when the test ends, for tests that run a whole program on it.
func URL(t testing.TB) string {
	t.Helper()
	tpl, err := template()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), serial.Add(1))
	if err := admin(clone(name, tpl)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, name) })
	return databaseURL(name)
}

// Empty returns the connection string of a database without a schema that is
// dropped when the test ends.
func Empty(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), serial.Add(1))
	if err := admin(statement(`create database ` + name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, name) })
	return databaseURL(name)
}

var serial atomic.Int64

func drop(t testing.TB, name string) {
	if err := admin(statement(`drop database if exists ` + name + ` with (force)`)); err != nil {
		t.Error(err)
	}
}

var shared = sync.OnceValues(func() (*pgxpool.Pool, error) {
	tpl, err := template()
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("shared_%d", os.Getpid())
	if err := admin(clone(name, tpl)); err != nil {
		return nil, err
	}
	return pg.Open(context.Background(), databaseURL(name)+"&pool_max_conns=16")
})

// server is the cluster's connection string: the given one, or that of a
// volatile cluster that ends with this process.
var server = sync.OnceValues(func() (*neturl.URL, error) {
	given := os.Getenv("TEST_DATABASE_URL")
	if given == "" {
		s, err := cluster.Volatile(context.Background())
		if err != nil {
			return nil, fmt.Errorf("tests need PostgreSQL: %w", err)
		}
		given = s.URL("postgres")
	}
	u, err := neturl.Parse(given)
	if err != nil {
		return nil, fmt.Errorf("TEST_DATABASE_URL cannot be read: %w", err)
	}
	return u, nil
})

// databaseURL is called after server has succeeded once.
func databaseURL(name string) string {
	u, _ := server()
	other := *u
	other.Path = "/" + name
	q := other.Query()
	q.Set("application_name", "pitchside-test") // also makes sure that there is a query to add to
	other.RawQuery = q.Encode()
	return other.String()
}

// admin runs f on the cluster's own database.
func admin(f func(ctx context.Context, c *pgx.Conn) error) error {
	ctx := context.Background()
	if _, err := server(); err != nil {
		return err
	}
	c, err := pgx.Connect(ctx, databaseURL("postgres"))
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	return f(ctx, c)
}

func statement(sql string) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, sql)
		return err
	}
}
