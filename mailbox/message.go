package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/emersion/go-imap/v2"
)

// A connection may be lost a few times in one message, and once more for each
// piece of progress.
const (
	resumes  = 3
	progress = 256 << 10 // bytes
)

// pieces reads one message in chunks and goes on after a lost connection where
// it was. It is one reader to its consumer. The announced size is a hint: the
// message ends where the server has no more bytes, and that is asked for when
// it comes before the size announced.
type pieces struct {
	ctx   context.Context
	link  *link
	uid   uint32
	size  int64 // announced
	off   int64 // bytes handed out
	start int64 // offset of the current chunk
	cur   *body
	tries int // connections lost
	err   error
}

func (r *pieces) Read(p []byte) (int, error) {
	for r.err == nil {
		n, err := r.step(p)
		r.off += int64(n)
		if r.off > r.link.opts.Caps.Message {
			err = fmt.Errorf("message %d: %w: larger than the limit of %d bytes", r.uid, errTooMuch, r.link.opts.Caps.Message)
		}
		r.err = r.judge(err)
		if n > 0 {
			return n, nil
		}
	}
	return 0, r.err
}

// step reads from the current chunk, asking for the next one when there is none.
func (r *pieces) step(p []byte) (int, error) {
	if r.cur == nil {
		s, err := r.link.open(r.ctx)
		if err != nil {
			return 0, err
		}
		r.start = r.off
		chunk := r.link.opts.Caps.Chunk
		s.openWindow([]uint32{r.uid}, span{r.off, chunk}, chunk+smallAnswer+chunk/64)
		if r.cur, err = s.take(r.uid); err != nil {
			return 0, err
		}
	}
	return r.cur.Read(p)
}

// judge decides how to go on after an error of step.
func (r *pieces) judge(err error) error {
	switch got := r.off - r.start; {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		r.endChunk()
		return r.ended(got)
	case errors.Is(err, errNoBody) && r.off > 0 && r.off >= r.size:
		r.endChunk()
		return io.EOF
	case r.resumable(err):
		r.cur = nil
		r.link.drop()
		r.tries++
		return r.link.pause(r.ctx, min(r.tries, resumes)-1)
	}
	return err
}

// ended tells whether a whole chunk of got bytes was the last one.
func (r *pieces) ended(got int64) error {
	switch chunk := r.link.opts.Caps.Chunk; {
	case got > chunk:
		return fmt.Errorf("message %d: %w", r.uid, errTooMuch)
	case got == 0 && r.off == 0:
		return fmt.Errorf("message %d: %w", r.uid, errNoBody)
	case got == 0 || got < chunk && r.off >= r.size:
		return io.EOF
	}
	return nil
}

func (r *pieces) endChunk() {
	r.cur = nil
	r.link.endWindow()
}

// resumable: the connection was lost, not too often, and what it brought is
// known to be of this message. An answer that cannot be believed, and a plain NO
// or BAD (imap.Error), is not asked for again here.
func (r *pieces) resumable(err error) bool {
	for _, fatal := range []error{errNothing, errNoBody, errOrder, errTooMuch, errRenumbered} {
		if errors.Is(err, fatal) {
			return false
		}
	}
	unnamed := r.cur != nil && r.cur.lit.n > 0 && !r.cur.named
	return r.ctx.Err() == nil && !is[*imap.Error](err) && !unnamed && r.tries < resumes+int(r.off/progress)
}
