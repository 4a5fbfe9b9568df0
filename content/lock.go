package content

import (
	"fmt"
	"slices"
	"strings"

	"pitchside/internal/fault"
)

// keepsLocks refuses a minor edit of a rubric that changes a criterion which
// the published version locks: what a whole company scores by changes only as a
// major version, with a note that everybody is shown.
func keepsLocks(before, after *Rubric) error {
	if before == nil || after == nil {
		return nil
	}
	var changed []string
	for _, c := range before.Criteria {
		now, kept := after.Criterion(c.ID)
		if c.Locked && (!kept || !sameCriterion(c, now)) {
			changed = append(changed, c.Title)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return fault.Field("minor", fmt.Sprintf("%s: locked, so a minor edit may not change it. Publish this as a major version and say why, or put the criterion back as it was.", strings.Join(changed, ", ")))
}

// sameCriterion reports whether two versions of a criterion ask for the same;
// examples beside the anchors may differ.
func sameCriterion(x, y Criterion) bool {
	return x.Title == y.Title && x.Skill == y.Skill && x.Weight == y.Weight && x.Meaning == y.Meaning && x.Trigger == y.Trigger &&
		x.Critical == y.Critical && x.Locked == y.Locked && slices.Equal(x.Anchors, y.Anchors)
}
