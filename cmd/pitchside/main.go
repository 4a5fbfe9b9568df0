// Command pitchside is the whole program: the server and the tools around it.
// It reads the settings, wires the rooms together and knows no rule of its own.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"pitchside/internal/config"
	"pitchside/internal/fault"
)

// version is set by the linker for a release.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "pitchside:", explain(err))
		os.Exit(1)
	}
}

// explain returns the message of err, or those of its fields if it is about some.
func explain(err error) string {
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		return err.Error()
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		lines = append(lines, name+": "+fields[name])
	}
	return strings.Join(lines, "\n")
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "pitchside",
		Short:         "Sales training, practice and coaching whose every number can be asked why",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	c.AddCommand(serveCommand(), workCommand(), migrateCommand(), lintCommand(), importCommand(), exportCommand(), backupCommand(), restoreCommand(),
		tokenCommand(), personCommand(), doctorCommand(), versionCommand(),
		&cobra.Command{Use: "config", Short: "Every setting, with its default, unit and effect", Long: config.Help()})
	return c
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program",
		Args:  cobra.NoArgs,
		Run:   func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), "pitchside", describeVersion()) },
	}
}

// describeVersion adds the revision that the program was built from, if known.
func describeVersion() string {
	text := version
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				text += " (" + s.Value + ")"
			}
		}
		text += " " + info.GoVersion
	}
	return text
}

func newLogger() *slog.Logger { return slog.New(slog.NewTextHandler(os.Stderr, nil)) }
