package desk

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

var istanza = mail{from: rossi, to: protocollo, subject: "Istanza di accesso agli atti", text: "Chiedo copia.", id: "<1@posta.example>"}

func TestAPECOpensOneCaseWithItsDelivery(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		m := o.inbox(o.pec(istanza, "id1@gestore.example"))
		require.Equal(t, pec.Envelope, m.Kind)
		require.Equal(t, smime.Valid, m.Verdict, "%v", m.Evidence.Reasons)
		require.Equal(t, message.DirectionIncoming, m.Direction)
		require.Equal(t, rossi, m.SenderAddress)
		require.Equal(t, istanza.subject, m.Subject)
		require.Equal(t, "id1@gestore.example", m.Identifier)
		require.Equal(t, istanza.id, m.OriginalMessageID)
		require.Len(t, m.Edges.Deliveries, 1)
		require.Equal(t, casefile.StatusToSort, m.Edges.Case.Status)
		require.Equal(t, istanza.subject, m.Edges.Case.Subject)
		require.NotEmpty(t, m.Edges.Case.RouteReason)
		require.Regexp(t, `^\d{4}/000001$`, m.Edges.Case.Number)
		require.Len(t, o.told(event.MessageReceived), 1)
		require.Len(t, o.told(event.CaseOpened), 1)
		require.Empty(t, o.told(event.CaseRouted))
	})
}

func TestARuleAndATieRouteANewCase(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		byRule := istanza
		byRule.subject = "Fattura n. 12"
		m := o.inbox(o.pec(byRule, "id1@gestore.example"))
		require.Equal(t, casefile.StatusToAssign, m.Edges.Case.Status)
		require.NotNil(t, m.Edges.Case.RuleID)
		require.Contains(t, m.Edges.Case.RouteReason, "regola «fatture»")

		raw := o.pec(istanza, "id2@gestore.example")
		o.collect(edilizia, "INBOX", raw)
		m = o.message(raw)
		require.Equal(t, casefile.StatusToAssign, m.Edges.Case.Status)
		require.Nil(t, m.Edges.Case.RuleID)
		require.Contains(t, m.Edges.Case.RouteReason, "Edilizia Privata")
		require.Len(t, o.told(event.CaseRouted), 2)
	})
}

func TestTheSameBytesAreOneMessageWhereverTheyCome(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		first := o.collect(protocollo, "INBOX", raw)
		require.NoError(t, o.deliverAs(first, raw), "the same UID again")
		o.collect(protocollo, "INBOX", raw)    // another UID
		o.collect(protocollo, "Archivio", raw) // another folder
		require.NoError(t, o.deliverAs(Ref{protocollo, "INBOX", 2, 1}, raw), "after a change of UIDVALIDITY")
		require.Len(t, o.message(raw).Edges.Deliveries, 1)
		require.Empty(t, o.told(event.MessageSeen))
		require.False(t, o.Client.CaseFile.Query().OnlyX(o.ctx).Repeated, "one mailbox has it once, wherever it stands")
		o.collect(tributi, "INBOX", raw) // another mailbox
		require.Equal(t, 1, o.cases())
		require.Equal(t, 1, o.Client.Message.Query().CountX(o.ctx))
		require.Len(t, o.message(raw).Edges.Deliveries, 2)
		require.Len(t, o.told(event.MessageSeen), 1)
		require.True(t, o.Client.CaseFile.Query().OnlyX(o.ctx).Repeated)
		require.Equal(t, 5, o.Client.LedgerEntry.Query().Where(ledgerentry.StateEQ(ledgerentry.StateArchived)).CountX(o.ctx))
	})
}

func TestTheSamePECInSeveralMailboxesIsOneCaseWithEveryOriginal(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		var copies [][]byte
		for i, box := range []string{protocollo, tributi, edilizia} {
			copies = append(copies, append(fmt.Appendf(nil, "Received: by mx%d.gestore.example; now\r\n", i), raw...))
			o.collect(box, "INBOX", copies[i])
		}
		require.Equal(t, 1, o.cases())
		require.Equal(t, 3, o.Client.Delivery.Query().CountX(o.ctx))
		for _, c := range copies {
			require.Equal(t, smime.Valid, o.message(c).Verdict)
			require.Equal(t, o.message(copies[0]).CaseID, o.message(c).CaseID)
		}
		require.Len(t, o.told(event.CaseOpened), 1)
		require.True(t, o.Client.CaseFile.Query().OnlyX(o.ctx).Repeated)
	})
}

