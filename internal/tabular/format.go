// Package tabular reads rows out of the files that other systems export: CSV in
// its many dialects, and Excel workbooks. It streams, so that its memory does
// not grow with the file. It knows nothing of what the columns mean.
package tabular

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"

	"pitchside/internal/fault"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings of text that are recognised, by the names that people read.
const (
	UTF8        = "UTF-8"
	UTF8BOM     = "UTF-8 with a byte-order mark"
	UTF16LE     = "UTF-16, little end first"
	UTF16BE     = "UTF-16, big end first"
	Windows1252 = "Windows-1252 (Latin-1)"
	Workbook    = "Excel workbook"
)

// A Format is how a file writes its rows.
type Format struct {
	Encoding  string // one of the constants above
	Delimiter string // of CSV; empty for a workbook
}

// decode returns r as UTF-8.
func (f Format) decode(r io.Reader) io.Reader {
	switch f.Encoding {
	case UTF8BOM:
		return transform.NewReader(r, unicode.UTF8BOM.NewDecoder())
	case UTF16LE:
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case UTF16BE:
		return transform.NewReader(r, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	case Windows1252:
		return transform.NewReader(r, charmap.Windows1252.NewDecoder())
	}
	return r
}

// headSize is how much of the beginning is looked at for the delimiter.
const headSize = 64 << 10

// A Sniffer is written the whole of a file once, while it is stored, and then
// knows its format: whether text is UTF-8 is only certain at its end.
type Sniffer struct {
	Size     int64
	head     []byte
	nulEven  int64
	nulOdd   int64
	tail     []byte // the beginning of a character that the next write ends
	notUTF8  bool
	controls int64
}

// Write looks at the next bytes of the file. It never fails.
func (s *Sniffer) Write(p []byte) (int, error) {
	if room := headSize - len(s.head); room > 0 {
		s.head = append(s.head, p[:min(room, len(p))]...)
	}
	for i, b := range p {
		switch {
		case b == 0 && (s.Size+int64(i))%2 == 0:
			s.nulEven++
		case b == 0:
			s.nulOdd++
		case b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f':
			s.controls++
		}
	}
	s.Size += int64(len(p))
	if !s.notUTF8 {
		s.checkUTF8(p)
	}
	return len(p), nil
}

func (s *Sniffer) checkUTF8(p []byte) {
	for len(s.tail) > 0 && len(p) > 0 {
		s.tail, p = append(s.tail, p[0]), p[1:]
		if utf8.FullRune(s.tail) {
			s.notUTF8 = !utf8.Valid(s.tail)
			s.tail = nil
		}
	}
	cut := len(p)
	for back := 1; back < utf8.UTFMax && back <= len(p); back++ {
		if start := len(p) - back; utf8.RuneStart(p[start]) {
			if !utf8.FullRune(p[start:]) {
				cut = start
			}
			break
		}
	}
	s.notUTF8 = s.notUTF8 || !utf8.Valid(p[:cut])
	s.tail = append(s.tail, p[cut:]...)
}

// Format returns what was recognised. A file that is no table of text and no
// workbook is Invalid, about the field "file".
func (s *Sniffer) Format() (Format, error) {
	switch {
	case s.Size == 0:
		return Format{}, fault.Field("file", "This file is empty. Export it again and choose the new file.")
	case bytes.HasPrefix(s.head, []byte("PK\x03\x04")):
		return Format{Encoding: Workbook}, nil
	case bytes.HasPrefix(s.head, []byte("\xd0\xcf\x11\xe0")):
		return Format{}, fault.Field("file", "This is a workbook of an old kind (.xls), or one with a password. Save it as .xlsx without a password, or as CSV, and choose that.")
	}
	f := Format{Encoding: s.encoding()}
	if f.Encoding == "" {
		return Format{}, fault.Field("file", "This file is not a table that can be read: it holds bytes that are no text. Choose a CSV or an .xlsx file.")
	}
	head, err := io.ReadAll(f.decode(bytes.NewReader(s.head)))
	if err != nil && len(head) == 0 {
		return Format{}, err
	}
	f.Delimiter = delimiter(string(head), s.Size > int64(len(s.head)))
	return f, nil
}

func (s *Sniffer) encoding() string {
	pairs := (s.Size + 1) / 2
	switch {
	case bytes.HasPrefix(s.head, []byte("\xff\xfe")):
		return UTF16LE
	case bytes.HasPrefix(s.head, []byte("\xfe\xff")):
		return UTF16BE
	case s.nulOdd > pairs*2/5 && s.nulEven < pairs/20:
		return UTF16LE
	case s.nulEven > pairs*2/5 && s.nulOdd < pairs/20:
		return UTF16BE
	case s.nulOdd+s.nulEven > 0, s.controls > s.Size/100:
		return ""
	case bytes.HasPrefix(s.head, []byte("\xef\xbb\xbf")) && !s.notUTF8:
		return UTF8BOM
	case !s.notUTF8 && len(s.tail) == 0:
		return UTF8
	}
	return Windows1252
}

// delimiter returns the character that cuts the first rows into the same
// number of cells most often. cut says that the text stops in mid-row.
func delimiter(head string, cut bool) string {
	if first, _, _ := strings.Cut(head, "\n"); len(strings.TrimRight(first, "\r")) == len("sep=;") && strings.HasPrefix(strings.ToLower(first), "sep=") {
		return first[4:5]
	}
	best, most := ",", 0
	for _, d := range []string{",", ";", "\t", "|"} {
		r := csv.NewReader(strings.NewReader(head))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = rune(d[0]), true, -1
		cells, like, rows := 0, 0, [][]string{}
		for len(rows) < 50 {
			row, err := r.Read()
			if err != nil {
				break
			}
			rows = append(rows, row)
		}
		if cut && len(rows) > 1 && len(rows) < 50 {
			rows = rows[:len(rows)-1]
		}
		for i, row := range rows {
			if i == 0 {
				cells = len(row)
			}
			if len(row) == cells {
				like++
			}
		}
		if score := like * (cells - 1); score > most {
			best, most = d, score
		}
	}
	return best
}
