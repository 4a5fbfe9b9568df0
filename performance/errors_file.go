package performance

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"pitchside/internal/pg"
	"pitchside/internal/tabular"
	"pitchside/people"
)

// WriteErrors writes the rows of an import that were left out as CSV, just as
// they stand in the file, with two columns more: the row's number and what is
// wrong. Corrected, it can be imported as it is.
func (s *Service) WriteErrors(ctx context.Context, by people.Actor, id int64, w io.Writer) (err error) {
	i, err := s.Import(ctx, by, id)
	if err != nil {
		return err
	}
	if err := s.DB.QueryRow(ctx, `select blob_key from imports where id = $1`, id).Scan(&i.blobKey); err != nil {
		return err
	}
	file, _, err := s.Blobs.Get(ctx, i.blobKey)
	if err != nil {
		return unreadable(err)
	}
	defer file.Close()
	r, err := tabular.Open(file, i.format())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	out := csv.NewWriter(w)
	if err := out.Write(safeCells(append(r.Header, "Row", "What is wrong"))); err != nil {
		return err
	}
	faulty := faultyRows{s: s, id: id}
	for {
		bad, err := faulty.next(ctx)
		if err != nil || bad == nil {
			out.Flush()
			return errors.Join(err, out.Error())
		}
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				out.Flush()
				return out.Error()
			}
			if err != nil {
				return err
			}
			if row.Number == bad.Row {
				if err := out.Write(safeCells(append(row.Cells, bad.number, bad.Causes))); err != nil {
					return err
				}
				break
			}
		}
	}
}

// A faultyRow is one row that was left out and everything that is wrong with it.
type faultyRow struct {
	Row    int64
	Causes string
	number string `db:"-"`
}

// faultyRows reads the rows that were left out, some at a time, by row.
type faultyRows struct {
	s    *Service
	id   int64
	held []faultyRow
	last int64
}

// next returns the next one, or nil after the last.
func (f *faultyRows) next(ctx context.Context) (*faultyRow, error) {
	if len(f.held) == 0 {
		var err error
		if f.held, err = pg.All[faultyRow](ctx, f.s.DB, `select row, string_agg(case when col = '' then cause else col || ': ' || cause end, ' ' order by id) as causes
			from import_errors where import_id = $1 and row > $2 group by row order by row limit 1000`, f.id, f.last); err != nil || len(f.held) == 0 {
			return nil, err
		}
	}
	row := f.held[0]
	f.held, f.last = f.held[1:], row.Row
	row.number = strconv.FormatInt(row.Row, 10)
	return &row, nil
}

// safeCells keeps a spreadsheet from taking text for a formula.
func safeCells(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		if _, err := strconv.ParseFloat(c, 64); err != nil && c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			c = "'" + c
		}
		out[i] = c
	}
	return out
}
