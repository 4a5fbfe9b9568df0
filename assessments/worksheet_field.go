package assessments

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

// MaxFieldChars is how much fits into one field of a worksheet.
const MaxFieldChars = 20_000

// A Filled field is what an attempt says in one field of its worksheet. Version
// is how often it was saved, 0: never.
type Filled struct {
	*content.Field
	Text    string
	Version int
	SavedAt *time.Time
	Lines   []Turn // the lines that are not blank, numbered through the worksheet: what a score quotes
}

// FieldsInput is what somebody writes. A field that is missing stays as it is.
// Seen, when it has a field, is the version that was edited: if the field has
// moved on since, nothing is written and the answer is Stale. Version, when not
// nil, guards the whole attempt in the same way.
type FieldsInput struct {
	Texts   map[string]string
	Seen    map[string]int
	Version *int
}

// Fields returns the fields of a worksheet attempt, in the order of the
// worksheet, to those who may read its words; for others it is NotFound.
func (s *Service) Fields(ctx context.Context, by people.Actor, attemptID int64) ([]Filled, error) {
	a, err := s.Attempt(ctx, by, attemptID)
	if err != nil {
		return nil, err
	}
	if !a.SeesWords {
		return nil, noAttempt(attemptID)
	}
	return s.fields(ctx, s.DB, a)
}

func (s *Service) fields(ctx context.Context, q pg.Querier, a Attempt) ([]Filled, error) {
	if a.Form != FormWorksheet {
		return nil, nil
	}
	doc, err := s.Content.Version(ctx, a.ScenarioVersion)
	if err != nil {
		return nil, err
	}
	saved, err := savedFields(ctx, q, a.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Filled, len(doc.Worksheet.Fields))
	seq := 0
	for i, f := range doc.Worksheet.Fields {
		out[i].Field = f
		one, ok := saved[f.ID]
		if !ok {
			continue
		}
		out[i].Text, out[i].Version, out[i].SavedAt = one.Text, one.Version, &one.SavedAt
		for line := range strings.SplitSeq(one.Text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				seq++
				out[i].Lines = append(out[i].Lines, Turn{Seq: seq, Speaker: Rep, Text: line})
			}
		}
	}
	return out, nil
}

type savedField struct {
	Field   string
	Text    string
	Version int
	SavedAt time.Time
}

func savedFields(ctx context.Context, q pg.Querier, attemptID int64) (map[string]savedField, error) {
	all, err := pg.All[savedField](ctx, q, `select field, text, version, saved_at from worksheet_fields where attempt_id = $1`, attemptID)
	out := map[string]savedField{}
	for _, f := range all {
		out[f.Field] = f
	}
	return out, err
}

// SaveFields keeps what was written in some fields of a draft and returns the
// attempt's new version. A text that is there already is not written again.
func (s *Service) SaveFields(ctx context.Context, by people.Actor, attemptID int64, in FieldsInput) (int, error) {
	version := 0
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if a.Form != FormWorksheet {
			return fault.Conflictf("This attempt is a role-play, so it has no fields. Fill in a worksheet instead.")
		}
		if a.State != Draft && a.State != Resubmit {
			return fault.Conflictf("This worksheet is handed in, so its text is fixed. Begin a new attempt from it when the scores are out.")
		}
		doc, err := s.Content.Version(ctx, a.ScenarioVersion)
		if err != nil {
			return err
		}
		saved, err := savedFields(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		texts, err := checkFields(doc.Worksheet, in.Texts)
		if err != nil {
			return err
		}
		if in.Version != nil && *in.Version != a.Version {
			return staleFields(doc.Worksheet, texts, saved)
		}
		moved := map[string]string{}
		for id, text := range texts {
			if seen, guarded := in.Seen[id]; guarded && seen != saved[id].Version && text != saved[id].Text {
				moved[id] = text
			}
		}
		if len(moved) > 0 {
			return staleFields(doc.Worksheet, moved, saved)
		}
		version, err = s.writeFields(ctx, tx, a, texts, saved)
		return err
	})
	return version, err
}

// checkFields returns the texts cleaned, or what is wrong with them.
func checkFields(w *content.Worksheet, texts map[string]string) (map[string]string, error) {
	problems, out := map[string]string{}, map[string]string{}
	for id, text := range texts {
		text = clean(text)
		switch {
		case w.Field(id) == nil:
			problems[id] = fmt.Sprintf("The worksheet has no field %q.", id)
		case len([]rune(text)) > MaxFieldChars:
			problems[id] = "This is longer than 20,000 characters. Keep what the reader needs here, and attach nothing."
		}
		out[id] = text
	}
	return out, fault.Fields(problems)
}

