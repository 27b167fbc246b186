//go:build linux

package fanout

import (
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// state is how far a subscriber has come.
type state int

const (
	connecting state = iota
	upgrading        // waits for 101
	greeting         // says the steps of the protocol
	live
)

// subscriber is one socket, or the place of one.
type subscriber struct {
	number int
	token  string
	slow   bool   // takes slowBytes in a second
	cursor []byte // of the last event, where the protocol has cursors

	fd     int // -1: none
	state  state
	step   int
	rest   []byte // of a frame that has not come whole
	probed bool
	count  count
}

// slowBuffer is the receive buffer of a slow reader: the server notices soon.
const slowBuffer = 4 << 10

// connect begins a connection from an address of this machine.
func (s *subscriber) connect(source [4]byte, to netip.AddrPort) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open a socket (raise the limit with ulimit -n): %w", err)
	}
	err = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	if err == nil && s.slow {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, slowBuffer)
	}
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrInet4{Addr: source})
	}
	if err == nil {
		err = unix.Connect(fd, &unix.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())})
	}
	if err != nil && !errors.Is(err, unix.EINPROGRESS) {
		return errors.Join(err, unix.Close(fd))
	}
	s.fd, s.state, s.step = fd, connecting, 0
	return nil
}

// write sends little: it always fits into the buffer of a socket that has nothing to send.
func (s *subscriber) write(b []byte) error {
	n, err := unix.Write(s.fd, b)
	if err == nil && n < len(b) {
		err = errors.New("the socket takes nothing")
	}
	return err
}
