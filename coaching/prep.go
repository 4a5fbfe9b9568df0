package coaching

import (
	"context"
	"time"

	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// A Prep is the sheet that a session begins with, made from evidence.
type Prep struct {
	Rep      SessionRep
	Since    *time.Time // the session before, of the same coach and rep
	Carried  []Commitment
	Evidence []NewEvidence
	Moved    []Movement
	WorstGap *skills.Level // the widest gap to target that is sure enough to name
	Overdue  []Fact
	Results  []Fact
}

// NewEvidence is one observation since the session before.
type NewEvidence struct {
	ID      int64
	Skill   string
	Source  string
	Rater   *string
	At      time.Time
	Raw     *float64
	Correct *float64
	Items   *int
	Quote   *string
	Attempt *int64
}

// A Movement is a level that moved since the session before: the two ranges do
// not overlap.
type Movement struct {
	Before, After skills.Level
}

// Prep returns the sheet of a session for one of its reps.
func (s *Service) Prep(ctx context.Context, by people.Actor, id, repID int64) (Prep, error) {
	got, err := s.Session(ctx, by, id)
	if err != nil {
		return Prep{}, err
	}
	p := Prep{}
	for _, r := range got.Reps {
		if r.PersonID == repID || (repID == 0 && p.Rep.PersonID == 0) {
			p.Rep = r
		}
	}
	if err := s.DB.QueryRow(ctx, `select max(e.at) from coaching_sessions e join session_reps r on r.session_id = e.id
		where e.coach_id = @coach and r.person_id = @rep and e.state = 'closed' and (e.at, e.id) < (@at, @id)`,
		pgx.NamedArgs{"coach": got.CoachID, "rep": p.Rep.PersonID, "at": got.At, "id": id}).Scan(&p.Since); err != nil {
		return Prep{}, err
	}
	if p.Carried, err = carriedInto(ctx, s.DB, got); err != nil {
		return Prep{}, err
	}
	if p.Evidence, err = s.newEvidence(ctx, p.Rep.PersonID, p.Since); err != nil {
		return Prep{}, err
	}
	_, now, err := s.Skills.Levels(ctx, by, p.Rep.PersonID, s.Now())
	if err != nil {
		return Prep{}, err
	}
	p.WorstGap = worstGap(now)
	if p.Since != nil {
		_, before, err := s.Skills.Levels(ctx, by, p.Rep.PersonID, *p.Since)
		if err != nil {
			return Prep{}, err
		}
		p.Moved = moved(before, now)
	}
	if s.Overdue != nil {
		if p.Overdue, err = s.Overdue(ctx, by, p.Rep.PersonID); err != nil {
			return Prep{}, err
		}
	}
	if s.Results != nil {
		p.Results, err = s.Results(ctx, by, p.Rep.PersonID)
	}
	return p, err
}

func (s *Service) newEvidence(ctx context.Context, personID int64, since *time.Time) ([]NewEvidence, error) {
	return pg.All[NewEvidence](ctx, s.DB, `
		select e.id, e.skill, e.source, p.name as rater, e.at, e.raw, e.correct, e.items,
			nullif(coalesce((select c->>'quote' from jsonb_array_elements(e.criteria) c where coalesce(c->>'quote', '') <> '' limit 1), e.note), '') as quote,
			e.attempt_id as attempt
		from evidence e left join persons p on p.id = e.rater_id
		where e.person_id = $1 and e.superseded_by is null and e.withdrawn_at is null and ($2::timestamptz is null or e.at > $2)
		order by e.at desc, e.id desc limit 20`, personID, since)
}

// worstGap returns the skill furthest below its target among those that are
// below it for sure (rule R2), or nil.
func worstGap(levels []skills.Level) *skills.Level {
	var worst *skills.Level
	for i, l := range levels {
		if l.Known() && l.Below() && (worst == nil || *l.Target-l.Estimate.Level > *worst.Target-worst.Estimate.Level) {
			worst = &levels[i]
		}
	}
	return worst
}

// moved returns the levels whose likely ranges before and after do not overlap.
func moved(before, after []skills.Level) []Movement {
	var out []Movement
	for i := range after {
		if i < len(before) && before[i].Known() && after[i].Known() && (after[i].Low80 > before[i].High80 || after[i].High80 < before[i].Low80) {
			out = append(out, Movement{before[i], after[i]})
		}
	}
	return out
}
