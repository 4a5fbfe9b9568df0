package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"

	"pitchside/internal/pg"
	"pitchside/migrations"
)

// templateKey names the advisory lock under which the template is made.
const templateKey = 7101

// template returns the name of a migrated database to clone. The name carries
// the migrations' hash, so every package's test binary finds the one that the
// first of them made, and a changed schema makes another.
var template = sync.OnceValues(func() (string, error) {
	hash, err := hashOf(migrations.FS)
	if err != nil {
		return "", err
	}
	name := "tpl_" + hash
	err = admin(func(ctx context.Context, c *pgx.Conn) error {
		if _, err := c.Exec(ctx, `select pg_advisory_lock($1)`, templateKey); err != nil {
			return err
		}
		if err := dropForgotten(ctx, c); err != nil {
			return err
		}
		var exists bool
		err := c.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists)
		if err != nil || exists {
			return err
		}
		half := "half_" + name
		if _, err := c.Exec(ctx, `drop database if exists `+half); err != nil {
			return err
		}
		if _, err := c.Exec(ctx, `create database `+half); err != nil {
			return err
		}
		if err := migrate(ctx, databaseURL(half)); err != nil {
			return err
		}
		_, err = c.Exec(ctx, `alter database `+half+` rename to `+name)
		return err
	})
	return name, err
})

func hashOf(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, p)
		fmt.Fprintf(h, "%s %d\n", p, len(b))
		h.Write(b)
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), err
}

func migrate(ctx context.Context, url string) error {
	pool, err := pg.Open(ctx, url+"&pool_max_conns=4")
	if err != nil {
		return err
	}
	defer pool.Close()
	return pg.Migrate(ctx, pool)
}

// clone makes a copy of the template. Copying files is the quickest way on a
// cluster that does not sync, and by far the slowest on one that does.
func clone(name, tpl string) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		var sync string
		if err := c.QueryRow(ctx, `show fsync`).Scan(&sync); err != nil {
			return err
		}
		strategy := "file_copy"
		if sync == "on" {
			strategy = "wal_log"
		}
		_, err := c.Exec(ctx, `create database `+name+` template `+tpl+` strategy `+strategy)
		return err
	}
}

// dropForgotten drops what test processes left that have ended without
// cleaning up: databases named t_<pid>_<n> and shared_<pid>.
func dropForgotten(ctx context.Context, c *pgx.Conn) error {
	names, err := pg.Column[string](ctx, c, `select datname from pg_database where datname ~ '^(t|shared)_[0-9]+(_[0-9]+)?$'`)
	if err != nil {
		return err
	}
	for _, name := range names {
		pid, err := strconv.Atoi(strings.Split(name, "_")[1])
		if err != nil {
			return err
		}
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			if _, err := c.Exec(ctx, `drop database if exists `+name+` with (force)`); err != nil {
				return err
			}
		}
	}
	return nil
}
