package desk

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
)

var (
	// nostra is a letter of ours that nothing came before.
	nostra = mail{from: protocollo, to: rossi, subject: "Richiesta di integrazioni", text: "Serve un documento.", id: "<n1@comune.example>"}
	// risposta is ours to istanza, whose identifier is id1.
	risposta = mail{from: protocollo, to: rossi, subject: "Re: Istanza", text: "Accolta.", id: "<n2@comune.example>", refs: "<id1@gestore.example>"}
)

// again reads a message anew.
func (o *hall) again(m *ent.Message) *ent.Message {
	o.t.Helper()
	got, err := o.Client.Message.Query().Where(message.ID(m.ID)).WithCase().WithReceiptOf().Only(o.ctx)
	require.NoError(o.t, err)
	return got
}

func (o *hall) entryState(digest string) ledgerentry.State {
	o.t.Helper()
	e, err := o.Client.LedgerEntry.Query().Where(ledgerentry.Digest(digest)).First(o.ctx)
	require.NoError(o.t, err)
	return e.State
}

func TestReceiptsAreLinkedWhicheverComesFirst(t *testing.T) {
	kinds := []pec.Kind{pec.Acceptance, pec.Delivery, pec.DeliveryWarning, pec.DeliveryError}
	for name, sentFirst := range map[string]bool{"the message": true, "the receipts": false} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *hall) {
				if sentFirst {
					require.Equal(t, message.DirectionOutgoing, o.sentFolder(nostra.raw()).Direction)
				}
				var receipts []*ent.Message
				for _, k := range kinds {
					receipts = append(receipts, o.inbox(o.receipt(nostra, k, "id7@gestore.example")))
					require.Equal(t, smime.Valid, receipts[0].Verdict)
					require.Equal(t, ledgerentry.StateReceipt, o.entryState(receipts[len(receipts)-1].Digest))
				}
				if !sentFirst {
					require.Len(t, o.told(event.ReceiptUnmatched), len(kinds))
					o.sentFolder(nostra.raw())
				}
				sent := o.message(nostra.raw())
				for _, r := range receipts {
					require.Equal(t, sent.ID, *o.again(r).ReceiptOfID)
				}
				require.Equal(t, "id7@gestore.example", o.again(sent).Identifier, "learnt from the acceptance")
				require.Zero(t, o.cases(), "receipts and what we begin open no case")
				require.Len(t, o.told(event.ReceiptLinked), len(kinds))
			})
		})
	}
}

func TestAReceiptWithoutMsgidIsFoundByWhatTheAcceptanceTaught(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		o.sentFolder(nostra.raw())
		blind := o.inbox(o.letter(nostra, pec.Delivery, "id7@gestore.example", "<r2@gestore.example>", func(_ *envelope.Issuer, l *envelope.Letter) {
			l.Certified.MessageID = ""
		}))
		require.Equal(t, smime.Valid, blind.Verdict)
		require.Nil(t, blind.ReceiptOfID)
		o.inbox(o.receipt(nostra, pec.Acceptance, "id7@gestore.example"))
		require.NotNil(t, o.again(blind).ReceiptOfID)
	})
}

func TestReceiptsJoinTheCaseOfTheirMessage(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		early := o.inbox(o.receipt(risposta, pec.Acceptance, "id8@gestore.example"))
		opened := o.inbox(o.pec(istanza, "id1@gestore.example"))
		sent := o.sentFolder(risposta.raw())
		late := o.inbox(o.receipt(risposta, pec.Delivery, "id8@gestore.example"))
		for _, m := range []*ent.Message{early, sent, late} {
			require.Equal(t, *opened.CaseID, *o.again(m).CaseID)
		}
		require.Equal(t, 1, o.cases())
	})
}

func TestForgedReceiptsLinkNothingAndAreTold(t *testing.T) {
	_, foreign := authorities()
	for name, forge := range map[string]func(o *hall) []byte{
		"another hierarchy": func(o *hall) []byte {
			return o.letter(nostra, pec.Delivery, "id7@gestore.example", "<r@gestore.example>", func(i *envelope.Issuer, _ *envelope.Letter) {
				i.Identity = foreign.Provider("gestore.example")
			})
		},
		"altered": func(o *hall) []byte { return altered(o.receipt(nostra, pec.Delivery, "id7@gestore.example")) },
		"no signature": func(o *hall) []byte {
			m := mail{from: "posta-certificata@gestore.example", to: protocollo, subject: "CONSEGNA: " + nostra.subject, text: "consegnato"}
			return append([]byte("X-Ricevuta: avvenuta-consegna\r\nX-Riferimento-Message-ID: "+nostra.id+"\r\n"), m.raw()...)
		},
		"of a message of somebody else": func(o *hall) []byte {
			other := nostra
			other.from = bianchi
			return o.receipt(other, pec.Delivery, "id9@gestore.example")
		},
		"header turned to ours": func(o *hall) []byte {
			other := nostra
			other.id = "<zz1@comune.example>"
			return replaced(o.receipt(other, pec.Delivery, "id9@gestore.example"), "X-Riferimento-Message-ID: <zz1@", "X-Riferimento-Message-ID: <n1@")
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *hall) {
				sent := o.sentFolder(nostra.raw())
				fake := o.inbox(forge(o))
				require.Nil(t, fake.ReceiptOfID)
				require.Empty(t, o.again(sent).Identifier)
				require.Zero(t, o.cases())
				require.Len(t, o.told(event.ReceiptUnmatched), 1)
				genuine := o.inbox(o.receipt(nostra, pec.Acceptance, "id7@gestore.example"))
				require.Equal(t, sent.ID, *genuine.ReceiptOfID, "the genuine one still finds its message")
			})
		})
	}
}

