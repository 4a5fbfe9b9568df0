package assessments

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"pitchside/content"
)

// Waits reports whether a criterion can be scored only after something that may
// never come.
func Waits(c content.Criterion) bool { return c.Trigger != "" && !always.MatchString(c.Trigger) }

// NeverCame says, in the rubric's own words, what a criterion waited for.
func NeverCame(c content.Criterion) string {
	if !Waits(c) {
		return "What it needs never came up."
	}
	return "It needs this, which never came: " + c.Trigger
}

// Words by which a criterion's trigger waits for something on the buyer card.
var (
	always       = regexp.MustCompile(`(?i)^always\b`)
	onObjections = regexp.MustCompile(`(?i)\b(objections?|doubt\w*|disagree\w*|pressure|demand\w*)\b`)
	onFacts      = regexp.MustCompile(`(?i)\b(difficult\w*|problem\w*|effects?|costs?|saving\w*)\b`)
)

// Untriggered proposes which criteria had no chance, with the reason: in a text
// conversation those whose guard never held, in a live call those whose trigger
// speaks of objections or difficulties when the buyer ticked none of them. It
// is a proposal; the assessor decides. ticks are those of the call, nil where
// there was none.
func (s *Service) Untriggered(ctx context.Context, a Attempt, sc Scenario, ticks []Trigger) (map[string]string, error) {
	out := map[string]string{}
	if a.Form == FormText {
		if sc.Script == nil || !a.SeesWords {
			return out, nil
		}
		game, pinned, err := s.game(ctx, s.DB, a)
		if err != nil {
			return nil, err
		}
		end := game.Debrief()
		if end == nil {
			return out, nil
		}
		for _, id := range end.Never {
			if c, ok := pinned.Rubric.Criterion(id); ok {
				out[id] = NeverCame(c)
			}
		}
		return out, nil
	}
	for _, c := range sc.Rubric.Criteria {
		for _, kind := range []struct {
			waits     *regexp.Regexp
			objection bool
			what      string
		}{{onObjections, true, "The buyer raised no objection: "}, {onFacts, false, "The buyer told none of the hidden facts: "}} {
			names := unticked(ticks, kind.objection)
			if out[c.ID] == "" && names != "" && kind.waits.MatchString(c.Trigger) {
				out[c.ID] = kind.what + names + "."
			}
		}
	}
	return out, nil
}

// unticked names the card's objections or facts when none of them came up, and
// is empty when one did or the card has none.
func unticked(ticks []Trigger, objection bool) string {
	var names []string
	for _, t := range ticks {
		if t.Objection != objection {
			continue
		}
		if t.AtMS != nil {
			return ""
		}
		names = append(names, strings.TrimRight(t.Name, "."))
	}
	return strings.Join(slices.Compact(names), "; ")
}
