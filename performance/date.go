package performance

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pitchside/internal/tabular"
)

// DateFormats are the forms of dates that are looked for in a file. The day
// comes first wherever dots stand between; with slashes and hyphens either may.
var DateFormats = []string{"YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY",
	"DD.MM.YY", "DD/MM/YY", "MM/DD/YY", "DD-MM-YY", "MM-DD-YY", "DD MMM YYYY", "DD-MMM-YYYY", "DD-MMM-YY", "MMM DD, YYYY", unixDates}

const unixDates = "UNIX" // seconds or milliseconds since 1970

var (
	formatShape = regexp.MustCompile(`^(YYYY|YY|MMM|MM|M|DD|D)([-/.]|, | )(YYYY|YY|MMM|MM|M|DD|D)([-/.]|, | )(YYYY|YY|MMM|MM|M|DD|D)$`)
	dateShape   = regexp.MustCompile(`^(\pL+|\d+)( ?[-/.] ?|, | )(\pL+|\d+)( ?[-/.] ?|, | )(\d+)(?:[T ,]+\d{1,2}:\d{2}.*)?$`)
)

// A dateForm is a date format, ready to read with.
type dateForm struct {
	name             string
	parts            [3]byte // 'Y', 'M' or 'D'
	separators       [2]string
	shortYear, words bool
}

// parseDateForm reads a format such as DD/MM/YYYY; ok is false if it is none.
func parseDateForm(format string) (f dateForm, ok bool) {
	f.name = strings.ToUpper(strings.TrimSpace(format))
	if f.name == unixDates {
		return f, true
	}
	m := formatShape.FindStringSubmatch(f.name)
	if m == nil {
		return f, false
	}
	seen := map[byte]bool{}
	for i := range f.parts {
		part := m[1+2*i]
		f.parts[i] = part[0]
		f.shortYear = f.shortYear || part == "YY"
		f.words = f.words || part == "MMM"
		seen[part[0]] = true
	}
	f.separators = [2]string{m[2], m[4]}
	return f, len(seen) == 3
}

var months = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}

// read returns the day that s names; a time of day after it is left out. wrong
// is the cause if it names none.
func (f dateForm) read(s string) (day time.Time, wrong string) {
	if f.name == unixDates {
		return unixDay(s)
	}
	m := dateShape.FindStringSubmatch(s)
	if m == nil || strings.TrimSpace(m[2]) != strings.TrimSpace(f.separators[0]) || strings.TrimSpace(m[4]) != strings.TrimSpace(f.separators[1]) {
		return day, fmt.Sprintf("This is not a date in the form %s.", f.name)
	}
	var year, month, date int
	for i, kind := range f.parts {
		text := m[1+2*i]
		n, err := strconv.Atoi(text)
		switch {
		case kind == 'M' && f.words && len(text) >= 3:
			n = months[strings.ToLower(text[:3])]
		case err != nil, kind == 'Y' && f.shortYear != (len(text) == 2), kind == 'Y' && !f.shortYear && len(text) != 4, kind != 'Y' && len(text) > 2:
			return day, fmt.Sprintf("This is not a date in the form %s.", f.name)
		}
		switch kind {
		case 'Y':
			year = n
		case 'M':
			month = n
		default:
			date = n
		}
	}
	if f.shortYear {
		year += 1900
		if year < 1969 {
			year += 100
		}
	}
	return checkDay(year, month, date, f.name)
}

func checkDay(year, month, date int, form string) (time.Time, string) {
	if month < 1 || month > 12 {
		return time.Time{}, fmt.Sprintf("There is no month %d. The dates of this file are read as %s.", month, form)
	}
	last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
	switch {
	case date < 1 || date > last.Day():
		return time.Time{}, fmt.Sprintf("%s has %d days.", last.Format("January 2006"), last.Day())
	case year < 1900 || year > 2199:
		return time.Time{}, "The year must lie between 1900 and 2199."
	}
	return time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC), ""
}

func unixDay(s string) (time.Time, string) {
	n, err := strconv.ParseInt(s, 10, 64)
	var t time.Time
	switch {
	case err == nil && len(s) == 13:
		t = time.UnixMilli(n).UTC()
	case err == nil && (len(s) == 10 || len(s) == 9):
		t = time.Unix(n, 0).UTC()
	default:
		return t, "This is not a number of seconds or milliseconds since 1970."
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), ""
}

// serialDay returns the day that a workbook stores as a number.
func serialDay(s string) (time.Time, bool) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return time.Time{}, false
	}
	return tabular.Date(n)
}
