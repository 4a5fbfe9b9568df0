package courses

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// A GateReading is what a coach read at a gate.
type GateReading struct {
	EnrolmentID int64
	Item        string
	By          string
	Passed      bool
	Note        string
	Evidence    []GateEvidence
	RetryOn     *time.Time
	At          time.Time
}

const gateReadingColumns = `g.enrolment_id, g.item, p.name as by, g.passed, g.note, g.evidence, g.retry_on, g.at
	from gate_readings g join persons p on p.id = g.by_id`

// A GateEvidence is one thing that a gate asks for, and what is there.
type GateEvidence struct {
	Asked string `json:"asked"`
	There string `json:"there"` // in words
	Met   bool   `json:"met"`
	Href  string `json:"href"` // where more of it comes from, for the learner
	Skill string `json:"skill,omitempty"`
}

// A GatePlace is a gate as it stands for one person: what it asks for, what is
// there, who reads it, and what they read before.
type GatePlace struct {
	Evidence []GateEvidence
	Readers  []string // names of those who read it; empty: nobody yet
	Readings []GateReading
}

// Ready reports whether all that is asked for is there.
func (g GatePlace) Ready() bool {
	return !slices.ContainsFunc(g.Evidence, func(e GateEvidence) bool { return !e.Met })
}

// Missing names what is asked for and not there.
func (g GatePlace) Missing() []GateEvidence {
	return slices.DeleteFunc(slices.Clone(g.Evidence), func(e GateEvidence) bool { return e.Met })
}

// Gate reads how a gate of a way stands.
func (s *Service) Gate(ctx context.Context, by people.Actor, p ProgramPlace, i ItemPlace) (GatePlace, error) {
	var g GatePlace
	var err error
	if g.Evidence, err = s.gateEvidence(ctx, by, p, i); err != nil {
		return g, err
	}
	readers := `select b.name from coachings c join persons b on b.id = c.coach_id where c.person_id = @person and b.active and c.valid_from <= current_date and (c.valid_to is null or c.valid_to > current_date)`
	manager := `select b.name from managements m join persons b on b.id = m.manager_id where m.person_id = @person and b.active and m.valid_from <= current_date and (m.valid_to is null or m.valid_to > current_date)`
	if i.ticker() == "manager" {
		readers = manager
	}
	args := pgx.NamedArgs{"person": p.PersonID, "enrolment": p.ID, "item": i.ID}
	if g.Readers, err = pg.Column[string](ctx, s.DB, readers+` order by 1`, args); err != nil {
		return g, err
	}
	if len(g.Readers) == 0 {
		if g.Readers, err = pg.Column[string](ctx, s.DB, manager+` order by 1`, args); err != nil {
			return g, err
		}
	}
	g.Readings, err = pg.All[GateReading](ctx, s.DB, `select `+gateReadingColumns+` where g.enrolment_id = @enrolment and g.item = @item order by g.id desc`, args)
	return g, err
}

func (s *Service) gateEvidence(ctx context.Context, by people.Actor, p ProgramPlace, i ItemPlace) ([]GateEvidence, error) {
	var out []GateEvidence
	levels := &skills.Service{DB: s.DB, Content: s.Content, Now: s.Now}
	for _, want := range i.Gate.Skills {
		_, level, err := levels.Level(ctx, by, p.PersonID, want.Skill, s.Now())
		if fault.KindOf(err) == fault.NotFound && err != nil {
			out = append(out, GateEvidence{Asked: "Level of " + want.Skill, There: "This skill is not in the framework any more; ask whoever keeps the program."})
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, skillEvidence(want, i.Gate.Scorers, level))
	}
	if len(i.Gate.Passes) == 0 {
		return out, nil
	}
	var deeds []Deed
	if s.Elsewhere != nil {
		var err error
		if deeds, err = s.Elsewhere(ctx, []int64{p.PersonID}); err != nil {
			return nil, err
		}
	}
	for _, want := range i.Gate.Passes {
		title, err := s.publishedTitle(ctx, content.KindScenario, want.Scenario)
		if err != nil {
			return nil, err
		}
		out = append(out, passEvidence(want, title, p.PersonID, deeds))
	}
	return out, nil
}

