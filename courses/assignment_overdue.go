package courses

import (
	"context"
	"fmt"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A LateAssignment is one whose day has passed, of somebody whom the actor leads.
type LateAssignment struct {
	Assignment
	Days   int  // over
	Nudged bool // a reminder went out today
}

const nudgeKey = `'nudge:' || a.id || ':' || @today::date`

// TeamOverdue returns the open assignments whose day has passed of the people
// that the actor leads, the longest over first; at most limit of them, and how
// many there are.
func (s *Service) TeamOverdue(ctx context.Context, by people.Actor, limit int) ([]LateAssignment, int, error) {
	args := by.Scope(pgx.NamedArgs{"today": dayIn(s.Now(), by.TimeZone), "limit": limit})
	const late = ` p.active and a.done_at is null and a.cancelled_at is null and a.due < @today::date and a.person_id <> @actor and `
	all, err := pg.All[LateAssignment](ctx, s.DB, `select (@today::date - a.due)::int as days,
		exists (select from notices n where n.person_id = a.person_id and n.dedupe = `+nudgeKey+`) as nudged, `+assignmentColumns+` where `+late+people.Leads("a.person_id")+`
		order by a.due, a.id limit @limit`, args)
	if err != nil || len(all) < limit {
		return all, len(all), err
	}
	n, err := pg.Column[int](ctx, s.DB, `select count(*)::int from assignments a join persons p on p.id = a.person_id where `+late+people.Leads("a.person_id"), args)
	if err != nil {
		return nil, 0, err
	}
	return all, n[0], nil
}

// Nudge reminds somebody whom the actor leads of an assignment whose day has
// passed, at most once a day, whoever of those who lead them does it.
func (s *Service) Nudge(ctx context.Context, by people.Actor, id int64) (Assignment, error) {
	var a Assignment
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		today := dayIn(s.Now(), by.TimeZone)
		var err error
		a, err = pg.One[Assignment](ctx, tx, `select `+assignmentColumns+` where a.id = @id and a.person_id <> @actor and `+people.Leads("a.person_id")+` for update of a`, by.Scope(pgx.NamedArgs{"id": id}))
		switch {
		case pg.NoRows(err):
			return fault.NotFoundf("There is no such assignment of the people you lead.")
		case err != nil:
			return err
		case a.DoneAt != nil || a.CancelledAt != nil:
			return fault.Conflictf("%s has nothing left to do there: it is done, or was taken back.", a.Person)
		case !a.Due.Before(today):
			return fault.Conflictf("The day of this has not passed: it is due on %s.", a.Due.Format("2 January"))
		}
		return people.Tell(ctx, tx, people.News{Persons: []int64{a.PersonID}, Kind: "assignment_overdue", Link: a.Href(), Dedupe: fmt.Sprintf("nudge:%d:%s", id, today.Format("2006-01-02")), At: s.Now(),
			Text: fmt.Sprintf("%s reminds you of “%s”, which was due on %s. If something is in the way, say so.", by.Name, a.Title, a.Due.Format("2 January"))})
	})
	return a, err
}
