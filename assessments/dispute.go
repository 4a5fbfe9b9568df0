package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"
	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// A Dispute is a rep's objection to a released sheet: an independent second
// score, made without sight of the first or of the reason, then an outcome with
// its reason. Both sheets stay.
type Dispute struct {
	ID          int64
	AttemptID   int64
	PersonID    int64
	Person      string
	SheetID     int64
	AssessorID  int64
	Assessor    string // of the disputed sheet
	Reason      string // empty for who may still score it without sight of others
	OpenedAt    time.Time
	SecondID    *int64
	Second      *string
	SecondSheet *int64
	Outcome     *string // upheld or changed
	Because     string  // empty as Reason is
	SettledBy   *string
	SettledAt   *time.Time
	MaySettle   bool // by the actor, once the second sheet is out
}

// State says where a dispute is: open, scored, upheld or changed.
func (d Dispute) State() string {
	switch {
	case d.Outcome != nil:
		return *d.Outcome
	case d.SecondSheet != nil:
		return "scored"
	}
	return "open"
}

// The outcomes of a dispute.
const (
	Upheld  = "upheld"
	Changed = "changed"
)

const disputeQuery = `select d.id, d.attempt_id, a.person_id, p.name as person, d.sheet_id, h.assessor_id, c.name as assessor,
		case when ` + readsDispute + ` then d.reason else '' end as reason, d.opened_at,
		d.second_id, x.name as second, d.second_sheet, d.outcome, case when ` + readsDispute + ` then d.because else '' end as because, b.name as settled_by, d.settled_at,
		(d.outcome is null and d.second_sheet is not null and ` + maySettle + `) as may_settle
	from disputes d join attempts a on a.id = d.attempt_id join persons p on p.id = a.person_id join sheets h on h.id = d.sheet_id join persons c on c.id = h.assessor_id
		left join persons x on x.id = d.second_id left join persons b on b.id = d.settled_by `

// readsDispute is the condition that the actor reads the words of dispute d,
// which tell of the scores: not who may still score the attempt without them.
const readsDispute = `(` + readsOthers + ` or (@oversees and not ` + mayScore + ` and not ` + inOpenRound + `) or (d.second_sheet is not null and ` + maySettle + `))`

// maySettle is the condition that the actor may settle dispute d: who scored
// the second time, a manager of the rep, or an admin; never the rep, nor whose
// sheet is disputed.
const maySettle = `(@actor <> a.person_id and @actor <> h.assessor_id and (@actor = coalesce((select z.assessor_id from sheets z where z.id = d.second_sheet), 0)
	or @oversees or (@as_manager and a.person_id in (select managed_by(@actor)))))`

