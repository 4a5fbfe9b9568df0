package courses_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"

	"pitchside/courses"
)

// The published interval history of FSRS-6, run on the scheduler with the
// libraries' own settings: short steps, and no cap at half a year.
func TestSchedulerRepeatsThePublishedIntervals(t *testing.T) {
	t.Parallel()
	var v struct {
		Input struct {
			Ratings     []int
			FirstReview time.Time `json:"first_review"`
		}
		Expected struct {
			GoFSRS []float64 `json:"go_fsrs_v4"`
			PyFSRS []float64 `json:"py_fsrs"`
		}
		Tolerance struct{ Days float64 }
	}
	b, err := os.ReadFile("testdata/fsrs6_interval_history.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	s := courses.NewScheduler(0.9)
	s.MaxDays = 36500
	s.Steps = []time.Duration{time.Minute, 10 * time.Minute}
	s.Resteps = []time.Duration{10 * time.Minute}
	ratings := map[int]courses.Rating{1: courses.Again, 2: courses.Hard, 3: courses.Good}
	var m courses.Memory
	at := v.Input.FirstReview
	for i, r := range v.Input.Ratings {
		var wait time.Duration
		m, wait = s.Review(m, ratings[r], at)
		days := math.Floor(wait.Hours() / 24)
		if math.Abs(days-v.Expected.GoFSRS[i]) > v.Tolerance.Days || math.Abs(days-v.Expected.PyFSRS[i]) > v.Tolerance.Days {
			t.Errorf("review %d: %v days, published %v and %v", i+1, days, v.Expected.GoFSRS[i], v.Expected.PyFSRS[i])
		}
		at = at.Add(wait)
	}
}

func TestReviewQueueKeepsToWholeDays(t *testing.T) {
	t.Parallel()
	s := courses.NewScheduler(0.8)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, r := range []courses.Rating{courses.Again, courses.Hard, courses.Good} {
		m, wait := s.Review(courses.Memory{}, r, at)
		if wait < 24*time.Hour || wait%(24*time.Hour) != 0 || m.Phase != courses.Known {
			t.Errorf("first %s: %v, phase %v; want whole days and known", r, wait, m.Phase)
		}
	}
	var m courses.Memory
	wait := time.Duration(0)
	for range 12 {
		m, wait = s.Review(m, courses.Good, at)
		at = at.Add(wait)
	}
	if wait != 180*24*time.Hour {
		t.Errorf("after twelve good reviews the interval is %v, want half a year at most", wait)
	}
	if _, wait = s.Review(m, courses.Again, at); wait > 60*24*time.Hour {
		t.Errorf("after forgetting the card waits %v, want much sooner than half a year", wait)
	}
}

func TestRecallFallsToNineTenthsAtStability(t *testing.T) {
	t.Parallel()
	s := courses.NewScheduler(0.9)
	if got := s.Recall(courses.Memory{Stability: 12}, 12); math.Abs(got-0.9) > 1e-12 {
		t.Errorf("recall at stability = %v, want 0.9", got)
	}
}
