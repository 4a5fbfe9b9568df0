package house_test

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "pitchside"

// floors places every room. A room imports only rooms of lower floors; those
// of one floor never import each other. A room that is missing here fails the
// test, so a new one is placed before it is used. A room's own folders, such
// as content/beats, belong to it and are no floor of their own: they may
// import, and be imported by, what the room may, and never import the room.
var floors = map[string]int{
	"internal/config": 1, "internal/fault": 1, "internal/stats": 1, "internal/webm": 1, "migrations": 1, "docs": 1,
	"internal/pg": 2, "internal/blob": 2, "internal/tabular": 2,
	"people":  3,
	"content": 4,
	"skills":  5,
	"courses": 6, "assessments": 6, "coaching": 6,
	"performance": 7, "search": 7,
	"jobs": 8, "web": 8, "api": 8, "demo": 8,
	"cmd": 9, "internal/cmd": 9,
}

// keepers are the only rooms that import a library.
var keepers = map[string][]string{
	"github.com/gin-gonic/gin":       {"web", "api"},
	"github.com/danielgtaylor/huma":  {"api"},
	"github.com/riverqueue/river":    {"jobs", "internal/pg", "cmd"},
	"github.com/minio/minio-go":      {"internal/blob"},
	"github.com/spf13/cobra":         {"cmd"},
	"github.com/pressly/goose":       {"internal/pg"},
	"github.com/yuin/goldmark":       {"content"},
	"github.com/microcosm-cc":        {"content"},
	"github.com/xuri/excelize":       {"internal/tabular"},
	"github.com/chromedp/chromedp":   {},
	"github.com/PuerkitoBio/goquery": {},
}

func TestFloors(t *testing.T) {
	t.Parallel()
	for pkg, imports := range packages(t, `{{.ImportPath}} {{join .Imports " "}}`) {
		room, floor := roomOf(pkg)
		if floor == 0 {
			t.Errorf("%s has no floor", pkg)
			continue
		}
		for _, imp := range imports {
			other, below := roomOf(imp)
			switch {
			case !ours(imp):
				checkKeeper(t, pkg, room, imp)
			case other == room:
				if imp == module+"/"+room && pkg != imp && room != "internal/pg" {
					t.Errorf("%s is a folder of %s and may not import it", pkg, room)
				}
			case below == 0:
				t.Errorf("%s imports %s, which has no floor", pkg, imp)
			case below >= floor:
				t.Errorf("%s (floor %d) may not import %s (floor %d)", pkg, floor, imp, below)
			}
		}
	}
}

// TestTestsStayInTheHouse lets tests import what their room may, and demo.
func TestTestsStayInTheHouse(t *testing.T) {
	t.Parallel()
	for pkg, imports := range packages(t, `{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}`) {
		room, floor := roomOf(pkg)
		if floor == 0 {
			continue // the house itself, and what TestFloors reports
		}
		for _, imp := range imports {
			other, below := roomOf(imp)
			if ours(imp) && other != room && other != "demo" && below >= floor {
				t.Errorf("the tests of %s (floor %d) may not import %s (floor %d)", pkg, floor, imp, below)
			}
		}
	}
}

// checkKeeper reports a library that the room may not import.
func checkKeeper(t *testing.T, pkg, room, imp string) {
	t.Helper()
	for library, rooms := range keepers {
		if imp != library && !strings.HasPrefix(imp, library+"/") {
			continue
		}
		allowed := false
		for _, r := range rooms {
			allowed = allowed || r == room
		}
		// The queue's job types are how rooms word their news.
		if !allowed && !(library == "github.com/riverqueue/river" && strings.HasSuffix(imp, "/rivertype")) {
			t.Errorf("%s may not import %s; that is kept to %v", pkg, imp, rooms)
		}
	}
}

// roomOf returns the room that a package belongs to and its floor; 0: none.
func roomOf(pkg string) (room string, floor int) {
	path := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
	for room, floor := range floors {
		if path == room || strings.HasPrefix(path, room+"/") {
			return room, floor
		}
	}
	return "", 0
}

func ours(imp string) bool { return imp == module || strings.HasPrefix(imp, module+"/") }

// packages runs go list over the house. The house's own folder holds only this
// test and is left out.
func packages(t *testing.T, format string) map[string][]string {
	t.Helper()
	// Looking at the folders here lets go test know that this result is stale
	// when a file has changed; it cannot see what go list reads.
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var problem strings.Builder
	cmd := exec.Command("go", "list", "-e", "-f", format, "./...")
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problem.String())
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 0 && f[0] != module {
			found[f[0]] = f[1:]
		}
	}
	if len(found) < 10 {
		t.Fatalf("go list found only %d packages", len(found))
	}
	return found
}
