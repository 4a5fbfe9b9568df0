// Package performance is what selling brought: deals imported from the CRM or
// sent by a program, and the metrics read from them with their n, period and
// freshness. It reads people, and makes people only through their own room; it
// knows nothing of lessons, scores or sessions, and no number of it sets a
// level.
package performance

import (
	"time"

	"pitchside/internal/blob"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Service does this room's units of work.
type Service struct {
	DB     pg.DB
	People *people.Service
	Blobs  blob.Store // the files that were imported
	Jobs   pg.Queue   // nil: imports run at once, in the request
	Now    func() time.Time
}

// sees is the condition that the actor sees the results of the person in
// column: whoever sees the person, and an admin, who sees everybody's.
func sees(column string) string { return "(@as_admin or " + people.Sees(column) + ")" }

func scope(by people.Actor, args pgx.NamedArgs) pgx.NamedArgs {
	all := by.Scope(args)
	all["as_admin"] = by.Can(people.Admin)
	return all
}