// Dispute opens one against a coach's or manager's released sheet of the rep's
// own attempt (0: the newest), within the company's window. A sheet is disputed
// once; doing it again returns what there is.
func (s *Service) Dispute(ctx context.Context, by people.Actor, attemptID, sheetID int64, reason string) (Dispute, error) {
	if reason = clean(reason); len(reason) < 10 {
		return Dispute{}, fault.Field("reason", "Say in a sentence which score you see differently, and what in the conversation shows it.")
	}
	if len(reason) > 4000 {
		return Dispute{}, fault.Field("reason", "Keep it under 4,000 characters.")
	}
	var id int64
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		type row struct {
			ID         int64
			AssessorID int64
			ReleasedAt time.Time
			Days       int
			Disputed   *int64
		}
		sheet, err := pg.One[row](ctx, tx, `select h.id, h.assessor_id, h.released_at, (select dispute_days from company) as days, (select d.id from disputes d where d.sheet_id = h.id) as disputed
			from sheets h where h.attempt_id = $1 and h.state = 'released' and h.calibration_id is null and h.source in ('coach', 'manager') and ($2 = 0 or h.id = $2)
				and not exists (select 1 from disputes d where d.second_sheet = h.id) and not exists (select 1 from adjudications j where j.third_sheet = h.id)
			order by h.released_at desc limit 1`, attemptID, sheetID)
		if pg.NoRows(err) {
			return fault.Conflictf("There is no released score of a coach here that can be disputed. A score that settled a dispute stands.")
		}
		if err != nil {
			return err
		}
		if sheet.Disputed != nil {
			id = *sheet.Disputed
			return nil
		}
		if until := sheet.ReleasedAt.AddDate(0, 0, sheet.Days); s.Now().After(until) {
			return fault.Conflictf("The %d days for disputing this score ended on %s. You can still question a piece of evidence on the skill’s page.", sheet.Days, until.Format("2 January 2006"))
		}
		if err := tx.QueryRow(ctx, `insert into disputes (attempt_id, sheet_id, reason, opened_at) values ($1, $2, $3, $4) returning id`, attemptID, sheet.ID, reason, s.Now()).Scan(&id); err != nil {
			return err
		}
		if err := people.Audit(ctx, tx, by, "dispute.opened", &a.PersonID, subject(a.ID), map[string]any{"sheet": sheet.ID, "dispute": id}); err != nil {
			return err
		}
		if err := tell(ctx, tx, notice{Person: sheet.AssessorID, Kind: "dispute_opened", Dedupe: fmt.Sprintf("dispute:%d:assessor", id), At: s.Now(),
			Text: a.Person + " sees a score of yours differently. Somebody else scores the " + a.What() + " independently.", Link: fmt.Sprintf("/attempts/%d", a.ID)}); err != nil {
			return err
		}
		return s.assignSecond(ctx, tx, by, a)
	})
	if err != nil {
		return Dispute{}, err
	}
	return s.dispute(ctx, s.DB, by, id)
}

// DisputableUntil returns until when the newest score of the rep's own attempt
// can be disputed; nil when none can be.
func (s *Service) DisputableUntil(ctx context.Context, by people.Actor, attemptID int64) (*time.Time, error) {
	all, err := pg.Column[time.Time](ctx, s.DB, `select h.released_at + (select dispute_days from company) * interval '1 day' from sheets h join attempts a on a.id = h.attempt_id
		where a.id = $1 and a.person_id = $2 and h.state = 'released' and h.calibration_id is null and h.source in ('coach', 'manager')
			and not exists (select 1 from disputes d where h.id in (d.sheet_id, d.second_sheet)) and not exists (select 1 from adjudications j where j.third_sheet = h.id)
		order by h.released_at desc limit 1`, attemptID, by.ID)
	if err != nil || len(all) == 0 || s.Now().After(all[0]) {
		return nil, err
	}
	return &all[0], nil
}

func (s *Service) dispute(ctx context.Context, q pg.Querier, by people.Actor, id int64) (Dispute, error) {
	d, err := pg.One[Dispute](ctx, q, disputeQuery+`where d.id = @id and `+seesScores, s.disputeSight(by, pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return d, fault.NotFoundf("There is no dispute %d, or it is not open to you.", id)
	}
	return d, err
}

func (s *Service) disputeSight(by people.Actor, args pgx.NamedArgs) pgx.NamedArgs {
	all := s.sight(by, args)
	all["oversees"] = by.Can(people.Admin)
	return all
}

// Disputes returns the disputes about an attempt, the oldest first.
func (s *Service) Disputes(ctx context.Context, by people.Actor, attemptID int64) ([]Dispute, error) {
	if _, err := s.Attempt(ctx, by, attemptID); err != nil {
		return nil, err
	}
	return pg.All[Dispute](ctx, s.DB, disputeQuery+`where d.attempt_id = @id and `+seesScores+` order by d.id`, s.disputeSight(by, pgx.NamedArgs{"id": attemptID}))
}

// assignSecond asks an independent coach for the second score of the open
// dispute about an attempt. Where there is none, it waits for a lead to name one.
func (s *Service) assignSecond(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt) error {
	found, err := independent(ctx, tx, a, 1)
	if err != nil || len(found) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `update disputes set second_id = $2 where attempt_id = $1 and second_id is null and outcome is null`, a.ID, found[0]); err != nil {
		return err
	}
	return s.ask(ctx, tx, by, a, found[0], "second")
}

