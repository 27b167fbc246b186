package model

import "fmt"

// Code tells programs what went wrong: extensions.code of an error.
type Code string

// The codes of this API, besides those of GraphQL itself (GRAPHQL_PARSE_FAILED,
// GRAPHQL_VALIDATION_FAILED).
const (
	// BadInput: the request is malformed or asks for what the contract does not allow.
	BadInput Code = "BAD_INPUT"
	// CursorUnknown: the cursor is not of this register, or not of this list.
	CursorUnknown Code = "CURSOR_UNKNOWN"
	// Unauthenticated: nobody is signed in, or no longer.
	Unauthenticated Code = "UNAUTHENTICATED"
	// Forbidden: the viewer may not do this.
	Forbidden Code = "FORBIDDEN"
	// TooCostly: the query asks for more than one request may.
	TooCostly Code = "TOO_COSTLY"
	// OperationUnknown: only registered operations are executed, and this is none.
	OperationUnknown Code = "OPERATION_UNKNOWN"
	// TimedOut: the answer took longer than one request may.
	TimedOut Code = "TIMED_OUT"
	// Internal: not the client's fault; the request id leads to the log.
	Internal Code = "INTERNAL"
)

// Error is an expected failure: what it says is safe to show. People read it in
// their own language, programs read the code.
type Error struct {
	Code    Code
	English string
	Italian string // English when empty: a text for those who write programs
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.English }

// In gives the sentence in Italian or in English.
func (e *Error) In(language string) string {
	if language == "it" && e.Italian != "" {
		return e.Italian
	}
	return e.English
}

// Failure is the error for what is not the client's fault: what went wrong stands
// in the log.
func Failure() *Error {
	return &Error{
		Code:    Internal,
		English: "internal error: the administrator finds it in the log by its request id",
		Italian: "errore interno: l'amministratore lo trova nel registro con l'identificativo della richiesta",
	}
}

// Invalid is the error for a request that the contract does not allow.
func Invalid(format string, args ...any) *Error {
	return &Error{Code: BadInput, English: fmt.Sprintf(format, args...)}
}
