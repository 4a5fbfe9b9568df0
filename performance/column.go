package performance

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"pitchside/internal/fault"
	"pitchside/internal/tabular"
)

// A Column is what the first rows of a file show of one column.
type Column struct {
	Name    string         `json:"name"`
	Samples []string       `json:"samples"` // the first three that are not empty
	Values  []string       `json:"values"`  // every value, if there are few
	Filled  int            `json:"filled"`  // cells that are neither empty nor a workbook's own date
	Dates   map[string]int `json:"dates"`   // date format: cells that it reads
	Serial  bool           `json:"serial"`  // holds a workbook's own numbers
	Numbers string         `json:"numbers"` // how its amounts are written; empty: nothing was seen
}

const (
	rowsScanned = 5000
	mostValues  = 30
	longestText = 500 // characters of a field
)

// A survey looks at the first rows of a file.
type survey struct {
	columns []Column
	hints   []numberHint
	many    []bool // more values than are kept
}

var dateForms = func() (out []dateForm) {
	for _, name := range DateFormats {
		f, _ := parseDateForm(name)
		out = append(out, f)
	}
	return out
}()

// look returns the columns of a file and whether it has any row below its header.
func look(r *tabular.Reader, workbook bool) (columns []Column, rows int, err error) {
	s := survey{columns: make([]Column, len(r.Header)), hints: make([]numberHint, len(r.Header)), many: make([]bool, len(r.Header))}
	for i, name := range r.Header {
		s.columns[i] = Column{Name: name, Dates: map[string]int{}}
	}
	for rows < rowsScanned {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		rows++
		if row.Fault != "" {
			continue
		}
		for i, cell := range row.Cells {
			if cell != "" {
				s.see(i, cell, workbook)
			}
		}
	}
	for i := range s.columns {
		s.columns[i].Numbers = s.hints[i].format()
		if s.many[i] {
			s.columns[i].Values = nil
		}
	}
	return s.columns, rows, nil
}

func (s *survey) see(i int, cell string, workbook bool) {
	c := &s.columns[i]
	shown := cell
	if r := []rune(shown); len(r) > 80 {
		shown = string(r[:79]) + "…"
	}
	if len(c.Samples) < 3 && !slices.Contains(c.Samples, shown) {
		c.Samples = append(c.Samples, shown)
	}
	if !s.many[i] && !slices.Contains(c.Values, cell) {
		c.Values = append(c.Values, cell)
		s.many[i] = len(c.Values) > mostValues || len(cell) > 100
	}
	if workbook {
		if _, ok := serialDay(cell); ok {
			c.Serial = true
			return
		}
	}
	c.Filled++
	// A column whose first values are no dates is not looked at for long.
	if len(cell) <= 40 && (c.Filled <= 20 || len(c.Dates) > 0) {
		for _, f := range dateForms {
			if _, wrong := f.read(cell); wrong == "" {
				c.Dates[f.name]++
			}
		}
	}
	if strings.ContainsAny(cell, "0123456789") && len(cell) <= 40 {
		s.hints[i].see(cell)
	}
}

// dateFormats returns the formats that the mapped date columns may be written
// in: one is certain, several are for a person to choose from. none says that
// there are dates and no known format reads most of them.
func dateFormats(k Kind, columns []Column, mapping map[string]string) (possible []string, none bool) {
	reads, filled, serial := map[string]int{}, 0, false
	for _, f := range k.Fields() {
		if f.Type != DateField || mapping[f.Name] == "" {
			continue
		}
		if c := column(columns, mapping[f.Name]); c != nil {
			filled, serial = filled+c.Filled, serial || c.Serial
			for name, n := range c.Dates {
				reads[name] += n
			}
		}
	}
	if filled == 0 {
		return nil, false
	}
	var all, most []string
	for _, name := range DateFormats {
		if reads[name] == filled {
			all = append(all, name)
		}
		if reads[name] > 0 && 2*reads[name] >= filled {
			most = append(most, name)
		}
	}
	if len(all) > 0 {
		return all, false
	}
	return most, len(most) == 0 && !serial // a workbook's own dates need no form
}

// numberFormat returns how the mapped amounts are written.
func numberFormat(k Kind, columns []Column, mapping map[string]string) string {
	for _, f := range k.Fields() {
		if f.Type == AmountField {
			if c := column(columns, mapping[f.Name]); c != nil && c.Numbers != "" {
				return c.Numbers
			}
		}
	}
	return PointDecimal
}

func column(columns []Column, name string) *Column {
	for i := range columns {
		if name != "" && columns[i].Name == name {
			return &columns[i]
		}
	}
	return nil
}

// tooLong is the cause if a text is longer than a field may be.
func tooLong(s string) string {
	if len(s) > longestText && len([]rune(s)) > longestText {
		return fmt.Sprintf("This is longer than %d characters.", longestText)
	}
	return ""
}

// unreadable makes a fault of an error in reading a stored file.
func unreadable(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.Invalidf("The stored file is gone. Choose it again in a new import.")
	}
	return err
}
