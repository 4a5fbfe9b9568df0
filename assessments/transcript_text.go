package assessments

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"pitchside/internal/fault"
)

// Names are what the two sides may be called in a pasted text, beside the
// usual words: the rep's name and the buyer's.
// As, when given, says for labels of the text who they are; a label that it
// maps to "" is left out.
type Names struct {
	Rep, Buyer string
	As         map[string]Speaker
}

// A Parsed transcript is a pasted text read into turns. Guessed is true when
// the sides were told apart by order and not by name, so that the person should
// look before going on.
type Parsed struct {
	Turns   []Turn
	Labels  map[string]Speaker // who each name in the text was taken for
	Guessed bool
}

// A said is a stretch of text before its label is known to be rep or buyer.
type said struct {
	label      string
	start, end *int
	text       []string // joined once, so that a long text costs its length
}

var (
	timing = regexp.MustCompile(`^((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s+-->\s+((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})`)
	stamp  = `[\[(]?((?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)[\])]?`
	label  = `([\p{L}][\p{L}\p{M}\p{N}'’.\- ]{0,40}?)`
	// "[00:12] Rep: text", "Rep [00:12]: text", "Rep: text", "00:12 - Rep: text"
	spoken = regexp.MustCompile(`^(?:` + stamp + `\s*[-–]?\s+)?` + label + `\s*(?:` + stamp + `)?\s*:(?:\s+(.*))?$`)
	// "Dana Okafor  0:12" alone on its line, the words below
	header  = regexp.MustCompile(`^` + label + `\s+` + stamp + `$`)
	stamped = regexp.MustCompile(`^` + stamp + `\s+(.*)$`)
	voice   = regexp.MustCompile(`^<v(?:\.[^ >]*)?\s+([^>]+)>(.*)$`)
	tags    = regexp.MustCompile(`</?[a-zA-Z0-9:.][^>]*>`)
)

var (
	repWords   = words("rep", "seller", "salesperson", "sales", "sales rep", "agent", "ae", "sdr", "me", "you", "trainee", "speaker rep")
	buyerWords = words("buyer", "customer", "client", "prospect", "lead", "speaker buyer")
)

func words(list ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range list {
		m[w] = true
	}
	return m
}

// ParseTranscript reads a pasted text: lines that begin with a speaker, with or
// without a time, or WebVTT or SRT subtitles that name the speakers. A text
// that names nobody is Invalid on the field "text"; Alternate can then split it.
func ParseTranscript(text string, names Names) (Parsed, error) {
	if len(text) > MaxTranscriptBytes {
		return Parsed{}, fault.Field("text", fmt.Sprintf("The text is %d KB long; at most %d KB fit. Leave out a part of the call.", len(text)>>10, MaxTranscriptBytes>>10))
	}
	text = strings.TrimPrefix(clean(text), "\uFEFF")
	if text == "" {
		return Parsed{}, fault.Field("text", "There is nothing here yet. Paste the conversation, one speaker after the other.")
	}
	var parts []said
	if strings.HasPrefix(text, "WEBVTT") || cues(text) {
		parts = subtitles(text)
	} else {
		parts = lines(text, names)
	}
	named := false
	for _, p := range parts {
		named = named || p.label != ""
	}
	if !named {
		return Parsed{}, fault.Field("text", "No line says who is speaking. Begin each line with Rep: or Buyer:, or let the paragraphs take turns and correct them after.")
	}
	return sides(parts, names)
}

func cues(text string) bool {
	for i, line := range strings.SplitN(text, "\n", 8) {
		if i < 7 && timing.MatchString(strings.TrimSpace(line)) {
			return true
		}
	}
	return false
}

// subtitles reads WebVTT and SRT: cues parted by blank lines, each with a
// timing line. Notes, styles and cue numbers are left out.
func subtitles(text string) []said {
	var out []said
	for _, block := range strings.Split(text, "\n\n") {
		rows := strings.Split(strings.TrimSpace(block), "\n")
		for i, row := range rows {
			m := timing.FindStringSubmatch(strings.TrimSpace(row))
			if m == nil {
				continue
			}
			start, end := millis(m[1]), millis(m[2])
			for _, row := range rows[i+1:] {
				who := ""
				if v := voice.FindStringSubmatch(row); v != nil {
					who, row = strings.TrimSpace(v[1]), v[2]
				}
				row = strings.TrimSpace(tags.ReplaceAllString(row, ""))
				if m := spoken.FindStringSubmatch(row); who == "" && m != nil && titled(m[2]) {
					who, row = strings.TrimSpace(m[2]), m[4]
				}
				out = join(out, said{label: who, start: start, end: end, text: []string{row}})
			}
			break
		}
	}
	return out
}

// join adds p to the last stretch when it goes on: no label of its own.
func join(out []said, p said) []said {
	if p.label == "" && len(out) > 0 {
		last := &out[len(out)-1]
		last.text = append(last.text, p.text...)
		if p.end != nil {
			last.end = p.end
		}
		return out
	}
	return append(out, p)
}

