package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pitchside/demo"
	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/internal/pg/pgtest"
)

// A testApp is the whole program behind an address on this machine, with the
// demo company in a database of its own.
type testApp struct {
	url  string
	pool *pgxpool.Pool
}

func newTestApp(t testing.TB) *testApp {
	t.Helper()
	media, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := newFront()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	// Chromium treats localhost as secure, which some of the pages' features ask for.
	address := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	cfg, err := config.Load(func(name string) (string, bool) {
		if name == "PITCHSIDE_URL" {
			return address, true
		}
		return "", false
	})
	if err != nil {
		t.Fatal(err)
	}
	app := &testApp{url: address, pool: pgtest.New(t)}
	h, err := build(cfg, app.pool, media, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.prepare(context.Background(), true, io.Discard); err != nil {
		t.Fatal(err)
	}
	stop, err := h.work(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	f.open(h, app.pool, media)
	return app
}

// signIn signs one of the demo's people in and returns the cookie of the session.
func (a *testApp) signIn(t testing.TB, email string) *http.Cookie {
	t.Helper()
	client := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(a.url+"/signin", url.Values{"email": {email}, "password": {demo.Password}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == "pitchside_session" {
			return c
		}
	}
	t.Fatalf("signing in as %s answered %d without a session", email, res.StatusCode)
	return nil
}

// get returns a page as somebody sees it.
func (a *testApp) get(t testing.TB, path string, cookie *http.Cookie) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(cookie)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s answered %d, %v: %s", path, res.StatusCode, err, body)
	}
	return body
}
