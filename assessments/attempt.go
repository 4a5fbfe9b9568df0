package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A State is where an attempt is in its life.
type State string

// The states of an attempt.
const (
	Draft     State = "draft"     // only the rep sees it
	Submitted State = "submitted" // with the rep's coaches
	InReview  State = "in_review" // a coach has begun a sheet
	Released  State = "released"  // the rep has the scores
	Reflected State = "reflected" // the rep has answered them
	Resubmit  State = "resubmit"  // back with the rep
	Withdrawn State = "withdrawn" // taken back by the rep before release
)

// A Form is how an attempt is made.
type Form string

// The forms of an attempt.
const (
	FormText       Form = "text"       // against the branching text buyer
	FormRecording  Form = "recording"  // sound or picture, with a transcript
	FormLive       Form = "live"       // with a partner, with a transcript
	FormTranscript Form = "transcript" // pasted
	FormWorksheet  Form = "worksheet"  // filled in
)

// An Attempt is one try at a scenario. SeesWords is false for a manager who
// may read the scores but not the conversation.
type Attempt struct {
	ID                 int64
	PersonID           int64
	Person             string
	Scenario           string // slug; of a worksheet behind worksheetMark
	ScenarioVersion    int64
	RubricVersion      int64
	Form               Form
	State              State
	ViaAdmin           bool
	SharedWithManager  bool
	CalibrationConsent bool
	Reflection         string
	Version            int
	CreatedAt          time.Time
	SubmittedAt        *time.Time
	ReleasedAt         *time.Time
	ClaimedBy          *int64
	ClaimedByName      *string
	Number             int // which attempt of the rep at this scenario, withdrawn ones left out
	SeesWords          bool
	Revises            *int64 // the attempt whose text this one began from
}

// Open reports whether a coach may still begin to score it.
func (a Attempt) Open() bool { return a.State == Submitted || a.State == InReview }

// Done reports whether the rep has the scores.
func (a Attempt) Done() bool { return a.State == Released || a.State == Reflected }

// glassHours is how long an admin's stated reason opens an attempt.
const glassHours = 1

// seesWords is the condition that the actor may read the conversation of
// attempt a, seesScores that they may read at least its released scores. They
// use the arguments of sight. Who was asked to score it reads it for that, and
// a coach of a calibration round while the rep consents. Drafts are the rep's alone, save that a system
// which brought an attempt over may read it.
const (
	seesWords = `(a.person_id = @actor or (@everyone and a.via_admin) or (a.state not in ('draft', 'withdrawn', 'resubmit') and (
		(@as_coach and a.person_id in (select coached_by(@actor)))
		or (@as_manager and a.shared_with_manager and a.person_id in (select managed_by(@actor)))
		or exists (select 1 from attempt_scorers q where q.attempt_id = a.id and q.person_id = @actor and q.declined_at is null)
		or (a.calibration_consent and exists (select 1 from calibration_attempts ca join calibration_coaches cc on cc.calibration_id = ca.calibration_id
			where ca.attempt_id = a.id and cc.coach_id = @actor))
		or ` + glassOpen + `)))`
	glassOpen  = `(@as_admin and exists (select 1 from attempt_views v where v.attempt_id = a.id and v.viewer_id = @actor and v.reason <> '' and v.at > @glass))`
	seesScores = `(` + seesWords + ` or (a.state in ('released', 'reflected') and @as_manager and a.person_id in (select managed_by(@actor))))`
)

func (s *Service) sight(by people.Actor, args pgx.NamedArgs) pgx.NamedArgs {
	all := by.Scope(args)
	all["as_admin"] = by.Can(people.Admin) && !by.Token
	all["now"], all["glass"] = s.Now(), s.Now().Add(-glassHours*time.Hour)
	return all
}

const attemptColumns = `a.id, a.person_id, p.name as person, a.scenario, a.scenario_version, a.rubric_version, a.form, a.state, a.via_admin,
	a.shared_with_manager, a.calibration_consent, a.reflection, a.revises, a.version, a.created_at, a.submitted_at, a.released_at, a.claimed_by,
	(select c.name from persons c where c.id = a.claimed_by) as claimed_by_name,
	(select count(*) from attempts e where e.person_id = a.person_id and e.scenario = a.scenario and e.state <> 'withdrawn' and e.id <= a.id)::int as number`

// Attempt returns what the actor may see of an attempt, or NotFound.
func (s *Service) Attempt(ctx context.Context, by people.Actor, id int64) (Attempt, error) {
	return s.attempt(ctx, s.DB, by, id)
}

