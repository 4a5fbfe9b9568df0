package content

import (
	"regexp"
	"strings"

	"pitchside/content/source"
)

// A Trigger is something on the buyer card that may come up in a call: a
// hidden fact that is told when it is earned, or an objection that must be
// raised.
type Trigger struct {
	Name string // "The load", or the objection's own words
	When string // what it is and what unlocks it, or when it is due; may be empty
}

var (
	hiddenHead = regexp.MustCompile(`(?i)^\*\*What is hidden\b[^*]*\*\*`)
	raiseHead  = regexp.MustCompile(`(?i)^\*\*What \S+ must raise\.?\*\*\s*`)
	factItem   = regexp.MustCompile(`^\s{0,3}(?:\d+[.)]|[-*+])\s+(.*)$`)
	factName   = regexp.MustCompile(`^\*([^*]+?)[.:]?\*[.:]?\s*(.*)$`)
	inBrackets = regexp.MustCompile(`\s*\(([^()]*)\)`)
)

// triggers reads the two lists of a buyer card: the items below “What is
// hidden”, and the sentences after “What he must raise”.
func triggers(card source.Text) (facts, objections []Trigger) {
	hidden := false
	for _, line := range card.Lines {
		switch {
		case hiddenHead.MatchString(line):
			hidden = true
		case raiseHead.MatchString(line):
			hidden = false
			objections = append(objections, raised(line[len(raiseHead.FindString(line)):])...)
		case strings.HasPrefix(line, "**"):
			hidden = false
		case hidden:
			m := factItem.FindStringSubmatch(line)
			if m == nil {
				if n := len(facts); n > 0 && strings.TrimSpace(line) != "" {
					facts[n-1].When = strings.TrimSpace(facts[n-1].When + " " + plainWords(line)) // the item goes on
				}
				continue
			}
			one := Trigger{Name: plainWords(m[1])}
			if named := factName.FindStringSubmatch(m[1]); named != nil {
				one = Trigger{plainWords(named[1]), plainWords(named[2])}
			}
			facts = append(facts, one)
		}
	}
	return facts, objections
}

// raised splits a paragraph at the sentences outside of quotation marks.
func raised(text string) (out []Trigger) {
	depth, start := 0, 0
	runes := []rune(text)
	for i, r := range runes {
		switch r {
		case '“', '(':
			depth++
		case '”', ')':
			depth--
		}
		if last := i == len(runes)-1; last || r == '.' && depth <= 0 && runes[i+1] == ' ' {
			one := Trigger{Name: strings.Trim(plainWords(string(runes[start:i+1])), " .")}
			if m := inBrackets.FindStringSubmatch(one.Name); m != nil {
				one.Name, one.When = strings.Replace(one.Name, m[0], "", 1), m[1]
			}
			if one.Name != "" {
				out = append(out, one)
			}
			start = i + 1
		}
	}
	return out
}

// plainWords drops the marks of emphasis.
func plainWords(text string) string {
	return strings.TrimSpace(strings.NewReplacer("**", "", "*", "").Replace(text))
}
