package assessments_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

const everyKind = `---
pass: 60
attempts: 2
minutes: %d
draw: %d
---

### Which asks about an effect? {#q-single skill=question points=1}
- ( ) How old is it?
  > A fact.
- (x) What does it lead to?
  > An effect.
! Effects follow from problems.

### Which are needs? {#q-multiple skill=diagnose points=2}
- [x] I want it by noon.
  > A want.
- [x] I need one list.
  > A want.
- [ ] It breaks.
  > A problem.
! Needs say what would be different.

### One word? {#q-short skill=question points=1}
[[rework | the rework]]
! Follow the word.

### How many? {#q-numeric skill=diagnose points=1}
[[= 222 +- 2]]
! The sum.

### Match. {#q-matching skill=question points=2}
- Late -> Ask about the last one
  > A difficulty.
- Eleven thousand -> Ask what a warning would change
  > An effect.
! Follow the last thing said.

### Order. {#q-ordering skill=question points=2 order}
1. First
   > It opens.
2. Second
   > It rests on the first.
3. Third
   > It rests on both.
! Each rests on the one before.

### Say more. {#q-open points=3}
[[...]]
! A person reads this.
`

// quizzed is a stage with a course named tiny, whose quiz has every kind.
func quizzed(t *testing.T, minutes, draw int) stage {
	t.Helper()
	s := stageOn(t, pgtest.New(t))
	author := s.person("Ina Author", people.Author)
	got, err := s.Content.Import(s.ctx, author, fstest.MapFS{
		"courses/tiny/course.md": {Data: []byte("---\ntitle: Tiny\nattribution: Our own words.\n---\n\nTiny.\n")},
		"courses/tiny/quiz.md":   {Data: []byte(fmt.Sprintf(everyKind, minutes, draw))},
	}, true)
	s.must(err)
	if content.Failed(got.Problems) {
		t.Fatalf("the fixture does not lint: %+v", got.Problems)
	}
	return s
}

// keyed returns the answer to a question that earns everything.
func (s stage) keyed(id string) json.RawMessage {
	s.t.Helper()
	doc, err := s.Content.Published(s.ctx, content.KindQuiz, "tiny")
	s.must(err)
	if id == "q-open" {
		return json.RawMessage(`"In my own words."`)
	}
	return doc.Question(id).Key()
}

func TestAQuizFromDrawToEvidence(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 0)
	passed := []string{}
	s.OnQuizPassed = func(_ context.Context, _ pgx.Tx, _ int64, course string) error {
		passed = append(passed, course)
		return nil
	}
	p, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
	s.must(err)
	if len(p.Questions) != 7 || p.Attempt.Number != 1 || p.Attempt.Deadline != nil {
		t.Fatalf("started %d questions, attempt %d, deadline %v", len(p.Questions), p.Attempt.Number, p.Attempt.Deadline)
	}
	id := p.Attempt.ID
	for _, q := range p.Questions {
		s.must(s.AnswerQuiz(s.ctx, s.dana, id, q.ID, s.keyed(q.ID), ""))
	}
	doc, err := s.Content.Published(s.ctx, content.KindQuiz, "tiny")
	s.must(err)
	// Half of one, and one wrong.
	s.must(s.AnswerQuiz(s.ctx, s.dana, id, "q-multiple", json.RawMessage(`["`+doc.Question("q-multiple").Options[0].ID+`"]`), ""))
	s.must(s.AnswerQuiz(s.ctx, s.dana, id, "q-numeric", json.RawMessage(`219.9`), ""))
	r, err := s.SubmitQuiz(s.ctx, s.dana, id)
	s.must(err)
	if *r.Attempt.Score != 7 || *r.Attempt.MaxScore != 9 || !*r.Attempt.Passed {
		t.Errorf("score %v of %v, passed %v; want 7 of 9 (the open text counts neither way)", *r.Attempt.Score, *r.Attempt.MaxScore, *r.Attempt.Passed)
	}
	again, err := s.SubmitQuiz(s.ctx, s.dana, id)
	s.must(err)
	if *again.Attempt.Score != 7 || len(passed) != 1 || passed[0] != "tiny" {
		t.Errorf("handed in twice: score %v, passes told %v", *again.Attempt.Score, passed)
	}
	rows, err := s.db.Query(s.ctx, `select skill, source, rater, correct, items from evidence where person_id = $1 order by skill`, s.dana.ID)
	s.must(err)
	type line struct {
		Skill, Source, Rater string
		Correct              float64
		Items                int
	}
	got, err := pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	s.must(err)
	if want := []line{{"diagnose", "quiz", "quiz:tiny", 0.5, 2}, {"question", "quiz", "quiz:tiny", 4, 4}}; !cmp.Equal(got, want) {
		t.Errorf("evidence %v", cmp.Diff(want, got))
	}
	s.wants(fault.Conflict, s.AnswerQuiz(s.ctx, s.dana, id, "q-short", json.RawMessage(`"rework"`), ""))
}

