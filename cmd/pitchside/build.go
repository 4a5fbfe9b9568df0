package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pitchside/content"
	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/people"
)

// A house is every room, wired to the others.
type house struct {
	cfg        config.Config
	log        *slog.Logger
	people     *people.Service
	content    *content.Service
	pages, api http.Handler
}

// build wires the rooms. This is the one place where they meet.
func build(cfg config.Config, pool *pgxpool.Pool, _ blob.Store, log *slog.Logger) (*house, error) {
	h := &house{cfg: cfg, log: log, pages: http.NotFoundHandler(), api: http.NotFoundHandler()}
	h.people = &people.Service{DB: pool, Now: time.Now}
	h.content = &content.Service{DB: pool, Now: time.Now}
	return h, nil
}

// prepare brings in what must be there before anybody is let in: the built-in
// library, the extra one, and the demo company if it is asked for.
func (h *house) prepare(ctx context.Context, demo bool, _ io.Writer) error {
	if err := h.content.EnsureBuiltIn(ctx); err != nil {
		return err
	}
	if h.cfg.Library != "" {
		if err := h.extraLibrary(ctx); err != nil {
			return err
		}
	}
	if demo {
		return errors.New("there is no demo company yet")
	}
	return nil
}

// extraLibrary publishes the documents of PITCHSIDE_LIBRARY. One that is in
// error is left out and named in the log; it keeps nobody else waiting.
func (h *house) extraLibrary(ctx context.Context) error {
	in, err := h.content.Import(ctx, people.Operator, os.DirFS(h.cfg.Library), true)
	if err != nil {
		return fmt.Errorf("PITCHSIDE_LIBRARY could not be imported: %w", err)
	}
	for _, p := range in.Problems {
		h.log.Warn("library", "file", p.File, "line", p.Line, "severity", p.Severity, "cause", p.Cause, "remedy", p.Remedy)
	}
	return nil
}

// work starts the background work. stop ends it and waits for what is under way.
func (h *house) work(context.Context) (stop func(), err error) {
	return func() {}, nil
}
