package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/people"
)

// A house is every room, wired to the others.
type house struct {
	pages, api http.Handler
	people     *people.Service
}

// build wires the rooms. This is the one place where they meet.
func build(_ config.Config, pool *pgxpool.Pool, _ blob.Store, _ *slog.Logger) (*house, error) {
	return &house{
		people: &people.Service{DB: pool, Now: time.Now},
		pages:  http.NotFoundHandler(),
		api:    http.NotFoundHandler(),
	}, nil
}

// prepare brings in what must be there before anybody is let in: the built-in
// library, and the demo company if it is asked for.
func (h *house) prepare(_ context.Context, demo bool, _ io.Writer) error {
	if demo {
		return fmt.Errorf("there is no demo company yet")
	}
	return nil
}

// work starts the background work. stop ends it and waits for what is under way.
func (h *house) work(context.Context) (stop func(), err error) {
	return func() {}, nil
}
