package skills_test

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/people"
)

// library returns a library with the built-in framework and targets.
func library(t testing.TB, db pg.DB) *content.Service {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"skills.yaml", "roles.yaml"} {
		b, err := fs.ReadFile(content.Library, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	service := &content.Service{DB: db, Now: time.Now}
	done, err := service.Import(t.Context(), people.Operator, files, true)
	if err != nil || content.Failed(done.Problems) {
		t.Fatal(err, done.Problems)
	}
	return service
}
