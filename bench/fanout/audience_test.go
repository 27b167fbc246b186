//go:build linux

package fanout

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// audience is many subscribers of one server: one goroutine, one epoll, and no
// decoding beyond frames and marks. It runs only inside until.
type audience struct {
	protocol protocol
	addr     netip.AddrPort
	atOnce   int // connections that may be on their way at the same time

	poll     int
	byFD     map[int32]*subscriber
	all      []*subscriber
	absent   []*subscriber // have to be connected
	arriving int
	resting  time.Time // nobody is connected before: the last try failed
	buffer   []byte

	live       int // have said all that the protocol asks for
	probed     int // have heard number 0
	deliveries int // of the fast ones
	bytes      int // to the fast ones
	lastAt     time.Time
	took       spread
	gone       int   // left by the server while live
	retries    int   // handshakes that failed and were begun again
	why        error // of the last retry, or of who was left
	drained    time.Time
}

const (
	perSource  = 20_000 // connections from one address of this machine: it has some 28,000 ports
	retryAfter = 200 * time.Millisecond
	slowBytes  = 2 << 10 // that a slow reader takes in a second
)

// newAudience makes n subscribers that are not connected.
func newAudience(p protocol, n int) (*audience, error) {
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	a := &audience{protocol: p, atOnce: 200, poll: poll, byFD: map[int32]*subscriber{}, buffer: make([]byte, 256<<10)}
	for i := range n {
		a.all = append(a.all, &subscriber{number: i, fd: -1})
	}
	return a, nil
}

func (a *audience) close() error {
	for _, s := range a.all {
		a.hangUp(s)
	}
	return unix.Close(a.poll)
}

// visit makes everybody who is not connected go to a server.
func (a *audience) visit(addr string) (err error) {
	if a.addr, err = netip.ParseAddrPort(addr); err != nil {
		return err
	}
	for _, s := range a.all {
		if s.fd < 0 {
			a.absent = append(a.absent, s)
		}
	}
	return nil
}

// errTime says that the time was over first.
var errTime = errors.New("the time was over")

// until takes what comes until a condition holds or the time is over.
func (a *audience) until(limit time.Duration, holds func() bool) error {
	end := time.Now().Add(limit)
	events := make([]unix.EpollEvent, 512)
	for !holds() {
		if time.Now().After(end) {
			return errors.Join(fmt.Errorf("%w after %v: of %d subscribers %d are connected, %d hear, %d deliveries have come; %d handshakes failed, %d were left",
				errTime, limit, len(a.all), a.live, a.probed, a.deliveries, a.retries, a.gone), a.why)
		}
		if err := a.invite(); err != nil {
			return err
		}
		n, err := unix.EpollWait(a.poll, events, 10)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("epoll: %w", err)
		}
		for _, e := range events[:max(0, n)] {
			if s := a.byFD[e.Fd]; s != nil {
				a.serve(s)
			}
		}
		a.trickle()
	}
	return nil
}

// invite begins connections, as many as may be on their way.
func (a *audience) invite() error {
	for len(a.absent) > 0 && a.arriving < a.atOnce && time.Now().After(a.resting) {
		s := a.absent[0]
		a.absent = a.absent[1:]
		source := [4]byte{127, 0, 0, byte(2 + s.number/perSource)}
		if err := s.connect(source, a.addr); err != nil {
			return fmt.Errorf("connect subscriber %d: %w", s.number, err)
		}
		a.byFD[int32(s.fd)] = s
		a.arriving++
		if err := a.watch(unix.EPOLL_CTL_ADD, s, unix.EPOLLIN|unix.EPOLLOUT); err != nil {
			return err
		}
	}
	return nil
}

// probeAgain is after how long number 0 is published again, and then after twice
// that, while not everybody hears: not all servers say that they have taken a
// subscription. Who has a cursor needs no second one.
const probeAgain = 200 * time.Millisecond

// assemble connects everybody, and waits until each has heard something.
func (a *audience) assemble(p *process, limit time.Duration) error {
	if err := a.until(limit, func() bool { return a.live == len(a.all) || a.gone > 0 }); err != nil {
		return err
	}
	var failed error
	next, wait := time.Now(), probeAgain
	err := a.until(limit, func() bool {
		if now := time.Now(); now.After(next) {
			failed = p.publish(0, now)
			next, wait = now.Add(wait), 2*wait
			if a.protocol.cursors {
				next = now.Add(limit)
			}
		}
		return failed != nil || a.probed == len(a.all) || a.gone > 0
	})
	if a.gone > 0 {
		return errors.Join(fmt.Errorf("%d subscribers were left before it began", a.gone), a.why)
	}
	return errors.Join(failed, err)
}

func (a *audience) watch(op int, s *subscriber, events uint32) error {
	return unix.EpollCtl(a.poll, op, s.fd, &unix.EpollEvent{Events: events, Fd: int32(s.fd)})
}

