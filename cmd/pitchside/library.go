package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pitchside/content"
	"pitchside/content/source"
	"pitchside/internal/config"
	"pitchside/people"
)

// openLibrary opens a folder or a zip of documents.
func openLibrary(name string) (fs.FS, io.Closer, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		return os.DirFS(name), io.NopCloser(nil), nil
	}
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s is neither a folder nor a zip file that can be read: %w", name, err)
	}
	return z, z, nil
}

// tell prints problems one a line, as editors expect them, and returns an
// error if any of them keeps a document from being published.
func tell(out io.Writer, problems []content.Problem) error {
	failed := 0
	for _, p := range problems {
		if p.Severity == source.Error {
			failed++
		}
		fmt.Fprintf(out, "%s:%d:%d: %s: %s %s\n", p.File, p.Line, p.Column, p.Severity, p.Cause, p.Remedy)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d problems are errors, which keep a document from being published", failed, len(problems))
	}
	return nil
}

func lintCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lint DIR",
		Short: "Check a folder or zip of courses, scenarios and rubrics, without a database",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			files, closer, err := openLibrary(args[0])
			if err != nil {
				return err
			}
			defer closer.Close()
			problems, err := content.Lint(files)
			if err != nil {
				return err
			}
			if err := tell(c.OutOrStdout(), problems); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "No errors and %s.\n", count(len(problems), "warning"))
			return nil
		},
	}
}

func importCommand() *cobra.Command {
	var draft bool
	c := &cobra.Command{
		Use:   "import DIR|ZIP",
		Short: "Bring documents into the library and publish those without errors",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			files, closer, err := openLibrary(args[0])
			if err != nil {
				return err
			}
			defer closer.Close()
			return withLibrary(c.Context(), func(ctx context.Context, library *content.Service) error {
				return bringIn(ctx, library, files, !draft, c.OutOrStdout())
			})
		},
	}
	c.Flags().BoolVar(&draft, "draft", false, "keep every document as a draft and publish none")
	return c
}

// bringIn imports files and says what came of it.
func bringIn(ctx context.Context, library *content.Service, files fs.FS, publish bool, out io.Writer) error {
	in, err := library.Import(ctx, people.Operator, files, publish)
	if err != nil {
		return err
	}
	changed := 0
	for _, d := range in.Documents {
		if d.Changed {
			changed++
		}
	}
	fmt.Fprintf(out, "%s, %d new or changed.\n", count(len(in.Documents), "document"), changed)
	return tell(out, in.Problems)
}

func exportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "export DIR",
		Short: "Write every published document into a folder, or a zip if the name ends in .zip",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withLibrary(c.Context(), func(ctx context.Context, library *content.Service) error {
				files, err := library.Files(ctx, people.Operator)
				if err != nil {
					return err
				}
				if strings.HasSuffix(strings.ToLower(args[0]), ".zip") {
					err = writeZip(args[0], files)
				} else {
					err = content.WriteFolder(args[0], files)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "%s written to %s.\n", count(len(files), "document"), args[0])
				return nil
			})
		},
	}
}

func writeZip(name string, files []content.File) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(content.WriteZip(f, files), f.Close())
}

// withLibrary runs a command's work on the library with what is built in.
func withLibrary(ctx context.Context, work func(context.Context, *content.Service) error) error {
	return withDatabase(ctx, func(ctx context.Context, _ config.Config, db *database) error {
		library := &content.Service{DB: db, Now: time.Now}
		if err := library.EnsureBuiltIn(ctx); err != nil {
			return err
		}
		return work(ctx, library)
	})
}

// count says how many there are: "1 document", "2 documents".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
