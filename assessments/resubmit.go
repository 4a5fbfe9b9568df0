package assessments

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// A Resubmission is an attempt that a coach sent back to be tried again, with
// what was handed in and written about it until then.
type Resubmission struct {
	ID        int64
	AttemptID int64
	Nth       int // which hand-in it was, from 1
	AskedByID int64
	AskedBy   string
	Reason    string // empty for who still scores without sight of others
	AskedAt   time.Time
	HandedIn  time.Time
	Words     string // what was said then; empty for who may not read it
	AgainAt   *time.Time
	Sheets    []EarlierSheet `db:"-"`
}

// An EarlierSheet is what one assessor had written about an earlier hand-in. It
// counts in no level.
type EarlierSheet struct {
	ResubmissionID int64
	AssessorID     int64
	Assessor       string
	Source         string
	Keep           string
	TryNext        string
	Scores         []EarlierScore
	Comments       []EarlierComment
}

// An EarlierScore is one criterion of an earlier sheet.
type EarlierScore struct {
	Criterion    string `json:"criterion"`
	Level        *int   `json:"level"`
	NotObserved  bool   `json:"not_observed"`
	NotTriggered bool   `json:"not_triggered"`
	Reason       string `json:"reason"`
	AtMS         *int   `json:"at_ms"`
	Quote        string `json:"quote"`
}

// Score returns it as a score.
func (e EarlierScore) Score() Score {
	return Score{e.Criterion, e.Level, e.NotObserved, e.AtMS, e.Quote, e.NotTriggered, e.Reason}
}

// An EarlierComment is a remark of an earlier sheet, with the line it was about.
type EarlierComment struct {
	AtMS      *int    `json:"at_ms"`
	Line      string  `json:"line"`
	Criterion *string `json:"criterion"`
	Text      string  `json:"text"`
}

