package main

import (
	"fmt"
	"net"
	"net/smtp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/demo"
	"github.com/smista/smista/demo/town"
	"github.com/smista/smista/store/storetest"
)

// Of several instances one collects a mailbox. Whichever it is and whenever it is
// killed, another one goes on within seconds: no PEC is missed, and none is there twice.
func TestAMailboxMovesFromAnInstanceThatDies(t *testing.T) {
	t.Parallel()
	p := newPostRoom(t, storetest.PostgresURL(t))
	p.configure(fmt.Sprintf("archive = \"originals\"\nsecrets.key = %q", otherKey)) // what instances share
	for _, address := range []string{demo.Protocollo, tributi, suap} {
		p.does(rightOne, "mailbox", "set-password", address, "--password-stdin")
	}
	const who = "revisore@comune.example"
	p.does("parola-di-prova\n", "user", "add", who, "--name", "Rita", "--sorter", "--password-stdin")
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(p.heard())
		}
	})
	token, _, _ := strings.Cut(p.does("", "user", "token", who, "--name", "t", "--scopes", "READ,CONTENT"), "\n")

	dying, _ := p.runs("data")
	sent := 0
	for i := range 3 { // the one that dies is each time the one that has been there longest
		living, where := p.runs(fmt.Sprint("data", i))
		where.People = []town.Person{{Token: token}}
		p.submits(fmt.Sprint("prima ", sent))
		sent++
		require.Eventually(t, func() bool { return len(found(t, where, fmt.Sprint("prima ", sent-1))) == 1 }, patience, 50*time.Millisecond)

		require.NoError(t, dying.Process.Kill())
		killed := time.Now()
		_ = dying.Wait() // says that it was killed
		p.submits(fmt.Sprint("dopo ", sent-1))
		require.Eventually(t, func() bool { return len(found(t, where, fmt.Sprint("dopo ", sent-1))) == 1 }, patience, 50*time.Millisecond)
		t.Logf("there %v after the other was killed", time.Since(killed).Round(time.Millisecond))
		dying = living

		all := subjects(t, where, "")
		for subject := range map[string]bool{"prima": true, "dopo": true} {
			for i := range sent {
				name := fmt.Sprint(subject, " ", i)
				require.Len(t, slices.DeleteFunc(values(all), func(s string) bool { return s != name }), 1, name)
			}
		}
	}
}

func values(of map[string]string) (all []string) {
	for _, v := range of {
		all = append(all, v)
	}
	return all
}

// submits writes to the town hall.
func (p *postRoom) submits(subject string) {
	p.t.Helper()
	host, _, err := net.SplitHostPort(p.world.SMTPAddr())
	require.NoError(p.t, err)
	const from = "anna.morandi@pec.cittadini.example"
	message := strings.ReplaceAll(fmt.Sprintf("From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s@pec.cittadini.example>\nDate: %s\n\nBuongiorno.\n",
		from, demo.Protocollo, subject, strings.ReplaceAll(subject, " ", "-"), time.Now().Format(time.RFC1123Z)), "\n", "\r\n")
	require.NoError(p.t, smtp.SendMail(p.world.SMTPAddr(), smtp.PlainAuth("", from, rightOne, host), from, []string{demo.Protocollo}, []byte(message)))
}
