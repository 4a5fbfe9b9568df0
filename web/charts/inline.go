package charts

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// An Interval is one value and its range on a line, small enough for a table's
// cell. The cell says the numbers in words as well.
type Interval struct {
	Title            string
	From, To         float64
	Value, Low, High float64
	Reference        *float64 // a thin line, such as the team's value
}

// SVG draws the interval.
func (c Interval) SVG() template.HTML {
	x := func(at float64) string { return percent(at, c.From, c.To) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="inline-plot c1" height="24" role="img" aria-label="%s"><line class="grid" x1="0" x2="100%%" y1="12" y2="12"/>`, html.EscapeString(c.Title))
	if c.Reference != nil {
		fmt.Fprintf(&b, `<line class="axis" x1="%[1]s" x2="%[1]s" y1="2" y2="22"/>`, x(*c.Reference))
	}
	fmt.Fprintf(&b, `<line class="range" x1="%s" x2="%s" y1="12" y2="12"/><circle class="dot" cx="%s" cy="12" r="4.5"/></svg>`, x(c.Low), x(c.High), x(c.Value))
	return template.HTML(b.String())
}

// A Part is one share of a whole; Class is the CSS class of its colour.
type Part struct {
	Share float64 // between 0 and 1
	Class string
}

// A Stack is the shares of one whole side by side, largest as the caller orders
// them. The list beside it names each.
type Stack struct {
	Title string
	Parts []Part
}

// SVG draws the shares.
func (c Stack) SVG() template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="shares" height="32" role="img" aria-label="%s">`, html.EscapeString(c.Title))
	from := 0.0
	for _, p := range c.Parts {
		fmt.Fprintf(&b, `<rect class="%s" x="%s" width="%s" y="0" height="32"/>`, html.EscapeString(p.Class), percent(from, 0, 1), percent(p.Share, 0, 1))
		from += p.Share
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}
