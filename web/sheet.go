package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// A sheetForm is a sheet as it is typed: one row per criterion.
type sheetForm struct {
	Rows        []criterionRow
	Keep        string
	TryNext     string
	PrivateNote string
	Version     string
	SavedAt     *time.Time
	Decided     int
	Unproven    int
}

// A criterionRow is one criterion with what is typed about it.
type criterionRow struct {
	content.Criterion
	Level string // "1" to "5", "n" or empty
	Never bool   // with "n": its trigger never came
	Why   string // what never came
	Quote string
	At    string // mm:ss
	Open  bool   // the one to score next
}

// Anchor returns the words of the chosen level, or "".
func (r criterionRow) Anchor() string {
	if n, err := strconv.Atoi(r.Level); err == nil && n >= 1 && n <= len(r.Anchors) {
		return r.Anchors[n-1]
	}
	return ""
}

// Triggered reports whether the criterion waits for something that may never
// come.
func (r criterionRow) Triggered() bool { return assessments.Waits(r.Criterion) }

// NeedsProof reports whether a level stands without a moment or a quote.
func (r criterionRow) NeedsProof() bool {
	return r.Level != "" && r.Level != "n" && r.Quote == "" && r.At == ""
}

// version returns the version that was edited, nil if the form names none.
func (f sheetForm) version() *int {
	v, err := strconv.Atoi(f.Version)
	if err != nil {
		return nil
	}
	return &v
}

// Left says in words what keeps the sheet from release, or "".
func (f sheetForm) Left() string {
	var parts []string
	if n := len(f.Rows) - f.Decided; n > 0 {
		parts = append(parts, fmt.Sprintf("%d to score", n))
	}
	if f.Unproven > 0 {
		parts = append(parts, plural(f.Unproven, "moment or quote", "moments or quotes")+" to add")
	}
	return strings.Join(parts, ", ")
}

func sheetFormOf(sc assessments.Scenario, sheet assessments.Sheet) sheetForm {
	f := sheetForm{Keep: sheet.Keep, TryNext: sheet.TryNext, PrivateNote: sheet.PrivateNote, Version: strconv.Itoa(sheet.Version)}
	if sheet.Version > 0 {
		f.SavedAt = &sheet.UpdatedAt
	}
	for _, c := range sc.Rubric.Criteria {
		one := sheet.Score(c.ID)
		row := criterionRow{Criterion: c, Quote: one.Quote, Never: one.NotTriggered, Why: one.Reason}
		if one.AtMS != nil {
			row.At = assessments.Clock(*one.AtMS)
		}
		if one.Level != nil {
			row.Level = strconv.Itoa(*one.Level)
		} else if one.NotObserved {
			row.Level = "n"
		}
		f.Rows = append(f.Rows, row)
	}
	f.count()
	return f
}

// count counts what is decided and opens the first criterion that is not.
func (f *sheetForm) count() {
	f.Decided, f.Unproven = 0, 0
	open := false
	for i := range f.Rows {
		r := &f.Rows[i]
		r.Open = false
		if r.Level != "" {
			f.Decided++
		} else if !open {
			r.Open, open = true, true
		}
		if r.NeedsProof() {
			f.Unproven++
		}
	}
	if !open && len(f.Rows) > 0 {
		f.Rows[0].Open = true
	}
}

// readSheet reads a posted sheet: level_ID, quote_ID and at_ID for each
// criterion, then the words.
func readSheet(c *gin.Context, sc assessments.Scenario) (sheetForm, assessments.SheetInput, error) {
	f := sheetForm{Keep: c.PostForm("keep"), TryNext: c.PostForm("try_next"), PrivateNote: c.PostForm("private_note"), Version: c.PostForm("version")}
	in := assessments.SheetInput{Keep: f.Keep, TryNext: f.TryNext}
	if note, ok := c.GetPostForm("private_note"); ok {
		in.PrivateNote = &note
	}
	ps := map[string]string{}
	for _, cr := range sc.Rubric.Criteria {
		row := criterionRow{Criterion: cr, Level: c.PostForm("level_" + cr.ID), Quote: c.PostForm("quote_" + cr.ID), At: strings.TrimSpace(c.PostForm("at_" + cr.ID))}
		row.Never, row.Why = c.PostForm("never_"+cr.ID) != "", c.PostForm("why_"+cr.ID)
		if row.Never && row.Level == "" {
			row.Level = "n"
		}
		one := assessments.Score{Criterion: cr.ID, Quote: row.Quote, NotTriggered: row.Never, Reason: row.Why}
		switch n, err := strconv.Atoi(row.Level); {
		case row.Level == "":
		case row.Level == "n":
			one.NotObserved = true
		case err != nil || n < 1 || n > 5:
			ps["level_"+cr.ID] = "Choose a level from 1 to 5, or not observed."
		default:
			one.Level = &n
		}
		if row.At != "" {
			if one.AtMS = moment(row.At); one.AtMS == nil {
				ps["at_"+cr.ID] = "Give the moment as minutes and seconds, such as 05:40."
			}
		}
		in.Scores = append(in.Scores, one)
		f.Rows = append(f.Rows, row)
	}
	f.count()
	return f, in, fault.Fields(ps)
}

