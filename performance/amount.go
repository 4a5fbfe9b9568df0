package performance

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// The two ways in which amounts are written.
const (
	PointDecimal = "1,234.56"
	CommaDecimal = "1.234,56"
)

// NumberFormats are both.
var NumberFormats = []string{PointDecimal, CommaDecimal}

var amountShape = map[string]*regexp.Regexp{
	PointDecimal: regexp.MustCompile(`^(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d+))?$`),
	CommaDecimal: regexp.MustCompile(`^(\d{1,3}(?:\.\d{3})+|\d+)?(?:,(\d+))?$`),
}

var withoutMarks = strings.NewReplacer(",", "", ".", "")

// amount reads a sum of money as a decimal number in text, such as "1234.50".
// A currency's sign or code beside it is left out; brackets mean minus. wrong
// is the cause if it is none.
func amount(format, s string) (number, wrong string) {
	bare, minus := bareAmount(s)
	m := amountShape[format].FindStringSubmatch(bare)
	if bare == "" || m == nil {
		return "", "This is not an amount of the form " + format + "."
	}
	whole := withoutMarks.Replace(m[1])
	if len(whole) > 15 {
		return "", "This amount is too large."
	}
	number = whole
	if number == "" {
		number = "0"
	}
	if m[2] != "" {
		number += "." + m[2]
	}
	if minus {
		number = "-" + number
	}
	return number, ""
}

// workbookAmount reads a number as a workbook stores it.
func workbookAmount(s string) (string, bool) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n >= 1e15 || n <= -1e15 {
		return "", false
	}
	return strconv.FormatFloat(n, 'f', -1, 64), true
}

// bareAmount takes away what stands around the digits, and spaces and
// apostrophes between them.
func bareAmount(s string) (bare string, minus bool) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, minus = s[1:len(s)-1], true
	}
	code := func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) || unicode.IsSpace(r) }
	s = strings.TrimFunc(s, code)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, minus = strings.TrimFunc(rest, code), true
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\'' || r == '’' {
			return -1
		}
		return r
	}, s), minus
}

// numberHint is what the values of a column say about how its amounts are
// written: a lone point or comma before three digits says nothing for certain.
type numberHint struct{ point, comma, lonePoint, loneComma bool }

func (h *numberHint) see(s string) {
	bare, _ := bareAmount(s)
	asPoint, asComma := amountShape[PointDecimal].MatchString(bare), amountShape[CommaDecimal].MatchString(bare)
	switch {
	case !strings.ContainsAny(bare, ".,"):
	case asPoint && asComma && strings.Contains(bare, "."):
		h.lonePoint = true
	case asPoint && asComma:
		h.loneComma = true
	case asPoint:
		h.point = true
	case asComma:
		h.comma = true
	}
}

// format returns the way to read by. Money with exactly three decimals is rare,
// so a lone mark before three digits is taken to part thousands; "" if nothing
// was seen.
func (h numberHint) format() string {
	switch {
	case h.point:
		return PointDecimal
	case h.comma, h.lonePoint && !h.loneComma:
		return CommaDecimal
	case h.loneComma:
		return PointDecimal
	}
	return ""
}
