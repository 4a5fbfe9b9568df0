package web

import (
	"testing"

	"github.com/jba/templatecheck"
)

// pageData names the type that each page is shown with; every family adds its own.
var pageData = map[string]any{
	"failure":           failurePage{},
	"help":              helpPage{},
	"me/notices":        noticesPage{},
	"framework/map":     frameworkPage{},
	"framework/skills":  skillFrameworkPage{},
	"framework/metrics": dictionaryPage{},
	"calibrate/samples": samplesPage{},
	"calibrate/sample":  samplePage{},
}

func TestPagesMatchTheirData(t *testing.T) {
	pages, err := parsePages(templateFS)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range pages {
		data, ok := pageData[name]
		if !ok {
			t.Errorf("page %s has no data type in pageData", name)
			continue
		}
		if err := templatecheck.CheckHTML(p.Lookup("layout"), data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name := range pageData {
		if _, ok := pages[name]; !ok {
			t.Errorf("pageData names %s, which is no page", name)
		}
	}
}
