package web

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"pitchside/content"
	"pitchside/docs"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

var frameworkMap = sync.OnceValue(docs.FrameworkMap)

// A frameworkPage is the company's framework, each bullet beside its place here.
type frameworkPage struct {
	Base
	Parts []mapPart
}

// A mapPart is a heading of the framework with what stands below it.
type mapPart struct {
	ID, Title string
	Level     int
	Places    []mapPlace
	Bullets   []mapBullet
}

type mapBullet struct {
	Label  string
	Places []mapPlace
}

// A mapPlace is a page; without an address, one that the viewer may not open
// or that is not published.
type mapPlace struct{ Title, Address string }

// Chapters are the headings that a reader may jump to.
func (p frameworkPage) Chapters() []mapPart {
	var out []mapPart
	for _, part := range p.Parts {
		if part.Level <= 3 && part.Title != p.Parts[0].Title {
			out = append(out, part)
		}
	}
	return out
}

func (s *Site) showFramework(c *gin.Context) error {
	p := frameworkPage{Base: s.base(c, "Framework map")}
	p.Wide = "mid"
	open := map[string]bool{}
	look := func(all []docs.Place) ([]mapPlace, error) {
		out := make([]mapPlace, len(all))
		for i, place := range all {
			able, known := open[place.Address]
			if !known {
				var err error
				if able, err = s.opens(c, place.Address); err != nil {
					return nil, err
				}
				open[place.Address] = able
			}
			out[i] = mapPlace{Title: place.Title}
			if able {
				out[i].Address = place.Address
			}
		}
		return out, nil
	}
	for n, part := range frameworkMap() {
		one := mapPart{ID: "part-" + strconv.Itoa(n+1), Title: part.Title, Level: part.Level}
		var err error
		if one.Places, err = look(part.Places); err != nil {
			return err
		}
		for _, b := range part.Bullets {
			places, err := look(b.Places)
			if err != nil {
				return err
			}
			one.Bullets = append(one.Bullets, mapBullet{b.Label, places})
		}
		p.Parts = append(p.Parts, one)
	}
	return s.show(c, http.StatusOK, "framework/map", p)
}

// opens reports whether an address of the map is open to the viewer: its page
// exists for them, and the document that it shows is published.
func (s *Site) opens(c *gin.Context, address string) (bool, error) {
	path, _, _ := strings.Cut(address, "#")
	rt, ok := routeTo(s.Routes(), path)
	if !ok || len(rt.For) > 0 && !actor(c).Can(rt.For...) {
		return false, nil
	}
	if kind, slug := shownAt(path); kind != "" {
		_, err := s.Content.Published(ctx(c), kind, slug)
		if fault.KindOf(err) == fault.NotFound {
			return false, nil
		}
		return err == nil, err
	}
	return true, nil
}

// routeTo finds the page at a path: the one with the fewest variable parts.
func routeTo(all []route, path string) (route, bool) {
	best, least := route{}, -1
	for _, rt := range all {
		parts, want := strings.Split(rt.Path, "/"), strings.Split(path, "/")
		if rt.Method != http.MethodGet || len(parts) != len(want) {
			continue
		}
		variable, matches := 0, true
		for i, part := range parts {
			if strings.HasPrefix(part, ":") {
				variable++
			} else if part != want[i] {
				matches = false
			}
		}
		if matches && (least < 0 || variable < least) {
			best, least = rt, variable
		}
	}
	return best, least >= 0
}

// shownAt names the document that the page at a path shows; no kind: none.
func shownAt(path string) (content.Kind, string) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch {
	case path == "/learn/sessions":
	case len(parts) == 3 && parts[0] == "practice" && parts[1] == "worksheets":
		return content.KindWorksheet, parts[2]
	case len(parts) == 2 && parts[0] == "practice":
		return content.KindScenario, parts[1]
	case len(parts) == 3 && parts[0] == "learn" && parts[1] == "programs":
		return content.KindProgram, parts[2]
	case len(parts) == 3 && parts[0] == "learn":
		return content.KindLesson, parts[1] + "." + parts[2]
	case len(parts) == 2 && parts[0] == "learn":
		return content.KindCourse, parts[1]
	}
	return "", ""
}
