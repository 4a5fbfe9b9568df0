package courses

import (
	"context"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// RulesDue is the news that people may have come to match a rule: the hour has
// struck.
type RulesDue struct{}

// Kind names the news.
func (RulesDue) Kind() string { return "courses.rules_due" }

// An EnrolmentRule puts everybody who comes to match it into a course or a
// program. Every field that is given must match.
type EnrolmentRule struct {
	ID         int64
	Kind       Target // course or program
	Slug       string
	Title      string
	TeamID     *int64 // with the teams below it
	Team       string
	RoleFamily string
	Region     string
	HiredAfter *time.Time // on this day or later
	Reason     string
	CreatedBy  *string
	CreatedAt  time.Time
	EndedAt    *time.Time
	Enrolled   int // people whom it put in
}

// ToProgram is what a rule or a bulk assignment may also name.
const ToProgram Target = "program"

// Words says whom the rule is about.
func (r EnrolmentRule) Words() string {
	var parts []string
	if r.RoleFamily != "" {
		parts = append(parts, r.RoleFamily)
	}
	if r.Team != "" {
		parts = append(parts, "in "+r.Team+" or below it")
	}
	if r.Region != "" {
		parts = append(parts, "region "+r.Region)
	}
	if r.HiredAfter != nil {
		parts = append(parts, "hired on or after "+r.HiredAfter.Format("2 January 2006"))
	}
	return "Everybody: " + strings.Join(parts, ", ")
}

const ruleColumns = `r.id, r.kind, r.slug, r.title, r.team_id, coalesce(t.name, '') as team, r.role_family, r.region, r.hired_after, r.reason,
	p.name as created_by, r.created_at, r.ended_at, (select count(*) from enrolment_rule_uses u where u.rule_id = r.id)::int as enrolled
	from enrolment_rules r left join teams t on t.id = r.team_id left join persons p on p.id = r.created_by`

// Rules returns the rules about a course or a program (empty: all), those that
// hold first. Whoever plans learning sees them.
func (s *Service) Rules(ctx context.Context, by people.Actor, kind Target, slug string) ([]EnrolmentRule, error) {
	if !by.Can(people.Coach, people.Manager, people.Author, people.Admin) {
		return nil, fault.NotFoundf("There is nothing here for you.")
	}
	return pg.All[EnrolmentRule](ctx, s.DB, `select `+ruleColumns+` where (@slug = '' or (r.kind = @kind and r.slug = @slug))
		order by r.ended_at is not null, r.id desc limit 500`, pgx.NamedArgs{"kind": kind, "slug": slug})
}

// AddRule makes a rule and puts in everybody who matches it now. A rule is the
// company's, so an admin makes it. The same rule twice is one.
func (s *Service) AddRule(ctx context.Context, by people.Actor, r EnrolmentRule) (EnrolmentRule, error) {
	if !by.Can(people.Admin) {
		return r, fault.Forbiddenf("Only an admin makes rules that enrol people. Ask yours, or enrol your people by name.")
	}
	r.RoleFamily, r.Region, r.Reason = strings.TrimSpace(r.RoleFamily), strings.TrimSpace(r.Region), strings.TrimSpace(r.Reason)
	problems := map[string]string{}
	kinds := map[Target]content.Kind{ToCourse: content.KindCourse, ToProgram: content.KindProgram}
	kind, ok := kinds[r.Kind]
	if !ok {
		problems["kind"] = "A rule enrols in a course or a program. Choose one of the two."
	} else if doc, err := s.Content.Published(ctx, kind, r.Slug); fault.KindOf(err) == fault.NotFound && err != nil {
		problems["slug"] = "There is no such thing in the library. Choose one from the list."
	} else if err != nil {
		return r, err
	} else {
		r.Title = doc.Title
	}
	if r.TeamID == nil && r.RoleFamily == "" && r.Region == "" && r.HiredAfter == nil {
		problems["role_family"] = "Say whom the rule is about: a team, a role family, a region or a day of hire."
	}
	if r.Reason == "" {
		problems["reason"] = "A reason is missing. One line is enough; everybody who is enrolled reads it."
	} else if len(r.Reason) > noteMost {
		problems["reason"] = "This reason is too long: at most 2,000 characters."
	}
	if err := fault.Fields(problems); err != nil {
		return r, err
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"kind": r.Kind, "slug": r.Slug, "title": r.Title, "team": r.TeamID, "role": r.RoleFamily, "region": r.Region,
			"hired": r.HiredAfter, "reason": r.Reason, "by": by.ID, "now": s.Now()}
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('enrolment rules'))`); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `select id from enrolment_rules where ended_at is null and kind = @kind and slug = @slug and team_id is not distinct from @team
			and role_family = @role and region = @region and hired_after is not distinct from @hired`, args).Scan(&r.ID)
		if pg.NoRows(err) {
			err = tx.QueryRow(ctx, `insert into enrolment_rules (kind, slug, title, team_id, role_family, region, hired_after, reason, created_by, created_at)
				values (@kind, @slug, @title, @team, @role, @region, @hired, @reason, nullif(@by, 0), @now) returning id`, args).Scan(&r.ID)
			if pg.Violated(err) == "enrolment_rules_team" {
				return fault.Field("team_id", "There is no such team. Choose one from the list of teams.")
			}
			if err == nil {
				err = people.Audit(ctx, tx, by, "rule added", nil, string(r.Kind)+" "+r.Slug, map[string]any{"rule": r.ID})
			}
		}
		return err
	})
	if err != nil {
		return r, err
	}
	if _, err := s.ApplyRules(ctx, 0); err != nil {
		return r, err
	}
	return pg.One[EnrolmentRule](ctx, s.DB, `select `+ruleColumns+` where r.id = $1`, r.ID)
}

// EndRule ends a rule: nobody more is put in by it. Those who are in stay.
func (s *Service) EndRule(ctx context.Context, by people.Actor, id int64) error {
	if !by.Can(people.Admin) {
		return fault.Forbiddenf("Only an admin ends rules that enrol people. Ask yours.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update enrolment_rules set ended_at = $2 where id = $1 and ended_at is null`, id, s.Now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return people.Audit(ctx, tx, by, "rule ended", nil, "", map[string]any{"rule": id})
	})
}

