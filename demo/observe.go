package demo

import (
	"context"
	"time"

	"pitchside/people"
	"pitchside/skills"
)

// remarks are what an observer writes about a skill, by how it went: poorly,
// soundly, well.
var remarks = map[string][3]string{
	"listen":       {"Spoke over the buyer twice in the first five minutes of the Lorne call.", "Summed up the warehouse problem correctly before moving on.", "Heard the hesitation about the budget owner and asked about it, gently."},
	"diagnose":     {"Took the first complaint as the problem and went straight to the offer.", "Tied the late orders to one cause and asked how they measure it.", "Followed the delay from dispatch to finance and had both confirm it."},
	"quantify":     {"Claimed a saving without asking for their figures.", "Worked from the buyer’s own overtime hours.", "Gave a range, said what it depends on, and left out what they had counted twice."},
	"design":       {"Offered the whole catalogue.", "Matched two needs to two parts of the offer and said what is missing.", "Laid out three options with their trade-offs, doing nothing among them."},
	"knowledge":    {"Mixed up the two regulations the buyer works under.", "Knew the season’s figures for the trade and used them once.", "Explained why freight prices squeeze them before they did."},
	"insight":      {"Brought a tip they knew already.", "Showed a cost they had not counted, with a source.", "Changed how they saw returns; they retold it to their boss in the same meeting."},
	"tailor":       {"Gave finance the same talk as operations.", "Spoke to each of the two about what they answer for.", "Had read the minutes, and met the sceptic on his own ground."},
	"objections":   {"Argued about the price.", "Asked what lay behind the objection before answering it.", "Named the worry before it came up, and how we had been wrong about it once."},
	"negotiate":    {"Gave six per cent away in one breath.", "Asked for a longer term in return for the discount.", "Put three things on the table together and let them choose."},
	"stakeholders": {"Knows one name at Pelham.", "Has a map with roles and where each stands.", "Got the objector into the room, and he stayed."},
	"account":      {"No plan for Redfern beyond renewal.", "The plan is current and has two hypotheses for growth.", "Reset the targets with the customer when the numbers slipped."},
	"plan":         {"The week was a list of calls.", "Tiers his territory and keeps to it.", "Moved a day a week to the segment that answers."},
	"pipeline":     {"Four deals have a close date in the past.", "Stages match what buyers have done.", "Called the slip at Vantor three weeks ahead."},
	"tools":        {"Notes are in a private file.", "Records are complete the same day.", "Built the view that the team now uses on Mondays."},
	"coach":        {"Told her the answer.", "Asked first, then showed the clip.", "Let him find the moment himself, and he will try it on Thursday."},
}

// observe records what coaches and managers saw in calls over a year, and what
// some people think of themselves.
func (c *Company) observe(ctx context.Context) error {
	for _, m := range c.reps() {
		r := dice(m.name, "observed")
		months := min(m.months, 13)
		for skill, words := range ordered(remarks) {
			if skill == "coach" && !(people.Actor{Capabilities: m.can}).Can(people.Coach) {
				continue
			}
			// New people have been watched less; nobody in everything.
			times := r.IntN(4)
			if months > 4 {
				times += 2 + r.IntN(3)
			}
			for range times {
				at := c.day(3+r.IntN(max(1, min(260, months*30))), 9+r.IntN(8), r.IntN(60))
				observer, source := m.coaches()[r.IntN(len(m.coaches()))], skills.FromCoach
				if r.IntN(5) == 0 {
					observer, source = leads[m.team], skills.FromManager
				}
				value := seen(r, c.level(m, skill, at))
				note := words[min(2, int((value-1)/4*3))]
				c.at(at)
				if _, err := c.Skills.Observe(ctx, c.as(observer), skills.Report{PersonID: c.ids[m.name], Skill: skill, Source: source, At: &at, Raw: &value, Note: note}); err != nil {
					return err
				}
			}
		}
		if err := c.rateSelf(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// rateSelf records a few self-ratings; people see themselves a little above
// what others see.
func (c *Company) rateSelf(ctx context.Context, m member) error {
	r := dice(m.name, "self")
	for _, skill := range []string{"question", "listen", "commit"} {
		if r.IntN(3) == 0 {
			continue
		}
		at := c.day(10+r.IntN(60), 17, r.IntN(60))
		value := seen(r, min(4.8, c.level(m, skill, at)+0.6))
		c.at(at)
		if _, err := c.Skills.Observe(ctx, c.as(m.name), skills.Report{PersonID: c.ids[m.name], Skill: skill, Source: skills.FromSelf, At: &at, Raw: &value}); err != nil {
			return err
		}
	}
	return nil
}

// dateOnly cuts a moment to its day.
func dateOnly(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
