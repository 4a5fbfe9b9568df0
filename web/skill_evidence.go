package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"pitchside/skills"

	"github.com/gin-gonic/gin"
)

// An evidenceRow is one piece of evidence as the page shows it.
type evidenceRow struct {
	skills.EvidenceShown
	What    string // such as Role-play, packaging stoppages
	Who     string // the rater, in words
	Short   string // the same for a chart
	Share   string // such as 17%
	Answers bool   // the viewer may answer its open question
}

func (p *whyPage) what(e skills.EvidenceShown) string {
	switch {
	case e.AttemptID != nil && p.Practices[e.ID] != "":
		return "Role-play, " + p.Practices[e.ID]
	case e.AttemptID != nil:
		return "Role-play"
	}
	switch e.Source {
	case skills.FromSelf:
		return "Self-rating"
	case skills.FromQuiz:
		return "Quiz"
	case skills.FromManager:
		return "Observed by a manager"
	case skills.FromPeer:
		return "Observed by a peer"
	case skills.FromTextBuyer:
		return "Text buyer"
	}
	return "Observed by a coach"
}

func (p *whyPage) who(e skills.EvidenceShown) string {
	switch {
	case e.Source == skills.FromSelf:
		return "own view"
	case e.Source == skills.FromTextBuyer:
		return "picked from lines on offer"
	case e.RaterName == "":
		return ""
	case e.Source == skills.FromManager:
		return e.RaterName + ", manager"
	case e.Source == skills.FromPeer:
		return e.RaterName + ", peer"
	}
	return e.RaterName
}

func (p *whyPage) short(e skills.EvidenceShown) string {
	switch e.Source {
	case skills.FromSelf:
		return "Own"
	case skills.FromQuiz:
		return "Quiz"
	case skills.FromTextBuyer:
		return "Buyer"
	}
	name := firstName(e.RaterName)
	if r := []rune(name); len(r) > 9 {
		return string(r[:8]) + "…"
	}
	return name
}

// Observed writes what was observed: a level, or answers right.
func (r evidenceRow) Observed() string {
	if r.Correct != nil && r.Items != nil {
		return fmt.Sprintf("%s of %d", trimmed(*r.Correct), *r.Items)
	}
	if r.Raw == nil {
		return ""
	}
	return fmt.Sprintf("%.1f", *r.Raw)
}

// ReadDifferently reports whether the model read the level as another one.
func (r evidenceRow) ReadDifferently() bool {
	return r.Counts() && (r.Raw == nil || math.Abs(*r.Raw-r.ReadAs) > 0.04)
}

// BySomebody reports whether a person other than the rep observed it, and it counts.
func (r evidenceRow) BySomebody() bool {
	return r.Counts() && (r.Source == skills.FromCoach || r.Source == skills.FromManager || r.Source == skills.FromPeer)
}

// Quotes are the criteria that carry somebody's words. Own ratings and the text
// buyer quote the same lines again.
func (r evidenceRow) Quotes() []skills.CriterionShown {
	if r.Source == skills.FromSelf || r.Source == skills.FromTextBuyer {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Criteria), func(c skills.CriterionShown) bool { return c.Quote == "" })
}

// Scored lists the criteria with the levels they were given.
func (r evidenceRow) Scored() string {
	var parts []string
	for _, c := range r.Criteria {
		title := c.Title
		if title == "" {
			title = c.Criterion
		}
		parts = append(parts, fmt.Sprintf("%s %d", title, c.Level))
	}
	return strings.Join(parts, " · ")
}

// Remark explains the weight of sources that people ask about.
func (r evidenceRow) Remark() string {
	if !r.Counts() {
		return ""
	}
	switch r.Source {
	case skills.FromSelf:
		return "Own ratings count little by design: they agree with other people's only loosely."
	case skills.FromTextBuyer:
		return "Picking a line is easier than finding one, so this weighs like a quiz, and never as a person's score."
	case skills.FromQuiz:
		return "Knowing is not yet doing, so a quiz weighs little on a behaviour and never makes a level appear."
	}
	return ""
}

// practicesOf names the scenarios of the role-plays behind the evidence, and
// says of which the recording is gone.
func (s *Site) practicesOf(c *gin.Context, why skills.Why) (map[int64]string, error) {
	names := map[int64]string{}
	var ids []int64
	for _, e := range why.Evidence {
		if e.AttemptID != nil {
			ids = append(ids, *e.AttemptID)
		}
	}
	if len(ids) == 0 {
		return names, nil
	}
	rows, err := s.DB.Query(ctx(c), `
		select e.id, v.title, t.gone_at from evidence e join attempts a on a.id = e.attempt_id join document_versions v on v.id = a.scenario_version
			left join attempt_takes t on t.attempt_id = a.id and t.chosen
		where e.attempt_id = any($1) and e.person_id = $2 and e.skill = $3`, ids, why.Person.ID, why.Skill.Slug)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var title string
		var gone *time.Time
		if err := rows.Scan(&id, &title, &gone); err != nil {
			return nil, err
		}
		if gone != nil {
			title += ", recording gone since " + gone.Format("2 January 2006")
		}
		names[id] = title
	}
	return names, rows.Err()
}
