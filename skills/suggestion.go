package skills

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pitchside/content"
	"pitchside/people"
)

// A Suggestion is one thing that may help with a skill, and why this one.
type Suggestion struct {
	Kind    string // lesson, scenario or topic, as assignments name them
	Ref     string // course.lesson, or the scenario's slug; empty for a topic
	Title   string
	Reason  string
	Minutes int // 0: not known
}

// Suggestions returns up to three: the lesson that asks most about the skill,
// a scenario scored on it that fits the level, and a topic for the next 1:1.
// Lessons in done (course.lesson) have been read and are not suggested again.
// Out of sight is NotFound.
func (s *Service) Suggestions(ctx context.Context, by people.Actor, personID int64, skill string, done ...string) ([]Suggestion, error) {
	_, level, err := s.Level(ctx, by, personID, skill, s.Now())
	if err != nil {
		return nil, err
	}
	var out []Suggestion
	lessons, err := s.Content.List(ctx, content.KindLesson)
	if err != nil {
		return nil, err
	}
	lessons = slices.DeleteFunc(lessons, func(d *content.Document) bool {
		return d.Lesson == nil || !slices.Contains(d.Lesson.Skills, skill) || slices.Contains(done, d.Slug)
	})
	if len(lessons) > 0 {
		d := slices.MinFunc(lessons, func(a, b *content.Document) int {
			return cmp.Or(cmp.Compare(checksOn(b, skill), checksOn(a, skill)), cmp.Compare(len(a.Lesson.Skills), len(b.Lesson.Skills)), cmp.Compare(a.Path, b.Path))
		})
		reason := fmt.Sprintf("A lesson on %s alone.", level.Skill.Name)
		if n := len(d.Lesson.Skills); n > 1 {
			reason = fmt.Sprintf("A lesson on %s, beside %d other skills.", level.Skill.Name, n-1)
		}
		out = append(out, Suggestion{Kind: "lesson", Ref: d.Slug, Title: d.Title, Reason: reason, Minutes: d.Lesson.Minutes})
	}
	scenarios, err := s.Content.List(ctx, content.KindScenario)
	if err != nil {
		return nil, err
	}
	scenarios = slices.DeleteFunc(scenarios, func(d *content.Document) bool {
		return d.Scenario == nil || !slices.Contains(d.Scenario.Skills, skill)
	})
	if len(scenarios) > 0 {
		want := level.difficulty()
		d := slices.MinFunc(scenarios, func(a, b *content.Document) int {
			return cmp.Or(cmp.Compare(apart(a.Scenario.Difficulty, want), apart(b.Scenario.Difficulty, want)), cmp.Compare(a.Slug, b.Slug))
		})
		out = append(out, Suggestion{Kind: "scenario", Ref: d.Slug, Title: d.Title, Minutes: d.Scenario.Minutes,
			Reason: fmt.Sprintf("A role-play (%s) that is scored on %s, so it adds evidence too.", d.Scenario.Difficulty, level.Skill.Name)})
	}
	return append(out, level.topic()), nil
}

// checksOn counts the lesson's questions about the skill.
func checksOn(d *content.Document, skill string) (n int) {
	for _, q := range d.Questions() {
		if q.Skill == skill {
			n++
		}
	}
	return n
}

var difficulties = []string{"introductory", "intermediate", "advanced"}

// difficulty is that of a role-play worth trying at this level.
func (l Level) difficulty() string {
	switch {
	case !l.Known() || l.Whole() <= 2:
		return difficulties[0]
	case l.Whole() == 3:
		return difficulties[1]
	}
	return difficulties[2]
}

func apart(a, b string) int {
	d := slices.Index(difficulties, a) - slices.Index(difficulties, b)
	return max(d, -d)
}

// topic is what to talk about in the next 1:1: what the level after this one
// looks like, or how to see the skill at all.
func (l Level) topic() Suggestion {
	t := Suggestion{Kind: "topic", Title: l.Skill.Name + " in the next 1:1"}
	if !l.Known() {
		t.Reason = "Agree on a call or a role-play in which " + l.Skill.Name + " can be seen; too little of it has been."
		return t
	}
	next := min(5, l.Whole()+1)
	t.Reason = fmt.Sprintf("Look for one moment that could have gone as level %d does.", next)
	if len(l.Skill.Levels) >= next && l.Skill.Levels[next-1] != "" {
		t.Reason = fmt.Sprintf("Level %d looks like this: %s", next, l.Skill.Levels[next-1])
	}
	return t
}
