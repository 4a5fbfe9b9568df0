package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Trigger is a hidden fact or an objection of the buyer card, and when it
// came up in a live call. A criterion whose trigger never came is not observed,
// which is not zero.
type Trigger struct {
	Item string // fact-1 or objection-2, counted as the card does
	content.Trigger
	Objection bool
	AtMS      *int // since the call began; nil: it never came up
}

// Clock writes when it came up as 03:12.
func (t Trigger) Clock() string {
	if t.AtMS == nil {
		return ""
	}
	d := time.Duration(*t.AtMS) * time.Millisecond
	return fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Triggers returns what may come up in a live call and what has: to the buyer
// during the call, and after submission to all who may read the conversation.
func (s *Service) Triggers(ctx context.Context, by people.Actor, attemptID int64) ([]Trigger, error) {
	type tick struct {
		Item string
		AtMS int
	}
	c, err := s.LiveCall(ctx, by, attemptID)
	if err != nil || c.sealed() && !c.Buyer(by) {
		return nil, err
	}
	sc, err := s.scenarioOfCall(ctx, attemptID)
	if err != nil {
		return nil, err
	}
	ticks, err := pg.All[tick](ctx, s.DB, `select item, at_ms from live_ticks where attempt_id = $1`, attemptID)
	if err != nil {
		return nil, err
	}
	all := triggersOf(sc)
	for i := range all {
		for _, t := range ticks {
			if t.Item == all[i].Item {
				all[i].AtMS = &t.AtMS
			}
		}
	}
	return all, nil
}

func (s *Service) scenarioOfCall(ctx context.Context, attemptID int64) (Scenario, error) {
	a, err := pg.One[Attempt](ctx, s.DB, `select `+attemptColumns+`, true as sees_words from attempts a join persons p on p.id = a.person_id where a.id = $1`, attemptID)
	if err != nil {
		return Scenario{}, err
	}
	return s.Pinned(ctx, a)
}

// CallScenario returns the scenario of a call to those who take part in it.
// Who plays the buyer holds the buyer card; the rep does not.
func (s *Service) CallScenario(ctx context.Context, by people.Actor, c LiveCall) (Scenario, error) {
	sc, err := s.scenarioOfCall(ctx, c.AttemptID)
	if !c.Buyer(by) {
		sc.Buyer, sc.Facts, sc.Objections = "", nil, nil
	}
	return sc, err
}

func triggersOf(sc Scenario) (all []Trigger) {
	for i, f := range sc.Facts {
		all = append(all, Trigger{Item: fmt.Sprintf("fact-%d", i+1), Trigger: f})
	}
	for i, o := range sc.Objections {
		all = append(all, Trigger{Item: fmt.Sprintf("objection-%d", i+1), Trigger: o, Objection: true})
	}
	return all
}

// Tick notes that something of the buyer card has come up, at this moment of
// the call, or takes it back. Ticking twice keeps the first moment.
func (s *Service) Tick(ctx context.Context, by people.Actor, attemptID int64, item string, on bool) error {
	sc, err := s.scenarioOfCall(ctx, attemptID)
	if pg.NoRows(err) {
		return noCall(attemptID)
	}
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		c, err := s.lockCall(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if !c.Buyer(by) {
			return noCall(attemptID)
		}
		known := false
		for _, t := range triggersOf(sc) {
			known = known || t.Item == item
		}
		switch {
		case !known:
			return fault.NotFoundf("There is no %q on the buyer card.", item)
		case c.StartedAt == nil:
			return fault.Conflictf("The call has not begun. Start it, then tick what comes up.")
		case !on:
			_, err = tx.Exec(ctx, `delete from live_ticks where attempt_id = $1 and item = $2`, attemptID, item)
			return err
		}
		_, err = tx.Exec(ctx, `insert into live_ticks (attempt_id, item, at, at_ms) values (@id, @item, @now, @ms) on conflict do nothing`,
			pgx.NamedArgs{"id": attemptID, "item": item, "now": s.Now(), "ms": int(c.Lasted(s.Now()).Milliseconds())})
		return err
	})
}
