package tabular

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"pitchside/internal/fault"
)

const (
	longestRow  = 1 << 20 // bytes of one row of CSV
	longestCell = 32767   // characters, as in a workbook
	mostColumns = 500
)

// A Row is one row of a file below its header.
type Row struct {
	Number int64    // as a spreadsheet counts: the header is row 1
	Cells  []string // one per column of the header, trimmed
	Fault  string   // why the row cannot be used; empty if it can
}

// A Reader reads the rows of one file.
type Reader struct {
	Header  []string // names of the columns; an unnamed one is "Column C", a repeated one "Name (2)"
	Skipped int64    // rows of empty cells and lines of a footer, so far

	source source
	blank  bool // the last row was blank
	footer bool // a footer has begun
}

// A source yields the rows of a file with their numbers, blank ones left out;
// gap says that a blank one stood before.
type source interface {
	next() (cells []string, number int64, gap bool, err error)
	// complete reports whether a row that ends early has empty cells there.
	complete() bool
	close() error
}

// Open reads the header of a file. A file without one is Invalid, about the
// field "file". The caller closes the Reader, and r after it.
func Open(r io.Reader, f Format) (*Reader, error) {
	var src source
	var err error
	if f.Encoding == Workbook {
		src, err = openWorkbook(r)
	} else {
		src = newCSV(f.decode(r), f.Delimiter)
	}
	if err != nil {
		return nil, err
	}
	out := &Reader{source: src}
	for {
		cells, _, _, err := src.next()
		if errors.Is(err, io.EOF) {
			err = fault.Field("file", "This file holds no rows at all, not even a header. Export it again and choose the new file.")
		}
		if err != nil {
			return nil, errors.Join(err, src.close())
		}
		if len(cells) == 2 && strings.EqualFold(cells[0], "sep=") && cells[1] == "" || isBlank(cells) {
			continue
		}
		if len(cells) > mostColumns {
			return nil, errors.Join(fault.Field("file", fmt.Sprintf("This file has %d columns, and at most %d are read. Leave out those that are not needed.", len(cells), mostColumns)), src.close())
		}
		out.Header = header(cells)
		return out, nil
	}
}

// Close lets go of what the Reader holds.
func (r *Reader) Close() error { return r.source.close() }

// Next returns the next row, or io.EOF after the last.
func (r *Reader) Next() (Row, error) {
	for {
		cells, number, gap, err := r.source.next()
		if err != nil {
			return Row{}, err
		}
		for i := range cells {
			cells[i] = clean(cells[i])
		}
		blank := isBlank(cells)
		gap = gap || r.blank
		r.blank = blank
		alone := len(r.Header) > 1 && only(cells) && (len(cells) == 1 || r.source.complete())
		switch {
		case blank:
			r.Skipped++
			continue
		case only(cells) && footerLine(cells[0]), alone && (r.footer || gap):
			r.footer = true
			r.Skipped++
			continue
		}
		r.footer = false
		return r.fit(cells, number), nil
	}
}

// fit makes a row as wide as the header, or says why it is not.
func (r *Reader) fit(cells []string, number int64) Row {
	row := Row{Number: number}
	for len(cells) > len(r.Header) && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	had := len(cells)
	row.Cells = make([]string, len(r.Header))
	copy(row.Cells, cells)
	if had > len(r.Header) || had < len(r.Header) && !r.source.complete() {
		row.Fault = fmt.Sprintf("This row has %d cells, and the header has %d. A delimiter or a quote may be missing or too many.", had, len(r.Header))
	}
	for _, c := range row.Cells {
		if len(c) > longestCell {
			row.Fault = fmt.Sprintf("A cell of this row is longer than %d characters. A quote may be missing.", longestCell)
		}
	}
	return row
}

// footerLine recognises the lines that reports are closed with.
func footerLine(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "grand totals (") || strings.HasPrefix(s, "grand total (") ||
		strings.HasPrefix(s, "confidential information - do not distribute") ||
		strings.HasPrefix(s, "copyright ") && strings.Contains(s, "salesforce")
}

func isBlank(cells []string) bool {
	for _, c := range cells {
		if clean(c) != "" {
			return false
		}
	}
	return true
}

// only reports whether nothing but the first cell is filled.
func only(cells []string) bool { return len(cells) > 0 && cells[0] != "" && isBlank(cells[1:]) }

func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\x00", ""))
}

func header(cells []string) []string {
	for len(cells) > 1 && clean(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	seen := map[string]int{}
	out := make([]string, len(cells))
	for i, c := range cells {
		c = strings.Join(strings.Fields(clean(c)), " ")
		if r := []rune(c); len(r) > 200 {
			c = string(r[:200])
		}
		if c == "" {
			c = "Column " + letters(i)
		}
		seen[c]++
		if seen[c] > 1 {
			c = fmt.Sprintf("%s (%d)", c, seen[c])
		}
		out[i] = c
	}
	return out
}

// letters names the column with the index i as a spreadsheet does: A, B … AA.
func letters(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// A csvSource reads CSV.
type csvSource struct {
	limit *limited
	r     *csv.Reader
	row   int64
	line  int // on which the last record ended
}

func newCSV(r io.Reader, delimiter string) *csvSource {
	l := &limited{r: r, left: longestRow}
	c := csv.NewReader(bufio.NewReaderSize(l, 64<<10))
	c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = true, -1, true
	if delimiter != "" {
		c.Comma = []rune(delimiter)[0]
	}
	return &csvSource{limit: l, r: c}
}

func (c *csvSource) next() ([]string, int64, bool, error) {
	// What was read ahead does not count against this row.
	c.limit.left = longestRow
	cells, err := c.r.Read()
	if errors.Is(err, errTooLong) {
		return nil, 0, false, fault.Field("file", fmt.Sprintf("Row %d is longer than a megabyte: a quote is opened there and not closed. Correct the file and choose it again.", c.row+1))
	}
	if err != nil {
		return nil, 0, false, err
	}
	start, _ := c.r.FieldPos(0)
	end, _ := c.r.FieldPos(len(cells) - 1)
	blank := start - c.line - 1
	c.row += int64(blank) + 1
	c.line = end + strings.Count(cells[len(cells)-1], "\n")
	return cells, c.row, blank > 0, nil
}

func (c *csvSource) complete() bool { return false }
func (c *csvSource) close() error   { return nil }

var errTooLong = errors.New("a row is too long")

// limited stops a reader that yields too much before it is reset, so that a
// quote that is never closed does not take the whole file into memory.
type limited struct {
	r    io.Reader
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}
