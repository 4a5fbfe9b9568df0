package assessments_test

import (
	"context"
	"encoding/json"
	"testing"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/jackc/pgx/v5"
)

// An answer in somebody's own words is read by those who lead them; its points
// count at once, and turn what was not passed into a pass.
func TestOpenAnswersAreRead(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 0)
	passed := 0
	s.OnQuizPassed = func(context.Context, pgx.Tx, int64, string) error {
		passed++
		return nil
	}
	p, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
	s.must(err)
	id := p.Attempt.ID
	for _, q := range []string{"q-matching", "q-ordering", "q-single"} { // 5 of 9
		s.must(s.AnswerQuiz(s.ctx, s.dana, id, q, s.keyed(q), assessments.Sure))
	}
	s.must(s.AnswerQuiz(s.ctx, s.dana, id, "q-short", json.RawMessage(`"late"`), assessments.Sure))
	s.must(s.AnswerQuiz(s.ctx, s.dana, id, "q-open", json.RawMessage(`"She said it costs a day."`), ""))
	s.wants(fault.Invalid, s.AnswerQuiz(s.ctx, s.dana, id, "q-open", json.RawMessage(`"x"`), "very"))
	r, err := s.SubmitQuiz(s.ctx, s.dana, id)
	s.must(err)
	if r.Attempt.HasPassed() || r.Unread() != 1 || *r.Attempt.MaxScore != 9 {
		t.Fatalf("%+v, want 5 of 9 not passed, one answer unread", r.Attempt)
	}
	if sure := r.Sureness(); len(sure) != 1 || sure[0].N != 4 || sure[0].Right != 3 {
		t.Errorf("%+v, want three of the four sure answers right", sure)
	}
	waiting, err := s.OpenAnswers(s.ctx, s.ana, 10)
	s.must(err)
	if len(waiting) != 1 || waiting[0].Answer != "She said it costs a day." || waiting[0].Question.ID != "q-open" {
		t.Fatalf("%+v waits for the coach", waiting)
	}
	for _, list := range [][]assessments.OpenAnswer{s.open(s.OpenAnswers(s.ctx, s.dana, 10)), s.open(s.OpenAnswers(s.ctx, s.elsewhere, 10))} {
		if len(list) != 0 {
			t.Errorf("out of sight and listed: %+v", list)
		}
	}
	_, err = s.ScoreAnswer(s.ctx, s.dana, id, "q-open", 3, "")
	s.wants(fault.NotFound, err)
	_, err = s.ScoreAnswer(s.ctx, s.elsewhere, id, "q-open", 3, "")
	s.wants(fault.NotFound, err)
	_, err = s.ScoreAnswer(s.ctx, s.ana, id, "q-open", 3.5, "")
	s.wants(fault.Invalid, err)
	_, err = s.ScoreAnswer(s.ctx, s.ana, id, "q-single", 1, "")
	s.wants(fault.Conflict, err)
	_, err = s.ScoreAnswer(s.ctx, s.ana, id, "q-open", 3, "You named the effect.")
	s.must(err)
	a, err := s.ScoreAnswer(s.ctx, s.ana, id, "q-open", 2.5, "You named the effect, in her words.")
	s.must(err)
	if *a.Score != 7.5 || *a.MaxScore != 12 || !a.HasPassed() || passed != 1 {
		t.Errorf("%v of %v, passed %v, told %d times; want 7.5 of 12, a pass told once", *a.Score, *a.MaxScore, a.HasPassed(), passed)
	}
	r, err = s.QuizResult(s.ctx, s.dana, id)
	s.must(err)
	last := r.Answers[len(r.Answers)-1]
	for _, m := range r.Answers {
		if m.Question.ID == "q-open" {
			last = m
		}
	}
	if r.Unread() != 0 || last.Result.Earned != 2.5 || last.Reader != "Ana Ruiz" || last.Comment == "" {
		t.Errorf("the result shows %+v", last)
	}
	var live, all int
	s.must(s.db.QueryRow(s.ctx, `select count(*) filter (where superseded_by is null), count(*) from evidence where person_id = $1`, s.dana.ID).Scan(&live, &all))
	if live != 2 || all != 6 {
		t.Errorf("%d pieces of evidence stand of %d, want 2 of 6: what was shown before is superseded and kept", live, all)
	}
}

func (s stage) open(list []assessments.OpenAnswer, err error) []assessments.OpenAnswer {
	s.t.Helper()
	s.must(err)
	return list
}

// A further attempt asks what the first did not, as far as the bank goes.
func TestARetryAsksOtherQuestions(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 3)
	seen := map[string]int{}
	for range 2 {
		p, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
		s.must(err)
		for _, d := range p.Attempt.Draw {
			seen[d.Question]++
		}
		_, err = s.SubmitQuiz(s.ctx, s.dana, p.Attempt.ID)
		s.must(err)
	}
	if len(seen) != 6 {
		t.Errorf("two attempts at three of seven questions asked %v", seen)
	}
}