// serve goes on with one subscriber to whom something happened.
func (a *audience) serve(s *subscriber) {
	err := a.goOn(s)
	switch {
	case err == nil:
	case s.state == live:
		a.gone++
		a.why = fmt.Errorf("subscriber %d: %w", s.number, err)
		a.hangUp(s)
	default:
		a.retries++
		a.why = fmt.Errorf("handshake of subscriber %d: %w", s.number, err)
		a.hangUp(s)
		a.absent = append(a.absent, s)
		a.resting = time.Now().Add(retryAfter)
	}
}

func (a *audience) goOn(s *subscriber) error {
	if s.state == connecting {
		if n, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR); err != nil || n != 0 {
			return fmt.Errorf("connect: %w", errors.Join(err, unix.Errno(n)))
		}
		s.state = upgrading
		if err := s.write([]byte(a.protocol.upgrade(s, a.addr.String()))); err != nil {
			return err
		}
		return a.watch(unix.EPOLL_CTL_MOD, s, unix.EPOLLIN)
	}
	return a.read(s, len(a.buffer))
}

// hangUp ends a connection; what the subscriber has heard stays.
func (a *audience) hangUp(s *subscriber) {
	if s.fd < 0 {
		return
	}
	delete(a.byFD, int32(s.fd))
	_ = unix.Close(s.fd) // takes it out of the epoll too
	switch {
	case s.state == live && s.probed:
		a.live--
		a.probed--
	case s.state == live:
		a.live--
	default:
		a.arriving--
	}
	s.fd, s.state, s.step, s.probed, s.rest = -1, connecting, 0, false, nil
}

// read takes what is there, at most so many bytes.
func (a *audience) read(s *subscriber, atMost int) error {
	kept := copy(a.buffer, s.rest)
	n, err := unix.Read(s.fd, a.buffer[kept:min(len(a.buffer), kept+atMost)])
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return err
	case n == 0:
		return errors.New("the server has closed the connection")
	}
	if !s.slow {
		a.bytes += n
	}
	b := a.buffer[:kept+n]
	if s.state == upgrading {
		head, rest, whole := bytes.Cut(b, []byte("\r\n\r\n"))
		if !whole {
			s.rest = append(s.rest[:0], b...)
			return nil
		}
		if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
			return fmt.Errorf("answered %.200q", b)
		}
		s.state, b = greeting, rest
		if err := a.greet(s); err != nil {
			return err
		}
	}
	return a.frames(s, b)
}

// frames takes whole frames and keeps the rest.
func (a *audience) frames(s *subscriber, b []byte) error {
	now := time.Now()
	for {
		op, payload, size := cutFrame(b)
		if size == 0 {
			break
		}
		b = b[size:]
		if err := a.frame(s, op, payload, now); err != nil {
			return err
		}
	}
	s.rest = append(s.rest[:0], b...)
	return nil
}

func (a *audience) frame(s *subscriber, op byte, payload []byte, now time.Time) error {
	switch {
	case op == opPing:
		return s.write(masked(opPong, payload))
	case op == opClose:
		return fmt.Errorf("the server closes: %q", payload)
	case a.heard(s, payload, now):
		return nil
	case a.protocol.ping != "" && bytes.Contains(payload, []byte(a.protocol.ping)):
		return s.write(masked(opText, []byte(a.protocol.pong)))
	case s.state == greeting && bytes.Contains(payload, []byte(a.protocol.steps[s.step].hear)):
		s.step++
		return a.greet(s)
	case bytes.Contains(payload, []byte(`"error`)):
		return fmt.Errorf("the server says %.300q", payload)
	}
	return nil
}

// greet says what comes next, until something has to be heard.
func (a *audience) greet(s *subscriber) error {
	for ; s.step < len(a.protocol.steps); s.step++ {
		next := a.protocol.steps[s.step]
		if err := s.write(masked(opText, []byte(next.say(s)))); err != nil || next.hear != "" {
			return err
		}
	}
	s.state = live
	a.arriving--
	a.live++
	if s.slow {
		return a.watch(unix.EPOLL_CTL_DEL, s, 0)
	}
	return nil
}

// heard counts the events in a message; false when it has none.
func (a *audience) heard(s *subscriber, payload []byte, now time.Time) bool {
	some := false
	for rest := payload; ; some = true {
		id, published, next, found := cutMark(rest)
		if !found {
			break
		}
		rest = next
		switch {
		case id == 0 && !s.probed:
			s.probed = true
			a.probed++
		case id > 0:
			s.count.hear(id)
			if !s.slow {
				a.deliveries++
				a.lastAt = now
				a.took.add(now.Sub(time.Unix(0, published)))
			}
		}
	}
	if some && a.protocol.cursors {
		s.cursor = append(s.cursor[:0], cursorIn(payload)...)
	}
	return some
}

// trickle lets the slow ones read a little, once a second.
func (a *audience) trickle() {
	if time.Since(a.drained) < time.Second {
		return
	}
	a.drained = time.Now()
	for _, s := range a.all {
		if !s.slow || s.state != live {
			continue
		}
		if err := a.read(s, slowBytes); err != nil {
			a.gone++
			a.why = fmt.Errorf("slow subscriber %d: %w", s.number, err)
			a.hangUp(s)
		}
	}
}
