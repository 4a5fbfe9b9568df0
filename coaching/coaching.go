// Package coaching is sessions between a coach and a rep: the prep sheet made
// from evidence, notes, and commitments that are followed up. It knows no
// scoring, no course and no deal; what it shows of them it is handed.
package coaching

import (
	"context"
	"time"

	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"
)

// A Service does this room's units of work.
type Service struct {
	DB     pg.DB
	Skills *skills.Service
	Now    func() time.Time

	// Overdue and Results bring what other rooms know to the prep sheet: a
	// person's overdue learning, and their results with period and source.
	Overdue func(ctx context.Context, by people.Actor, personID int64) ([]Fact, error)
	Results func(ctx context.Context, by people.Actor, personID int64) ([]Fact, error)
}

// A Fact is one line on a prep sheet that another room answers for.
type Fact struct {
	Text   string `json:"text"`
	Source string `json:"source"` // where it comes from and how fresh it is
	Link   string `json:"link,omitempty"`
}
