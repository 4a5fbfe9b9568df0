package content

import (
	"fmt"
	"math/big"
	"strings"

	"pitchside/content/source"
)

// What GIFT reads as a mark is written with a backslash.
var giftEscape = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`)

// WriteGIFT writes questions in the GIFT format. Problems name, by the line of the
// question in file, what GIFT cannot say: an order is left out as an error;
// points and hints are lost with a warning. They stand as comments at the head
// of the text as well, so that whoever opens it knows.
func WriteGIFT(file string, questions []*Question) (text string, problems []Problem) {
	notes := &source.Notes{File: file}
	var b strings.Builder
	for _, q := range questions {
		at := source.Place{Line: q.Line, Column: 1}
		if q.Kind == Ordering {
			notes.Error(at, fmt.Sprintf("“%s” asks for an order, which GIFT does not have; it is left out.", q.ID), "Ask it as a choice where the bank is going.")
			continue
		}
		if q.Points != 1 {
			notes.Warn(at, fmt.Sprintf("GIFT has no points: “%s” counts %g here.", q.ID, q.Points), "Set its points where the bank is going.")
		}
		if q.Hint != "" {
			notes.Warn(at, fmt.Sprintf("GIFT has no hints: that of “%s” is left out.", q.ID), "Add it where the bank is going.")
		}
		fmt.Fprintf(&b, "\n::%s::[markdown]%s {%s", giftEscape.Replace(q.ID), giftEscape.Replace(q.Text), giftAnswers(q))
		if q.Explanation != "" {
			fmt.Fprintf(&b, "####%s", giftEscape.Replace(q.Explanation))
		}
		b.WriteString("}\n")
	}
	head := "// Question bank in the GIFT format. Texts are Markdown.\n"
	for _, p := range notes.Problems {
		head += fmt.Sprintf("// %s, line %d: %s\n", p.File, p.Line, p.Cause)
	}
	return head + b.String(), notes.Problems
}

// giftAnswers writes the answers of a question, each in a line where there are
// several.
func giftAnswers(q *Question) string {
	var b strings.Builder
	rights := 0
	for _, o := range q.Options {
		if o.Correct {
			rights++
		}
	}
	line := func(mark, text, feedback string) {
		fmt.Fprintf(&b, "\n%s%s", mark, giftEscape.Replace(text))
		if feedback != "" {
			fmt.Fprintf(&b, "#%s", giftEscape.Replace(feedback))
		}
	}
	switch q.Kind {
	case Single:
		for _, o := range q.Options {
			mark := "~"
			if o.Correct {
				mark = "="
			}
			line(mark, o.Text, o.Feedback)
		}
	case Multiple:
		share := decimal(big.NewRat(100, int64(max(rights, 1))))
		for _, o := range q.Options {
			mark := "~%-" + share + "%"
			if o.Correct {
				mark = "~%" + share + "%"
			}
			line(mark, o.Text, o.Feedback)
		}
	case Short:
		for _, word := range q.Accepted() {
			line("=", word, "")
		}
	case Numeric:
		return "#" + strings.Join(q.Accepted(), "") + ":" + q.Tolerance()
	case Matching:
		for _, left := range q.Left {
			right, _ := q.Option(q.Match(left.ID))
			fmt.Fprintf(&b, "\n=%s -> %s", giftEscape.Replace(left.Text), giftEscape.Replace(right.Text))
		}
	case Open:
		return ""
	}
	b.WriteString("\n")
	return b.String()
}