// SettleDispute records the outcome. Upheld, both sheets stay as what two
// people saw; changed, the second score's evidence supersedes the first's in
// the same moment. Either way both are shown.
func (s *Service) SettleDispute(ctx context.Context, by people.Actor, id int64, outcome, because string) (Dispute, error) {
	wrong := map[string]string{}
	if outcome != Upheld && outcome != Changed {
		wrong["outcome"] = "Choose whether the first score is upheld or changed."
	}
	if because = clean(because); len(because) < 10 || len(because) > 4000 {
		wrong["reason"] = "Give the reason in a sentence or two; the rep and the first coach read it."
	}
	if err := fault.Fields(wrong); err != nil {
		return Dispute{}, err
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select 1 from disputes where id = $1 for update`, id); err != nil {
			return err
		}
		d, err := s.dispute(ctx, tx, by, id)
		if err != nil {
			return err
		}
		switch {
		case d.Outcome != nil && *d.Outcome == outcome:
			return nil
		case d.Outcome != nil:
			return fault.Conflictf("This dispute was settled by %s: %s. %s", *d.SettledBy, *d.Outcome, d.Because)
		case d.SecondSheet == nil:
			return fault.Conflictf("The second score is not out yet. The outcome follows it.")
		case !d.MaySettle:
			return fault.Forbiddenf("A dispute is settled by who scored the second time, or by a manager of the rep.")
		}
		if outcome == Changed {
			if _, err := skills.SupersedeSheet(ctx, tx, d.SheetID, *d.SecondSheet); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `update disputes set outcome = $2, because = $3, settled_by = $4, settled_at = $5 where id = $1`, id, outcome, because, by.ID, s.Now()); err != nil {
			return err
		}
		for _, to := range []int64{d.PersonID, d.AssessorID} {
			if err := tell(ctx, tx, notice{Person: to, Kind: "dispute_settled", Dedupe: fmt.Sprintf("dispute:%d:settled", id), At: s.Now(),
				Text: "A disputed score is " + outcome + ". Both sheets and the reason stand side by side.", Link: fmt.Sprintf("/attempts/%d", d.AttemptID)}); err != nil {
				return err
			}
		}
		return people.Audit(ctx, tx, by, "dispute.settled", &d.PersonID, subject(d.AttemptID), map[string]any{"dispute": id, "outcome": outcome, "sheet": d.SheetID, "second": *d.SecondSheet})
	})
	if err != nil {
		return Dispute{}, err
	}
	return s.dispute(ctx, s.DB, by, id)
}

// secondReleased notes that a sheet is the second score of an open dispute: it
// is of somebody else, and was released after the dispute was opened.
func secondReleased(ctx context.Context, tx pgx.Tx, a Attempt, sheet Sheet) (bool, error) {
	tag, err := tx.Exec(ctx, `update disputes d set second_sheet = $2, second_id = $3 where d.attempt_id = $1 and d.outcome is null and d.second_sheet is null
		and d.sheet_id <> $2 and not exists (select 1 from sheets h where h.id = d.sheet_id and h.assessor_id = $3)`, a.ID, sheet.ID, sheet.AssessorID)
	return tag.RowsAffected() > 0, err
}

// An Overturn is how often the outcome of disputes was a change.
type Overturn struct {
	ID        string // of the coach, or the criterion's
	Name      string
	N         int
	Changed   int
	State     string // hidden, counts or shown
	Reason    string
	Rate      *float64
	Low, High *float64
}

// leastDisputes are settled disputes before a rate is shown.
const leastDisputes = 10

func overturnOf(id, name string, changed, n int) Overturn {
	o := Overturn{ID: id, Name: name, N: n, Changed: changed}
	switch {
	case n == 0:
		o.State, o.Reason = Hidden, "No settled dispute yet"
	case n < leastDisputes:
		o.State, o.Reason = "counts", fmt.Sprintf("%d of %d settled disputes", n, leastDisputes)
	default:
		rate := float64(changed) / float64(n)
		low, high := stats.Wilson(changed, n, 0.95)
		o.State, o.Rate, o.Low, o.High = Shown, &rate, &low, &high
	}
	return o
}

// An OverturnReport counts settled disputes by coach, by name, and by
// criterion, and lists what is open.
type OverturnReport struct {
	All      Overturn
	Coaches  []Overturn
	Criteria []Overturn
	Open     []Dispute
}

// Overturns reports the disputes about the reps whom the actor leads; an admin
// reads all. By criterion, a change is a settled change in which the two levels
// differ.
func (s *Service) Overturns(ctx context.Context, by people.Actor) (OverturnReport, error) {
	var out OverturnReport
	args := s.disputeSight(by, nil)
	const led = `(@oversees or (@as_coach and a.person_id in (select coached_by(@actor))) or (@as_manager and a.person_id in (select managed_by(@actor))))`
	type tally struct {
		ID, Name   string
		N, Changed int
	}
	coaches, err := pg.All[tally](ctx, s.DB, `select p.id::text as id, p.name, count(*)::int as n, count(*) filter (where d.outcome = 'changed')::int as changed
		from disputes d join attempts a on a.id = d.attempt_id join sheets h on h.id = d.sheet_id join persons p on p.id = h.assessor_id
		where d.outcome is not null and `+led+` group by p.id, p.name order by p.name collate "und-x-icu"`, args)
	if err != nil {
		return out, err
	}
	n, changed := 0, 0
	for _, t := range coaches {
		out.Coaches = append(out.Coaches, overturnOf(t.ID, t.Name, t.Changed, t.N))
		n, changed = n+t.N, changed+t.Changed
	}
	out.All = overturnOf("", "All", changed, n)
	criteria, err := pg.All[tally](ctx, s.DB, `select x.criterion as id, x.criterion as name, count(*)::int as n, count(*) filter (where d.outcome = 'changed' and x.level <> y.level)::int as changed
		from disputes d join attempts a on a.id = d.attempt_id join sheet_scores x on x.sheet_id = d.sheet_id join sheet_scores y on y.sheet_id = d.second_sheet and y.criterion = x.criterion
		where d.outcome is not null and x.level is not null and y.level is not null and `+led+` group by x.criterion order by x.criterion`, args)
	if err != nil {
		return out, err
	}
	for _, t := range criteria {
		out.Criteria = append(out.Criteria, overturnOf(t.ID, t.Name, t.Changed, t.N))
	}
	out.Open, err = pg.All[Dispute](ctx, s.DB, disputeQuery+`where d.outcome is null and `+led+` order by d.opened_at, d.id limit 200`, args)
	return out, err
}

// NameSecond lets a manager of the rep, or an admin, ask a certain coach for
// the second score.
func (s *Service) NameSecond(ctx context.Context, by people.Actor, id, coachID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		d, err := s.dispute(ctx, tx, by, id)
		if err != nil {
			return err
		}
		a, err := s.attempt(ctx, tx, by, d.AttemptID)
		if err != nil {
			return err
		}
		var leads, fits bool
		if err := tx.QueryRow(ctx, `select (@oversees or (@as_manager and @person in (select managed_by(@actor)))), exists (select 1 from persons p where p.id = @coach and p.active
			and 'coach' = any(p.capabilities) and p.id <> @person and not exists (select 1 from sheets h where h.attempt_id = @attempt and h.assessor_id = p.id and h.version > 0))`,
			s.disputeSight(by, pgx.NamedArgs{"person": a.PersonID, "coach": coachID, "attempt": a.ID})).Scan(&leads, &fits); err != nil {
			return err
		}
		switch {
		case !leads:
			return fault.Forbiddenf("A manager of the rep, or an admin, names who scores again.")
		case d.SecondSheet != nil:
			return fault.Conflictf("The second score is out already.")
		case !fits:
			return fault.Field("coach", "Choose an active coach who has not scored this role-play.")
		}
		if d.SecondID != nil && *d.SecondID != coachID {
			if _, err := tx.Exec(ctx, `update attempt_scorers set declined_at = $3 where attempt_id = $1 and person_id = $2 and role = 'second'`, a.ID, *d.SecondID, s.Now()); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `update disputes set second_id = $2 where id = $1`, id, coachID); err != nil {
			return err
		}
		return s.ask(ctx, tx, by, a, coachID, "second")
	})
}
