package charts_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"pitchside/web/charts"
)

// parsed reports whether an SVG is well formed.
func parsed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
	}
}

func TestIntervals(t *testing.T) {
	t.Parallel()
	c := charts.Intervals{ID: "level", Title: `Observations & the "level"`, Description: "Rising.", From: 1, To: 5,
		Ticks:  []charts.Tick{{1, "1"}, {3, "3"}, {5, "5"}},
		Target: &charts.Tick{At: 4, Label: "target"},
		Rows: []charts.Row{
			{Label: "Ana <b>, 17 Apr", Value: 2.5, Low: 0.2, High: 3.4, Note: "2.5 & more"},
			{Label: "Now", Value: 3.17, Low: 2.6, High: 5.8, Summary: true},
		}}
	svg := string(c.SVG())
	parsed(t, svg)
	for _, want := range []string{`x1="0.00%"`, `x2="100.00%"`, `cx="37.50%"`, `cx="54.25%"`, "Ana &lt;b&gt;", `aria-labelledby="level-t level-d"`, "&amp; the &#34;level&#34;"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in %s", want, svg)
		}
	}
	if strings.Contains(svg, "style=") {
		t.Error("a style attribute would break the content policy")
	}
}

func TestInline(t *testing.T) {
	t.Parallel()
	team := 0.28
	svg := string(charts.Interval{Title: "32 %, 19 to 47 %", From: 0, To: 0.7, Value: 0.32, Low: 0.19, High: 0.47, Reference: &team}.SVG())
	parsed(t, svg)
	if !strings.Contains(svg, `x1="40.00%"`) {
		t.Errorf("no line at the team's 28 %% in %s", svg)
	}
	svg = string(charts.Stack{Title: "Shares", Parts: []charts.Part{{0.75, "sh1"}, {0.25, "sh0"}}}.SVG())
	parsed(t, svg)
	if !strings.Contains(svg, `x="75.00%" width="25.00%"`) {
		t.Errorf("the second share does not follow the first: %s", svg)
	}
	parsed(t, string(charts.Interval{}.SVG()))
}
