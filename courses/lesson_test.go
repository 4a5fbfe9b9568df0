package courses_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestOpeningALessonBeginsItOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r, err := h.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	if r.Lesson.Title != "First" || len(r.Lesson.Questions) != 2 || r.Newer {
		t.Errorf("opened %q with %d checks, newer %v", r.Lesson.Title, len(r.Lesson.Questions), r.Newer)
	}
	_, err = h.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	if n := h.count(`select count(*) from lesson_progress where person_id = $1`, h.dana.ID); n != 1 {
		t.Errorf("%d lines in the ledger, want 1", n)
	}
	if n := h.count(`select count(*) from enrolments where person_id = $1 and last_lesson = 'first'`, h.dana.ID); n != 1 {
		t.Errorf("%d enrolments, want 1", n)
	}
	_, err = h.Open(h.ctx, h.dana, "asking", "nowhere")
	h.wants(fault.NotFound, err)
}

// A page of a lesson that is being read asks the database one thing.
func TestReadingOnCostsOneQuery(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	counted := &counting{DB: h.db}
	service := &courses.Service{DB: counted, Content: h.Content, Now: h.Now}
	_, err = service.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	if counted.n != 1 {
		t.Errorf("reading on took %d round trips, want 1", counted.n)
	}
}

// What is kept of a person's place never outlives a change of it, whichever
// server made the change.
func TestAnotherServersAnswerIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := &courses.Service{DB: h.DB, Content: h.Content, Now: h.Now}
	for range 2 {
		_, err := other.Open(h.ctx, h.dana, "asking", "first")
		h.must(err)
	}
	for i, change := range []func(){
		func() {
			_, err := h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-day", h.choice(true))
			h.must(err)
		},
		func() { h.must(h.SavePosition(h.ctx, h.dana, "asking", "first", "p-7")) },
		func() { h.exec(`update enrolments set quiz_passed_at = now() where person_id = $1`, h.dana.ID) },
		func() { h.exec(`delete from check_answers where person_id = $1`, h.dana.ID) },
	} {
		before, err := other.Open(h.ctx, h.dana, "asking", "first")
		h.must(err)
		change()
		after, err := other.Open(h.ctx, h.dana, "asking", "first")
		h.must(err)
		if cmp.Equal(before.Standing, after.Standing) {
			t.Errorf("change %d is not seen by the other server: %+v", i, after.Standing)
		}
	}
}

type counting struct {
	pg.DB
	n int
}

func (c *counting) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	c.n++
	return c.DB.Query(ctx, sql, args...)
}

func (c *counting) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	c.n++
	return c.DB.QueryRow(ctx, sql, args...)
}

// SendBatch counts once: its statements share one round trip.
func (c *counting) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	c.n++
	return c.DB.SendBatch(ctx, b)
}

func TestALessonEndsWhenItsChecksAreAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Finish(h.ctx, h.dana, h.dana.ID, "asking", "first")
	h.wants(fault.Invalid, err)
	if got := slices.Sorted(maps.Keys(fault.FieldsOf(err))); !cmp.Equal(got, []string{"q-day", "q-sum"}) {
		t.Errorf("unanswered %v, want both checks", got)
	}
	m, err := h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-day", h.choice(false))
	h.must(err)
	if m.Correct || m.Feedback != "Too wide." || m.Explanation != "A day can be remembered." {
		t.Errorf("marked %+v", m)
	}
	_, err = h.Finish(h.ctx, h.dana, h.dana.ID, "asking", "first")
	h.wants(fault.Invalid, err)
	if got := slices.Sorted(maps.Keys(fault.FieldsOf(err))); !cmp.Equal(got, []string{"q-sum"}) {
		t.Errorf("unanswered %v, want the second check", got)
	}
	h.finishFirst()
	complete, err := h.Finish(h.ctx, h.dana, h.dana.ID, "asking", "first")
	h.must(err)
	if complete {
		t.Error("the course is complete after one lesson")
	}
}

func TestTriesCountAnswersThatDiffer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, right := range []bool{false, false, true} {
		_, err := h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-day", h.choice(right))
		h.must(err)
	}
	r, err := h.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	if a := r.Standing.Answer("q-day"); a == nil || a.Tries != 2 || !a.Correct {
		t.Errorf("answer %+v, want the second of two tries, right", a)
	}
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, answer := range map[string]string{
		"another shape":  `{"a": 1}`,
		"another option": `"o00000000"`,
		"a NUL":          `"\u0000"`,
		"half a pair":    `"\ud800"`,
		"too long":       `"` + strings.Repeat("x", 70_000) + `"`,
		"no JSON":        `nothing`,
		"nothing":        ``,
	} {
		if _, err := h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-day", json.RawMessage(answer)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	_, err := h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-none", json.RawMessage(`"x"`))
	h.wants(fault.NotFound, err)
}