// staleFields says which fields were saved elsewhere meanwhile, and with what.
func staleFields(w *content.Worksheet, mine map[string]string, saved map[string]savedField) error {
	var theirs strings.Builder
	problems := map[string]string{}
	for _, f := range w.Fields {
		if text, ok := mine[f.ID]; ok && saved[f.ID].Text != text {
			problems[f.ID] = "This field was saved in another window meanwhile."
			fmt.Fprintf(&theirs, "%s\n%s\n\n", f.Title, saved[f.ID].Text)
		}
	}
	return &fault.Error{Kind: fault.Stale, Theirs: strings.TrimSpace(theirs.String()), Fields: problems,
		Message: "This was saved in another window meanwhile. Nothing is lost: put both together, then save."}
}

func (s *Service) writeFields(ctx context.Context, tx pgx.Tx, a Attempt, texts map[string]string, saved map[string]savedField) (int, error) {
	changed := false
	for id, text := range texts {
		if before, ok := saved[id]; before.Text == text && (ok || text == "") {
			continue
		}
		changed = true
		if _, err := tx.Exec(ctx, `insert into worksheet_fields (attempt_id, field, text, saved_at) values ($1, $2, $3, $4)
			on conflict (attempt_id, field) do update set text = excluded.text, saved_at = excluded.saved_at, version = worksheet_fields.version + 1`,
			a.ID, id, text, s.Now()); err != nil {
			return 0, err
		}
	}
	if !changed {
		return a.Version, nil
	}
	_, err := tx.Exec(ctx, `update attempts set version = version + 1 where id = $1`, a.ID)
	return a.Version + 1, err
}

// filled refuses to hand in a worksheet that says nothing, or nothing new.
func filled(ctx context.Context, tx pgx.Tx, a Attempt) error {
	saved, err := savedFields(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	some := false
	for _, f := range saved {
		some = some || f.Text != ""
	}
	if !some {
		return fault.Conflictf("There is nothing to score yet. Write something in at least one field, then submit.")
	}
	if a.Revises == nil {
		return nil
	}
	var same bool
	if err := tx.QueryRow(ctx, `select not exists (
			(select field, text from worksheet_fields where attempt_id = $1 except select field, text from worksheet_fields where attempt_id = $2)
			union all (select field, text from worksheet_fields where attempt_id = $2 except select field, text from worksheet_fields where attempt_id = $1))`,
		a.ID, *a.Revises).Scan(&same); err != nil {
		return err
	}
	if same {
		return fault.Conflictf("Nothing differs yet from the attempt that this one began from. Change what the scores were about, then submit.")
	}
	return nil
}

// hasLine checks that a worksheet attempt has a line of this number.
func (s *Service) hasLine(ctx context.Context, tx pgx.Tx, by people.Actor, attemptID int64, seq int) error {
	a, err := s.attempt(ctx, tx, by, attemptID)
	if err != nil {
		return err
	}
	fields, err := s.fields(ctx, tx, a)
	if err != nil {
		return err
	}
	for _, f := range fields {
		for _, line := range f.Lines {
			if line.Seq == seq {
				return nil
			}
		}
	}
	return fault.Field("comment", "That line is not there. Choose another one.")
}

// A FieldChange is what became of one field from one attempt to the next.
type FieldChange struct {
	Title string
	content.Diff
}

// Revised returns the attempt that this one began from and what changed in each
// field since, to those who may read both; nil if it began empty.
func (s *Service) Revised(ctx context.Context, by people.Actor, a Attempt) (*Attempt, []FieldChange, error) {
	if a.Revises == nil || !a.SeesWords {
		return nil, nil, nil
	}
	first, err := s.Attempt(ctx, by, *a.Revises)
	if fault.KindOf(err) == fault.NotFound && err != nil || err == nil && !first.SeesWords {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	was, err := s.fields(ctx, s.DB, first)
	if err != nil {
		return nil, nil, err
	}
	is, err := s.fields(ctx, s.DB, a)
	if err != nil {
		return nil, nil, err
	}
	before := map[string]string{}
	for _, f := range was {
		before[f.ID] = f.Text
	}
	var out []FieldChange
	for _, f := range is {
		out = append(out, FieldChange{f.Title, content.Compare(linesOf(before[f.ID]), linesOf(f.Text))})
		delete(before, f.ID)
	}
	for _, f := range was {
		if text := before[f.ID]; text != "" { // the worksheet has it no more
			out = append(out, FieldChange{f.Title, content.Compare(linesOf(text), nil)})
		}
	}
	return &first, out, nil
}

func linesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
