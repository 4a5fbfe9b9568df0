package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"
)

// BenchmarkPages loads the lesson page, Today, the heatmap and the scoring desk at 1, 8 and 32
// connections, each beside a bare Gin handler that does one indexed query and
// answers the same bytes, in the same run on the same database. The ratio of
// the two throughputs is what to look at: it does not depend on the machine.
//
//	go test -run '^$' -bench Pages -benchtime 1x ./cmd/pitchside
func BenchmarkPages(b *testing.B) {
	app := newTestApp(b)
	pages := []struct {
		name, path, who string
	}{
		{"lesson", "/learn/questions-for-large-sales/implication-questions", "rep@pitchside.example"},
		{"today", "/today", "rep@pitchside.example"},
		{"heatmap", "/team", "manager@pitchside.example"},
		{"desk", app.oldestToScore(b), "coach@pitchside.example"},
	}
	b.Logf("%-8s %5s %10s %8s %8s %8s %12s %7s", "page", "conns", "req/s", "p50 ms", "p95 ms", "p99 ms", "bare req/s", "ratio")
	for _, p := range pages {
		cookie := app.signIn(b, p.who)
		body := app.get(b, p.path, cookie)
		bare := httptest.NewServer(bareHandler(app.pool, body))
		for _, conns := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("%s/%d", p.name, conns), func(b *testing.B) {
				for b.Loop() {
					// One after the other, twice, and the better of each: the first run warms.
					var ours, theirs load
					for range 2 {
						ours = ours.better(hit(b, app.url+p.path, cookie, conns))
						theirs = theirs.better(hit(b, bare.URL+"/", nil, conns))
					}
					ratio := ours.perSecond / theirs.perSecond
					b.ReportMetric(ours.perSecond, "req/s")
					b.ReportMetric(ratio, "ratio")
					b.Logf("%-8s %5d %10.0f %8.2f %8.2f %8.2f %12.0f %7.2f", p.name, conns, ours.perSecond, ours.quantile(.5), ours.quantile(.95), ours.quantile(.99), theirs.perSecond, ratio)
				}
			})
		}
		bare.Close()
	}
}

// oldestToScore is the desk of the transcript or recording that has waited
// longest for the demo's coach.
func (a *testApp) oldestToScore(b *testing.B) string {
	b.Helper()
	var id int64
	if err := a.pool.QueryRow(b.Context(), `select a.id from attempts a, persons p where p.email = 'coach@pitchside.example' and a.state in ('submitted', 'in_review')
		and a.person_id in (select coached_by(p.id)) and exists (select 1 from transcript_turns t where t.attempt_id = a.id) order by a.submitted_at limit 1`).Scan(&id); err != nil {
		b.Fatal(err)
	}
	return fmt.Sprintf("/score/%d", id)
}

// bareHandler is the least a page could be: one indexed query, then the bytes.
func bareHandler(pool *pgxpool.Pool, body []byte) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.GET("/", func(c *gin.Context) {
		var name string
		if err := pool.QueryRow(c.Request.Context(), `select name from persons where id = $1`, 1).Scan(&name); err != nil {
			c.Status(http.StatusInternalServerError)
			return
		}
		c.Data(http.StatusOK, "text/html; charset=utf-8", body)
	})
	return r
}

// A load is what one run of requests came to.
type load struct {
	perSecond float64
	times     []time.Duration
}

func (l load) better(m load) load {
	if m.perSecond > l.perSecond {
		return m
	}
	return l
}

// quantile returns a latency in milliseconds.
func (l load) quantile(q float64) float64 {
	return float64(l.times[min(len(l.times)-1, int(q*float64(len(l.times))))].Microseconds()) / 1000
}

const (
	loadRequests = 1500            // of one run, at the most
	loadTime     = 3 * time.Second // of one run, at the most
)

// hit sends requests over conns connections until the bounds are reached.
func hit(b *testing.B, url string, cookie *http.Cookie, conns int) load {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns, DisableCompression: true}}
	defer client.CloseIdleConnections()
	var left atomic.Int64
	left.Store(loadRequests)
	var mu sync.Mutex
	var l load
	var wg sync.WaitGroup
	start := time.Now()
	for range conns {
		wg.Go(func() {
			var mine []time.Duration
			for left.Add(-1) >= 0 && time.Since(start) < loadTime {
				req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
				if err != nil {
					b.Error(err)
					return
				}
				if cookie != nil {
					req.AddCookie(cookie)
				}
				t := time.Now()
				res, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode != http.StatusOK {
					b.Errorf("%s answered %d", url, res.StatusCode)
					return
				}
				mine = append(mine, time.Since(t))
			}
			mu.Lock()
			l.times = append(l.times, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(l.times) == 0 {
		b.Fatalf("no request to %s was answered", url)
	}
	l.perSecond = float64(len(l.times)) / time.Since(start).Seconds()
	slices.Sort(l.times)
	return l
}
