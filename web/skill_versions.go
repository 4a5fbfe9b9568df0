package web

import (
	"fmt"
	"slices"
	"strconv"
)

// versions are the versions of each rubric that counted evidence was scored
// under, where there is more than one.
func (p whyPage) versions() map[string][]int {
	all := map[string][]int{}
	for _, r := range p.Rows {
		if r.Counts() && r.RubricTitle != "" && !slices.Contains(all[r.RubricTitle], r.RubricVersion) {
			all[r.RubricTitle] = append(all[r.RubricTitle], r.RubricVersion)
		}
	}
	for title, list := range all {
		if len(list) < 2 {
			delete(all, title)
		}
		slices.Sort(list)
	}
	return all
}

// VersionsLine says that scores of different versions of a rubric stand beside
// each other, or "".
func (p whyPage) VersionsLine() string {
	var parts []string
	for title, list := range p.versions() {
		var numbers []string
		for _, n := range list {
			numbers = append(numbers, strconv.Itoa(n))
		}
		parts = append(parts, fmt.Sprintf("versions %s of %s", and(numbers), title))
	}
	slices.Sort(parts)
	if len(parts) == 0 {
		return ""
	}
	return "Scored under " + and(parts) + ". A changed anchor can move a score without a change in the skill, so the version stands beside each."
}

// versionMark is what the chart writes beside an observation, where the
// versions of its rubric differ: " v2", or "".
func (p whyPage) versionMark(r evidenceRow) string {
	if len(p.versions()[r.RubricTitle]) == 0 {
		return ""
	}
	return fmt.Sprintf(" v%d", r.RubricVersion)
}
