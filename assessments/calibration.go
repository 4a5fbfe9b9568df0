package assessments

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Calibration is a round in which some coaches score the same attempts
// blind, to learn how far they agree.
type Calibration struct {
	ID        int64
	Title     string
	Scenario  string // slug
	Announced bool   // else the queue shows it like any other attempt, until the reveal
	Due       time.Time
	CreatedBy int64
	Creator   string
	CreatedAt time.Time
	Attempts  int
	Coaches   int
	Done      int // sheets that are in
	Expected  int
	Mine      int    // of the actor, that are in
	Rater     bool   // the actor scores in it
	Lead      bool   // the actor opened it, or oversees all
	Open      bool   // it is still scored, so nobody sees another's sheet
	Rubric    *int64 // version that it tries, if not the one that the attempts were made under
}

// MyLeft returns how many attempts still wait for the actor.
func (c Calibration) MyLeft() int {
	if !c.Rater {
		return 0
	}
	return max(0, c.Expected/max(1, c.Coaches)-c.Mine)
}

// A NewCalibration is what a lead decides about a round.
type NewCalibration struct {
	Title       string
	Scenario    string
	AttemptIDs  []int64
	CoachIDs    []int64
	Due         time.Time
	Unannounced bool
	Rubric      int // number of the version of the scenario's rubric to try; 0: the one the attempts were made under
}

// Limits of a round.
const (
	mostCalibrated = 100
	mostRaters     = 40
)

const calibrationColumns = `c.id, c.title, c.scenario, c.announced, c.due, c.created_by, p.name as creator, c.created_at,
	(select count(*) from calibration_attempts t where t.calibration_id = c.id)::int as attempts,
	(select count(*) from calibration_coaches k where k.calibration_id = c.id)::int as coaches, g.done::int, g.expected::int,
	(select count(*) from sheets h join attempts a on a.id = h.attempt_id where h.calibration_id = c.id and h.assessor_id = @actor and a.calibration_consent
		and (h.saved or h.state = 'released'))::int as mine,
	exists (select 1 from calibration_coaches k where k.calibration_id = c.id and k.coach_id = @actor) as rater,
	(c.created_by = @actor or @oversees) as lead, (c.due > @now and g.done < g.expected) as open, c.rubric_version as rubric`

// seesRound is the condition that the actor may know of round c: its lead, who
// oversees all, a manager of one of its coaches, and its coaches, who learn of
// an unannounced one at the reveal. Authors know of those that try a rubric.
const seesRound = `(c.created_by = @actor or @oversees
	or exists (select 1 from calibration_coaches k where k.calibration_id = c.id and k.coach_id = @actor and (c.announced or c.due <= @now or g.done >= g.expected))
	or (@author and c.rubric_version is not null)
	or (@as_manager and exists (select 1 from calibration_coaches k where k.calibration_id = c.id and k.coach_id in (select managed_by(@actor)))))`

func (s *Service) roundSight(by people.Actor, args pgx.NamedArgs) pgx.NamedArgs {
	all := by.Scope(args)
	all["now"], all["oversees"], all["author"], all["calibrates"] = s.Now(), by.Can(people.Admin), by.Can(people.Author), MayCalibrate(by)
	return all
}

const fromCalibrations = ` from calibrations c join persons p on p.id = c.created_by join calibration_progress g on g.calibration_id = c.id `

// Calibrations returns the rounds that the actor may know of, open ones first,
// then the newest, at most limit older than before (0 for the newest).
func (s *Service) Calibrations(ctx context.Context, by people.Actor, before int64, limit int) ([]Calibration, error) {
	return pg.All[Calibration](ctx, s.DB, `select `+calibrationColumns+fromCalibrations+`where `+seesRound+` and (@before = 0 or c.id < @before)
		order by c.id desc limit @limit`, s.roundSight(by, pgx.NamedArgs{"before": before, "limit": limit}))
}

