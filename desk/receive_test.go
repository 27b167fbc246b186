package desk

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/event"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
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