func TestAnAnswerToOursJoinsItsCase(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		opened := o.inbox(o.pec(istanza, "id1@gestore.example"))
		o.sentFolder(risposta.raw())
		o.inbox(o.receipt(risposta, pec.Acceptance, "id8@gestore.example"))
		back := mail{from: rossi, to: protocollo, subject: "Rif. Istanza", text: "Grazie.", id: "<3@posta.example>", refs: "<id8@gestore.example>"}
		m := o.inbox(o.pec(back, "id9@gestore.example"))
		require.Equal(t, *opened.CaseID, *m.CaseID)
		require.Equal(t, 1, o.cases())
		require.Len(t, o.told(event.CaseJoined), 2, "our answer, and theirs")
		back.refs, back.text, back.id = "<id1@gestore.example>", "Aggiungo.", "<4@posta.example>"
		require.Equal(t, *opened.CaseID, *o.inbox(o.pec(back, "id10@gestore.example")).CaseID, "who adds to his own joins too")
	})
}

// TestNobodyPushesMailIntoTheCaseOfAnother: to join a case, an answer must be
// certified and come from a party to the message that it quotes.
func TestNobodyPushesMailIntoTheCaseOfAnother(t *testing.T) {
	_, foreign := authorities()
	quoting := func(from string) mail {
		return mail{from: from, to: protocollo, subject: "Re: Istanza", text: "Rinuncio.", id: "<z@posta.example>", refs: "<id8@gestore.example>"}
	}
	for name, attack := range map[string]func(o *hall) []byte{
		"a certified stranger": func(o *hall) []byte { return o.pec(quoting(bianchi), "id20@gestore.example") },
		"ordinary mail":        func(*hall) []byte { return quoting(rossi).raw() },
		"in an anomaly envelope": func(o *hall) []byte {
			return o.letter(quoting(rossi), pec.Anomaly, "", "<a1@gestore.example>", nil)
		},
		"another hierarchy": func(o *hall) []byte {
			return o.letter(quoting(rossi), pec.Envelope, "id20@gestore.example", "", func(i *envelope.Issuer, _ *envelope.Letter) {
				i.Identity = foreign.Provider("gestore.example")
			})
		},
		"altered": func(o *hall) []byte { return altered(o.pec(quoting(rossi), "id20@gestore.example")) },
		"imitation": func(*hall) []byte {
			return append([]byte("X-Trasporto: posta-certificata\r\n"), quoting(rossi).raw()...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *hall) {
				opened := o.inbox(o.pec(istanza, "id1@gestore.example"))
				o.sentFolder(risposta.raw())
				o.inbox(o.receipt(risposta, pec.Acceptance, "id8@gestore.example"))
				m := o.inbox(attack(o))
				require.NotNil(t, m.CaseID)
				require.NotEqual(t, *opened.CaseID, *m.CaseID)
			})
		})
	}
}

// TestAnExchangeIsOneCaseWhicheverLetterIsCollectedFirst: INBOX and Sent of a
// mailbox are read one after the other.
func TestAnExchangeIsOneCaseWhicheverLetterIsCollectedFirst(t *testing.T) {
	answer := mail{from: rossi, to: protocollo, subject: "Re: Richiesta", text: "Ecco.", id: "<5@posta.example>", refs: "<id7@gestore.example>"}
	letters := map[string]func(o *hall) *ent.Message{
		"ours":       func(o *hall) *ent.Message { return o.sentFolder(nostra.raw()) },
		"acceptance": func(o *hall) *ent.Message { return o.inbox(o.receipt(nostra, pec.Acceptance, "id7@gestore.example")) },
		"answer":     func(o *hall) *ent.Message { return o.inbox(o.pec(answer, "id9@gestore.example")) },
	}
	for _, order := range [][]string{
		{"ours", "acceptance", "answer"}, {"ours", "answer", "acceptance"}, {"acceptance", "ours", "answer"},
		{"acceptance", "answer", "ours"}, {"answer", "ours", "acceptance"}, {"answer", "acceptance", "ours"},
	} {
		t.Run(order[0]+" "+order[1]+" "+order[2], func(t *testing.T) {
			each(t, func(t *testing.T, o *hall) {
				var all []*ent.Message
				for _, name := range order {
					all = append(all, letters[name](o))
				}
				require.Equal(t, 1, o.cases())
				for i, m := range all {
					require.NotNil(t, o.again(m).CaseID, order[i])
				}
			})
		})
	}
}

func TestOurAnswerFindsACaseThatIsOpenedLater(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		sent := o.sentFolder(risposta.raw())
		require.Nil(t, sent.CaseID)
		opened := o.inbox(o.pec(istanza, "id1@gestore.example"))
		require.Equal(t, *opened.CaseID, *o.again(sent).CaseID)
	})
}

func TestWhatLiesInSentAndIsNotOursIsIncoming(t *testing.T) {
	each(t, func(t *testing.T, o *hall) {
		require.Equal(t, message.DirectionIncoming, o.sentFolder(o.pec(istanza, "id1@gestore.example")).Direction, "a PEC that somebody moved")
		require.Equal(t, message.DirectionIncoming, o.sentFolder(istanza.raw()).Direction, "a mail that is not from us")
		spoof := nostra
		spoof.text = "sono voi"
		require.Equal(t, message.DirectionIncoming, o.inbox(spoof.raw()).Direction, "From alone makes nothing ours")
		require.Equal(t, 3, o.cases())
	})
}
