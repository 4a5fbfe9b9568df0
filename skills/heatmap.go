package skills

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A View narrows and orders a heatmap. The zero View is everybody the actor
// sees, by name, today.
type View struct {
	TeamID     int64     // with the teams below it; 0: all
	RoleFamily string    // empty: all
	At         time.Time // zero: now
	Order      Order
	OnlyBelow  bool // only people with a skill below target
}

// An Order is how the people of a heatmap are sorted.
type Order string

// The orders. People whose ranges overlap are never ranked by level.
const (
	ByName       Order = ""
	ByGaps       Order = "gaps"    // most skills below target first
	ByLeastKnown Order = "unknown" // fewest known levels first
)

// LeadGroup is the group of skills that are asked of LeadFamily alone; among
// people who lead nobody they are neither shown nor counted.
const LeadGroup, LeadFamily = "Lead", "sales manager"

// A Heatmap is the levels of several people, skill by skill.
type Heatmap struct {
	Groups  []SkillGroup
	Rows    []HeatRow
	Columns []Column // one for each skill, in the order of Groups
	Led     bool     // somebody in view leads others, so the skills of leading count
	Known   int      // levels that may be shown, of the skills that count
	Of      int      // people times the skills that count
	Newest  *time.Time
	At      time.Time
	Team    *Team // nil: everybody the actor sees
}

// A HeatRow is one person; Levels run in the order of the heatmap's skills.
type HeatRow struct {
	Person
	TeamID   *int64
	TeamName string
	Levels   []Level
}

// Known returns how many of the person's levels may be shown.
func (r HeatRow) Known() int { return count(r.Levels, Level.Known) }

// Below returns how many of the person's skills are below target.
func (r HeatRow) Below() int { return count(r.Levels, Level.Below) }

// A Column is what a group of people has shown of one skill.
type Column struct {
	Skill  Skill
	Known  int
	Of     int
	Below  int
	Counts [5]int   // people at each whole level
	Mean   *float64 // nil under five known levels, rule R13
}

// A Team is a team whose heatmap can be read.
type Team struct {
	ID   int64
	Name string
}

// Teams returns the teams that have a person whom the actor sees in them or
// below them, by name.
func (s *Service) Teams(ctx context.Context, by people.Actor) ([]Team, error) {
	return pg.All[Team](ctx, s.DB, `
		with recursive holding(id) as (
			select m.team_id from memberships m where m.valid_to is null and m.person_id <> @actor and `+people.Sees("m.person_id")+`
			union
			select t.parent_id from teams t join holding h on t.id = h.id where t.parent_id is not null
		)
		select t.id, t.name from teams t join holding h using (id) where t.ended_at is null order by lower(t.name), t.id`, by.Scope(nil))
}

// Families returns the role families of the active reps whom the actor sees.
func (s *Service) Families(ctx context.Context, by people.Actor) ([]string, error) {
	return pg.Column[string](ctx, s.DB, `
		select distinct p.role_family from persons p
		where p.active and 'rep' = any(p.capabilities) and p.id <> @actor and `+people.Sees("p.id")+` order by 1`, by.Scope(nil))
}

