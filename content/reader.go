package content

import (
	"fmt"
	"strings"

	"pitchside/content/source"
)

// ReaderLines returns the text of a lesson by line as its readers may compare
// it: questions without their keys, feedback and explanations, and without
// what is above the text.
func (d *Document) ReaderLines() []string {
	text, ok := source.Read(d.Source)
	if !ok || d.Lesson == nil {
		return nil
	}
	_, body, ok := text.Matter()
	if !ok {
		return nil
	}
	out := []string{d.Title, ""}
	fence, inQuestion, asked := "", false, asking{}
	for _, line := range body.Lines {
		was := fence
		fence = inFence(fence, line)
		if m := heading.FindStringSubmatch(line); m != nil && was == "" {
			parts := markOf(m[2])
			if inQuestion = parts != nil; inQuestion {
				asked = asking{ordered: strings.Contains(parts[3], "order")}
				out = append(out, askedLines(d.Question(parts[2]))...)
			}
		}
		if inQuestion && was == "" && heading.FindStringSubmatch(line) == nil && asked.endsBefore(line) {
			inQuestion = false
		}
		if !inQuestion {
			out = append(out, line)
		}
	}
	return out
}

func askedLines(q *Question) []string {
	if q == nil {
		return nil
	}
	p := q.Public()
	out := []string{"Check: " + p.Text}
	list := func(options []PublicOption) {
		for _, o := range options {
			out = append(out, "- "+o.Text)
		}
	}
	list(p.Options)
	list(p.Left)
	if len(p.Right) > 0 {
		var right []string
		for _, o := range p.Right {
			right = append(right, o.Text)
		}
		out = append(out, fmt.Sprintf("To be matched with: %s", strings.Join(right, " · ")))
	}
	return append(out, "")
}