// AskAgain sends a submitted attempt back to its rep, with a reason, so that
// they may change it and hand it in again. What was written about it until then
// is kept as it stands; the rep reads the asker's part of it at once. Asking
// twice is once.
func (s *Service) AskAgain(ctx context.Context, by people.Actor, attemptID int64, reason string) error {
	if reason = clean(reason); len(reason) < 10 {
		return fault.Field("again", "Say in a sentence what to try differently. The rep reads it.")
	}
	if len(reason) > 2000 {
		return fault.Field("again", "Keep the reason under 2,000 characters.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		asked, err := s.askedAgain(ctx, tx, by, attemptID)
		if err != nil || asked {
			return err
		}
		a, seat, err := s.scored(ctx, tx, by, attemptID, by.ID)
		if fault.KindOf(err) == fault.NotFound { // another click of the same person may have been first
			if asked, again := s.askedAgain(ctx, tx, by, attemptID); again != nil || asked {
				return again
			}
		}
		if err != nil {
			return err
		}
		if err := mayReturn(ctx, tx, a, seat); err != nil {
			return err
		}
		if err := s.putAside(ctx, tx, by, a, reason); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update attempts set state = 'resubmit', claimed_by = $2, claimed_at = $3, version = version + 1 where id = $1`, a.ID, by.ID, s.Now()); err != nil {
			return err
		}
		if err := people.Audit(ctx, tx, by, "attempt.sent_back", &a.PersonID, subject(a.ID), map[string]any{"reason": reason}); err != nil {
			return err
		}
		return tell(ctx, tx, notice{Person: a.PersonID, Kind: "attempt_sent_back", Dedupe: fmt.Sprintf("resubmit:%d:%d", a.ID, a.Version), At: s.Now(),
			Text: fmt.Sprintf("%s asks you to try a %s again: %s", by.Name, a.What(), reason), Link: fmt.Sprintf("/attempts/%d", a.ID)})
	})
}

func (s *Service) askedAgain(ctx context.Context, tx pgx.Tx, by people.Actor, attemptID int64) (asked bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select 1 from resubmissions r join attempts a on a.id = r.attempt_id
		where r.attempt_id = $1 and r.asked_by = $2 and r.again_at is null and a.state = 'resubmit')`, attemptID, by.ID).Scan(&asked)
	return asked, err
}

// mayReturn refuses to send back what cannot be changed, or what others have
// answered already.
func mayReturn(ctx context.Context, tx pgx.Tx, a Attempt, seat scoring) error {
	switch {
	case seat.source == "self":
		return fault.Forbiddenf("This is your own attempt. Withdraw it if you want to start again.")
	case seat.source == "peer" || seat.round != nil:
		return fault.Forbiddenf("Only a coach who scores it for %s can ask for another try.", a.Person)
	case a.Form == FormText || a.Form == FormLive:
		return fault.Conflictf("A conversation that was held cannot be changed afterwards. Write under Try next what to do differently, and release: %s can start another attempt.", a.Person)
	case a.Done():
		return fault.Conflictf("The scores are out. Write under Try next, and let %s start another attempt.", a.Person)
	}
	var out, round bool
	if err := tx.QueryRow(ctx, `select exists (select 1 from sheets where attempt_id = $1 and state = 'released' and source not in ('self', 'text_buyer') and calibration_id is null),
		exists (select 1 from calibration_attempts where attempt_id = $1)`, a.ID).Scan(&out, &round); err != nil {
		return err
	}
	if out {
		return fault.Conflictf("Somebody’s sheet is out already, so the attempt stays as it was scored. Release yours, and write under Try next what to do differently.")
	}
	if round {
		return fault.Conflictf("Coaches score this attempt in a calibration round, so it stays as it is. Write under Try next what to do differently.")
	}
	return nil
}

// putAside keeps the words and the sheets of this hand-in and empties the
// sheets for the next. The rep's own score is a draft again.
func (s *Service) putAside(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt, reason string) error {
	said, lines, err := s.said(ctx, tx, a)
	if err != nil {
		return err
	}
	var id int64
	if err := tx.QueryRow(ctx, `insert into resubmissions (attempt_id, nth, asked_by, reason, asked_at, handed_in, words)
		values (@attempt, (select count(*) + 1 from resubmissions where attempt_id = @attempt), @by, @reason, @now, @handed, @words) returning id`,
		pgx.NamedArgs{"attempt": a.ID, "by": by.ID, "reason": reason, "now": s.Now(), "handed": a.SubmittedAt, "words": said}).Scan(&id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `insert into resubmission_sheets (resubmission_id, assessor_id, source, keep, try_next, scores, comments)
		select $1, h.assessor_id, h.source, h.keep, h.try_next,
			coalesce((select jsonb_agg(jsonb_build_object('criterion', x.criterion, 'level', x.level, 'not_observed', x.not_observed, 'not_triggered', x.not_triggered,
				'reason', x.reason, 'at_ms', x.at_ms, 'quote', x.quote) order by x.criterion) from sheet_scores x where x.sheet_id = h.id), '[]'),
			coalesce((select jsonb_agg(jsonb_build_object('at_ms', c.at_ms, 'line', coalesce($3::jsonb ->> (c.turn_seq - 1), ''), 'criterion', c.criterion, 'text', c.text) order by c.turn_seq nulls last, c.at_ms, c.id)
				from sheet_comments c where c.sheet_id = h.id), '[]')
		from sheets h where h.attempt_id = $2 and h.calibration_id is null and h.assessor_id is not null and h.source <> 'self'
			and (h.version > 0 or exists (select 1 from sheet_comments c where c.sheet_id = h.id))`, id, a.ID, lines); err != nil {
		return err
	}
	const aside = `(select id from sheets where attempt_id = $1 and calibration_id is null and source not in ('self', 'text_buyer'))`
	for _, empty := range []string{`delete from sheet_scores where sheet_id in ` + aside, `delete from sheet_comments where sheet_id in ` + aside,
		`update sheets set keep = '', try_next = '', overall = null, passed = null, capped_by = null, version = version + 1 where version > 0 and id in ` + aside} {
		if _, err := tx.Exec(ctx, empty, a.ID); err != nil {
			return err
		}
	}
	own, err := pg.Column[int64](ctx, tx, `update sheets set state = 'draft', released_at = null, version = version + 1
		where attempt_id = $1 and source = 'self' and state = 'released' returning id`, a.ID)
	if err != nil {
		return err
	}
	for _, sheet := range own {
		if err := skills.WithdrawSheet(ctx, tx, sheet); err != nil {
			return err
		}
	}
	return nil
}

// said returns the words of an attempt as a text, and line by line.
func (s *Service) said(ctx context.Context, q pg.Querier, a Attempt) (string, []string, error) {
	lines := []string{}
	fields, err := s.fields(ctx, q, a)
	if err != nil {
		return "", nil, err
	}
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, "%s\n%s\n\n", f.Field.Title, f.Text)
		for _, l := range f.Lines {
			lines = append(lines, l.Text)
		}
	}
	turns, err := transcript(ctx, q, a.ID)
	for _, t := range turns {
		lines = append(lines, t.Text)
	}
	return strings.TrimSpace(b.String() + PlainText(turns)), lines, err
}

