package server

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

// poller watches the sockets that have nothing to read: they need no goroutine, whose
// stack is a third of what a dashboard takes that only waits. One epoll(7) tells to
// which of them somebody writes.
type poller struct {
	file *os.File // the epoll, for the runtime to wait on
	fd   int

	mu      sync.Mutex
	last    int32 // name that was given
	resting map[int32]*socket
}

// newPoller is nil where there can be none: then sockets keep their goroutines.
func newPoller() *poller {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		_ = syscall.Close(fd)
		return nil
	}
	p := &poller{file: os.NewFile(uintptr(fd), "epoll"), fd: fd, resting: map[int32]*socket{}}
	raw, err := p.file.SyscallConn()
	if err != nil {
		_ = p.file.Close()
		return nil
	}
	go p.watch(raw)
	return p
}

// watch stirs who is written to, until the poller is closed.
func (p *poller) watch(raw syscall.RawConn) {
	events := make([]syscall.EpollEvent, 128)
	for {
		n := 0
		err := raw.Read(func(fd uintptr) bool {
			var err error
			for n, err = syscall.EpollWait(int(fd), events, 0); errors.Is(err, syscall.EINTR); {
				n, err = syscall.EpollWait(int(fd), events, 0)
			}
			return n > 0
		})
		if err != nil {
			return
		}
		for _, e := range events[:n] {
			p.mu.Lock()
			s := p.resting[e.Fd] // a name of ours
			p.mu.Unlock()
			if s != nil {
				s.stir()
			}
		}
	}
}

// arm lets the poller tell once when somebody writes to a socket, or leaves it;
// false when it cannot.
func (p *poller) arm(s *socket) bool {
	if p == nil {
		return false
	}
	how := syscall.EPOLL_CTL_MOD
	p.mu.Lock()
	if s.name == 0 {
		how = syscall.EPOLL_CTL_ADD
		p.last++
		s.name = p.last
		p.resting[s.name] = s
	}
	p.mu.Unlock()
	return s.wire.number(func(fd int) error {
		return syscall.EpollCtl(p.fd, how, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT, Fd: s.name})
	}) == nil
}

// forget lets a socket go that has ended; its number has left the epoll with it.
func (p *poller) forget(s *socket) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.resting, s.name)
}

func (p *poller) close() {
	if p != nil {
		_ = p.file.Close()
	}
}
