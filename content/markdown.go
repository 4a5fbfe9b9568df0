package content

import (
	"bytes"
	stdhtml "html"
	"html/template"
	"path"
	"regexp"
	"strings"

	chroma "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	highlighting "github.com/yuin/goldmark-highlighting/v2"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is the one Markdown of the house. Raw HTML and script addresses are
// dropped by goldmark, and once more by the policy below.
var markdown = pipeline(true)

// pipeline returns the renderer of Markdown: with what the house adds to
// CommonMark, or as that is specified, to be held against its examples.
func pipeline(house bool) goldmark.Markdown {
	options := []goldmark.Option{goldmark.WithRendererOptions(renderer.WithNodeRenderers(
		util.Prioritized(calloutRenderer{}, 100), util.Prioritized(tableRenderer{}, 100), util.Prioritized(showRenderer{xhtml: !house}, 100)))}
	if !house {
		return goldmark.New(append(options, goldmark.WithRendererOptions(gmhtml.WithUnsafe(), gmhtml.WithXHTML()))...)
	}
	return goldmark.New(append(options,
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.Linkify, extension.TaskList, extension.Footnote, extension.DefinitionList, extension.Typographer,
			// Classes, not styles: the content policy forbids the latter, and there are two themes.
			highlighting.NewHighlighting(highlighting.WithFormatOptions(chroma.WithClasses(true))),
		),
		goldmark.WithParserOptions(
			parser.WithAutoHeadingID(), parser.WithAttribute(),
			parser.WithParagraphTransformers(util.Prioritized(calloutMark{}, 50)),
			parser.WithASTTransformers(util.Prioritized(callouts{}, 800), util.Prioritized(shows{}, 850), util.Prioritized(addresses{}, 900)),
		),
	)...)
}

var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	name := regexp.MustCompile(`^[\w:-]+$`)
	p.AllowElements("p", "br", "hr", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "h5", "h6", "strong", "em", "b", "i", "del", "code", "pre",
		"table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "sup", "div", "section", "aside", "figure", "figcaption", "span", "video", "audio", "track")
	p.AllowAttrs("id").Matching(name).OnElements("p", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "h5", "h6", "table", "pre", "dl", "div", "section", "aside", "sup", "hr", "figure")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^[\w -]+$`)).OnElements("p", "div", "section", "aside", "table", "i", "code", "a", "pre", "span")
	p.AllowAttrs("aria-labelledby").Matching(name).OnElements("section", "aside", "div")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^(doc-[a-z]+|region)$`)).OnElements("a", "div", "section")
	p.AllowAttrs("tabindex").Matching(regexp.MustCompile(`^0$`)).OnElements("div", "pre")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("src", "alt", "title").OnElements("img")
	p.AllowAttrs("src").OnElements("video", "audio", "track")
	p.AllowAttrs("controls", "playsinline").Matching(regexp.MustCompile(`^$`)).OnElements("video", "audio")
	p.AllowAttrs("preload").Matching(regexp.MustCompile(`^metadata$`)).OnElements("video", "audio")
	p.AllowAttrs("aria-label").Matching(regexp.MustCompile(`^[^<>]*$`)).OnElements("video", "audio")
	p.AllowAttrs("kind").Matching(regexp.MustCompile(`^captions$`)).OnElements("track")
	p.AllowAttrs("label").Matching(regexp.MustCompile(`^Captions$`)).OnElements("track")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}()

// icons stand in rendered text as empty elements until it is safe; then they
// become drawings that a page may inline.
var icons = strings.NewReplacer(
	`<i class="icon-note"></i>`, drawn(`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.7v.1"/>`),
	`<i class="icon-field"></i>`, drawn(`<path d="M6 21V4h12l-2.5 4.5L18 13H6"/>`),
	`<i class="icon-poor"></i>`, drawn(`<path d="m6.5 6.5 11 11m0-11-11 11"/>`),
	`<i class="icon-good"></i>`, drawn(`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),
)

func drawn(shape string) string {
	return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + shape + `</svg>`
}

func sanitised(rendered []byte) html {
	return html(icons.Replace(string(policy.SanitizeBytes(rendered))))
}

// snippet renders a passage that is not a body of its own.
func (r *reading) snippet(text string) html {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	var b bytes.Buffer
	pc := parser.NewContext()
	pc.Set(pathKey, r.doc.Path)
	if err := markdown.Convert([]byte(text), &b, parser.WithContext(pc)); err != nil {
		return html(template.HTMLEscapeString(text))
	}
	return sanitised(b.Bytes())
}

// inline renders a passage and leaves out the paragraph around it, if it is one.
func (r *reading) inline(text string) html {
	out := strings.TrimSpace(string(r.snippet(text)))
	if bare, ok := strings.CutPrefix(out, "<p>"); ok && strings.Count(out, "<p") == 1 && strings.HasSuffix(bare, "</p>") {
		out = strings.TrimSuffix(bare, "</p>")
	}
	return html(out)
}

func unescaped(entity []byte) string { return stdhtml.UnescapeString(string(entity)) }

var pathKey = parser.NewContextKey()

// addresses turns links between library files into the addresses of their pages.
type addresses struct{}

// Transform rewrites the links and images of a document.
func (addresses) Transform(doc *ast.Document, _ text.Reader, pc parser.Context) {
	file, _ := pc.Get(pathKey).(string)
	if file == "" {
		return
	}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch l := n.(type) {
		case *ast.Link:
			n.SetAttributeString(writtenAs, l.Destination)
			l.Destination = []byte(pageAddress(file, string(l.Destination)))
		case *ast.Image:
			n.SetAttributeString(writtenAs, l.Destination)
			l.Destination = []byte(pageAddress(file, string(l.Destination)))
			if elsewhere.Match(l.Destination) { // a picture of another site would tell it who reads what
				l.Destination = nil
			}
		}
		return ast.WalkContinue, nil
	})
}

var elsewhere = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*:|//)`)

// writtenAs is the attribute that keeps an address as the author wrote it, for
// lint. The renderer writes only attributes it knows.
const writtenAs = "written-as"

// inLibrary returns the library path that a relative address in a file points
// to; ok is false for addresses that leave the library or the page.
func inLibrary(file, address string) (to string, ok bool) {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	if address == "" || strings.HasPrefix(address, "/") || strings.Contains(strings.SplitN(address, "/", 2)[0], ":") {
		return "", false
	}
	return strings.TrimPrefix(path.Join("/", path.Dir(file), address), "/"), true
}

// pageAddress returns where a page of the library is found in the program.
func pageAddress(file, address string) string {
	to, ok := inLibrary(file, address)
	if !ok {
		return address
	}
	id, ours, _ := Identify(to)
	if !ours {
		return address
	}
	_, fragment, has := strings.Cut(address, "#")
	if has {
		fragment = "#" + fragment
	}
	return id.Address() + fragment
}

// Address returns the page where learners meet a document, or its page in the
// Studio if they do not.
func (id Identity) Address() string {
	switch id.Kind {
	case KindCourse:
		return "/learn/" + id.Slug
	case KindLesson:
		return "/learn/" + strings.Replace(id.Slug, ".", "/", 1)
	case KindQuiz:
		return "/learn/" + id.Slug + "/quiz"
	case KindScenario:
		return "/practice/" + id.Slug
	case KindWorksheet:
		return "/practice/worksheets/" + id.Slug
	case KindMedia:
		return "/media/" + id.Path
	}
	return "/studio/" + string(id.Kind) + "/" + id.Slug
}