// lines reads plain text. A word before a colon is taken for a speaker when it
// is a usual word for one, one of the names, or keeps coming back.
func lines(text string, names Names) []said {
	count := map[string]int{}
	rows := strings.Split(text, "\n")
	for _, row := range rows {
		if who := labelOf(strings.TrimSpace(row)); who != "" {
			count[fold(who)]++
		}
	}
	accept := func(who string) bool {
		f := fold(who)
		return repWords[f] || buyerWords[f] || isNamed(f, names.Rep) || isNamed(f, names.Buyer) ||
			titled(who) && (count[f] >= 2 || len(count) <= 3)
	}
	var out []said
	for _, row := range rows {
		row = strings.TrimSpace(row)
		if m := spoken.FindStringSubmatch(row); m != nil && accept(m[2]) {
			at := m[1]
			if at == "" {
				at = m[3]
			}
			out = append(out, said{label: strings.TrimSpace(m[2]), start: millis(at), text: []string{m[4]}})
		} else if m := header.FindStringSubmatch(row); m != nil && accept(m[1]) {
			out = append(out, said{label: strings.TrimSpace(m[1]), start: millis(m[2])})
		} else if m := stamped.FindStringSubmatch(row); m != nil {
			out = join(out, said{start: millis(m[1]), text: []string{m[2]}})
		} else if row != "" {
			out = join(out, said{text: []string{row}})
		}
	}
	return out
}

func labelOf(row string) string {
	if m := spoken.FindStringSubmatch(row); m != nil {
		return m[2]
	}
	if m := header.FindStringSubmatch(row); m != nil {
		return m[1]
	}
	return ""
}

// sides decides which label is the rep's. With no known word or name, the
// first to speak is taken for the rep.
func sides(parts []said, names Names) (Parsed, error) {
	p := Parsed{Labels: map[string]Speaker{}}
	var order []string
	for _, one := range parts {
		f := fold(one.label)
		if _, seen := p.Labels[one.label]; seen || one.label == "" {
			continue
		}
		order = append(order, one.label)
		if side, said := names.As[one.label]; said {
			p.Labels[one.label] = side
			continue
		}
		switch {
		case repWords[f] || isNamed(f, names.Rep):
			p.Labels[one.label] = Rep
		case buyerWords[f] || isNamed(f, names.Buyer):
			p.Labels[one.label] = Buyer
		default:
			p.Labels[one.label] = ""
		}
	}
	hasRep, hasBuyer := false, false
	for _, side := range p.Labels {
		hasRep, hasBuyer = hasRep || side == Rep, hasBuyer || side == Buyer
	}
	for _, who := range order {
		if _, said := names.As[who]; said || p.Labels[who] != "" {
			continue
		}
		if hasRep {
			p.Labels[who] = Buyer
			p.Guessed = p.Guessed || len(order) > 2
		} else {
			p.Labels[who], hasRep = Rep, true
			p.Guessed = p.Guessed || !hasBuyer || len(order) > 2
		}
	}
	for _, one := range parts {
		side := p.Labels[one.label]
		if one.label == "" { // words before the first label: the side that does not speak next
			side = p.Labels[order[0]].Other()
			p.Guessed = true
		}
		text := strings.TrimSpace(strings.Join(one.text, " "))
		if text == "" || side == "" {
			continue
		}
		p.Turns = append(p.Turns, Turn{Speaker: side, StartMS: one.start, EndMS: one.end, Text: text})
	}
	if len(p.Turns) > MaxTranscriptTurns {
		return Parsed{}, fault.Field("text", fmt.Sprintf("The text has %d turns; at most %d fit. Leave out a part of the call.", len(p.Turns), MaxTranscriptTurns))
	}
	turns, err := checkTurns(p.Turns)
	if err != nil {
		return Parsed{}, fault.Field("text", err.Error())
	}
	p.Turns = turns
	return p, nil
}

// Alternate splits a text that names no speakers: paragraphs (or lines, when
// there is only one paragraph) take turns, beginning with first.
func Alternate(text string, first Speaker) ([]Turn, error) {
	text = clean(text)
	if len(text) > MaxTranscriptBytes {
		return nil, fault.Field("text", fmt.Sprintf("The text is %d KB long; at most %d KB fit. Leave out a part of the call.", len(text)>>10, MaxTranscriptBytes>>10))
	}
	parts := regexp.MustCompile(`\n\s*\n`).Split(text, -1)
	if len(parts) < 2 {
		parts = strings.Split(text, "\n")
	}
	var out []Turn
	side := first
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, Turn{Speaker: side, Text: p})
			side = side.Other()
		}
	}
	return checkTurns(out)
}

// PlainText writes turns as a text that ParseTranscript reads back.
func PlainText(turns []Turn) string {
	var b strings.Builder
	for _, t := range turns {
		if t.StartMS != nil {
			fmt.Fprintf(&b, "[%s] ", Clock(*t.StartMS))
		}
		who := "Rep"
		if t.Speaker == Buyer {
			who = "Buyer"
		}
		fmt.Fprintf(&b, "%s: %s\n", who, strings.Join(strings.Fields(t.Text), " "))
	}
	return b.String()
}

// millis reads [h:]mm:ss[.mmm], or returns nil.
func millis(clock string) *int {
	if clock == "" {
		return nil
	}
	clock = strings.ReplaceAll(clock, ",", ".")
	whole, fraction, _ := strings.Cut(clock, ".")
	ms := 0
	for _, part := range strings.Split(whole, ":") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		ms = ms*60 + n
	}
	ms *= 1000
	if fraction != "" {
		n, _ := strconv.Atoi((fraction + "000")[:3])
		ms += n
	}
	return &ms
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// isNamed reports whether a folded label is the person: the whole name, or one
// of its parts.
func isNamed(folded, name string) bool {
	name = fold(name)
	if name == "" || folded == "" {
		return false
	}
	if folded == name {
		return true
	}
	for _, part := range strings.Fields(name) {
		if len(part) > 1 && folded == part {
			return true
		}
	}
	return false
}

// titled reports whether a label looks like a name: at most four words, each
// beginning with a capital or a digit.
func titled(who string) bool {
	parts := strings.Fields(who)
	if len(parts) == 0 || len(parts) > 4 {
		return false
	}
	for _, p := range parts {
		r := []rune(p)[0]
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}
