package assessments

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// worksheetMark stands before the slug of a worksheet where attempts keep that
// of a scenario. No scenario can have such a name.
const worksheetMark = "worksheet:"

// WorksheetSlug returns the slug of the worksheet that an attempt's Scenario
// names; is is false, and slug empty, for a role-play.
func WorksheetSlug(scenario string) (slug string, is bool) {
	if slug, is = strings.CutPrefix(scenario, worksheetMark); !is {
		return "", false
	}
	return slug, true
}

// Worksheet returns the slug of the worksheet that was filled in, or "" for a
// role-play.
func (a Attempt) Worksheet() string {
	slug, _ := WorksheetSlug(a.Scenario)
	return slug
}

// What names what the attempt is, in the middle of a sentence.
func (a Attempt) What() string {
	if a.Form == FormWorksheet {
		return "worksheet"
	}
	return "role-play"
}

// Worksheets returns the published worksheets whose rubric is published too, in
// the order of their names, a number in them read as one.
func (s *Service) Worksheets(ctx context.Context) ([]Scenario, error) {
	docs, err := s.Content.List(ctx, content.KindWorksheet)
	if err != nil {
		return nil, err
	}
	var out []Scenario
	for _, doc := range docs {
		rubric, err := s.Content.Published(ctx, content.KindRubric, doc.Worksheet.Rubric)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, worksheetOf(doc, rubric))
	}
	slices.SortFunc(out, func(a, b Scenario) int { return byNumber(a.Slug, b.Slug) })
	return out, nil
}

// byNumber orders names such as t2-account and t10-assessment as people count.
func byNumber(a, b string) int {
	cut := func(s string) (word string, n int) {
		word = strings.TrimRight(strings.SplitN(s, "-", 2)[0], "0123456789")
		n, _ = strconv.Atoi(strings.TrimPrefix(strings.SplitN(s, "-", 2)[0], word))
		return word, n
	}
	wordA, nA := cut(a)
	wordB, nB := cut(b)
	return cmp.Or(strings.Compare(wordA, wordB), cmp.Compare(nA, nB), strings.Compare(a, b))
}

// Worksheet returns one published worksheet, or NotFound.
func (s *Service) Worksheet(ctx context.Context, slug string) (Scenario, error) {
	doc, err := s.Content.Published(ctx, content.KindWorksheet, slug)
	if err != nil {
		return Scenario{}, err
	}
	rubric, err := s.Content.Published(ctx, content.KindRubric, doc.Worksheet.Rubric)
	if err != nil {
		return Scenario{}, err
	}
	return worksheetOf(doc, rubric), nil
}

// worksheetOf puts a worksheet where scoring expects a scenario. The skills of
// the rubric's criteria are those that the worksheet decides.
func worksheetOf(doc, rubric *content.Document) Scenario {
	w := doc.Worksheet
	own := *rubric.Rubric
	own.Criteria = slices.Clone(own.Criteria)
	for i := range own.Criteria {
		own.Criteria[i].Skill = w.CriterionSkill(own.Criteria[i].Skill)
	}
	return Scenario{Slug: doc.Slug, VersionID: doc.VersionID, Title: w.Title, Minutes: w.Minutes, Skills: w.Skills, Goal: w.Summary, Pass: content.DefaultPass, Graders: 1,
		RubricSlug: rubric.Slug, RubricVersion: rubric.VersionID, RubricNumber: rubric.Number, Rubric: &own, Worksheet: w}
}

// StartWorksheet opens a draft for personID, who is the actor unless a system
// brings data over. revises, when not 0, is a scored attempt of theirs at the
// same worksheet: the draft begins from its text. There is one such draft at a
// time.
func (s *Service) StartWorksheet(ctx context.Context, by people.Actor, personID int64, slug string, revises int64) (Attempt, error) {
	if !by.BringsData() {
		if err := people.MayActAs(ctx, s.DB, by, personID, "Only the rep can start a worksheet of their own."); err != nil {
			return Attempt{}, err
		}
	}
	sheet, err := s.Worksheet(ctx, slug)
	if err != nil {
		return Attempt{}, err
	}
	var a Attempt
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		id, err := s.openedBefore(ctx, tx, by, personID, slug, revises)
		if err != nil {
			return err
		}
		if id == 0 {
			if id, err = s.insertWorksheet(ctx, tx, by, personID, sheet, revises); err != nil {
				return err
			}
		}
		a, err = lockOwn(ctx, tx, by, id)
		return err
	})
	return a, err
}

// openedBefore returns the draft that this start would repeat, or 0: that of an
// earlier click some seconds ago, or the one that revises the same attempt.
func (s *Service) openedBefore(ctx context.Context, tx pgx.Tx, by people.Actor, personID int64, slug string, revises int64) (int64, error) {
	if revises == 0 {
		if by.Token {
			return 0, nil
		}
		return startedJustNow(ctx, tx, personID, worksheetMark+slug, FormWorksheet, s.Now())
	}
	first, err := lockOwn(ctx, tx, by, revises)
	switch {
	case err != nil:
		return 0, err
	case first.Worksheet() != slug || first.PersonID != personID:
		return 0, fault.Field("revises", "That attempt is at another worksheet, or somebody else’s. Revise an attempt at this one.")
	case !first.Done():
		return 0, fault.Conflictf("Attempt %d is not scored yet. Read the scores first; then begin a new attempt from its text.", first.Number)
	}
	all, err := pg.Column[int64](ctx, tx, `select id from attempts where revises = $1 and state = 'draft'`, revises)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[0], nil
}

func (s *Service) insertWorksheet(ctx context.Context, tx pgx.Tx, by people.Actor, personID int64, sheet Scenario, revises int64) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `insert into attempts (person_id, scenario, scenario_version, rubric_version, form, revises, via_admin, created_at)
		values (@person, @scenario, @version, @rubric, 'worksheet', nullif(@revises::bigint, 0), @via, @now) returning id`,
		pgx.NamedArgs{"person": personID, "scenario": worksheetMark + sheet.Slug, "version": sheet.VersionID, "rubric": sheet.RubricVersion, "revises": revises,
			"via": by.BringsData(), "now": s.Now()}).Scan(&id)
	if pg.Violated(err) == "attempts_person" {
		return 0, fault.Field("person_id", fmt.Sprintf("There is no person %d.", personID))
	}
	if err != nil {
		return 0, err
	}
	if revises != 0 {
		var known []string
		for _, f := range sheet.Worksheet.Fields {
			known = append(known, f.ID)
		}
		if _, err := tx.Exec(ctx, `insert into worksheet_fields (attempt_id, field, text, saved_at)
			select $1, field, text, $2 from worksheet_fields where attempt_id = $3 and field = any($4)`, id, s.Now(), revises, known); err != nil {
			return 0, err
		}
	}
	if by.BringsData() && personID != by.ID {
		return id, people.Audit(ctx, tx, by, "attempt.started", &personID, subject(id), map[string]any{"worksheet": sheet.Slug})
	}
	return id, nil
}

// WorksheetName returns the name of a worksheet where attempts keep the slug of
// a scenario.
func WorksheetName(slug string) string { return worksheetMark + slug }
