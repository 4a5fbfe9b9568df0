package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var calloutPattern = regexp.MustCompile(`(?i)^\[!([a-z]+)(?:[ \t]+([a-z]+))?\][ \t]*(.*?)\s*$`)

// calloutTitles are what a callout is called when its author gives no title.
// Those of other Markdown are notes with a name of their own.
var calloutTitles = map[string]string{"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution", "evidence": "How far to trust this", "field": "In the field", "poor": "Less good", "good": "Better", "example": "Example"}

var githubKinds = []string{"tip", "important", "warning", "caution"}

const (
	calloutKind  = "callout"
	calloutTitle = "callout-title"
	// calloutUndecided marks a dialogue that is neither good nor poor.
	calloutUndecided = "callout-undecided"
)

// calloutMark takes the mark off the first line of a quote, such as
// [!evidence] How far to trust this, and keeps it on the quote.
type calloutMark struct{}

// Transform looks at one paragraph.
func (calloutMark) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote, ok := p.Parent().(*ast.Blockquote)
	if !ok || p.PreviousSibling() != nil || p.Lines().Len() == 0 {
		return
	}
	line := p.Lines().At(0)
	m := calloutPattern.FindSubmatch(line.Value(reader.Source()))
	if m == nil {
		return
	}
	kind := strings.ToLower(string(m[1]))
	if kind == "dialogue" {
		if kind = strings.ToLower(string(m[2])); kind != "good" && kind != "poor" {
			kind = "poor"
			quote.SetAttributeString(calloutUndecided, true)
		}
	}
	quote.SetAttributeString(calloutKind, kind)
	quote.SetAttributeString(calloutTitle, string(m[3]))
	rest := text.NewSegments()
	for i := 1; i < p.Lines().Len(); i++ {
		rest.Append(p.Lines().At(i))
	}
	if rest.Len() == 0 {
		quote.RemoveChild(quote, p)
		return
	}
	p.SetLines(rest)
}

// A callout is a marked quote; a dialogue pair stands in one dialogues.
type callout struct {
	ast.BaseBlock
	kind, title, id string
	unknown         string // its kind as written, if there is none such
	undecided       bool
}

type dialogues struct{ ast.BaseBlock }

var (
	kindCallout   = ast.NewNodeKind("Callout")
	kindDialogues = ast.NewNodeKind("Dialogues")
	kindSpeech    = ast.NewNodeKind("Speech")
	kindSpeeches  = ast.NewNodeKind("Speeches")
)

// Kind identifies the node to its renderer.
func (*callout) Kind() ast.NodeKind   { return kindCallout }
func (*dialogues) Kind() ast.NodeKind { return kindDialogues }
func (*speech) Kind() ast.NodeKind    { return kindSpeech }
func (*speeches) Kind() ast.NodeKind  { return kindSpeeches }

// Dump prints the node when a tree is inspected.
func (n *callout) Dump(src []byte, level int)   { ast.DumpHelper(n, src, level, nil, nil) }
func (n *dialogues) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }
func (n *speech) Dump(src []byte, level int)    { ast.DumpHelper(n, src, level, nil, nil) }
func (n *speeches) Dump(src []byte, level int)  { ast.DumpHelper(n, src, level, nil, nil) }

// A speech is one turn of a dialogue.
type speech struct {
	ast.BaseBlock
	who string
}

type speeches struct{ ast.BaseBlock }

func (c *callout) isDialogue() bool { return c.kind == "good" || c.kind == "poor" }

// calloutsKey leads to the number of callouts so far: a scenario has two bodies.
var calloutsKey = parser.NewContextKey()

// callouts turns marked quotes into callouts and puts dialogues side by side.
type callouts struct{}

// Transform changes the tree of a body.
func (callouts) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	n, ok := pc.Get(calloutsKey).(*int)
	if !ok {
		n = new(int)
	}
	for node := doc.FirstChild(); node != nil; {
		next := node.NextSibling()
		if quote, ok := node.(*ast.Blockquote); ok {
			if kind, ok := quote.AttributeString(calloutKind); ok {
				*n++
				title, _ := quote.AttributeString(calloutTitle)
				c := &callout{kind: kind.(string), title: title.(string), id: fmt.Sprintf("c-%d", *n)}
				if calloutTitles[c.kind] == "" {
					c.unknown = c.kind
				}
				_, c.undecided = quote.AttributeString(calloutUndecided)
				if c.title == "" {
					c.title = cmp.Or(calloutTitles[c.kind], calloutTitles["note"])
				}
				for child := quote.FirstChild(); child != nil; {
					after := child.NextSibling()
					c.AppendChild(c, child)
					child = after
				}
				doc.ReplaceChild(doc, quote, c)
				if c.isDialogue() {
					stage(c, reader.Source())
					pairUp(doc, c)
				}
			}
		}
		node = next
	}
}

// pairUp puts a dialogue into the pair before it, or opens one.
func pairUp(doc ast.Node, c *callout) {
	if before, ok := c.PreviousSibling().(*dialogues); ok && before.ChildCount() == 1 {
		doc.RemoveChild(doc, c)
		before.AppendChild(before, c)
		return
	}
	pair := &dialogues{}
	doc.ReplaceChild(doc, c, pair)
	pair.AppendChild(pair, c)
}

