package assessments_test

import "testing"

func TestDeedsAreWhatPeopleHandedInAndPassed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.released(s.ana, 4, 4, 4, 4, 4, 4)
	s.released(s.ben, 1, 1, 1, 1, 1, 1)
	blind := s.consented() // what a round says of it counts nowhere
	s.round(true, []int64{blind}, s.ben, s.elsewhere)
	s.scoredBy(s.ben, blind, 5, 5, 5, 5, 5, 5)
	got, err := s.Deeds(s.ctx, []int64{s.dana.ID, s.mo.ID})
	s.must(err)
	handed, passed := 0, ""
	for _, d := range got {
		if d.PersonID != s.dana.ID || d.Scenario != scenario {
			t.Errorf("a deed is %+v", d)
		}
		if d.ByID == 0 {
			handed++
		} else {
			passed += d.By
		}
	}
	if handed != 3 || passed != "Ana Ruiz" {
		t.Errorf("%d handed in, passed by %q; want 3, and Ana alone", handed, passed)
	}
}
