package courses

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Hold is days on which a person is asked no card; both ends belong to it.
type Hold struct {
	ID       int64
	From, To time.Time
	SetBy    int64
}

// longestHold is how many days a hold may last.
const longestHold = 180

// holdList is the holds of one person, the earliest first.
type holdList []Hold

func holds(ctx context.Context, q pg.Querier, personID int64) (holdList, error) {
	return pg.All[Hold](ctx, q, `select id, from_day as "from", to_day as "to", set_by from review_holds where person_id = $1 order by from_day, id`, personID)
}

// open returns the hold that lasts on a day or is to come, or nil.
func (l holdList) open(day time.Time) *Hold {
	for i := range l {
		if !l[i].To.Before(day) {
			return &l[i]
		}
	}
	return nil
}

// moved returns when a card comes due with the holds since its last review:
// what would fall due in one or after it waits as many days longer as were
// held. What was due before it began stays due.
func (l holdList) moved(due time.Time, reviewed *time.Time, zone string) time.Time {
	for _, h := range l {
		if reviewed == nil && dayIn(due, zone).After(h.To) {
			continue // a new card, which came after it
		}
		from := h.From
		if reviewed != nil {
			if next := dayIn(*reviewed, zone).AddDate(0, 0, 1); next.After(from) {
				from = next
			}
		}
		if from.After(h.To) || dayIn(due, zone).Before(from) {
			continue
		}
		due = due.AddDate(0, 0, int(h.To.Sub(from).Hours()/24)+1)
	}
	return due
}

// SetHold holds a person's review from one day to another, in place of a hold
// that lasts or is to come; nil days end it. Oneself, or who leads the person.
func (s *Service) SetHold(ctx context.Context, by people.Actor, personID int64, from, to *time.Time) (*Hold, error) {
	var out *Hold
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := mayPlanFor(ctx, tx, by, personID); err != nil {
			return err
		}
		var zone string
		if err := tx.QueryRow(ctx, `select time_zone from persons where id = $1 for update`, personID).Scan(&zone); err != nil {
			return err
		}
		all, err := holds(ctx, tx, personID)
		if err != nil {
			return err
		}
		today := dayIn(s.Now(), zone)
		was := all.open(today)
		if err := holdProblems(from, to, was, today); err != nil {
			return err
		}
		if was != nil {
			if err := endHold(ctx, tx, *was, from, today); err != nil {
				return err
			}
		}
		if from == nil {
			return nil
		}
		h, err := pg.One[Hold](ctx, tx, `insert into review_holds (person_id, from_day, to_day, set_by, created_at) values (@person, @from, @to, @by, @now)
			returning id, from_day as "from", to_day as "to", set_by`, pgx.NamedArgs{"person": personID, "from": *from, "to": *to, "by": by.ID, "now": s.Now()})
		out = &h
		if err == nil && personID != by.ID {
			err = notice(ctx, tx, personID, "review", fmt.Sprintf("%s put your review on hold from %s to %s. You can end the hold on the page Review.",
				by.Name, from.Format("2 January"), to.Format("2 January")), "/review", s.Now())
		}
		return err
	})
	return out, err
}

// holdProblems says what is wrong with the days of a hold.
func holdProblems(from, to *time.Time, was *Hold, today time.Time) error {
	problems := map[string]string{}
	switch {
	case from == nil && to == nil:
		return nil
	case from == nil:
		problems["from"] = "The first day is missing. Leave both days empty to end the hold."
	case to == nil:
		problems["to"] = "The last day is missing. Leave both days empty to end the hold."
	case to.Before(*from):
		problems["to"] = "The last day comes before the first. Choose a later one."
	case from.Before(today) && (was == nil || !was.From.Equal(*from)):
		problems["from"] = "This day is over. A hold begins today or later."
	case to.Before(today):
		problems["to"] = "This day is over. Leave both days empty to end the hold."
	case to.Sub(*from).Hours()/24 >= longestHold:
		problems["to"] = fmt.Sprintf("This is longer than %d days. Choose an earlier last day.", longestHold)
	}
	return fault.Fields(problems)
}

// endHold takes away what is still to come of a hold that another replaces. Its
// days that are over count on, unless the new one begins with them.
func endHold(ctx context.Context, tx pgx.Tx, was Hold, from *time.Time, today time.Time) error {
	if !was.From.Before(today) || from != nil && from.Equal(was.From) {
		_, err := tx.Exec(ctx, `delete from review_holds where id = $1`, was.ID)
		return err
	}
	_, err := tx.Exec(ctx, `update review_holds set to_day = $2 where id = $1`, was.ID, today.AddDate(0, 0, -1))
	return err
}
