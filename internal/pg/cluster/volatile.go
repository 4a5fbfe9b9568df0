package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// sweep waits for the end of its standard input, which comes when the process
// that holds the other end stops or is killed; then for the server's end; then
// removes the folder.
const sweep = `cat >/dev/null
i=0
while [ -e "$1/postgres/data/postmaster.pid" ] && [ $i -lt 100 ]; do i=$((i+1)); sleep 0.1; done
rm -rf -- "$1"`

// Volatile starts a cluster for tests in a temporary folder: in memory where
// there is room, without durability, and gone with everything in it when this
// process ends, however it ends.
func Volatile(ctx context.Context) (*Server, error) {
	parent := os.TempDir()
	if free("/dev/shm") > 2<<30 {
		parent = "/dev/shm"
	}
	dir, err := os.MkdirTemp(parent, "pitchside-test-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, err
	}
	// The write end stays open, unreferenced, until this process ends.
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	sweeper := exec.Command("/bin/sh", "-c", sweep, "sh", dir)
	sweeper.Dir, sweeper.Stdin = "/", read
	sweeper.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := sweeper.Start(); err != nil {
		return nil, fmt.Errorf("cannot arrange for the test cluster's removal: %w", err)
	}
	keepOpen = append(keepOpen, write)
	return Start(ctx, Config{Dir: filepath.Join(dir, "postgres"), Volatile: true})
}

// keepOpen holds files that must not be closed by the garbage collector.
var keepOpen []*os.File
