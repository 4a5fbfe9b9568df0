package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"pitchside/internal/config"
	"pitchside/internal/pg"
	"pitchside/internal/pg/cluster"
)

// databaseName is the database in the private cluster.
const databaseName = "pitchside"

// A database is an open pool and, if this process runs it, the private cluster.
type database struct {
	*pgxpool.Pool
	private *cluster.Server // nil: somebody else's
}

// openOwn opens the configured database; without one it starts the private
// cluster, which nobody else may be running.
func openOwn(ctx context.Context, cfg config.Config, log *slog.Logger) (*database, error) {
	if url := cfg.DatabaseURL.Reveal(); url != "" {
		pool, err := pg.Open(ctx, url)
		if err != nil {
			return nil, err
		}
		return &database{Pool: pool}, nil
	}
	s, err := cluster.Start(ctx, cluster.Config{Dir: cfg.ClusterDir(), Database: databaseName, Log: &lineLogger{log: log}})
	if err != nil {
		return nil, err
	}
	pool, err := pg.Open(ctx, s.URL(databaseName))
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return &database{pool, s}, nil
}

// openShared opens the configured database, or joins the private cluster that
// another process runs; if none does, it runs the cluster for as long as the
// database is open.
func openShared(ctx context.Context, cfg config.Config, log *slog.Logger) (*database, error) {
	if cfg.DatabaseURL == "" {
		url, err := cluster.Connect(cfg.ClusterDir(), databaseName)
		if err == nil {
			pool, err := pg.Open(ctx, url)
			if err != nil {
				return nil, err
			}
			return &database{Pool: pool}, nil
		}
		if !errors.Is(err, cluster.ErrNotRunning) {
			return nil, err
		}
	}
	return openOwn(ctx, cfg, log)
}

// died is closed when the private cluster has ended; it never is for somebody
// else's database, which may come back.
func (d *database) died() <-chan struct{} {
	if d.private == nil {
		return nil
	}
	return d.private.Done()
}

// closeLimit is how long a connection in use may hold up the end.
const closeLimit = 5 * time.Second

// close gives the connections back and stops the private cluster.
func (d *database) close() error {
	closed := make(chan struct{})
	go func() {
		d.Pool.Close() // waits for connections in use
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(closeLimit):
	}
	if d.private == nil {
		return nil
	}
	return d.private.Stop()
}

// withDatabase runs a command's work on the database with an up-to-date schema.
func withDatabase(ctx context.Context, work func(ctx context.Context, cfg config.Config, db *database) error) (err error) {
	cfg, err := config.Load(os.LookupEnv)
	if err != nil {
		return err
	}
	db, err := openShared(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	if err := pg.Migrate(ctx, db.Pool); err != nil {
		return err
	}
	return work(ctx, cfg, db)
}

func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date (serve does so too)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return withDatabase(c.Context(), func(ctx context.Context, _ config.Config, db *database) error {
				have, _, err := pg.Schema(ctx, db)
				if err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "The schema is at version %d.\n", have)
				return nil
			})
		},
	}
}

// A lineLogger turns what PostgreSQL prints into log records, one a line.
type lineLogger struct {
	log  *slog.Logger
	mu   sync.Mutex
	rest []byte
}

func (l *lineLogger) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		line, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		l.log.Info("postgresql", "line", string(line))
		l.rest = append([]byte(nil), rest...)
	}
}
