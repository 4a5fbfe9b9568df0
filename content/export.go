package content

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
)

// A File is a document as it lies in a folder.
type File struct {
	Path string
	Body []byte
}

// Files returns every published document as a file, byte for byte as it came
// in, by path. They hold answers and buyers' secrets: only authors and admins
// may.
func (s *Service) Files(ctx context.Context, by people.Actor) ([]File, error) {
	if !by.Can(people.Author, people.Admin) {
		return nil, fault.Forbiddenf("Only authors take documents out of the library. Ask an admin to make you one.")
	}
	files, err := pg.All[File](ctx, s.DB, `select d.path, v.body from documents d join document_versions v on v.id = d.published_version
		where d.retired_at is null order by d.path collate "C"`)
	if err != nil {
		return nil, fmt.Errorf("reading the library: %w", err)
	}
	return files, nil
}

// exportedAt is the date of every file in a zip, so that equal libraries make
// equal zips. It is the oldest that a zip can hold.
var exportedAt = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// WriteZip writes files as a zip. The same files make the same bytes.
func WriteZip(w io.Writer, files []File) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		to, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate, Modified: exportedAt})
		if err != nil {
			return err
		}
		if _, err := to.Write(f.Body); err != nil {
			return err
		}
	}
	return z.Close()
}

// WriteFolder writes files into a folder, which is made if it is not there.
// Files of the same names are replaced; others stay.
func WriteFolder(dir string, files []File) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range files {
		if err := root.MkdirAll(path.Dir(f.Path), 0o755); err != nil {
			return err
		}
		if err := root.WriteFile(f.Path, f.Body, 0o644); err != nil {
			return err
		}
	}
	return nil
}
