package courses

import (
	"math"
	"time"
)

// A Rating is how a person recalled a card.
type Rating string

// The ratings. There is no "easy": a fact of the trade is known, known with
// doubt, or not known.
const (
	Again Rating = "again" // wrong
	Hard  Rating = "hard"  // right, but unsure
	Good  Rating = "good"  // right
)

// grade numbers the ratings as the model does.
func (r Rating) grade() float64 {
	switch r {
	case Again:
		return 1
	case Hard:
		return 2
	}
	return 3
}

// A Memory is what the model believes about one card in one person's head. The
// zero Memory is a card never seen.
type Memory struct {
	Stability  float64   // days after which the chance of recall has fallen to 90 %
	Difficulty float64   // 1 to 10
	Reviewed   time.Time // the last review
	Phase      Phase
	Step       int // which short interval it is in, while learning or relearning
}

// A Phase says where a card stands.
type Phase int

// The phases. A scheduler without short steps knows only the first and the third.
const (
	Unseen Phase = iota
	Learning
	Known
	Relearning
)

// A Scheduler says when a card is worth asking again: FSRS version 6. With
// Steps and Resteps empty, every interval is of whole days.
type Scheduler struct {
	Weights   [21]float64
	Retention float64         // the chance of recall at which a card comes back
	MaxDays   int             // the longest interval
	Steps     []time.Duration // short intervals of a card never learned
	Resteps   []time.Duration // short intervals of a card that was forgotten
}

// weights6 are the published default parameters of FSRS-6.
var weights6 = [21]float64{
	0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
	1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
}

// NewScheduler returns the scheduler of the review queue: whole days, at most
// half a year, coming back when recall has fallen to retention.
func NewScheduler(retention float64) Scheduler {
	return Scheduler{Weights: weights6, Retention: retention, MaxDays: 180}
}

// Recall returns the chance of recalling a card elapsed days after its last review.
func (s Scheduler) Recall(m Memory, elapsed float64) float64 {
	if m.Stability <= 0 {
		return 0
	}
	return math.Pow(1+s.factor()*elapsed/m.Stability, -s.Weights[20])
}

func (s Scheduler) factor() float64 { return math.Pow(0.9, -1/s.Weights[20]) - 1 }

// Review returns the memory after a review at a moment, and how long until the
// next: short steps as they are, everything else in whole days.
func (s Scheduler) Review(m Memory, r Rating, at time.Time) (Memory, time.Duration) {
	g := r.grade()
	next := Memory{Reviewed: at, Phase: m.Phase, Step: m.Step}
	days := math.Max(0, math.Floor(at.Sub(m.Reviewed).Hours()/24))
	switch {
	case m.Phase == Unseen:
		next.Stability, next.Difficulty = math.Max(0.001, s.Weights[int(g)-1]), s.firstDifficulty(g)
	case days < 1 && len(s.Steps)+len(s.Resteps) > 0:
		next.Stability, next.Difficulty = s.sameDay(m.Stability, g), s.nextDifficulty(m.Difficulty, g)
	default:
		next.Stability, next.Difficulty = s.nextStability(m, g, s.Recall(m, days)), s.nextDifficulty(m.Difficulty, g)
	}
	steps := s.Resteps
	switch m.Phase {
	case Unseen, Learning:
		next.Phase, steps = Learning, s.Steps
	case Known:
		next.Step = len(steps)
		if r == Again {
			next.Phase = Relearning
		}
	}
	switch r {
	case Again:
		next.Step = 0
	case Good:
		next.Step++
	}
	if next.Step >= len(steps) {
		next.Phase, next.Step = Known, 0
		return next, s.interval(next.Stability)
	}
	return next, steps[next.Step]
}

// interval returns the whole days until recall has fallen to the retention.
func (s Scheduler) interval(stability float64) time.Duration {
	days := math.Round(stability / s.factor() * (math.Pow(s.Retention, -1/s.Weights[20]) - 1))
	return time.Duration(math.Min(math.Max(days, 1), float64(s.MaxDays))) * 24 * time.Hour
}

func (s Scheduler) firstDifficulty(g float64) float64 {
	return math.Min(math.Max(s.rawDifficulty(g), 1), 10)
}

func (s Scheduler) rawDifficulty(g float64) float64 {
	return s.Weights[4] - math.Exp(s.Weights[5]*(g-1)) + 1
}

// nextDifficulty moves with the rating, less the nearer to 10, and reverts a
// little towards that of an easy card.
func (s Scheduler) nextDifficulty(d, g float64) float64 {
	moved := d + (10-d)/9*(-s.Weights[6]*(g-3))
	return math.Min(math.Max(s.Weights[7]*s.rawDifficulty(4)+(1-s.Weights[7])*moved, 1), 10)
}

func (s Scheduler) sameDay(stability, g float64) float64 {
	grows := math.Exp(s.Weights[17]*(g-3+s.Weights[18])) * math.Pow(stability, -s.Weights[19])
	if g >= 3 {
		grows = math.Max(grows, 1)
	}
	return math.Max(stability*grows, 0.001)
}

func (s Scheduler) nextStability(m Memory, g, recall float64) float64 {
	w := s.Weights
	if g == 1 {
		forgot := w[11] * math.Pow(m.Difficulty, -w[12]) * (math.Pow(m.Stability+1, w[13]) - 1) * math.Exp(w[14]*(1-recall))
		return math.Max(math.Min(forgot, m.Stability/math.Exp(w[17]*w[18])), 0.001)
	}
	unsure := 1.0
	if g == 2 {
		unsure = w[15]
	}
	return m.Stability * (1 + math.Exp(w[8])*(11-m.Difficulty)*math.Pow(m.Stability, -w[9])*(math.Exp(w[10]*(1-recall))-1)*unsure)
}
