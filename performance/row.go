package performance

import (
	"strings"
	"time"

	"pitchside/internal/tabular"
)

// A rowReader reads the mapped fields of the rows of one file.
type rowReader struct {
	i      Import
	dates  dateForm
	at     map[string]int // field -> index of its column
	stages map[string]string
	words  map[string]string // what the outcome column's values mean
}

func newRowReader(i Import, header []string) rowReader {
	r := rowReader{i: i, at: map[string]int{}, stages: lower(i.Values["stage"]), words: lower(i.Values["outcome"])}
	r.dates, _ = parseDateForm(i.DateFormat)
	for name, col := range i.Mapping {
		for n, h := range header {
			if h == col {
				r.at[name] = n
			}
		}
	}
	return r
}

func lower(values map[string]string) map[string]string {
	out := map[string]string{}
	for value, meaning := range values {
		out[strings.ToLower(strings.TrimSpace(value))] = meaning
	}
	return out
}

// read returns the fields of a row, or what is wrong with it.
func (r rowReader) read(row tabular.Row) (stagedRow, []RowError) {
	if row.Fault != "" {
		return stagedRow{}, []RowError{{Row: row.Number, Cause: row.Fault}}
	}
	out := stagedRow{number: row.Number, data: map[string]any{}}
	var errs []RowError
	for _, f := range r.i.Kind.Fields() {
		n, ok := r.at[f.Name]
		if !ok {
			continue
		}
		cell := row.Cells[n]
		value, wrong := r.field(f, cell)
		if wrong == "" && cell == "" && f.Required {
			wrong = "This cell is empty, and every row needs it."
		}
		if wrong != "" {
			errs = append(errs, RowError{Row: row.Number, Column: r.i.Mapping[f.Name], Value: cell, Cause: wrong})
			continue
		}
		out.data[f.Name] = value
	}
	if len(errs) == 0 {
		if r.i.Kind == PeopleKind {
			out.key = personKey(out.data)
		} else {
			out.key, errs = r.deal(row, out.data)
		}
	}
	return out, errs
}

// field reads one cell; nil is an empty date or amount.
func (r rowReader) field(f Field, cell string) (value any, wrong string) {
	switch f.Type {
	case DateField:
		return r.date(cell)
	case AmountField:
		return r.amount(cell)
	}
	if f.Name != "external_id" {
		cell = strings.Join(strings.Fields(cell), " ")
	}
	return cell, tooLong(cell)
}

func (r rowReader) date(cell string) (any, string) {
	if cell == "" {
		return nil, ""
	}
	if r.i.workbook() {
		if day, ok := serialDay(cell); ok {
			return day.Format(time.DateOnly), ""
		}
	}
	if r.dates.name == "" {
		return nil, "This is not a date, as those of the other rows are."
	}
	day, wrong := r.dates.read(cell)
	if wrong != "" {
		return nil, wrong
	}
	return day.Format(time.DateOnly), ""
}

func (r rowReader) amount(cell string) (any, string) {
	if cell == "" {
		return nil, ""
	}
	if r.i.workbook() {
		if number, ok := workbookAmount(cell); ok {
			return number, ""
		}
	}
	number, wrong := amount(r.i.NumberFormat, cell)
	if wrong != "" {
		return nil, wrong
	}
	return number, ""
}

// outcomes are the words for an outcome, by what they mean.
var outcomes = map[string]string{"won": "won", "lost": "lost", "open": "open", "disqualified": "disqualified"}

// OutcomeOfStage is what a stage says of the outcome where nothing else does.
func OutcomeOfStage(stage string) string {
	switch plain(stage) {
	case "won", "closedwon":
		return "won"
	case "lost", "closedlost":
		return "lost"
	}
	return "open"
}

// deal finishes the fields of a deal: its outcome, and what they must agree on.
func (r rowReader) deal(row tabular.Row, data map[string]any) (key string, errs []RowError) {
	wrong := func(field, cause string) {
		errs = append(errs, RowError{Row: row.Number, Column: r.i.Mapping[field], Value: row.Cells[r.at[field]], Cause: cause})
	}
	stage, _ := data["stage"].(string)
	outcome := OutcomeOfStage(stage)
	if meaning, ok := r.stages[strings.ToLower(stage)]; ok {
		outcome = meaning
	}
	if said, _ := data["outcome"].(string); said != "" {
		meaning := r.words[strings.ToLower(said)]
		if meaning == "" {
			meaning = outcomes[strings.ToLower(said)]
		}
		if meaning == "" && OutcomeOfStage(said) != "open" {
			meaning = OutcomeOfStage(said)
		}
		if meaning == "" {
			wrong("outcome", "This is no outcome: won, lost, open or disqualified.")
		}
		outcome = meaning
	}
	data["outcome"] = outcome
	if code, _ := data["currency"].(string); code != "" {
		code = strings.ToUpper(code)
		if !isCurrency(code) {
			wrong("currency", "This is no currency: it has three letters, such as EUR.")
		}
		data["currency"] = code
	}
	created, _ := data["created"].(string)
	closed, _ := data["closed"].(string)
	if created != "" && closed != "" && closed < created {
		wrong("closed", "This deal was closed before it was opened.")
	}
	key, _ = data["external_id"].(string)
	return key, errs
}

func isCurrency(code string) bool {
	return len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// personKey names a person within a file: the e-mail, else the name.
func personKey(data map[string]any) string {
	if email, _ := data["email"].(string); email != "" {
		return strings.ToLower(email)
	}
	name, _ := data["name"].(string)
	return strings.ToLower(name)
}
