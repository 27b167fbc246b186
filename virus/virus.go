// Package virus asks a virus scanner what it thinks of a file.
//
//   - A file is clean only when the scanner said so: silence, half an answer and
//     an answer that is not understood are ErrUnavailable.
//   - What the scanner did not look at as a whole is no clean file: ErrTooLarge.
//   - Whatever the scanner does, an answer or an error comes in bounded time and memory.
package virus

import (
	"context"
	"errors"
	"io"
)

// Scanner looks for viruses.
type Scanner interface {
	// Scan reads r to its end. An error of r is returned, wrapped; the others to
	// act upon are ErrUnavailable and ErrTooLarge.
	Scan(ctx context.Context, r io.Reader) (Finding, error)
}

// Finding is what the scanner says of a file.
type Finding struct {
	Infected bool
	Name     string // that the scanner gives to what it found
}

var (
	// ErrUnavailable means that there is no verdict: the scanner cannot be
	// reached, or answers nothing that is understood. Another try may help.
	ErrUnavailable = errors.New("the virus scanner gives no verdict")
	// ErrTooLarge means that the scanner does not look at files of this size as
	// its administrator set it up. Another try does not help.
	ErrTooLarge = errors.New("the file is larger than the virus scanner accepts")
)
