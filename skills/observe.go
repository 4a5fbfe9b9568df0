package skills

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Report is one observation that somebody, or a system that brings data over,
// writes into the ledger by hand.
type Report struct {
	PersonID int64
	Skill    string
	Source   Source
	RaterID  *int64 // nil: the actor, where a person rates
	Course   string // of a quiz; may be empty
	At       *time.Time
	Raw      *float64
	Correct  *float64
	Items    *int
	Note     string
}

// Observe records a report and returns its id. An admin token may report
// anything; a manager what they saw of people below them, with a note; a coach
// likewise of coachees; everyone their own rating of themselves. Levels change
// on the next read.
func (s *Service) Observe(ctx context.Context, by people.Actor, r Report) (int64, error) {
	framework, err := s.Framework(ctx)
	if err != nil {
		return 0, err
	}
	now := s.Now()
	if r.At == nil {
		r.At = &now
	}
	if err := s.mayReport(ctx, by, &r); err != nil {
		return 0, err
	}
	problems := r.problems(now)
	if _, err := framework.Skill(r.Skill); err != nil {
		problems["skill"] = fmt.Sprintf("There is no skill %q. GET /skills lists them.", r.Skill)
	}
	if r.RaterID != nil && problems["rater_id"] == "" {
		var known bool
		if err := s.DB.QueryRow(ctx, `select exists (select from persons where id = $1)`, *r.RaterID).Scan(&known); err != nil {
			return 0, err
		}
		if !known {
			problems["rater_id"] = "Nobody has this number."
		}
	}
	if err := fault.Fields(problems); err != nil {
		return 0, err
	}
	e := Evidence{PersonID: r.PersonID, Skill: r.Skill, Source: r.Source, RaterID: r.RaterID, At: *r.At, Raw: r.Raw,
		Correct: r.Correct, Items: r.Items, Note: strings.TrimSpace(r.Note), CreatedBy: &by.ID}
	// Who set a quiz or a scenario is not who judged the answers.
	switch {
	case r.Source == FromQuiz && r.Course != "":
		e.Rater = "quiz:" + r.Course
	case r.Source == FromQuiz, r.Source == FromTextBuyer:
		e.Rater = string(r.Source)
	}
	var id int64
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if id, err = Record(ctx, tx, e); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "record evidence", &r.PersonID, fmt.Sprintf("evidence:%d", id), map[string]any{"skill": r.Skill, "source": r.Source})
	})
	return id, err
}

// mayReport refuses what is not the actor's to report, and fills in the rater.
func (s *Service) mayReport(ctx context.Context, by people.Actor, r *Report) error {
	if _, err := s.person(ctx, by, r.PersonID); err != nil {
		return err
	}
	if r.RaterID == nil && r.Source != FromQuiz && r.Source != FromTextBuyer {
		switch {
		case r.Source == FromSelf:
			r.RaterID = &r.PersonID
		case !by.BringsData():
			r.RaterID = &by.ID
		}
	}
	if by.BringsData() {
		return nil
	}
	if r.RaterID == nil || *r.RaterID != by.ID {
		return fault.Forbiddenf("Report what you saw yourself. Only a system with an admin's token reports for others.")
	}
	switch r.Source {
	case FromSelf:
		if r.PersonID == by.ID {
			return nil
		}
		return fault.Forbiddenf("A self-rating is about yourself.")
	case FromManager:
		if by.Can(people.Manager) && s.holds(ctx, by, "managed_by", r.PersonID) {
			return nil
		}
	case FromCoach:
		if by.Can(people.Coach) && s.holds(ctx, by, "coached_by", r.PersonID) {
			return nil
		}
	}
	return fault.Forbiddenf("You are not this person's %s, so this rating is not yours to give.", r.Source)
}

// holds reports whether the relation, a function of the schema, leads from the
// actor to the person today.
func (s *Service) holds(ctx context.Context, by people.Actor, relation string, personID int64) (yes bool) {
	err := s.DB.QueryRow(ctx, `select @person::bigint in (select `+relation+`(@actor))`, pgx.NamedArgs{"person": personID, "actor": by.ID}).Scan(&yes)
	return err == nil && yes
}

// problems returns what is wrong with the report's own values, by field.
func (r Report) problems(now time.Time) map[string]string {
	p := map[string]string{}
	rated := false
	switch r.Source {
	case FromCoach, FromManager, FromPeer:
		rated = true
		if r.RaterID == nil {
			p["rater_id"] = "Say which person observed this."
		} else if *r.RaterID == r.PersonID {
			p["rater_id"] = "People do not rate themselves under this source; use self."
		}
	case FromSelf:
		rated = true
		if r.RaterID != nil && *r.RaterID != r.PersonID {
			p["rater_id"] = "A self-rating is made by the person it is about."
		}
	case FromTextBuyer:
		rated = true
	case FromQuiz:
	default:
		p["source"] = "Use coach, manager, peer, self, quiz or text_buyer."
		return p
	}
	switch {
	case rated && r.Raw == nil:
		p["raw"] = "Give the level, from 1 to 5."
	case rated && (r.Correct != nil || r.Items != nil):
		p["correct"] = "Only a quiz has right answers; give raw alone."
	case rated && !(*r.Raw >= 1 && *r.Raw <= 5):
		p["raw"] = "Levels go from 1 to 5."
	case r.Source == FromQuiz && r.Raw != nil:
		p["raw"] = "A quiz gives correct and items, from which its level follows."
	case r.Source == FromQuiz && (r.Items == nil || *r.Items < 1 || *r.Items > 10_000):
		p["items"] = "Give the number of questions, at least 1."
	case r.Source == FromQuiz && (r.Correct == nil || !(*r.Correct >= 0 && *r.Correct <= float64(*r.Items))):
		p["correct"] = "Give the number of right answers, from 0 to the number of questions."
	}
	if r.At.After(now) {
		p["at"] = "This lies in the future. Evidence is of something that has happened."
	}
	if r.At.Year() < 1990 {
		p["at"] = "This is before 1990. Check the year."
	}
	if r.Source == FromManager && strings.TrimSpace(r.Note) == "" {
		p["note"] = "Say what you saw: a manager's rating needs a note."
	}
	if len(r.Note) > 4000 {
		p["note"] = "Keep the note to 4,000 characters."
	}
	return p
}
