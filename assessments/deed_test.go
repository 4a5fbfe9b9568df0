package assessments_test

import "testing"

func TestDeedsAreWhatPeopleHandedInAndPassed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.released(s.ana, 4, 4, 4, 4, 4, 4)
	s.released(s.ben, 1, 1, 1, 1, 1, 1)
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
	if handed != 2 || passed != "Ana Ruiz" {
		t.Errorf("%d handed in, passed by %q; want 2, and Ana alone", handed, passed)
	}
}
