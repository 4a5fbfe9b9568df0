package source

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A Text is the lines of a file, without line ends, and where they begin: a
// part of a file knows its place in the whole.
type Text struct {
	Lines []string
	First int // line number of Lines[0], from 1
}

// Read returns the text of a file. A byte-order mark is dropped and every kind
// of line end is accepted. ok is false when the bytes are not UTF-8.
func Read(body []byte) (text Text, ok bool) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return Text{First: 1}, false
	}
	body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	body = bytes.ReplaceAll(body, []byte("\r"), []byte("\n"))
	t := Text{First: 1}
	for line := range bytes.SplitSeq(bytes.TrimSuffix(body, []byte("\n")), []byte("\n")) {
		t.Lines = append(t.Lines, string(line))
	}
	return t, true
}

// Part returns the lines from index i up to, but without, index j.
func (t Text) Part(i, j int) Text { return Text{t.Lines[i:j], t.First + i} }

// String returns the lines joined, each with a line end.
func (t Text) String() string {
	var b bytes.Buffer
	for _, l := range t.Lines {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	return b.String()
}

// At returns the place of a byte offset in String.
func (t Text) At(offset int) Place {
	for i, l := range t.Lines {
		if offset <= len(l) {
			return Place{t.First + i, utf8.RuneCountInString(l[:max(0, offset)]) + 1}
		}
		offset -= len(l) + 1
	}
	return Place{t.First + max(0, len(t.Lines)-1), 1}
}

// Matter splits a Markdown file into its front matter and its body. ok is
// false when the file does not begin with a front matter that is closed.
func (t Text) Matter() (front, body Text, ok bool) {
	if len(t.Lines) == 0 || strings.TrimRight(t.Lines[0], " \t") != "---" {
		return Text{First: t.First}, t, false
	}
	for i, l := range t.Lines[1:] {
		if strings.TrimRight(l, " \t") == "---" {
			return t.Part(1, i+1), t.Part(i+2, len(t.Lines)), true
		}
	}
	return Text{First: t.First}, t, false
}
