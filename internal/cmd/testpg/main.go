// Command testpg runs a command, usually go test, beside one volatile
// PostgreSQL cluster that all of the command's processes share:
//
//	go run ./internal/cmd/testpg -- go test ./...
//
// The command finds the cluster in TEST_DATABASE_URL; one that is set already
// is used as it is. testpg leaves with the command's exit code.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"pitchside/internal/pg/cluster"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testpg:", err)
		code = 1
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return 0, errors.New("name the command to run, as in: testpg -- go test PACKAGES")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv("TEST_DATABASE_URL") == "" {
		s, err := cluster.Volatile(ctx)
		if err != nil {
			return 0, err
		}
		defer func() { _ = s.Stop() }() // what is left is removed when this process ends
		if err := os.Setenv("TEST_DATABASE_URL", s.URL("postgres")); err != nil {
			return 0, err
		}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil // -1 when it was killed
	}
	return 0, err
}
