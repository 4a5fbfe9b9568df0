package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pitchside/people"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
)

// A heatFilter is what a heatmap's address asks for.
type heatFilter struct {
	Team  string
	Role  string
	Sort  string
	Below bool
	Open  []string // groups shown skill by skill
}

func readHeatFilter(c *gin.Context) heatFilter {
	f := heatFilter{Team: c.Query("team"), Role: c.Query("role"), Sort: c.Query("sort"), Below: c.Query("below") == "yes"}
	for _, g := range c.QueryArray("open") {
		if g != "" && !slices.Contains(f.Open, g) {
			f.Open = append(f.Open, g)
		}
	}
	return f
}

// view is the filter as the skills room reads it. What cannot be read is left out.
func (f heatFilter) view() skills.View {
	v := skills.View{RoleFamily: f.Role, OnlyBelow: f.Below}
	if id, err := strconv.ParseInt(f.Team, 10, 64); err == nil && id > 0 {
		v.TeamID = id
	}
	if o := skills.Order(f.Sort); o == skills.ByGaps || o == skills.ByLeastKnown {
		v.Order = o
	}
	return v
}

// address writes the filter back into an address.
func (f heatFilter) address(path string) string {
	q := url.Values{}
	for name, v := range map[string]string{"team": f.Team, "role": f.Role, "sort": f.Sort} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if f.Below {
		q.Set("below", "yes")
	}
	if len(f.Open) > 0 {
		q["open"] = f.Open
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (f heatFilter) sorted(by string) heatFilter { f.Sort = by; return f }

// toggled opens the group, or closes it.
func (f heatFilter) toggled(group string) heatFilter {
	if i := slices.Index(f.Open, group); i >= 0 {
		f.Open = slices.Delete(slices.Clone(f.Open), i, i+1)
	} else {
		f.Open = append(slices.Clone(f.Open), group)
	}
	return f
}

// A heatmapPage is the skills of everyone the viewer leads.
type heatmapPage struct {
	Base
	Filter   heatFilter
	Teams    []skills.Team
	Families []string
	Map      skills.Heatmap
	Known    int // levels of the columns shown that are known
	Of       int
	People   int // before "only below target"
	Groups   []heatGroup
	Columns  []heatColumn
	Rows     []heatRow
	Gaps     []heatGap
	First    *heatCell // the surest gap: what to open first
	FirstOf  string    // whose it is
	Lead     bool      // the group for managers is among the columns
}

// A heatGroup is the head above one group of skills.
type heatGroup struct {
	Name, Slug string
	Open       bool
	Span       int
	Href       string // to open or close it
	Skills     int
}

// A heatColumn is one column: a skill, or a group folded into one.
type heatColumn struct {
	Name   string
	Group  bool
	Skills int    // of a group
	Known  string // such as 11 of 12
	Mean   string
}

// A heatRow is one person.
type heatRow struct {
	Person skills.HeatRow
	Href   string
	Cells  []heatCell
	Below  int
}

// A heatCell is one cell: what is printed, how it looks, and what it is called.
type heatCell struct {
	Column string
	Digit  int // 0: not known
	Class  string
	Label  string
	Words  string // after the column's name on a narrow screen
	Href   string
	level  *skills.Level
}

// A heatGap is one skill that several people are below target in.
type heatGap struct{ Name, Href, Text string }

func (s *Site) showHeatmap(c *gin.Context) error {
	by := actor(c)
	f := readHeatFilter(c)
	p := heatmapPage{Base: s.base(c, "Team skills"), Filter: f}
	p.Wide = "wide"
	var err error
	if p.Map, err = s.Skills.TeamHeatmap(ctx(c), by, f.view()); err != nil {
		return err
	}
	if p.Teams, err = s.Skills.Teams(ctx(c), by); err != nil {
		return err
	}
	if p.Families, err = s.Skills.Families(ctx(c), by); err != nil {
		return err
	}
	p.build()
	return s.show(c, http.StatusOK, "team/heatmap", p)
}

// Heading names whose skills these are.
func (p heatmapPage) Heading() string {
	switch {
	case p.Map.Team != nil:
		return p.Map.Team.Name
	case p.Me.Can(people.Manager):
		return "All my teams"
	}
	return "The people I coach"
}

// Slug returns a group's name as it stands in addresses.
func groupSlug(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }

// Options are the orders that people can choose from.
func (p heatmapPage) Options() []link {
	return []link{{"Name", ""}, {"Most gaps", string(skills.ByGaps)}, {"Least known", string(skills.ByLeastKnown)}}
}

// TeamID is the team chosen, 0 for all.
func (p heatmapPage) TeamID() int64 { return p.Filter.view().TeamID }

// CSV is the address of the same levels as a file.
func (p heatmapPage) CSV() string { return p.Filter.address("/team/heatmap.csv") }

// ByName is the address of the same map sorted by name.
func (p heatmapPage) ByName() string { return p.Filter.sorted("").address("/team") }

// Filtered reports whether a filter is on.
func (p heatmapPage) Filtered() bool {
	return p.Filter.Team != "" || p.Filter.Role != "" || p.Filter.Below
}

// All is the address that opens every group, or closes them.
func (p heatmapPage) All() link {
	f := p.Filter
	f.Open = nil
	for _, g := range p.Groups {
		if !g.Open {
			f.Open = append(f.Open, g.Slug)
		} else if !slices.Contains(f.Open, g.Slug) {
			f.Open = append(f.Open, g.Slug)
		}
	}
	if slices.ContainsFunc(p.Groups, func(g heatGroup) bool { return !g.Open }) {
		return link{"Show every skill", f.address("/team")}
	}
	f.Open = nil
	return link{"Fold the groups", f.address("/team")}
}
