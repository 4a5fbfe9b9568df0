package content

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"pitchside/content/source"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// A prose is a Markdown body, rendered: stretches of text and the questions
// between them.
type prose struct {
	blocks    []Block
	headings  []Heading
	questions []*Question
	asked     []source.Text // of each question

	paragraphs []Paragraph
}

// html returns the text of a body, without its questions.
func (p *prose) html() html {
	var out html
	for _, b := range p.blocks {
		out += b.HTML
	}
	return out
}

// slot marks, as the text of a heading, where a question stood. It is from
// Unicode's private use area, which no author types.
const slot = "\ue000"

// prose reads a Markdown body. Questions are taken out first, line by line, as
// their notation is ours; the rest is Markdown.
func (r *reading) prose(body source.Text) *prose {
	p := &prose{}
	masked := source.Text{First: body.First, Lines: make([]string, len(body.Lines))}
	seen := map[string]bool{}
	start, code, asked := -1, "", asking{}
	end := func(i int) {
		if start < 0 {
			return
		}
		q := r.question(body.Part(start, i))
		p.asked = append(p.asked, body.Part(start, i))
		if seen[q.ID] {
			r.notes.Error(source.Place{Line: q.Line}, fmt.Sprintf("Two questions have the id “%s”.", q.ID), "Give the newer one another id; statistics are kept by id.")
		}
		seen[q.ID] = true
		masked.Lines[start] = "###### " + slot + strconv.Itoa(len(p.questions))
		p.questions = append(p.questions, q)
		start = -1
	}
	for i, line := range body.Lines {
		was := code
		code = inFence(code, line)
		if m := heading.FindStringSubmatch(line); m != nil && was == "" {
			end(i)
			if mark := markOf(m[2]); mark != nil {
				start, asked = i, asking{ordered: strings.Contains(mark[3], "order")}
			}
		} else if start >= 0 && was == "" && r.doc.Kind != KindQuiz && asked.endsBefore(line) {
			end(i)
		}
		if start < 0 {
			masked.Lines[i] = strings.ReplaceAll(line, slot, "")
		}
	}
	end(len(body.Lines))
	r.withoutID(masked)
	r.markup(masked, p)
	return p
}

// An asking follows the lines under the heading of a question. What stands
// behind its answers and its explanation, after an empty line, is text again.
type asking struct{ ordered, answered, explained, apart bool }

// endsBefore reports whether the question has ended before this line.
func (a *asking) endsBefore(line string) bool {
	m := item.FindStringSubmatch(line)
	answer := field.MatchString(line) || a.ordered && numbered.MatchString(line) || m != nil && (radio.MatchString(m[1]) || box.MatchString(m[1]) || pair.MatchString(m[1]))
	switch {
	case strings.TrimSpace(line) == "":
		a.apart = a.explained && a.answered
	case answer:
		a.answered, a.apart = true, false
	case explained.MatchString(line):
		a.explained, a.apart = true, false
	case hint.MatchString(line):
		a.apart = false
	case a.apart:
		return true
	}
	return false
}

// What looks like the heading of a question, and is none.
var (
	nearlyID = regexp.MustCompile(`(?i)\{[^{}]*\bq-[a-z0-9]|\{[#\s"'id=]*q-`)
	glued    = regexp.MustCompile(`(?i)^ {0,3}#{1,6}[^#\s].*\{#?q-`)
)

var choiceLine = regexp.MustCompile(`^ {0,3}[-*+][ \t]+\([ xX]?\)[ \t]`)

// withoutID notes answers that stand under no question.
func (r *reading) withoutID(masked source.Text) {
	at, noted, code := source.Place{Line: masked.First}, false, ""
	for i, line := range masked.Lines {
		code = inFence(code, line)
		if code != "" {
			continue
		}
		if m := heading.FindStringSubmatch(line); m != nil {
			at, noted = source.Place{Line: masked.First + i}, false
			if !strings.HasPrefix(m[2], slot) && (r.doc.Kind == KindQuiz && len(m[1]) >= 3 || nearlyID.MatchString(m[2])) {
				noted = true
				r.noID(at)
			}
		}
		if glued.MatchString(line) {
			at, noted = source.Place{Line: masked.First + i}, true
			r.notes.Error(at, "This is no heading, as no space stands behind its signs.", "Write a space between ### and the words.")
		}
		if !noted && (choiceLine.MatchString(line) || field.MatchString(line) || explained.MatchString(line)) {
			noted = true
			r.noID(at)
		}
	}
}

