// Package model holds the Go side of what schema.graphql names and no table
// holds: scalars, global ids, connections, and one type for each kind of event.
//
//   - What comes in is checked here, once; a resolver never sees a value that
//     the contract does not allow.
//   - An id tells its type, so that it cannot be used for another.
package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// timeLayout is RFC 3339 with offset and milliseconds.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalDateTime writes a DateTime; the zero time is null.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return quoted(t.Format(timeLayout))
}

// UnmarshalDateTime reads a DateTime: RFC 3339, with an offset.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, Invalid("a DateTime is a string")
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, Invalid("a DateTime is written as 2026-11-22T09:14:05Z, with an offset")
	}
	return t.UTC(), nil
}

// MarshalSha256 writes a digest; the empty one is null.
func MarshalSha256(s string) graphql.Marshaler {
	if s == "" {
		return graphql.Null
	}
	return quoted(s)
}

// UnmarshalSha256 reads a digest.
func UnmarshalSha256(v any) (string, error) {
	s, _ := v.(string)
	if b, err := hex.DecodeString(s); err != nil || len(b) != sha256.Size || strings.ToLower(s) != s {
		return "", Invalid("a Sha256 is 64 lower-case hexadecimal digits")
	}
	return s, nil
}

// MarshalBigInt writes a BigInt.
func MarshalBigInt(n int64) graphql.Marshaler {
	return quoted(strconv.FormatInt(n, 10))
}

// UnmarshalBigInt reads a BigInt.
func UnmarshalBigInt(v any) (int64, error) {
	s, ok := v.(string)
	if !ok {
		return 0, Invalid("a BigInt is a string of decimal digits")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, Invalid("a BigInt is a string of decimal digits, at most 2^63-1")
	}
	return n, nil
}

// maxCursor is far above what a cursor of ours takes.
const maxCursor = 400

// Cursor is a place in a connection or in the register, as the client has it.
type Cursor string

// MarshalGQL writes the cursor.
func (c Cursor) MarshalGQL(w io.Writer) { quoted(string(c)).MarshalGQL(w) }

// UnmarshalGQL reads a cursor; what it means is read where it is used.
func (c *Cursor) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok || len(s) > maxCursor {
		return Invalid("a Cursor is a string of at most %d characters, as some earlier answer gave it", maxCursor)
	}
	*c = Cursor(s)
	return nil
}

func quoted(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		b, err := json.Marshal(s)
		if err != nil { // a string always can be
			b = []byte(`""`)
		}
		_, _ = w.Write(b)
	})
}

// MarshalUID writes a number of an IMAP server as a BigInt.
func MarshalUID(n uint32) graphql.Marshaler { return MarshalBigInt(int64(n)) }

// UnmarshalUID reads a number of an IMAP server.
func UnmarshalUID(v any) (uint32, error) {
	n, err := UnmarshalBigInt(v)
	if err != nil || n < 0 || n > math.MaxUint32 {
		return 0, Invalid("this number is a string of decimal digits, at most 2^32-1")
	}
	return uint32(n), nil
}