// TestWhatIsSentAgainIsMarked: it is certified anew, so that it is a case of its
// own; by its Message-ID alone nothing is the same.
func TestWhatIsSentAgainIsMarked(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		marked := func(m mail, identifier string) bool { return o.inbox(o.pec(m, identifier)).Edges.Case.Repeated }
		require.False(t, marked(istanza, "id1@gestore.example"))
		require.True(t, marked(istanza, "id2@gestore.example"))
		otherText, otherSender, other := istanza, istanza, istanza
		otherText.text, otherSender.from, other.id = "Altro testo.", "bianchi@gestore.example", "<2@posta.example>"
		for i, m := range []mail{otherText, otherSender, other} {
			require.False(t, marked(m, fmt.Sprintf("id%d@gestore.example", 3+i)), "%+v", m)
		}
		require.False(t, o.inbox(istanza.raw()).Edges.Case.Repeated, "ordinary mail is no copy of what is certified")
		require.Equal(t, 6, o.cases())
	})
}

func TestACopyInATiedMailboxTakesTheCaseFromTheSortingDesk(t *testing.T) {
	for name, boxes := range map[string][]string{"tied last": {protocollo, tributi}, "tied first": {tributi, protocollo}} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *hall) {
				raw := o.pec(istanza, "id1@gestore.example")
				for i, box := range boxes {
					o.collect(box, "INBOX", append(fmt.Appendf(nil, "Received: by mx%d.gestore.example; now\r\n", i), raw...))
				}
				c := o.Client.CaseFile.Query().OnlyX(o.ctx)
				require.Equal(t, casefile.StatusToAssign, c.Status)
				require.Contains(t, c.RouteReason, tributi)
				require.Len(t, o.told(event.CaseRouted), 1)
			})
		})
	}
}

func TestAnIdentifierWithoutAValidSignatureIsNobodysCopy(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		genuine := o.inbox(o.pec(istanza, "id1@gestore.example"))
		_, foreign := authorities()
		forged := istanza
		forged.text = "Versate su un altro conto."
		fake := o.inbox(o.letter(forged, pec.Envelope, "id1@gestore.example", "", func(i *envelope.Issuer, _ *envelope.Letter) {
			i.Identity = foreign.Provider("gestore.example")
		}))
		require.Equal(t, smime.Untrusted, fake.Verdict)
		require.NotEqual(t, genuine.CaseID, fake.CaseID)
	})
}

func TestAMessageIDNeverMakesTwoMessagesOne(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		a, b := istanza, istanza
		b.text = "Altro testo."
		require.NotEqual(t, *o.inbox(a.raw()).CaseID, *o.inbox(b.raw()).CaseID)
		require.NotEqual(t, *o.inbox(o.pec(a, "x1@gestore.example")).CaseID, *o.inbox(o.pec(b, "x2@gestore.example")).CaseID)
		require.Equal(t, 4, o.cases())
	})
}

func TestRacingReceiversOpenOneCase(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		var group sync.WaitGroup
		errs := make([]error, 9)
		for i := range errs {
			group.Go(func() {
				copied := append(fmt.Appendf(nil, "Received: by mx%d.gestore.example; now\r\n", i%3), raw...)
				errs[i] = o.deliverAs(Ref{[]string{protocollo, tributi, edilizia}[i%3], "INBOX", 1, uint32(i + 1)}, copied)
			})
		}
		group.Wait()
		require.NoError(t, errors.Join(errs...))
		require.Equal(t, 1, o.cases())
		require.Equal(t, 3, o.Client.Message.Query().CountX(o.ctx))
		require.Equal(t, 3, o.Client.Delivery.Query().CountX(o.ctx))
		require.Len(t, o.told(event.CaseOpened), 1)
	})
}

func TestAMessageThatDidNotComeWholeIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		ref := Ref{protocollo, "INBOX", 1, 1}
		cutOff := iotest.TimeoutReader(bytes.NewReader(raw))
		require.ErrorIs(t, o.Receive(o.ctx, Arrival{Ref: ref}, iotest.OneByteReader(cutOff)), iotest.ErrTimeout)
		require.Zero(t, o.Client.Message.Query().CountX(o.ctx))
		require.NoError(t, o.deliverAs(ref, raw))
		require.Equal(t, 1, o.cases())
	})
}

func TestAMailboxThatIsNotOursIsRefused(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		err := o.Receive(o.ctx, Arrival{Ref: Ref{"x@elsewhere.example", "INBOX", 1, 1}}, strings.NewReader("x"))
		require.Equal(t, NotFound, CodeOf(err))
	})
}

func TestImportTakesInTheSameWayAndTwiceIsOnce(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		raw := o.pec(istanza, "id1@gestore.example")
		got, err := o.Import(o.ctx, "", false, bytes.NewReader(raw))
		require.NoError(t, err)
		require.Equal(t, "valid", got.Verdict)
		got, err = o.Import(o.ctx, "", false, bytes.NewReader(raw))
		require.NoError(t, err)
		require.True(t, got.Known)
		require.Len(t, o.message(raw).Edges.Deliveries, 1)
		o.collect(protocollo, "INBOX", raw)
		require.Len(t, o.message(raw).Edges.Deliveries, 2)
		require.Equal(t, 1, o.cases())
	})
}