// handedInAgain closes what was asked, and tells who asked it.
func (s *Service) handedInAgain(ctx context.Context, tx pgx.Tx, a Attempt) error {
	asked, err := pg.Column[int64](ctx, tx, `update resubmissions set again_at = $2 where attempt_id = $1 and again_at is null returning asked_by`, a.ID, s.Now())
	if err != nil {
		return err
	}
	for _, id := range asked {
		if err := tell(ctx, tx, notice{Person: id, Kind: "attempt_again", Dedupe: fmt.Sprintf("again:%d:%d", a.ID, a.Version), At: s.Now(),
			Text: a.Person + " has handed in a " + a.What() + " again, as you asked.", Link: fmt.Sprintf("/score/%d", a.ID)}); err != nil {
			return err
		}
	}
	return nil
}

// opensEarlier is the condition that the actor may read what was written about
// earlier hand-ins of attempt a: once the scores are out, and not while they may
// still score it themselves.
const opensEarlier = `(a.state in ('released', 'reflected') and ((@everyone and a.via_admin) or ` + readsOthers + `))`

// Resubmissions returns the earlier hand-ins of an attempt that the actor may
// see, the first first. The rep reads at once what the asker wrote.
func (s *Service) Resubmissions(ctx context.Context, by people.Actor, attemptID int64) ([]Resubmission, error) {
	args := s.sight(by, pgx.NamedArgs{"id": attemptID})
	all, err := pg.All[Resubmission](ctx, s.DB, `select r.id, r.attempt_id, r.nth, r.asked_by as asked_by_id, p.name as asked_by,
			case when @actor in (a.person_id, r.asked_by) or `+opensEarlier+` then r.reason else '' end as reason,
			r.asked_at, r.handed_in, case when `+seesWords+` then r.words else '' end as words, r.again_at
		from resubmissions r join attempts a on a.id = r.attempt_id join persons p on p.id = r.asked_by
		where a.id = @id and `+seesScores+` order by r.nth`, args)
	if err != nil || len(all) == 0 {
		return all, err
	}
	sheets, err := pg.All[EarlierSheet](ctx, s.DB, `select h.resubmission_id, h.assessor_id, p.name as assessor, h.source, h.keep, h.try_next, h.scores, h.comments
		from resubmission_sheets h join resubmissions r on r.id = h.resubmission_id join attempts a on a.id = r.attempt_id join persons p on p.id = h.assessor_id
		where a.id = @id and `+seesScores+` and (h.assessor_id = @actor or (a.person_id = @actor and h.assessor_id = r.asked_by) or `+opensEarlier+`)
		order by h.resubmission_id, h.assessor_id`, args)
	if err != nil {
		return nil, err
	}
	for i := range all {
		for _, h := range sheets {
			if h.ResubmissionID == all[i].ID {
				all[i].Sheets = append(all[i].Sheets, h)
			}
		}
	}
	return all, nil
}

// SentBack returns the attempts that the actor asked to try again and that have
// not come back, the oldest first.
func (s *Service) SentBack(ctx context.Context, by people.Actor) ([]Waiting, error) {
	return pg.All[Waiting](ctx, s.DB, `select a.id, a.person_id, p.name as person, a.scenario, coalesce(nullif(v.title, ''), a.scenario) as title, a.form, r.asked_at as submitted_at,
			null::bigint as claimed_by, null::text as claimed_by_name, 'sent_back' as why, null::bigint as round, null::int as decided,
			(select count(*) from attempts e where e.person_id = a.person_id and e.scenario = a.scenario and e.state <> 'withdrawn' and e.id <= a.id)::int as number
		from resubmissions r join attempts a on a.id = r.attempt_id join persons p on p.id = a.person_id join document_versions v on v.id = a.scenario_version
		where r.asked_by = $1 and r.again_at is null and a.state = 'resubmit' order by r.asked_at limit 50`, by.ID)
}
