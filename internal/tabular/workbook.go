package tabular

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"pitchside/internal/fault"

	"github.com/xuri/excelize/v2"
)

const (
	largestWorkbook = 256 << 20 // bytes, packed
	largestUnpacked = 4 << 30   // bytes; a workbook of the most rows there can be is well below
)

// A sheetSource reads the first sheet of a workbook.
type sheetSource struct {
	path string
	file *excelize.File
	rows *excelize.Rows
	row  int64
}

// openWorkbook copies a workbook into a temporary file, since it is read from
// its end, and opens its first sheet. Values come as they are stored: numbers
// with a decimal point, dates as the days since 1900 that Date reads.
func openWorkbook(r io.Reader) (*sheetSource, error) {
	tmp, err := os.CreateTemp("", "pitchside-*.xlsx")
	if err != nil {
		return nil, err
	}
	s := &sheetSource{path: tmp.Name()}
	n, err := io.Copy(tmp, io.LimitReader(r, largestWorkbook+1))
	err = errors.Join(err, tmp.Close())
	if err == nil && n > largestWorkbook {
		err = fault.Field("file", fmt.Sprintf("This workbook is larger than %d MB. Save it as CSV: that may be of any size.", largestWorkbook>>20))
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.file, err = excelize.OpenFile(s.path, excelize.Options{RawCellValue: true, UnzipSizeLimit: largestUnpacked, UnzipXMLSizeLimit: 8 << 20})
	if err != nil {
		return nil, errors.Join(fault.Field("file", "This workbook cannot be opened: it is damaged, has a password, or is no .xlsx file. Save it as CSV and choose that."), s.close())
	}
	sheets := s.file.GetSheetList()
	if len(sheets) == 0 {
		return nil, errors.Join(fault.Field("file", "This workbook has no sheets. Choose another file."), s.close())
	}
	if s.rows, err = s.file.Rows(sheets[0]); err != nil {
		return nil, errors.Join(fault.Field("file", "The first sheet of this workbook cannot be read. Save it as CSV and choose that."), s.close())
	}
	return s, nil
}

func (s *sheetSource) next() ([]string, int64, bool, error) {
	gap := false
	for s.rows.Next() {
		s.row++
		cells, err := s.rows.Columns()
		if err != nil {
			return nil, 0, false, fault.Field("file", fmt.Sprintf("Row %d of this workbook cannot be read. Save it as CSV and choose that.", s.row))
		}
		if !isBlank(cells) {
			return cells, s.row, gap, nil
		}
		gap = true
	}
	if err := s.rows.Error(); err != nil {
		return nil, 0, false, fault.Field("file", fmt.Sprintf("This workbook cannot be read beyond row %d. Save it as CSV and choose that.", s.row))
	}
	return nil, 0, false, io.EOF
}

func (s *sheetSource) complete() bool { return true }

func (s *sheetSource) close() error {
	var err error
	if s.rows != nil {
		err = s.rows.Close()
	}
	if s.file != nil {
		err = errors.Join(err, s.file.Close())
	}
	return errors.Join(err, os.Remove(s.path))
}

// Date returns the day that a workbook stores as a number of days, and whether
// it is one: from 1900-03-01 to 2199-12-31.
func Date(days float64) (time.Time, bool) {
	const first, last = 61, 109575 // 1900-03-01: the day before is counted wrongly; 2199-12-31
	if days < first || days >= last+1 {
		return time.Time{}, false
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)), true
}
