package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin.Dir, name), args...)
	c.Dir = "/"
	c.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=" + serverLocale, "TZ=UTC", "HOME=/nonexistent"}
	c.SysProcAttr = attributes(s.cred)
	c.WaitDelay = time.Second // a killed server's children hold the log open a moment longer
	return c
}

// launch starts the server and returns as soon as the process exists.
func (s *Server) launch() error {
	args := []string{"-D", s.data(), "-k", s.sockets}
	for _, setting := range s.settings() {
		args = append(args, "-c", setting)
	}
	s.cmd = s.command("postgres", args...)
	var log io.Writer = &s.tail
	if s.cfg.Log != nil {
		log = io.MultiWriter(&s.tail, s.cfg.Log)
	}
	s.cmd.Stdout, s.cmd.Stderr = log, log
	started := make(chan error)
	go func() {
		// On Linux the server is told to stop when the thread that started it
		// ends, so this goroutine keeps its thread for as long as the server runs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := s.cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		s.err = s.cmd.Wait()
		close(s.done)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("cannot run %s: %w", s.cmd.Path, err)
	}
	return nil
}

// settings are given on the command line, so that they follow the program
// and not the version that made the cluster.
func (s *Server) settings() []string {
	set := []string{
		"listen_addresses=", "unix_socket_permissions=0700", "port=5432", "logging_collector=off",
		"log_destination=stderr", "log_line_prefix=[%p] ", "log_checkpoints=off", "log_timezone=UTC", "timezone=UTC", "jit=off",
		"log_min_messages=log",          // failed statements are the program's to report, with what it knows
		"log_min_error_statement=panic", // statements hold what people wrote
		"dynamic_shared_memory_type=" + sharedMemory(),
	}
	if s.cfg.Volatile {
		return append(set, "max_connections=200", "shared_buffers=128MB", "fsync=off", "synchronous_commit=off",
			"full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
			"checkpoint_timeout=1h", "max_wal_size=4GB", "max_parallel_workers_per_gather=0")
	}
	return append(set, "max_connections=60", "shared_buffers=128MB")
}

// ready waits until the server answers and makes the database if it is missing.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		// Asking the server itself would fill its log with refusals.
		if at, err := readPidFile(s.data()); err == nil && at.ready && at.pid == s.Pid() {
			break
		}
		select {
		case <-s.done:
			return s.Err()
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not get ready: %w\n%s", ctx.Err(), s.tail.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	c, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	return s.makeDatabase(ctx, c)
}

func (s *Server) makeDatabase(ctx context.Context, c *pgx.Conn) error {
	if s.cfg.Database == "" {
		return nil
	}
	var exists bool
	err := c.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, s.cfg.Database).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = c.Exec(ctx, `create database `+pgx.Identifier{s.cfg.Database}.Sanitize())
	return err
}

// Stop ends the server and returns when it has ended: first as PostgreSQL's
// fast shutdown, which loses nothing and waits for no client; after ten
// seconds at once, which the next start repairs; at last by force. It may be
// called more than once.
func (s *Server) Stop() error {
	s.stopOnce.Do(func() {
		defer s.release()
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
			_ = s.cmd.Process.Signal(sig) // it may have ended already
			select {
			case <-s.done:
				return
			case <-time.After(stopLimit):
			}
		}
		s.stopErr = errors.New("PostgreSQL does not end")
	})
	return s.stopErr
}

// A tail keeps the last 4 KiB written to it, for error messages.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if extra := len(t.b) - 4096; extra > 0 {
		t.b = append(t.b[:0], t.b[extra:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
