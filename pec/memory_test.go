package pec_test

import (
	"context"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
)

// bigMail is a mail with one base64 attachment of any size that is never held
// in memory: all its lines are the same.
type bigMail struct {
	head, line, tail string
	lines            int64
}

const linesAtOnce = 500

func newBigMail(size int64) bigMail {
	line := strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n", linesAtOnce)
	return bigMail{
		head: crlf("From: a@b.example", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "hello", "--b",
			"Content-Type: application/pdf; name=a.pdf", "Content-Transfer-Encoding: base64", ""),
		line: line, lines: size / int64(len(line)), tail: crlf("--b--"),
	}
}

func (b bigMail) size() int64 {
	return int64(len(b.head)) + b.lines*int64(len(b.line)) + int64(len(b.tail))
}

func (b bigMail) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) && at < b.size() {
		body := at - int64(len(b.head))
		var from string
		switch {
		case body < 0:
			from = b.head[at:]
		case body < b.lines*int64(len(b.line)):
			from = b.line[body%int64(len(b.line)):]
		default:
			from = b.tail[body-b.lines*int64(len(b.line)):]
		}
		copied := copy(p[n:], from)
		n += copied
		at += int64(copied)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// A message of 100 MB costs no more memory than one of 1 MB.
func TestMemoryDoesNotGrowWithTheMessage(t *testing.T) {
	allocated := func(size int64) uint64 {
		mail := newBigMail(size)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := pec.Read(context.Background(), mail, mail.size(), trusted())
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		require.Equal(t, "hello", m.Mail.Text)
		require.Equal(t, mail.lines*linesAtOnce*57, m.Mail.Attachments[0].Size)
		return after.TotalAlloc - before.TotalAlloc
	}
	allocated(1 << 20) // the buffers are kept from here on
	small, big := allocated(1<<20), allocated(100<<20)
	require.Less(t, big, small+1<<20, "all that was ever allocated, freed or not")
}
