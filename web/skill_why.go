package web

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"pitchside/internal/stats"
	"pitchside/skills"
	"pitchside/web/charts"
)

// A whyPage answers "why is this level what it is?". Rep, coach and manager see
// the same one.
type whyPage struct {
	Base
	Why         skills.Why
	View        levelView
	Mine, Leads bool
	AsOf        string // the day asked for; empty: today
	Practices   map[int64]string
	Suggestions []skills.Suggestion
	Form        questionForm
	Problems    Problems

	Rows   []evidenceRow
	Groups []shareGroup
	Sum    []sumLine
	Last   []evidenceRow // the newest three that somebody else observed
	Seen   int           // how many somebody else observed
}

// build makes the rows, the shares and the sum from the evidence.
func (p *whyPage) build() {
	for _, e := range p.Why.Evidence {
		r := evidenceRow{EvidenceShown: e, What: p.what(e), Who: p.who(e), Short: p.short(e)}
		r.Answers = p.Leads && e.Question != nil && e.Question.Open() && (e.RaterID == nil || *e.RaterID != p.Me.ID) && e.Question.By != p.Me.Name
		if e.Counts() && p.View.Known() {
			r.Share = fmt.Sprintf("%.0f%%", 100*e.Share)
		}
		p.Rows = append(p.Rows, r)
		if r.BySomebody() {
			p.Seen++
			if len(p.Last) < 3 {
				p.Last = append(p.Last, r)
			}
		}
	}
	if p.View.Known() {
		p.Groups, p.Sum = p.shares(), p.sum()
	}
}

// chartRows is how many observations the chart shows; the table has all.
const chartRows = 12

// Chart draws the observations over time and the level that they support.
func (p whyPage) Chart() template.HTML {
	c := charts.Intervals{ID: "level-chart", From: 1, To: 5, Title: "Observations of " + p.Why.Skill.Name + " and the level they support",
		Ticks: []charts.Tick{{At: 1, Label: "1"}, {At: 2, Label: "2"}, {At: 3, Label: "3"}, {At: 4, Label: "4"}, {At: 5, Label: "5"}}}
	rows := slices.DeleteFunc(slices.Clone(p.Rows), func(r evidenceRow) bool { return !r.BySomebody() })
	rows = rows[:min(len(rows), chartRows)]
	for _, r := range slices.Backward(rows) {
		c.Rows = append(c.Rows, charts.Row{Label: r.Short + ", " + p.in(r.At).Format("2 Jan") + p.versionMark(r), Value: r.ReadAs, Low: r.ReadAs - r.Reach, High: r.ReadAs + r.Reach,
			Note: fmt.Sprintf("%s: read as %.1f", r.What, r.ReadAs)})
	}
	c.Description = fmt.Sprintf("%s, oldest first, each with how far it can be trusted.", plural(len(rows), "observation", "observations"))
	if p.View.Known() {
		e := p.Why.Estimate
		c.Rows = append(c.Rows, charts.Row{Label: "Now", Value: e.Level, Low: e.Low80, High: e.High80, Summary: true, Note: p.Numbers()})
		c.Description += fmt.Sprintf(" The level is %.1f, probably between %.1f and %.1f.", e.Level, max(1, e.Low80), min(5, e.High80))
	}
	if p.Why.Target != nil {
		c.Target = &charts.Tick{At: *p.Why.Target, Label: "target"}
		c.Description += " The target is " + trimmed(*p.Why.Target) + "."
	}
	return c.SVG()
}

// Likely writes the likely levels at the start of a sentence.
func (p whyPage) Likely() string { return strings.Replace(p.View.Likely(), "l", "L", 1) }

// TargetWords says what the role is to reach.
func (p whyPage) TargetWords() string {
	if p.Why.Target == nil {
		return "No target is set for the role " + p.Why.Person.RoleFamily + "."
	}
	return "The target for the role " + p.Why.Person.RoleFamily + " is " + trimmed(*p.Why.Target) + "."
}

// Numbers gives the level with its decimals and range.
func (p whyPage) Numbers() string {
	e := p.Why.Estimate
	return fmt.Sprintf("In numbers %.1f, probably between %.1f and %.1f.", e.Level, max(1, e.Low80), min(5, e.High80))
}

