package skills

import (
	"context"
	"fmt"
	"strings"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Target is what a role family is expected to reach in a skill, and what is
// assumed of somebody in it before any evidence.
type Target struct {
	Level     *float64 // nil: none set
	PriorMean float64
}

// Targets are the targets by role family and skill.
type Targets map[string]map[string]Target

// Of returns the target of a role family for a skill.
func (t Targets) Of(family, skill string) Target {
	if target, ok := t[family][skill]; ok {
		return target
	}
	return Target{PriorMean: Default.PriorMean}
}

// Targets returns those of the published roles, as overridden by the company.
func (s *Service) Targets(ctx context.Context) (Targets, error) {
	all := Targets{}
	set := func(family, skill string, level, prior *float64) {
		if all[family] == nil {
			all[family] = map[string]Target{}
		}
		t := all.Of(family, skill)
		if level != nil {
			t.Level = level
		}
		if prior != nil {
			t.PriorMean = *prior
		}
		all[family][skill] = t
	}
	doc, err := s.Content.Published(ctx, content.KindRoles, "roles")
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	if err == nil {
		for _, family := range doc.Roles.Families {
			for skill, target := range family.Targets {
				set(family.Name, skill, &target, family.PriorMean)
			}
		}
	}
	rows, err := pg.All[struct {
		RoleFamily, Skill string
		Target, PriorMean *float64
	}](ctx, s.DB, `select role_family, skill, target, prior_mean from role_targets`)
	if err != nil {
		return nil, fmt.Errorf("reading role targets: %w", err)
	}
	for _, r := range rows {
		set(r.RoleFamily, r.Skill, r.Target, r.PriorMean)
	}
	return all, nil
}

// SetTarget overrides a role family's target and starting assumption for a
// skill; what is nil stays as it is. Only an admin may.
func (s *Service) SetTarget(ctx context.Context, by people.Actor, family, skill string, target, prior *float64) (Target, error) {
	if !by.Can(people.Admin) {
		return Target{}, fault.Forbiddenf("Targets are set by an admin. Ask one to change them.")
	}
	framework, err := s.Framework(ctx)
	if err != nil {
		return Target{}, err
	}
	if _, err := framework.Skill(skill); err != nil {
		return Target{}, err
	}
	problems := map[string]string{}
	if strings.TrimSpace(family) == "" || len(family) > 100 {
		problems["role_family"] = "Name a role family, in up to 100 characters."
	}
	for name, level := range map[string]*float64{"target": target, "prior_mean": prior} {
		if level != nil && !(*level >= 1 && *level <= 5) {
			problems[name] = "Levels go from 1 to 5."
		}
	}
	if target == nil && prior == nil {
		problems["target"] = "Give a target, a prior mean, or both."
	}
	if err := fault.Fields(problems); err != nil {
		return Target{}, err
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `
			insert into role_targets (role_family, skill, target, prior_mean, updated_by, updated_at)
			values (@family, @skill, @target, @prior, @by, @now)
			on conflict (role_family, skill) do update set target = coalesce(excluded.target, role_targets.target),
				prior_mean = coalesce(excluded.prior_mean, role_targets.prior_mean), updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
			pgx.NamedArgs{"family": family, "skill": skill, "target": target, "prior": prior, "by": by.ID, "now": s.Now()}); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "set target", nil, family+"/"+skill, map[string]any{"target": target, "prior_mean": prior})
	})
	if err != nil {
		return Target{}, fmt.Errorf("setting a target: %w", err)
	}
	all, err := s.Targets(ctx)
	return all.Of(family, skill), err
}
