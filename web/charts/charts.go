// Package charts draws small charts on the server, as SVG whose lengths are
// percentages of a padded plot, so that text keeps its size at every width. It
// takes numbers and words and knows nothing of what they measure. Every chart
// wants its numbers in a table beside it: that is the page's part.
package charts

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
)

// A Tick is a labelled place on a scale.
type Tick struct {
	At    float64
	Label string
}

// A Row is one labelled value with the range it may lie in.
type Row struct {
	Label   string
	Value   float64
	Low     float64
	High    float64
	Summary bool   // drawn heavier: what the other rows support
	Note    string // shown when pointed at
}

// Intervals are rows of dots, each on the line of its range, over one scale from
// From to To. Ranges are cut where the scale ends.
type Intervals struct {
	ID          string // unique on the page
	Title       string
	Description string // what there is to see, in a sentence
	From, To    float64
	Ticks       []Tick
	Target      *Tick
	Rows        []Row
}

const (
	rowHeight = 28
	rowTop    = 24
	rowGap    = 22 // above a summary
)

// SVG draws the chart.
func (c Intervals) SVG() template.HTML {
	height := rowTop
	for i, r := range c.Rows {
		if r.Summary && i > 0 {
			height += rowGap
		}
		height += rowHeight
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg height="%d" role="img" aria-labelledby="%[2]s-t %[2]s-d"><title id="%[2]s-t">%s</title><desc id="%[2]s-d">%s</desc>`,
		height, html.EscapeString(c.ID), html.EscapeString(c.Title), html.EscapeString(c.Description))
	for i, t := range c.Ticks {
		anchor := "middle"
		switch i {
		case 0:
			anchor = "start"
		case len(c.Ticks) - 1:
			anchor = "end"
		}
		fmt.Fprintf(&b, `<line class="grid" x1="%[1]s" x2="%[1]s" y1="0" y2="%[2]d"/><text x="%[1]s" y="%[3]d" text-anchor="%[4]s">%[5]s</text>`,
			c.x(t.At), height, height+22, anchor, html.EscapeString(t.Label))
	}
	if c.Target != nil {
		dx, anchor := 6, "start"
		if (c.Target.At-c.From)/(c.To-c.From) > 0.8 {
			dx, anchor = -6, "end"
		}
		fmt.Fprintf(&b, `<line class="target-line" x1="%[1]s" x2="%[1]s" y1="0" y2="%[2]d"/><text class="strong" x="%[1]s" dx="%[3]d" y="11" text-anchor="%[4]s">%[5]s</text>`,
			c.x(c.Target.At), height, dx, anchor, html.EscapeString(c.Target.Label))
	}
	y := rowTop
	for i, r := range c.Rows {
		if r.Summary && i > 0 {
			y += rowGap
		}
		c.row(&b, r, y)
		y += rowHeight
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

func (c Intervals) row(b *strings.Builder, r Row, y int) {
	hue, line, dot, size, strong := "c0", `class="range" opacity=".45"`, "dot open", "4.5", ""
	if r.Summary {
		hue, line, dot, size, strong = "c1", `class="range thick"`, "dot", "7", ` class="strong"`
	}
	fmt.Fprintf(b, `<g class="%s">`, hue)
	if r.Note != "" {
		fmt.Fprintf(b, `<title>%s</title>`, html.EscapeString(r.Note))
	}
	fmt.Fprintf(b, `<line %s x1="%s" x2="%s" y1="%[4]d" y2="%[4]d"/><circle class="%s" cx="%s" cy="%[4]d" r="%[7]s"/></g>`,
		line, c.x(r.Low), c.x(r.High), y, dot, c.x(r.Value), size)
	fmt.Fprintf(b, `<text%s x="-12" y="%d" text-anchor="end">%s</text>`, strong, y+5, html.EscapeString(r.Label))
}

func (c Intervals) x(at float64) string { return percent(at, c.From, c.To) }

// percent returns where a value lies between two ends, cut at them.
func percent(at, from, to float64) string {
	share := 0.0
	if to > from {
		share = (at - from) / (to - from)
	}
	if math.IsNaN(share) {
		share = 0
	}
	return fmt.Sprintf("%.2f%%", 100*min(1, max(0, share)))
}
