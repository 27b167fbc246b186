//go:build !race

package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/store/storetest"
)

// sighting is a message in a mailbox of the model.
type sighting struct {
	box, folder string
	raw         []byte
}

// correspondence is an exchange with everything that happens to one: copies,
// answers, receipts, a forgery, ordinary mail.
func (o *hall) correspondence() []sighting {
	opening := o.pec(istanza, "id1@gestore.example")
	copied := append([]byte("Received: by mx2.gestore.example; now\r\n"), opening...)
	back := mail{from: rossi, to: protocollo, subject: "Re: Richiesta", text: "Ecco.", id: "<5@posta.example>", refs: "<id7@gestore.example>"}
	return []sighting{
		{protocollo, "INBOX", opening},
		{protocollo, "Archivio", opening},
		{tributi, "INBOX", copied},
		{protocollo, "Sent", risposta.raw()},
		{protocollo, "INBOX", o.receipt(risposta, pec.Acceptance, "id8@gestore.example")},
		{protocollo, "INBOX", o.receipt(risposta, pec.Delivery, "id8@gestore.example")},
		{protocollo, "INBOX", altered(o.receipt(risposta, pec.DeliveryError, "id8@gestore.example"))},
		{protocollo, "Sent", nostra.raw()},
		{protocollo, "INBOX", o.receipt(nostra, pec.Acceptance, "id7@gestore.example")},
		{protocollo, "INBOX", o.pec(back, "id9@gestore.example")},
		{edilizia, "INBOX", istanza.raw()},
	}
}

// state says everything that does not depend on who came first: which messages
// share a case, which receipt certifies what, where each stood.
func (o *hall) state() (list []string) {
	rows, err := o.Client.Message.Query().WithReceiptOf().WithDeliveries().All(o.ctx)
	require.NoError(o.t, err)
	cases := map[int][]string{}
	for _, m := range rows {
		line := fmt.Sprintf("%.8s %s %s %d deliveries", m.Digest, m.Kind, m.Identifier, len(m.Edges.Deliveries))
		if of := m.Edges.ReceiptOf; of != nil {
			line += " certifies " + of.Digest[:8]
		}
		list = append(list, line)
		if m.CaseID != nil {
			cases[*m.CaseID] = append(cases[*m.CaseID], m.Digest[:8])
		}
	}
	for _, c := range cases {
		slices.Sort(c)
		list = append(list, "case "+strings.Join(c, " "))
	}
	slices.Sort(list)
	return list
}

// TestAnyOrderAndRepetitionOfDeliveriesEndsInTheSameState runs on SQLite: it asks
// about the logic, and the other tests about the databases.
func TestAnyOrderAndRepetitionOfDeliveriesEndsInTheSameState(t *testing.T) {
	t.Parallel()
	first := newHall(t, storetest.SQLite(t))
	mails := first.correspondence()
	for i, s := range mails {
		require.NoError(t, first.deliverAs(Ref{s.box, s.folder, 1, uint32(i + 1)}, s.raw))
	}
	want := first.state()
	require.Equal(t, 3, first.cases())
	rapid.Check(t, func(rt *rapid.T) {
		o := newHall(t, storetest.SQLite(t))
		order := rapid.Permutation(seq(len(mails))).Draw(rt, "order")
		again := rapid.SliceOfN(rapid.IntRange(0, len(mails)-1), 0, 6).Draw(rt, "again")
		validity := uint32(rapid.IntRange(1, 3).Draw(rt, "validity"))
		for n, i := range slices.Concat(again[:len(again)/2], order, again) {
			ref := Ref{mails[i].box, mails[i].folder, validity, uint32(i + 1)}
			if rapid.IntRange(0, 3).Draw(rt, "number") == 0 {
				ref.UID = uint32(1000 + n)
			}
			if rapid.IntRange(0, 4).Draw(rt, "crash") == 0 {
				o.crashAfterArchiving(mails[i].raw)
			}
			require.NoError(t, o.deliverAs(ref, mails[i].raw))
		}
		require.Equal(t, want, o.state())
		require.Len(t, o.told(event.CaseOpened), first.cases())
		waiting, err := o.Ledger().Pending(o.ctx, protocollo, "INBOX", validity, 0, 100)
		require.NoError(t, err)
		require.Empty(t, waiting)
	})
}

// crashAfterArchiving is a process that died before it wrote a row.
func (o *hall) crashAfterArchiving(raw []byte) {
	o.t.Helper()
	digest, _, err := o.Archive.Put(o.ctx, strings.NewReader(string(raw)))
	require.NoError(o.t, err)
	require.Equal(o.t, archive.Digest(digestOf(raw)), digest)
}

func seq(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