// Calibration returns one round, or NotFound.
func (s *Service) Calibration(ctx context.Context, by people.Actor, id int64) (Calibration, error) {
	c, err := pg.One[Calibration](ctx, s.DB, `select `+calibrationColumns+fromCalibrations+`where c.id = @id and `+seesRound, s.roundSight(by, pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return c, noCalibration(id)
	}
	return c, err
}

func noCalibration(id int64) error {
	return fault.NotFoundf("There is no calibration round %d, or it is not open to you.", id)
}

// ScoredBlind returns the open round in which the actor scores an attempt, or
// nil. It names an unannounced one too: the page keeps that to itself.
func (s *Service) ScoredBlind(ctx context.Context, by people.Actor, attemptID int64) (*Calibration, error) {
	id, err := s.openRound(ctx, s.DB, by, attemptID, by.ID, false)
	if err != nil || id == nil {
		return nil, err
	}
	c, err := pg.One[Calibration](ctx, s.DB, `select `+calibrationColumns+fromCalibrations+`where c.id = @id`, s.roundSight(by, pgx.NamedArgs{"id": *id}))
	return &c, err
}

// MayCalibrate reports whether somebody may open rounds.
func MayCalibrate(by people.Actor) bool { return by.Can(people.Coach, people.Manager, people.Admin) }

// OpenCalibration opens a round over submitted attempts at one scenario, whose
// reps consent, by coaches who score them blind. Opening the same round twice
// within seconds is one round.
func (s *Service) OpenCalibration(ctx context.Context, by people.Actor, in NewCalibration) (Calibration, error) {
	if !MayCalibrate(by) && !mayTry(by, in.Rubric) {
		return Calibration{}, fault.Forbiddenf("Coaches, managers and admins open calibration rounds.")
	}
	sc, err := s.Scenario(ctx, in.Scenario)
	if fault.KindOf(err) == fault.NotFound {
		return Calibration{}, fault.Field("scenario", fmt.Sprintf("There is no published scenario %q.", in.Scenario))
	}
	if err != nil {
		return Calibration{}, err
	}
	in.Title = clean(in.Title)
	if in.Title == "" {
		in.Title = sc.Title + ", " + s.Now().Format("2 January 2006")
	}
	var trying *int64
	if in.Rubric > 0 {
		doc, err := s.Content.Numbered(ctx, content.KindRubric, sc.RubricSlug, in.Rubric)
		if err != nil {
			return Calibration{}, fault.Field("rubric_version", fmt.Sprintf("The rubric %s has no version %d, or it has errors that keep it from being scored with.", sc.RubricSlug, in.Rubric))
		}
		trying = &doc.VersionID
	}
	in.AttemptIDs, in.CoachIDs = distinct(in.AttemptIDs), distinct(in.CoachIDs)
	var id int64
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := s.checkRound(ctx, tx, by, in); err != nil {
			return err
		}
		if id, err = openedJustNow(ctx, tx, by, in, s.Now()); err != nil || id != 0 {
			return err
		}
		if err := tx.QueryRow(ctx, `insert into calibrations (title, scenario, announced, due, seed, created_by, created_at, rubric_version)
			values (@title, @scenario, @announced, @due, @seed, @by, @now, @rubric) returning id`,
			pgx.NamedArgs{"rubric": trying, "title": in.Title, "scenario": in.Scenario, "announced": !in.Unannounced, "due": in.Due, "seed": s.Now().UnixNano(), "by": by.ID, "now": s.Now()}).Scan(&id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into calibration_attempts (calibration_id, attempt_id) select $1, unnest($2::bigint[])`, id, in.AttemptIDs); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into calibration_coaches (calibration_id, coach_id) select $1, unnest($2::bigint[])`, id, in.CoachIDs); err != nil {
			return err
		}
		if !in.Unannounced {
			for _, coach := range in.CoachIDs {
				if coach == by.ID {
					continue
				}
				if err := tell(ctx, tx, notice{Person: coach, Kind: "calibration_opened", Dedupe: fmt.Sprintf("calibration:%d:%d", id, coach), At: s.Now(),
					Text: fmt.Sprintf("Calibration: score %s by %s.", count(len(in.AttemptIDs), "role-play", "role-plays"), in.Due.Format("2 January")), Link: fmt.Sprintf("/calibrate/%d", id)}); err != nil {
					return err
				}
			}
		}
		return people.Audit(ctx, tx, by, "calibration.opened", nil, fmt.Sprintf("calibration:%d", id),
			map[string]any{"scenario": in.Scenario, "attempts": len(in.AttemptIDs), "coaches": len(in.CoachIDs), "announced": !in.Unannounced})
	})
	if err != nil {
		return Calibration{}, err
	}
	return s.Calibration(ctx, by, id)
}

