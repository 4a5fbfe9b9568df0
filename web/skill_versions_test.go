package web

import (
	"testing"

	"pitchside/skills"
)

// Evidence of two versions of a rubric is marked; of one, it is not.
func TestVersionsOfARubricAreMarked(t *testing.T) {
	t.Parallel()
	row := func(title string, version int, leftOut string) evidenceRow {
		return evidenceRow{EvidenceShown: skills.EvidenceShown{RubricTitle: title, RubricVersion: version, LeftOut: leftOut}}
	}
	one := whyPage{Rows: []evidenceRow{row("Call", 1, ""), row("Call", 1, ""), row("Call", 2, "Scored again."), row("", 0, "")}}
	if line := one.VersionsLine(); line != "" || one.versionMark(one.Rows[0]) != "" {
		t.Errorf("one version that counts: %q", line)
	}
	two := whyPage{Rows: []evidenceRow{row("Call", 3, ""), row("Call", 1, ""), row("Demo", 1, "")}}
	if line := two.VersionsLine(); line != "Scored under versions 1 and 3 of Call. A changed anchor can move a score without a change in the skill, so the version stands beside each." {
		t.Errorf("two versions: %q", line)
	}
	if two.versionMark(two.Rows[0]) != " v3" || two.versionMark(two.Rows[2]) != "" {
		t.Error("the chart does not mark the versions")
	}
}
