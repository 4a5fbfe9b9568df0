package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"pitchside/assessments"
	"pitchside/people"
)

// A known attempt is one that a coach has scored, with what they gave.
type known struct {
	assessments.Attempt
	rep   people.Actor
	sheet assessments.Sheet
}

// scoredAttempts are all transcripts that a coach has scored, newest first.
func (c *Company) scoredAttempts(ctx context.Context) ([]known, error) {
	var out []known
	for _, m := range c.reps() {
		rep := c.as(m.name)
		all, err := c.Assessments.Attempts(ctx, rep, rep.ID, calder, 0, 50)
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			if a.State != assessments.Released {
				continue
			}
			sheets, err := c.Assessments.Sheets(ctx, rep, a.ID)
			if err != nil {
				return nil, err
			}
			for _, sheet := range sheets {
				if sheet.Source == "coach" {
					out = append(out, known{a, rep, sheet})
					break
				}
			}
		}
	}
	slices.SortFunc(out, func(x, y known) int { return y.SubmittedAt.Compare(*x.SubmittedAt) })
	return out, nil
}

// again is a known sheet as somebody else sees it, whose scores lie bias levels
// above the first one's.
func again(sheet assessments.Sheet, bias, noise float64, r *rand.Rand) assessments.SheetInput {
	in := assessments.SheetInput{Keep: sheet.Keep, TryNext: sheet.TryNext}
	for _, s := range sheet.Scores {
		if s.Level != nil {
			level := int(math.Round(min(5, max(1, float64(*s.Level)+bias+noise*r.NormFloat64()))))
			s.Level = &level
		}
		in.Scores = append(in.Scores, s)
	}
	return in
}

// calibrate holds two calibration rounds that are revealed, and one that is
// open. Every rep agrees to it for the role-plays that are used.
func (c *Company) calibrate(ctx context.Context) error {
	all, err := c.scoredAttempts(ctx)
	if err != nil {
		return err
	}
	raters := []string{"Ana Ruiz", "Ben Carver", "Ines Fontaine", "Tomas Lind"}
	before := func(daysAgo, most int, ok func(known) bool) []known {
		var out []known
		for _, k := range all {
			if len(out) < most && k.ReleasedAt.Before(c.day(daysAgo, 0, 0)) && (ok == nil || ok(k)) {
				out = append(out, k)
			}
		}
		return out
	}
	first := before(62, 32, nil)
	used := func(k known) bool { return !slices.ContainsFunc(first, func(f known) bool { return f.ID == k.ID }) }
	if err := c.round(ctx, "First round: thirty calls", "Sam Birch", raters[:3], first, 60, true); err != nil {
		return err
	}
	if err := c.round(ctx, "After the new anchors", "Sam Birch", raters, before(26, 12, used), 24, true); err != nil {
		return err
	}
	mine := before(14, 4, func(k known) bool { return c.cast[k.rep.Name].coach == "Ana Ruiz" && used(k) })
	return c.round(ctx, "Monthly round, Calder", "Ana Ruiz", []string{"Ana Ruiz", "Ben Carver", "Tomas Lind"}, mine, 2, false)
}

// round opens a round some days ago. A revealed one is scored by all, and its
// first dozen settled on one criterion; in an open one only some have begun.
func (c *Company) round(ctx context.Context, title, lead string, raters []string, sample []known, daysAgo int, revealed bool) error {
	at := c.day(daysAgo, 9, 0)
	c.at(at)
	in := assessments.NewCalibration{Title: title, Scenario: calder, Due: at.AddDate(0, 0, 9)}
	for _, name := range raters {
		in.CoachIDs = append(in.CoachIDs, c.ids[name])
	}
	for _, k := range sample {
		if err := c.Assessments.Consent(ctx, k.rep, k.ID, true); err != nil {
			return err
		}
		in.AttemptIDs = append(in.AttemptIDs, k.ID)
	}
	round, err := c.Assessments.OpenCalibration(ctx, c.as(lead), in)
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	for i, name := range raters {
		r := dice(name, title)
		for j, k := range sample {
			if !revealed && (name == lead || j >= 2+i) {
				continue
			}
			c.at(at.Add(time.Duration(20+i*7+j) * time.Hour / 4))
			coach := c.as(name)
			if _, _, err := c.Assessments.SaveSheet(ctx, coach, k.ID, coach.ID, again(k.sheet, 1.6*strictness[name], 0.45, r), nil); err != nil {
				return fmt.Errorf("%s, %s: %w", title, name, err)
			}
		}
	}
	if !revealed {
		return nil
	}
	c.at(at.AddDate(0, 0, 6))
	ana := c.as("Ana Ruiz")
	for _, k := range sample[:min(12, len(sample))] {
		score := k.sheet.Score("problem")
		if score.Level == nil {
			score = k.sheet.Score("implication")
		}
		if score.Level == nil {
			continue
		}
		if err := c.Assessments.Settle(ctx, ana, round.ID, assessments.Reference{AttemptID: k.ID, Criterion: score.Criterion, Level: *score.Level, Quote: score.Quote,
			Reason: settledWords[*score.Level-1]}, 0); err != nil {
			return err
		}
	}
	return c.Assessments.Discuss(ctx, ana, round.ID, "problem", "A symptom that the buyer volunteers is not yet a problem found: it counts when the rep asks what it does on a bad day.", 0)
}

var settledWords = [5]string{
	"Nothing is asked about what goes wrong.",
	"It is named, and not asked about.",
	"One problem is found and one question follows it.",
	"Two problems are found, and the buyer says which one matters.",
	"The buyer puts words to a problem that he had not thought of as one.",
}

// dispute has two reps see a score differently: one a while ago, which a second
// score changed, and one who still waits.
func (c *Company) dispute(ctx context.Context) error {
	all, err := c.scoredAttempts(ctx)
	if err != nil {
		return err
	}
	find := func(from, to int) (known, bool) {
		for _, k := range all {
			m := c.cast[k.rep.Name]
			if k.rep.Name != "Dana Okafor" && len(m.coaches()) == 2 && k.ReleasedAt.After(c.day(from, 0, 0)) && k.ReleasedAt.Before(c.day(to, 0, 0)) {
				return k, true
			}
		}
		return known{}, false
	}
	if k, ok := find(60, 30); ok {
		c.at(k.ReleasedAt.Add(26 * time.Hour))
		d, err := c.Assessments.Dispute(ctx, k.rep, k.ID, k.sheet.ID, "I asked him twice what the stops lead to, and the sheet gives a 2. The second time is near the end.")
		if err != nil {
			return err
		}
		if d.Second != nil {
			second := c.as(*d.Second)
			c.at(k.ReleasedAt.Add(70 * time.Hour))
			if _, _, err := c.Assessments.SaveSheet(ctx, second, k.ID, second.ID, again(k.sheet, 0.7, 0.2, dice(k.rep.Name, "second")), nil); err != nil {
				return err
			}
			if _, err := c.Assessments.Release(ctx, second, k.ID, second.ID); err != nil {
				return err
			}
			if _, err := c.Assessments.SettleDispute(ctx, second, d.ID, assessments.Changed, "The second question is there, at the end, and the buyer answers it with a figure. The anchor for 3 says that."); err != nil {
				return err
			}
		}
	}
	if k, ok := find(13, 3); ok {
		c.at(c.day(2, 15, 0))
		_, err := c.Assessments.Dispute(ctx, k.rep, k.ID, k.sheet.ID, "The buyer agreed to the visit on Tuesday himself. I think that is a commitment with a day in it.")
		return err
	}
	return nil
}
