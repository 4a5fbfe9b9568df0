package content

import (
	"fmt"
	"math"

	"pitchside/content/source"
)

// A Rubric is what an attempt is scored with. Its weights total 100.
type Rubric struct {
	Title    string
	Summary  string
	Criteria []Criterion
}

// A Criterion is one thing that is scored, from 1 to 5.
type Criterion struct {
	ID       string
	Title    string
	Skill    string
	Weight   float64 // percent
	Meaning  string
	Trigger  string // when it can be scored at all; empty: always
	Critical bool   // below level 3 it caps the overall
	Locked   bool   // for the whole company: only a major version may change it
	Anchors  []string
	Examples map[int]string // lines that show a level, by level
}

// Anchor returns what is seen at a level from 1 to 5, or "".
func (c Criterion) Anchor(level int) string {
	if level < 1 || level > len(c.Anchors) {
		return ""
	}
	return c.Anchors[level-1]
}

// Criterion returns the criterion of this id; ok is false when there is none.
func (r *Rubric) Criterion(id string) (c Criterion, ok bool) {
	for _, c := range r.Criteria {
		if c.ID == id {
			return c, true
		}
	}
	return Criterion{}, false
}

const levels = 5

func (r *reading) rubric(f *source.Fields) {
	rub := &Rubric{Title: f.NeedText("title", "Give the rubric a title."), Summary: f.Text("summary")}
	seen, total, known := map[string]bool{}, 0.0, true
	list := f.Need("criteria", "List what is scored: criteria: with id, skill, weight, meaning and five anchors each.")
	if list != nil {
		for _, item := range list.List() {
			c := r.criterion(item.Fields())
			if seen[c.ID] && c.ID != "" {
				item.Error(fmt.Sprintf("Two criteria have the id “%s”.", c.ID), "Give one of them another id.")
			}
			seen[c.ID] = true
			total += c.Weight
			known = known && !math.IsNaN(c.Weight)
			if !known {
				c.Weight = 0
			}
			rub.Criteria = append(rub.Criteria, c)
		}
		if known && math.Abs(total-100) > 1e-6 {
			list.Error(fmt.Sprintf("The weights total %g, not 100.", total), "Change the weights so that they add up to 100.")
		}
	}
	f.Close()
	r.doc.Rubric, r.doc.Title = rub, rub.Title
}

// weight reads the share of a criterion; what cannot be read is no number.
func (r *reading) weight(f *source.Fields) float64 {
	v := f.Need("weight", "Write its share of 100: weight: 20")
	if v == nil {
		return math.NaN()
	}
	n, ok := v.Numeric()
	switch {
	case !ok:
		return math.NaN()
	case n < 0:
		v.Error("The weight is below 0.", "Write a share of 100.")
	}
	return n
}

func (r *reading) criterion(f *source.Fields) Criterion {
	c := Criterion{
		ID:       f.NeedText("id", "Give the criterion an id that never changes: id: implication"),
		Title:    f.Text("title"),
		Weight:   r.weight(f),
		Meaning:  f.Text("meaning"),
		Trigger:  f.Text("trigger"),
		Critical: f.Flag("critical", false),
		Locked:   f.Flag("locked", false),
		Examples: map[int]string{},
	}
	if v := f.Need("skill", "Name the skill that it is evidence of: skill: question"); v != nil {
		c.Skill = r.skillRef(v)
	}
	if c.Title == "" {
		c.Title = titled(c.ID)
	}
	if v := f.Get("anchors"); v != nil {
		c.Anchors = v.Texts()
		if len(c.Anchors) != levels {
			v.Error(fmt.Sprintf("%s has %d anchors, not five.", c.Title, len(c.Anchors)), "Describe what is seen at each level from 1 to 5.")
		}
		for i, item := range v.List() {
			if item.IsText() && item.Text() == "" {
				item.Error(fmt.Sprintf("Anchor %d of %s is empty.", i+1, c.Title), "Describe what is seen at this level.")
			}
		}
	} else {
		f.Error(fmt.Sprintf("%s has no anchors.", c.Title), "Describe what is seen at each level from 1 to 5, under anchors.")
	}
	if v := f.Get("examples"); v != nil {
		for _, e := range v.Entries() {
			if len(e.Key) != 1 || e.Key < "1" || e.Key > "5" {
				r.notes.Error(e.At, fmt.Sprintf("An example is for level “%s”, which is not 1 to 5.", e.Key), "Name the level in quotes, such as \"4\".")
				continue
			}
			c.Examples[int(e.Key[0]-'0')] = e.Value.Text()
		}
	}
	f.Close()
	return c
}
