package assessments

import (
	"context"
	"fmt"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/jackc/pgx/v5"
)

// RolePlayReleased is the news that a rep can read a sheet.
type RolePlayReleased struct {
	AttemptID int64 `json:"attempt_id"`
	SheetID   int64 `json:"sheet_id"`
}

// Kind names the news.
func (RolePlayReleased) Kind() string { return "assessments.role_play_released" }

// Release gives the rep the assessor's sheet and the ledger its evidence: one
// observation per skill. Every criterion must be decided, and every level of
// another person carry a moment or a quote. Releasing twice is harmless. A
// sheet of a calibration round is finished by it, and goes nowhere.
func (s *Service) Release(ctx context.Context, by people.Actor, attemptID, assessorID int64) (Sheet, error) {
	var sheet Sheet
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, seat, err := s.seated(ctx, tx, by, attemptID, assessorID, true)
		if err != nil {
			return err
		}
		sheet, err = findSheet(ctx, tx, attemptID, assessorID, seat)
		if err != nil || sheet.Released() {
			return err
		}
		sc, err := s.pinnedAs(ctx, tx, a, seat)
		if err != nil {
			return err
		}
		if err := fault.Fields(Missing(sc.Rubric, sheet.Scores, seat.source != "self")); err != nil {
			return err
		}
		if seat.source == "self" && (a.State == Draft || a.State == Resubmit) {
			return fault.Conflictf("Your own score goes out when you submit.")
		}
		if err := s.release(ctx, tx, by, a, sheet, sc.Rubric); err != nil {
			return err
		}
		sheet, err = oneSheet(ctx, tx, by, sheet.ID)
		return err
	})
	return sheet, err
}

func findSheet(ctx context.Context, tx pgx.Tx, attemptID, assessorID int64, seat scoring) (Sheet, error) {
	sheet, err := pg.One[Sheet](ctx, tx, `select `+sheetColumns+` from sheets h
		where h.attempt_id = $1 and h.assessor_id = $2 and h.source = $3 and h.calibration_id is not distinct from $4 and h.version > 0 for update of h`,
		attemptID, assessorID, seat.source, seat.round)
	if pg.NoRows(err) {
		return sheet, fault.NotFoundf("There is no sheet to release yet. Score the attempt first.")
	}
	if err != nil {
		return sheet, err
	}
	all := []Sheet{sheet}
	err = fillSheets(ctx, tx, all, assessorID)
	return all[0], err
}

func (s *Service) release(ctx context.Context, tx pgx.Tx, by people.Actor, a Attempt, sheet Sheet, rubric *content.Rubric) error {
	now := s.Now()
	if _, err := tx.Exec(ctx, `update sheets set state = 'released', released_at = $2, version = version + 1 where id = $1`, sheet.ID, now); err != nil {
		return err
	}
	if sheet.CalibrationID != nil {
		return people.Audit(ctx, tx, by, "sheet.released", nil, subject(a.ID), map[string]any{"sheet": sheet.ID, "calibration": *sheet.CalibrationID})
	}
	if err := record(ctx, tx, a, sheet, rubric); err != nil {
		return err
	}
	if err := s.besides(ctx, tx, by, a, sheet, rubric); err != nil {
		return err
	}
	if err := people.Audit(ctx, tx, by, "sheet.released", &a.PersonID, subject(a.ID),
		map[string]any{"sheet": sheet.ID, "source": sheet.Source, "overall": sheet.Overall, "capped_by": sheet.CappedBy}); err != nil {
		return err
	}
	if sheet.Source == "self" || sheet.Source == "text_buyer" {
		return nil
	}
	if sheet.Source == "peer" && !a.ViaAdmin { // a peer's view is not the coach's answer
		return s.news(ctx, tx, a.ID, sheet.ID)
	}
	if _, err := tx.Exec(ctx, `update attempts set state = case when state = 'reflected' then state else 'released' end,
		released_at = coalesce(released_at, $2), version = version + 1 where id = $1`, a.ID, now); err != nil {
		return err
	}
	return s.news(ctx, tx, a.ID, sheet.ID)
}

// news sends what the jobs tell the rep.
func (s *Service) news(ctx context.Context, tx pgx.Tx, attemptID, sheetID int64) error {
	if s.Jobs == nil {
		return nil
	}
	_, err := s.Jobs.InsertTx(ctx, tx, RolePlayReleased{AttemptID: attemptID, SheetID: sheetID}, nil)
	return err
}

