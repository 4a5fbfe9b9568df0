package content

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"strings"

	"pitchside/content/source"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// inspect notes what is wrong with the text of a body and of its questions:
// links and images that lead nowhere, pictures without words, markup that is
// dropped, figures without a source.
func (r *reading) inspect(doc ast.Node, src []byte, body source.Text, pc parser.Context, p *prose) {
	ids := map[string]bool{}
	maps.Copy(ids, r.anchors)
	for _, q := range p.questions {
		ids[q.ID] = true
	}
	r.collectIDs(doc, src, body, ids)
	r.doc.noteAnchors(ids)
	r.look(doc, src, body, pc, ids, true)
	for _, text := range p.asked {
		r.passageOf(text, ids)
	}
}

// collectIDs adds the ids of the nodes of a body, and notes headings that were
// given one twice.
func (r *reading) collectIDs(doc ast.Node, src []byte, body source.Text, ids map[string]bool) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if id, ok := n.AttributeString("id"); ok {
			if b, ok := id.([]byte); ok {
				if n.Kind() == ast.KindHeading && ids[string(b)] {
					r.notes.Error(source.Place{Line: body.At(position(n, src)).Line}, fmt.Sprintf("Two headings have the id “%s”.", b), "Give one of them another id; links lead to the first.")
				}
				ids[string(b)] = true
				if ownIDs.Match(b) {
					ids["section-"+string(b)] = true // as the page has it
				}
			}
		}
		return ast.WalkContinue, nil
	})
}

// passageOf looks at text that is not rendered with a body, such as a question.
func (r *reading) passageOf(text source.Text, ids map[string]bool) {
	src := []byte(text.String())
	pc := parser.NewContext()
	pc.Set(pathKey, r.doc.Path)
	r.look(markdown.Parser().Parse(gmtext.NewReader(src), parser.WithContext(pc)), src, text, pc, ids, false)
}

// passage looks at a value of YAML, all of which is told as being at one place.
func (r *reading) passage(text source.Text, at source.Place) {
	beside := &reading{doc: r.doc, notes: &source.Notes{File: r.notes.File}}
	refs := len(r.doc.refs)
	beside.passageOf(text, map[string]bool{})
	for i := range r.doc.refs[refs:] {
		r.doc.refs[refs+i].at = at
	}
	for _, p := range beside.notes.Problems {
		if p.Severity == source.Error {
			r.notes.Error(at, p.Cause, p.Remedy)
		} else {
			r.notes.Warn(at, p.Cause, p.Remedy)
		}
	}
}

func (r *reading) look(doc ast.Node, src []byte, body source.Text, pc parser.Context, ids map[string]bool, prose bool) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		at := func() source.Place { return body.At(position(n, src)) }
		switch t := n.(type) {
		case *ast.Link:
			if strings.TrimSpace(plain(t, src)) == "" && !hasImage(t) {
				r.notes.Error(at(), "The link has no words.", "Write between the square brackets where it leads.")
			}
			r.link(at(), written(t, t.Destination), ids)
		case *ast.Image:
			if strings.TrimSpace(plain(t, src)) == "" {
				r.notes.Error(at(), "The image has no words for those who cannot see it.", "Write between the brackets what it shows: ![A call in four stages](…)")
			}
			r.image(at(), written(t, t.Destination))
			r.captions(at(), written(t, t.Destination))
		case *ast.RawHTML:
			r.rawHTML(t.Segments, src, body, ids)
		case *ast.HTMLBlock:
			r.rawHTML(t.Lines(), src, body, ids)
		case *callout:
			switch {
			case t.unknown != "":
				r.notes.Warn(at(), fmt.Sprintf("“%s” is no kind of callout, so it is shown as a note.", t.unknown), "Use note, evidence, field, example, tip, important, warning, caution, dialogue good or dialogue poor.")
			case t.undecided:
				r.notes.Warn(at(), "The dialogue does not say whether it is good or poor, so it is shown as poor.", "Write > [!dialogue good] or > [!dialogue poor].")
			}
		case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
			r.unresolved(n, src, body, pc)
			if prose && n.Kind() != ast.KindHeading {
				r.figures(n, src, body)
			}
		}
		return ast.WalkContinue, nil
	})
}

func hasImage(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() == ast.KindImage {
			return true
		}
	}
	return false
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
	scheme, rest, has := strings.Cut(address, ":")
	switch {
	case address == "" || address == "#":
		r.notes.Error(at, "The link leads nowhere.", "Write the address between the round brackets.")
	case strings.HasPrefix(address, "#"):
		id := unescapedFragment(address[1:])
		if !ids[id] && !ids["section-"+id] {
			r.notes.Error(at, fmt.Sprintf("There is no heading “%s” on this page.", id), "Correct it: the id of a heading is its words in lower case, joined by hyphens.")
		}
	case has && !strings.Contains(scheme, "/"):
		switch s := strings.ToLower(scheme); {
		case s != "http" && s != "https" && s != "mailto":
			r.notes.Warn(at, fmt.Sprintf("The link is dropped: its address begins with “%s:”.", scheme), "Link to a page, with http, https or mailto, or to a file of the library.")
		case s == "mailto" && !strings.Contains(rest, "@"), s != "mailto" && !withHost.MatchString(rest):
			r.notes.Error(at, fmt.Sprintf("The link leads to “%s”, which is no whole address.", address), "Write the name of the site behind https://.")
		}
	case strings.HasPrefix(address, "//"):
		r.notes.Warn(at, "The link does not say whether it is http or https.", "Begin the address with https://.")
	case strings.HasPrefix(address, "/"):
		r.ownPage(at, address)
	default:
		r.libraryFile(at, address, "link")
	}
}

var withHost = regexp.MustCompile(`^//[^/?#\s]*[^/?#\s.:]`)

func unescapedFragment(fragment string) string {
	if u, err := url.PathUnescape(fragment); err == nil {
		return u
	}
	return fragment
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
	r.toHeading(address)
}

// ownPage notes a link to a page of a document that is not there.
func (r *reading) ownPage(at source.Place, address string) {
	whole := address
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
	r.toHeading(whole)
}

// toHeading adds to the mention that was noted last the heading it leads to.
func (r *reading) toHeading(address string) {
	if _, fragment, _ := strings.Cut(address, "#"); fragment != "" {
		r.doc.refs[len(r.doc.refs)-1].heading = unescapedFragment(fragment)
	}
}
