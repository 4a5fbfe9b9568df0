package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"pitchside/internal/blob"
	"pitchside/internal/pg"
)

// A front answers the probes itself and passes everything else on, once there
// is somebody to pass it to.
type front struct {
	metrics *metrics
	behind  atomic.Pointer[http.ServeMux]
}

func newFront() *front { return &front{metrics: newMetrics()} }

// ServeHTTP implements http.Handler.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" {
		plain(w, http.StatusOK, "ok")
		return
	}
	if mux := f.behind.Load(); mux != nil {
		mux.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Retry-After", "1")
	plain(w, http.StatusServiceUnavailable, "Pitchside is starting. Try again in a moment.")
}

// open lets requests through to the house.
func (f *front) open(h *house, pool *pgxpool.Pool, media blob.Store) {
	f.metrics.watch(pool)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if problems := notReady(r.Context(), pool, media); len(problems) > 0 {
			plain(w, http.StatusServiceUnavailable, strings.Join(problems, "\n"))
			return
		}
		plain(w, http.StatusOK, "ready")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(f.metrics.registry, promhttp.HandlerOpts{}))
	mux.Handle("/api/", f.metrics.count("api", h.api))
	mux.Handle("/static/", f.metrics.count("static", h.pages))
	mux.Handle("/", f.metrics.count("pages", h.pages))
	f.behind.Store(mux)
}

// probeLimit is how long the database and the storage may take to answer.
const probeLimit = 5 * time.Second

// notReady says what keeps the program from serving: nothing, if it is ready.
func notReady(ctx context.Context, pool *pgxpool.Pool, media blob.Store) (problems []string) {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	switch have, want, err := pg.Schema(ctx, pool); {
	case err != nil:
		problems = append(problems, "database: it does not answer")
	case have < want:
		problems = append(problems, fmt.Sprintf("schema: version %d, but %d is needed; run `pitchside migrate`", have, want))
	}
	if err := media.Check(ctx); err != nil {
		problems = append(problems, "storage: it cannot be used")
	}
	return problems
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}
