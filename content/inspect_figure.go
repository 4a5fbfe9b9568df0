package content

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"pitchside/content/source"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

const (
	numerals = `(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)`
	more     = `(?:as|more|the|higher|lower|larger|smaller|greater|likelier|likely|faster|slower|better|worse|longer|shorter|less|fewer)`
)

var (
	figure = regexp.MustCompile(`(?i)(\d[\d.,]*\s?(?:%|％|per ?cent\b|pct\b|percentage points?\b)` +
		`|\b\d[\d.,]*\s?(?:-?fold\b|times\s+` + more + `\b|[x×]\s+` + more + `\b)|\b\d[\d.,]*x\b|\b` + numerals + `-?fold\b` +
		`|\b(?:twice|thrice|` + numerals + `)(?:\s+times)?\s+as\s+(?:many|much|often|likely|high|fast|good|long|large)\b|\btwice\s+the\s+(?:rate|chance|odds|number|revenue|win)|\b` + numerals + `\s+times\s+` + more + `\b)`)
	// A figure has a source when its passage is labelled by how far to trust it,
	// has a note or a link, or is a sum that anybody can check.
	sourced = regexp.MustCompile(`\[[A-M](?:\s*[,;:/][^\]]*)?\]|\[\^|\]\(|\]\[|https?://|[=÷]|\d\s*×\s*[\d(€$£]`)
	// A part of a number that is named is a sum; a case that is made up is of
	// no world; being all of something is no finding.
	share  = regexp.MustCompile(`(?i)^\s*(?:%|per ?cent)\s+of\s+[€$£]?\s?\d`)
	madeUp = regexp.MustCompile(`(?i)(?:^|[.!?]["”’)]?\s+)(?:if|suppose|imagine|assume|say|let us (?:say|assume)|let’s say|let's say)\b[^.!?]*$`)
	codeIn = regexp.MustCompile("`[^`]*`")
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
	from, passage := blockOf(n, src)
	if sourced.Match(passage) {
		return
	}
	for _, m := range figure.FindAllIndex(passage, -1) {
		number := bytes.TrimRight(passage[m[0]:m[1]], "%％ perctnPERCTN")
		if share.Match(passage[m[0]+len(number):]) || madeUp.Match(passage[:m[0]]) {
			continue
		}
		r.notes.Warn(body.At(from+m[0]), fmt.Sprintf("A figure without a source: “%s”.", strings.TrimSpace(string(passage[m[0]:m[1]]))),
			"Say where it comes from, with a note [^1] or a label from [A] to [M], or say it in words that need no source.")
		return
	}
}

// blockOf returns the text of a block without its code, and where it begins.
func blockOf(n ast.Node, src []byte) (from int, passage []byte) {
	lines := n.Lines()
	if lines == nil || lines.Len() == 0 {
		return 0, nil
	}
	from = lines.At(0).Start
	return from, codeIn.ReplaceAllFunc(src[from:lines.At(lines.Len()-1).Stop], func(code []byte) []byte { return bytes.Repeat([]byte(" "), len(code)) })
}
