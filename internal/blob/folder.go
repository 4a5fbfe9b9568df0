package blob

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// A Folder is a Store in a directory that is closed to other users. An object
// is the file objects/<key>~, with one line before its bytes that says their
// content type, so that both are replaced at once. No key holds a ~, so an
// object and a folder never want the same name.
type Folder struct {
	root *os.Root // keeps every path inside, whatever links lie there
}

var _ Store = (*Folder)(nil)

type header struct {
	ContentType string `json:"content_type"`
}

// OpenFolder opens the store in dir, made when missing.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, "objects"), 0o700); err != nil {
		return nil, fmt.Errorf("cannot keep media in %s: %w; give the folder to this user, or set PITCHSIDE_DATA to another one", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{root}
	return f, f.sweep()
}

// abandoned is how old a half-written file must be to be no one's.
const abandoned = 24 * time.Hour

// sweep removes what earlier processes were writing when they were killed.
func (f *Folder) sweep() error {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !e.IsDir() && time.Since(info.ModTime()) > abandoned {
			if err := f.root.Remove(e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

func file(key string) string { return "objects/" + key + "~" }

// Put implements Store. The object is on the disk when it returns.
func (f *Folder) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (_ Info, err error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	head, err := json.Marshal(header{contentType})
	if err != nil {
		return Info{}, err
	}
	temp := "writing-" + rand.Text()
	w, err := f.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Info{}, err
	}
	defer func() {
		if err != nil {
			_ = w.Close() // it is given up
			err = errors.Join(err, f.root.Remove(temp))
		}
	}()
	if _, err := w.Write(append(head, '\n')); err != nil {
		return Info{}, err
	}
	if size >= 0 {
		r = io.LimitReader(r, size)
	}
	n, err := io.Copy(w, whileLive{ctx, r})
	if err != nil {
		return Info{}, err
	}
	if size >= 0 && n != size {
		return Info{}, fmt.Errorf("%s: %d bytes came where %d were announced", key, n, size)
	}
	if err := errors.Join(w.Sync(), w.Close()); err != nil {
		return Info{}, err
	}
	if err := f.place(temp, file(key)); err != nil {
		return Info{}, err
	}
	return Info{Size: n, ContentType: contentType, Modified: time.Now().UTC()}, nil
}

// place gives a finished file its name, for good.
func (f *Folder) place(temp, name string) error {
	dir := path.Dir(name)
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := f.root.Rename(temp, name); err != nil {
		return err
	}
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get implements Store.
func (f *Folder) Get(_ context.Context, key string) (io.ReadSeekCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	o, err := f.root.Open(file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, notFound(key)
	}
	if err != nil {
		return nil, Info{}, err
	}
	body, info, err := open(o)
	if err != nil {
		return nil, Info{}, errors.Join(fmt.Errorf("%s: %w", key, err), o.Close())
	}
	return body, info, nil
}

// An object is the part of a file after its header.
type object struct {
	*io.SectionReader
	io.Closer
}

func open(o *os.File) (object, Info, error) {
	st, err := o.Stat()
	if err != nil {
		return object{}, Info{}, err
	}
	line, err := bufio.NewReader(o).ReadBytes('\n')
	if err != nil {
		return object{}, Info{}, err
	}
	var head header
	if err := json.Unmarshal(line, &head); err != nil {
		return object{}, Info{}, err
	}
	start := int64(len(line))
	info := Info{Size: st.Size() - start, ContentType: head.ContentType, Modified: st.ModTime().UTC()}
	return object{io.NewSectionReader(o, start, info.Size), o}, info, nil
}

// Stat implements Store.
func (f *Folder) Stat(ctx context.Context, key string) (Info, error) {
	o, info, err := f.Get(ctx, key)
	if err != nil {
		return Info{}, err
	}
	return info, o.Close()
}

// Delete implements Store.
func (f *Folder) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := f.root.Remove(file(key)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Keys implements Store.
func (f *Folder) Keys(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := fs.WalkDir(f.root.FS(), "objects", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return errors.Join(err, ctx.Err())
			}
			key := strings.TrimSuffix(strings.TrimPrefix(p, "objects/"), "~")
			if file(key) == p && !yield(key, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", err)
		}
	}
}

// Check implements Store.
func (f *Folder) Check(context.Context) error {
	name := "writing-" + rand.Text()
	w, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("the media folder cannot be written to: %w", err)
	}
	return errors.Join(w.Close(), f.root.Remove(name))
}

// whileLive stops reading when its context ends.
type whileLive struct {
	ctx context.Context
	r   io.Reader
}

func (w whileLive) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}