func (s stage) wants(kind fault.Kind, err error) {
	s.t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		s.t.Fatalf("error %v, want a fault of kind %d", err, kind)
	}
}

func TestADrawIsFrozen(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 4)
	first, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
	s.must(err)
	if len(first.Questions) != 4 {
		t.Fatalf("drew %d questions, want 4", len(first.Questions))
	}
	s.must(s.AnswerQuiz(s.ctx, s.dana, first.Attempt.ID, first.Questions[0].ID, s.keyed(first.Questions[0].ID), ""))
	author := s.person("Another Author", people.Author)
	_, err = s.Content.Import(s.ctx, author, fstest.MapFS{"courses/tiny/quiz.md": {Data: []byte(strings.Replace(fmt.Sprintf(everyKind, 0, 2), "How old is it?", "How old?", 1))}}, true)
	s.must(err)
	for range 3 {
		again, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
		s.must(err)
		if again.Attempt.ID != first.Attempt.ID || !cmp.Equal(again.Questions, first.Questions) {
			t.Errorf("the draw changed: %v", cmp.Diff(first.Questions, again.Questions))
		}
		if len(again.Answers) != 1 {
			t.Errorf("%d answers kept, want 1", len(again.Answers))
		}
	}
	for _, q := range first.Questions {
		if q.Kind != content.Ordering {
			continue
		}
		var texts []string
		for _, o := range q.Options {
			texts = append(texts, o.Text)
		}
		if cmp.Equal(texts, []string{"First", "Second", "Third"}) {
			t.Error("the items to put in order came in order")
		}
	}
}

// What leaves before an attempt is handed in tells nothing of what is right.
func TestNoKeyLeavesBeforeHandingIn(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 0)
	p, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
	s.must(err)
	b, err := json.Marshal(p)
	s.must(err)
	for _, key := range []string{"An effect.", "A want.", "Effects follow", "rework", "222", "orrect", "eedback", "xplanation"} {
		if strings.Contains(string(b), key) {
			t.Errorf("the paper holds %q: %s", key, b)
		}
	}
}

func TestQuizAttemptsRunOut(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 0)
	for n := range 2 {
		p, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
		s.must(err)
		if p.Attempt.Number != n+1 {
			t.Errorf("attempt %d, want %d", p.Attempt.Number, n+1)
		}
		r, err := s.SubmitQuiz(s.ctx, s.dana, p.Attempt.ID)
		s.must(err)
		if *r.Attempt.Score != 0 || *r.Attempt.Passed || r.Answers[0].Answer != nil {
			t.Errorf("handed in empty: %+v", r.Attempt)
		}
	}
	_, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
	s.wants(fault.Conflict, err)
	if _, err := s.StartQuiz(s.ctx, s.ana, s.ana.ID, "tiny"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	stats, err := s.QuizStatistics(s.ctx, s.ana, "tiny")
	s.must(err)
	if stats.N != 1 || len(stats.Items) != 6 || stats.Items[0].N != 1 || stats.Items[0].State != "counts_only" || stats.Items[0].Facility != nil {
		t.Errorf("statistics %+v; want one first attempt, in counts", stats)
	}
}

