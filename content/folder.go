package content

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"pitchside/content/source"
	"pitchside/internal/fault"
)

// Bounds of what is brought in at once.
const (
	mostFiles  = 5_000
	mostText   = 1 << 20  // bytes of one document
	mostMedia  = 32 << 20 // bytes of one picture, sound or film
	mostLoaded = 256 << 20
)

// OpenZip returns the files of a zip, or Invalid when it is none.
func OpenZip(r io.ReaderAt, size int64) (fs.FS, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault.Field("file", "This is not a zip file that can be read. Make it again, or choose another one.")
	}
	return z, nil
}

// A folder is the documents of a folder, read, and what is wrong with its files.
type folder struct {
	docs     []*Document // by path
	problems []Problem   // of files that are no documents
}

// readFolder reads every document below the root of a library. A folder that
// holds nothing but one folder is looked into: zips are often made so.
func readFolder(fsys fs.FS) (*folder, error) {
	root, err := libraryRoot(fsys)
	if err != nil {
		return nil, err
	}
	f := &folder{}
	files, total := 0, 0
	seen := map[name]string{}
	err = fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if file != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "__MACOSX") {
				return fs.SkipDir
			}
			return nil
		}
		if files++; files > mostFiles {
			return &fault.Error{Kind: fault.TooLarge, Message: fmt.Sprintf("There are more than %d files. Bring them in by parts.", mostFiles)}
		}
		id, ours, why := Identify(file)
		if !ours {
			if why != "" && !about(file) {
				f.note(file, source.Error, why, "Rename it, or move it to where a library is read: courses/NAME/, scenarios/, rubrics/, worksheets/, templates/, programs/ or the three lists at the top.")
			}
			return nil
		}
		if before, twice := seen[name{id.Kind, id.Slug}]; twice {
			f.note(file, source.Error, fmt.Sprintf("This is the same %s as %s.", id.Kind, before), "Rename one of them, or delete it.")
			return nil
		}
		seen[name{id.Kind, id.Slug}] = file
		body, err := readBounded(root, file, id.Kind)
		if errors.Is(err, errTooLong) {
			f.note(file, source.Error, "The file is larger than a library takes: 1 MB for a document, 32 MB for media.", "Divide it, or make it smaller.")
			return nil
		}
		if err != nil {
			return err
		}
		if total += len(body); total > mostLoaded {
			return &fault.Error{Kind: fault.TooLarge, Message: "All files together are larger than 256 MB. Bring them in by parts."}
		}
		f.docs = append(f.docs, Read(id, body))
		return nil
	})
	return f, err
}

// about reports whether a file tells about a folder and is not meant for it.
func about(file string) bool {
	base := strings.ToUpper(path.Base(file))
	return slices.ContainsFunc([]string{"README", "LICENSE", "CHANGELOG", "NOTICE", "CONTRIBUTING"}, func(s string) bool { return strings.HasPrefix(base, s) })
}

func (f *folder) note(file string, s source.Severity, cause, remedy string) {
	f.problems = append(f.problems, Problem{File: file, Line: 1, Column: 1, Severity: s, Cause: cause, Remedy: remedy})
}

var errTooLong = errors.New("file too long")

func readBounded(fsys fs.FS, file string, kind Kind) ([]byte, error) {
	limit := int64(mostText)
	if kind == KindMedia {
		limit = mostMedia
	}
	in, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	body, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = errTooLong
	}
	return body, err
}

var folders = []string{"courses", "scenarios", "rubrics", "worksheets", "templates", "programs"}

// libraryRoot returns the folder itself, or the only folder in it.
func libraryRoot(fsys fs.FS) (fs.FS, error) {
	for range 4 {
		entries, err := fs.ReadDir(fsys, ".")
		if err != nil {
			return nil, fmt.Errorf("reading the library's folder: %w", err)
		}
		only := ""
		for _, e := range entries {
			n := e.Name()
			_, ours, _ := Identify(n)
			switch {
			case strings.HasPrefix(n, "."), n == "__MACOSX", !e.IsDir() && !ours:
				continue
			case !e.IsDir(), only != "", slices.Contains(folders, n):
				return fsys, nil
			}
			only = n
		}
		if only == "" {
			return fsys, nil
		}
		if fsys, err = fs.Sub(fsys, only); err != nil {
			return nil, err
		}
	}
	return fsys, nil
}
