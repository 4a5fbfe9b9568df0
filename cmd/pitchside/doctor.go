package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/internal/pg"
	"pitchside/internal/pg/cluster"
)

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check the settings, the database and the storage, and change nothing",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(c.Context(), time.Minute)
			defer cancel()
			e := examination{out: c.OutOrStdout()}
			e.run(ctx)
			if e.problems > 0 {
				return fmt.Errorf("%d of these need attention", e.problems)
			}
			return nil
		},
	}
}

// An examination prints one line for each thing it looked at.
type examination struct {
	out      io.Writer
	problems int
}

func (e *examination) fine(what, format string, args ...any) {
	fmt.Fprintf(e.out, "ok       %-9s %s\n", what, fmt.Sprintf(format, args...))
}

func (e *examination) problem(what string, err error) {
	e.problems++
	fmt.Fprintf(e.out, "problem  %-9s %v\n", what, err)
}

func (e *examination) run(ctx context.Context) {
	e.fine("program", "%s", describeVersion())
	cfg, err := config.Load(os.LookupEnv)
	if err != nil {
		e.problem("settings", err)
		return
	}
	e.fine("settings", "listens on %s, is reached at %s, keeps its data in %s", cfg.Addr, cfg.URL, cfg.Data)
	url := cfg.DatabaseURL.Reveal()
	if url == "" {
		url = e.private(cfg)
	}
	if url != "" {
		e.database(ctx, url)
	}
	e.storage(ctx, cfg)
}

// private looks at the private cluster and returns its URL if it runs.
func (e *examination) private(cfg config.Config) string {
	found := cluster.Find("")
	for _, b := range found {
		e.fine("programs", "PostgreSQL %d in %s", b.Major, b.Dir)
	}
	if len(found) == 0 {
		e.problem("programs", errors.New("no PostgreSQL server programs are installed.\n"+cluster.Remedy()))
	}
	url, err := cluster.Connect(cfg.ClusterDir(), databaseName)
	switch {
	case errors.Is(err, cluster.ErrNotRunning):
		e.fine("database", "%v; `pitchside serve` starts it", err)
	case err != nil:
		e.problem("database", err)
	}
	return url
}

func (e *examination) database(ctx context.Context, url string) {
	pool, err := pg.Open(ctx, url)
	if err != nil {
		e.problem("database", err)
		return
	}
	defer pool.Close()
	var version string
	if err := pool.QueryRow(ctx, `show server_version`).Scan(&version); err != nil {
		e.problem("database", err)
		return
	}
	e.fine("database", "PostgreSQL %s answers", version)
	switch have, want, err := pg.Schema(ctx, pool); {
	case err != nil:
		e.problem("schema", err)
	case have < want:
		e.problem("schema", fmt.Errorf("version %d, but this program needs %d; run `pitchside migrate`", have, want))
	case have > want:
		e.problem("schema", fmt.Errorf("version %d, but this program knows only %d; run the newer program", have, want))
	default:
		e.fine("schema", "version %d, up to date", have)
	}
}

func (e *examination) storage(ctx context.Context, cfg config.Config) {
	if cfg.S3.Endpoint == "" {
		if _, err := os.Stat(cfg.MediaDir()); errors.Is(err, os.ErrNotExist) {
			e.fine("storage", "a folder, %s, which `pitchside serve` makes", cfg.MediaDir())
			return
		}
	}
	media, err := openMedia(ctx, cfg)
	if err == nil {
		err = media.Check(ctx)
	}
	if err != nil {
		e.problem("storage", err)
		return
	}
	if _, ok := media.(*blob.S3); ok {
		e.fine("storage", "S3 bucket %s at %s", cfg.S3.Bucket, cfg.S3.Endpoint)
		return
	}
	e.fine("storage", "folder %s", cfg.MediaDir())
}
