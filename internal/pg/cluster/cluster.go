// Package cluster runs a private PostgreSQL cluster as a child process, for
// those who configure no database: it finds the installed server programs,
// makes the cluster on first use, cleans up after crashes and stops cleanly.
// It listens on a socket in a folder of its own and never on a network port.
// It knows no table and no schema.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	user      = "pitchside" // the cluster's superuser; nobody else can reach the socket
	oldest    = 15          // the first major version with everything the schema uses
	stopLimit = 10 * time.Second
)

// Config says where a cluster lives and how it runs.
type Config struct {
	Dir      string    // the cluster's own folder, made when missing; the data is in Dir/data
	Database string    // made when missing; empty: none
	Bin      string    // folder of initdb and postgres; empty: the usual places are searched
	Volatile bool      // no durability, for tests: a crash of the machine loses everything
	Log      io.Writer // what the server prints, whole lines; nil: dropped
}

// A Server is a running cluster.
type Server struct {
	cfg      Config
	bin      Binaries
	cred     *syscall.Credential // who the server runs as; nil: who we are
	lock     *os.File
	sockets  string // folder of the server's socket
	cmd      *exec.Cmd
	tail     tail
	done     chan struct{}
	err      error // how the server ended; set before done is closed
	stopOnce sync.Once
	stopErr  error
}

// Start makes the cluster if there is none, stops what a killed supervisor
// left running on it, and returns when the server answers. ctx limits the
// start only. Every error says what was found and what to do, and an existing
// cluster is left as it was.
func Start(ctx context.Context, cfg Config) (_ *Server, err error) {
	dir, err := makeFolder(cfg.Dir)
	if err != nil {
		return nil, err
	}
	cfg.Dir = dir
	s := &Server{cfg: cfg, done: make(chan struct{})}
	var before string
	if s.lock, before, err = takeLock(cfg.Dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	found := Find(cfg.Bin)
	if made, err := madeBy(s.data()); err != nil {
		return nil, err
	} else if made > 0 {
		if s.bin, err = matching(found, made, s.data()); err != nil {
			return nil, err
		}
		if s.cred, err = credential(s.data()); err != nil {
			return nil, err
		}
		if err := s.stopOrphan(); err != nil {
			return nil, err
		}
	} else {
		if s.bin, err = newest(found); err != nil {
			return nil, err
		}
		if s.cred, err = credential(""); err != nil {
			return nil, err
		}
		if err := s.initdb(ctx); err != nil {
			return nil, err
		}
	}
	if s.sockets, err = s.socketFolder(before); err != nil {
		return nil, err
	}
	if err := s.launch(); err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		_ = s.Stop()
		return nil, err
	}
	return s, nil
}

// URL returns the connection string of one of the cluster's databases.
func (s *Server) URL(database string) string { return socketURL(s.sockets, database) }

// Pid returns the process id of the server.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Major returns the server's major version.
func (s *Server) Major() int { return s.bin.Major }

// Done is closed when the server has ended, asked or not.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says how the server ended. It waits for Done.
func (s *Server) Err() error {
	<-s.done
	return fmt.Errorf("PostgreSQL ended: %v\n%s", s.err, s.tail.String())
}

func (s *Server) data() string { return filepath.Join(s.cfg.Dir, "data") }

// release gives up the lock and the socket folder.
func (s *Server) release() {
	if s.sockets != "" {
		_ = os.RemoveAll(s.sockets)
	}
	_ = s.lock.Close()
}

// takeLock makes this process the only supervisor of dir for as long as it
// lives: the kernel lets go of the lock however the process ends. The file
// says who holds it and where the socket is; sockets is the folder that the
// last holder wrote there.
func takeLock(dir string) (lock *os.File, sockets string, err error) {
	name := filepath.Join(dir, "supervisor.lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, "", fmt.Errorf("cannot write to the data folder %s: %w; give its ownership to this user, or set PITCHSIDE_DATA to another folder", dir, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	busy := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, "", err
	}
	pid, sockets, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	if busy != nil {
		return nil, "", fmt.Errorf("the data folder %s is in use by process %s; stop that one first, or set PITCHSIDE_DATA to another folder (%w)", dir, pid, busy)
	}
	return f, sockets, writeLock(f, "")
}

func writeLock(f *os.File, sockets string) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"+sockets+"\n"), 0)
	return err
}

// madeBy returns the major version that made the cluster in data, or 0 if
// there is no cluster.
func madeBy(data string) (int, error) {
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Lstat(data); err == nil {
			return 0, fmt.Errorf("%s exists but holds no PostgreSQL cluster (no PG_VERSION); move it away, or set PITCHSIDE_DATA to another folder; nothing was changed", data)
		}
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("cannot read the PostgreSQL cluster in %s: %w; start as the user it belongs to; nothing was changed", data, err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s/PG_VERSION says %q, which is no version this program knows; nothing was changed", data, strings.TrimSpace(string(b)))
	}
	return n, nil
}
