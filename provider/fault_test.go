package provider_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/provider"
)

func (w *world) inject(f provider.Fault) {
	w.t.Helper()
	require.NoError(w.t, w.Inject(f))
}

// exchange sends one message and gives what came to the sender.
func (w *world) exchange() []pec.Kind {
	w.t.Helper()
	require.NoError(w.t, w.send(comune, letter(comune, anna, "Prova"), anna))
	w.settled()
	return w.kinds(comune)
}

func TestFaultsOfReceipts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault provider.Fault
		want  []pec.Kind
	}{
		{provider.Fault{Do: provider.Lose, Kind: pec.Acceptance}, []pec.Kind{pec.Delivery}},
		{provider.Fault{Do: provider.Lose}, nil},
		{provider.Fault{Do: provider.Lose, Box: impresa}, []pec.Kind{pec.Acceptance, pec.Delivery}},
		{provider.Fault{Do: provider.Lose, Skip: 1}, []pec.Kind{pec.Acceptance}},
		{provider.Fault{Do: provider.Duplicate, Kind: pec.Delivery, Count: 1}, []pec.Kind{pec.Acceptance, pec.Delivery, pec.Delivery}},
		{provider.Fault{Do: provider.Reorder, Count: 1}, []pec.Kind{pec.Delivery, pec.Acceptance}},
		{provider.Fault{Do: provider.Delay, Kind: pec.Acceptance, Delay: 2 * time.Second}, []pec.Kind{pec.Delivery, pec.Acceptance}},
	} {
		w := start(t)
		w.inject(c.fault)
		require.Equal(t, c.want, w.exchange(), c.fault)
	}
}

func TestFaultEndsWithItsCountOrWhenCleared(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.inject(provider.Fault{Do: provider.Lose, Count: 2})
	require.Empty(t, w.exchange())
	require.Empty(t, w.Faults())
	w.inject(provider.Fault{Do: provider.Lose})
	require.Empty(t, w.exchange())
	w.ClearFaults()
	require.Equal(t, []pec.Kind{pec.Acceptance, pec.Delivery}, w.exchange())
}

func TestForgedReceipts(t *testing.T) {
	t.Parallel()
	for variant, want := range map[string]smime.Status{"": smime.Untrusted, provider.Stranger: smime.Untrusted,
		provider.Altered: smime.Altered, provider.Unsigned: smime.Imitation} {
		w := start(t)
		w.inject(provider.Fault{Do: provider.Forge, Kind: pec.Delivery, Variant: variant, Count: 1})
		require.NoError(t, w.send(comune, letter(comune, anna, "Prova"), anna))
		w.settled()
		box := w.inbox(comune)
		require.Len(t, box, 2)
		forged := w.read(box[1])
		require.Equal(t, want, forged.Signature.Status, "%s: %v", variant, forged.Signature.Reasons)
		require.Equal(t, "<Prova@client.example>", forged.RefersTo)
	}
}

// What the client learns after the final dot, and whether the message was taken.
func TestFaultsOfTheFinalDot(t *testing.T) {
	t.Parallel()
	for do, c := range map[provider.Do]struct {
		code  int // 0: no answer
		taken bool
	}{
		provider.Hang:       {0, true},
		provider.Drop:       {0, true},
		provider.RefuseLate: {554, false},
		provider.FailStored: {451, true},
	} {
		w := start(t)
		w.inject(provider.Fault{Do: do, Box: comune, Count: 1})
		patience := time.Minute
		if do == provider.Hang {
			patience = 500 * time.Millisecond
		}
		err := w.submitWithin(patience)
		var answer *smtp.SMTPError
		require.Equal(t, c.code != 0, errors.As(err, &answer), "%s: %v", do, err)
		if answer != nil {
			require.Equal(t, c.code, answer.Code, do)
		}
		require.Error(t, err, do)
		w.settled()
		require.Equal(t, c.taken, len(w.inbox(anna)) == 1, do)
		require.NoError(t, w.send(comune, letter(comune, anna, "Ancora"), anna), do)
	}
}

func (w *world) submitWithin(d time.Duration) error {
	w.t.Helper()
	c := w.dialSMTP()
	require.NoError(w.t, c.Auth(plainAuth(comune)))
	c.SubmissionTimeout = d
	return c.SendMail(comune, []string{anna}, strings.NewReader(letter(comune, anna, "Prova")))
}

func TestConnectionsAreCutAtTheByte(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.inject(provider.Fault{Do: provider.Cut, Protocol: provider.IMAP, Skip: 1, Count: 1, Bytes: 30})
	for i, want := range []bool{false, true, false} { // the second connection
		got, err := w.greeting()
		require.Equal(t, want, err != nil, "connection %d: %v", i+1, err)
		require.Equal(t, want, len(got) == 30, "connection %d: %q", i+1, got)
	}
}

// greeting reads what the IMAP server says first.
func (w *world) greeting() (string, error) {
	w.t.Helper()
	c, err := net.Dial("tcp", w.IMAPAddr())
	require.NoError(w.t, err)
	defer c.Close()
	return bufio.NewReader(c).ReadString('\n')
}

func TestSubmissionIsCutWhileItArrives(t *testing.T) {
	t.Parallel()
	w := start(t)
	message := letter(comune, anna, "Prova", "X-Pad: "+strings.Repeat("x", 900))
	w.inject(provider.Fault{Do: provider.Cut, Protocol: provider.SMTP, Count: 1, Bytes: 400, Incoming: true})
	require.Error(t, w.send(comune, message, anna))
	w.settled()
	require.Empty(t, w.inbox(anna))
	for _, e := range w.Log() {
		require.NotEqual(t, provider.Accepted, e.Event)
	}
}

