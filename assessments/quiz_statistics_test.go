package assessments_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"pitchside/assessments"
	"pitchside/people"
)

// crowd takes a quiz of six choices as so many persons, the able ones more often
// right; the key of the last question is wrong, so that they fall for it.
func crowd(t *testing.T, persons int) (stage, assessments.QuizStatistics) {
	t.Helper()
	s := newStage(t)
	quiz := "---\npass: 60\nshuffle: false\n---\n"
	for i := range 6 {
		quiz += fmt.Sprintf("\n### Question %d? {#q-item-%d skill=question}\n- (x) Right\n  > Yes.\n- ( ) Wrong\n  > No.\n- ( ) Silly\n  > No.\n! Because.\n", i+1, i+1)
	}
	_, err := s.Content.Import(s.ctx, s.person("An author", people.Author), fstest.MapFS{
		"courses/crowd/course.md": {Data: []byte("---\ntitle: Crowd\nattribution: ours\n---\n")}, "courses/crowd/quiz.md": {Data: []byte(quiz)},
		"courses/crowd/01-one.md": {Data: []byte("---\ntitle: One\n---\nText.\n")},
	}, true)
	s.must(err)
	rng := rand.New(rand.NewPCG(3, 5))
	for i := range persons {
		who := s.person(fmt.Sprintf("Person %d", i), people.Rep)
		p, err := s.StartQuiz(s.ctx, who, who.ID, "crowd")
		s.must(err)
		able := rng.Float64()
		for _, q := range p.Questions {
			pick := 1
			if rng.Float64() < able {
				pick = 0
			}
			if strings.HasSuffix(q.ID, "-6") {
				pick = 1 - pick // miskeyed
			}
			s.must(s.AnswerQuiz(s.ctx, who, p.Attempt.ID, q.ID, fmt.Appendf(nil, "%q", q.Options[pick].ID), ""))
		}
		_, err = s.SubmitQuiz(s.ctx, who, p.Attempt.ID)
		s.must(err)
	}
	stats, err := s.QuizStatistics(s.ctx, s.ana, "crowd")
	s.must(err)
	return s, stats
}

// Rule R5 at its edges, a wrong key found, and rule R6 on a result.
func TestQuestionsAreJudgedByTheirFirstAttempts(t *testing.T) {
	t.Parallel()
	s, q := crowd(t, 100)
	if q.N != 100 || q.Reliability.State != "shown" || q.Reliability.KR20 == nil || q.Reliability.SEM == nil {
		t.Fatalf("%+v after a hundred first attempts", q.Reliability)
	}
	first, last := q.Items[0], q.Items[5]
	if first.State != "shown" || first.Discrimination == nil || *first.Discrimination < .2 || first.Look() != "" {
		t.Errorf("a good question: %+v, look %q", first, first.Look())
	}
	if last.Look() == "" || *last.Discrimination > 0 || !strings.Contains(last.Options[1].Flag, "top group") {
		t.Errorf("a wrong key is not found: %+v", last)
	}
	if !strings.Contains(first.Options[2].Flag, "fewer than 5") || first.Options[0].N+first.Options[1].N != 100 || first.Options[0].Top <= first.Options[0].Bottom {
		t.Errorf("the options: %+v", first.Options)
	}
	var id int64
	s.must(s.db.QueryRow(s.ctx, `select id from quiz_attempts where course = 'crowd' and round((100 * score / max_score)::numeric) = 67 limit 1`).Scan(&id))
	r, err := s.QuizResult(s.ctx, s.system, id)
	s.must(err)
	half := 1.96 * *r.Close.SEM
	if (r.Close.State == "too_close_to_call") != (math.Abs(r.Attempt.Percent()-60) < half) || r.Close.Chance == nil {
		t.Errorf("%+v, at %.0f of 100", r.Close, r.Attempt.Percent())
	}
}

func TestTooFewFirstAttempts(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]struct{ item, whole string }{29: {"counts_only", "counts_only"}, 30: {"range_only", "range_only"}} {
		t.Run(fmt.Sprint(n), func(t *testing.T) { fewTries(t, n, want.item, want.whole) })
	}
}

func fewTries(t *testing.T, n int, item, whole string) {
	s, q := crowd(t, n)
	i := q.Items[0]
	if i.State != item || q.Reliability.State != whole || i.Facility != nil || i.Discrimination != nil || q.Reliability.KR20 != nil || q.Reliability.SEM != nil {
		t.Errorf("%d first attempts: %+v, %+v", n, i, q.Reliability)
	}
	if (i.Low == nil) != (item == "counts_only") || (q.Reliability.Low == nil) != (whole == "counts_only") {
		t.Errorf("%d first attempts: ranges %v %v", n, i.Low, q.Reliability.Low)
	}
	var id int64
	s.must(s.db.QueryRow(s.ctx, `select max(id) from quiz_attempts where course = 'crowd'`).Scan(&id))
	r, err := s.QuizResult(s.ctx, s.system, id)
	s.must(err)
	if r.Close.State != "hidden" || r.Close.SEM != nil || !strings.Contains(r.Close.Reason, fmt.Sprintf("%d of ", n)) {
		t.Errorf("%d first attempts: %+v", n, r.Close)
	}
}
