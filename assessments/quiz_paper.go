package assessments

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A Paper is an attempt in front of the person who takes it: its questions
// without their keys, in their frozen order, and the answers saved so far.
type Paper struct {
	Attempt   QuizAttempt
	Questions []content.PublicQuestion
	Answers   map[string]SavedAnswer // by question id
}

// A SavedAnswer is an answer as it was given, and when it was saved. Earned is
// what a person who read it gave, nil until then.
type SavedAnswer struct {
	Question   string
	Answer     json.RawMessage
	AnsweredAt time.Time
	Certainty  Certainty
	Earned     *float64
	Reader     *string
	Comment    string
}

// QuizRule returns what the published quiz of a course asks, or that of a
// course which is retired.
func (s *Service) QuizRule(ctx context.Context, course string) (QuizRule, error) {
	_, rule, err := s.quiz(ctx, course)
	return rule, err
}

// RuleOf returns what the quiz asks in the version that an attempt began with.
func (s *Service) RuleOf(ctx context.Context, a QuizAttempt) (QuizRule, error) {
	doc, err := s.quizVersion(ctx, a.VersionID)
	if err != nil {
		return QuizRule{}, err
	}
	return ruleOf(doc), nil
}

// quiz returns the published quiz of a course, or that of a retired one: who
// may still take it, the room that knows who has begun has to say.
func (s *Service) quiz(ctx context.Context, course string) (*content.Quiz, QuizRule, error) {
	doc, err := s.Content.Published(ctx, content.KindQuiz, course)
	if fault.KindOf(err) == fault.NotFound {
		if of, gone := s.Content.Published(ctx, content.KindCourse, course); fault.KindOf(gone) == fault.NotFound && of == nil {
			doc, err = s.Content.Last(ctx, content.KindQuiz, course)
		}
	}
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil, QuizRule{}, fault.NotFoundf("The course %q has no quiz.", course)
	case err != nil:
		return nil, QuizRule{}, err
	case doc.Quiz == nil || len(doc.Quiz.Questions) == 0:
		return nil, QuizRule{}, fault.NotFoundf("This quiz has no questions yet. Its author adds them in the Studio.")
	}
	return doc.Quiz, ruleOf(doc), nil
}

func ruleOf(doc *content.Document) QuizRule {
	q := doc.Quiz
	r := QuizRule{Course: doc.Slug, Version: doc.VersionID, Pass: q.Pass, Attempts: q.Attempts, Draw: q.Draw, Bank: len(q.Questions), Minutes: q.Minutes, Certainty: q.Certainty}
	if r.Draw == 0 || r.Draw > r.Bank {
		r.Draw = r.Bank
	}
	return r
}

// quizVersion returns the version of a quiz that an attempt was drawn from.
func (s *Service) quizVersion(ctx context.Context, version int64) (*content.Document, error) {
	doc, err := s.Content.Version(ctx, version)
	if err == nil && doc.Quiz == nil {
		err = fault.Conflictf("The version of the quiz that this attempt began with cannot be read. Tell its author.")
	}
	return doc, err
}

// draw chooses the questions of an attempt and the order of their options: as
// far as the bank goes, those that the attempts before it did not have, so
// that a retry asks other questions. What has to be put in order or matched
// with is always mixed.
func draw(q *content.Quiz, before []QuizAttempt) []Drawn {
	questions := slices.Clone(q.Questions)
	if n := q.Draw; n > 0 && n < len(questions) {
		questions = some(questions, n, before)
	}
	if q.Shuffle {
		rand.Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })
	}
	var out []Drawn
	for _, k := range questions {
		d := Drawn{Question: k.ID, Order: []string{}}
		public := k.Public()
		list := public.Options
		if k.Kind == content.Matching {
			list = public.Right
		}
		for _, o := range list {
			d.Order = append(d.Order, o.ID)
		}
		if q.Shuffle {
			mix(k, d.Order)
		}
		out = append(out, d)
	}
	return out
}

// some chooses n of the questions, those least often asked before first, and
// leaves them in the order written.
func some(questions []*content.Question, n int, before []QuizAttempt) []*content.Question {
	asked := map[string]int{}
	for _, a := range before {
		for _, d := range a.Draw {
			asked[d.Question]++
		}
	}
	chosen := rand.Perm(len(questions))
	slices.SortStableFunc(chosen, func(a, b int) int { return asked[questions[a].ID] - asked[questions[b].ID] })
	chosen = chosen[:n]
	slices.Sort(chosen)
	out := make([]*content.Question, n)
	for i, k := range chosen {
		out[i] = questions[k]
	}
	return out
}