func skillEvidence(want content.GateSkill, scorers int, level skills.Level) GateEvidence {
	e := GateEvidence{Skill: want.Skill, Href: "/skills/" + want.Skill}
	need := want.Level
	if need == 0 {
		if level.Target == nil {
			e.Asked, e.There = level.Skill.Name+" at the role’s target", "This role has no target for it, so nothing is asked."
			e.Met = true
			return e
		}
		need = max(1, *level.Target-want.Below)
	}
	whole := int(math.Ceil(need - 1e-9))
	e.Asked = fmt.Sprintf("%s at level %d or above", level.Skill.Name, whole)
	if scorers > 1 {
		e.Asked += fmt.Sprintf(", scored by %d people", scorers)
	}
	switch {
	case !level.Known():
		e.There = level.Reason
		if e.There == "" {
			e.There = "Nothing yet"
		}
	default:
		low, high := level.Likely()
		likely := strconv.Itoa(low)
		if low != high {
			likely = fmt.Sprintf("%d–%d", low, high)
		}
		e.There = fmt.Sprintf("Level %d, likely %s, from %s scored by %s", level.Whole(), likely, counted(level.Pieces, "piece of evidence", "pieces of evidence"), counted(level.Raters, "person", "people"))
		e.Met = level.Whole() >= whole && level.Raters >= scorers
	}
	return e
}

func passEvidence(want content.GatePass, title string, personID int64, deeds []Deed) GateEvidence {
	e := GateEvidence{Asked: fmt.Sprintf("“%s” passed with %s", title, counted(want.By, "coach", "different coaches")), Href: "/practice/" + want.Scenario}
	var names []string
	var ids []int64
	for _, d := range deeds {
		if d.PersonID == personID && d.Passed && d.Kind == content.ItemScenario && d.Ref == want.Scenario && !slices.Contains(ids, d.ByID) {
			ids, names = append(ids, d.ByID), append(names, d.By)
		}
	}
	e.Met, e.There = len(ids) >= want.By, "Not passed yet"
	if len(names) > 0 {
		e.There = "Passed with " + listed(names)
	}
	return e
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func listed(names []string) string {
	out := names[0]
	for i, n := range names[1:] {
		if i == len(names)-2 {
			out += " and " + n
		} else {
			out += ", " + n
		}
	}
	return out
}

// ReadGate writes down what whoever reads a gate found: passed, which needs all
// that it asks for, or not yet, which sets the day of the next try. The evidence
// is kept as it was. A gate is passed once; reading it again is harmless.
func (s *Service) ReadGate(ctx context.Context, by people.Actor, enrolmentID int64, item string, passed bool, text string) error {
	p, err := s.ProgramPlaceByID(ctx, by, enrolmentID)
	if err != nil {
		return err
	}
	i, err := openItem(p, item, content.ItemGate)
	if err != nil {
		return err
	}
	if ok, err := s.mayTick(ctx, by, p.PersonID, i.ticker()); err != nil || !ok {
		if err == nil {
			err = fault.Forbiddenf("“%s” is read by %s.", i.Title, i.Ticker())
		}
		return err
	}
	if i.State == ItemDone {
		return nil
	}
	evidence, err := s.gateEvidence(ctx, by, p, *i)
	if err != nil {
		return err
	}
	if missing := (GatePlace{Evidence: evidence}).Missing(); passed && len(missing) > 0 {
		return fault.Conflictf("This gate asks for evidence that is not there yet: %s (%s). Say “not yet”, and the next try gets a day.", missing[0].Asked, missing[0].There)
	}
	if passed && i.State == ItemLocked {
		return fault.Conflictf("First comes %s.", listed(i.Waits))
	}
	if text, err = note(text, "Say in a line what you read in the evidence; the person reads it."); err != nil {
		return err
	}
	var retry *time.Time
	if !passed {
		day := dayIn(s.Now(), by.TimeZone).AddDate(0, 0, i.Gate.RetryDays)
		retry = &day
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `insert into gate_readings (enrolment_id, item, by_id, passed, note, evidence, retry_on, at)
			select @enrolment, @item, @by, @passed, @note, @evidence, @retry, @now from (select from program_enrolments where id = @enrolment for update) locked
			where not exists (select from gate_readings where enrolment_id = @enrolment and item = @item
				and (passed or (by_id = @by and note = @note and at > @now::timestamptz - interval '1 minute')))`,
			pgx.NamedArgs{"enrolment": enrolmentID, "item": item, "by": by.ID, "passed": passed, "note": text, "evidence": evidence, "retry": retry, "now": s.Now()})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := people.Audit(ctx, tx, by, "read gate", &p.PersonID, fmt.Sprintf("program %s, %s", p.ProgramEnrolment.Program, item), map[string]any{"passed": passed}); err != nil {
			return err
		}
		said := fmt.Sprintf("%s read the evidence for “%s”: passed. %s", by.Name, i.Title, text)
		if !passed {
			said = fmt.Sprintf("%s read the evidence for “%s”: not yet, next try on %s. %s", by.Name, i.Title, retry.Format("2 January"), text)
		}
		return notice(ctx, tx, p.PersonID, "gate_read", said, "/learn/programs/"+p.ProgramEnrolment.Program+"#"+item, s.Now())
	})
}
