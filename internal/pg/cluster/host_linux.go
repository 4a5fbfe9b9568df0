package cluster

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const serverLocale = "C.UTF-8"

var localeArgs = []string{"--locale=C.UTF-8"}

// attributes returns how the server is started: as cred, in a process group
// of its own so that the terminal's Ctrl-C reaches us first, and told to shut
// down when we are killed.
func attributes(cred *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: cred, Setpgid: true, Pdeathsig: syscall.SIGINT}
}

// processesOf returns the living processes of the cluster in data: those
// named postgres that work there, as every process of a server does. Zombies
// work nowhere.
func processesOf(data string, _ int) (pids []int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if dir, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd")); err != nil || dir != data {
			continue
		}
		name, err := os.ReadFile(filepath.Join("/proc", e.Name(), "comm"))
		if err == nil && strings.HasPrefix(string(name), "postgres") {
			pids = append(pids, pid)
		}
	}
	return pids
}

// sharedMemory returns the kind of memory that parallel queries share. In
// containers /dev/shm is often too small for it.
func sharedMemory() string {
	if free("/dev/shm") < 256<<20 {
		return "mmap"
	}
	return "posix"
}

// free returns the bytes that may still be written under dir, 0 if unknown.
func free(dir string) uint64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0
	}
	return st.Bavail * uint64(st.Bsize)
}
