// Package fault names the few ways an operation can fail that a person can
// act on. Every other error is a defect: it is logged, and the person sees
// only that something went wrong.
package fault

import (
	"errors"
	"fmt"
)

// A Kind says what the caller may do about an error.
type Kind int

const (
	Defect          Kind = iota // ours to fix; the zero Kind, so an unnamed error is a defect
	Invalid                     // change the input
	Unauthenticated             // sign in
	Forbidden                   // ask someone else
	NotFound                    // it is not there, or not there for you
	Conflict                    // reload and try again
	Stale                       // what was edited has changed since it was read: both texts are shown
	TooLarge                    // send less
	TooMany                     // wait
)

// An Error is an error with a message fit for the person who caused it: the
// cause, then the remedy.
type Error struct {
	Kind    Kind
	Message string
	Fields  map[string]string // problem by form field, for Invalid
	Theirs  string            // for Stale: the text that was saved meanwhile
}

func (e *Error) Error() string { return e.Message }

// Invalidf returns an Invalid error that is about no single field.
func Invalidf(format string, args ...any) error {
	return &Error{Kind: Invalid, Message: fmt.Sprintf(format, args...)}
}

// Field returns an Invalid error about one form field.
func Field(name, message string) error {
	return &Error{Kind: Invalid, Message: message, Fields: map[string]string{name: message}}
}

// Fields returns an Invalid error about several fields, or nil if there are none.
func Fields(problems map[string]string) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Some fields need another look.", Fields: problems}
}

// NotFoundf returns a NotFound error: the thing is absent, or out of sight.
func NotFoundf(format string, args ...any) error {
	return &Error{Kind: NotFound, Message: fmt.Sprintf(format, args...)}
}

// Forbiddenf returns a Forbidden error: visible, but not for this person to do.
func Forbiddenf(format string, args ...any) error {
	return &Error{Kind: Forbidden, Message: fmt.Sprintf(format, args...)}
}

// Conflictf returns a Conflict error: the state does not allow it now.
func Conflictf(format string, args ...any) error {
	return &Error{Kind: Conflict, Message: fmt.Sprintf(format, args...)}
}

// KindOf returns the Kind of err, which may be wrapped.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Defect
}

// FieldsOf returns the problems by field of err, or nil.
func FieldsOf(err error) map[string]string {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
