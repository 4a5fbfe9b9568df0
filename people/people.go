// Package people is who works here: persons, teams, who manages and who
// coaches whom, their sessions and tokens, and who may see whom. It knows
// nothing of courses, scores or deals.
package people

import (
	"time"

	"pitchside/internal/pg"
)

// A Service does this room's units of work.
type Service struct {
	DB  pg.DB
	Now func() time.Time
}
