package mailbox

import (
	"context"
	"fmt"
	"io"
)

// outgoing passes a message on, as long as it is what was announced and can be
// sent as it is: CRLF at the end of each line and nowhere else a CR or LF (RFC
// 5321 §2.3.8), or else servers disagree about where it ends.
type outgoing struct {
	ctx      context.Context
	r        io.Reader
	left     int64
	eightBit bool
	last     byte
}

func (o *outgoing) Read(p []byte) (int, error) {
	if err := context.Cause(o.ctx); err != nil {
		return 0, err
	}
	n, err := o.r.Read(p)
	if bad := o.look(p[:n]); bad != nil {
		return 0, bad
	}
	switch {
	case err == nil:
		return n, nil
	case err != io.EOF:
		return 0, fmt.Errorf("read the message: %w", err)
	case o.left > 0:
		return 0, flaw(fmt.Sprintf("it is %d bytes shorter than announced", o.left))
	case o.last != '\n':
		return 0, flaw("its last line has no end")
	}
	return n, io.EOF
}

func (o *outgoing) look(p []byte) error {
	if o.left -= int64(len(p)); o.left < 0 {
		return flaw("it is longer than announced")
	}
	for _, b := range p {
		if b > 127 && !o.eightBit {
			return flaw("it has bytes above 127, and was said to have none")
		}
		if (o.last == '\r') != (b == '\n') {
			return flaw("it has a CR or LF that is no end of a line")
		}
		o.last = b
	}
	return nil
}
