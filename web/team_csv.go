package web

import (
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// exportHeatmap gives the levels of the same filter as a file, one line for each
// person and skill. A level that is not known has no number.
func (s *Site) exportHeatmap(c *gin.Context) error {
	m, err := s.Skills.TeamHeatmap(ctx(c), actor(c), readHeatFilter(c).view())
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="team-skills-%s.csv"`, s.Now().Format(time.DateOnly)))
	w := csv.NewWriter(c.Writer)
	_ = w.Write([]string{"person_id", "name", "role_family", "team", "group", "skill", "state", "reason", "level", "low80", "high80", "target", "p_below", "verdict", "pieces", "newest"})
	for _, r := range m.Rows {
		for _, l := range r.Levels {
			line := []string{fmt.Sprint(r.ID), cellText(r.Name), cellText(r.RoleFamily), cellText(r.TeamName), l.Skill.Group, l.Skill.Slug, string(l.State), l.Reason, "", "", "", "", "", string(l.Verdict), fmt.Sprint(l.Pieces), ""}
			if l.Known() {
				line[8], line[9], line[10] = fmt.Sprintf("%.2f", l.Estimate.Level), fmt.Sprintf("%.2f", l.Low80), fmt.Sprintf("%.2f", l.High80)
				if l.PBelow != nil {
					line[12] = fmt.Sprintf("%.3f", *l.PBelow)
				}
			}
			if l.Target != nil {
				line[11] = trimmed(*l.Target)
			}
			if l.Newest != nil {
				line[15] = l.Newest.UTC().Format(time.DateOnly)
			}
			_ = w.Write(line)
		}
	}
	w.Flush()
	return w.Error()
}

// cellText keeps a spreadsheet from reading what people typed as a formula.
func cellText(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
