package mailbox

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fetchesBody tells whether a command asks for the content of a message, alone
// or among others.
func fetchesBody(command string, uid uint32) bool {
	m := reFetch.FindStringSubmatch(command)
	return m != nil && strings.Contains(m[2], "BODY.PEEK[]") && inSet(m[1], uid, 0)
}

// Each of these servers spoils what it says of message 3, always. The others
// must be collected, message 3 set aside with a reason, and nothing archived
// under its name.
func TestABadMessageIsSetAsideAndStopsNoOther(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil  func(c *fakeConn, tag string)
		reason string
	}{
		"cut inside the literal": {func(c *fakeConn, tag string) {
			fmt.Fprintf(c, "* 3 FETCH (UID 3 BODY[] {100}\r\nhello")
			c.dead = true
		}, "the connection ended inside the message"},
		"cut after the literal": {func(c *fakeConn, tag string) {
			fmt.Fprintf(c, "* 3 FETCH (UID 3 BODY[] {5}\r\nhello")
			c.dead = true
		}, ""},
		"cut before the OK": {func(c *fakeConn, tag string) {
			fmt.Fprintf(c, "* 3 FETCH (UID 3 BODY[] {5}\r\nhello)\r\n")
			c.dead = true
		}, ""},
		"no content": {func(c *fakeConn, tag string) {
			c.say("* 3 FETCH (UID 3 BODY[] NIL)")
			c.say("%s OK done", tag)
		}, "without content (NIL)"},
		"empty content": {func(c *fakeConn, tag string) {
			c.say(`* 3 FETCH (UID 3 BODY[] "")`)
			c.say("%s OK done", tag)
		}, "without content"},
		"OK and nothing": {func(c *fakeConn, tag string) {
			c.say("%s OK done", tag)
		}, "sent no message"},
		"NO": {func(c *fakeConn, tag string) {
			c.say("%s NO the disk of the provider has a hole", tag)
		}, "the disk of the provider has a hole"},
		"NO after the content": {func(c *fakeConn, tag string) {
			c.say("* 3 FETCH (UID 3 BODY[] {5}\r\nhello)")
			c.say("%s NO and part of it is missing", tag)
		}, "part of it is missing"},
		"another message": {func(c *fakeConn, tag string) {
			c.say("* 1 FETCH (UID 1 BODY[] {5}\r\nhello)")
			c.say("%s OK done", tag)
		}, "another message"},
		"another message, said after the content": {func(c *fakeConn, tag string) {
			c.say("* 1 FETCH (BODY[] {5}\r\nhello UID 1)")
			c.say("%s OK done", tag)
		}, "another message"},
		"content that never says whose it is": {func(c *fakeConn, tag string) {
			c.say("* 3 FETCH (BODY[] {5}\r\nhello)")
			c.say("%s OK done", tag)
		}, "another message"},
		"content twice": {func(c *fakeConn, tag string) {
			c.say("* 3 FETCH (UID 3 BODY[] {5}\r\nhello BODY[] {5}\r\nworld)")
			c.say("%s OK done", tag)
		}, "another message"},
		"an attribute nobody asked for": {func(c *fakeConn, tag string) {
			c.say("* 3 FETCH (UID 3 X-GM-LABELS () BODY[] {5}\r\nhello)")
			c.say("%s OK done", tag)
		}, ""},
		"no IMAP at all": {func(c *fakeConn, tag string) {
			c.say("<html>504 Gateway Timeout</html>")
		}, ""},
		"an endless literal": {func(c *fakeConn, tag string) {
			fmt.Fprintf(c, "* 3 FETCH (UID 3 BODY[] {4294967295}\r\n")
			io.Copy(c, io.NewSectionReader(patternReader{}, 0, 1<<32))
		}, "far more than was asked for"},
		"an endless envelope": {func(c *fakeConn, tag string) {
			fmt.Fprintf(c, "* 3 FETCH (UID 3 ENVELOPE (NIL {209715200}\r\n")
			io.Copy(c, io.NewSectionReader(patternReader{}, 0, 1<<28))
		}, "far more than was asked for"},
		"silence": {func(c *fakeConn, tag string) {}, "no answer from the server"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeServer(t)
			want := letters(6, 300)
			s.add("INBOX", want...)
			s.spoil = func(c *fakeConn, tag, command string) bool {
				if !fetchesBody(command, 3) {
					return false
				}
				test.spoil(c, tag)
				return true
			}
			o := quick()
			o.Caps.Chunk = 1 << 20
			o.Timing.Silence = 300 * time.Millisecond
			l := newMemLedger()
			collecting(t, s.account(), l, o)
			until(t, l, "message 3 set aside", func() bool { return len(l.quarantined("INBOX")) == 1 })
			require.Contains(t, l.quarantined("INBOX")[3], test.reason)
			for uid, content := range l.contents("INBOX") {
				require.Equal(t, want[uid-1], content)
			}
			until(t, l, "the others", func() bool { return len(l.contents("INBOX")) == 5 })
		})
	}
}

