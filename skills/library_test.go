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
	for _, name := range []string{"skills.yaml", "roles.yaml", "rubrics/spi.yaml"} {
		b, err := fs.ReadFile(content.Library, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	for name, text := range written {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	service := &content.Service{DB: db, Now: time.Now}
	done, err := service.Import(t.Context(), people.Operator, files, true)
	if err != nil || content.Failed(done.Problems) {
		t.Fatal(err, done.Problems)
	}
	return service
}

// written are lessons and scenarios of which some are about questioning.
var written = map[string]string{
	"courses/asking/course.md":      "---\ntitle: Asking\nattribution: Written for this test.\n---\n",
	"courses/asking/01-both.md":     "---\ntitle: Ask and listen\nminutes: 5\nskills: [question, listen]\n---\nAsk, then wait.\n",
	"courses/asking/02-question.md": "---\ntitle: Ask well\nminutes: 7\nskills: [question]\n---\nAsk about effects.\n",
	"scenarios/easy.md":             "---\ntitle: An easy buyer\nrubric: spi\nskills: [question]\ndifficulty: introductory\nminutes: 8\n---\n## Brief\nMeet them.\n\n## Buyer\nYou have time.\n",
	"scenarios/hard.md":             "---\ntitle: A hard buyer\nrubric: spi\nskills: [question]\ndifficulty: advanced\nminutes: 9\n---\n## Brief\nMeet them.\n\n## Buyer\nYou have none.\n",
}
