package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/content/beats"
)

const calder = "spi1-packaging-stoppages"

// practise makes every rep try the scenario a few times over the months. What
// is said comes from playing the branching buyer: the more able a rep, the
// better the lines they pick. A coach scores what they read, a day or two later.
func (c *Company) practise(ctx context.Context) error {
	doc, err := c.Content.Published(ctx, content.KindScenario, calder)
	if err != nil {
		return err
	}
	rubric, err := c.Content.Published(ctx, content.KindRubric, doc.Scenario.Rubric)
	if err != nil {
		return err
	}
	for _, m := range c.reps() {
		r := dice(m.name, "practice")
		tries := min(1+m.months/3, 5) + r.IntN(2)
		if m.months < 2 {
			tries = 1 // too new for a level
		}
		span := min(240, m.months*30-8)
		for i := range tries {
			daysAgo := 6 + (tries-1-i)*span/max(1, tries) + r.IntN(9)
			if daysAgo >= m.months*30 {
				continue
			}
			if err := c.try(ctx, m, doc.Scenario.Beats, rubric.Rubric, c.day(daysAgo, 9+r.IntN(8), r.IntN(60)), true); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
	}
	return nil
}

// try is one role-play of a member at a moment, scored if it is to be.
func (c *Company) try(ctx context.Context, m member, script *beats.Script, rubric *content.Rubric, at time.Time, scored bool) error {
	r := dice(m.name, "try "+at.Format(time.DateTime))
	rep := c.as(m.name)
	by := m.coaches()[r.IntN(len(m.coaches()))]
	coach := c.as(by)
	c.at(at)
	form := assessments.FormTranscript
	if r.IntN(3) == 0 {
		form = assessments.FormText
	}
	a, err := c.Assessments.StartAttempt(ctx, rep, rep.ID, calder, form)
	if err != nil {
		return err
	}
	game, err := play(script, fmt.Sprint(a.ID), c.level(m, "question", at), r)
	if err != nil {
		return err
	}
	if form == assessments.FormText {
		for i, move := range game.Moves() {
			if _, err := c.Assessments.Say(ctx, rep, a.ID, move.Choice, &i); err != nil {
				return err
			}
		}
	} else if _, err := c.Assessments.SaveTranscript(ctx, rep, a.ID, turns(game, r), nil); err != nil {
		return err
	}
	end := game.Debrief()
	c.at(at.Add(20 * time.Minute))
	if r.IntN(5) > 0 {
		if _, _, err := c.Assessments.SaveSheet(ctx, rep, a.ID, rep.ID, score(rubric, end, 0.5, r), nil); err != nil {
			return err
		}
	}
	if err := c.Assessments.Submit(ctx, rep, a.ID); err != nil {
		return err
	}
	if !scored {
		return nil
	}
	c.at(at.Add(time.Duration(20+r.IntN(40)) * time.Hour))
	if c.clock.After(c.Now) {
		c.at(c.Now)
	}
	if _, _, err := c.Assessments.SaveSheet(ctx, coach, a.ID, coach.ID, score(rubric, end, strictness[by], r), nil); err != nil {
		return err
	}
	_, err = c.Assessments.Release(ctx, coach, a.ID, coach.ID)
	return err
}

// strictness is how far a coach's scores lie from the others', in levels.
var strictness = map[string]float64{"Ana Ruiz": -0.15, "Ben Carver": 0.25, "Grace Whitfield": 0.1, "Tomas Lind": -0.1}

// play has somebody of a level talk to the buyer until it ends.
func play(script *beats.Script, key string, level float64, r *rand.Rand) (*beats.Game, error) {
	worth := map[string]float64{}
	for _, b := range script.Beats {
		for _, ch := range b.Choices {
			sum := 0
			for _, e := range ch.Evidence {
				sum += e.Level
			}
			worth[ch.Name] = 2.6
			if len(ch.Evidence) > 0 {
				worth[ch.Name] = float64(sum) / float64(len(ch.Evidence))
			}
		}
	}
	game, err := script.Begin(key)
	for err == nil && !game.Ended() {
		offers := game.Offers()
		weights, total := make([]float64, len(offers)), 0.0
		for i, o := range offers {
			weights[i] = math.Exp(0.55 * (level - 2) * worth[o.ID])
			total += weights[i]
		}
		pick, at := 0, r.Float64()*total
		for i, w := range weights {
			if at -= w; at <= 0 {
				pick = i
				break
			}
		}
		err = game.Choose(offers[pick].ID)
	}
	return game, err
}

// turns writes a played conversation as a transcript with times.
func turns(game *beats.Game, r *rand.Rand) []assessments.Turn {
	var out []assessments.Turn
	ms := 0
	say := func(who assessments.Speaker, text string) {
		length := 700 + len(strings.Fields(text))*380
		start, end := ms, ms+length
		out = append(out, assessments.Turn{Speaker: who, StartMS: &start, EndMS: &end, Text: text})
		ms = end + 250 + r.IntN(1800)
	}
	for _, m := range game.Moves() {
		say(assessments.Buyer, m.Buyer)
		if strings.HasPrefix(m.Says, "(") {
			ms += 3500 // a silence
			continue
		}
		say(assessments.Rep, m.Says)
	}
	say(assessments.Buyer, game.Buyer())
	return out
}

// score fills a sheet with what the conversation showed, as somebody sees it
// whose scores lie bias levels above the rest.
func score(rubric *content.Rubric, end *beats.Debrief, bias float64, r *rand.Rand) assessments.SheetInput {
	shown := map[string]int{}
	for _, l := range end.Levels {
		shown[l.Criterion] = l.Level
	}
	spoken := spokenLines(end)
	var in assessments.SheetInput
	best, worst := 0, 6
	for _, criterion := range rubric.Criteria {
		s := assessments.Score{Criterion: criterion.ID}
		quote := spoken[""]
		if q := spoken[criterion.ID]; q != "" {
			quote = q
		}
		if shown[criterion.ID] == 0 || quote == "" {
			s.NotObserved = true
			in.Scores = append(in.Scores, s)
			continue
		}
		level := int(math.Round(min(5, max(1, float64(shown[criterion.ID])+bias+0.5*r.NormFloat64()))))
		s.Level, s.Quote = &level, quote
		in.Scores = append(in.Scores, s)
		if level > best {
			best, in.Keep = level, keepWords(criterion.Title, quote)
		}
		if level < worst {
			worst, in.TryNext = level, tryWords[criterion.ID]
		}
	}
	return in
}

// spokenLines returns for each criterion a line of the rep that showed it; the
// empty criterion has any line.
func spokenLines(end *beats.Debrief) map[string]string {
	out := map[string]string{}
	for _, m := range end.Moves {
		if strings.HasPrefix(m.Says, "(") {
			continue
		}
		if out[""] == "" {
			out[""] = m.Says
		}
		for _, e := range m.Evidence {
			out[e.Criterion] = m.Says
		}
	}
	return out
}

func keepWords(criterion, quote string) string {
	return fmt.Sprintf("“%s” That line is worth keeping, for %s: he answered it, and more than you had asked.", quote, strings.ToLower(criterion))
}

// tryWords say what to do next time, by the criterion that went least well.
var tryWords = map[string]string{
	"situation_economy": "Leave out one fact you could have looked up, and say what you know instead.",
	"problem":           "Ask about one particular bad day before you describe anything.",
	"implication":       "You found the stoppages. Stay one question longer: ask what one of them did to somebody.",
	"need_payoff":       "After he has told you an effect, ask what he would have done with a day’s warning. Then wait.",
	"presentation":      "Hold the product back until he has said what he needs, and then answer only that.",
	"commitment":        "End on something he does, with a day and a person in it.",
}
