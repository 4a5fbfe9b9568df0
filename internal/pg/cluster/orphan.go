package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A pidFile is what a server writes of itself into its data folder. It stays
// behind when the server is killed.
type pidFile struct {
	pid     int
	sockets string
	ready   bool
}

func readPidFile(data string) (pidFile, error) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	// pid, data folder, start, port, socket folder, address, shared memory, status
	l := append(strings.Split(string(b), "\n"), make([]string, 8)...)
	pid, _ := strconv.Atoi(strings.TrimSpace(l[0])) // a half-written file has none
	return pidFile{pid: pid, sockets: l[4], ready: strings.TrimSpace(l[7]) == "ready"}, nil
}

// stopOrphan ends what a killed supervisor or a killed server left behind.
// The caller holds the lock, so no live supervisor owns these processes.
//
// PostgreSQL's own check of a left-over pid file asks only whether the number
// is in use, and takes a zombie, or a stranger with the same number after a
// restart of the container, for a running server. So the file is removed here,
// once no process of the cluster is left.
func (s *Server) stopOrphan() error {
	data := s.data()
	left, err := readPidFile(data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		live := processesOf(data, left.pid)
		if len(live) == 0 {
			break
		}
		for _, pid := range live {
			// A server stops its children; without one they are told themselves.
			if pid == left.pid || sig == syscall.SIGKILL || !slices.Contains(live, left.pid) {
				_ = syscall.Kill(pid, sig) // it may have ended meanwhile
			}
		}
		for end := time.Now().Add(stopLimit); time.Now().Before(end) && len(processesOf(data, left.pid)) > 0; {
			time.Sleep(20 * time.Millisecond)
		}
	}
	if live := processesOf(data, left.pid); len(live) > 0 {
		return fmt.Errorf("processes %v of an earlier run do not leave %s; end them, then start again", live, data)
	}
	err = os.Remove(filepath.Join(data, "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
