package server

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/outbox"
)

// What became of a message reaches the outbox as what it is; the reason is for
// all who see the movements, and names no recipient.
func TestWhatBecameOfAMessageIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want error
	}{
		{"nothing went wrong", nil, nil},
		{"not reached", &mailbox.SubmitError{Outcome: mailbox.OutcomeNotSent, Stage: mailbox.StageConnect}, &outbox.NotTaken{Reason: "il gestore non è raggiungibile"}},
		{
			"a recipient that is none",
			&mailbox.SubmitError{
				Outcome: mailbox.OutcomeNotSent, Stage: mailbox.StageRecipients, Code: 550, Enhanced: "5.1.1", Text: "<rossi@pec.example>: unknown user",
				Rejections: []mailbox.Rejection{{Recipient: "rossi@pec.example"}}, Permanent: true,
			},
			&outbox.NotTaken{Permanent: true, Reason: "il gestore non accetta i destinatari (1): 550 5.1.1 <…>: unknown user"},
		},
		{
			"refused", &mailbox.SubmitError{Outcome: mailbox.OutcomeRefused, Stage: mailbox.StageAnswer, Code: 554, Text: "too big"},
			&outbox.Refused{Reason: "il gestore ha rifiutato il messaggio: 554 too big"},
		},
	} {
		require.Equal(t, c.want, outcome(c.err), c.name)
	}
	unknown := outcome(&mailbox.SubmitError{Outcome: mailbox.OutcomeUnknown, Stage: mailbox.StageAnswer, Err: errors.New("to rossi@pec.example")})
	require.EqualError(t, unknown, "il gestore non ha risposto dopo aver ricevuto il messaggio")
	_, err := submitting(nil)(t.Context(), "nessuna@pec.example", outbox.Letter{})
	require.ErrorAs(t, err, new(*outbox.NotTaken))
}