func TestNamesAndTextsThatADatabaseRefusesAreKeptReadable(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		nasty := istanza
		nasty.subject = "a\x00b\xff" + strings.Repeat("è", 4000)
		nasty.text = "testo\x00\xff"
		nasty.id = "<" + strings.Repeat("x", 5000) + "@posta.example>"
		m := o.inbox(nasty.raw())
		require.NotContains(t, m.Subject+m.Text, "\x00")
		require.LessOrEqual(t, len(m.Subject), maxText)
		require.Empty(t, m.MessageID, "an identifier too long to look up is none")
	})
}

func TestHealthIsToldWhenItChangesAndWrittenNowAndThen(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		at := time.Now().UTC().Truncate(time.Second)
		for _, trouble := range []string{"", "", "the server is silent", "the server is silent", ""} {
			require.NoError(t, o.RecordHealth(o.ctx, protocollo, at, trouble))
		}
		told := o.told(event.MailboxHealthChanged)
		require.Len(t, told, 3)
		require.Equal(t, []string{"ok", "failing", "ok"}, []string{told[0].Details.Health, told[1].Details.Health, told[2].Details.Health})
		require.Equal(t, "the server is silent", told[1].Details.Reason)
		require.NoError(t, o.RecordHealth(o.ctx, protocollo, at.Add(time.Second), ""))
		box, err := o.mailbox(o.ctx, protocollo)
		require.NoError(t, err)
		require.True(t, at.Equal(*box.CheckedAt), "not written again within a minute")
		require.Nil(t, box.FailingSince)
	})
}

func TestConfigureMayBeRepeatedAndSwitchesOffWhatIsGone(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		s := Settings{Offices: []OfficeSetting{{Code: "tributi", Name: "Tributi e Entrate"}}, Mailboxes: []MailboxSetting{{Address: strings.ToUpper(protocollo), Office: "tributi"}}}
		for range 2 {
			require.NoError(t, o.Configure(o.ctx, s))
		}
		require.Equal(t, 3, o.Client.Mailbox.Query().CountX(o.ctx))
		require.Equal(t, 2, o.Client.Office.Query().CountX(o.ctx))
		m := istanza
		m.subject = "Fattura"
		c := o.inbox(o.pec(m, "id1@gestore.example")).Edges.Case
		require.Nil(t, c.RuleID, "the rule is off")
		require.Contains(t, c.RouteReason, "Tributi e Entrate")
		require.Equal(t, Invalid, CodeOf(o.Configure(o.ctx, Settings{Mailboxes: []MailboxSetting{{Address: protocollo, Office: "nessuno"}}})))
	})
}

func TestWhatAMailboxSendsIsWritten(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		box := MailboxSetting{Address: protocollo, Sends: true, SizeLimit: 50 << 20, Hourly: 100}
		require.NoError(t, o.Configure(o.ctx, Settings{Mailboxes: []MailboxSetting{box}}))
		row, err := o.mailbox(o.ctx, protocollo)
		require.NoError(t, err)
		require.Equal(t, []any{true, int64(50 << 20), 100}, []any{row.Sends, row.SizeLimit, row.Hourly})
		require.NoError(t, o.Configure(o.ctx, Settings{Mailboxes: []MailboxSetting{{Address: protocollo}}}))
		row, err = o.mailbox(o.ctx, protocollo)
		require.NoError(t, err)
		require.Equal(t, []any{false, int64(50 << 20), 0}, []any{row.Sends, row.SizeLimit, row.Hourly})
		for _, n := range []int{-1, 3} {
			s := Settings{Offices: []OfficeSetting{{Code: "tributi", Name: "Tributi", Habits: Habits{Approvals: &n}}}}
			require.ErrorContains(t, o.Configure(o.ctx, s), "is not 0, 1 or 2")
		}
	})
}

func TestABrokenDatabaseIsUnavailableAndTheMessageComesAgain(t *testing.T) {
	db := storetest.SQLite(t)
	o := newHall(t, db)
	raw := o.pec(istanza, "id1@gestore.example")
	breakDown(t, db)
	err := o.Receive(o.ctx, Arrival{Ref: Ref{protocollo, "INBOX", 1, 1}}, bytes.NewReader(raw))
	require.Equal(t, Unavailable, CodeOf(err))
	var e *Error
	require.ErrorAs(t, err, &e)
	require.NotContains(t, e.Message, "sql", "the safe text tells nothing of the inside")
}

func breakDown(t *testing.T, db *store.DB) {
	t.Helper()
	require.NoError(t, db.Close())
}

func TestCasesAreNumberedByTheYearWhereTheOfficeIs(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.Zone = time.FixedZone("CET", 3600)
		o.Now = func() time.Time { return time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC) }
		require.Equal(t, "2026/000001", o.inbox(istanza.raw()).Edges.Case.Number)
		o.Now = func() time.Time { return time.Date(2026, 12, 31, 23, 1, 0, 0, time.UTC) }
		require.Equal(t, "2027/000001", o.inbox(risposta.raw()).Edges.Case.Number)
	})
}
