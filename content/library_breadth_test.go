package content_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pitchside/content"
)

// lessonsOf is how many lessons each course of the built-in library has.
var lessonsOf = map[string]int{
	"selling-foundations": 5, "consultative-selling": 6, "solution-diagnosis": 7, "insight-led-selling": 6, "questions-for-large-sales": 7, "process-and-pipeline": 6,
	"strategy-and-planning": 6, "propose-negotiate-commit": 7, "accounts-and-relationships": 6, "b2b-b2c-enterprise": 6, "sales-technology": 6, "coaching-and-leading": 8,
}

const (
	fewestAnchorWords  = 6
	fewestMetricWords  = 8 // of a definition, and of what a metric does not say
	fewestScenarioKind = 4
)

// The library is as broad as the framework that it teaches.
func TestLibraryIsBroad(t *testing.T) {
	t.Parallel()
	count, lessons, methods := map[content.Kind]int{}, map[string]int{}, map[string]int{}
	for _, d := range builtIn(t) {
		count[d.Kind]++
		switch {
		case d.Lesson != nil:
			course, _, _ := strings.Cut(d.Slug, ".")
			lessons[course]++
		case d.Scenario != nil:
			methods[d.Scenario.Method]++
		}
	}
	for kind, n := range map[content.Kind]int{content.KindCourse: 12, content.KindScenario: 20, content.KindRubric: 7, content.KindTemplate: 6, content.KindProgram: 4, content.KindWorksheet: 15,
		content.KindSkills: 1, content.KindRoles: 1, content.KindMetrics: 1} {
		if count[kind] != n {
			t.Errorf("%d documents of the kind %s, want %d", count[kind], kind, n)
		}
	}
	if !maps.Equal(lessons, lessonsOf) {
		t.Errorf("lessons by course: %v, want %v", lessons, lessonsOf)
	}
	for _, method := range []string{"consultative", "solution", "challenger", "spin"} {
		if methods[method] < fewestScenarioKind {
			t.Errorf("%d scenarios of the method %s, want %d or more", methods[method], method, fewestScenarioKind)
		}
	}
}

// An anchor that is not a sentence leaves a scorer guessing.
func TestAnchorsAreSentences(t *testing.T) {
	t.Parallel()
	for _, d := range builtIn(t) {
		if d.Rubric == nil {
			continue
		}
		for _, c := range d.Rubric.Criteria {
			if len(c.Anchors) != 5 {
				t.Errorf("%s: %s has %d anchors", d.Path, c.ID, len(c.Anchors))
			}
			for n, a := range c.Anchors {
				if !strings.HasSuffix(a, ".") || len(strings.Fields(a)) < fewestAnchorWords {
					t.Errorf("%s: level %d of %s is no full sentence: %s", d.Path, n+1, c.ID, a)
				}
			}
		}
	}
}

// Every skill says what is seen at each level, and every role what it expects.
func TestSkillsAndRolesAreWhole(t *testing.T) {
	t.Parallel()
	slugs := map[string]bool{}
	for _, d := range builtIn(t) {
		if d.Skills == nil {
			continue
		}
		for _, k := range d.Skills.All() {
			slugs[k.Slug] = true
			if len(k.Levels) != 5 || slices.Contains(k.Levels, "") {
				t.Errorf("the skill %s has the levels %q", k.Slug, k.Levels)
			}
		}
	}
	if len(slugs) != 19 {
		t.Errorf("%d skills, want 19", len(slugs))
	}
	families := 0
	for _, d := range builtIn(t) {
		if d.Roles == nil {
			continue
		}
		for _, f := range d.Roles.Families {
			families++
			for slug := range slugs {
				if f.Targets[slug] < 1 || f.Targets[slug] > 5 {
					t.Errorf("%s has the target %g for %s", f.Name, f.Targets[slug], slug)
				}
			}
		}
	}
	if families != 5 {
		t.Errorf("%d role families, want 5", families)
	}
}

// metricsOf are the names of the dictionary; they never change.
var metricsOf = strings.Fields(`revenue growth deal_size revenue_per_rep market_share market_expansion won lost open win_rate won_value cycle
	calls meetings proposals demos followups pipeline_value velocity conversion stage_progress forecast lead_quality qualification nurture conversion_gain velocity_gain
	goal activity skill_development improvement career collaboration knowledge_sharing best_practices continuous_improvement csat retention grr nrr
	agreement engagement success_plan data_quality adoption adherence time_saved ramp`)

// A metric says what is counted, in what, from where, and what it does not say.
func TestMetricsAreDefined(t *testing.T) {
	t.Parallel()
	for _, d := range builtIn(t) {
		if d.Kind != content.KindMetrics {
			continue
		}
		var names []string
		for _, m := range d.Metrics {
			names = append(names, m.Name)
			if m.Title == "" || m.Unit == "" || m.Source == "" || len(strings.Fields(m.Definition)) < fewestMetricWords || len(strings.Fields(m.Caveat)) < fewestMetricWords {
				t.Errorf("the metric %s is not defined whole: %+v", m.Name, m)
			}
		}
		if !slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(metricsOf))) {
			t.Errorf("the dictionary has %v, want %v", names, metricsOf)
		}
	}
}