func TestTheServerKeepsTheTime(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 10, 0)
	p, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
	s.must(err)
	if !p.Attempt.Deadline.Equal(s.clock.Add(10 * time.Minute)) {
		t.Errorf("deadline %v, want ten minutes on", p.Attempt.Deadline)
	}
	s.later(9 * time.Minute)
	s.must(s.AnswerQuiz(s.ctx, s.dana, p.Attempt.ID, "q-single", s.keyed("q-single"), ""))
	s.later(2 * time.Minute)
	s.wants(fault.Conflict, s.AnswerQuiz(s.ctx, s.dana, p.Attempt.ID, "q-short", json.RawMessage(`"rework"`), ""))
	r, err := s.QuizResult(s.ctx, s.dana, p.Attempt.ID)
	s.must(err)
	if *r.Attempt.Score != 1 || !r.Attempt.SubmittedAt.Equal(*p.Attempt.Deadline) {
		t.Errorf("handed in with %v at %v; want what was saved, at the deadline", *r.Attempt.Score, r.Attempt.SubmittedAt)
	}
	second, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
	s.must(err)
	s.later(time.Hour)
	if seen, err := s.Paper(s.ctx, s.dana, second.Attempt.ID); err != nil || seen.Attempt.SubmittedAt == nil {
		t.Errorf("looking at it an hour later: %+v, %v; want it handed in", seen.Attempt, err)
	}
}

func TestQuizzesAreTakenInPerson(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 0)
	_, err := s.StartQuiz(s.ctx, s.ana, s.dana.ID, "tiny")
	s.wants(fault.Forbidden, err)
	_, err = s.StartQuiz(s.ctx, s.elsewhere, s.dana.ID, "tiny")
	s.wants(fault.NotFound, err)
	_, err = s.StartQuiz(s.ctx, s.dana, s.dana.ID, "none")
	s.wants(fault.NotFound, err)
	p, err := s.StartQuiz(s.ctx, s.system, s.dana.ID, "tiny")
	s.must(err)
	for _, by := range []people.Actor{s.ana, s.mo, s.admin} {
		_, err := s.Paper(s.ctx, by, p.Attempt.ID)
		s.wants(fault.NotFound, err)
		s.wants(fault.NotFound, s.AnswerQuiz(s.ctx, by, p.Attempt.ID, "q-short", json.RawMessage(`"x"`), ""))
		_, err = s.SubmitQuiz(s.ctx, by, p.Attempt.ID)
		s.wants(fault.NotFound, err)
	}
	_, err = s.QuizResult(s.ctx, s.dana, p.Attempt.ID)
	s.wants(fault.Conflict, err)
	s.wants(fault.NotFound, s.AnswerQuiz(s.ctx, s.dana, p.Attempt.ID, "q-none", json.RawMessage(`"x"`), ""))
	s.wants(fault.Invalid, s.AnswerQuiz(s.ctx, s.dana, p.Attempt.ID, "q-single", json.RawMessage(`["x"]`), ""))
}

func TestStartingAndHandingInAtOnce(t *testing.T) {
	t.Parallel()
	s := quizzed(t, 0, 0)
	ids, scores := make([]int64, 6), make([]float64, 6)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			p, err := s.StartQuiz(s.ctx, s.dana, s.dana.ID, "tiny")
			if err != nil {
				t.Error(err)
			}
			ids[i] = p.Attempt.ID
		})
	}
	wg.Wait()
	for i := range ids {
		wg.Go(func() {
			r, err := s.SubmitQuiz(s.ctx, s.dana, ids[i])
			if err != nil {
				t.Error(err)
				return
			}
			scores[i] = *r.Attempt.MaxScore
		})
	}
	wg.Wait()
	for i := range ids {
		if ids[i] != ids[0] || math.Abs(scores[i]-9) > 1e-9 {
			t.Errorf("attempts %v with maxima %v; want one", ids, scores)
		}
	}
	if n := s.count(`select count(*) from evidence where person_id = $1`, s.dana.ID); n != 2 {
		t.Errorf("%d pieces of evidence, want one for each of two skills", n)
	}
}
