package assessments

import (
	"context"
	"slices"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// ofSample is the condition that attempt a is a sample conversation.
const ofSample = `a.person_id = (select id from persons where lower(email) = '` + people.SampleRep + `')`

// UseSample makes a submitted role-play of a sample conversation, so that a
// calibration round can be opened over it, and returns its number. There is
// one for each version of the scenario's rubric, however often it is asked for.
func (s *Service) UseSample(ctx context.Context, by people.Actor, slug string) (int64, error) {
	if !MayCalibrate(by) {
		return 0, fault.Forbiddenf("Coaches, managers and admins open calibration rounds.")
	}
	sample, err := content.SampleNamed(slug)
	if err != nil {
		return 0, err
	}
	sc, err := s.Scenario(ctx, sample.Scenario)
	if fault.KindOf(err) == fault.NotFound {
		return 0, fault.Conflictf("The scenario of this sample is not published any more, so nobody could score it. Bring it back in the Studio, or choose another sample.")
	}
	if err != nil {
		return 0, err
	}
	var id int64
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		rep, err := people.EnsureSampleRep(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select from persons where id = $1 for update`, rep); err != nil {
			return err
		}
		args := pgx.NamedArgs{"person": rep, "scenario": sample.Scenario, "version": sc.VersionID, "rubric": sc.RubricVersion, "form": string(FormTranscript), "state": string(Submitted), "now": s.Now()}
		err = tx.QueryRow(ctx, `select id from attempts where person_id = @person and scenario = @scenario and rubric_version = @rubric`, args).Scan(&id)
		if err == nil || !pg.NoRows(err) {
			return err
		}
		if err := tx.QueryRow(ctx, `insert into attempts (person_id, scenario, scenario_version, rubric_version, form, state, calibration_consent, created_at, submitted_at)
			values (@person, @scenario, @version, @rubric, @form, @state, true, @now, @now) returning id`, args).Scan(&id); err != nil {
			return err
		}
		if err := writeTranscript(ctx, tx, id, turnsOf(sample)); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "sample.used", nil, subject(id), map[string]any{"sample": slug})
	})
	return id, err
}

func turnsOf(sample *content.Sample) []Turn {
	var turns []Turn
	for _, t := range sample.Turns {
		start, speaker := t.StartMS, Buyer
		if t.Rep {
			speaker = Rep
		}
		turns = append(turns, Turn{Speaker: speaker, StartMS: &start, Text: t.Text})
	}
	return turns
}

// settleSamples gives the samples of a revealed round the levels of their
// reference, where the round's rubric has the anchors that they were given by.
// What the coaches have settled themselves stays.
func (s *Service) settleSamples(ctx context.Context, roundID int64, rubric *content.Rubric) error {
	type sampled struct {
		ID       int64
		PersonID int64
		Scenario string
	}
	used, err := pg.All[sampled](ctx, s.DB, `select a.id, a.person_id, a.scenario from calibration_attempts t join attempts a on a.id = t.attempt_id
		where t.calibration_id = $1 and `+ofSample+` and not exists (select from calibration_references r where r.calibration_id = t.calibration_id and r.attempt_id = a.id and r.recorded_by = a.person_id)`, roundID)
	if err != nil || len(used) == 0 {
		return err
	}
	all, err := content.Samples()
	if err != nil {
		return err
	}
	for _, a := range used {
		i := slices.IndexFunc(all, func(x *content.Sample) bool { return x.Scenario == a.Scenario })
		if i < 0 {
			continue
		}
		given, err := content.BuiltIn(content.KindRubric, all[i].Rubric)
		if err != nil {
			return err
		}
		for _, score := range all[i].Scores {
			was, _ := given.Rubric.Criterion(score.Criterion)
			if is, ok := rubric.Criterion(score.Criterion); !ok || !slices.Equal(is.Anchors, was.Anchors) {
				continue
			}
			if _, err := s.DB.Exec(ctx, `insert into calibration_references (calibration_id, attempt_id, criterion, level, reason, quote, at_ms, recorded_by, recorded_at)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (calibration_id, attempt_id, criterion) do nothing`,
				roundID, a.ID, score.Criterion, score.Level, score.Reason, score.Quote, score.StartMS, a.PersonID, s.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}
