package courses_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

var (
	streams   = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	shown     = regexp.MustCompile(`(?s)\(((?:[^()\\]|\\.)*)\) ?Tj`)
	fontNames = regexp.MustCompile(`/BaseFont /?(\S+)`)
)

// checkPDF reads what is written on a sheet: one page, its fonts embedded as
// subsets, and the texts, whose letters are two bytes each.
func checkPDF(t *testing.T, pdf []byte, name, code string) {
	t.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || bytes.Count(pdf, []byte("/Type /Page\n")) != 1 || len(pdf) > 120_000 {
		t.Fatalf("%s: %d bytes, %d pages", name, len(pdf), bytes.Count(pdf, []byte("/Type /Page\n")))
	}
	if !bytes.Contains(pdf, []byte("/FontFile2")) || !fontNames.Match(pdf) {
		t.Errorf("%s: no font is embedded", name)
	}
	var text strings.Builder
	for _, m := range streams.FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		plain, _ := io.ReadAll(r)
		for _, s := range shown.FindAllSubmatch(plain, -1) {
			text.WriteString(wide(unescaped(s[1])) + "\n")
		}
	}
	want := []string{name, "Asking", "14 October 2026", "valid until 14 October 2027", "https://learn.fernhill.example/verify/" + code, "version 2 of the course", "Fernhill"}
	switch name {
	case "王小明":
		want[0] = "Wang Xiao Ming"
		want = append(want, "written here in Latin letters")
	case "محمد علي":
		want[0] = "mHmd"
		want = append(want, "written here in Latin letters")
	}
	for _, w := range want {
		if !strings.Contains(strings.ReplaceAll(text.String(), "\n", " "), w) {
			t.Errorf("%s: %q is not on the sheet:\n%s", name, w, text.String())
		}
	}
}

// unescaped resolves the escapes of a PDF string.
func unescaped(b []byte) []byte {
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			continue
		}
		i++
		switch {
		case b[i] >= '0' && b[i] <= '7' && i+2 < len(b):
			n, _ := strconv.ParseUint(string(b[i:i+3]), 8, 8)
			out, i = append(out, byte(n)), i+2
		case b[i] == 'r':
			out = append(out, '\r')
		case b[i] == 'n':
			out = append(out, '\n')
		default:
			out = append(out, b[i])
		}
	}
	return out
}

// wide reads text of two bytes a letter.
func wide(b []byte) string {
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}
