package assessments_test

import (
	"testing"

	"pitchside/assessments"
	"pitchside/people"
)

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

// A friend's pass opens no gate, and neither does one that did not stand.
func TestOnlyAPassThatStandsIsADeed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	lea := s.person("Lea Moss", people.Rep)
	passes := func() (n int) {
		t.Helper()
		got, err := s.Deeds(s.ctx, []int64{s.dana.ID})
		s.must(err)
		for _, d := range got {
			if d.ByID != 0 {
				n++
			}
		}
		return n
	}
	id := s.submitted()
	s.must(s.AskPeer(s.ctx, s.dana, id, lea.ID))
	s.scoredBy(lea, id, 5, 5, 5, 5, 5, 5)
	if n := passes(); n != 0 {
		t.Errorf("a peer gave %d passes", n)
	}
	s.scoredBy(s.ana, id, 5, 5, 5, 5, 5, 5)
	d, err := s.Dispute(s.ctx, s.dana, id, 0, "That was kinder than the call was.")
	s.must(err)
	s.scoredBy(s.ben, id, 1, 1, 1, 1, 1, 1)
	if n := passes(); n != 1 {
		t.Errorf("%d passes before the outcome, want Ana’s", n)
	}
	_, err = s.SettleDispute(s.ctx, s.ben, d.ID, assessments.Changed, "The call was not led.")
	s.must(err)
	if n := passes(); n != 0 {
		t.Errorf("%d passes after the score was changed", n)
	}
	apart := s.submitted()
	s.scoredBy(s.ana, apart, 5, 5, 5, 5, 5, 5)
	s.scoredBy(s.ben, apart, 1, 1, 1, 1, 1, 1)
	s.scoredBy(s.elsewhere, apart, 2, 2, 2, 2, 2, 2)
	if n := passes(); n != 0 {
		t.Errorf("%d passes after a third person settled it", n)
	}
}