func (r *reading) noID(at source.Place) {
	r.notes.Error(at, "This question has no id.", "End its heading, which is of level 3 or deeper, with one that never changes: ### Which one? {#q-which-one}")
}

// markup parses and renders what is left of a body without its questions.
func (r *reading) markup(masked source.Text, p *prose) {
	src := []byte(masked.String())
	pc := parser.NewContext(parser.WithIDs(&r.ids))
	pc.Set(pathKey, r.doc.Path)
	pc.Set(calloutsKey, &r.callouts)
	doc := markdown.Parser().Parse(text.NewReader(src), parser.WithContext(pc))
	r.inspect(doc, src, masked, pc, p)
	lead := r.doc.Kind == KindLesson
	var b bytes.Buffer
	flush := func() {
		if b.Len() > 0 {
			p.blocks = append(p.blocks, Block{HTML: sanitised(b.Bytes())})
			b.Reset()
		}
	}
	after := ""
	for node := doc.FirstChild(); node != nil; node = node.NextSibling() {
		if c, ok := node.(*callout); ok && c.kind == exampleKind && r.example != nil {
			r.setApart(c, src, masked)
			continue
		}
		if h, ok := node.(*ast.Heading); ok {
			words := plain(h, src)
			if i, isSlot := strings.CutPrefix(words, slot); isSlot {
				if i, err := strconv.Atoi(i); err == nil && i < len(p.questions) {
					flush()
					p.blocks = append(p.blocks, Block{Question: p.questions[i]})
					lead = false
				}
				continue
			}
			lead = false
			h.Level = max(2, h.Level)
			id, _ := node.AttributeString("id")
			if own, ok := id.([]byte); ok {
				if after = string(own); ownIDs.MatchString(after) {
					after = "section-" + after
					node.SetAttributeString("id", []byte(after))
				}
				if h.Level == 2 {
					p.headings = append(p.headings, Heading{after, words})
				}
			}
		} else {
			r.paragraphs++
			if _, has := node.AttributeString("id"); !has {
				node.SetAttributeString("id", []byte(fmt.Sprintf("p-%d", r.paragraphs)))
			}
			if id, _ := node.AttributeString("id"); r.doc.Kind == KindLesson {
				if own, ok := id.([]byte); ok {
					p.paragraphs = append(p.paragraphs, Paragraph{string(own), opening(node, src)})
				}
			}
			if node.Kind() == ast.KindParagraph && lead {
				node.SetAttributeString("class", []byte("lead"))
			} else if node.Kind() == ast.KindParagraph && after == "sources" {
				node.SetAttributeString("class", []byte("sources"))
			}
			lead = false
		}
		if err := markdown.Renderer().Render(&b, src, node); err != nil {
			r.notes.Error(source.Place{Line: masked.First}, "The text cannot be rendered: "+err.Error()+".", "Simplify the passage, or write it as plain paragraphs.")
		}
	}
	flush()
}

// plain returns the words of a node without markup.
func plain(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch t := n.(type) {
			case *ast.Text:
				b.Write(t.Segment.Value(src))
				if t.SoftLineBreak() || t.HardLineBreak() {
					b.WriteByte(' ')
				}
			case *ast.String:
				b.WriteString(unescaped(t.Value))
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// openingRunes is how much of a paragraph's words tells it from the others.
const openingRunes = 300

// opening returns how the words of a block begin.
func opening(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch t := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(t.Segment.Value(src))
				if t.SoftLineBreak() || t.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.WriteString(unescaped(t.Value))
			}
		default:
			if !entering && n.Type() == ast.TypeBlock {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	words := []rune(strings.Join(strings.Fields(b.String()), " "))
	return string(words[:min(len(words), openingRunes)])
}

// headingIDs makes the ids of headings: words joined by hyphens, never one
// that the page itself uses.
type headingIDs struct{ used map[string]bool }

var ownIDs = regexp.MustCompile(`^(main|[pqcf]-.*|fn.*|[dg]-.*|answer.*|toc.*|studio-.*|l\d+|search|help|me|who-sees-what|shortcuts)$`)

// Generate returns an id for the words of a heading.
func (h *headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	var b strings.Builder
	for _, c := range strings.ToLower(string(value)) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case (c == ' ' || c == '-' || c == '_') && b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" || ownIDs.MatchString(base) {
		base = "section-" + base
	}
	id := base
	for i := 2; h.used[id]; i++ {
		id = base + "-" + strconv.Itoa(i)
	}
	h.used[id] = true
	return []byte(id)
}

// Put records an id that the author chose.
func (h *headingIDs) Put(value []byte) { h.used[string(value)] = true }
