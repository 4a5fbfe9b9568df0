// Package docs is those pages of this folder that the program shows itself.
package docs

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed framework-map.md
var frameworkMap string

// A Part is a heading of the framework map with what stands below it.
type Part struct {
	Level   int // of the heading, from 1
	Title   string
	Places  []Place
	Bullets []Bullet
}

// A Bullet is a bullet of the framework, and where it lives.
type Bullet struct {
	Label  string
	Places []Place
}

// A Place is the address of a page, and what it is called.
type Place struct{ Title, Address string }

var (
	mapHeading = regexp.MustCompile(`^#(#+) (.+)$`)
	mapBullet  = regexp.MustCompile(`^- \*\*(.+?)\*\*: (.+)$`)
	mapPlace   = regexp.MustCompile(`\[([^\]]+)\]\(([^)]+)\)`)
)

// FrameworkMap reads framework-map.md: its headings in order, without the
// title of the file itself.
func FrameworkMap() []Part {
	var parts []Part
	for line := range strings.Lines(frameworkMap) {
		line = strings.TrimSpace(line)
		if m := mapHeading.FindStringSubmatch(line); m != nil {
			parts = append(parts, Part{Level: len(m[1]), Title: m[2]})
			continue
		}
		if len(parts) == 0 {
			continue
		}
		last := &parts[len(parts)-1]
		if m := mapBullet.FindStringSubmatch(line); m != nil {
			last.Bullets = append(last.Bullets, Bullet{m[1], places(m[2])})
		} else if strings.HasPrefix(line, "In short: ") {
			last.Places = places(line)
		}
	}
	return parts
}

func places(text string) []Place {
	var out []Place
	for _, m := range mapPlace.FindAllStringSubmatch(text, -1) {
		out = append(out, Place{m[1], m[2]})
	}
	return out
}