// mix shuffles the order of options, never into the order that is the answer.
func mix(q *content.Question, order []string) {
	rightOrder := func() bool {
		return q.Kind == content.Ordering && slices.EqualFunc(order, q.Options, func(id string, o content.Option) bool { return id == o.ID })
	}
	for range 20 {
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if !rightOrder() {
			return
		}
	}
}

// drawn returns a question of a draw with its key, and its public face in the
// frozen order; nil if the draw does not hold it.
func drawn(quiz *content.Quiz, frozen []Drawn, id string) (*content.Question, content.PublicQuestion) {
	d := slices.IndexFunc(frozen, func(d Drawn) bool { return d.Question == id })
	k := slices.IndexFunc(quiz.Questions, func(q *content.Question) bool { return q.ID == id })
	if d < 0 || k < 0 {
		return nil, content.PublicQuestion{}
	}
	q := quiz.Questions[k]
	p := q.Public()
	at := func(o content.PublicOption) int { return slices.Index(frozen[d].Order, o.ID) }
	by := func(a, b content.PublicOption) int { return at(a) - at(b) }
	if q.Kind == content.Matching {
		slices.SortFunc(p.Right, by)
	} else {
		slices.SortFunc(p.Options, by)
	}
	return q, p
}

// paper puts an attempt before the person.
func (s *Service) paper(ctx context.Context, q pg.Querier, a QuizAttempt) (Paper, error) {
	doc, err := s.quizVersion(ctx, a.VersionID)
	if err != nil {
		return Paper{}, err
	}
	p := Paper{Attempt: a}
	for _, d := range a.Draw {
		if k, public := drawn(doc.Quiz, a.Draw, d.Question); k != nil {
			p.Questions = append(p.Questions, public)
		}
	}
	p.Answers, err = savedAnswers(ctx, q, a.ID)
	return p, err
}

func savedAnswers(ctx context.Context, q pg.Querier, attemptID int64) (map[string]SavedAnswer, error) {
	rows, err := pg.All[SavedAnswer](ctx, q, `select k.question, k.answer, k.answered_at, coalesce(k.certainty, '') as certainty,
			case when k.scored_at is not null then k.earned end as earned, p.name as reader, k.comment
		from quiz_answers k left join persons p on p.id = k.scored_by where k.attempt_id = $1`, attemptID)
	if err != nil {
		return nil, err
	}
	out := map[string]SavedAnswer{}
	for _, r := range rows {
		out[r.Question] = r
	}
	return out, nil
}

// readable returns an answer as it can be kept; it is Invalid if the question
// cannot be answered with it. It says nothing of whether the answer is right.
func readable(q *content.Question, answer json.RawMessage) (json.RawMessage, error) {
	answer, err := content.CleanAnswer(answer)
	if err == nil {
		_, err = content.Mark(q, answer)
	}
	return answer, err
}

// A QuizResult is an attempt that was handed in, marked.
type QuizResult struct {
	Attempt QuizAttempt
	Rule    QuizRule
	Answers []MarkedAnswer // in the order of the paper
	Close   Closeness
}

// Unread counts the answers that a person has still to read.
func (r QuizResult) Unread() int {
	n := 0
	for _, a := range r.Answers {
		if a.Result.Pending && a.Answer != nil {
			n++
		}
	}
	return n
}

// A Sureness is how many of the answers that somebody was so sure of were right.
type Sureness struct {
	Certainty Certainty
	N, Right  int
}

// Sureness counts right answers by how sure the person was of them; nothing
// for those of whom it was not said.
func (r QuizResult) Sureness() []Sureness {
	var out []Sureness
	for _, c := range []Certainty{Sure, Fairly, Guess} {
		s := Sureness{Certainty: c}
		for _, a := range r.Answers {
			if a.Sure == c && !a.Result.Pending {
				s.N++
				if a.Result.Correct {
					s.Right++
				}
			}
		}
		if s.N > 0 {
			out = append(out, s)
		}
	}
	return out
}

// Right counts the answers that earned everything.
func (r QuizResult) Right() int {
	n := 0
	for _, a := range r.Answers {
		if a.Result.Correct {
			n++
		}
	}
	return n
}

// A MarkedAnswer is one question of a marked attempt, with its key.
type MarkedAnswer struct {
	Question *content.Question
	Public   content.PublicQuestion
	Answer   json.RawMessage // nil: not answered
	Result   content.Result
	Sure     Certainty
	Reader   string // who read an open answer; empty: nobody yet
	Comment  string
}

