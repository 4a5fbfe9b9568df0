package skills

import (
	"context"
	"math"
	"time"

	"pitchside/people"
)

// A Level is one skill of one person at a moment. Its numbers may be shown only
// if State is not Hidden.
type Level struct {
	Skill  Skill
	At     time.Time
	State  State
	Reason string // what is missing, or why it is provisional; empty when shown
	Estimate
	Target     *float64
	Verdict    Verdict // empty without a target or while hidden
	Pieces     int     // of evidence
	Newest     *time.Time
	Oldest     *time.Time
	Narrowed   float64 // of a single level: its SE after one more session scored by a new coach
	Parameters string  // version of the model's parameters
}

// Known reports whether the number may be shown.
func (l Level) Known() bool { return l.State != Hidden }

// Whole returns the level as people read it, a whole number from 1 to 5.
func (l Level) Whole() int { return whole(l.Estimate.Level) }

// Likely returns the whole levels between which the level probably lies (8 in 10).
func (l Level) Likely() (low, high int) { return whole(l.Low80), whole(l.High80) }

func whole(level float64) int { return int(min(5, max(1, math.Round(level)))) }

// Below reports whether the level counts as below its target, rule R2.
func (l Level) Below() bool { return l.Verdict == BelowTarget }

// level reads one skill from its observations.
func (p Parameters) level(skill Skill, target Target, obs []Observation, at time.Time) Level {
	l := Level{Skill: skill, At: at, Target: target.Level, Pieces: len(obs), Parameters: p.Version}
	l.Estimate = p.Estimate(Subject{Kind: skill.Kind, PriorMean: target.PriorMean, Target: target.Level}, obs, at)
	for i := range obs {
		if l.Newest == nil || obs[i].At.After(*l.Newest) {
			l.Newest = &obs[i].At
		}
		if l.Oldest == nil || obs[i].At.Before(*l.Oldest) {
			l.Oldest = &obs[i].At
		}
	}
	l.State, l.Reason = p.State(l.Reliability, l.Scored, l.Raters)
	if l.Known() && l.PBelow != nil {
		l.Verdict = p.Verdict(*l.PBelow)
	}
	return l
}

// Levels returns every skill of a person at a moment, in the framework's order.
// Out of sight is NotFound.
func (s *Service) Levels(ctx context.Context, by people.Actor, personID int64, at time.Time) (Person, []Level, error) {
	person, err := s.person(ctx, by, personID)
	if err != nil {
		return Person{}, nil, err
	}
	framework, targets, err := s.yardstick(ctx)
	if err != nil {
		return Person{}, nil, err
	}
	all, err := observations(ctx, s.DB, []int64{personID}, nil, at)
	if err != nil {
		return Person{}, nil, err
	}
	bySkill := grouped(all)[personID]
	var levels []Level
	for _, skill := range framework.All() {
		levels = append(levels, Default.level(skill, targets.Of(person.RoleFamily, skill.Slug), bySkill[skill.Slug], at))
	}
	return person, levels, nil
}

// Level returns one skill of a person at a moment. Out of sight, or a skill
// that is not in the framework, is NotFound.
func (s *Service) Level(ctx context.Context, by people.Actor, personID int64, skill string, at time.Time) (Person, Level, error) {
	person, err := s.person(ctx, by, personID)
	if err != nil {
		return Person{}, Level{}, err
	}
	framework, targets, err := s.yardstick(ctx)
	if err != nil {
		return Person{}, Level{}, err
	}
	known, err := framework.Skill(skill)
	if err != nil {
		return Person{}, Level{}, err
	}
	all, err := observations(ctx, s.DB, []int64{personID}, &skill, at)
	if err != nil {
		return Person{}, Level{}, err
	}
	obs := make([]Observation, len(all))
	for i := range all {
		obs[i] = all[i].Observation
	}
	target := targets.Of(person.RoleFamily, skill)
	level := Default.level(known, target, obs, at)
	level.Narrowed = Default.Narrowed(Subject{Kind: known.Kind, PriorMean: target.PriorMean}, obs, at)
	return person, level, nil
}

// yardstick returns what levels are measured against.
func (s *Service) yardstick(ctx context.Context) (Framework, Targets, error) {
	framework, err := s.Framework(ctx)
	if err != nil {
		return Framework{}, nil, err
	}
	targets, err := s.Targets(ctx)
	return framework, targets, err
}
