package skills

import (
	"context"
	"time"

	"pitchside/people"
)

// A Coverage is how much of a group's skills is known at all.
type Coverage struct {
	People int
	Known  int // levels that may be shown
	Of     int // people times skills
	Newest *time.Time
}

// Coverage returns how much is known of the people in a view.
func (s *Service) Coverage(ctx context.Context, by people.Actor, v View) (Coverage, error) {
	v.OnlyBelow = false
	h, err := s.TeamHeatmap(ctx, by, v)
	return Coverage{People: len(h.Rows), Known: h.Known, Of: h.Of, Newest: h.Newest}, err
}
