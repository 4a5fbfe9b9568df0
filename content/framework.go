package content

import (
	"fmt"
	"strings"
	"unicode"

	"pitchside/content/source"
)

// Skills is the skill framework: groups of skills with five levels each.
type Skills struct{ Groups []SkillGroup }

// A SkillGroup is skills that belong together.
type SkillGroup struct {
	Name   string
	Skills []Skill
}

// A Skill is something that people can be seen to do, or to know.
type Skill struct {
	Slug   string
	Name   string
	Kind   string   // behaviour or knowledge
	Levels []string // what is seen at levels 1 to 5
}

// All returns every skill, group by group.
func (s *Skills) All() []Skill {
	var all []Skill
	for _, g := range s.Groups {
		all = append(all, g.Skills...)
	}
	return all
}

func (r *reading) skills(f *source.Fields) {
	s := &Skills{}
	seen := map[string]bool{}
	if list := f.Need("groups", "List the groups of skills: groups: with name and skills each."); list != nil {
		for _, item := range list.List() {
			g := item.Fields()
			group := SkillGroup{Name: g.NeedText("name", "Give the group a name.")}
			if v := g.Need("skills", "List the skills of the group."); v != nil {
				for _, one := range v.List() {
					k := r.skill(one)
					if seen[k.Slug] && k.Slug != "" {
						one.Error(fmt.Sprintf("Two skills have the slug “%s”.", k.Slug), "Give one of them another slug.")
					}
					seen[k.Slug] = true
					group.Skills = append(group.Skills, k)
				}
			}
			g.Close()
			s.Groups = append(s.Groups, group)
		}
	}
	f.Close()
	r.doc.Skills, r.doc.Title = s, "Skill framework"
}

func (r *reading) skill(v *source.Value) Skill {
	f := v.Fields()
	k := Skill{
		Slug: f.NeedText("slug", "Give the skill a slug that never changes: slug: listen"),
		Name: f.Text("name"),
		Kind: f.OneOf("kind", "behaviour", "behaviour", "knowledge"),
	}
	if k.Slug != "" && !IsSlug(k.Slug) {
		v.Error(fmt.Sprintf("“%s” cannot be a slug.", k.Slug), "Use lower-case letters, digits and hyphens.")
	}
	if k.Name == "" {
		k.Name = titled(k.Slug)
	}
	if l := f.Need("levels", "Describe what is seen at each level from 1 to 5."); l != nil {
		if k.Levels = l.Texts(); len(k.Levels) != levels {
			l.Error(fmt.Sprintf("%s has %d levels, not five.", k.Name, len(k.Levels)), "Describe what is seen at each level from 1 to 5.")
		}
	}
	f.Close()
	return k
}

// Roles says what is expected of each role family.
type Roles struct{ Families []RoleFamily }

// A RoleFamily is a kind of job with its target level per skill.
type RoleFamily struct {
	Name      string
	PriorMean *float64           // starting assumption for a level; nil: the default of 2.5
	Targets   map[string]float64 // by skill, 1 to 5
}

func (r *reading) roles(f *source.Fields) {
	out := &Roles{}
	var common *float64
	if v := f.Get("prior_mean"); v != nil {
		common = r.levelOf(v)
	}
	if list := f.Need("families", "List the role families: families: with name and targets each."); list != nil {
		for _, item := range list.List() {
			g := item.Fields()
			family := RoleFamily{Name: g.NeedText("name", "Give the role family a name."), PriorMean: common, Targets: map[string]float64{}}
			if v := g.Get("prior_mean"); v != nil {
				family.PriorMean = r.levelOf(v)
			}
			if v := g.Get("targets"); v != nil {
				for _, e := range v.Entries() {
					r.needSkill(e.Key, e.At)
					if n := r.levelOf(e.Value); n != nil {
						family.Targets[e.Key] = *n
					}
				}
			}
			g.Close()
			out.Families = append(out.Families, family)
		}
	}
	f.Close()
	r.doc.Roles, r.doc.Title = out, "Targets by role"
}

// levelOf reads a level from 1 to 5.
func (r *reading) levelOf(v *source.Value) *float64 {
	n := v.Number()
	if n < 1 || n > levels {
		v.Error("A level is a number from 1 to 5.", "Write a number from 1 to 5.")
		return nil
	}
	return &n
}

// needSkill notes that a skill must be in the framework.
func (r *reading) needSkill(slug string, at source.Place) {
	r.refer(KindSkills, slug, at, source.Error, fmt.Sprintf("There is no skill “%s”.", slug), "Correct the slug, or add the skill to skills.yaml.")
}

// titled makes a name of a slug: need_payoff becomes Need payoff.
func titled(slug string) string {
	words := []rune(strings.NewReplacer("-", " ", "_", " ").Replace(slug))
	if len(words) > 0 {
		words[0] = unicode.ToUpper(words[0])
	}
	return string(words)
}
