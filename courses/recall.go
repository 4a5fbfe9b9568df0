package courses

import (
	"context"
	"fmt"
	"math"
	"time"

	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A RecallBand is how long ago a fact was last recalled when it was asked again:
// whole days, both ends included. No answer falls into two bands.
type RecallBand struct{ Days, From, To int }

// RecallBands are 30 ± 10, 60 ± 15 and 90 ± 14 days.
var RecallBands = []RecallBand{{30, 20, 40}, {60, 45, 75}, {90, 76, 104}}

// recallWindow is how far back answers count.
const recallWindow = 365

// Thresholds of a measured recall, in answers: those of rule R5.
const (
	recallRange = 30
	recallShown = 100
)

// A Recall is the share of facts that were right when they were asked again
// after about so many days, as people rated themselves. What the rules hide is nil.
type Recall struct {
	RecallBand
	State     string // hidden, counts_only, range_only or shown
	Reason    string
	N, Right  int // answers, and those that were right; 0 while hidden
	People    int
	Share     *float64
	Low, High *float64 // right 95 times in 100
	Newest    *time.Time
}

// judge says how much of what was counted may be shown.
func (r *Recall) judge(group bool) {
	switch {
	case r.N == 0:
		r.State, r.Reason = "hidden", fmt.Sprintf("no fact has been asked again %d to %d days after it was recalled", r.From, r.To)
	case group && r.People < smallestGroup:
		*r = Recall{RecallBand: r.RecallBand, State: "hidden", Reason: fmt.Sprintf("answers of fewer than %d people", smallestGroup)}
	case r.N < recallRange:
		r.State, r.Reason = "counts_only", fmt.Sprintf("%d of %d answers: counts only", r.N, recallRange)
	default:
		low, high := stats.Wilson(r.Right, r.N, 0.95)
		r.State, r.Low, r.High = "range_only", &low, &high
		if r.N >= recallShown {
			share := float64(r.Right) / float64(r.N)
			r.State, r.Share = "shown", &share
			return
		}
		r.Reason = fmt.Sprintf("%d of %d answers: a range only", r.N, recallShown)
	}
}

// An Estimate is how many of the facts that a person has been asked they would
// recall today, by the model. It is no measurement.
type Estimate struct{ Likely, Of int }

// leastEstimated is the number of facts from which the estimate is of use.
const leastEstimated = 5

// Known reports whether there are enough facts for an estimate.
func (e Estimate) Known() bool { return e.Of >= leastEstimated }

// Estimate sums the chances of recall of the cards that were seen.
func (q Queue) Estimate() Estimate {
	sum, e := 0.0, Estimate{}
	for _, list := range [][]Card{q.Cards, q.Later} {
		for _, c := range list {
			if c.Recall != nil {
				sum += *c.Recall
				e.Of++
			}
		}
	}
	e.Likely = int(math.Round(sum))
	return e
}

// PersonRecall returns what a person recalled after 30, 60 and 90 days.
func (s *Service) PersonRecall(ctx context.Context, by people.Actor, personID int64) ([]Recall, error) {
	if err := maySee(ctx, s.DB, by, personID); err != nil {
		return nil, err
	}
	return s.recall(ctx, `c.person_id = @person`, pgx.NamedArgs{"person": personID}, false)
}

// TeamRecall is PersonRecall of all whom the actor leads together: nothing of
// fewer than five people.
func (s *Service) TeamRecall(ctx context.Context, by people.Actor) ([]Recall, error) {
	return s.recall(ctx, `c.person_id in (select id from persons where active and id <> @actor) and `+people.Leads("c.person_id"), by.Scope(nil), true)
}

// recall counts answers to cards whose answer before was right, by the days
// between the two. An edited card starts a count of its own, and a rating taken
// back counts nowhere.
func (s *Service) recall(ctx context.Context, where string, args pgx.NamedArgs, group bool) ([]Recall, error) {
	var froms, tos []int
	for _, b := range RecallBands {
		froms, tos = append(froms, b.From), append(tos, b.To)
	}
	args["froms"], args["tos"], args["since"] = froms, tos, s.Now().AddDate(0, 0, -recallWindow)
	type row struct {
		N, Right, People int
		Newest           *time.Time
	}
	rows, err := pg.All[row](ctx, s.DB, `
		with answers as (
			select c.person_id, r.at, r.rating <> 'again' as right, lag(r.rating) over w as before, lag(r.at) over w as last
			from card_reviews r join card_states c on c.id = r.card_state_id where r.undone_at is null and `+where+`
			window w as (partition by r.card_state_id, r.face order by r.at, r.id))
		select count(a.at)::int as n, (count(*) filter (where a.right))::int as right, count(distinct a.person_id)::int as people, max(a.at) as newest
		from unnest(@froms::int[], @tos::int[]) with ordinality as b(first, last, place)
		left join answers a on a.before <> 'again' and a.at >= @since and floor(extract(epoch from a.at - a.last) / 86400) between b.first and b.last
		group by b.place order by b.place`, args)
	if err != nil {
		return nil, err
	}
	out := make([]Recall, len(RecallBands))
	for i, b := range RecallBands {
		out[i] = Recall{RecallBand: b, N: rows[i].N, Right: rows[i].Right, People: rows[i].People, Newest: rows[i].Newest}
		out[i].judge(group)
	}
	return out, nil
}
