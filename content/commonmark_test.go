package content

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommonMark runs the examples of the specification, which lie beside the
// parser that the pipeline is built on, with the house's own additions off.
func TestCommonMark(t *testing.T) {
	t.Parallel()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Markdown, HTML, Section string
		Example                 int
	}
	if err := json.Unmarshal(raw, &examples); err != nil {
		t.Fatal(err)
	}
	if len(examples) != 652 {
		t.Errorf("the specification has %d examples, not the 652 of version 0.31.2", len(examples))
	}
	plain := pipeline(false)
	for _, e := range examples {
		var b bytes.Buffer
		if err := plain.Convert([]byte(e.Markdown), &b); err != nil || b.String() != e.HTML {
			t.Errorf("example %d, %s: %q becomes %q, want %q (%v)", e.Example, e.Section, e.Markdown, b.String(), e.HTML, err)
		}
	}
}
