package performance_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/performance"
)

// A generator yields an export of so many deals, without holding it.
type generator struct {
	rows, at int
	rest     []byte
}

func (g *generator) Read(p []byte) (int, error) {
	if len(g.rest) == 0 {
		switch {
		case g.at > g.rows:
			return 0, io.EOF
		case g.at == 0:
			g.rest = append(g.rest, dealHeader...)
		default:
			g.rest = fmt.Appendf(g.rest, "D%07d,Rep %d,GTX Plus,Account %d,%s,2026-01-%02d,2026-03-%02d,%d\n", g.at, g.at%50, g.at%997,
				[]string{"Won", "Lost", "Engaging"}[g.at%3], 1+g.at%28, 1+g.at%28, g.at%9000)
		}
		g.at++
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// A million rows go through in constant memory: the ceiling is what the same
// import of few rows would stay under as well.
func TestAMillionRows(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, pgtest.New(t))
	admin := h.person("Olga Sund", people.Admin)
	for n := range 50 {
		h.person(fmt.Sprintf("Rep %d", n))
	}
	const ceiling = 64 << 20
	done := make(chan uint64)
	stop := make(chan struct{})
	go func() {
		var most uint64
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-stop:
				done <- most
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	i, err := h.s.Upload(ctx, admin, performance.Upload{Kind: performance.OpportunitiesKind, Filename: "million.csv", File: &generator{rows: 1000000}})
	if err != nil {
		t.Fatal(err)
	}
	if i, err = h.s.Read(ctx, admin, i.ID, performance.Reading{Mapping: i.Mapping}); err != nil {
		t.Fatal(err)
	}
	if got := counts(i); got != "previewed: 1000000 new, 0 changed, 0 same, 0 wrong" || i.RowsRead != 1000000 {
		t.Error(got)
	}
	close(stop)
	if most := <-done; most > ceiling {
		t.Errorf("up to %d MB in use, want %d at most", most>>20, ceiling>>20)
	}
}
