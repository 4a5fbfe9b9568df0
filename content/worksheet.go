package content

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"pitchside/content/source"
)

// A Worksheet is a form that is filled in, submitted and scored.
type Worksheet struct {
	Title       string
	Summary     string
	Minutes     int
	Rubric      string   // slug
	Skills      []string // what its criteria are evidence of: see CriterionSkill
	Attribution string
	Parts       []WorksheetPart
	Fields      []*Field
}

// A WorksheetPart is a stretch of guidance, or a field.
type WorksheetPart struct {
	HTML  html
	Field *Field // nil: a stretch of text
}

// A Field is one thing that is filled in. Its ID never changes: what people
// wrote is kept by it.
type Field struct {
	ID       string
	Title    string
	Rows     int // how much room a good answer needs, in lines
	Level    int // of its heading
	Line     int
	Guidance html
	Example  html   // the field in the filled good example
	Case     string // whom the example is about
}

// What a worksheet does not say.
const (
	DefaultWorksheetRubric  = "wrk"
	DefaultWorksheetMinutes = 30
	defaultRows             = 4
	mostRows                = 40
)

// CriterionSkill returns the skill that a criterion is evidence of on this
// worksheet. Where the worksheet names skills, they decide: a criterion keeps
// its own if it is one of them, and else counts for the first.
func (w *Worksheet) CriterionSkill(own string) string {
	for _, s := range w.Skills {
		if s == own {
			return own
		}
	}
	if len(w.Skills) == 0 {
		return own
	}
	return w.Skills[0]
}

// Field returns the field of this id, or nil.
func (w *Worksheet) Field(id string) *Field {
	for _, f := range w.Fields {
		if f.ID == id {
			return f
		}
	}
	return nil
}

const exampleKind = "example"

var (
	fieldMark = regexp.MustCompile(`^(.*?)\s*\{#(f-[^\s}]*)([^}]*)\}\s*#*$`)
	fieldID   = regexp.MustCompile(`^f-[a-z0-9]+(-[a-z0-9]+)*$`)
	rowsOnly  = regexp.MustCompile(`\{[^}#]*\brows=`)
	anExample = regexp.MustCompile(`^ {0,3}>[ \t]?\[!example\]`)
)

func (r *reading) worksheet(f *source.Fields, body source.Text) {
	w := &Worksheet{
		Title:       f.NeedText("title", "Give the worksheet a title."),
		Summary:     f.Text("summary"),
		Minutes:     f.Count("minutes", DefaultWorksheetMinutes),
		Rubric:      DefaultWorksheetRubric,
		Skills:      r.skillRefs(f.Get("skills")),
		Attribution: f.Text("attribution"),
	}
	at := f.Place()
	if v := f.Get("rubric"); v != nil {
		w.Rubric, at = v.Text(), v.Place()
	}
	r.refer(KindRubric, w.Rubric, at, source.Error, fmt.Sprintf("There is no rubric “%s”.", w.Rubric), "Correct the slug, or add rubrics/"+w.Rubric+".yaml.")
	r.doc.Worksheet, r.doc.Title = w, w.Title
	stretches := fieldsOf(body)
	r.anchors = map[string]bool{}
	for _, s := range stretches {
		if s.mark != nil {
			r.anchors[s.mark[2]] = true
		}
	}
	for _, s := range stretches {
		if s.mark == nil {
			r.aside(w, s.text)
			continue
		}
		field := r.field(s)
		if w.Field(field.ID) != nil {
			r.notes.Error(source.Place{Line: field.Line}, fmt.Sprintf("Two fields have the id “%s”.", field.ID), "Give the newer one another id; what people wrote is kept by id.")
			continue
		}
		w.Fields = append(w.Fields, field)
		w.Parts = append(w.Parts, WorksheetPart{Field: field})
	}
	if len(w.Fields) == 0 {
		r.notes.Error(source.Place{Line: body.First}, "The worksheet has no field to fill in.", "End a heading of level 2 or 3 with an id that begins with f-: ## Baseline {#f-baseline}")
	}
}

// A stretch is a field with the lines of its heading and what stands under it,
// or the text between fields.
type stretch struct {
	mark  []string // of fieldMark; nil: text
	level int
	text  source.Text
}

