// Package bank reads question banks of other systems into our own Markdown,
// and says line by line what could not be taken over. It knows no library and
// no person: what becomes of the questions is for others to decide.
package bank

import (
	"fmt"
	"html"
	"regexp"
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
	Kind     string `json:"kind" enum:"single,multiple,short,numeric,matching,open"`
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

// Read reads a bank in one of the formats "gift" and "aiken". A file that is
// no text at all gives a report with nothing but the reason.
func Read(format string, body []byte) (Report, bool) {
	r := &reader{ids: map[string]bool{}}
	var read func([]string)
	switch format {
	case "gift":
		read = r.gift
	case "aiken":
		read = r.aiken
	default:
		return Report{}, false
	}
	text := strings.TrimPrefix(string(body), "\ufeff")
	switch {
	case len(body) > MaxBytes:
		r.error(1, 1, fmt.Sprintf("The file has more than %d MB.", MaxBytes>>20), "Split it into several files.")
	case !utf8.ValidString(text):
		line, column := whereInvalid(text)
		r.error(line, column, "The text is not in UTF-8 from here on.", "Save the file as UTF-8 and bring it in again.")
	default:
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		read(strings.Split(text, "\n"))
		if r.Imported+r.Skipped == 0 && len(r.Problems) == 0 {
			r.error(1, 1, "There is no question in the file.", "Check that the format chosen is the one of the file.")
		}
	}
	if r.Questions == nil {
		r.Questions = []Question{}
	}
	if r.Problems == nil {
		r.Problems = []source.Problem{}
	}
	return r.Report, true
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
	ids map[string]bool
}

func (r *reader) error(line, column int, cause, remedy string) {
	r.Problems = append(r.Problems, source.Problem{Line: line, Column: column, Severity: source.Error, Cause: cause, Remedy: remedy})
}

func (r *reader) warn(line, column int, cause, remedy string) {
	r.Problems = append(r.Problems, source.Problem{Line: line, Column: column, Severity: source.Warning, Cause: cause, Remedy: remedy})
}

// skip leaves a question out and says why.
func (r *reader) skip(line, column int, cause, remedy string) {
	r.Skipped++
	r.error(line, column, cause, remedy)
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
	r.Imported++
	r.Questions = append(r.Questions, Question{ID: id, Kind: kind, Text: text, Line: line,
		Markdown: fmt.Sprintf("### %s {#%s}\n%s! %s\n", text, id, body, explanation)})
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
		if words := tag.FindAllString(text, -1); !media.MatchString(strings.Join(words, "")) || len(words) > 1 {
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
