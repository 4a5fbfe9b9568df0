package content

import (
	"fmt"
	"path"
	"strings"

	"pitchside/content/source"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A show is a picture, a film or a sound that stands by itself; its title is
// its caption.
type show struct {
	ast.BaseBlock
	caption string
	drawing bool // an SVG, with writing in it that must not shrink
}

var kindShow = ast.NewNodeKind("Show")

// Kind identifies the node to its renderer.
func (*show) Kind() ast.NodeKind { return kindShow }

// Dump prints the node when a tree is inspected.
func (n *show) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// playerOf returns the element that plays a file, or "".
func playerOf(address string) string {
	address, _, _ = strings.Cut(address, "#")
	switch strings.ToLower(path.Ext(address)) {
	case ".mp4", ".webm":
		return "video"
	case ".mp3":
		return "audio"
	}
	return ""
}

// captionsOf returns the file of captions that belongs beside a film.
func captionsOf(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return strings.TrimSuffix(address, path.Ext(address)) + ".vtt"
}

// shows takes pictures that are a paragraph of their own out of it.
type shows struct{}

// Transform changes the tree of a body.
func (shows) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	for node := doc.FirstChild(); node != nil; {
		next := node.NextSibling()
		if p, ok := node.(*ast.Paragraph); ok && p.ChildCount() == 1 {
			image, _ := p.FirstChild().(*ast.Image)
			if link, ok := p.FirstChild().(*ast.Link); ok && link.ChildCount() == 1 {
				image, _ = link.FirstChild().(*ast.Image)
			}
			if image != nil {
				s := &show{caption: string(image.Title), drawing: strings.EqualFold(path.Ext(string(image.Destination)), ".svg")}
				image.Title = nil
				s.AppendChild(s, p.FirstChild())
				doc.ReplaceChild(doc, p, s)
			}
		}
		node = next
	}
}

// showRenderer writes pictures with their captions, and players.
type showRenderer struct{ xhtml bool }

// RegisterFuncs names the nodes that are written here.
func (r showRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindShow, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		s := n.(*show)
		scroll := ""
		if s.drawing {
			scroll = "<div class=\"drawing\" tabindex=\"0\">"
		}
		if entering {
			fmt.Fprintf(w, "<figure%s>%s", idOf(n), scroll)
			return ast.WalkContinue, nil
		}
		if s.drawing {
			_, _ = w.WriteString("</div>")
		}
		if s.caption != "" {
			fmt.Fprintf(w, "<figcaption>%s</figcaption>", util.EscapeHTML([]byte(s.caption)))
		}
		_, _ = w.WriteString("</figure>\n")
		return ast.WalkContinue, nil
	})
	reg.Register(ast.KindImage, func(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		i := n.(*ast.Image)
		to := string(i.Destination)
		address := func(a string) []byte { return util.EscapeHTML(util.URLEscape([]byte(a), true)) }
		words := util.EscapeHTML([]byte(plain(i, src)))
		if player := playerOf(to); player != "" {
			fmt.Fprintf(w, "<%s controls preload=\"metadata\" aria-label=\"%s\" src=\"%s\">", player, words, address(to))
			if player == "video" {
				fmt.Fprintf(w, "<track kind=\"captions\" label=\"Captions\" src=\"%s\">", address(captionsOf(to)))
			}
			fmt.Fprintf(w, "</%s>", player)
			return ast.WalkSkipChildren, nil
		}
		fmt.Fprintf(w, "<img src=\"%s\" alt=\"%s\"", address(to), words)
		if i.Title != nil {
			fmt.Fprintf(w, " title=\"%s\"", util.EscapeHTML(i.Title))
		}
		_, _ = w.WriteString(map[bool]string{true: " />", false: ">"}[r.xhtml])
		return ast.WalkSkipChildren, nil
	})
}

// captions notes a film of the library beside which no captions lie.
func (r *reading) captions(at source.Place, address string) {
	if playerOf(address) != "video" || elsewhere.MatchString(address) {
		return
	}
	if to, ok := inLibrary(r.doc.Path, captionsOf(address)); ok {
		r.refer(KindMedia, mediaSlug(to), at, source.Warning, "The film has no captions.", "Put "+path.Base(to)+" beside it, with what is said and heard.")
	}
}