func distinct(ids []int64) []int64 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// count writes a number of things.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// checkRound says what keeps a round from being opened.
func (s *Service) checkRound(ctx context.Context, tx pgx.Tx, by people.Actor, in NewCalibration) error {
	wrong := map[string]string{}
	switch {
	case len([]rune(in.Title)) > 200:
		wrong["title"] = "Keep the title under 200 characters."
	case !in.Due.After(s.Now()) && !by.BringsData():
		wrong["due"] = "Choose a day that is still to come, so that the coaches have time to score."
	}
	switch n := len(in.AttemptIDs); {
	case n == 0:
		wrong["attempt_ids"] = "Choose at least one role-play."
	case n > mostCalibrated:
		wrong["attempt_ids"] = fmt.Sprintf("Choose at most %d role-plays.", mostCalibrated)
	}
	switch n := len(in.CoachIDs); {
	case n < 2:
		wrong["coach_ids"] = "Choose at least two coaches: one alone cannot agree or disagree."
	case n > mostRaters:
		wrong["coach_ids"] = fmt.Sprintf("Choose at most %d coaches.", mostRaters)
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	fit, err := pg.All[sampleFit](ctx, tx, `select a.id, a.person_id, a.scenario, a.rubric_version, a.calibration_consent as consents, a.state not in ('draft', 'resubmit', 'withdrawn') as submitted
		from attempts a where a.id = any(@ids) and ((@everyone and (a.via_admin or a.calibration_consent)) or (@tries and a.calibration_consent) or `+inSample+`)`,
		s.roundSight(by, pgx.NamedArgs{"ids": in.AttemptIDs, "tries": mayTry(by, in.Rubric)}))
	if err != nil {
		return err
	}
	if text := misfit(in, fit); text != "" {
		return fault.Field("attempt_ids", text)
	}
	raters, err := pg.Column[int64](ctx, tx, `select id from persons where id = any($1) and active and 'coach' = any(capabilities)`, in.CoachIDs)
	if err != nil {
		return err
	}
	for _, id := range in.CoachIDs {
		if !slices.Contains(raters, id) {
			return fault.Field("coach_ids", fmt.Sprintf("Person %d is not an active coach.", id))
		}
		if slices.ContainsFunc(fit, func(f sampleFit) bool { return f.PersonID == id }) {
			return fault.Field("coach_ids", fmt.Sprintf("Person %d made one of these role-plays, and nobody scores their own. Leave out the person or the role-play.", id))
		}
	}
	return nil
}

// inSample is the condition that a lead may put attempt a into a round: one of
// their coachees or of the people below them, or anybody's for an admin, and
// only with the rep's consent; or a sample conversation.
const inSample = `(a.calibration_consent and a.person_id <> @actor and (@oversees or (@calibrates and ` + ofSample + `) or (@as_coach and a.person_id in (select coached_by(@actor)))
	or (@as_manager and a.person_id in (select managed_by(@actor)))))`

type sampleFit struct {
	ID            int64
	PersonID      int64
	Scenario      string
	RubricVersion int64
	Consents      bool
	Submitted     bool
}

func misfit(in NewCalibration, found []sampleFit) string {
	by := map[int64]sampleFit{}
	for _, f := range found {
		by[f.ID] = f
	}
	for _, id := range in.AttemptIDs {
		f, ok := by[id]
		switch {
		case !ok:
			return fmt.Sprintf("There is no role-play %d that you may use: its rep must have agreed to calibration.", id)
		case !f.Consents:
			return fmt.Sprintf("The rep of role-play %d has not agreed to calibration. Ask, or leave it out.", id)
		case !f.Submitted:
			return fmt.Sprintf("Role-play %d is not submitted, so it cannot be scored.", id)
		case f.Scenario != in.Scenario:
			return fmt.Sprintf("Role-play %d is of another scenario. A round is about one.", id)
		case in.Rubric == 0 && f.RubricVersion != found[0].RubricVersion:
			return fmt.Sprintf("Role-play %d was made under another version of the rubric. Choose role-plays of one version, so that the anchors are the same.", id)
		}
	}
	return ""
}

// openedJustNow returns the round that an earlier click on the same button
// opened, or 0.
func openedJustNow(ctx context.Context, tx pgx.Tx, by people.Actor, in NewCalibration, now time.Time) (int64, error) {
	if by.Token {
		return 0, nil
	}
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('calibrations'), $1::int)`, by.ID%(1<<31)); err != nil {
		return 0, err
	}
	var id int64
	err := tx.QueryRow(ctx, `select c.id from calibrations c where c.created_by = @by and c.scenario = @scenario and c.title = @title and c.created_at > @since
			and @attempts::bigint[] = (select array_agg(attempt_id order by attempt_id) from calibration_attempts where calibration_id = c.id)
			and @coaches::bigint[] = (select array_agg(coach_id order by coach_id) from calibration_coaches where calibration_id = c.id)
		order by c.id desc limit 1`, pgx.NamedArgs{"by": by.ID, "scenario": in.Scenario, "title": in.Title, "since": now.Add(-10 * time.Second),
		"attempts": in.AttemptIDs, "coaches": in.CoachIDs}).Scan(&id)
	if pg.NoRows(err) {
		err = nil
	}
	return id, err
}

// Consent keeps whether an attempt may be used to calibrate coaches. Taking it
// back closes the words to them at once; scores that are in stay in the sums.
func (s *Service) Consent(ctx context.Context, by people.Actor, id int64, calibration bool) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, id)
		if err != nil || a.CalibrationConsent == calibration {
			return err
		}
		if _, err := tx.Exec(ctx, `update attempts set calibration_consent = $2, version = version + 1 where id = $1`, id, calibration); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "attempt.consent", &a.PersonID, subject(id), map[string]any{"calibration": calibration})
	})
}

// A Sampled attempt may be put into a round.
type Sampled struct {
	ID          int64
	Person      string
	Form        Form
	SubmittedAt time.Time
	Words       int
}

// Sample returns the attempts at a scenario that the actor may put into a
// round, newest first: submitted, with consent, under the rubric version of
// the newest of them.
func (s *Service) Sample(ctx context.Context, by people.Actor, scenario string) ([]Sampled, error) {
	return pg.All[Sampled](ctx, s.DB, `select a.id, p.name as person, a.form, a.submitted_at,
			(select coalesce(sum(array_length(regexp_split_to_array(btrim(t.text), '\s+'), 1)), 0) from transcript_turns t where t.attempt_id = a.id)::int as words
		from attempts a join persons p on p.id = a.person_id
		where a.scenario = @scenario and a.state not in ('draft', 'resubmit', 'withdrawn') and `+inSample+`
			and a.rubric_version = (select max(a.rubric_version) from attempts a where a.scenario = @scenario and a.state not in ('draft', 'resubmit', 'withdrawn') and `+inSample+`)
		order by a.submitted_at desc, a.id desc limit @limit`, s.roundSight(by, pgx.NamedArgs{"scenario": scenario, "limit": mostCalibrated}))
}

// Raters returns the people who may score in a round, by name.
func (s *Service) Raters(ctx context.Context) ([]people.Brief, error) {
	return pg.All[people.Brief](ctx, s.DB, `select id, name from persons where active and 'coach' = any(capabilities) order by name collate "und-x-icu", id limit 500`)
}
