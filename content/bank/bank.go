// Package bank reads question banks of other systems into our own Markdown,
// and says line by line what could not be taken over. It knows no library and
// no person: what becomes of the questions is for others to decide.
package bank

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pitchside/content/source"
)

// MaxBytes is the largest bank that is read.
const MaxBytes = 4 << 20

// A Question is one question that was taken over.
type Question struct {
	ID       string `json:"id"`
	Kind     string `json:"kind" enum:"single,multiple,short,numeric,matching,ordering,open"`
	Text     string `json:"text"`
	Line     int    `json:"line"`     // where it begins in the bank, from 1
	Markdown string `json:"markdown"` // in the format of the library
}

// A Report says what became of a bank. Skipped counts the questions that were
// left out; Problems names each of them, and whatever of the others was lost.
type Report struct {
	Imported  int              `json:"imported"`
	Skipped   int              `json:"skipped"`
	Questions []Question       `json:"questions"`
	Problems  []source.Problem `json:"problems"`
}

// A Format is a format of question banks.
type Format struct {
	Name  string // in addresses and calls
	Title string // for people
}

// Formats are the formats that Read reads.
var Formats = []Format{{"gift", "GIFT"}, {"aiken", "Aiken"}, {"moodle-xml", "Moodle XML"}, {"qti", "QTI 2.1 or 3.0, a file or a zip"}}

// Read reads a bank in the format of this name; ok is false for a format that
// is not read. A file that is no text at all gives a report with nothing but
// the reason. A zip of QTI is read file by file.
func Read(format string, body []byte) (report Report, ok bool) {
	r := &reader{ids: map[string]bool{}, said: map[string]bool{}}
	lines := func(read func([]string)) func(string) {
		return func(text string) { read(strings.Split(text, "\n")) }
	}
	var read func(string)
	switch format {
	case "gift":
		read = lines(r.gift)
	case "aiken":
		read = lines(r.aiken)
	case "moodle-xml":
		read = r.moodle
	case "qti":
		read = r.qti
	default:
		return Report{}, false
	}
	switch {
	case len(body) > MaxBytes:
		r.error(1, 1, fmt.Sprintf("The file has more than %d MB.", MaxBytes>>20), "Split it into several files.")
	case format == "qti" && bytes.HasPrefix(body, []byte("PK\x03\x04")):
		r.qtiZip(body)
	default:
		r.decode(body, read)
	}
	if r.Imported+r.Skipped == 0 && len(r.Problems) == 0 {
		r.error(1, 1, "There is no question in the file.", "Check that the format chosen is the one of the file.")
	}
	if r.Questions == nil {
		r.Questions = []Question{}
	}
	if r.Problems == nil {
		r.Problems = []source.Problem{}
	}
	return r.Report, true
}

// decode makes lines of bytes, whatever ends them, and reads them.
func (r *reader) decode(body []byte, read func(string)) {
	text := strings.TrimPrefix(string(body), "\ufeff")
	if !utf8.ValidString(text) {
		line, column := whereInvalid(text)
		r.error(line, column, "The text is not in UTF-8 from here on.", "Save the file as UTF-8 and bring it in again.")
		return
	}
	read(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))
}

func whereInvalid(text string) (line, column int) {
	line, column = 1, 1
	for i, c := range text {
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				break
			}
		}
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

type reader struct {
	Report
	ids          map[string]bool
	said         map[string]bool // what is said once for the whole bank
	file         string          // within a zip
	points, hint string          // of the question being read; empty: as usual
}

func (r *reader) error(line, column int, cause, remedy string) {
	r.Problems = append(r.Problems, source.Problem{File: r.file, Line: line, Column: column, Severity: source.Error, Cause: cause, Remedy: remedy})
}

func (r *reader) warn(line, column int, cause, remedy string) {
	r.Problems = append(r.Problems, source.Problem{File: r.file, Line: line, Column: column, Severity: source.Warning, Cause: cause, Remedy: remedy})
}

// skip leaves a question out and says why.
func (r *reader) skip(line, column int, cause, remedy string) {
	r.Skipped++
	r.error(line, column, cause, remedy)
}

// once warns of what is lost everywhere in the same way, at its first place.
func (r *reader) once(n *node, cause, remedy string) {
	if !r.said[cause] {
		r.said[cause] = true
		r.warn(n.line, n.column, cause, remedy)
	}
}

// An option is one answer of a question being read.
type option struct {
	text, feedback string
	right          bool
}

