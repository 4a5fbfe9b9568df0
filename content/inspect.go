package content

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"strings"

	"pitchside/content/source"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// inspect notes what is wrong with the text of a body: links and images that
// lead nowhere, pictures without words, markup that is dropped, figures
// without a source.
func (r *reading) inspect(doc ast.Node, src []byte, body source.Text, questions []*Question) {
	ids := map[string]bool{}
	for _, q := range questions {
		ids[q.ID] = true
	}
	maps.Copy(ids, r.anchors)
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if id, ok := n.AttributeString("id"); ok && entering {
			if b, ok := id.([]byte); ok {
				ids[string(b)] = true
			}
		}
		return ast.WalkContinue, nil
	})
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		at := func() source.Place { return body.At(position(n, src)) }
		switch t := n.(type) {
		case *ast.Link:
			r.link(at(), written(t, t.Destination), ids)
		case *ast.Image:
			if strings.TrimSpace(plain(t, src)) == "" {
				r.notes.Error(at(), "The image has no words for those who cannot see it.", "Write between the brackets what it shows: ![A call in four stages](…)")
			}
			r.image(at(), written(t, t.Destination))
		case *ast.RawHTML, *ast.HTMLBlock:
			r.notes.Warn(at(), "Raw HTML is dropped.", "Say it in Markdown. Scripts and styles have no place in the library.")
		case *callout:
			if calloutTitles[t.kind] == "" {
				r.notes.Warn(at(), fmt.Sprintf("“%s” is no kind of callout, so it is shown as a note.", t.kind), "Use note, evidence, field, example, dialogue good or dialogue poor.")
			}
		case *ast.Paragraph, *ast.TextBlock:
			r.figures(n, src, body)
		}
		return ast.WalkContinue, nil
	})
}

func written(n ast.Node, destination []byte) string {
	if w, ok := n.AttributeString(writtenAs); ok {
		return string(w.([]byte))
	}
	return string(destination)
}

// position returns where a node begins in src, as well as can be told.
func position(n ast.Node, src []byte) int {
	if p := n.Pos(); p >= 0 && p <= len(src) {
		return p
	}
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			return max(0, t.Segment.Start-1)
		}
	}
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Type() == ast.TypeBlock && p.Lines() != nil && p.Lines().Len() > 0 {
			return p.Lines().At(0).Start
		}
	}
	return 0
}

func (r *reading) link(at source.Place, address string, ids map[string]bool) {
	scheme, _, has := strings.Cut(address, ":")
	switch {
	case address == "" || address == "#":
		r.notes.Error(at, "The link leads nowhere.", "Write the address between the round brackets.")
	case strings.HasPrefix(address, "#"):
		id := address[1:]
		if !ids[id] {
			r.notes.Error(at, fmt.Sprintf("There is no heading “%s” on this page.", id), "Correct it: the id of a heading is its words in lower case, joined by hyphens.")
		}
	case has && !strings.Contains(scheme, "/"):
		if s := strings.ToLower(scheme); s != "http" && s != "https" && s != "mailto" {
			r.notes.Warn(at, fmt.Sprintf("The link is dropped: its address begins with “%s:”.", scheme), "Link to a page, with http, https or mailto, or to a file of the library.")
		}
	case strings.HasPrefix(address, "/"):
		r.ownPage(at, address)
	default:
		r.libraryFile(at, address, "link")
	}
}

func (r *reading) image(at source.Place, address string) {
	switch {
	case address == "":
		r.notes.Error(at, "The image has no address.", "Write the name of its file between the round brackets.")
	case elsewhere.MatchString(address):
		r.notes.Warn(at, "The image is on another site, so it is not shown.", "Put its file into the library, beside this one, and name it.")
	case strings.HasPrefix(address, "/"):
		r.ownPage(at, address)
	default:
		r.libraryFile(at, address, "image")
	}
}

func (r *reading) libraryFile(at source.Place, address, what string) {
	to, _ := inLibrary(r.doc.Path, address)
	id, ours, _ := Identify(to)
	if !ours {
		r.notes.Error(at, fmt.Sprintf("The %s leads to “%s”, which is no file of a library.", what, address), "Correct the address. It is read from the place of this file.")
		return
	}
	r.refer(id.Kind, id.Slug, at, source.Error, fmt.Sprintf("The %s leads to “%s”, which is not there.", what, address), "Correct the address, or add the file.")
}

// ownPage notes a link to a page of a document that is not there.
func (r *reading) ownPage(at source.Place, address string) {
	address, _, _ = strings.Cut(address, "#")
	parts := strings.Split(strings.Trim(path.Clean(address), "/"), "/")
	kind, slug := Kind(""), ""
	switch {
	case parts[0] == "learn" && len(parts) == 2:
		kind, slug = KindCourse, parts[1]
	case parts[0] == "learn" && len(parts) == 3 && parts[2] == "quiz":
		kind, slug = KindQuiz, parts[1]
	case parts[0] == "learn" && len(parts) == 3:
		kind, slug = KindLesson, parts[1]+"."+parts[2]
	case parts[0] == "practice" && len(parts) == 3 && parts[1] == "worksheets":
		kind, slug = KindWorksheet, parts[2]
	case parts[0] == "practice" && len(parts) == 2:
		kind, slug = KindScenario, parts[1]
	default:
		return
	}
	r.refer(kind, slug, at, source.Error, fmt.Sprintf("The link leads to “%s”, which is not there.", address), "Correct the address, or add the document.")
}

var (
	figure = regexp.MustCompile(`(?i)(\d[\d.,]*\s?(?:%|per ?cent\b)|\b\d[\d.,]*\s?(?:-?fold\b|times\s+(?:as|more|the|higher|larger|likelier|faster|better)\b)|\b(?:twice|thrice|two|three|four|five|six|seven|eight|nine|ten)(?:\s+times)?\s+as\s+(?:many|much|often|likely|high|fast|good)\b|\b(?:two|three|four|five|six|seven|eight|nine|ten)\s+times\s+(?:as|more|the|higher|larger|likelier|faster|better)\b)`)
	// A figure has a source when its passage is labelled by how far to trust it,
	// has a note or a link, or is a sum that anybody can check.
	sourced = regexp.MustCompile(`\[(A|B|C|M)\]|\[\^|\]\(http|https?://|[=×÷]`)
)

// figures notes a percentage or a multiple that is stated of the world.
func (r *reading) figures(n ast.Node, src []byte, body source.Text) {
	for p := n.Parent(); p != nil; p = p.Parent() {
		switch t := p.(type) {
		case *dialogues, *extast.Footnote, *extast.Table:
			return
		case *callout:
			if t.isDialogue() || t.kind == exampleKind {
				return // of an invented case
			}
		}
	}
	lines := n.Lines()
	if lines == nil || lines.Len() == 0 {
		return
	}
	from := lines.At(0).Start
	passage := src[from:lines.At(lines.Len()-1).Stop]
	if sourced.Match(passage) {
		return
	}
	if m := figure.FindIndex(passage); m != nil {
		r.notes.Warn(body.At(from+m[0]), fmt.Sprintf("A figure without a source: “%s”.", strings.TrimSpace(string(passage[m[0]:m[1]]))),
			"Say where it comes from, with a note [^1] or a label from [A] to [M], or say it in words that need no source.")
	}
}
