package courses

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A ProgramTick says that somebody saw a milestone done.
type ProgramTick struct {
	EnrolmentID int64
	Item        string
	Note        string
	At          time.Time
	By          string
}

const noteMost = 2000

// note returns a note without outer space, or what is wrong with it.
func note(text, missing string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", fault.Field("note", missing)
	case len(text) > noteMost:
		return "", fault.Field("note", "This note is too long: at most 2,000 characters.")
	}
	return text, nil
}

// openItem returns an item of a way that is going on, of one of these kinds.
func openItem(p ProgramPlace, item string, kinds ...content.ItemKind) (*ItemPlace, error) {
	i := p.Item(item)
	if i == nil {
		return nil, fault.NotFoundf("There is no such item in this program.")
	}
	for _, k := range kinds {
		if i.Kind == k {
			if p.WithdrawnAt != nil {
				return nil, fault.Conflictf("%s has left this program. They can come back to it from Learn.", p.Person)
			}
			return i, nil
		}
	}
	return nil, fault.Invalidf("“%s” is done by itself; nobody ticks it.", i.Title)
}

// mayTick reports whether the actor is who an item names: self, the coach or
// the manager. Where somebody has no coach, their manager stands in.
func (s *Service) mayTick(ctx context.Context, by people.Actor, personID int64, role string) (bool, error) {
	if role == "self" {
		return by.ID == personID || by.BringsData(), nil
	}
	args := by.Scope(pgx.NamedArgs{"person": personID, "coach": role == "coach"})
	got, err := pg.Column[bool](ctx, s.DB, `select @everyone
		or (@coach and @as_coach and @person in (select coached_by(@actor)))
		or (@as_manager and @person in (select managed_by(@actor)) and (not @coach
			or not exists (select from coachings where person_id = @person and valid_from <= current_date and (valid_to is null or valid_to > current_date))))`, args)
	return err == nil && got[0], err
}

var roleWords = map[string]string{"self": "the learner", "coach": "their coach", "manager": "their manager"}

// MayTick reports whether the actor ticks the milestone, or reads the gate.
func (s *Service) MayTick(ctx context.Context, by people.Actor, p ProgramPlace, i ItemPlace) (bool, error) {
	return s.mayTick(ctx, by, p.PersonID, i.ticker())
}

// ticker is who ticks a milestone or reads a gate.
func (i ItemPlace) ticker() string {
	switch {
	case i.Kind == content.ItemGate && i.Gate.Coach == content.GateByManager:
		return "manager"
	case i.Kind == content.ItemGate:
		return "coach"
	}
	return i.Ref
}

// Ticker names who ticks a milestone or reads a gate.
func (i ItemPlace) Ticker() string { return roleWords[i.ticker()] }

// Tick says that a milestone is done, with what was seen. Ticking twice keeps
// the first.
func (s *Service) Tick(ctx context.Context, by people.Actor, enrolmentID int64, item, text string) error {
	p, i, err := s.ticked(ctx, by, enrolmentID, item)
	if err != nil || i.State == ItemDone {
		return err
	}
	if i.State == ItemLocked {
		return fault.Conflictf("First comes %s.", strings.Join(i.Waits, ", "))
	}
	if text, err = note(text, "Say in a line what was seen or done; it stands beside the tick."); err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `insert into program_ticks (enrolment_id, item, by_id, note, at) values (@enrolment, @item, @by, @note, @now) on conflict do nothing`,
			pgx.NamedArgs{"enrolment": enrolmentID, "item": item, "by": by.ID, "note": text, "now": s.Now()})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return people.Audit(ctx, tx, by, "tick milestone", &p.PersonID, fmt.Sprintf("program %s, %s", p.ProgramEnrolment.Program, item), nil)
	})
}

