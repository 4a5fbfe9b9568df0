package content_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// dying is a database whose user dies once so many transactions were begun.
type dying struct {
	pg.DB
	left int
	die  context.CancelFunc
}

func (d *dying) Begin(ctx context.Context) (pgx.Tx, error) {
	if d.left--; d.left == 0 {
		d.die()
	}
	return d.DB.Begin(ctx)
}

// Two thousand documents, cut off in the middle, go on where they stopped, and
// nobody reads any of them before all are there.
func TestALargeImportGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	s := &content.Service{DB: db, Now: time.Now}
	by := people.Actor{Name: "Ina Brandt", Capabilities: []people.Capability{people.Author}}
	if err := db.QueryRow(ctx, `insert into persons (name, source, capabilities) values ($1, 'import', '{author}') returning id`, by.Name).Scan(&by.ID); err != nil {
		t.Fatal(err)
	}
	var files []content.File
	for c := range 100 {
		files = append(files, content.File{Path: fmt.Sprintf("courses/c%03d/course.md", c), Body: []byte("---\ntitle: Course\nsummary: One of many.\naudience: All\noutcomes: [Some]\nskills: []\nattribution: Our own words.\n---\n\nAbout it.\n")})
		for l := range 19 {
			files = append(files, content.File{Path: fmt.Sprintf("courses/c%03d/%02d-l%02d.md", c, l+1, l+1), Body: fmt.Appendf(nil, "---\ntitle: Lesson %d of %d\nminutes: 3\n---\n\nWords about day %d.\n", l, c, l)})
		}
	}
	files = append(files, content.File{Path: "courses/c000/20-broken.md", Body: []byte("---\nminutes: 3\n---\n\nIt has no title.\n")})
	var archive bytes.Buffer
	if err := content.WriteZip(&archive, files); err != nil {
		t.Fatal(err)
	}
	// The work is asked for, and dies in the eighth step.
	var id int64
	if err := db.QueryRow(ctx, `insert into library_imports (created_by, publish, archive, total) values ($1, true, $2, $3) returning id`, by.ID, archive.Bytes(), len(files)).Scan(&id); err != nil {
		t.Fatal(err)
	}
	alive, die := context.WithCancel(ctx)
	defer die()
	cut := &content.Service{DB: &dying{DB: db, left: 8, die: die}, Now: time.Now}
	if err := cut.CarryOutImport(alive, id); !errors.Is(err, context.Canceled) {
		t.Fatalf("the work ended with %v", err)
	}
	half, err := s.LibraryImport(ctx, by, id)
	if err != nil || half.State != content.ImportRunning || half.Done != 700 || half.Current == "" {
		t.Fatalf("cut off at %d of %d, %s, %v", half.Done, half.Total, half.State, err)
	}
	count := func(query string) (n int) {
		t.Helper()
		if err := db.QueryRow(ctx, query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(`select count(*) from documents where published_version is not null`); n != 0 {
		t.Errorf("%d documents of half a library are published", n)
	}
	for range 2 { // the second run finds nothing left to do
		if err := s.CarryOutImport(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := s.LibraryImport(ctx, by, id)
	if err != nil || whole.State != content.ImportDone || whole.Done != 2001 || len(whole.Documents) != 2000 || whole.FinishedAt == nil {
		t.Fatalf("at the end: %d of %d, %d documents, %s %s, %v", whole.Done, whole.Total, len(whole.Documents), whole.State, whole.Failure, err)
	}
	for _, d := range whole.Documents {
		if d.Outcome != content.Created || d.State != content.Published || d.Number != 1 {
			t.Fatalf("%s came out %s, %s, version %d", d.Path, d.Outcome, d.State, d.Number)
		}
	}
	if len(whole.Problems) == 0 || whole.Problems[0].File != "courses/c000/20-broken.md" {
		t.Errorf("problems %v", whole.Problems)
	}
	if n := count(`select count(*) from document_versions`); n != 2000 || count(`select count(*) from documents where published_version is not null`) != 2000 || count(`select count(*) from library_imports where archive is not null`) != 0 {
		t.Errorf("%d versions", n)
	}
	if _, err := s.Published(ctx, content.KindLesson, "c099.l19"); err != nil {
		t.Error(err)
	}
	// The same once more makes no version.
	again, err := s.BeginImport(ctx, by, archive.Bytes(), true)
	if err != nil || again.State != content.ImportDone || again.Documents[0].Outcome != content.Unchanged || count(`select count(*) from document_versions`) != 2000 {
		t.Errorf("again: %s, %v", again.State, err)
	}
}
