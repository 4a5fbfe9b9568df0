package web

import (
	"slices"
	"testing"
)

func TestTurnsOfSeveralBuyersAreTakenApart(t *testing.T) {
	t.Parallel()
	const two = "Nell and Davy Marsden, at their kitchen table"
	for _, c := range []struct {
		text, persona string
		want          []voice
	}{
		{"Nell: It’s too dear. Davy: Tea? (The kettle clicks.)", two, []voice{{"Nell", "It’s too dear."}, {"Davy", "Tea? (The kettle clicks.)"}}},
		{"(They look at each other.) Nell: Not tonight.", two, []voice{{"", "(They look at each other.)"}, {"Nell", "Not tonight."}}},
		{"Nell: One thing counts. Price: it’s on the fridge.", two, []voice{{"Nell", "One thing counts. Price: it’s on the fridge."}}},
		{"(They look at the kettle.)", two, nil},
		{"One thing: who does it?", "Gwen Pritchard, permits lead", nil},
	} {
		if got := voices(c.text, c.persona); !slices.Equal(got, c.want) {
			t.Errorf("voices(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}
