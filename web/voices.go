package web

import (
	"regexp"
	"strings"

	"pitchside/assessments"
)

// A voice is what one of several buyers says within one turn.
type voice struct{ Name, Text string }

var label = regexp.MustCompile(`(?:^|\s)(\p{Lu}\p{L}+): `)

// voices takes a turn such as "Nell: Too dear. Davy: Tea?" apart, by the names
// that the persona has in it. It returns nil for a turn without such names.
// What stands before the first name, such as an act, has none.
func voices(text, persona string) []voice {
	var out []voice
	name, from := "", 0
	for _, m := range label.FindAllStringSubmatchIndex(text, -1) {
		called := text[m[2]:m[3]]
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(called) + `\b`).MatchString(persona) {
			continue
		}
		if said := strings.TrimSpace(text[from:m[0]]); said != "" {
			out = append(out, voice{name, said})
		}
		name, from = called, m[1]
	}
	if name == "" {
		return nil
	}
	return append(out, voice{name, strings.TrimSpace(text[from:])})
}

// turn makes the line of one turn, with who spoke.
func (p attemptPage) turn(t assessments.Turn) turnLine {
	line := turnLine{Turn: t, Who: p.who(t.Speaker)}
	if t.Speaker == assessments.Buyer {
		if line.Voices = voices(t.Text, p.Sc.Persona); line.Voices != nil {
			line.Who = "They"
		}
	}
	return line
}
