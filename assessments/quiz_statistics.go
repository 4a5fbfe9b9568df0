package assessments

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// QuizStatistics is how one version of a quiz does. Only first attempts count,
// and only those that are handed in.
type QuizStatistics struct {
	Version     int // number of the version
	N           int
	Passed      int
	Items       []QuizItem
	Reliability QuizReliability

	quality stats.TestQuality
}

// A QuizReliability is how far the scores of a quiz can be told apart. KR20 is
// Cronbach's alpha, which for right and wrong is KR-20; SEM, Mean and SD are in
// percent of the points. What rule R5 hides is nil.
type QuizReliability struct {
	State     string // counts_only, range_only, shown or undefined
	Reason    string
	N         int // first attempts that had two questions in common, on average
	Items     int // in one attempt, on average
	KR20      *float64
	Low, High *float64
	SEM       *float64
	Mean, SD  *float64
}

// A QuizItem is how one question does. What rule R5 hides is nil.
type QuizItem struct {
	Question  string
	Text      string
	Kind      content.QuestionKind
	N         int // first attempts that drew it
	Correct   int
	State     string // counts_only, range_only or shown
	Reason    string
	Facility  *float64 // share that was right
	Low, High *float64
	// Discrimination is the correlation of the points for the question with
	// those for the rest of the attempt.
	Discrimination         *float64
	DiscriminationLow      *float64
	DiscriminationHigh     *float64
	Options                []QuizOption // of a choice, once its counts say something
	unseparated, misplaced bool
}

// A QuizOption is how often an option was chosen: by all, and by the 27 in 100
// with the highest and the lowest scores.
type QuizOption struct {
	Text        string
	Correct     bool
	N           int
	Top, Bottom int
	Flag        string // why to look at it; empty: nothing stands out
}

// Thresholds of rule R5, in first attempts, and of what is worth a look.
const (
	itemRange    = 30  // an interval is shown
	itemShown    = 100 // the figure itself is shown
	fewestItems  = 5   // of an attempt, for a reliability
	rarelyChosen = .05 // share of an option that misleads nobody
	topShare     = .27 // Kelley's groups of the highest and lowest
	weak         = .10 // corrected item-total correlation below which a question tells nobody apart
)

// judge applies rule R5 to what is counted.
func (i *QuizItem) judge(of stats.ItemStat) {
	switch {
	case i.N < itemRange:
		i.State = "counts_only"
		i.Reason = fmt.Sprintf("%d of %d first attempts", i.N, itemRange)
		return
	case i.N < itemShown:
		i.State = "range_only"
		i.Reason = fmt.Sprintf("%d of %d first attempts: a range only", i.N, itemShown)
	default:
		i.State = "shown"
		share := float64(i.Correct) / float64(i.N)
		i.Facility = &share
	}
	low, high := stats.Wilson(i.Correct, i.N, confidence)
	i.Low, i.High = &low, &high
	if !of.RestOK {
		return
	}
	z, half := math.Atanh(of.Rest), stats.NormalQuantile(1-(1-confidence)/2)/math.Sqrt(float64(i.N-3))
	below, above := math.Tanh(z-half), math.Tanh(z+half)
	i.DiscriminationLow, i.DiscriminationHigh = &below, &above
	if i.State == "shown" {
		rest := of.Rest
		i.Discrimination, i.unseparated = &rest, rest < weak
	}
}

const confidence = .95

// Look says why a question deserves a look by its author; empty: it does not.
func (i QuizItem) Look() string {
	switch {
	case i.misplaced:
		return "A wrong option is chosen more by those who do best: is it the key?"
	case i.unseparated:
		return "It hardly tells those who know from those who do not."
	case i.Facility != nil && *i.Facility > .95:
		return "Nearly everybody gets it right."
	}
	return ""
}

// A firstTry is somebody's first attempt, question by question.
type firstTry struct {
	earned map[string]float64 // share of the points; drawn and not answered: 0
	chosen map[string][]string
	share  float64 // of the points of the attempt
}

// QuizStatistics returns how the questions of a course's quiz do, for those
// who write, coach or manage. It names nobody.
func (s *Service) QuizStatistics(ctx context.Context, _ people.Actor, course string) (QuizStatistics, error) {
	_, rule, err := s.quiz(ctx, course)
	if err != nil {
		return QuizStatistics{}, err
	}
	return s.quizStatistics(ctx, rule.Version)
}