// Change says what would change the level most.
func (p whyPage) Change() string {
	whose := "your"
	if !p.Mine {
		whose = firstName(p.Why.Person.Name) + "’s"
	}
	if !p.View.Known() {
		return "One more session scored by a coach or manager adds most. Quizzes, the text buyer and " + whose + " own ratings inform a level, and never make one appear."
	}
	half, next := stats.Z80*p.Why.SE, stats.Z80*p.Why.Narrowed
	if p.AsOf != "" || half-next < 0.05 {
		return ""
	}
	return fmt.Sprintf("One more role-play, scored by a coach who has not scored this before, would narrow it most: from ±%.1f to about ±%.1f.", half, next)
}

// Disagreement says who is further apart than chance allows; empty if nobody.
func (p whyPage) Disagreement() string {
	whose := "Your"
	if !p.Mine {
		whose = firstName(p.Why.Person.Name) + "’s"
	}
	switch {
	case !p.View.Known():
		return ""
	case p.Why.Disagree == skills.CoachesApart:
		return whose + " coaches disagree by more than chance allows, so the range is wider. Worth asking them to score one session together."
	case p.Why.Disagree == skills.SourcesDiverge:
		return whose + " sources of evidence disagree by more than chance allows, so the range is wider."
	}
	return ""
}

// GapWords says how a person's own view differs from their coaches'; empty if
// it is not worth a conversation.
func (p whyPage) GapWords() string {
	g := p.Why.SelfGap
	if g == nil || !g.Worth || !p.View.Known() {
		return ""
	}
	who, verb, own := "You", "rate yourself", "your"
	if !p.Mine {
		who, verb, own = firstName(p.Why.Person.Name), "rates this", "the"
	}
	direction := "higher"
	if g.Gap < 0 {
		direction = "lower"
	}
	return fmt.Sprintf("%s %s about %.1f %s than %s coaches do (give or take %.1f).", who, verb, math.Abs(g.Gap), direction, own, g.SE)
}

// Period names the evidence's first and last day.
func (p whyPage) Period() string {
	if p.Why.Newest == nil {
		return "no evidence yet"
	}
	n := plural(p.Why.Pieces, "piece", "pieces")
	if p.Date(*p.Why.Oldest) == p.Date(*p.Why.Newest) {
		return n + ", " + p.Date(*p.Why.Newest)
	}
	return n + ", " + p.Date(*p.Why.Oldest) + " to " + p.Date(*p.Why.Newest)
}

// LeftOut is how many pieces of evidence do not count.
func (p whyPage) LeftOut() int { return len(p.Rows) - p.Why.Pieces }

// Levels are the five levels with the target and the present one marked.
func (p whyPage) Levels() (out []struct {
	N         int
	Text      string
	Now, Goal bool
}) {
	for i, text := range p.Why.Skill.Levels {
		n := i + 1
		out = append(out, struct {
			N         int
			Text      string
			Now, Goal bool
		}{n, text, p.View.Known() && p.View.Whole() == n, p.Why.Target != nil && int(math.Round(*p.Why.Target)) == n})
	}
	return out
}

// Primary is the one next thing.
func (p whyPage) Primary() link {
	if p.Leads {
		return link{"Assign to " + firstName(p.Why.Person.Name), fmt.Sprintf("/assign?person=%d&skill=%s", p.Why.Person.ID, p.Why.Skill.Slug)}
	}
	for _, s := range p.Suggestions {
		if s.Kind == "scenario" {
			return link{"Practise this", "/practice/" + s.Ref}
		}
	}
	return link{"Practise this", "/practice"}
}

// Crumb leads back to the list that the page belongs to.
func (p whyPage) Crumb() []link {
	if p.Mine {
		return []link{{"Skills", "/skills"}}
	}
	return []link{{"Team", "/team"}, {p.Why.Person.Name, fmt.Sprintf("/team/%d", p.Why.Person.ID)}}
}

// Here is the page's own address.
func (p whyPage) Here() string { return skillAddress(p.Me, p.Why.Person.ID, p.Why.Skill.Slug) }

// Offer is a suggestion with what pressing it does for this viewer.
func (p whyPage) Offer(s skills.Suggestion) link {
	if p.Leads {
		return link{"Assign", fmt.Sprintf("/assign?person=%d&skill=%s&kind=%s&ref=%s", p.Why.Person.ID, p.Why.Skill.Slug, s.Kind, s.Ref)}
	}
	switch s.Kind {
	case "lesson":
		course, lesson, _ := strings.Cut(s.Ref, ".")
		return link{"Read", "/learn/" + course + "/" + lesson}
	case "scenario":
		return link{"Practise", "/practice/" + s.Ref}
	}
	return link{"Open coaching", "/coaching"}
}
