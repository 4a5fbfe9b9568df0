package content

import (
	stdhtml "html"
	"regexp"
	"strings"
	"unicode/utf8"
)

// searchForm counts the ways in which entries were made: after a change here,
// every document is entered anew.
const searchForm = 1

// Audiences of an entry: for whom the page exists that it leads to.
const (
	forEveryone = "everyone"
	forPractice = "practice" // whoever may open scenarios
	forLeads    = "leads"    // coaches, managers and authors
)

// A searchEntry is what a search may find of a document: never keys, the
// buyer's side or beats.
type searchEntry struct {
	part, audience, title, lead, body string
}

const mostSearched = 200_000 // characters of one entry

// entries returns what a search may find of a document; none for those that
// nobody looks for.
func (d *Document) entries() []searchEntry {
	var out []searchEntry
	add := func(audience, lead string, body ...string) {
		out = append(out, searchEntry{audience: audience, title: d.Title, lead: lead, body: clipped(strings.Join(body, "\n"), mostSearched)})
	}
	switch {
	case d.Course != nil:
		add(forEveryone, d.Course.Summary, strings.Join(d.Course.Outcomes, "\n"), wordsOf(d.Course.Intro))
	case d.Lesson != nil:
		var body []string
		for _, b := range d.Lesson.Blocks {
			if b.Question != nil {
				body = append(body, wordsOf(b.Question.HTML)) // what is asked, not what is right
			} else {
				body = append(body, wordsOf(b.HTML))
			}
		}
		add(forEveryone, "", body...)
	case d.Scenario != nil:
		add(forPractice, d.Scenario.Goal, d.Scenario.Persona, d.Scenario.Industry, wordsOf(d.Scenario.Brief), d.Scenario.Success)
	case d.Worksheet != nil:
		var body []string
		for _, p := range d.Worksheet.Parts {
			body = append(body, wordsOf(p.HTML))
			if p.Field != nil {
				body = append(body, p.Field.Title)
			}
		}
		add(forPractice, d.Worksheet.Summary, body...)
	case d.Rubric != nil:
		var body []string
		for _, c := range d.Rubric.Criteria {
			body = append(append(body, c.Title, c.Meaning), c.Anchors...)
		}
		add(forEveryone, d.Rubric.Summary, body...)
	case d.Template != nil:
		var body []string
		for _, p := range d.Template.Prompts {
			body = append(body, p.Text, p.Guidance)
		}
		add(forLeads, d.Template.Summary, body...)
	case d.Program != nil:
		var body []string
		for _, s := range d.Program.Sections {
			body = append(body, s.Title, s.Summary)
			for _, i := range s.Items {
				body = append(body, i.Title, i.Note)
			}
		}
		add(forEveryone, d.Program.Summary, body...)
	case d.Skills != nil:
		for _, g := range d.Skills.Groups {
			for _, k := range g.Skills {
				out = append(out, searchEntry{k.Slug, forEveryone, k.Name, g.Name, strings.Join(k.Levels, "\n")})
			}
		}
	}
	return out
}

var (
	breaks = regexp.MustCompile(`</(p|li|h[2-6]|dt|dd|td|th|blockquote|pre|figcaption)>`)
	markup = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`[ \t]*\n\s*|[ \t]+`)
)

// wordsOf returns the words of rendered text, one line for each paragraph.
// What is rendered was sanitised, so that every < begins markup.
func wordsOf(rendered html) string {
	text := breaks.ReplaceAllString(string(rendered), "\n")
	text = stdhtml.UnescapeString(markup.ReplaceAllString(text, ""))
	return strings.TrimSpace(spaces.ReplaceAllStringFunc(text, func(s string) string {
		if strings.Contains(s, "\n") {
			return "\n"
		}
		return " "
	}))
}

// clipped returns at most n bytes of a text, whole characters.
func clipped(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
