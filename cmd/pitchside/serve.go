package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/internal/pg"
)

// stopLimit is how long requests and jobs that are under way may take to end.
const stopLimit = 10 * time.Second

type serveOptions struct {
	demo   bool // fill an empty database with the demo company
	noWork bool // leave the jobs to `pitchside work`
}

func serveCommand() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the pages and the API",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := config.Load(os.LookupEnv)
			if err != nil {
				return err
			}
			err = serve(c.Context(), cfg, o, newLogger(), c.OutOrStdout())
			if c.Context().Err() != nil && errors.Is(err, context.Canceled) {
				return nil // asked to stop while starting
			}
			return err
		},
	}
	c.Flags().BoolVar(&o.demo, "demo", false, "fill an empty database with a demo company and print its sign-ins")
	c.Flags().BoolVar(&o.noWork, "no-work", false, "do no background work; run `pitchside work` for it")
	return c
}

// serve listens at once, answers that it is starting until everything stands,
// and returns when ctx ends or the private database does.
func serve(ctx context.Context, cfg config.Config, o serveOptions, log *slog.Logger, out io.Writer) (err error) {
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; stop what uses it, or set PITCHSIDE_ADDR to another address", cfg.Addr, err)
	}
	if cfg.URL.Port() == "0" {
		cfg.URL.Host = listener.Addr().String()
	}
	f := newFront()
	server := &http.Server{
		Handler: f, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	defer func() {
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
		defer cancel()
		if shut := server.Shutdown(limit); shut != nil {
			_ = server.Close() // requests that do not end are cut
		}
	}()

	db, err := openOwn(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	if err := pg.Migrate(ctx, db.Pool); err != nil {
		return err
	}
	media, err := openMedia(ctx, cfg)
	if err != nil {
		return err
	}
	h, err := build(cfg, db.Pool, media, log)
	if err != nil {
		return err
	}
	if err := h.prepare(ctx, o.demo, out); err != nil {
		return err
	}
	if !o.noWork {
		stop, err := h.work(ctx)
		if err != nil {
			return err
		}
		defer stop()
	}
	f.open(h, db.Pool, media)
	fmt.Fprintf(out, "Pitchside is ready at %s\n", cfg.URL)
	select {
	case <-ctx.Done():
		log.Info("stopping")
		return nil
	case err := <-failed:
		return err
	case <-db.died():
		return db.private.Err()
	}
}

func openMedia(ctx context.Context, cfg config.Config) (blob.Store, error) {
	if cfg.S3.Endpoint != "" {
		return blob.OpenS3(ctx, cfg.S3)
	}
	return blob.OpenFolder(cfg.MediaDir())
}

func workCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "work",
		Short: "Do the background work of a server that runs with --no-work",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			ctx, log := c.Context(), newLogger()
			cfg, err := config.Load(os.LookupEnv)
			if err != nil {
				return err
			}
			db, err := openShared(ctx, cfg, log)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.close()) }()
			if err := pg.Migrate(ctx, db.Pool); err != nil {
				return err
			}
			media, err := openMedia(ctx, cfg)
			if err != nil {
				return err
			}
			h, err := build(cfg, db.Pool, media, log)
			if err != nil {
				return err
			}
			stop, err := h.work(ctx)
			if err != nil {
				return err
			}
			defer stop()
			log.Info("working")
			select {
			case <-ctx.Done():
				return nil
			case <-db.died():
				return db.private.Err()
			}
		},
	}
}
