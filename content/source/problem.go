// Package source reads authored files and keeps the place of everything it
// reads, so that what is wrong can be told by line and column. It knows no
// kind of document.
package source

import (
	"cmp"
	"slices"
)

// A Severity says whether a problem keeps a document from being published.
type Severity string

// An Error keeps a document from being published; a Warning does not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Problem is one thing to put right: where it is, why it is a problem and
// what to do.
type Problem struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`   // from 1
	Column   int      `json:"column"` // from 1, in characters
	Severity Severity `json:"severity" enum:"error,warning"`
	Cause    string   `json:"cause"`
	Remedy   string   `json:"remedy"`
}

// A Place is a position in a file, both from 1, the column in characters.
type Place struct{ Line, Column int }

// Notes collects the problems of one file.
type Notes struct {
	File     string
	Problems []Problem
}

// Error notes a problem that keeps the document from being published. The
// same cause at the same place is noted once.
func (n *Notes) Error(at Place, cause, remedy string) { n.add(at, Error, cause, remedy) }

// Warn notes a problem worth a look.
func (n *Notes) Warn(at Place, cause, remedy string) { n.add(at, Warning, cause, remedy) }

func (n *Notes) add(at Place, s Severity, cause, remedy string) {
	p := Problem{n.File, max(1, at.Line), max(1, at.Column), s, cause, remedy}
	if !slices.Contains(n.Problems, p) {
		n.Problems = append(n.Problems, p)
	}
}

// Failed reports whether any problem is an error.
func Failed(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}

// Sort orders problems by file, then by place.
func Sort(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
