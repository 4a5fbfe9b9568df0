// Package blob keeps media: recordings, pictures and other bytes too large
// for the database, in a folder or in an S3 bucket. It does not know what they
// show or who may see them.
package blob

import (
	"context"
	"io"
	"iter"
	"strings"
	"time"

	"pitchside/internal/fault"
)

// A Store keeps objects by key. A key is one or more names of letters, digits
// and ._- separated by slashes, such as attempts/12/take-1.webm; another key
// is Invalid. What is read back is always a whole object: one that is being
// written, or whose writing failed, is not there. Memory use does not depend
// on the size of an object.
type Store interface {
	// Put stores r under key, in place of what was there. size is in bytes, -1
	// if unknown; fewer bytes than a known size are an error, more are not read.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Info, error)
	// Get opens an object for reading and seeking. The caller closes it.
	Get(ctx context.Context, key string) (io.ReadSeekCloser, Info, error)
	// Stat describes an object.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes an object. Removing what is not there is no error.
	Delete(ctx context.Context, key string) error
	// Keys yields the keys of all objects, in no order; an error ends it.
	Keys(ctx context.Context) iter.Seq2[string, error]
	// Check reports whether objects can be kept now.
	Check(ctx context.Context) error
}

// Info describes an object.
type Info struct {
	Size        int64 // bytes
	ContentType string
	Modified    time.Time
}

// longestKey leaves room for what stores add to a key, in bytes.
const longestKey = 512

func checkKey(key string) error {
	bad := key == "" || len(key) > longestKey
	for name := range strings.SplitSeq(key, "/") {
		bad = bad || name == "" || len(name) > 200 || name[0] == '.' || strings.Trim(name, keyBytes) != ""
	}
	if bad {
		return fault.Invalidf("%q cannot name a stored file: use letters, digits, dots, hyphens and underscores between slashes", key)
	}
	return nil
}

const keyBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

func notFound(key string) error { return fault.NotFoundf("There is no stored file %q.", key) }
