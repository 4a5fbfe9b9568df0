//go:build !linux

package cluster

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

const serverLocale = "C"

// These systems have no C.UTF-8: bytes sort, and letters are known as letters.
var localeArgs = []string{"--locale=C", "--lc-ctype=UTF-8"}

// attributes returns how the server is started: as cred, in a process group
// of its own so that the terminal's Ctrl-C reaches us first. These systems
// cannot tie its life to ours: a killed supervisor's server runs on until the
// next start stops it.
func attributes(cred *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: cred, Setpgid: true}
}

// processesOf returns the server recorded in the cluster's pid file if that
// process lives and is the server of data, and its children.
func processesOf(data string, recorded int) (pids []int) {
	out, err := exec.Command("ps", "-axo", "pid=,ppid=,command=").Output()
	if err != nil || recorded == 0 {
		return nil
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 3 || !strings.Contains(line, "postgres") {
			continue
		}
		pid, _ := strconv.Atoi(f[0]) // ps prints numbers
		parent, _ := strconv.Atoi(f[1])
		if parent == recorded || pid == recorded && strings.Contains(line, " -D "+data+" ") {
			pids = append(pids, pid)
		}
	}
	return pids
}

func sharedMemory() string { return "posix" }

// free returns 0, unknown: these systems have no memory file system to prefer.
func free(string) uint64 { return 0 }
