package content

import (
	"fmt"
	"io/fs"
	"strings"

	"pitchside/content/source"
)

// Lint checks every document of a folder. What the folder mentions and does
// not hold may be in the built-in library.
func Lint(fsys fs.FS) ([]Problem, error) {
	f, err := readFolder(fsys)
	if err != nil {
		return nil, err
	}
	builtIn, err := builtInDocuments()
	if err != nil {
		return nil, err
	}
	problems := append(f.problems, check(f.docs, builtIn, nil)...)
	source.Sort(problems)
	return problems, nil
}

// A finder returns a document that is known already, or nil.
type finder func(Kind, string) *Document

// check returns the problems of documents: each one's own, and those between
// them. Documents for which known is true have been played out before.
func check(docs []*Document, beyond finder, played func(*Document) bool) []Problem {
	here := map[name]*Document{}
	for _, d := range docs {
		here[name{d.Kind, d.Slug}] = d
	}
	find := func(k Kind, slug string) *Document {
		if d := here[name{k, slug}]; d != nil {
			return d
		}
		return beyond(k, slug)
	}
	var out []Problem
	for _, d := range docs {
		notes := &source.Notes{File: d.Path}
		missing(d, find, notes)
		if d.Scenario != nil && d.Scenario.Beats != nil {
			if rubric := find(KindRubric, d.Scenario.Rubric); rubric != nil && rubric.Rubric != nil {
				var ids []string
				for _, c := range rubric.Rubric.Criteria {
					ids = append(ids, c.ID)
				}
				d.Scenario.Beats.Criteria(ids, notes)
			}
			if played == nil || !played(d) {
				d.Scenario.Beats.Lint(notes)
			}
		}
		out = append(append(out, d.Problems...), notes.Problems...)
	}
	return append(out, sameQuestion(docs)...)
}

// missing notes every mention of a document or a skill that is not there.
func missing(d *Document, find finder, notes *source.Notes) {
	framework := find(KindSkills, "skills")
	for _, r := range d.refs {
		if r.kind == KindSkills {
			if framework == nil || framework.Skills == nil || !framework.Skills.has(r.slug) {
				notes.Error(r.at, r.cause, r.remedy)
			}
			continue
		}
		if to := find(r.kind, r.slug); to != nil {
			if r.heading != "" && r.heading != "main" && to.anchors != nil && !to.anchors[r.heading] && !to.anchors["section-"+r.heading] {
				notes.Error(r.at, fmt.Sprintf("There is no heading “%s” in %s.", r.heading, to.Path), "Correct it: the id of a heading is its words in lower case, joined by hyphens.")
			}
			continue
		}
		if r.severity == source.Warning {
			notes.Warn(r.at, r.cause, r.remedy)
		} else {
			notes.Error(r.at, r.cause, r.remedy)
		}
	}
}

func (s *Skills) has(slug string) bool {
	for _, g := range s.Groups {
		for _, k := range g.Skills {
			if k.Slug == slug {
				return true
			}
		}
	}
	return false
}

// sameQuestion notes question ids that two documents of one course share:
// statistics are kept by id.
func sameQuestion(docs []*Document) []Problem {
	type key struct{ course, id string }
	first := map[key]*Document{}
	var out []Problem
	for _, d := range docs {
		course, _, _ := strings.Cut(d.Slug, ".")
		for _, q := range d.Questions() {
			k := key{course, q.ID}
			if before := first[k]; before != nil && before != d {
				notes := &source.Notes{File: d.Path}
				notes.Error(source.Place{Line: q.Line}, fmt.Sprintf("The question “%s” is also in %s.", q.ID, before.Path), "Give the newer one another id; statistics are kept by id.")
				out = append(out, notes.Problems...)
				continue
			}
			first[k] = d
		}
	}
	return out
}