func (s *Service) attempt(ctx context.Context, q pg.Querier, by people.Actor, id int64) (Attempt, error) {
	a, err := pg.One[Attempt](ctx, q, `select `+attemptColumns+`, `+seesWords+` as sees_words
		from attempts a join persons p on p.id = a.person_id
		where a.id = @id and `+seesScores, s.sight(by, pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return Attempt{}, noAttempt(id)
	}
	return a, err
}

func noAttempt(id int64) error {
	return fault.NotFoundf("There is no attempt %d, or it is not open to you.", id)
}

// lockOwn returns an attempt for its rep to change (or a system that brought it
// over), locked; for all others it is NotFound.
func lockOwn(ctx context.Context, tx pgx.Tx, by people.Actor, id int64) (Attempt, error) {
	a, err := pg.One[Attempt](ctx, tx, `select `+attemptColumns+`, true as sees_words
		from attempts a join persons p on p.id = a.person_id
		where a.id = @id and (a.person_id = @actor or (@everyone and a.via_admin)) for update of a`, by.Scope(pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return Attempt{}, noAttempt(id)
	}
	return a, err
}

// lockSeen returns an attempt whose words the actor may read, locked.
func (s *Service) lockSeen(ctx context.Context, tx pgx.Tx, by people.Actor, id int64) (Attempt, error) {
	a, err := pg.One[Attempt](ctx, tx, `select `+attemptColumns+`, true as sees_words
		from attempts a join persons p on p.id = a.person_id
		where a.id = @id and `+seesWords+` for update of a`, s.sight(by, pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return Attempt{}, noAttempt(id)
	}
	return a, err
}

// Attempts returns a person's attempts at a scenario ("" for all) that the
// actor may see, newest first, at most limit older than before (0 for the
// newest).
func (s *Service) Attempts(ctx context.Context, by people.Actor, personID int64, scenario string, before int64, limit int) ([]Attempt, error) {
	return pg.All[Attempt](ctx, s.DB, `select `+attemptColumns+`, `+seesWords+` as sees_words
		from attempts a join persons p on p.id = a.person_id
		where a.person_id = @person and (@scenario = '' or a.scenario = @scenario) and (@before = 0 or a.id < @before) and `+seesScores+`
		order by a.id desc limit @limit`,
		s.sight(by, pgx.NamedArgs{"person": personID, "scenario": scenario, "before": before, "limit": limit}))
}

// StartAttempt opens a draft for personID, who is the actor unless a system
// brings data over, and pins the scenario's and the rubric's published version.
func (s *Service) StartAttempt(ctx context.Context, by people.Actor, personID int64, scenario string, form Form) (Attempt, error) {
	switch form {
	case FormText, FormRecording, FormLive, FormTranscript:
	default:
		return Attempt{}, fault.Field("form", "Choose text, transcript, recording or live.")
	}
	if !by.BringsData() {
		if err := people.MayActAs(ctx, s.DB, by, personID, "Only the rep can start an attempt of their own."); err != nil {
			return Attempt{}, err
		}
	}
	sc, err := s.Scenario(ctx, scenario)
	if err != nil {
		return Attempt{}, err
	}
	if form == FormText && sc.Script == nil {
		return Attempt{}, fault.Field("form", "This scenario has no text conversation. Paste a transcript instead.")
	}
	var a Attempt
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var id int64
		if !by.Token {
			again, err := startedJustNow(ctx, tx, personID, scenario, form, s.Now())
			if err != nil {
				return err
			}
			if again != 0 {
				a, err = lockOwn(ctx, tx, by, again)
				return err
			}
		}
		err := tx.QueryRow(ctx, `insert into attempts (person_id, scenario, scenario_version, rubric_version, form, via_admin, calibration_consent, created_at)
			values (@person, @scenario, @version, @rubric, @form, @via, @via, @now) returning id`,
			pgx.NamedArgs{"person": personID, "scenario": scenario, "version": sc.VersionID, "rubric": sc.RubricVersion, "form": string(form),
				"via": by.BringsData(), "now": s.Now()}).Scan(&id)
		if pg.Violated(err) == "attempts_person" {
			return fault.Field("person_id", fmt.Sprintf("There is no person %d.", personID))
		}
		if err != nil {
			return err
		}
		if by.BringsData() && personID != by.ID {
			if err := people.Audit(ctx, tx, by, "attempt.started", &personID, subject(id), map[string]any{"scenario": scenario, "form": form}); err != nil {
				return err
			}
		}
		a, err = lockOwn(ctx, tx, by, id)
		return err
	})
	return a, err
}

// startedJustNow returns the empty draft that an earlier click on the same
// button made some seconds ago, or 0. Clicks of one person wait for each other.
func startedJustNow(ctx context.Context, tx pgx.Tx, personID int64, scenario string, form Form, now time.Time) (int64, error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('attempts'), $1::int)`, personID%(1<<31)); err != nil {
		return 0, err
	}
	var id int64
	err := tx.QueryRow(ctx, `select a.id from attempts a where a.person_id = @person and a.scenario = @scenario and a.form = @form and a.state = 'draft'
			and a.created_at > @since and not exists (select from attempt_turns t where t.attempt_id = a.id)
			and not exists (select from transcript_turns t where t.attempt_id = a.id) and not exists (select from attempt_takes t where t.attempt_id = a.id)
			and not exists (select from live_calls l where l.attempt_id = a.id) and not exists (select from worksheet_fields f where f.attempt_id = a.id) and a.revises is null
		order by a.id desc limit 1`,
		pgx.NamedArgs{"person": personID, "scenario": scenario, "form": string(form), "since": now.Add(-5 * time.Second)}).Scan(&id)
	if pg.NoRows(err) {
		err = nil
	}
	return id, err
}

// Submit hands a draft to the rep's coaches. The rep's self-score and the text
// buyer's sheet become evidence at the same time. Submitting twice is harmless.
func (s *Service) Submit(ctx context.Context, by people.Actor, id int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, id)
		if err != nil {
			return err
		}
		switch a.State {
		case Draft, Resubmit:
		case Withdrawn:
			return fault.Conflictf("This attempt was withdrawn. Start another one.")
		default:
			return nil
		}
		switch a.Form {
		case FormText:
			if err := s.closePlay(ctx, tx, a); err != nil {
				return err
			}
		case FormWorksheet:
			if err := filled(ctx, tx, a); err != nil {
				return err
			}
		default:
			recorded, err := s.settleTakes(ctx, tx, id)
			if err != nil {
				return err
			}
			held, err := s.settleCall(ctx, tx, id)
			if err != nil {
				return err
			}
			if !recorded && !held {
				if err := hasWords(ctx, tx, a); err != nil {
					return err
				}
			}
		}
		now := s.Now()
		if _, err := tx.Exec(ctx, `update attempts set state = 'submitted', submitted_at = $2, version = version + 1 where id = $1`, id, now); err != nil {
			return err
		}
		if a.State == Resubmit {
			if err := s.handedInAgain(ctx, tx, a); err != nil {
				return err
			}
		}
		a.State, a.SubmittedAt = Submitted, &now
		if err := s.releaseSelf(ctx, tx, a); err != nil {
			return err
		}
		if err := s.askGraders(ctx, tx, by, a); err != nil {
			return err
		}
		if err := people.Audit(ctx, tx, by, "attempt.submitted", &a.PersonID, subject(id), map[string]any{"scenario": a.Scenario}); err != nil {
			return err
		}
		if s.OnSubmitted != nil {
			return s.OnSubmitted(ctx, tx, a.PersonID, a.Scenario)
		}
		return nil
	})
}

func hasWords(ctx context.Context, q pg.Querier, a Attempt) error {
	var n int
	if err := q.QueryRow(ctx, `select count(*) from transcript_turns where attempt_id = $1 and speaker = 'rep'`, a.ID).Scan(&n); err != nil {
		return err
	}
	if n == 0 && a.Form == FormLive {
		return fault.Conflictf("There is nothing to score yet. Hold the call with your partner, or add a recording or the transcript, then submit.")
	}
	if n == 0 && a.Form == FormRecording {
		return fault.Conflictf("There is nothing to score yet. Record a take, choose a recording from your disk, or add the transcript, then submit.")
	}
	if n == 0 {
		return fault.Conflictf("There is nothing to score yet: no turn of the rep. Add the transcript, mark who is the rep, then submit.")
	}
	return nil
}

// Withdraw takes back an attempt whose scores are not out. Its drafts of sheets
// stay unseen, and the text buyer's evidence goes.
func (s *Service) Withdraw(ctx context.Context, by people.Actor, id int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, id)
		if err != nil {
			return err
		}
		switch a.State {
		case Withdrawn:
			return nil
		case Released, Reflected:
			return fault.Conflictf("The scores are out, so this attempt stays. Question a score on the skill page if you see it differently.")
		}
		if _, err := tx.Exec(ctx, `update attempts set state = 'withdrawn', version = version + 1 where id = $1`, id); err != nil {
			return err
		}
		if err := withdrawEvidence(ctx, tx, id); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "attempt.withdrawn", &a.PersonID, subject(id), nil)
	})
}

// Share opens the conversation to the rep's managers, or closes it again.
func (s *Service) Share(ctx context.Context, by people.Actor, id int64, open bool) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, id)
		if err != nil || a.SharedWithManager == open {
			return err
		}
		if _, err := tx.Exec(ctx, `update attempts set shared_with_manager = $2, version = version + 1 where id = $1`, id, open); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "attempt.shared", &a.PersonID, subject(id), map[string]any{"with_manager": open})
	})
}

// Reflect keeps the rep's answer to the released scores. Writing it again
// replaces it.
func (s *Service) Reflect(ctx context.Context, by people.Actor, id int64, text string) error {
	if text = clean(text); text == "" {
		return fault.Field("reflection", "Write one line: what will you try next?")
	}
	if len(text) > 4000 {
		return fault.Field("reflection", "Keep it under 4,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if !a.Done() {
			return fault.Conflictf("The scores are not out yet. Reflect when you have read them.")
		}
		_, err = tx.Exec(ctx, `update attempts set state = 'reflected', reflection = $2, version = version + 1 where id = $1`, id, text)
		return err
	})
}

func subject(attemptID int64) string { return fmt.Sprintf("attempt:%d", attemptID) }