// result marks an attempt that was handed in once more, for showing: the marks
// are those of the version that it began with, so they are always the same.
func (s *Service) result(ctx context.Context, q pg.Querier, a QuizAttempt) (QuizResult, error) {
	doc, err := s.quizVersion(ctx, a.VersionID)
	if err != nil {
		return QuizResult{}, err
	}
	answers, err := savedAnswers(ctx, q, a.ID)
	if err != nil {
		return QuizResult{}, err
	}
	r := QuizResult{Attempt: a, Rule: ruleOf(doc)}
	r.Answers, err = markAll(doc.Quiz, a, answers)
	return r, err
}

func markAll(quiz *content.Quiz, a QuizAttempt, answers map[string]SavedAnswer) ([]MarkedAnswer, error) {
	var out []MarkedAnswer
	for _, d := range a.Draw {
		q, public := drawn(quiz, a.Draw, d.Question)
		if q == nil {
			continue
		}
		m := MarkedAnswer{Question: q, Public: public, Result: content.Result{Max: q.Points, Explanation: q.Explanation, Pending: q.Kind == content.Open}}
		if saved, ok := answers[q.ID]; ok {
			m.Answer, m.Sure, m.Comment = saved.Answer, saved.Certainty, saved.Comment
			var err error
			if m.Result, err = content.Mark(q, saved.Answer); err != nil {
				return nil, err
			}
			if saved.Earned != nil && q.Kind == content.Open {
				m.Result.Pending, m.Result.Earned, m.Result.Correct = false, *saved.Earned, *saved.Earned > q.Points-1e-9
				m.Reader = *saved.Reader
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// mark closes an open attempt: it marks what was saved, records the evidence
// and tells whoever waits for a pass, all in the caller's transaction.
func (s *Service) mark(ctx context.Context, tx pgx.Tx, a QuizAttempt) (QuizAttempt, error) {
	doc, err := s.quizVersion(ctx, a.VersionID)
	if err != nil {
		return a, err
	}
	at := s.Now().Truncate(time.Microsecond) // as PostgreSQL keeps it
	if a.Deadline != nil && at.After(*a.Deadline) {
		at = *a.Deadline
	}
	a.SubmittedAt = &at
	return s.settle(ctx, tx, a, doc.Quiz, false)
}

// settle sums an attempt that is handed in. Open answers count neither way
// until a person has read them; then they count, and may turn what was not
// passed into a pass, never the other way: a pass that somebody was told of
// stands. again: it was summed before, and what it showed of skills is replaced.
func (s *Service) settle(ctx context.Context, tx pgx.Tx, a QuizAttempt, quiz *content.Quiz, again bool) (QuizAttempt, error) {
	answers, err := savedAnswers(ctx, tx, a.ID)
	if err != nil {
		return a, err
	}
	marked, err := markAll(quiz, a, answers)
	if err != nil {
		return a, err
	}
	score, most := 0.0, 0.0
	for _, m := range marked {
		args := pgx.NamedArgs{"attempt": a.ID, "question": m.Question.ID, "earned": m.Result.Earned, "max": m.Result.Max, "correct": m.Result.Correct}
		if m.Result.Pending {
			if _, err := tx.Exec(ctx, `update quiz_answers set awaits = true where attempt_id = @attempt and question = @question`, args); err != nil {
				return a, err
			}
			continue
		}
		score += m.Result.Earned
		most += m.Result.Max
		if _, err := tx.Exec(ctx, `update quiz_answers set earned = @earned, max = @max, correct = @correct where attempt_id = @attempt and question = @question`, args); err != nil {
			return a, err
		}
	}
	before := a.HasPassed()
	// A hair of slack, so that sums of halves and thirds do not miss the mark.
	passed := before || most > 0 && 100*score/most >= quiz.Pass-1e-9
	a.Score, a.MaxScore, a.Passed = &score, &most, &passed
	if _, err := tx.Exec(ctx, `update quiz_attempts set submitted_at = @at, score = @score, max_score = @max, passed = @passed where id = @id`,
		pgx.NamedArgs{"id": a.ID, "at": a.SubmittedAt, "score": score, "max": most, "passed": passed}); err != nil {
		return a, err
	}
	if err := quizEvidence(ctx, tx, a, marked, again); err != nil {
		return a, err
	}
	if passed && !before && s.OnQuizPassed != nil {
		return a, s.OnQuizPassed(ctx, tx, a.PersonID, a.Course)
	}
	return a, nil
}