// ApplyRules puts everybody (or one person) who matches a rule that holds into
// what it names, once: whoever left is not brought back, and whoever is in by
// themselves stays as they are. It returns how many came in, and may run at any
// time, as often as one likes.
func (s *Service) ApplyRules(ctx context.Context, personID int64) (int, error) {
	type match struct {
		RuleID, PersonID int64
		Kind             Target
		Slug, Reason     string
		CreatedBy        *int64
		By               string
		Hired            *time.Time
	}
	matches, err := pg.All[match](ctx, s.DB, `
		with recursive under(rule, id) as (
			select r.id, r.team_id from enrolment_rules r where r.team_id is not null and r.ended_at is null
			union select u.rule, t.id from teams t join under u on t.parent_id = u.id
		)
		select r.id as rule_id, p.id as person_id, r.kind, r.slug, r.reason, r.created_by, coalesce(b.name, '') as by, p.hire_date as hired
		from enrolment_rules r left join persons b on b.id = r.created_by cross join persons p
		where r.ended_at is null and p.active and (@person = 0 or p.id = @person)
			and (r.role_family = '' or lower(r.role_family) = lower(p.role_family))
			and (r.region = '' or lower(r.region) = lower(p.region))
			and (r.hired_after is null or p.hire_date >= r.hired_after)
			and (r.team_id is null or exists (select from memberships m join under u on u.rule = r.id and u.id = m.team_id
				where m.person_id = p.id and m.valid_from <= current_date and (m.valid_to is null or m.valid_to > current_date)))
			and not exists (select from enrolment_rule_uses x where x.rule_id = r.id and x.person_id = p.id)
			and not exists (select from program_enrolments e where r.kind = 'program' and e.person_id = p.id and e.program = r.slug)
			and not exists (select from enrolments e where r.kind = 'course' and e.person_id = p.id and e.course = r.slug)
		order by r.id, p.id`, pgx.NamedArgs{"person": personID})
	if err != nil {
		return 0, err
	}
	came := 0
	for _, m := range matches {
		kind := content.KindCourse
		if m.Kind == ToProgram {
			kind = content.KindProgram
		}
		doc, err := s.Content.Published(ctx, kind, m.Slug)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue // withdrawn from the library: the rule rests
		}
		if err != nil {
			return came, err
		}
		starts := dayIn(s.Now(), "UTC")
		if m.Hired != nil && m.Hired.After(starts) {
			starts = *m.Hired
		}
		n := int64(0)
		err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
			args := pgx.NamedArgs{"rule": m.RuleID, "person": m.PersonID, "slug": m.Slug, "reason": m.Reason, "by": m.CreatedBy, "now": s.Now(), "starts": starts}
			sql := `insert into enrolments (person_id, course, via, started_at, last_seen_at, enrolled_by, reason) values (@person, @slug, 'rule', @now, @now, @by, @reason) on conflict do nothing`
			if doc.Program != nil {
				args["version"], args["courses"] = doc.VersionID, programCourses(doc.Program)
				sql = `insert into program_enrolments (person_id, program, version_id, courses, via, enrolled_by, rule_id, reason, starts_on, created_at)
					values (@person, @slug, @version, @courses, 'rule', @by, @rule, @reason, @starts, @now) on conflict do nothing`
			}
			tag, err := tx.Exec(ctx, sql, args)
			n = tag.RowsAffected()
			if err != nil || n == 0 {
				return err
			}
			if _, err := tx.Exec(ctx, `insert into enrolment_rule_uses (rule_id, person_id, at) values (@rule, @person, @now) on conflict do nothing`, args); err != nil {
				return err
			}
			if err := people.Audit(ctx, tx, people.Actor{}, "enrol", &m.PersonID, string(m.Kind)+" "+m.Slug, map[string]any{"rule": m.RuleID}); err != nil {
				return err
			}
			if doc.Program != nil {
				return s.tellEnrolled(ctx, tx, m.PersonID, "", doc, m.Reason)
			}
			return notice(ctx, tx, m.PersonID, "course", "You are in the course “"+doc.Title+"”. Why: "+m.Reason, "/learn/"+m.Slug, s.Now())
		})
		if err != nil {
			return came, err
		}
		came += int(n)
	}
	return came, nil
}
