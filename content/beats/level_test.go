package beats_test

import (
	"testing"

	"pitchside/content/beats"
)

// The rules of making a level of what was shown, and of when nothing was.
func TestLevel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		by   string
		none int
		came bool
		seen []int
		want int
	}{
		{"best", 1, true, []int{3}, 3},
		{"best", 1, true, []int{4, 2}, 3},
		{"best", 1, true, []int{4, 3, 2}, 4},
		{"best", 1, true, []int{5, 1, 2}, 4},
		{"best", 1, true, []int{2, 1}, 2},
		{"best", 1, true, []int{1, 1}, 1},
		{"median", 0, true, []int{4, 1}, 1},
		{"median", 0, true, []int{5, 1, 3}, 3},
		{"median", 0, true, []int{1, 2, 4, 5}, 2},
		{"last", 1, true, []int{4, 2}, 2},
		{"lowest", 1, true, []int{4, 2, 3}, 2},
		{"best", 1, true, nil, 1},
		{"best", 0, true, nil, 0},
		{"best", 0, false, nil, 0},
		{"best", 1, false, nil, 0},
		{"best", 1, false, []int{3}, 3}, // a showing counts even if the trigger never held
	} {
		if got := (beats.Rule{By: c.by, None: c.none}).Level(c.seen, c.came); got != c.want {
			t.Errorf("%s of %v: %d, want %d", c.by, c.seen, got, c.want)
		}
	}
}
