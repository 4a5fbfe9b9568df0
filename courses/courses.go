// Package courses is learning: who is enrolled in what, how far they are, what
// was assigned to whom and why, and the cards they review. It knows what a
// lesson asks and when it is done; it does not know how a quiz or a role-play
// is marked, only that one was passed or handed in.
package courses

import (
	"context"
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
)

// A Service does this room's units of work. Elsewhere tells what people did in
// rooms that this one does not know, Appointments what those have planned with a
// person from a moment on; nil: nothing.
type Service struct {
	DB           pg.DB
	Content      *content.Service
	Now          func() time.Time
	Elsewhere    func(ctx context.Context, persons []int64) ([]Deed, error)
	Appointments func(ctx context.Context, personID int64, since time.Time) ([]Appointment, error)

	made   madeOutlines
	stand  standings
	looked lookups
}
