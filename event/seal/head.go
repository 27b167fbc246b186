package seal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin      = "smista movements register" // the first line of a head
	maxHeadLine = 512
	maxHead     = 4 * maxHeadLine
)

var (
	errTorn      = errors.New("a head that was not written to its end")
	errMalformed = errors.New("no head of the register")
	// errUnreadable: the file cannot be read; the heads say nothing.
	errUnreadable = errors.New("the heads cannot be read")
)

// Head says what the register was: so many events, and the root of their tree.
type Head struct {
	Size int
	Root tlog.Hash
	Time time.Time // when it was signed, by this instance's clock
}

func (h Head) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", origin, h.Size, h.Root, h.Time.UTC().Format(time.RFC3339Nano))
}

// sign gives a head as the file has it: a signed note and an empty line.
func (h Head) sign(key note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: h.text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign a head: %w", err)
	}
	return append(signed, '\n'), nil
}

// openHead reads a head whose signature is by key, and nothing else.
func openHead(signed []byte, key note.Verifier) (Head, error) {
	n, err := note.Open(bytes.TrimSuffix(signed, []byte("\n")), note.VerifierList(key))
	if err != nil {
		return Head{}, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 || lines[0] != origin {
		return Head{}, errMalformed
	}
	size, err1 := strconv.Atoi(lines[1])
	root, err2 := tlog.ParseHash(lines[2])
	at, err3 := time.Parse(time.RFC3339Nano, lines[3])
	if err := errors.Join(err1, err2, err3); err != nil || size <= 0 {
		return Head{}, errors.Join(errMalformed, err)
	}
	return Head{Size: size, Root: root, Time: at}, nil
}

// heads reads a file of heads one after the other.
type heads struct {
	lines *bufio.Reader
	key   note.Verifier
	place int   // of the last one, from 1
	read  int64 // bytes
	end   int64 // where the last whole one ended
}

func newHeads(r io.Reader, key note.Verifier) *heads {
	return &heads{lines: bufio.NewReaderSize(r, maxHeadLine), key: key}
}

// next gives the next head. The error is io.EOF at the end, errTorn when the
// file ends within a head; after any other the following heads can be read: a
// head ends with the empty line that follows a signature.
func (h *heads) next() (Head, error) {
	var signed []byte
	h.place++
	for bySignature := false; ; {
		line, err := h.lines.ReadSlice('\n')
		h.read += int64(len(line))
		if len(signed) <= maxHead {
			signed = append(signed, line...)
		}
		switch {
		case err == io.EOF && len(signed) == 0:
			return Head{}, io.EOF
		case err == io.EOF:
			return Head{}, errTorn
		case err != nil && err != bufio.ErrBufferFull:
			return Head{}, fmt.Errorf("%w: %w", errUnreadable, err)
		case bySignature && len(line) == 1:
			h.end = h.read
			return openHead(signed, h.key)
		}
		bySignature = bytes.HasPrefix(line, []byte("— "))
	}
}
