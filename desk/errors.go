package desk

import (
	"context"
	"errors"

	"github.com/smista/smista/ent"
)

// Code sorts errors by what can be done about them.
type Code string

// The codes. What may not be seen is NotFound.
const (
	Invalid     Code = "invalid"     // the request makes no sense: change it
	NotFound    Code = "not_found"   // there is nothing of that name
	Conflict    Code = "conflict"    // somebody was quicker: look again
	Unavailable Code = "unavailable" // disk, database or a server: try again later
	Internal    Code = "internal"    // a fault of the program
)

// Error is what a verb of the desk answers when it could not be done. Message is
// safe to show to anybody; the cause is for the log.
type Error struct {
	Code    Code
	Message string
	Place   string // of what is wrong in a condition, from "$"; empty elsewhere
	Italian string // what is wrong there, for people; empty elsewhere
	cause   error
}

// Error gives both texts, for the log.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf sorts any error: what is not ours is Internal, nil has no code.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// failed wraps what an archive or a database answered, unless it was wrapped already.
func failed(message string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	code := Unavailable
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case ent.IsNotFound(err):
		code = NotFound
	case ent.IsConstraintError(err):
		code = Conflict
	}
	return &Error{Code: code, Message: message, cause: err}
}