func TestACourseIsCompleteWithItsLessonsAndItsQuiz(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.finishFirst()
	complete, err := h.Finish(h.ctx, h.dana, h.dana.ID, "asking", "second")
	h.must(err)
	if complete {
		t.Error("complete without its quiz")
	}
	p, err := h.Place(h.ctx, h.dana, "asking")
	h.must(err)
	if p.NextHref() != "/learn/asking/quiz" || p.Done() != 2 {
		t.Errorf("goes on at %s with %d done, want the quiz and 2", p.NextHref(), p.Done())
	}
	for range 2 {
		h.must(pg.InTx(h.ctx, h.db, func(tx pgx.Tx) error { return h.QuizPassed(h.ctx, tx, h.dana.ID, "asking") }))
	}
	if p, err = h.Place(h.ctx, h.dana, "asking"); err != nil || p.State() != courses.Completed {
		t.Errorf("state %v, %v; want completed", p.State(), err)
	}
	if complete, err = h.Finish(h.ctx, h.dana, h.dana.ID, "plain", "only"); err != nil || !complete {
		t.Errorf("complete %v, %v; a course without a quiz ends with its lessons", complete, err)
	}
}

func TestPositionIsKeptAndResumed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	h.must(h.SavePosition(h.ctx, h.dana, "asking", "first", "p-2"))
	p, err := h.Place(h.ctx, h.dana, "asking")
	h.must(err)
	if p.NextHref() != "/learn/asking/first#p-2" {
		t.Errorf("goes on at %s, want the second paragraph", p.NextHref())
	}
	h.must(h.SavePosition(h.ctx, h.dana, "asking", "second", "p-2"))
	if n := h.count(`select count(*) from lesson_progress where person_id = $1`, h.dana.ID); n != 1 {
		t.Errorf("%d lessons begun; a position alone begins none", n)
	}
	h.wants(fault.Invalid, h.SavePosition(h.ctx, h.dana, "asking", "first", strings.Repeat("p", 101)))
}

func TestLearnersKeepTheVersionTheyBegan(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Open(h.ctx, h.dana, "asking", "second")
	h.must(err)
	h.publish(fstest.MapFS{"courses/asking/02-second.md": {Data: []byte("---\ntitle: Second, anew\nminutes: 5\n---\n\nAnother text.\n")}})
	r, err := h.Open(h.ctx, h.dana, "asking", "second")
	h.must(err)
	if r.Lesson.Title != "Second" || !r.Newer {
		t.Errorf("%q, newer %v; want the version begun, and to hear of the newer one", r.Lesson.Title, r.Newer)
	}
	if r, err = h.Open(h.ctx, h.eve, "asking", "second"); err != nil || r.Lesson.Title != "Second, anew" {
		t.Errorf("%q, %v; somebody new meets the published version", r.Lesson.Title, err)
	}
	h.exec(`update document_versions set minor = true where title = 'Second, anew'`)
	fresh := &courses.Service{DB: h.DB, Content: freshLibrary(h), Now: h.Now}
	if r, err = fresh.Open(h.ctx, h.dana, "asking", "second"); err != nil || r.Lesson.Title != "Second, anew" || r.Newer {
		t.Errorf("%q, newer %v, %v; a minor edit moves a learner along", r.Lesson.Title, r.Newer, err)
	}
}

func TestOpeningAtOnceBeginsALessonOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			if i%2 == 0 {
				_, errs[i] = h.Open(h.ctx, h.dana, "asking", "first")
			} else {
				_, errs[i] = h.Answer(h.ctx, h.dana, h.dana.ID, "asking", "first", "q-sum", json.RawMessage(`6`))
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		h.must(err)
	}
	if n := h.count(`select tries from check_answers where person_id = $1`, h.dana.ID); n != 1 {
		t.Errorf("%d tries of one answer sent at once, want 1", n)
	}
}

func TestNobodyLearnsInAnothersPlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Finish(h.ctx, h.ana, h.dana.ID, "asking", "second")
	h.wants(fault.Forbidden, err)
	_, err = h.Finish(h.ctx, h.eve, h.dana.ID, "asking", "second")
	h.wants(fault.NotFound, err)
	_, err = h.Answer(h.ctx, h.mo, h.dana.ID, "asking", "first", "q-sum", json.RawMessage(`7`))
	h.wants(fault.Forbidden, err)
	_, err = h.Finish(h.ctx, h.system, h.dana.ID, "asking", "second")
	h.must(err)
	done, err := h.Begin(h.ctx, h.system, h.dana.ID, "asking", "second")
	h.must(err)
	if !done {
		t.Error("opening a lesson again undid it")
	}
}
