package content

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"

	"pitchside/content/source"
	"pitchside/internal/fault"
	"pitchside/people"
)

// A Diff is what changed from one text to another, in rows that stand side by
// side.
type Diff struct {
	Rows           []DiffRow
	Added, Removed int // lines
}

// A DiffRow is a line of the older text beside the line that it became. Skipped
// counts the equal lines that a row stands for; it has no text then.
type DiffRow struct {
	Change   Change
	From, To int // line numbers, 0: none
	Old, New []DiffPart
	Skipped  int
}

// A DiffPart is a stretch of a line. Changed parts are what differs within it.
type DiffPart struct {
	Text    string
	Changed bool
}

// A Change says what became of a line.
type Change string

// The changes of a line.
const (
	Same    Change = "same"
	Edited  Change = "edited"
	Added   Change = "added"
	Removed Change = "removed"
	Skipped Change = "skipped"
)

// Equal reports whether nothing changed.
func (d Diff) Equal() bool { return d.Added+d.Removed == 0 }

// around is how many equal lines are kept on each side of a change.
const around = 3

// diffLimit bounds the search for the smallest difference. A coarser one, just
// as right, is what comes of texts that share next to nothing.
const diffLimit = time.Second

// Compare returns what changed from the old lines to the new ones.
func Compare(old, changed []string) Diff {
	var d Diff
	a, b := 1, 1
	edits := sequence(old, changed)
	for i := 0; i < len(edits); i++ {
		e := edits[i]
		if e.Change == Same {
			for _, line := range e.items {
				d.Rows = append(d.Rows, DiffRow{Change: Same, From: a, To: b, Old: whole(line), New: whole(line)})
				a, b = a+1, b+1
			}
			continue
		}
		var gone, come []string
		for ; i < len(edits) && edits[i].Change != Same; i++ {
			if edits[i].Change == Removed {
				gone = append(gone, edits[i].items...)
			} else {
				come = append(come, edits[i].items...)
			}
		}
		i--
		d.Removed, d.Added = d.Removed+len(gone), d.Added+len(come)
		d.Rows = append(d.Rows, beside(gone, come, a, b)...)
		a, b = a+len(gone), b+len(come)
	}
	d.Rows = folded(d.Rows)
	return d
}

// beside pairs the lines that went with those that came, in their order.
func beside(gone, come []string, a, b int) []DiffRow {
	var rows []DiffRow
	for i := range max(len(gone), len(come)) {
		switch {
		case i >= len(come):
			rows = append(rows, DiffRow{Change: Removed, From: a + i, Old: whole(gone[i])})
		case i >= len(gone):
			rows = append(rows, DiffRow{Change: Added, To: b + i, New: whole(come[i])})
		default:
			r := DiffRow{Change: Edited, From: a + i, To: b + i}
			r.Old, r.New = words(gone[i], come[i])
			rows = append(rows, r)
		}
	}
	return rows
}

func whole(line string) []DiffPart { return []DiffPart{{Text: line}} }

// words marks the words that differ between two lines.
func words(old, changed string) (was, is []DiffPart) {
	for _, e := range sequence(tokens(old), tokens(changed)) {
		text := strings.Join(e.items, "")
		if e.Change != Added {
			was = append(was, DiffPart{text, e.Change == Removed})
		}
		if e.Change != Removed {
			is = append(is, DiffPart{text, e.Change == Added})
		}
	}
	return was, is
}

// tokens splits a line into words, spaces and marks.
func tokens(line string) []string {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return 1
		case unicode.IsSpace(r):
			return 2
		}
		return 3
	}
	var out []string
	start, was := 0, 0
	for i, r := range line {
		is := class(r)
		if i > start && (is != was || is == 3) {
			out, start = append(out, line[start:i]), i
		}
		was = is
	}
	if start < len(line) {
		out = append(out, line[start:])
	}
	return out
}

type edit struct {
	Change
	items []string
}

// sequence returns the edits that lead from one list to another. Each distinct
// item is given a character of its own, which is what the library compares.
func sequence(old, changed []string) []edit {
	runes := map[string]rune{}
	var items []string
	coded := func(list []string) []rune {
		out := make([]rune, len(list))
		for i, item := range list {
			r, ok := runes[item]
			if !ok {
				r = code(len(items))
				runes[item], items = r, append(items, item)
			}
			out[i] = r
		}
		return out
	}
	a, b := coded(old), coded(changed)
	differ := diffmatchpatch.New()
	differ.DiffTimeout = diffLimit
	var out []edit
	for _, d := range differ.DiffMainRunes(a, b, false) {
		e := edit{Change: map[diffmatchpatch.Operation]Change{diffmatchpatch.DiffEqual: Same, diffmatchpatch.DiffInsert: Added, diffmatchpatch.DiffDelete: Removed}[d.Type]}
		for _, r := range d.Text {
			e.items = append(e.items, items[index(r)])
		}
		out = append(out, e)
	}
	return out
}

// code and index turn numbers into characters and back, leaving out the
// surrogates, which no text can hold.
func code(i int) rune {
	if i += 1; i >= 0xd800 {
		i += 0x800
	}
	return rune(i)
}

func index(r rune) int {
	i := int(r)
	if i >= 0xe000 {
		i -= 0x800
	}
	return i - 1
}

// folded replaces long stretches of equal lines by one row that counts them.
func folded(rows []DiffRow) []DiffRow {
	near := func(i int) bool {
		for j := max(0, i-around); j <= min(len(rows)-1, i+around); j++ {
			if rows[j].Change != Same {
				return true
			}
		}
		return false
	}
	var out []DiffRow
	for i, r := range rows {
		last := len(out) - 1
		switch {
		case r.Change != Same || near(i):
			out = append(out, r)
		case last >= 0 && out[last].Change == Skipped:
			out[last].Skipped++
		default:
			out = append(out, DiffRow{Change: Skipped, Skipped: 1})
		}
	}
	return out
}

// Lines returns the text of a document by line, however its lines end. Media
// have none.
func (d *Document) Lines() []string {
	if d.Kind == KindMedia {
		return nil
	}
	if text, ok := source.Read(d.Source); ok {
		return text.Lines
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(strings.ToValidUTF8(string(d.Source), "\ufffd"))
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// Changes returns what changed in a document from one version to another, by
// number; from 0 compares with nothing. Only authors and admins see it.
func (s *Service) Changes(ctx context.Context, by people.Actor, kind Kind, slug string, from, to int) (Diff, error) {
	list, err := s.Versions(ctx, by, kind, slug)
	if err != nil {
		return Diff{}, err
	}
	lines := func(number int) ([]string, error) {
		if number == 0 {
			return nil, nil
		}
		i := slices.IndexFunc(list, func(v Version) bool { return v.Number == number })
		if i < 0 {
			return nil, fault.NotFoundf("This document has no version %d.", number)
		}
		d, err := s.Version(ctx, list[i].ID)
		if err != nil {
			return nil, err
		}
		return d.Lines(), nil
	}
	old, err := lines(from)
	if err != nil {
		return Diff{}, err
	}
	changed, err := lines(to)
	if err != nil {
		return Diff{}, err
	}
	return Compare(old, changed), nil
}