// fieldsOf splits a body at its fields. A field ends at the next heading that
// is not deeper than level 3.
func fieldsOf(body source.Text) []stretch {
	var out []stretch
	start, code := 0, ""
	current := stretch{}
	end := func(i int) {
		if current.mark != nil || i > start {
			current.text = body.Part(start, i)
			out = append(out, current)
		}
		start = i
	}
	for i, line := range body.Lines {
		was := code
		code = inFence(code, line)
		m := heading.FindStringSubmatch(line)
		if m == nil || was != "" {
			continue
		}
		mark := fieldMark.FindStringSubmatch(m[2])
		if mark == nil && (len(m[1]) > 3 || current.mark == nil) {
			continue
		}
		end(i)
		current = stretch{mark: mark, level: len(m[1])}
	}
	end(len(body.Lines))
	return out
}

// aside reads the text between fields, where no example can stand.
func (r *reading) aside(w *Worksheet, text source.Text) {
	for i, line := range text.Lines {
		at := source.Place{Line: text.First + i}
		if m := heading.FindStringSubmatch(line); m != nil && rowsOnly.MatchString(m[2]) {
			r.notes.Error(at, "This field has no id.", "Put one that never changes before the rest: {#f-baseline rows=6}")
		}
		if anExample.MatchString(line) {
			r.notes.Error(at, "This example stands under no field.", "End the heading above it with the id of a field: ## Baseline {#f-baseline}")
		}
	}
	if words := r.prose(text).html(); strings.TrimSpace(string(words)) != "" {
		w.Parts = append(w.Parts, WorksheetPart{HTML: words})
	}
}

// field reads one field: its heading, its guidance and its example.
func (r *reading) field(s stretch) *Field {
	f := &Field{ID: s.mark[2], Title: strings.TrimSpace(s.mark[1]), Rows: defaultRows, Level: s.level, Line: s.text.First}
	at := source.Place{Line: f.Line}
	if s.level != 2 && s.level != 3 {
		r.notes.Error(at, "A field has a heading of level 2 or 3.", "Begin the line with ## or ###.")
	}
	if !fieldID.MatchString(f.ID) {
		r.notes.Error(at, fmt.Sprintf("“%s” cannot be the id of a field.", f.ID), "Use f- and then lower-case letters, digits and hyphens, such as {#f-baseline}.")
	}
	if f.Title == "" {
		r.notes.Error(at, "The field has no name.", "Write in its heading, before the id, what is filled in.")
	}
	for a := range strings.FieldsSeq(s.mark[3]) {
		m := attribute.FindStringSubmatch(a)
		if m == nil || m[1] != "rows" {
			r.notes.Warn(at, fmt.Sprintf("“%s” means nothing in the heading of a field.", a), "The heading takes rows, such as rows=6.")
			continue
		}
		n, err := strconv.Atoi(strings.Trim(m[2], `"`))
		if err != nil || n < 1 || n > mostRows {
			r.notes.Error(at, fmt.Sprintf("“%s” is no number of lines.", m[2]), fmt.Sprintf("Write a whole number from 1 to %d, such as rows=6.", mostRows))
			continue
		}
		f.Rows = n
	}
	apart := html("")
	r.example = &apart
	f.Guidance = r.prose(s.text.Part(1, len(s.text.Lines))).html()
	r.example = nil
	f.Example, f.Case = apart, r.exampleOf
	r.exampleOf = ""
	if strings.TrimSpace(string(f.Guidance)) == "" {
		r.notes.Warn(at, fmt.Sprintf("The field “%s” has no guidance.", f.Title), "Say under its heading what belongs here, and how one knows that it is good enough.")
	}
	if f.Example == "" {
		r.notes.Warn(at, fmt.Sprintf("The field “%s” has no filled example.", f.Title), "Add one under its guidance: > [!example] Title, then what a good answer looks like.")
	}
	return f
}

// setApart renders an example where its field keeps it.
func (r *reading) setApart(c *callout, src []byte, masked source.Text) {
	var b bytes.Buffer
	for child := c.FirstChild(); child != nil; child = child.NextSibling() {
		if err := markdown.Renderer().Render(&b, src, child); err != nil {
			r.notes.Error(masked.At(position(c, src)), "The example cannot be rendered: "+err.Error()+".", "Simplify it, or write it as plain paragraphs.")
		}
	}
	*r.example += sanitised(b.Bytes())
	r.exampleOf = cmp.Or(r.exampleOf, c.title)
}

// Ruled returns one entry for each line of room on paper.
func (f *Field) Ruled() []struct{} { return make([]struct{}, f.Rows) }
