package demo

import (
	"context"
	"time"

	"pitchside/coaching"
)

// A promise of the demo: what is done, in which skill, and what would show it.
type promise struct{ behaviour, skill, evidence string }

var promises = []promise{
	{"Ask one effect in every discovery call before naming the product", "question", "Two recorded calls"},
	{"Count to five after the buyer names an effect", "listen", "One clip a week"},
	{"Write three possible effects into each call plan", "question", "The call plans of the next three visits"},
	{"End every first call with a step that has a day and a person", "commit", "The calendar entries"},
	{"Ask the buyer for the figure instead of offering one", "diagnose", "The notes of two calls, in the buyer’s words"},
	{"Say what the product does not do before being asked", "present", "The Norbeck demo"},
	{"Close out deals that no buyer has touched for six weeks", "pipeline", "No close date in the past on Friday"},
	{"Speak to a second person at each of the top three accounts", "stakeholders", "Three names in the account plan"},
	{"Answer the next price objection with a question", "objections", "The recording"},
	{"Prepare three things to trade before the Harrow negotiation", "negotiate", "The preparation sheet"},
}

var agendas = []string{
	"Why do practice buyers open up and the real ones don’t? I get the problem, then I panic and show the product.",
	"The Brannock deal. They have gone quiet since the demo and I don’t know whom to ask.",
	"I would like to listen to minute six of my last role-play together.",
	"My pipeline looks fuller than it is. Help me throw things out.",
	"How do I turn “send me something” into a day?",
	"",
}

var notes = []string{
	"We listened to the silence after the second question. It was four seconds and felt like ten. The buyer filled it. Next: do it on purpose.",
	"Went through the plan for the visit. The facts were all on their website. We kept two and wrote the effects instead.",
	"Looked at the three oldest deals. Two have no next step that the buyer agreed to. One was closed on the spot, by choice.",
	"Talked about what to say when they ask for the price too soon. Tried it aloud three times; the third sounded like a person.",
	"The agenda was the account, and we stayed with it. Second contact at the plant is the thing to get before the end of the month.",
}

var kept = []string{"Heard it in the call of Tuesday", "Both notes are in the account", "Done; the buyer answered with a figure", "Seen in the role-play", "Done on the Monday after"}
var missed = []string{"", "The calls were moved", ""}
var changed = []string{"The visit was put off; due the day before it now", "Narrowed to the two largest accounts"}

// coach makes every pair meet each second or third week, settle what was
// promised and promise something new.
func (c *Company) coach(ctx context.Context) error {
	for _, m := range c.reps() {
		r := dice(m.name, "coaching")
		rhythm := 14 + 7*r.IntN(2)
		first := min(150, m.months*30-10)
		last := 3 + r.IntN(rhythm)
		var open []int64
		for daysAgo := first; daysAgo >= last; daysAgo -= rhythm {
			if r.IntN(8) == 0 {
				continue // an absence
			}
			at := c.day(daysAgo, 9+r.IntN(7), 30*r.IntN(2))
			made, err := c.meet(ctx, m, at, open, daysAgo-rhythm >= last)
			if err != nil {
				return err
			}
			open = made
		}
	}
	return nil
}

// meet holds one session: agenda, what was promised before, notes, promises.
// The commitments it makes are returned.
func (c *Company) meet(ctx context.Context, m member, at time.Time, open []int64, more bool) ([]int64, error) {
	r := dice(m.name, "session "+at.Format(time.DateOnly))
	coach, rep := c.as(m.coach), c.as(m.name)
	c.at(at.AddDate(0, 0, -5))
	id, err := c.Coaching.Plan(ctx, coach, coaching.SessionPlan{Kind: "1:1", RepIDs: []int64{rep.ID}, At: at, Template: "k2-weekly-one-to-one"})
	if err != nil {
		return nil, err
	}
	c.at(at.Add(-20 * time.Hour))
	if text := agendas[r.IntN(len(agendas))]; text != "" {
		if err := c.Coaching.WriteAgenda(ctx, rep, id, text); err != nil {
			return nil, err
		}
	}
	c.at(at.Add(5 * time.Minute))
	for _, k := range open {
		if err := c.Coaching.Settle(ctx, coach, k, settlement(r.IntN(10), r.IntN(5))); err != nil {
			return nil, err
		}
	}
	c.at(at.Add(30 * time.Minute))
	first := promises[r.IntN(len(promises))]
	if err := c.Coaching.WriteNotes(ctx, coach, id, notes[r.IntN(len(notes))], "", []string{first.skill}, 0); err != nil {
		return nil, err
	}
	var made []int64
	for i := range 1 + r.IntN(2) {
		p := first
		if i > 0 {
			p = promises[r.IntN(len(promises))]
		}
		k, err := c.Coaching.Commit(ctx, coach, id, coaching.Promise{OwnerID: rep.ID, Behaviour: p.behaviour, Skill: p.skill, Due: dateOnly(at.AddDate(0, 0, 12)), Evidence: p.evidence})
		if err != nil {
			return nil, err
		}
		if i == 0 || k != made[0] {
			made = append(made, k)
		}
	}
	return made, c.Coaching.Close(ctx, coach, id)
}

// settlement draws how a promise ended: six in ten are kept.
func settlement(outcome, words int) coaching.Settlement {
	switch {
	case outcome < 6:
		return coaching.Settlement{Outcome: "kept", Reason: kept[words%len(kept)]}
	case outcome < 8:
		return coaching.Settlement{Outcome: "missed", Reason: missed[words%len(missed)]}
	case outcome < 9:
		return coaching.Settlement{Outcome: "changed", Reason: changed[words%len(changed)]}
	default:
		return coaching.Settlement{Outcome: "dropped", Reason: "The deal is lost, and with it the occasion"}
	}
}
