package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pitchside/internal/tabular"
	"pitchside/people"
	"pitchside/performance"

	"github.com/gin-gonic/gin"
)

// An importPage is one import: what its columns hold, what its rows would do,
// what they did.
type importPage struct {
	Base
	Import    performance.Import
	Same      *performance.Import // an earlier import of the same bytes
	Fields    []fieldChoice
	LeftOut   []performance.Column
	Dates     []option // forms of date to choose from; none: no column holds dates
	Numbers   []option // ways of writing amounts; none: no column holds amounts
	Stages    []stageChoice
	Managers  []people.Person
	ReportsTo int64
	Errors    []performance.RowError
	Next      string // cursor of the following errors
	Left      []performance.LeftAlone
	NextLeft  string
	Problems  Problems
}

// A fieldChoice is one field and the column that it is read from.
type fieldChoice struct {
	performance.Field
	Column  string
	Samples string
}

// A stageChoice is one stage of the file and the outcome it counts as.
type stageChoice struct{ Stage, Means string }

func (s *Site) showImport(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	i, err := s.Performance.Import(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	return s.importPage(c, http.StatusOK, i, nil)
}

func (s *Site) importPage(c *gin.Context, code int, i performance.Import, wrong Problems) error {
	by := actor(c)
	p := importPage{Base: s.base(c, i.Filename), Import: i, Problems: wrong, LeftOut: i.LeftOut()}
	if i.ReportsTo != nil {
		p.ReportsTo = *i.ReportsTo
	}
	var err error
	if p.Mapping() {
		if p.Same, err = s.Performance.SameFile(ctx(c), by, i.ID); err != nil {
			return err
		}
		p.choices()
		if i.Kind == performance.PeopleKind {
			active := true
			if p.Managers, _, err = s.People.People(ctx(c), by, people.PeopleFilter{Capability: people.Manager, Active: &active, Limit: 200}); err != nil {
				return err
			}
		}
	}
	if i.Errors > 0 {
		if p.Errors, p.Next, err = s.Performance.RowErrors(ctx(c), by, i.ID, rowErrorsAPage, c.Query("errors")); err != nil {
			return err
		}
	}
	if i.LeftAlone > 0 {
		if p.Left, p.NextLeft, err = s.Performance.LeftAlone(ctx(c), by, i.ID, rowErrorsAPage, c.Query("left")); err != nil {
			return err
		}
	}
	return s.show(c, code, "imports/import", p)
}

// Mapping reports whether the columns can still be read in another way.
func (p importPage) Mapping() bool {
	return p.Import.State == performance.Mapping || p.Import.State == performance.Previewed || p.Import.State == performance.Failed
}

// Checking reports whether the preview waits to be confirmed.
func (p importPage) Checking() bool { return p.Import.State == performance.Previewed }

// Done reports whether the rows are in.
func (p importPage) Done() bool { return p.Import.State == performance.Imported }

// Running reports whether the page should look again by itself.
func (p importPage) Running() bool { return p.Import.State.Running() }

// Stopped reports whether the import failed.
func (p importPage) Stopped() bool { return p.Import.State == performance.Failed }

// Heading says where the import stands.
func (p importPage) Heading() string {
	switch p.Import.State {
	case performance.Mapping:
		return "What do the columns hold?"
	case performance.Previewing:
		return "Reading the file"
	case performance.Previewed:
		return "Check before importing"
	case performance.Importing:
		return "Importing"
	case performance.Imported:
		return "Imported"
	case performance.Undoing:
		return "Undoing"
	case performance.Undone:
		return "Undone"
	}
	return "This import has stopped"
}

// Written says how the file is written.
func (p importPage) Written() string {
	i := p.Import
	parts := []string{bytesInWords(i.Size)}
	if i.RowsRead > 0 {
		parts = append([]string{plural(int(i.RowsRead), "row", "rows")}, parts...)
		if i.RowsRead > 999 {
			parts[0] = thousands(i.RowsRead) + " rows"
		}
	}
	if i.Encoding == tabular.Workbook {
		return strings.Join(append(parts, "Excel workbook, first sheet"), ", ")
	}
	separated := map[string]string{",": "comma separated", ";": "semicolon separated", "\t": "tab separated", "|": "separated by bars"}[i.Delimiter]
	return strings.Join(append(parts, separated, i.Encoding), ", ")
}

// Step is the place on the lifecycle: 2 columns, 3 check, 4 done.
func (p importPage) Step() int {
	switch p.Import.State {
	case performance.Mapping, performance.Failed:
		return 2
	case performance.Previewing, performance.Previewed:
		return 3
	}
	return 4
}

// Count writes a number of rows.
func (p importPage) Count(n int64) string { return thousands(n) }

// Also says what comes in besides the people of the rows.
func (p importPage) Also() string {
	var parts []string
	if n := p.Import.Also.Managers; n > 0 {
		parts = append(parts, plural(int(n), "manager", "managers"))
	}
	if n := p.Import.Also.Teams; n > 0 {
		parts = append(parts, plural(int(n), "team", "teams"))
	}
	return strings.Join(parts, " and ")
}

// SampleFields are the fields that the sample rows fill.
func (p importPage) SampleFields() (out []performance.Field) {
	for _, f := range p.Import.Kind.Fields() {
		for _, row := range p.Import.Sample {
			if row.Fields[f.Name] != "" {
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// Does says what becomes of a sample row.
func (p importPage) Does(action string) string {
	return map[string]string{"create": "New", "update": "Changed", "unchanged": "Same as before"}[action]
}

// Outcomes are what a stage may count as.
func (p importPage) Outcomes() []string { return []string{"open", "won", "lost", "disqualified"} }

// Results is where what was imported is seen.
func (p importPage) Results() link {
	if p.Import.Kind == performance.PeopleKind {
		return link{"Open people", "/admin/people"}
	}
	return link{"Open results", "/team/performance"}
}

// choices fill the form with what the import says.
func (p *importPage) choices() {
	i := p.Import
	for _, f := range i.Kind.Fields() {
		choice := fieldChoice{Field: f, Column: i.Mapping[f.Name], Samples: strings.Join(i.Samples(f), " · ")}
		for _, c := range i.Columns {
			if c.Name == choice.Column && f.Name == "stage" && i.Mapping["outcome"] == "" {
				p.Stages = stagesOf(c, i.Values["stage"])
			}
		}
		p.Fields = append(p.Fields, choice)
		if f.Type == performance.DateField && choice.Column != "" && p.Dates == nil && i.Encoding != tabular.Workbook {
			p.Dates = dateOptions(i)
		}
		if f.Type == performance.AmountField && choice.Column != "" && i.Encoding != tabular.Workbook {
			p.Numbers = []option{{performance.PointDecimal, performance.PointDecimal}, {performance.CommaDecimal, performance.CommaDecimal}}
		}
	}
}

func stagesOf(c performance.Column, means map[string]string) (out []stageChoice) {
	for _, stage := range c.Values {
		outcome := means[stage]
		if outcome == "" {
			outcome = performance.OutcomeOfStage(stage)
		}
		out = append(out, stageChoice{stage, outcome})
	}
	slices.SortFunc(out, func(a, b stageChoice) int { return strings.Compare(strings.ToLower(a.Stage), strings.ToLower(b.Stage)) })
	return out
}

// dateOptions are the forms that fit the file first, then the others.
func dateOptions(i performance.Import) []option {
	possible := i.PossibleDates()
	out := make([]option, 0, len(performance.DateFormats))
	for _, f := range append(slices.Clone(possible), performance.DateFormats...) {
		if slices.ContainsFunc(out, func(o option) bool { return o.Value == f }) {
			continue
		}
		label := f
		if example := i.DateExample(f); example != "" {
			label += ": " + example
		}
		out = append(out, option{f, label})
	}
	return out
}

func (s *Site) mapImport(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	i, err := s.Performance.Import(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	r := performance.Reading{Mapping: map[string]string{}, Values: map[string]map[string]string{}, DateFormat: c.PostForm("date_format"), NumberFormat: c.PostForm("number_format")}
	for _, f := range i.Kind.Fields() {
		r.Mapping[f.Name] = c.PostForm(f.Name)
	}
	r.ReportsTo, _ = strconv.ParseInt(c.PostForm("reports_to"), 10, 64)
	stages, means := c.PostFormArray("stage_value"), c.PostFormArray("stage_means")
	for n := 0; n < len(stages) && n < len(means); n++ {
		if means[n] != performance.OutcomeOfStage(stages[n]) {
			if r.Values["stage"] == nil {
				r.Values["stage"] = map[string]string{}
			}
			r.Values["stage"][stages[n]] = means[n]
		}
	}
	_, err = s.Performance.Read(ctx(c), actor(c), id, r)
	if wrong, ok := problems(err); ok {
		i.Mapping, i.Values, i.DateFormat, i.NumberFormat = r.Mapping, r.Values, r.DateFormat, r.NumberFormat
		i.ReportsTo = &r.ReportsTo
		return s.importPage(c, http.StatusUnprocessableEntity, i, wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/admin/imports/%d", id), "")
}

func (s *Site) confirmImport(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if _, err := s.Performance.Confirm(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/admin/imports/%d", id), "")
}

func (s *Site) undoImport(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if _, err := s.Performance.Undo(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/admin/imports/%d", id), "")
}

func (s *Site) discardImport(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Performance.Forget(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, "/admin/imports", "The file is discarded. Nothing was changed.")
}
