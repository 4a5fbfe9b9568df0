package jobs_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/blob"
	"pitchside/internal/pg/pgtest"
	"pitchside/jobs"
	"pitchside/people"
	"pitchside/performance"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// An import that was cut off by the end of the program goes on with the next.
func TestCutOffImportsGoOn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.New(t)
	store, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &performance.Service{DB: db, People: &people.Service{DB: db, Now: time.Now}, Blobs: store, Now: time.Now}
	admin := people.Actor{Name: "Olga Sund", Capabilities: []people.Capability{people.Admin}}
	if err := db.QueryRow(ctx, `insert into persons (name, source, capabilities) values ($1, 'import', '{admin}') returning id`, admin.Name).Scan(&admin.ID); err != nil {
		t.Fatal(err)
	}
	i, err := s.Upload(ctx, admin, performance.Upload{Kind: performance.OpportunitiesKind, Filename: "deals.csv", File: strings.NewReader("id,owner,stage\n1,Olga Sund,won\n2,Nobody,won\n")})
	if err != nil {
		t.Fatal(err)
	}
	if i, err = s.Read(ctx, admin, i.ID, performance.Reading{Mapping: i.Mapping}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, `update imports set state = 'importing' where id = $1`, i.ID); err != nil {
		t.Fatal(err)
	}
	queue, err := river.NewClient(riverpgxv5.New(db), &river.Config{Logger: slog.New(slog.DiscardHandler), Workers: jobs.Workers(jobs.Rooms{Performance: s, Courses: &courses.Service{DB: db, Content: &content.Service{DB: db, Now: time.Now}, Now: time.Now}}),
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	s.Jobs = queue
	done, stop := queue.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	defer stop()
	if err := s.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	if err := queue.Start(ctx); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := queue.Stop(ctx); err != nil {
			t.Error(err)
		}
	}()
	if e := <-done; e.Kind != river.EventKindJobCompleted {
		t.Fatalf("the job ended with %v", e.Job.Errors)
	}
	if i, err = s.Import(ctx, admin, i.ID); err != nil || i.State != performance.Imported || i.ToCreate != 1 || i.Errors != 1 {
		t.Errorf("%s: %d new, %d left out, %v", i.State, i.ToCreate, i.Errors, err)
	}
}
