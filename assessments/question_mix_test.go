package assessments_test

import (
	"fmt"
	"strings"
	"testing"

	"pitchside/assessments"
)

// A mix of kinds is shown from eight questions on, with what people said of
// them in the place of what was suggested.
func TestMixOfQuestions(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{7: false, 8: true} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := newStage(t)
			a, err := s.StartAttempt(s.ctx, s.dana, s.dana.ID, "spi1-packaging-stoppages", assessments.FormTranscript)
			s.must(err)
			turns := []assessments.Turn{{Speaker: assessments.Rep, Text: strings.Repeat("We talk about the plant for a while now. ", 30)}}
			for i := range n {
				turns = append(turns, assessments.Turn{Speaker: assessments.Rep, Text: fmt.Sprintf("How many people work on shift %d?", i)}, assessments.Turn{Speaker: assessments.Buyer, Text: "Nine."})
			}
			_, err = s.SaveTranscript(s.ctx, s.dana, a.ID, turns, nil)
			s.must(err)
			_, err = s.CorrectTag(s.ctx, s.dana, a.ID, 0, assessments.TagImplication)
			s.must(err)
			c, err := s.Conversation(s.ctx, s.dana, a.ID)
			s.must(err)
			if (c.Mix != nil) != want {
				t.Fatalf("%d questions: %+v", n, c.Mix)
			}
			if want && (c.Mix[0].N != 7 || c.Mix[2].N != 1 || c.Mix[2].Confirmed != 1) {
				t.Errorf("%+v, want seven situations and one implication that a person named", c.Mix)
			}
		})
	}
}
