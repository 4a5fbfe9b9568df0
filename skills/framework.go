package skills

import (
	"context"
	"slices"
	"sync"

	"pitchside/content"
	"pitchside/internal/fault"
)

// A Skill is something that people can be seen to do, or to know, at five levels.
type Skill struct {
	Slug   string
	Name   string
	Group  string
	Kind   Kind
	Levels []string // what is seen at levels 1 to 5
}

// A SkillGroup is skills that belong together, such as Discover.
type SkillGroup struct {
	Name   string
	Skills []Skill
}

// A Framework is all skills, in the order of the document that defines them.
type Framework struct{ Groups []SkillGroup }

// All returns every skill, group by group.
func (f Framework) All() []Skill {
	var all []Skill
	for _, g := range f.Groups {
		all = append(all, g.Skills...)
	}
	return all
}

// Skill returns the skill of this slug, or NotFound.
func (f Framework) Skill(slug string) (Skill, error) {
	for _, g := range f.Groups {
		if i := slices.IndexFunc(g.Skills, func(s Skill) bool { return s.Slug == slug }); i >= 0 {
			return g.Skills[i], nil
		}
	}
	return Skill{}, fault.NotFoundf("There is no skill %q in the framework. The list of skills has every name.", slug)
}

// frameworks are those made from a document, which never changes once it is
// read. They are shared: whoever gets one does not change it.
var frameworks sync.Map

// Framework returns the published framework, for reading only. It is empty
// before one is published.
func (s *Service) Framework(ctx context.Context) (Framework, error) {
	doc, err := s.Content.Published(ctx, content.KindSkills, "skills")
	if fault.KindOf(err) == fault.NotFound {
		return Framework{}, nil
	}
	if err != nil {
		return Framework{}, err
	}
	if made, ok := frameworks.Load(doc); ok {
		return made.(Framework), nil
	}
	var f Framework
	for _, g := range doc.Skills.Groups {
		group := SkillGroup{Name: g.Name}
		for _, k := range g.Skills {
			group.Skills = append(group.Skills, Skill{Slug: k.Slug, Name: k.Name, Group: g.Name, Kind: Kind(k.Kind), Levels: k.Levels})
		}
		f.Groups = append(f.Groups, group)
	}
	frameworks.Store(doc, f)
	return f, nil
}
