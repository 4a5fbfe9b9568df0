// Package skills is the ledger of what people have shown they can do, and the
// levels read from it with their uncertainty and their "why". It knows no
// course, quiz or role-play: each of those records Evidence here.
package skills

import (
	"time"

	"pitchside/content"
	"pitchside/internal/pg"
)

// A Service does this room's units of work.
type Service struct {
	DB      pg.DB
	Content *content.Service
	Now     func() time.Time
}