// Servers that are unusual and right: everything is collected.
func TestUnusualServers(t *testing.T) {
	t.Parallel()
	cases := map[string]func(c *fakeConn, tag, command string) bool{
		"UID after the content": func(c *fakeConn, tag, command string) bool {
			m := reFetch.FindStringSubmatch(command)
			if m == nil || !strings.Contains(command, "BODY") {
				return false
			}
			label := strings.Join(rePart.FindAllString(command, 1), "")
			offset := map[bool]string{true: "<0>"}[strings.Contains(label, "<")]
			for _, uid := range c.uids(m[1]) {
				content := c.message(uid).content
				c.say("* %d FETCH (BODY[]%s {%d}\r\n%s UID %d)", uid, offset, len(content), content, uid)
			}
			c.say("%s OK done", tag)
			return true
		},
		"the last first": func(c *fakeConn, tag, command string) bool {
			m := reFetch.FindStringSubmatch(command)
			if m == nil || !strings.HasSuffix(command, "(UID BODY.PEEK[])") {
				return false
			}
			for _, uid := range slices.Backward(c.uids(m[1])) {
				c.body(uid, c.message(uid), []string{"", "", "", ""})
			}
			c.say("%s OK done", tag)
			return true
		},
		"news about flags under the same UID first": func(c *fakeConn, tag, command string) bool {
			for uid := range uint32(6) {
				if fetchesBody(command, uid+1) {
					c.say(`* %d FETCH (UID %d FLAGS (\Seen))`, uid+1, uid+1)
					c.say(`* %d FETCH (FLAGS (\Seen))`, uid+1)
				}
			}
			return false
		},
		"news in between": func(c *fakeConn, tag, command string) bool {
			c.say("* 6 EXISTS")
			c.say("* 0 RECENT")
			c.say("* OK still here")
			return false
		},
		"no UIDNEXT": func(c *fakeConn, tag, command string) bool {
			if !strings.HasPrefix(command, "EXAMINE") {
				return false
			}
			c.folder = "INBOX"
			c.say("* 6 EXISTS")
			c.say("* OK [UIDVALIDITY 7] ok")
			c.say("%s OK done", tag)
			return true
		},
		"a UIDNEXT that never moves": func(c *fakeConn, tag, command string) bool {
			if !strings.HasPrefix(command, "EXAMINE") {
				return false
			}
			c.folder = "INBOX"
			c.say("* 6 EXISTS")
			c.say("* OK [UIDVALIDITY 7] ok")
			c.say("* OK [UIDNEXT 2] ok")
			c.say("%s OK done", tag)
			return true
		},
		"no IDLE": func(c *fakeConn, tag, command string) bool {
			if command == "IDLE" {
				panic("IDLE was not offered")
			}
			return false
		},
		"content as a quoted string": func(c *fakeConn, tag, command string) bool {
			if !fetchesBody(command, 4) {
				return false
			}
			c.s.do(func() { c.s.folders["INBOX"].messages[4].content = []byte("short") })
			c.say(`* 4 FETCH (UID 4 BODY[] "short")`)
			c.say("%s OK done", tag)
			return true
		},
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeServer(t)
			want := letters(6, 300)
			if name == "content as a quoted string" {
				want[3] = "short"
			}
			s.add("INBOX", want...)
			if name == "no IDLE" {
				s.caps = "IMAP4rev1"
			}
			s.spoil = spoil
			l := newMemLedger()
			c, _ := collecting(t, s.account(), l, quick())
			until(t, l, "all", has(l, "INBOX", want))
			until(t, l, "a few polls", func() bool { return c.Health().State == Healthy && len(s.received()) > 20 })
			require.Empty(t, l.quarantined("INBOX"))
			require.Zero(t, l.renumbered())
		})
	}
}

