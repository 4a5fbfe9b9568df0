package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pitchside/internal/blob"
	"pitchside/internal/config"
	"pitchside/internal/pg/dump"
)

func backupCommand() *cobra.Command {
	var noMedia bool
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write everything, as of now, into one file, while the server may run",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withDatabase(c.Context(), func(ctx context.Context, cfg config.Config, db *database) error {
				var media blob.Store
				if !noMedia {
					var err error
					if media, err = openMedia(ctx, cfg); err != nil {
						return err
					}
				}
				m, err := backup(ctx, db, media, args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "%s holds %d rows of %d tables and %s. It is as secret as the database.\n", args[0], m.Rows(), len(m.Tables), count(m.Media, "media file"))
				return nil
			})
		},
	}
	c.Flags().BoolVar(&noMedia, "no-media", false, "leave recordings and other media out")
	return c
}

// backup writes under another name first, so that a file of the given name is
// always a whole backup. A nil media leaves these out.
func backup(ctx context.Context, db *database, media blob.Store, name string) (m dump.Manifest, err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".backup-*") // closed to other users
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // it is given up
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	z := zip.NewWriter(f)
	if m, err = dump.Write(ctx, db.Pool, z); err != nil {
		return m, err
	}
	m.Program, m.MediaLeft = version, media == nil
	if media != nil {
		if m.Media, err = packMedia(ctx, media, z); err != nil {
			return m, err
		}
	}
	if err = dump.WriteManifest(z, m); err != nil {
		return m, err
	}
	if err = errors.Join(z.Close(), f.Sync(), f.Close()); err != nil {
		return m, err
	}
	return m, os.Rename(f.Name(), name)
}

const mediaPrefix = "media/"

// packMedia adds every object; the content type is the entry's comment. Media
// hardly shrink, so they are stored as they are.
func packMedia(ctx context.Context, media blob.Store, z *zip.Writer) (n int, err error) {
	for key, err := range media.Keys(ctx) {
		if err != nil {
			return n, err
		}
		o, info, err := media.Get(ctx, key)
		if err != nil {
			return n, err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: mediaPrefix + key, Comment: info.ContentType, Method: zip.Store, Modified: info.Modified})
		if err == nil {
			_, err = io.Copy(w, o)
		}
		if err := errors.Join(err, o.Close()); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring a backup back into an empty database",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			ctx := c.Context()
			z, err := zip.OpenReader(args[0])
			if err != nil {
				return fmt.Errorf("%s cannot be read as a backup: %w", args[0], err)
			}
			defer z.Close()
			cfg, err := config.Load(os.LookupEnv)
			if err != nil {
				return err
			}
			db, err := openShared(ctx, cfg, slog.New(slog.DiscardHandler))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.close()) }()
			media, err := openMedia(ctx, cfg)
			if err != nil {
				return err
			}
			m, err := dump.Read(ctx, db.Pool, &z.Reader)
			if err != nil {
				return err
			}
			if err := unpackMedia(ctx, media, &z.Reader); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "Brought back %d rows of %d tables and %s, as of %s.\n",
				m.Rows(), len(m.Tables), count(m.Media, "media file"), m.TakenAt.UTC().Format("2006-01-02 15:04 UTC"))
			if m.MediaLeft {
				fmt.Fprintln(c.OutOrStdout(), "The backup was made without media.")
			}
			return nil
		},
	}
}

func unpackMedia(ctx context.Context, media blob.Store, z *zip.Reader) error {
	for _, f := range z.File {
		key, ok := strings.CutPrefix(f.Name, mediaPrefix)
		if !ok {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		_, err = media.Put(ctx, key, r, int64(f.UncompressedSize64), f.Comment)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}
