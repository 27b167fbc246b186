package virus

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	chunk      = 64 << 10
	maxAnswer  = 4 << 10
	maxName    = 200
	stepTime   = 10 * time.Second
	answerTime = 2 * time.Minute
)

// Clamd is the daemon of ClamAV, asked by its command INSTREAM (clamd(8)).
type Clamd struct {
	Network string // unix or tcp; over tcp the file goes in the clear
	Address string

	StepTime   time.Duration // for connecting, and for each piece to be taken; zero for ten seconds
	AnswerTime time.Duration // for the verdict once all was taken; zero for two minutes
}

var _ Scanner = Clamd{}

// At is the clamd at a place: the path of a socket, or HOST:PORT.
func At(place string) (Clamd, error) {
	if strings.HasPrefix(place, "/") {
		return Clamd{Network: "unix", Address: place}, nil
	}
	host, port, err := net.SplitHostPort(place)
	if err != nil || host == "" || port == "" {
		return Clamd{}, fmt.Errorf("%q is neither the path of a socket nor HOST:PORT", place)
	}
	return Clamd{Network: "tcp", Address: place}, nil
}

// Scan implements Scanner.
func (c Clamd) Scan(ctx context.Context, r io.Reader) (Finding, error) {
	step := orElse(c.StepTime, stepTime)
	conn, err := (&net.Dialer{Timeout: step}).DialContext(ctx, c.Network, c.Address)
	if err != nil {
		return Finding{}, c.unavailable(ctx, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	broken, err := feed(patient{conn, step}, r)
	if err != nil {
		return Finding{}, fmt.Errorf("read what is to be scanned: %w", err)
	}
	wait := orElse(c.AnswerTime, answerTime)
	if broken != nil {
		wait = step // a scanner that has read enough says so before it closes
	}
	if err := conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return Finding{}, c.unavailable(ctx, err)
	}
	answer, err := bufio.NewReader(io.LimitReader(conn, maxAnswer)).ReadString(0)
	if err != nil {
		return Finding{}, c.unavailable(ctx, errors.Join(broken, err))
	}
	return c.understand(strings.TrimSuffix(answer, "\x00"), broken)
}

// feed sends all of r in pieces, each with its length before it. What goes wrong
// on the side of the scanner is the first error, on that of r the second.
func feed(conn io.Writer, r io.Reader) (broken, err error) {
	if _, broken := io.WriteString(conn, "zINSTREAM\x00"); broken != nil {
		return broken, nil
	}
	buffer := make([]byte, 4+chunk)
	for {
		n, err := io.ReadFull(r, buffer[4:])
		if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		binary.BigEndian.PutUint32(buffer, uint32(n))
		if _, broken := conn.Write(buffer[:4+n]); broken != nil || n == 0 {
			return broken, nil
		}
	}
}

// understand reads the verdict. One of a file that was not sent to its end
// counts only when it is against the file.
func (c Clamd) understand(answer string, broken error) (Finding, error) {
	verdict, ours := strings.CutPrefix(answer, "stream: ")
	name, found := strings.CutSuffix(verdict, " FOUND")
	switch {
	case strings.Contains(answer, "size limit exceeded"):
		return Finding{}, fmt.Errorf("%w (StreamMaxLength of %s)", ErrTooLarge, c.Address)
	case ours && found && strings.HasPrefix(name, "Heuristics.Limits.Exceeded"):
		return Finding{}, fmt.Errorf("%w (%s of %s)", ErrTooLarge, printable(name), c.Address)
	case ours && found && name != "":
		return Finding{Infected: true, Name: printable(name)}, nil
	case ours && verdict == "OK" && broken == nil:
		return Finding{}, nil
	}
	return Finding{}, errors.Join(fmt.Errorf("%w: %s answers %q", ErrUnavailable, c.Address, printable(answer)), broken)
}

// unavailable is the error of a scanner that gives no verdict, unless it was the
// caller who gave up.
func (c Clamd) unavailable(ctx context.Context, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, c.Address, cause)
}

// printable is a short text of one line.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '_'
		}
		return r
	}, s)
	return s[:min(len(s), maxName)]
}

// patient gives each write its own time.
type patient struct {
	net.Conn
	step time.Duration
}

// Write implements io.Writer.
func (p patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(p.step)); err != nil {
		return 0, err
	}
	return p.Conn.Write(b)
}

func orElse(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}