// RFC822.SIZE is a hint that some servers get wrong; the literal is the truth,
// once the server says twice where it ends.
func TestAWrongSizeIsAskedAgainAndThenBelieved(t *testing.T) {
	t.Parallel()
	for _, claim := range []int64{1, 290, 5000, 1 << 40} {
		t.Run(fmt.Sprint(claim), func(t *testing.T) {
			t.Parallel()
			s := newFakeServer(t)
			want := letters(4, 300)
			s.add("INBOX", want...)
			s.folders["INBOX"].messages[2].claim = claim
			l := newMemLedger()
			collecting(t, s.account(), l, quick())
			until(t, l, "all", has(l, "INBOX", want))
		})
	}
}

// A server that hangs up on IDLE is polled, and not called again at once.
func TestAServerThatClosesOnIdle(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(3, 300)
	s.add("INBOX", want[:2]...)
	s.spoil = func(c *fakeConn, _, command string) bool {
		c.dead = command == "IDLE"
		return c.dead
	}
	o := quick()
	o.Timing.Poll = 50 * time.Millisecond
	l := newMemLedger()
	begun := time.Now()
	collecting(t, s.account(), l, o)
	until(t, l, "the first", has(l, "INBOX", want[:2]))
	s.add("INBOX", want[2])
	until(t, l, "the last", has(l, "INBOX", want))
	s.mu.Lock()
	defer s.mu.Unlock()
	require.LessOrEqual(t, time.Duration(s.dials-1)*o.Timing.Poll, time.Since(begun))
}

// A line that died without a word while the server was idle is noticed at the
// next look, and replaced.
func TestALineThatDiesInIdle(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(2, 300)
	s.add("INBOX", want[0])
	var dead atomic.Pointer[fakeConn]
	s.spoil = func(c *fakeConn, _, command string) bool {
		if command == "IDLE" && dead.CompareAndSwap(nil, c) {
			c.say("+ idling")
		}
		return dead.Load() == c
	}
	o := quick()
	o.Timing.Silence = 200 * time.Millisecond
	l := newMemLedger()
	c, _ := collecting(t, s.account(), l, o)
	until(t, l, "the first", has(l, "INBOX", want[:1]))
	until(t, l, "the line to be dead", func() bool { return dead.Load() != nil })
	s.add("INBOX", want[1])
	until(t, l, "the second", has(l, "INBOX", want))
	require.Equal(t, 0, c.Health().Failures)
}

func TestDeletedBetweenSearchAndFetch(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(4, 300)
	s.add("INBOX", want...)
	s.spoil = func(c *fakeConn, tag, command string) bool {
		if strings.HasPrefix(command, "UID FETCH") {
			s.do(func() { delete(s.folders["INBOX"].messages, 2) })
		}
		return false
	}
	l := newMemLedger()
	collecting(t, s.account(), l, quick())
	until(t, l, "2 to be given up", func() bool { return l.quarantined("INBOX")[2] == reasonGone })
	until(t, l, "the others", func() bool { return len(l.contents("INBOX")) == 3 })
}

// UIDVALIDITY changed: every UID means something else now.
func TestNewNumbersAreCollectedAnew(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	old, renewed := letters(5, 300), append(letters(2, 100), letters(7, 400)...)
	s.add("INBOX", old...)
	l := newMemLedger()
	collecting(t, s.account(), l, quick())
	until(t, l, "the old ones", has(l, "INBOX", old))
	s.do(func() {
		f := s.folder("INBOX", "")
		f.uidValidity = 8
	})
	s.add("INBOX", renewed...)
	until(t, l, "the new ones", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		n := 0
		for r, row := range l.rows {
			if r.UIDValidity == 8 && row.content == renewed[r.UID-1] {
				n++
			}
		}
		return n == len(renewed)
	})
	require.Equal(t, 1, l.renumbered())
}

