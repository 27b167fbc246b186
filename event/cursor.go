package event

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Cursor is a place in a log: right after the event numbered Seq. The zero
// Cursor is no place.
type Cursor struct {
	Epoch string
	Seq   int
}

// ErrMalformed says that a text is not a cursor.
var ErrMalformed = errors.New("not a cursor of this program")

const (
	cursorVersion = 1
	maxCursorText = 128 // bounds what is decoded for a stranger
)

// String is the opaque form for clients: base64url of a version byte, the
// number, the epoch, and a CRC-32 that catches what was cut or mistyped.
func (c Cursor) String() string {
	b := binary.AppendUvarint([]byte{cursorVersion}, uint64(c.Seq))
	b = append(b, c.Epoch...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads the opaque form. Its error is ErrMalformed; whether the
// place exists is for Log.Check.
func ParseCursor(text string) (Cursor, error) {
	if len(text) > maxCursorText {
		return Cursor{}, fmt.Errorf("cursor of %d characters: %w", len(text), ErrMalformed)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < 6 || b[0] != cursorVersion {
		return Cursor{}, fmt.Errorf("cursor %q: %w", text, ErrMalformed)
	}
	body, sum := b[:len(b)-4], binary.BigEndian.Uint32(b[len(b)-4:])
	seq, n := binary.Uvarint(body[1:])
	if crc32.ChecksumIEEE(body) != sum || n <= 0 || seq > 1<<62 {
		return Cursor{}, fmt.Errorf("cursor %q: %w", text, ErrMalformed)
	}
	return Cursor{Epoch: string(body[1+n:]), Seq: int(seq)}, nil
}
