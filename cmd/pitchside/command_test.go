package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// init lets the test binary be the program, so that tests can run and kill it.
func init() {
	if os.Getenv("PITCHSIDE_TEST_AS_PROGRAM") != "" {
		main()
		os.Exit(0)
	}
}

// program returns the program with these arguments, its data in dir and
// nothing else configured but what env adds.
func program(t *testing.T, dir string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append([]string{"PITCHSIDE_TEST_AS_PROGRAM=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir(),
		"PITCHSIDE_DATA=" + dir, "PITCHSIDE_ADDR=127.0.0.1:0"}, env...)
	return c
}

// run runs the program to its end and returns what it printed.
func run(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	out, err := program(t, dir, nil, args...).CombinedOutput()
	return string(out), err
}

// dataFolder returns a folder that the private cluster's user can enter.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "pitchside-command-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// A served is a running server.
type served struct {
	cmd *exec.Cmd
	url string
	log *bytes.Buffer
}

func serving(t *testing.T, dir string) served {
	t.Helper()
	c := program(t, dir, nil, "serve")
	s := served{cmd: c, log: &bytes.Buffer{}}
	c.Stderr = s.log
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM) // most have ended by now
		_ = c.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "ready at "); ok {
			s.url = url
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return s
		}
	}
	t.Fatalf("the server ended: %s", s.log)
	return s
}

func (s served) get(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestServerLife(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serving(t, dir)
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": "pitchside_db_connections_max"} {
		if status, body := s.get(t, path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s answers %d %q, want %q", path, status, body, want)
		}
	}
	if out, err := run(t, dir, "serve"); err == nil || !strings.Contains(out, dir) || !strings.Contains(out, "process "+strconv.Itoa(s.cmd.Process.Pid)) {
		t.Errorf("a second server: %v, %s", err, out)
	}
	if out, err := run(t, dir, "person", "add", "--email", "ann@example.com", "--name", "Ann"); err != nil || !strings.Contains(out, "/join/") {
		t.Errorf("adding a person: %v, %s", err, out)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM the server ended with %v:\n%s", err, s.log)
	}

	s = serving(t, dir)
	if out, err := run(t, dir, "token", "--email", "ANN@example.com", "--scopes", "all"); err != nil || !strings.HasPrefix(out, "pitchside_") {
		t.Errorf("a token for whom was added before: %v, %s", err, out)
	}
	if err := syscall.Kill(serverPid(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err == nil || !strings.Contains(s.log.String(), "PostgreSQL ended") {
		t.Errorf("after the database was killed the server ended with %v:\n%s", err, s.log)
	}
	if out, err := run(t, dir, "migrate"); err != nil {
		t.Errorf("the next start: %v, %s", err, out)
	}
}

// serverPid is the process of the private cluster's server.
func serverPid(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "postgres/data/postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestBackupComesBack(t *testing.T) {
	t.Parallel()
	dir, file := dataFolder(t), filepath.Join(t.TempDir(), "all.zip")
	if out, err := run(t, dir, "person", "add", "--email", "ann@example.com", "--name", "Ann", "--capabilities", "rep,coach"); err != nil {
		t.Fatalf("%v, %s", err, out)
	}
	key := filepath.Join(dir, "media/objects/attempts/1")
	if err := os.MkdirAll(key, 0o700); err != nil {
		t.Fatal(err)
	}
	const object = "{\"content_type\":\"video/webm\"}\nbytes"
	if err := os.WriteFile(key+"/take~", []byte(object), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(t, dir, "backup", file); err != nil || !strings.Contains(out, "1 media file") {
		t.Fatalf("%v, %s", err, out)
	}
	other := dataFolder(t)
	for _, args := range [][]string{{"restore", file}, {"token", "--email", "ann@example.com", "--scopes", "skills:read"}, {"doctor"}} {
		if out, err := run(t, other, args...); err != nil {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
	if b, err := os.ReadFile(filepath.Join(other, "media/objects/attempts/1/take~")); err != nil || string(b) != object {
		t.Errorf("the recording came back as %q, %v", b, err)
	}
	if out, err := run(t, other, "restore", file); err == nil || !strings.Contains(out, "not empty") {
		t.Errorf("restoring over rows: %v, %s", err, out)
	}
}

func TestLibraryInAndOut(t *testing.T) {
	t.Parallel()
	dir, first, second := dataFolder(t), filepath.Join(t.TempDir(), "first.zip"), filepath.Join(t.TempDir(), "second.zip")
	for _, args := range [][]string{{"export", first}, {"lint", first}, {"import", first}, {"export", second}} {
		if out, err := run(t, dir, args...); err != nil {
			t.Fatalf("%v: %v, %s", args, err, out)
		}
	}
	a, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("export, import and export again did not give the same bytes")
	}
	broken := t.TempDir()
	if err := os.MkdirAll(filepath.Join(broken, "rubrics"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "rubrics/half.yaml"), []byte("title: Half\ncriteria: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"lint", "import"} {
		if out, err := run(t, dir, verb, broken); err == nil || !strings.Contains(out, "rubrics/half.yaml:") {
			t.Errorf("%s of a broken rubric: %v, %s", verb, err, out)
		}
	}
}

func TestMistakesStopTheStart(t *testing.T) {
	t.Parallel()
	c := program(t, dataFolder(t), []string{"PITCHSIDE_URL=example.com", "DATABASE_URL=mysql://x", "PITCHSIDE_S3_BUCKET=b"}, "serve")
	out, err := c.CombinedOutput()
	if err == nil {
		t.Fatal("started with three mistakes")
	}
	for _, want := range []string{"PITCHSIDE_URL", "DATABASE_URL", "PITCHSIDE_S3_ENDPOINT", "help config"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%s is not named in %s", want, out)
		}
	}
}

func TestHelpConfig(t *testing.T) {
	t.Parallel()
	out, err := run(t, dataFolder(t), "help", "config")
	if err != nil || !strings.Contains(out, "PITCHSIDE_S3_ENDPOINT") || strings.Contains(out, "PITCHSIDE_TEST") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestWithoutDatabaseEndsSoonAndSaysWhy(t *testing.T) {
	t.Parallel()
	start := time.Now()
	c := program(t, dataFolder(t), []string{"DATABASE_URL=postgres://u:hush@127.0.0.1:1/d"}, "serve")
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "does not answer") || strings.Contains(string(out), "hush") {
		t.Errorf("after %v: %v, %s", time.Since(start), err, out)
	}
}