// add writes a question down. body is what stands between its heading and its
// explanation.
func (r *reader) add(line int, kind, name, text, body, explanation string) {
	id := r.id(name)
	marks := "#" + id
	if r.points != "" {
		marks += " points=" + r.points
	}
	if kind == "ordering" {
		marks += " order"
	}
	if r.hint != "" {
		body += "? " + r.hint + "\n"
	}
	r.Imported++
	r.Questions = append(r.Questions, Question{ID: id, Kind: kind, Text: text, Line: line,
		Markdown: fmt.Sprintf("### %s {%s}\n%s! %s\n", text, marks, body, explanation)})
}

// A pair is what belongs together in a matching question.
type pair struct{ left, right string }

// pairs writes a matching question down.
func (r *reader) pairs(line, column int, name, text, explanation string, pairs []pair) {
	if len(pairs) < 2 {
		r.skip(line, column, "There are fewer than two pairs to match.", "Write at least two.")
		return
	}
	var b strings.Builder
	var key []string
	for _, p := range pairs {
		fmt.Fprintf(&b, "- %s -> %s\n", p.left, p.right)
		key = append(key, p.left+" goes with "+p.right)
	}
	r.add(line, "matching", name, text, b.String(), cmp.Or(explanation, strings.Join(key, "; ")+"."))
}

// order writes a question down whose items are to be put in order.
func (r *reader) order(line, column int, name, text, explanation string, items []string) {
	if len(items) < 2 || slices.Contains(items, "") {
		r.skip(line, column, "There are fewer than two items to put in order, or one of them is empty.", "Write at least two, each with its text.")
		return
	}
	var b strings.Builder
	for i, item := range items {
		fmt.Fprintf(&b, "%d. %s\n", i+1, item)
	}
	r.add(line, "ordering", name, text, b.String(), cmp.Or(explanation, "The order is: "+strings.Join(items, "; ")+"."))
}

// choices writes the options of a choice question, and what is right in words.
func choices(options []option, open, shut string) (body, right string) {
	var b strings.Builder
	var rights []string
	for _, o := range options {
		mark := " "
		if o.right {
			mark = "x"
			rights = append(rights, "“"+o.text+"”")
		}
		fmt.Fprintf(&b, "- %s%s%s %s\n", open, mark, shut, o.text)
		if o.feedback != "" {
			fmt.Fprintf(&b, "  > %s\n", o.feedback)
		}
	}
	return b.String(), strings.Join(rights, " and ")
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// id makes an id of words, unlike all others of the bank.
func (r *reader) id(words string) string {
	plain := strings.Map(func(c rune) rune {
		if c > unicode.MaxASCII {
			return ' '
		}
		return unicode.ToLower(c)
	}, words)
	base := strings.Trim(notID.ReplaceAllString(plain, "-"), "-")
	if len(base) > 40 {
		base = strings.Trim(base[:40], "-")
	}
	if base == "" {
		base = "question"
	}
	id := "q-" + base
	for n := 2; r.ids[id]; n++ {
		id = fmt.Sprintf("q-%s-%d", base, n)
	}
	r.ids[id] = true
	return id
}

var (
	tag      = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
	bare     = regexp.MustCompile(`(?i)^</?(p|br|div|span)\b[^<>]*>$`) // carries nothing but the words in it
	media    = regexp.MustCompile(`(?i)<(img|audio|video|object|embed|iframe)\b|@@PLUGINFILE@@`)
	special  = regexp.MustCompile("[\\\\*_`\\[\\]<>]")
	lineFold = regexp.MustCompile(`\s*\n\s*`)
)

// plain turns a text of the bank into a line of our Markdown. HTML gives its
// words; pictures and other media are named as lost.
func (r *reader) plain(text string, line, column int, markdown bool) string {
	if media.MatchString(text) {
		r.warn(line, column, "The question shows a picture or plays a recording, which a bank does not carry.", "Add it in the editor after the import, with words that describe it.")
	}
	if tag.MatchString(text) {
		if slices.ContainsFunc(tag.FindAllString(text, -1), func(t string) bool { return !media.MatchString(t) && !bare.MatchString(t) }) {
			r.warn(line, column, "HTML is not kept; the words are.", "Set what should stand out in Markdown, such as **bold**.")
		}
		text = tag.ReplaceAllString(text, " ")
	}
	text = html.UnescapeString(text)
	if !markdown {
		text = special.ReplaceAllString(text, `\$0`)
	}
	return strings.Join(strings.Fields(lineFold.ReplaceAllString(text, " ")), " ")
}
