package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Binaries is one installation of the PostgreSQL server programs.
type Binaries struct {
	Dir   string // holds initdb and postgres
	Major int    // for example 15
}

// places are where systems put server programs that are not on the PATH.
var places = []string{
	"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                   // the PostgreSQL project's packages for Red Hat and its kin
	"/usr/lib/postgresql[0-9]*/bin",      // SUSE
	"/usr/libexec/postgresql*",           // Alpine
	"/opt/homebrew/opt/postgresql@*/bin", // Homebrew on Apple silicon
	"/usr/local/opt/postgresql@*/bin",    // Homebrew on Intel
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/opt/local/lib/postgresql*/bin", // MacPorts
}

// Find returns the installations on this machine, best first: the explicit
// folder alone if one is given; else the one on the PATH, then the usual
// places, newest first. Versions before the oldest supported are included, so
// that a message can name them.
func Find(explicit string) []Binaries {
	var folders []string
	if explicit != "" {
		folders = []string{explicit, filepath.Join(explicit, "bin")}
	} else {
		if p, err := exec.LookPath("postgres"); err == nil {
			if real, err := filepath.EvalSymlinks(p); err == nil {
				folders = append(folders, filepath.Dir(real))
			}
		}
		if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
			folders = append(folders, strings.TrimSpace(string(out)))
		}
	}
	first := installed(folders)
	if explicit != "" {
		return first
	}
	var usual []string
	for _, pattern := range places {
		m, _ := filepath.Glob(pattern) // the patterns are constants and well formed
		usual = append(usual, m...)
	}
	rest := installed(usual)
	slices.SortStableFunc(rest, func(a, b Binaries) int { return b.Major - a.Major })
	for _, b := range rest {
		if !slices.Contains(first, b) {
			first = append(first, b)
		}
	}
	return first
}

func installed(folders []string) []Binaries {
	var found []Binaries
	for _, dir := range folders {
		if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err != nil {
			continue
		}
		b := Binaries{Dir: dir, Major: major(filepath.Join(dir, "postgres"))}
		if b.Major > 0 && !slices.Contains(found, b) {
			found = append(found, b)
		}
	}
	return found
}

// major asks a postgres program for its version; 0 if it does not run. It
// prints "postgres (PostgreSQL) 15.18 (Debian 15.18-0)", or 18beta1, and does
// so for root too.
func major(program string) int {
	out, err := exec.Command(program, "--version").Output()
	if err != nil {
		return 0
	}
	f := strings.Fields(string(out))
	if len(f) < 3 {
		return 0
	}
	digits := f[2]
	if i := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = digits[:i]
	}
	n, _ := strconv.Atoi(digits) // no digits: 0
	return n
}

// newest returns the installation to make a new cluster with.
func newest(found []Binaries) (Binaries, error) {
	for _, b := range found {
		if b.Major >= oldest {
			return b, nil
		}
	}
	if len(found) > 0 {
		return Binaries{}, fmt.Errorf("found PostgreSQL %s, but %d or newer is needed.\n%s", list(found), oldest, Remedy())
	}
	return Binaries{}, errors.New("no PostgreSQL server programs (initdb and postgres) are installed.\n" + Remedy())
}

// matching returns the installation of the version that made the cluster:
// another major version cannot read it.
func matching(found []Binaries, made int, data string) (Binaries, error) {
	for _, b := range found {
		if b.Major == made {
			return b, nil
		}
	}
	here := "no PostgreSQL server programs are installed"
	if len(found) > 0 {
		here = "only PostgreSQL " + list(found) + " is installed"
	}
	return Binaries{}, fmt.Errorf("the cluster in %s was made by PostgreSQL %d, but %s; nothing was changed.\nInstall the server programs of PostgreSQL %d beside it, start, take a backup with `pitchside backup FILE`, and restore it into a new data folder with the newer version", data, made, here, made)
}

func list(found []Binaries) string {
	var s []string
	for _, b := range found {
		s = append(s, fmt.Sprintf("%d (%s)", b.Major, b.Dir))
	}
	return strings.Join(s, ", ")
}

var managers = []struct{ program, command string }{
	{"apt-get", "apt-get install --no-install-recommends postgresql"},
	{"dnf", "dnf install postgresql-server"},
	{"apk", "apk add postgresql"},
	{"brew", "brew install postgresql@17"},
}

// Remedy returns the command that installs PostgreSQL with this machine's
// package manager, or those of all known ones if it has none of them.
func Remedy() string {
	var lines []string
	for _, m := range managers {
		if os.Geteuid() != 0 && m.program != "brew" {
			m.command = "sudo " + m.command
		}
		if _, err := exec.LookPath(m.program); err == nil {
			return "Install it with\n    " + m.command + "\nor set DATABASE_URL to a database that is already running."
		}
		lines = append(lines, "    "+m.command)
	}
	return "Install it with the one of these that this system has\n" + strings.Join(lines, "\n") +
		"\nor set DATABASE_URL to a database that is already running."
}
