package cluster

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// ErrNotRunning means that no server runs on the cluster.
var ErrNotRunning = errors.New("no private PostgreSQL is running")

// Connect returns the connection string of a database of the cluster in dir,
// which another process of this program runs. If none does, the error is
// ErrNotRunning.
func Connect(dir, database string) (string, error) {
	at, err := readPidFile(filepath.Join(dir, "data"))
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%w in %s", ErrNotRunning, dir)
	}
	if err != nil {
		return "", fmt.Errorf("cannot see whether PostgreSQL runs in %s: %w; use the user that runs it, or root", dir, err)
	}
	socket := filepath.Join(at.sockets, ".s.PGSQL.5432")
	c, err := net.DialTimeout("unix", socket, 5*time.Second)
	if errors.Is(err, os.ErrPermission) {
		return "", fmt.Errorf("cannot reach the PostgreSQL that runs in %s: %w; use the user that runs it, or root", dir, err)
	}
	if err != nil {
		return "", fmt.Errorf("%w in %s", ErrNotRunning, dir) // the file is a killed server's
	}
	return socketURL(at.sockets, database), c.Close()
}

func socketURL(sockets, database string) string {
	return "postgres:///" + database + "?host=" + sockets + "&port=5432&user=" + user
}
