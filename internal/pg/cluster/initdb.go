package cluster

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// initdb makes the cluster under another name and renames it at the end, so
// that being killed half way leaves no half cluster.
func (s *Server) initdb(ctx context.Context) error {
	left, err := filepath.Glob(filepath.Join(s.cfg.Dir, "init-*"))
	if err != nil {
		return err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	temp, err := os.MkdirTemp(s.cfg.Dir, "init-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := s.own(temp); err != nil {
		return err
	}
	if err := s.reachable(temp); err != nil {
		return err
	}
	made := filepath.Join(temp, "data")
	args := []string{"-D", made, "-U", user, "-E", "UTF8", "--auth-local=trust", "--auth-host=reject", "--no-instructions"}
	args = append(args, localeArgs...) // collation that no upgrade of the system changes
	if s.cfg.Volatile {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	var out bytes.Buffer
	c := s.command("initdb", args...)
	c.Stdout, c.Stderr = &out, &out
	runtime.LockOSThread() // as in launch
	defer runtime.UnlockOSThread()
	if err := c.Start(); err != nil {
		return fmt.Errorf("cannot run initdb: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = c.Process.Signal(os.Interrupt) })
	err = c.Wait()
	stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("initdb could not make a cluster in %s: %w\n%s", s.cfg.Dir, err, out.String())
	}
	if err := os.Rename(made, s.data()); err != nil {
		return err
	}
	if s.cfg.Volatile {
		return nil
	}
	return syncFolder(s.cfg.Dir)
}

// syncFolder makes a rename in dir survive a crash of the machine.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
