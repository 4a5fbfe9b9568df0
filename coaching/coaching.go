// Package coaching is sessions between a coach and a rep: the prep sheet made
// from evidence, notes, commitments that are followed up. It knows no scoring
// and no course; it reads what they have recorded.
package coaching

import (
	"time"

	"pitchside/internal/pg"
	"pitchside/skills"
)

// A Service does this room's units of work.
type Service struct {
	DB     pg.DB
	Skills *skills.Service
	Now    func() time.Time
}
