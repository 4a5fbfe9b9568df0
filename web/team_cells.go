package web

import (
	"cmp"
	"fmt"
	"slices"

	"pitchside/skills"
)

// build makes heads, cells and gaps of the heatmap.
func (p *heatmapPage) build() {
	m := p.Map
	p.People = 0
	if len(m.Columns) > 0 {
		p.People = m.Columns[0].Of
	}
	p.Lead, p.Known, p.Of = m.Led, m.Known, m.Of
	for _, r := range m.Rows {
		p.Rows = append(p.Rows, heatRow{Person: r, Href: fmt.Sprintf("/team/%d", r.ID), Below: r.Below()})
	}
	from := 0
	for _, g := range m.Groups {
		columns := m.Columns[from : from+len(g.Skills)]
		p.group(g, columns, from)
		from += len(g.Skills)
	}
	p.gaps()
	p.first()
}

// group adds one group of skills: a column for each, or one for all.
func (p *heatmapPage) group(g skills.SkillGroup, columns []skills.Column, from int) {
	if g.Name == skills.LeadGroup && !p.Lead {
		return
	}
	slug := groupSlug(g.Name)
	head := heatGroup{Name: g.Name, Slug: slug, Open: slices.Contains(p.Filter.Open, slug), Span: 1, Skills: len(g.Skills), Href: p.Filter.toggled(slug).address("/team")}
	if head.Open {
		head.Span = len(g.Skills)
		for k, c := range columns {
			p.Columns = append(p.Columns, heatColumn{Name: c.Skill.Name, Known: fmt.Sprintf("%d of %d", c.Known, c.Of), Mean: meanWords(c)})
			for i := range p.Rows {
				p.Rows[i].Cells = append(p.Rows[i].Cells, p.cell(&p.Rows[i], &p.Map.Rows[i].Levels[from+k]))
			}
		}
	} else {
		known, of := 0, 0
		for _, c := range columns {
			known, of = known+c.Known, of+c.Of
		}
		p.Columns = append(p.Columns, heatColumn{Name: g.Name, Group: true, Skills: len(g.Skills), Known: fmt.Sprintf("%d of %d", known, of), Mean: "open to see"})
		for i := range p.Rows {
			levels := p.Map.Rows[i].Levels[from : from+len(g.Skills)]
			p.Rows[i].Cells = append(p.Rows[i].Cells, summaryCell(p.Rows[i].Person.Name, skills.Summarise(g.Name, levels), fmt.Sprintf("%s#person-%d", head.Href, p.Rows[i].Person.ID)))
		}
	}
	p.Groups = append(p.Groups, head)
}

// meanWords writes a column's average, or why there is none.
func meanWords(c skills.Column) string {
	if c.Mean == nil {
		return fmt.Sprintf("needs %d", skills.Default.LeastPeople)
	}
	return fmt.Sprintf("%.1f", *c.Mean)
}

func (p *heatmapPage) cell(r *heatRow, l *skills.Level) heatCell {
	name := firstName(r.Person.Name)
	c := heatCell{Column: l.Skill.Name, Class: markClass(l.State, l.Below()), Href: fmt.Sprintf("/team/%d/%s", r.Person.ID, l.Skill.Slug), level: l}
	if !l.Known() {
		c.Label = fmt.Sprintf("%s, %s: %s", name, l.Skill.Name, l.Reason)
		c.Words = "not enough evidence yet"
		return c
	}
	c.Digit = l.Whole()
	provisional, below := "", ""
	if l.State == skills.Provisional {
		provisional = ", provisional"
	}
	if l.Below() {
		below = ", below target"
	}
	c.Words = fmt.Sprintf("%d%s%s", c.Digit, provisional, below)
	c.Label = fmt.Sprintf("%s, %s, level %s, %s, %s", name, l.Skill.Name, c.Words, confidence(l.Reliability), plural(l.Pieces, "piece", "pieces"))
	return c
}

// summaryCell is the cell of a folded group; pressing it opens the group.
func summaryCell(name string, sum skills.Summary, href string) heatCell {
	c := heatCell{Column: sum.Name, Class: markClass(sum.State, sum.Shown() && sum.Below > 0), Href: href}
	if !sum.Shown() {
		c.Words = fmt.Sprintf("%d of %d skills known", sum.Known, sum.Of)
		c.Label = fmt.Sprintf("%s, %s: not enough evidence, %s", firstName(name), sum.Name, c.Words)
		return c
	}
	c.Digit = sum.Whole()
	c.Words = fmt.Sprint(c.Digit)
	if sum.State == skills.Provisional {
		c.Words += ", provisional"
	}
	if sum.Below > 0 {
		c.Words += fmt.Sprintf(", %s below target", plural(sum.Below, "skill", "skills"))
	}
	c.Label = fmt.Sprintf("%s, %s, level %s, %d of %d skills known", firstName(name), sum.Name, c.Words, sum.Known, sum.Of)
	return c
}

// gaps lists the three skills with most people below target.
func (p *heatmapPage) gaps() {
	columns := slices.DeleteFunc(slices.Clone(p.Map.Columns), func(c skills.Column) bool { return c.Below == 0 })
	slices.SortStableFunc(columns, func(a, b skills.Column) int { return cmp.Compare(b.Below, a.Below) })
	for _, c := range columns[:min(3, len(columns))] {
		f := p.Filter.sorted(string(skills.ByGaps))
		if slug := groupSlug(c.Skill.Group); !slices.Contains(f.Open, slug) {
			f = f.toggled(slug)
		}
		p.Gaps = append(p.Gaps, heatGap{c.Skill.Name, f.address("/team"), fmt.Sprintf("%d of %d known are below target", c.Below, c.Known)})
	}
}

// first finds the surest gap.
func (p *heatmapPage) first() {
	for i := range p.Rows {
		levels := p.Map.Rows[i].Levels
		for k := range levels {
			l := &levels[k]
			if l.Below() && (p.First == nil || *l.PBelow > *p.First.level.PBelow) {
				cell := p.cell(&p.Rows[i], l)
				p.First, p.FirstOf = &cell, p.Rows[i].Person.Name
			}
		}
	}
}

// FirstName is the first name of the person with the surest gap.
func (p heatmapPage) FirstName() string { return firstName(p.FirstOf) }

// Level is the level of the cell that is singled out.
func (c heatCell) Level() levelView { return levelView{*c.level} }
