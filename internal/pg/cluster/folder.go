package cluster

import (
	"errors"
	"fmt"
	"os"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// makeFolder makes dir and returns its real path, which the working directory
// of the server's processes will show. A folder made by root lets others pass,
// since the server runs as someone else.
func makeFolder(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	var missing []string
	for p := dir; ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); err == nil || p == filepath.Dir(p) {
			break
		}
		missing = append(missing, p)
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return "", fmt.Errorf("cannot make the data folder: %w; make it and give it to this user, or set PITCHSIDE_DATA to another folder", err)
	}
	for _, p := range missing { // MkdirAll is subject to the umask
		if err := os.Chmod(p, mode); err != nil {
			return "", err
		}
	}
	return filepath.EvalSymlinks(dir)
}

// credential returns whom the server runs as. PostgreSQL refuses to run as
// root, so root becomes the owner of the data if there is some, else the user
// postgres, else nobody. Anyone else stays who they are: nil.
func credential(data string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if data != "" {
		info, err := os.Stat(data)
		if err != nil {
			return nil, err
		}
		st, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return nil, fmt.Errorf("cannot tell who owns %s", data)
		}
		if st.Uid == 0 {
			return nil, fmt.Errorf("%s belongs to root, and PostgreSQL refuses to run as root; give it to an ordinary user with `chown -R postgres %s`; nothing was changed", data, data)
		}
		return &syscall.Credential{Uid: st.Uid, Gid: st.Gid, Groups: []uint32{}}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid), Groups: []uint32{}}, nil
	}
	return nil, errors.New("this is root, PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody; make one with `useradd --system postgres`, or start as an ordinary user")
}

// own gives a folder to whom the server runs as.
func (s *Server) own(dir string) error {
	if s.cred == nil {
		return nil
	}
	return os.Chown(dir, int(s.cred.Uid), int(s.cred.Gid))
}

// reachable reports whether the server's user can enter dir, by having a
// process of that user do so: modes alone do not tell where ACLs are in use.
func (s *Server) reachable(dir string) error {
	if s.cred == nil {
		return nil
	}
	if err := s.command("postgres", "--version").Run(); err != nil {
		return fmt.Errorf("the server programs in %s cannot be run by user %d: %w; install PostgreSQL where every user can reach it", s.bin.Dir, s.cred.Uid, err)
	}
	c := s.command("postgres", "--version")
	c.Dir = dir
	if err := c.Run(); err != nil {
		return fmt.Errorf("the user that PostgreSQL runs as (%d) cannot enter %s, because a folder above it (such as /root) is closed to others; set PITCHSIDE_DATA to a folder such as /var/lib/pitchside, or open the folders above with `chmod o+x`", s.cred.Uid, dir)
	}
	return nil
}

const socketPrefix = "pitchside-pg-"

// socketFolder makes the folder of the socket, in place of the one that a
// killed supervisor left. It is not in the data folder because the whole path
// of a socket must be under 104 bytes.
func (s *Server) socketFolder(before string) (string, error) {
	if strings.HasPrefix(filepath.Base(before), socketPrefix) {
		if err := os.RemoveAll(before); err != nil {
			return "", err
		}
	}
	parents := []string{os.TempDir(), "/tmp"}
	if s.cfg.Volatile {
		parents = append([]string{s.cfg.Dir}, parents...) // removed together with the data
	}
	var problems []error
	for _, parent := range parents {
		dir, err := s.socketFolderIn(parent)
		if err == nil {
			return dir, writeLock(s.lock, dir)
		}
		problems = append(problems, err)
	}
	return "", fmt.Errorf("no place for the database's socket: %w", errors.Join(problems...))
}

func (s *Server) socketFolderIn(parent string) (string, error) {
	dir, err := os.MkdirTemp(parent, socketPrefix)
	if err != nil {
		return "", err
	}
	if len(dir) > 104-len("/.s.PGSQL.5432.lock") {
		err = fmt.Errorf("%s is too long for a socket", dir)
	} else if err = s.own(dir); err == nil {
		err = s.reachable(dir)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(dir))
	}
	return dir, nil
}