// record writes one observation per skill: the plain mean of the levels of that
// skill's observed criteria, dated when the rep submitted.
func record(ctx context.Context, tx pgx.Tx, a Attempt, sheet Sheet, rubric *content.Rubric) error {
	var order []string
	shown := map[string][]skills.CriterionShown{}
	for _, c := range rubric.Criteria {
		one := sheet.Score(c.ID)
		if one.Level == nil {
			continue
		}
		if _, seen := shown[c.Skill]; !seen {
			order = append(order, c.Skill)
		}
		shown[c.Skill] = append(shown[c.Skill], skills.CriterionShown{Criterion: c.ID, Title: c.Title, Level: *one.Level, Quote: one.Quote, AtMS: one.AtMS})
	}
	for _, skill := range order {
		sum := 0.0
		for _, c := range shown[skill] {
			sum += float64(c.Level)
		}
		raw := sum / float64(len(shown[skill]))
		e := skills.Evidence{PersonID: a.PersonID, Skill: skill, Source: skills.Source(sheet.Source), RaterID: sheet.AssessorID, At: *a.SubmittedAt, Raw: &raw,
			SessionKey: subject(a.ID), AttemptID: &a.ID, SheetID: &sheet.ID, RubricVersion: &a.RubricVersion, Criteria: shown[skill], CreatedBy: sheet.AssessorID}
		if _, err := skills.Record(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// releaseSelf makes the rep's self-score evidence when the attempt is
// submitted, if it is complete.
func (s *Service) releaseSelf(ctx context.Context, tx pgx.Tx, a Attempt) error {
	sheet, err := findSheet(ctx, tx, a.ID, a.PersonID, scoring{source: "self"})
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil || sheet.Released() {
		return err
	}
	sc, err := s.Pinned(ctx, a)
	if err != nil || len(Missing(sc.Rubric, sheet.Scores, false)) > 0 {
		return err
	}
	return s.release(ctx, tx, people.Actor{ID: a.PersonID}, a, sheet, sc.Rubric)
}

// Recall takes a sheet back within five minutes of its release: its evidence
// leaves every level, and it is a draft again. Recalling twice is harmless.
func (s *Service) Recall(ctx context.Context, by people.Actor, attemptID, assessorID int64) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, seat, err := s.scored(ctx, tx, by, attemptID, assessorID)
		if err != nil {
			return err
		}
		sheet, err := findSheet(ctx, tx, attemptID, assessorID, seat)
		if err != nil || !sheet.Released() {
			return err
		}
		if s.Now().After(sheet.RecallUntil()) {
			return fault.Conflictf("The %d minutes for taking this sheet back are over. The scores stand; %s can question them.", RecallMinutes, a.Person)
		}
		if err := mayRecall(ctx, tx, sheet); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update sheets set state = 'draft', released_at = null, version = version + 1 where id = $1`, sheet.ID); err != nil {
			return err
		}
		if err := skills.WithdrawSheet(ctx, tx, sheet.ID); err != nil {
			return err
		}
		if seat.source != "self" && seat.round == nil {
			if _, err := tx.Exec(ctx, `update attempts set state = 'in_review', released_at = null, version = version + 1
				where id = $1 and state in ('released', 'reflected')
				and not exists (select 1 from sheets where attempt_id = $1 and state = 'released' and source not in ('self', 'text_buyer', 'peer') and calibration_id is null)`, attemptID); err != nil {
				return err
			}
		}
		return people.Audit(ctx, tx, by, "sheet.recalled", &a.PersonID, subject(a.ID), map[string]any{"sheet": sheet.ID})
	})
}

// mayRecall refuses to take back what others have answered already: a disputed
// sheet, or one of two that a third has settled. A second score whose dispute
// is open leaves it, and a pair that is no longer one is no longer apart.
func mayRecall(ctx context.Context, tx pgx.Tx, sheet Sheet) error {
	if sheet.CalibrationID != nil {
		return nil
	}
	var disputed, settled bool
	if err := tx.QueryRow(ctx, `select exists (select 1 from disputes where sheet_id = $1 or (second_sheet = $1 and outcome is not null)),
		exists (select 1 from adjudications where third_sheet is not null and $1 in (first_sheet, second_sheet, third_sheet))`, sheet.ID).Scan(&disputed, &settled); err != nil {
		return err
	}
	if disputed {
		return fault.Conflictf("This score is disputed, so it stays beside the second one.")
	}
	if settled {
		return fault.Conflictf("This score is part of an adjudication that is settled, so it stays.")
	}
	if _, err := tx.Exec(ctx, `update disputes set second_sheet = null where second_sheet = $1`, sheet.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update attempt_scorers q set declined_at = now() from adjudications j
		where $1 in (j.first_sheet, j.second_sheet) and q.attempt_id = j.attempt_id and q.person_id = j.adjudicator_id and q.role = 'adjudicator'`, sheet.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from adjudications where $1 in (first_sheet, second_sheet)`, sheet.ID)
	return err
}

// withdrawEvidence takes everything an attempt showed out of every level.
func withdrawEvidence(ctx context.Context, tx pgx.Tx, attemptID int64) error {
	ids, err := pg.Column[int64](ctx, tx, `select id from sheets where attempt_id = $1 and state = 'released'`, attemptID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := skills.WithdrawSheet(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// TellReleased leaves the rep a notice of a released sheet, once; a sheet that
// was taken back meanwhile is not announced.
func (s *Service) TellReleased(ctx context.Context, news RolePlayReleased) error {
	type row struct {
		PersonID int64
		Assessor string
		Scenario string
	}
	one, err := pg.One[row](ctx, s.DB, `select a.person_id, coalesce(p.name, 'Somebody') as assessor, coalesce(nullif(v.title, ''), a.scenario) as scenario
		from sheets h join attempts a on a.id = h.attempt_id join document_versions v on v.id = a.scenario_version
		left join persons p on p.id = h.assessor_id
		where h.id = $1 and h.attempt_id = $2 and h.state = 'released' and h.calibration_id is null`, news.SheetID, news.AttemptID)
	if pg.NoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return tell(ctx, s.DB, notice{Person: one.PersonID, Kind: "role_play_released", Dedupe: fmt.Sprintf("sheet:%d", news.SheetID), At: s.Now(),
		Text: fmt.Sprintf("%s has scored %s.", one.Assessor, one.Scenario), Link: fmt.Sprintf("/attempts/%d", news.AttemptID)})
}
