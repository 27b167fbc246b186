package provider

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// faultyListener arms each connection with the faults in force when it comes.
type faultyListener struct {
	net.Listener
	faults   *faults
	protocol string
}

func (l *faultyListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	fc := &faultyConn{Conn: c, faults: l.faults, protocol: l.protocol, closed: make(chan struct{})}
	if f, ok := l.faults.cut(l.protocol); ok {
		fc.cut, fc.incoming = true, f.Incoming
		fc.left.Store(f.Bytes)
	}
	return fc, nil
}

// faultyConn is cut after so many bytes on the wire (under TLS: of TLS), or slow.
type faultyConn struct {
	net.Conn
	faults   *faults
	protocol string

	cut, incoming bool
	left          atomic.Int64

	once   sync.Once
	closed chan struct{}
}

func (c *faultyConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

func (c *faultyConn) Read(p []byte) (int, error) {
	if !c.cut || !c.incoming {
		return c.Conn.Read(p)
	}
	left := c.left.Load()
	if left == 0 {
		_ = c.Close()
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), left)])
	c.left.Add(-int64(n))
	return n, err
}

func (c *faultyConn) Write(p []byte) (int, error) {
	if !c.cut || c.incoming {
		return c.slowly(p)
	}
	left := c.left.Load()
	if left >= int64(len(p)) {
		c.left.Add(-int64(len(p)))
		return c.slowly(p)
	}
	n, err := c.slowly(p[:left])
	c.left.Store(0)
	_ = c.Close()
	if err == nil {
		err = net.ErrClosed
	}
	return n, err
}

// slowly writes a tenth of a second's worth at a time.
func (c *faultyConn) slowly(p []byte) (int, error) {
	done := 0
	for {
		rate := c.faults.rate(c.protocol)
		if rate == 0 {
			n, err := c.Conn.Write(p[done:])
			return done + n, err
		}
		n, err := c.Conn.Write(p[done:min(len(p), done+int(max(rate/10, 1)))])
		done += n
		if err != nil || done == len(p) {
			return done, err
		}
		select {
		case <-c.closed:
			return done, net.ErrClosed
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// imapListener wraps connections, above TLS, for the answers that the IMAP
// library cannot be made to give.
type imapListener struct {
	net.Listener
	faults *faults
}

func (l *imapListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &imapConn{Conn: c, faults: l.faults}, nil
}

// imapConn rewrites answers. The library flushes a whole answer at once unless
// it is long, so the short ones that are rewritten arrive in one Write.
type imapConn struct {
	net.Conn
	faults *faults
	nils   atomic.Int32 // empty literals to turn into NIL
}

func (c *imapConn) Write(p []byte) (int, error) {
	out := p
	if c.nils.Load() > 0 && bytes.Contains(out, []byte("{0}\r\n")) {
		out = bytes.Replace(out, []byte("{0}\r\n"), []byte("NIL"), 1)
		c.nils.Add(-1)
	}
	if bytes.Contains(out[:min(len(out), 200)], []byte("CAPABILITY")) && c.faults.active(NoIdle, "") {
		out = bytes.Replace(out, []byte(" IDLE"), nil, 1)
	}
	if _, err := c.Conn.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}