// New numbers in the middle of a message: its second half would be of another.
func TestNewNumbersInTheMiddleOfAMessage(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.add("INBOX", strings.Repeat("old ", 1000))
	renewed := strings.Repeat("new ", 1000)
	s.spoil = func(c *fakeConn, _, command string) bool {
		c.dead = strings.Contains(command, "BODY.PEEK[]<2000.") && c.message(1).content[0] == 'o'
		if c.dead {
			s.do(func() {
				f := s.folder("INBOX", "")
				f.uidValidity, f.uidNext = 8, 2
				f.messages[1] = &fakeMessage{content: []byte(renewed)}
			})
		}
		return c.dead
	}
	o := quick()
	o.Caps.Chunk = 1000
	l := newMemLedger()
	collecting(t, s.account(), l, o)
	until(t, l, "the new one", has(l, "INBOX", []string{renewed}))
	require.Equal(t, 1, l.renumbered())
}

// A provider that restores a backup gives UIDs a second time, under the same
// UIDVALIDITY: UIDNEXT went back.
func TestUIDsGivenASecondTime(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	old := letters(5, 300)
	s.add("INBOX", old...)
	l := newMemLedger()
	collecting(t, s.account(), l, quick())
	until(t, l, "the first", has(l, "INBOX", old))
	s.do(func() {
		f := s.folders["INBOX"]
		delete(f.messages, 4)
		delete(f.messages, 5)
		f.uidNext = 4
	})
	until(t, l, "the alarm", func() bool { return l.renumbered() == 1 })
	s.add("INBOX", "another fourth")
	want := append(slices.Clone(old[:3]), "another fourth")
	until(t, l, "the second", has(l, "INBOX", want))
}

// A refused login is told as such, and never with the password, whatever the
// server repeats.
func TestRefusedLogin(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]Condition{
		"NO [AUTHENTICATIONFAILED] wrong password": Refused,
		"NO wrong password \"segreta\"":            Refused,
		"BAD what is LOGIN ufficio segreta":        Failing,
	} {
		s := newFakeServer(t)
		s.spoil = func(c *fakeConn, tag, command string) bool {
			if strings.HasPrefix(command, "LOGIN") {
				c.say("%s %s", tag, answer)
				return true
			}
			return false
		}
		l := newMemLedger()
		c, stop := collecting(t, s.account(), l, quick())
		until(t, l, "the refusal to be seen", func() bool { return c.Health().State == want })
		require.NotContains(t, c.Health().LastError, "segreta")
		stop()
	}
}

// A server in trouble is no reason to ask for another password.
func TestALoginThatIsRefusedForAWhile(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(3, 300)
	s.add("INBOX", want...)
	var asked atomic.Int32
	s.spoil = func(c *fakeConn, tag, command string) bool {
		if strings.HasPrefix(command, "LOGIN") && asked.Add(1) <= 3 {
			c.say("%s NO [UNAVAILABLE] try again later", tag)
			return true
		}
		return false
	}
	l := newMemLedger()
	c, _ := collecting(t, s.account(), l, quick())
	until(t, l, "all", has(l, "INBOX", want))
	require.Contains(t, c.Health().LastError, "try again later")
	require.NotEqual(t, Refused, c.Health().State)
}

// One folder that cannot be opened does not keep INBOX from being read.
func TestAMissingFolderStopsNoOther(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	want := letters(3, 300)
	s.add("INBOX", want...)
	acc := s.account()
	acc.Sent = "no such folder"
	l := newMemLedger()
	c, _ := collecting(t, acc, l, quick())
	until(t, l, "INBOX", has(l, "INBOX", want))
	until(t, l, "the error to be seen", func() bool { return strings.Contains(c.Health().LastError, "no such folder") })
}

// Figures a server makes up must not make us allocate for them.
func TestInventedFigures(t *testing.T) {
	t.Parallel()
	lines := map[string]string{
		"a range of all UIDs": "* ESEARCH (TAG %q) UID ALL 1:4294967295",
		"a star":              "* ESEARCH (TAG %q) UID ALL 1:*",
		"many of the same":    "* SEARCH" + strings.Repeat(" 1 2 3", 100) + "%.0s",
	}
	for name, line := range lines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFakeServer(t)
			want := letters(3, 300)
			s.add("INBOX", want...)
			s.folders["INBOX"].claimExists = 1 << 31
			var lies atomic.Int32
			s.spoil = func(c *fakeConn, tag, command string) bool {
				if !strings.HasPrefix(command, "UID SEARCH") || lies.Add(1) > 3 {
					return false
				}
				c.say(line, tag)
				c.say("%s OK done", tag)
				return true
			}
			l := newMemLedger()
			collecting(t, s.account(), l, quick())
			until(t, l, "all", has(l, "INBOX", want))
		})
	}
}