func TestSlowConnection(t *testing.T) {
	t.Parallel()
	w := start(t)
	_, err := w.Deliver(comune, "", strings.NewReader(letter(comune, comune, "s")+strings.Repeat("riga\r\n", 10000)), time.Time{})
	require.NoError(t, err)
	w.inject(provider.Fault{Do: provider.Slow, Protocol: provider.IMAP, Bytes: 200_000})
	begin := time.Now()
	require.Len(t, w.inbox(comune), 1)
	require.Greater(t, time.Since(begin), 200*time.Millisecond, "60 KB at 200 KB/s")
}

// raw speaks IMAP without a library, which would hide the order of an answer.
func (w *world) raw(command string) string {
	w.t.Helper()
	c, err := net.Dial("tcp", w.IMAPAddr())
	require.NoError(w.t, err)
	defer c.Close()
	fmt.Fprintf(c, "a LOGIN %s prova\r\nb EXAMINE INBOX\r\nc %s\r\n", comune, command)
	var out strings.Builder
	lines := bufio.NewScanner(c)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "c ") {
		out.WriteString(lines.Text() + "\n")
	}
	_, answer, _ := strings.Cut(out.String(), "EXAMINE completed\n")
	return answer
}

func TestFetchAnswersInAnotherOrder(t *testing.T) {
	t.Parallel()
	w := start(t)
	_, err := w.Deliver(comune, "", strings.NewReader("Subject: x\r\n\r\ncorpo\r\n"), time.Time{})
	require.NoError(t, err)
	const fetch = "UID FETCH 1 (UID BODY.PEEK[])"
	whole := "* 1 FETCH (UID 1 BODY[] {21}\nSubject: x\n\ncorpo\n)\n"
	require.Equal(t, whole, w.raw(fetch))
	w.inject(provider.Fault{Do: provider.BodyFirst, Count: 1})
	require.Equal(t, "* 1 FETCH (BODY[] {21}\nSubject: x\n\ncorpo\n UID 1)\n", w.raw(fetch))
	w.inject(provider.Fault{Do: provider.NilBody, Count: 1})
	require.Equal(t, "* 1 FETCH (UID 1 BODY[] NIL)\n", w.raw(fetch))
	require.Equal(t, whole, w.raw(fetch))
}

func TestNoIdle(t *testing.T) {
	t.Parallel()
	w := start(t)
	require.True(t, w.login(comune).Caps().Has(imap.CapIdle))
	w.inject(provider.Fault{Do: provider.NoIdle})
	c := w.login(comune)
	require.False(t, c.Caps().Has(imap.CapIdle))
	idle, err := c.Idle()
	if err == nil {
		_ = idle.Close()
		err = idle.Wait()
	}
	require.ErrorContains(t, err, "not available")
}

func TestUIDValidityChanges(t *testing.T) {
	t.Parallel()
	w := start(t)
	for range 3 {
		_, err := w.Deliver(comune, "", strings.NewReader(letter(anna, comune, "x")), time.Time{})
		require.NoError(t, err)
	}
	c := w.login(comune)
	before, err := c.Select("INBOX", nil).Wait()
	require.NoError(t, err)
	validity, err := w.ChangeUIDValidity(comune, "")
	require.NoError(t, err)
	require.Error(t, c.Noop().Wait(), "who has the folder open is cut off")

	after, err := w.login(comune).Select("INBOX", nil).Wait()
	require.NoError(t, err)
	require.NotEqual(t, before.UIDValidity, after.UIDValidity)
	require.Equal(t, validity, after.UIDValidity)
	require.Len(t, w.inbox(comune), 3)
}

func TestHiddenMessageIsNeitherFoundNorFetched(t *testing.T) {
	t.Parallel()
	w := start(t)
	for range 3 {
		_, err := w.Deliver(comune, "", strings.NewReader(letter(anna, comune, "x")), time.Time{})
		require.NoError(t, err)
	}
	require.NoError(t, w.Hide(comune, "", 2, true))
	c := w.login(comune)
	selected, err := c.Select("INBOX", nil).Wait()
	require.NoError(t, err)
	require.EqualValues(t, 3, selected.NumMessages)
	found, err := c.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
	require.NoError(t, err)
	require.Equal(t, []imap.UID{1, 3}, found.AllUIDs())
	require.Len(t, w.inbox(comune), 2)
	require.NoError(t, w.Hide(comune, "", 2, false))
	require.Len(t, w.inbox(comune), 3)
}

func TestFaultsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, f := range []provider.Fault{{Do: "explode"}, {Do: provider.Cut}, {Do: provider.Slow, Protocol: provider.IMAP},
		{Do: provider.Forge, Variant: "perfect"}, {Do: provider.Lose, Count: -1}} {
		require.Error(t, w.Inject(f), f)
	}
	_, err := w.ChangeUIDValidity("nessuno@pec.comune.example", "")
	require.Error(t, err)
	require.Error(t, w.Hide(comune, "Altra", 1, true))
	require.Error(t, w.Release("nessuno@pec.comune.example"))
}

// A delayed receipt does not keep the provider from closing.
func TestCloseDoesNotWaitForDelays(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.inject(provider.Fault{Do: provider.Delay, Delay: time.Hour})
	require.NoError(t, w.send(comune, letter(comune, anna, "Prova"), anna))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, w.Settle(ctx), context.DeadlineExceeded)
	require.NoError(t, w.Close())
}
