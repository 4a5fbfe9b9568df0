package content_test

import (
	"testing"

	"pitchside/content"
)

// TestLibrary keeps the built-in library free of errors.
func TestLibrary(t *testing.T) {
	t.Parallel()
	problems, err := content.Lint(content.Library)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if p.Severity == "error" {
			t.Errorf("%s:%d:%d %s %s", p.File, p.Line, p.Column, p.Cause, p.Remedy)
		} else {
			t.Logf("%s:%d:%d %s", p.File, p.Line, p.Column, p.Cause)
		}
	}
}