// moment reads mm:ss or h:mm:ss as milliseconds, or returns nil.
func moment(clock string) *int {
	parts := strings.Split(clock, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return nil
	}
	total := 0
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 9999 || i > 0 && n > 59 {
			return nil
		}
		total = total*60 + n
	}
	total *= 1000
	return &total
}

// A sheetResult is a released sheet as it is read.
type sheetResult struct {
	assessments.Sheet
	Sum      assessments.Overall
	Rows     []resultRow
	Adjusted string // what the coach's strictness would make of it, for who may know
}

type resultRow struct {
	content.Criterion
	Score assessments.Score
	Self  *assessments.Score // what the rep gave, beside a coach's
}

// Level returns the level, 0 if not observed.
func (r resultRow) Level() int {
	if r.Score.Level == nil {
		return 0
	}
	return *r.Score.Level
}

// Anchor returns the words of the level that was given.
func (r resultRow) Anchor() string {
	if l := r.Level(); l > 0 && l <= len(r.Anchors) {
		return r.Anchors[l-1]
	}
	if r.Score.NotTriggered {
		return "Not triggered: left out of the total, never zero. " + r.Score.Reason
	}
	return "Not observed: left out of the total, never zero."
}

// Next returns the anchor one level up, or "".
func (r resultRow) Next() string {
	if l := r.Level(); l > 0 && l < len(r.Anchors) {
		return r.Anchors[l]
	}
	return ""
}

// Moment returns the moment of the proof, or "".
func (r resultRow) Moment() string {
	if r.Score.AtMS == nil {
		return ""
	}
	return assessments.Clock(*r.Score.AtMS)
}

// SelfWords says what the rep gave, or "" without a self-score.
func (r resultRow) SelfWords() string {
	switch {
	case r.Self == nil || !r.Self.Decided():
		return ""
	case r.Self.Level == nil:
		return "not observed"
	}
	return strconv.Itoa(*r.Self.Level)
}

func resultOf(sc assessments.Scenario, sheet assessments.Sheet) sheetResult {
	r := sheetResult{Sheet: sheet, Sum: assessments.Sum(sc.Rubric, sheet.Scores, sc.Pass)}
	for _, c := range sc.Rubric.Criteria {
		r.Rows = append(r.Rows, resultRow{Criterion: c, Score: sheet.Score(c.ID)})
	}
	return r
}

// compare puts the rep's own levels beside the sheet's.
func (r *sheetResult) compare(self *sheetResult) {
	if self == nil {
		return
	}
	for i := range r.Rows {
		if i < len(self.Rows) {
			r.Rows[i].Self = &self.Rows[i].Score
		}
	}
}

// CapTitle names the criterion that capped the total, or "".
func (r sheetResult) CapTitle() string {
	for _, row := range r.Rows {
		if row.ID == r.Sum.CappedBy {
			return row.Title
		}
	}
	return ""
}

// Verdict says how the total stands to the pass mark.
func (r sheetResult) Verdict() string {
	mark := strconv.FormatFloat(r.Sum.Pass, 'f', -1, 64)
	if r.Sum.Passed != nil && *r.Sum.Passed {
		return "reaches the pass mark of " + mark
	}
	return "below the pass mark of " + mark
}

// OverallText writes the total with one decimal, or "" when there is none.
func (r sheetResult) OverallText() string {
	if r.Sum.Value == nil {
		return ""
	}
	return fmt.Sprintf("%.1f", *r.Sum.Value)
}

// Observed counts the criteria with a level.
func (r sheetResult) Observed() int {
	n := 0
	for _, row := range r.Rows {
		if row.Level() > 0 {
			n++
		}
	}
	return n
}
