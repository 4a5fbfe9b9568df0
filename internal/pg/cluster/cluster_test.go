package cluster_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"pitchside/internal/pg/cluster"
)

// TestMain lets the test binary play the program that owns a cluster, so that
// tests can kill it.
func TestMain(m *testing.M) {
	if dir, ok := os.LookupEnv("CLUSTER_TEST_DIR"); ok {
		os.Exit(play(dir))
	}
	dir, err := os.MkdirTemp("/tmp", "cluster-test-")
	if err == nil {
		program, err = copyOf(os.Args[0], dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// program is a copy of the test binary that every user can run. It is made
// before any test starts a process: a process forked while the copy is open
// for writing would keep it from being run.
var program string

func copyOf(binary, dir string) (string, error) {
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	b, err := os.ReadFile(binary)
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "program")
	if err := os.WriteFile(name, b, 0o755); err != nil {
		return "", err
	}
	return name, os.Chmod(name, 0o755)
}

func play(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var s *cluster.Server
	var err error
	if dir == "" {
		s, err = cluster.Volatile(ctx)
	} else {
		s, err = cluster.Start(ctx, cluster.Config{Dir: dir, Database: "app"})
	}
	if err != nil {
		fmt.Println("failed", strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	fmt.Println("running", s.Pid(), s.URL("postgres"))
	select {
	case <-ctx.Done():
		if err := s.Stop(); err != nil {
			return 2
		}
		return 0
	case <-s.Done():
		return 3
	}
}

// A supervisor is a running copy of the test binary that owns a cluster.
type supervisor struct {
	cmd *exec.Cmd
	pid int // of the server
	url string
}

// start runs a supervisor as cred on dir, an empty dir meaning a volatile
// cluster, and returns when its server answers or it has failed.
func start(t *testing.T, dir string, cred *syscall.Credential) (supervisor, error) {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "CLUSTER_TEST_DIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // most have ended by now
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(line)
	if f[0] != "running" {
		return supervisor{}, errors.New(strings.TrimSpace(line))
	}
	pid, err := strconv.Atoi(f[1])
	if err != nil {
		t.Fatal(err)
	}
	return supervisor{cmd, pid, f[2]}, nil
}

// folder returns a temporary folder that every user can enter and write to.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "cluster-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// users returns whom to try each story as: who we are, and for root an
// ordinary user too.
func users(t *testing.T) map[string]*syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return map[string]*syscall.Credential{"ordinary user": nil}
	}
	u, err := osuser.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*syscall.Credential{"root": nil, "ordinary user": {Uid: uint32(uid), Gid: uint32(gid), Groups: []uint32{}}}
}

func keep(t *testing.T, url string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, `create table kept (x int); insert into kept values (1), (2)`); err != nil {
		t.Fatal(err)
	}
}

func kept(t *testing.T, url string) int {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	var n int
	if err := c.QueryRow(ctx, `select count(*) from kept`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEnds walks a cluster through every way its life can end. Nothing
// committed may be lost, and the next start must simply work.
func TestEnds(t *testing.T) {
	t.Parallel()
	ends := []struct {
		name string
		end  func(p supervisor)
		exit int // of the program; -1: killed
	}{
		{"stopped", func(p supervisor) { _ = p.cmd.Process.Signal(syscall.SIGTERM) }, 0},
		{"server killed", func(p supervisor) { _ = syscall.Kill(p.pid, syscall.SIGKILL) }, 3},
		{"program killed", func(p supervisor) { _ = p.cmd.Process.Kill() }, -1},
		{"both killed", func(p supervisor) {
			_ = p.cmd.Process.Signal(syscall.SIGSTOP) // it must not see the server end
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
			_ = p.cmd.Process.Kill()
		}, -1},
	}
	for as, cred := range users(t) {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(folder(t), "postgres")
			for i, e := range ends {
				p, err := start(t, dir, cred)
				if err != nil {
					t.Fatalf("before %q: %v", e.name, err)
				}
				if i == 0 {
					keep(t, p.url)
				}
				e.end(p)
				_ = p.cmd.Wait() // the exit code is looked at next
				if code := p.cmd.ProcessState.ExitCode(); code != e.exit {
					t.Errorf("%s: the program left with %d, want %d", e.name, code, e.exit)
				}
			}
			p, err := start(t, dir, cred)
			if err != nil {
				t.Fatal(err)
			}
			if n := kept(t, p.url); n != 2 {
				t.Errorf("%d rows after all that, want 2", n)
			}
		})
	}
}

func TestSecondInstanceIsRefusedByName(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "postgres")
	p, err := start(t, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = cluster.Start(t.Context(), cluster.Config{Dir: dir})
	if err == nil {
		t.Fatal("a second server started on the same folder")
	}
	for _, want := range []string{dir, "process " + strconv.Itoa(p.cmd.Process.Pid)} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %q", err, want)
		}
	}
	url, err := cluster.Connect(dir, "postgres")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, url)
	if n := kept(t, p.url); n != 2 {
		t.Errorf("a second connection wrote %d rows, want 2", n)
	}
}

func TestOtherMajorIsRefusedAndUntouched(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	for name, text := range map[string]string{"data/PG_VERSION": "99\n", "data/base/1": "rows", "data/postmaster.pid": "1\n"} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before := tree(t, dir+"/data")
	_, err := cluster.Start(t.Context(), cluster.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "made by PostgreSQL 99") {
		t.Errorf("got %v, want a refusal that names the version", err)
	}
	if diff := cmp.Diff(before, tree(t, dir+"/data")); diff != "" {
		t.Errorf("the data changed:\n%s", diff)
	}
}

// tree returns mode, time and text of every file under dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var text []byte
		if !d.IsDir() {
			if text, err = os.ReadFile(p); err != nil {
				return err
			}
		}
		found[p] = fmt.Sprint(info.Mode(), info.ModTime(), string(text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWithoutBinaries(t *testing.T) {
	t.Parallel()
	_, err := cluster.Start(t.Context(), cluster.Config{Dir: folder(t), Bin: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "DATABASE_URL") || !strings.Contains(err.Error(), "install") {
		t.Errorf("got %v, want what to install", err)
	}
}

func TestClosedFolderIsExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() // under a folder of mode 0700
	_, err := cluster.Start(t.Context(), cluster.Config{Dir: dir + "/no/postgres", Bin: "/nonexistent"})
	if err == nil {
		t.Fatal("started without programs")
	}
	if os.Geteuid() != 0 {
		return // an ordinary user's server runs as that user, who can enter
	}
	_, err = cluster.Start(t.Context(), cluster.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "/var/lib/pitchside") {
		t.Errorf("got %v, want the folder to use instead", err)
	}
	if left, _ := filepath.Glob(dir + "/init-*"); len(left) > 0 {
		t.Errorf("%v stayed behind", left)
	}
}

func TestConnectWithoutServer(t *testing.T) {
	t.Parallel()
	if _, err := cluster.Connect(t.TempDir(), "app"); !errors.Is(err, cluster.ErrNotRunning) {
		t.Errorf("got %v, want %v", err, cluster.ErrNotRunning)
	}
}

func TestVolatileLeavesNothing(t *testing.T) {
	t.Parallel()
	p, err := start(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := pgx.ParseConfig(p.url)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(filepath.Dir(cfg.Host)) // the socket is in the cluster's folder, that in the temporary one
	if !strings.HasPrefix(filepath.Base(dir), "pitchside-test-") {
		t.Fatalf("unexpected place of the socket: %s", cfg.Host)
	}
	_ = p.cmd.Process.Kill()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s stayed behind", dir)
		}
	}
}
