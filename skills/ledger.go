package skills

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Person is somebody whose levels are read.
type Person struct {
	ID         int64
	Name       string
	RoleFamily string
}

// person returns the person if by sees their levels, else NotFound.
func (s *Service) person(ctx context.Context, by people.Actor, id int64) (Person, error) {
	p, err := pg.One[Person](ctx, s.DB, `select p.id, p.name, p.role_family from persons p where p.id = @id and `+people.Sees("p.id"),
		by.Scope(pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return Person{}, fault.NotFoundf("There is nobody here whose levels you see under this number.")
	}
	return p, err
}

type observed struct {
	PersonID int64
	Skill    string
	Observation
}

// through returns the first moment that evidence asked for at a moment leaves
// out. Midnight UTC is a plain date, and a date means the whole day.
func through(at time.Time) time.Time {
	if at.Equal(at.UTC().Truncate(24 * time.Hour)) {
		return at.Add(24 * time.Hour)
	}
	return at.Add(time.Microsecond)
}

// observations returns what stands in the ledger about these people at a
// moment, of one skill or of all (nil). Evidence of the day that at names
// counts as made at its start.
func observations(ctx context.Context, q pg.Querier, persons []int64, skill *string, at time.Time) ([]observed, error) {
	rows, err := q.Query(ctx, `
		select person_id, skill, id, source, rater, rater_id, least(at, @at), raw, correct, items, session_key
		from evidence
		where person_id = any(@persons) and (@skill::text is null or skill = @skill) and at < @through
			and superseded_by is null and withdrawn_at is null
		order by person_id, skill, at, id`,
		pgx.NamedArgs{"persons": persons, "skill": skill, "at": at, "through": through(at)})
	if err != nil {
		return nil, fmt.Errorf("reading the ledger: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o observed, err error) {
		err = row.Scan(&o.PersonID, &o.Skill, &o.ID, &o.Source, &o.Rater, &o.RaterID, &o.At, &o.Raw, &o.Correct, &o.Items, &o.SessionKey)
		return o, err
	})
}

// grouped splits observations by person and skill.
func grouped(all []observed) map[int64]map[string][]Observation {
	out := map[int64]map[string][]Observation{}
	for _, o := range all {
		if out[o.PersonID] == nil {
			out[o.PersonID] = map[string][]Observation{}
		}
		out[o.PersonID][o.Skill] = append(out[o.PersonID][o.Skill], o.Observation)
	}
	return out
}