// Untick takes a tick back. Taking it back twice is harmless.
func (s *Service) Untick(ctx context.Context, by people.Actor, enrolmentID int64, item string) error {
	p, _, err := s.ticked(ctx, by, enrolmentID, item)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update program_ticks set undone_at = $3 where enrolment_id = $1 and item = $2 and undone_at is null`, enrolmentID, item, s.Now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return people.Audit(ctx, tx, by, "untick milestone", &p.PersonID, fmt.Sprintf("program %s, %s", p.ProgramEnrolment.Program, item), nil)
	})
}

// ticked returns a milestone that the actor ticks.
func (s *Service) ticked(ctx context.Context, by people.Actor, enrolmentID int64, item string) (ProgramPlace, *ItemPlace, error) {
	p, err := s.ProgramPlaceByID(ctx, by, enrolmentID)
	if err != nil {
		return p, nil, err
	}
	i, err := openItem(p, item, content.ItemMilestone)
	if err != nil {
		return p, nil, err
	}
	if ok, err := s.mayTick(ctx, by, p.PersonID, i.ticker()); err != nil || !ok {
		if err == nil {
			err = fault.Forbiddenf("“%s” is ticked by %s.", i.Title, i.Ticker())
		}
		return p, nil, err
	}
	return p, i, nil
}

// SaveStep writes who answers for a step and how it goes: the person whose
// program it is, or somebody who leads them.
func (s *Service) SaveStep(ctx context.Context, by people.Actor, enrolmentID int64, step ProgramStep) error {
	p, err := s.ProgramPlaceByID(ctx, by, enrolmentID)
	if err != nil {
		return err
	}
	if p.Item(step.Item) == nil {
		return fault.NotFoundf("There is no such item in this program.")
	}
	step.Owner, step.Note = strings.TrimSpace(step.Owner), strings.TrimSpace(step.Note)
	problems := map[string]string{}
	if len([]rune(step.Owner)) > 200 {
		problems["owner"] = "This is too long for a name: at most 200 characters."
	}
	if len(step.Note) > noteMost {
		problems["step_note"] = "This note is too long: at most 2,000 characters."
	}
	if step.Status != "open" && step.Status != "under way" && step.Status != "blocked" {
		problems["status"] = "Choose open, under way or blocked."
	}
	if err := fault.Fields(problems); err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := mayPlanFor(ctx, tx, by, p.PersonID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into program_steps (enrolment_id, item, owner, status, note, updated_by, updated_at) values (@enrolment, @item, @owner, @status, @note, @by, @now)
			on conflict (enrolment_id, item) do update set owner = excluded.owner, status = excluded.status, note = excluded.note, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
			pgx.NamedArgs{"enrolment": enrolmentID, "item": step.Item, "owner": step.Owner, "status": step.Status, "note": step.Note, "by": by.ID, "now": s.Now()})
		return err
	})
}

// Extend gives a person more days for an item, or with an empty item for the
// whole program, and says why. Only who leads them may.
func (s *Service) Extend(ctx context.Context, by people.Actor, enrolmentID int64, item string, days int, reason string) error {
	p, err := s.ProgramPlaceByID(ctx, by, enrolmentID)
	if err != nil {
		return err
	}
	what := "all of it"
	if item != "" {
		i := p.Item(item)
		if i == nil {
			return fault.Field("item", "There is no such item in this program. Choose one from the list.")
		}
		what = "“" + i.Title + "”"
	}
	problems := map[string]string{}
	if days < 1 || days > 365 {
		problems["days"] = "Give a number of days from 1 to 365."
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		problems["reason"] = "A reason is missing. One line is enough; the person reads it."
	} else if len(reason) > noteMost {
		problems["reason"] = "This reason is too long: at most 2,000 characters."
	}
	if err := fault.Fields(problems); err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := mayLead(ctx, tx, by, p.PersonID); err != nil {
			return err
		}
		// The same extension twice within a minute is a double click.
		tag, err := tx.Exec(ctx, `insert into program_extensions (enrolment_id, item, days, reason, given_by, at)
			select @enrolment, @item, @days, @reason, @by, @now from (select from program_enrolments where id = @enrolment for update) locked
			where not exists (select from program_extensions where enrolment_id = @enrolment and item = @item and days = @days and reason = @reason
				and given_by = @by and at > @now::timestamptz - interval '1 minute')`,
			pgx.NamedArgs{"enrolment": enrolmentID, "item": item, "days": days, "reason": reason, "by": by.ID, "now": s.Now()})
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := people.Audit(ctx, tx, by, "extend", &p.PersonID, "program "+p.ProgramEnrolment.Program, map[string]any{"item": item, "days": days, "reason": reason}); err != nil {
			return err
		}
		text := fmt.Sprintf("%s gave you %d more days for %s in “%s”. Why: %s", by.Name, days, what, p.Program.Title, reason)
		if days == 1 {
			text = strings.Replace(text, "1 more days", "1 more day", 1)
		}
		return notice(ctx, tx, p.PersonID, "program", text, "/learn/programs/"+p.ProgramEnrolment.Program, s.Now())
	})
}
