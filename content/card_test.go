package content_test

import (
	"testing"

	"pitchside/content"

	"github.com/google/go-cmp/cmp"
)

func TestBuyerCardNamesWhatMayComeUp(t *testing.T) {
	t.Parallel()
	var s *content.Scenario
	for _, d := range builtIn(t) {
		if d.Kind != content.KindScenario {
			continue
		}
		if d.Slug == "spi1-packaging-stoppages" {
			s = d.Scenario
		}
		if len(d.Scenario.Facts) < 2 || len(d.Scenario.Objections) < 2 {
			t.Errorf("%s: %d hidden facts and %d objections are read from its buyer card", d.Slug, len(d.Scenario.Facts), len(d.Scenario.Objections))
		}
		for _, one := range append(d.Scenario.Facts, d.Scenario.Objections...) {
			if one.Name == "" || len(one.Name) > 160 {
				t.Errorf("%s: an item is called %q", d.Slug, one.Name)
			}
		}
	}
	want := []content.Trigger{{Name: "“That’s normal”", When: "once, early, and he means it"}, {Name: "“What do those run to?”", When: "the moment you describe the product, whenever that is"},
		{Name: "“What’s in that for Bev?”", When: "if the step you ask for is bigger than what you have earned"}}
	if diff := cmp.Diff(want, s.Objections); diff != "" {
		t.Errorf("objections (-want +got):\n%s", diff)
	}
	var names []string
	for _, f := range s.Facts {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"The load", "The order", "The figure", "Kyle", "The need"}, names); diff != "" {
		t.Errorf("hidden facts (-want +got):\n%s", diff)
	}
}