// stage turns paragraphs such as **Martin:** Line three stops… into speeches.
// The last paragraph, if it is all emphasis, stays: it is the verdict.
func stage(c *callout, src []byte) {
	list := &speeches{}
	for child := c.FirstChild(); child != nil; {
		next := child.NextSibling()
		p, ok := child.(*ast.Paragraph)
		if !ok || next == nil && allEmphasis(p) {
			if ok {
				unwrap(p)
				p.SetAttributeString("class", []byte("verdict"))
			}
			child = next
			continue
		}
		s := &speech{who: speaker(p, src)}
		if s.who == "" { // goes on speaking, or an act; or a document, in which nobody speaks
			if list.LastChild() != nil {
				list.LastChild().AppendChild(list.LastChild(), p)
			}
			child = next
			continue
		}
		if list.Parent() == nil {
			c.InsertBefore(c, p, list)
		}
		words := ast.NewTextBlock()
		for w := p.FirstChild(); w != nil; w = p.FirstChild() {
			words.AppendChild(words, w)
		}
		p.Parent().RemoveChild(p.Parent(), p)
		s.AppendChild(s, words)
		list.AppendChild(list, s)
		child = next
	}
}

// speaker takes the name off a paragraph that begins **Martin:** or **Martin**:.
func speaker(p *ast.Paragraph, src []byte) string {
	strong, ok := p.FirstChild().(*ast.Emphasis)
	if !ok || strong.Level != 2 {
		return ""
	}
	who, inside := strings.CutSuffix(strings.TrimSpace(plain(strong, src)), ":")
	if !inside {
		next, ok := strong.NextSibling().(*ast.Text)
		if !ok || !strings.HasPrefix(string(next.Segment.Value(src)), ":") {
			return ""
		}
		next.Segment = next.Segment.WithStart(next.Segment.Start + 1)
	}
	p.RemoveChild(p, strong)
	if words, ok := p.FirstChild().(*ast.Text); ok {
		words.Segment = words.Segment.TrimLeftSpace(src)
	}
	return who
}

func allEmphasis(p *ast.Paragraph) bool {
	e, ok := p.FirstChild().(*ast.Emphasis)
	return ok && e.Level == 1 && p.ChildCount() == 1
}

func unwrap(p *ast.Paragraph) {
	e := p.FirstChild()
	for child := e.FirstChild(); child != nil; {
		next := child.NextSibling()
		p.InsertBefore(p, e, child)
		child = next
	}
	p.RemoveChild(p, e)
}

// calloutRenderer writes callouts as the pages draw them.
type calloutRenderer struct{}

// RegisterFuncs names the nodes that are written here.
func (calloutRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindCallout, renderCallout)
	reg.Register(kindDialogues, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			fmt.Fprintf(w, "<div class=\"dialogues\"%s>\n", idOf(n))
		} else {
			_, _ = w.WriteString("</div>\n")
		}
		return ast.WalkContinue, nil
	})
	reg.Register(kindSpeeches, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		_, _ = w.WriteString(map[bool]string{true: "<dl>\n", false: "</dl>\n"}[entering])
		return ast.WalkContinue, nil
	})
	reg.Register(kindSpeech, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			fmt.Fprintf(w, "<div><dt>%s</dt><dd>", util.EscapeHTML([]byte(n.(*speech).who)))
		} else {
			_, _ = w.WriteString("</dd></div>\n")
		}
		return ast.WalkContinue, nil
	})
}

func idOf(n ast.Node) string {
	if id, ok := n.AttributeString("id"); ok {
		if b, ok := id.([]byte); ok {
			return ` id="` + string(util.EscapeHTML(b)) + `"`
		}
	}
	return ""
}

func renderCallout(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	c := n.(*callout)
	tag := map[string]string{"field": "div", "good": "section", "poor": "section"}[c.kind]
	if tag == "" {
		tag = "aside"
	}
	if !entering {
		fmt.Fprintf(w, "</%s>\n", tag)
		return ast.WalkContinue, nil
	}
	title := util.EscapeHTML([]byte(c.title))
	switch c.kind {
	case "field":
		fmt.Fprintf(w, "<div class=\"callout try\"%s>\n<strong><i class=\"icon-field\"></i> %s</strong>\n", idOf(n), title)
	case "good", "poor":
		fmt.Fprintf(w, "<section class=\"%s\" aria-labelledby=\"%s\">\n<h3 id=\"%s\"><i class=\"icon-%s\"></i> %s</h3>\n", c.kind, c.id, c.id, c.kind, title)
	default:
		class := "callout"
		if slices.Contains(githubKinds, c.kind) {
			class += " " + c.kind
		}
		fmt.Fprintf(w, "<aside class=\"%s\"%s aria-labelledby=\"%s\">\n<h3 id=\"%s\"><i class=\"icon-note\"></i> %s</h3>\n", class, idOf(n), c.id, c.id, title)
	}
	return ast.WalkContinue, nil
}

// tableRenderer lets wide tables scroll in themselves.
type tableRenderer struct{}

// RegisterFuncs names the nodes that are written here.
func (tableRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(extast.KindTable, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			fmt.Fprintf(w, "<div class=\"table-wrap\"%s tabindex=\"0\">\n<table class=\"table\">\n", idOf(n))
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString("</table>\n</div>\n")
		return ast.WalkContinue, nil
	})
	// A corner without words is no heading of anything.
	cells := cellFuncs{}
	extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)).RegisterFuncs(cells)
	reg.Register(extast.KindTableCell, func(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Parent().Kind() != extast.KindTableHeader || n.HasChildren() {
			return cells[extast.KindTableCell](w, src, n, entering)
		}
		if entering {
			_, _ = w.WriteString("<td></td>\n")
		}
		return ast.WalkContinue, nil
	})
}

// cellFuncs collects what a renderer would register.
type cellFuncs map[ast.NodeKind]renderer.NodeRendererFunc

// Register keeps a function by its kind.
func (c cellFuncs) Register(kind ast.NodeKind, f renderer.NodeRendererFunc) { c[kind] = f }
