package bank

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// Bounds of a zip: what it unpacks to, so that a small file cannot fill the
// memory.
const (
	mostUnpacked = 32 << 20
	mostEntries  = 5_000
)

// qtiZip reads the items of a content package, file by file.
func (r *reader) qtiZip(body []byte) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		r.error(1, 1, "The zip cannot be read.", "Make it again, or bring in the files one by one.")
		return
	}
	if len(z.File) > mostEntries {
		r.error(1, 1, "The zip holds more than 5,000 files.", "Split it into several.")
		return
	}
	left := int64(mostUnpacked)
	for _, f := range z.File {
		name := path.Base(f.Name)
		if f.FileInfo().IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(f.Name, "__MACOSX/") || !strings.EqualFold(path.Ext(name), ".xml") || strings.EqualFold(name, "imsmanifest.xml") {
			continue // pictures are named where an item shows them
		}
		r.file = f.Name
		in, err := f.Open()
		if err != nil {
			r.error(1, 1, "This file of the zip cannot be read.", "Make the zip again.")
			continue
		}
		text, err := io.ReadAll(io.LimitReader(in, left+1))
		_ = in.Close() // only read from
		switch left -= int64(len(text)); {
		case left < 0:
			r.error(1, 1, "The zip unpacks to more than 32 MB.", "Split it into several.")
			return
		case err != nil:
			r.error(1, 1, "This file of the zip is damaged.", "Make the zip again.")
			continue
		}
		r.decode(text, r.qti)
	}
	r.file = ""
}