func (s *Service) quizStatistics(ctx context.Context, version int64) (QuizStatistics, error) {
	doc, err := s.quizVersion(ctx, version)
	if err != nil {
		return QuizStatistics{}, err
	}
	tries, passed, err := s.firstTries(ctx, version)
	if err != nil {
		return QuizStatistics{}, fmt.Errorf("reading first attempts: %w", err)
	}
	out := QuizStatistics{Version: doc.Number, N: len(tries), Passed: passed}
	var closed []*content.Question
	for _, q := range doc.Quiz.Questions {
		if q.Kind != content.Open {
			closed = append(closed, q)
		}
	}
	scores := make([][]float64, len(tries))
	for i, t := range tries {
		scores[i] = make([]float64, len(closed))
		for j, q := range closed {
			scores[i][j] = math.NaN()
			if share, drawn := t.earned[q.ID]; drawn {
				scores[i][j] = share
			}
		}
	}
	out.quality = stats.Quality(scores, confidence)
	out.Reliability = reliabilityOf(out.quality)
	slices.SortStableFunc(tries, func(a, b firstTry) int {
		switch {
		case a.share > b.share:
			return -1
		case a.share < b.share:
			return 1
		}
		return 0
	})
	for j, q := range closed {
		i := QuizItem{Question: q.ID, Text: q.Text, Kind: q.Kind}
		for _, t := range tries {
			if share, drawn := t.earned[q.ID]; drawn {
				i.N++
				if share > 1-1e-9 {
					i.Correct++
				}
			}
		}
		var of stats.ItemStat
		if len(out.quality.Items) > j {
			of = out.quality.Items[j]
		}
		i.judge(of)
		i.choose(q, tries)
		out.Items = append(out.Items, i)
	}
	return out, nil
}

// choose counts the options of a choice, among tries in order of their score.
func (i *QuizItem) choose(q *content.Question, tries []firstTry) {
	if i.N < itemRange || q.Kind != content.Single && q.Kind != content.Multiple {
		return
	}
	group := int(math.Round(topShare * float64(i.N)))
	for _, o := range q.Options {
		c := QuizOption{Text: o.Text, Correct: o.Correct}
		at := 0
		for _, t := range tries {
			if _, drawn := t.earned[q.ID]; !drawn {
				continue
			}
			at++
			if !slices.Contains(t.chosen[q.ID], o.ID) {
				continue
			}
			c.N++
			if at <= group {
				c.Top++
			}
			if at > i.N-group {
				c.Bottom++
			}
		}
		if i.N >= itemShown {
			switch {
			case !c.Correct && c.Top > c.Bottom:
				c.Flag, i.misplaced = "chosen more by the top group than by the bottom group", true
			case !c.Correct && float64(c.N) < rarelyChosen*float64(i.N):
				c.Flag = "chosen by fewer than 5 in 100"
			}
		}
		i.Options = append(i.Options, c)
	}
}

// reliabilityOf applies rule R5: a range from thirty attempts with five
// questions, the figure itself from a hundred.
func reliabilityOf(q stats.TestQuality) QuizReliability {
	r := QuizReliability{N: int(q.Together), Items: int(math.Round(q.Length))}
	switch {
	case r.N < itemRange:
		r.State, r.Reason = "counts_only", fmt.Sprintf("%d of %d first attempts with the same questions", r.N, itemRange)
		return r
	case q.Length < fewestItems:
		r.State, r.Reason = "counts_only", fmt.Sprintf("%d of %d questions in an attempt", r.Items, fewestItems)
		return r
	case !q.Defined:
		r.State, r.Reason = "undefined", "All scores are alike, so nothing tells them apart."
		return r
	}
	r.Low, r.High = &q.Low, &q.High
	if r.N < itemShown {
		r.State, r.Reason = "range_only", fmt.Sprintf("%d of %d first attempts with the same questions: a range only", r.N, itemShown)
		return r
	}
	percent := func(x float64) *float64 {
		x = 100 * x / q.Length
		return &x
	}
	r.State, r.KR20, r.SEM, r.Mean, r.SD = "shown", &q.KR20, percent(q.SEM), percent(q.Mean), percent(q.SD)
	return r
}

// firstTries reads the first attempts at a version that were handed in.
func (s *Service) firstTries(ctx context.Context, version int64) (all []firstTry, passed int, err error) {
	rows, err := pg.All[struct {
		ID       int64
		Passed   bool
		Question string
		Earned   float64
		Answer   json.RawMessage
	}](ctx, s.DB, `
		select a.id, coalesce(a.passed, false) as passed, d.value ->> 'question' as question,
			coalesce(k.earned / nullif(k.max, 0), 0) as earned, coalesce(k.answer, 'null') as answer
		from quiz_attempts a cross join jsonb_array_elements(a.draw) as d
		left join quiz_answers k on k.attempt_id = a.id and k.question = d.value ->> 'question'
		where a.version_id = @version and a.number = 1 and a.submitted_at is not null
		order by a.id`, pgx.NamedArgs{"version": version})
	if err != nil {
		return nil, 0, err
	}
	last := int64(0)
	for _, r := range rows {
		if r.ID != last {
			all = append(all, firstTry{earned: map[string]float64{}, chosen: map[string][]string{}})
			if r.Passed {
				passed++
			}
			last = r.ID
		}
		t := &all[len(all)-1]
		t.earned[r.Question] = r.Earned
		t.share += r.Earned
		var one string
		var several []string
		if json.Unmarshal(r.Answer, &one) == nil {
			t.chosen[r.Question] = []string{one}
		} else if json.Unmarshal(r.Answer, &several) == nil {
			t.chosen[r.Question] = several
		}
	}
	for i := range all {
		all[i].share /= float64(max(1, len(all[i].earned)))
	}
	return all, passed, nil
}
