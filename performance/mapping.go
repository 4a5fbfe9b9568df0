package performance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Reading says how a file is to be read.
type Reading struct {
	Mapping      map[string]string            // field -> column; a field that is absent or empty is not read
	Values       map[string]map[string]string // such as stage -> value -> outcome
	DateFormat   string                       // empty: as the file shows, if it shows one
	NumberFormat string                       // empty: as the file shows
	ReportsTo    int64                        // of people: whom the managers of the file report to; 0: nobody
}

// Read takes what a person or a program says of a file's columns, and begins
// the preview. A required field without a column, a column that is not there
// and dates that may be read in two ways are Invalid, by field. It may be
// called again until the import is confirmed.
func (s *Service) Read(ctx context.Context, by people.Actor, id int64, r Reading) (Import, error) {
	var i Import
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from imports where id = $1 for update`, id); err != nil {
			return err
		}
		var err error
		if i, err = importFor(ctx, tx, by, id); err != nil {
			return err
		}
		if err := mayImport(by, i.Kind); err != nil {
			return err
		}
		if i.State != Mapping && i.State != Previewed && i.State != Failed {
			return fault.Conflictf("This import is %s. Import the file anew to read it in another way.", i.State.words())
		}
		if err := i.settle(&r); err != nil {
			return err
		}
		if r.ReportsTo != 0 {
			if err := mayLead(ctx, tx, r.ReportsTo); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `update imports set mapping = @mapping, value_maps = @values, date_format = @dates, number_format = @numbers, reports_to = nullif(@reports_to::bigint, 0),
			state = 'previewing', rows_read = 0, to_create = 0, to_update = 0, unchanged = 0, errors = 0, skipped = 0, failure = '', sample = '[]', also = '{}', version = version + 1
			where id = @id`, pgx.NamedArgs{"id": id, "mapping": r.Mapping, "values": r.Values, "dates": r.DateFormat, "numbers": r.NumberFormat, "reports_to": r.ReportsTo})
		if err != nil {
			return err
		}
		return s.enlist(ctx, tx, PreviewAsked{ImportID: id})
	})
	if err != nil {
		return Import{}, err
	}
	return s.carryOut(ctx, by, i, s.Preview)
}

// settle checks a reading against the columns and fills in what it leaves open.
func (i Import) settle(r *Reading) error {
	wrong := map[string]string{}
	mapping := map[string]string{}
	for name, col := range r.Mapping {
		switch {
		case col == "":
		case i.Kind.field(name) == nil:
			wrong[name] = fmt.Sprintf("There is no field %s in an import of %s.", name, i.Kind)
		case column(i.Columns, col) == nil:
			wrong[name] = fmt.Sprintf("The file has no column “%s”. It has %s.", col, i.columnNames())
		default:
			mapping[name] = col
		}
	}
	for _, f := range i.Kind.Fields() {
		if f.Required && mapping[f.Name] == "" && wrong[f.Name] == "" {
			wrong[f.Name] = fmt.Sprintf("Say which column holds the %s. The file has %s.", strings.ToLower(f.Label), i.columnNames())
		}
	}
	r.Mapping = mapping
	if r.Values == nil {
		r.Values = map[string]map[string]string{}
	}
	for name, values := range r.Values {
		if i.Kind != OpportunitiesKind || name != "stage" && name != "outcome" {
			wrong["values"] = fmt.Sprintf("Values can be given for stage and outcome of opportunities, not for %s.", name)
		}
		for value, meaning := range values {
			if outcomes[meaning] == "" {
				wrong["values"] = fmt.Sprintf("“%s” cannot count as %q. It counts as won, lost, open or disqualified.", value, meaning)
			}
		}
	}
	if message := i.settleDates(r); message != "" {
		wrong["date_format"] = message
	}
	switch r.NumberFormat {
	case "":
		r.NumberFormat = numberFormat(i.Kind, i.Columns, mapping)
	case PointDecimal, CommaDecimal:
	default:
		wrong["number_format"] = "Amounts are written as 1,234.56 or as 1.234,56. Choose one of the two."
	}
	return fault.Fields(wrong)
}

// settleDates finds the one form of date, or says why there is none.
func (i Import) settleDates(r *Reading) string {
	possible, none := dateFormats(i.Kind, i.Columns, r.Mapping)
	if r.DateFormat != "" {
		f, ok := parseDateForm(r.DateFormat)
		if !ok {
			return "Write the form of the dates with YYYY, MM and DD, such as DD/MM/YYYY."
		}
		r.DateFormat = f.name
		return ""
	}
	switch {
	case none:
		return "The dates of this file are in no form that is known here. Give their form, such as DD/MM/YYYY, or leave the column out."
	case len(possible) > 1:
		return fmt.Sprintf("The dates of this file can be read as %s. Say which it is: a wrong one would move deals by months.", strings.Join(possible, " or as "))
	case len(possible) == 1:
		r.DateFormat = possible[0]
	}
	return ""
}

// PossibleDates returns the forms in which the mapped dates may be written.
func (i Import) PossibleDates() []string {
	possible, _ := dateFormats(i.Kind, i.Columns, i.Mapping)
	return possible
}

// DateExample says how the first mapped date would be read in a format, such as
// "03/10/2026 is 3 October 2026"; empty if it would not.
func (i Import) DateExample(format string) string {
	form, ok := parseDateForm(format)
	for _, f := range i.Kind.Fields() {
		c := column(i.Columns, i.Mapping[f.Name])
		if !ok || f.Type != DateField || c == nil {
			continue
		}
		for _, s := range c.Samples {
			if day, wrong := form.read(s); wrong == "" {
				return s + " is " + day.Format("2 January 2006")
			}
		}
	}
	return ""
}

// Samples returns the first values of a field's column; those of a workbook's
// dates as dates.
func (i Import) Samples(f Field) []string {
	c := column(i.Columns, i.Mapping[f.Name])
	if c == nil {
		return nil
	}
	out := slices.Clone(c.Samples)
	for n, s := range out {
		if day, ok := serialDay(s); ok && f.Type == DateField && i.workbook() {
			out[n] = day.Format(time.DateOnly)
		}
	}
	return out
}

// LeftOut returns the columns that no field is read from.
func (i Import) LeftOut() (out []Column) {
	used := slices.Collect(maps.Values(i.Mapping))
	for _, c := range i.Columns {
		if !slices.Contains(used, c.Name) {
			out = append(out, c)
		}
	}
	return out
}

func (i Import) columnNames() string {
	var names []string
	for n, c := range i.Columns {
		if n == 12 {
			names = append(names, "and more")
			break
		}
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// mayLead is Invalid unless the person is active and a manager.
func mayLead(ctx context.Context, q pg.Querier, id int64) error {
	var ok bool
	if err := q.QueryRow(ctx, `select exists (select from persons where id = $1 and active and 'manager' = any(capabilities))`, id).Scan(&ok); err != nil {
		return err
	}
	if !ok {
		return fault.Field("reports_to", "Choose somebody who is a manager here.")
	}
	return nil
}

func (s State) words() string {
	return map[State]string{Mapping: "waiting for its columns", Previewing: "being read", Previewed: "waiting to be confirmed", Importing: "being carried out",
		Imported: "carried out already", Undoing: "being undone", Undone: "undone", Failed: "stopped"}[s]
}
