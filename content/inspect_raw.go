package content

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"pitchside/content/source"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var (
	htmlTag  = regexp.MustCompile(`(?is)<(img|a|video|audio|source)\b([^>]*)>`)
	htmlAttr = regexp.MustCompile(`(?is)\b(alt|src|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)

	byName    = regexp.MustCompile(`(!?)\[([^\[\]]+)\]\[([^\[\]]*)\]`)
	noteMark  = regexp.MustCompile(`\[\^([^\]\s]+)\]`)
	spaced    = regexp.MustCompile(`(!?)\[[^\[\]]*\]\(([^()<>"\n]* [^()<>"\n]*\.(?:md|png|jpe?g|gif|svg|webp|mp4|webm|mp3|vtt|pdf)(?:#[^()\s]*)?)\)`)
	trustMark = regexp.MustCompile(`^[A-M]$`)
)

// rawHTML notes HTML, which is dropped, with what is wrong with its pictures
// and links, as whoever puts them right should know.
func (r *reading) rawHTML(lines *text.Segments, src []byte, body source.Text, ids map[string]bool) {
	if lines.Len() == 0 {
		return
	}
	from, to := lines.At(0).Start, lines.At(lines.Len()-1).Stop
	if markup := bytes.TrimSpace(src[from:to]); bytes.HasPrefix(markup, []byte("<!--")) || bytes.HasPrefix(markup, []byte("</")) {
		return // a remark of the author to the author, or the end of what was noted
	}
	r.notes.Warn(body.At(from), "Raw HTML is dropped.", "Say it in Markdown. Scripts and styles have no place in the library.")
	for _, m := range htmlTag.FindAllSubmatchIndex(src[from:to], -1) {
		at := body.At(from + m[0])
		name := strings.ToLower(string(src[from+m[2] : from+m[3]]))
		attrs := map[string]string{}
		for _, a := range htmlAttr.FindAllStringSubmatch(string(src[from+m[4]:from+m[5]]), -1) {
			attrs[strings.ToLower(a[1])] = strings.TrimSpace(a[2] + a[3] + a[4])
		}
		switch {
		case name == "a" && attrs["href"] != "":
			r.link(at, attrs["href"], ids)
		case name == "img":
			if attrs["alt"] == "" {
				r.notes.Error(at, "The image has no words for those who cannot see it.", "Write it as ![A call in four stages](…), with what it shows between the brackets.")
			}
			r.image(at, attrs["src"])
		case attrs["src"] != "":
			r.image(at, attrs["src"])
		}
	}
}

// unresolved notes what was meant as a link, a picture or a note and is shown
// as it was typed.
func (r *reading) unresolved(n ast.Node, src []byte, body source.Text, pc parser.Context) {
	from, passage := blockOf(n, src)
	escaped := func(i int) bool { return i > 0 && passage[i-1] == '\\' }
	for _, m := range byName.FindAllSubmatchIndex(passage, -1) {
		words, label := string(passage[m[4]:m[5]]), string(passage[m[6]:m[7]])
		if label == "" {
			label = words
		}
		if escaped(m[0]) || strings.HasSuffix(words, "\\") || strings.HasPrefix(label, "^") || strings.HasPrefix(words, "^") || trustMark.MatchString(label) || trustMark.MatchString(words) {
			continue
		}
		if _, ok := pc.Reference(util.ToLinkReference([]byte(label))); !ok {
			what := "link"
			if m[3] > m[2] {
				what = "image"
			}
			r.notes.Error(body.At(from+m[0]), fmt.Sprintf("The %s leads to “%s”, and nothing is called so.", what, label), "Add a line such as ["+label+"]: 02-next.md, or write the address in round brackets.")
		}
	}
	for _, m := range spaced.FindAllSubmatchIndex(passage, -1) {
		if !escaped(m[0]) {
			r.notes.Error(body.At(from+m[0]), fmt.Sprintf("The address “%s” has a space in it, so this is shown as it is typed.", passage[m[4]:m[5]]), "Files of a library have no spaces in their names. Name the file as it is.")
		}
	}
	for _, m := range noteMark.FindAllSubmatchIndex(passage, -1) {
		name := passage[m[2]:m[3]]
		if !escaped(m[0]) && !isDefined(body, string(name)) {
			r.notes.Error(body.At(from+m[0]), fmt.Sprintf("There is no note “%s”.", name), fmt.Sprintf("Add a line that begins with [^%s]: and says it.", name))
		}
	}
}

// isDefined reports whether a body defines a note of this name.
func isDefined(body source.Text, name string) bool {
	for _, l := range body.Lines {
		l = strings.TrimLeft(l, " ")
		if strings.HasPrefix(l, "[^"+name+"]:") {
			return true
		}
	}
	return false
}