// TeamHeatmap returns the levels of the active reps whom the actor sees. Two
// statements, whatever the number of people. A team without anyone in sight is
// NotFound.
func (s *Service) TeamHeatmap(ctx context.Context, by people.Actor, v View) (Heatmap, error) {
	if v.At.IsZero() {
		v.At = s.Now()
	}
	h := Heatmap{At: v.At}
	rows, err := s.inView(ctx, by, v)
	if err != nil {
		return Heatmap{}, err
	}
	if v.TeamID != 0 {
		team, err := pg.One[Team](ctx, s.DB, `select id, name from teams where id = $1`, v.TeamID)
		if pg.NoRows(err) || (err == nil && len(rows) == 0 && v.RoleFamily == "" && !by.BringsData()) {
			return Heatmap{}, fault.NotFoundf("There is no such team, or nobody in it whose levels you see.")
		} else if err != nil {
			return Heatmap{}, err
		}
		h.Team = &team
	}
	framework, targets, err := s.yardstick(ctx)
	if err != nil {
		return Heatmap{}, err
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	all, err := observations(ctx, s.DB, ids, nil, v.At)
	if err != nil {
		return Heatmap{}, err
	}
	byPerson, list := grouped(all), framework.All()
	for i := range rows {
		rows[i].Levels = make([]Level, len(list))
		for k, skill := range list {
			l := Default.level(skill, targets.Of(rows[i].RoleFamily, skill.Slug), byPerson[rows[i].ID][skill.Slug], v.At)
			rows[i].Levels[k] = l
			if l.Newest != nil && (h.Newest == nil || l.Newest.After(*h.Newest)) {
				h.Newest = l.Newest
			}
		}
	}
	h.Groups, h.Columns = framework.Groups, columns(list, rows)
	h.Led = slices.ContainsFunc(rows, func(r HeatRow) bool { return r.RoleFamily == LeadFamily })
	for _, c := range h.Columns {
		if c.Skill.Group != LeadGroup || h.Led {
			h.Known, h.Of = h.Known+c.Known, h.Of+c.Of
		}
	}
	h.Rows = v.arranged(rows)
	return h, nil
}

// inView returns the people of a heatmap by name, without their levels.
func (s *Service) inView(ctx context.Context, by people.Actor, v View) ([]HeatRow, error) {
	rows, err := s.DB.Query(ctx, `
		with recursive below(id) as (
			select @team::bigint
			union
			select t.id from teams t join below b on t.parent_id = b.id
		)
		select p.id, p.name, p.role_family, t.id, coalesce(t.name, '')
		from persons p
		left join memberships m on m.person_id = p.id and m.valid_to is null
		left join teams t on t.id = m.team_id
		where p.active and 'rep' = any(p.capabilities) and p.id <> @actor and `+people.Sees("p.id")+`
			and (@team::bigint = 0 or m.team_id in (select id from below))
			and (@family::text = '' or p.role_family = @family)
		order by lower(p.name), p.id`,
		by.Scope(pgx.NamedArgs{"team": v.TeamID, "family": v.RoleFamily}))
	if err != nil {
		return nil, fmt.Errorf("reading people: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r HeatRow, err error) {
		err = row.Scan(&r.ID, &r.Name, &r.RoleFamily, &r.TeamID, &r.TeamName)
		return r, err
	})
}

// arranged filters and sorts the people; those alike stay by name.
func (v View) arranged(rows []HeatRow) []HeatRow {
	if v.OnlyBelow {
		rows = slices.DeleteFunc(rows, func(r HeatRow) bool { return r.Below() == 0 })
	}
	switch v.Order {
	case ByGaps:
		slices.SortStableFunc(rows, func(a, b HeatRow) int { return cmp.Compare(b.Below(), a.Below()) })
	case ByLeastKnown:
		slices.SortStableFunc(rows, func(a, b HeatRow) int { return cmp.Compare(a.Known(), b.Known()) })
	}
	return rows
}

func columns(list []Skill, rows []HeatRow) []Column {
	out := make([]Column, len(list))
	for k, skill := range list {
		c := Column{Skill: skill, Of: len(rows)}
		sum := 0.0
		for _, r := range rows {
			l := r.Levels[k]
			if !l.Known() {
				continue
			}
			c.Known++
			c.Counts[l.Whole()-1]++
			sum += l.Estimate.Level
			if l.Below() {
				c.Below++
			}
		}
		if c.Known >= Default.LeastPeople {
			mean := sum / float64(c.Known)
			c.Mean = &mean
		}
		out[k] = c
	}
	return out
}

func count(levels []Level, is func(Level) bool) (n int) {
	for _, l := range levels {
		if is(l) {
			n++
		}
	}
	return n
}

// A Summary is a group of skills of one person in one cell.
type Summary struct {
	Name     string
	Level    float64 // plain mean of the known levels
	State    State   // hidden if fewer than half are known
	Known    int
	Of       int
	Below    int
	Evidence int
}

// Whole returns the summary's level as people read it.
func (s Summary) Whole() int { return whole(s.Level) }

// Shown reports whether the number may be shown.
func (s Summary) Shown() bool { return s.State != Hidden }

// Summarise folds the levels of a group of skills into one: the plain mean of
// those known, hidden if fewer than half are, provisional unless all are firm.
func Summarise(name string, levels []Level) Summary {
	s := Summary{Name: name, State: Shown, Of: len(levels)}
	for _, l := range levels {
		s.Evidence += l.Pieces
		if l.State != Shown {
			s.State = Provisional
		}
		if !l.Known() {
			continue
		}
		s.Known++
		s.Level += l.Estimate.Level
		if l.Below() {
			s.Below++
		}
	}
	if s.Known == 0 || 2*s.Known < s.Of {
		s.State = Hidden
		s.Level = 0
		return s
	}
	s.Level /= float64(s.Known)
	return s
}
