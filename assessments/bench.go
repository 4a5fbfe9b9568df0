package assessments

import (
	"context"

	"pitchside/content"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// mayTry reports whether somebody may try a version of a rubric: authors may,
// over every role-play whose rep consents, without reading who made it.
func mayTry(by people.Actor, rubric int) bool { return rubric > 0 && by.Can(people.Author) }

// roundRubric is the rubric that a round is scored with: the version that it
// tries, or the one that its attempts were made under.
func (s *Service) roundRubric(ctx context.Context, q pg.Querier, roundID int64) (*content.Rubric, error) {
	var version int64
	if err := q.QueryRow(ctx, `select coalesce(c.rubric_version, (select max(a.rubric_version) from calibration_attempts t join attempts a on a.id = t.attempt_id where t.calibration_id = c.id))
		from calibrations c where c.id = $1`, roundID).Scan(&version); err != nil {
		return nil, err
	}
	doc, err := s.Content.Version(ctx, version)
	if err != nil {
		return nil, err
	}
	return doc.Rubric, nil
}

// PinnedIn returns the scenario and rubric that an attempt is scored with: as
// they were when it began, save that a round may try another version of the
// rubric.
func (s *Service) PinnedIn(ctx context.Context, a Attempt, round *Calibration) (Scenario, error) {
	sc, err := s.Pinned(ctx, a)
	if err != nil || round == nil || round.Rubric == nil {
		return sc, err
	}
	return s.withRubric(ctx, sc, *round.Rubric)
}

func (s *Service) withRubric(ctx context.Context, sc Scenario, version int64) (Scenario, error) {
	doc, err := s.Content.Version(ctx, version)
	if err != nil {
		return sc, err
	}
	sc.Rubric, sc.RubricVersion, sc.RubricNumber = doc.Rubric, doc.VersionID, doc.Number
	return sc, nil
}

// pinnedAs is PinnedIn for somebody who scores.
func (s *Service) pinnedAs(ctx context.Context, q pg.Querier, a Attempt, seat scoring) (Scenario, error) {
	sc, err := s.Pinned(ctx, a)
	if err != nil || seat.round == nil {
		return sc, err
	}
	var version *int64
	if err := q.QueryRow(ctx, `select rubric_version from calibrations where id = $1`, *seat.round).Scan(&version); err != nil || version == nil {
		return sc, err
	}
	return s.withRubric(ctx, sc, *version)
}

// Bench returns the rounds that tried a version of a rubric, the newest first,
// to authors and to who may know of them.
func (s *Service) Bench(ctx context.Context, by people.Actor, rubric string) ([]Calibration, error) {
	return pg.All[Calibration](ctx, s.DB, `select `+calibrationColumns+fromCalibrations+`join document_versions v on v.id = c.rubric_version join documents d on d.id = v.document_id
		where d.slug = @rubric and `+seesRound+` order by c.id desc limit 50`, s.roundSight(by, pgx.NamedArgs{"rubric": rubric}))
}

// BenchSample returns what a version of a rubric may be tried on: every
// submitted attempt at a scenario whose rep consents, without names for who
// does not lead them.
func (s *Service) BenchSample(ctx context.Context, by people.Actor, scenario string) ([]Sampled, error) {
	return pg.All[Sampled](ctx, s.DB, `select a.id, case when `+inSample+` then p.name else 'Role-play ' || a.id end as person, a.form, a.submitted_at,
			(select coalesce(sum(array_length(regexp_split_to_array(btrim(t.text), '\s+'), 1)), 0) from transcript_turns t where t.attempt_id = a.id)::int as words
		from attempts a join persons p on p.id = a.person_id
		where a.scenario = @scenario and a.calibration_consent and a.state not in ('draft', 'resubmit', 'withdrawn') and @author
		order by a.submitted_at desc, a.id desc limit @limit`, s.roundSight(by, pgx.NamedArgs{"scenario": scenario, "limit": mostCalibrated}))
}
