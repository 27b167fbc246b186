package server

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/outbox"
)

// outbox makes what sends the replies.
func (i *Instance) outbox(ctx context.Context) (*outbox.Outbox, error) {
	out := map[string]mailbox.Outbound{}
	for _, m := range i.Config.Mailboxes {
		if m.SMTP == "" {
			continue
		}
		o, err := i.Config.Outbound(m)
		if err != nil {
			return nil, err
		}
		o.Password = i.password(ctx, m)
		out[o.Address] = o
	}
	return outbox.New(outbox.Options{
		Client: i.DB.Client(), Log: i.Log, Archive: i.Archive, Desk: departures{i.Desk}, Track: i.Track,
		Submit: submitting(out), Logger: i.logger,
	}), nil
}

// departures lets the outbox read and record at the desk what it sends. The two
// rooms do not know each other.
type departures struct{ desk *desk.Desk }

// Prepare implements outbox.Departures.
func (d departures) Prepare(ctx context.Context, box string, digest archive.Digest, size int64) (outbox.Departure, error) {
	return d.desk.Prepare(ctx, box, digest, size)
}

// submitting hands what the outbox sends to the providers of the mailboxes, by
// their addresses.
func submitting(out map[string]mailbox.Outbound) outbox.Submit {
	return func(ctx context.Context, box string, l outbox.Letter) (string, error) {
		o, ok := out[strings.ToLower(box)]
		if !ok {
			return "", &outbox.NotTaken{Reason: "la configurazione non dice più come inviare da questa casella"}
		}
		answer, err := o.Submit(ctx, mailbox.Message{To: l.To, Size: l.Size, Open: l.Open, Intent: l.Dot})
		return answer, outcome(err)
	}
}

// outcome says in the outbox's words what became of a message.
func outcome(err error) error {
	e, ok := errors.AsType[*mailbox.SubmitError](err)
	if !ok {
		return err
	}
	switch e.Outcome {
	case mailbox.OutcomeNotSent:
		return &outbox.NotTaken{Permanent: e.Permanent, Reason: inWords(e)}
	case mailbox.OutcomeRefused:
		return &outbox.Refused{Reason: inWords(e)}
	}
	return errors.New(inWords(e))
}

// inWords says why a message was not taken, for all who see the movements of a
// case: whom it is for is content, and stays out.
func inWords(e *mailbox.SubmitError) string {
	why := map[mailbox.Stage]string{
		mailbox.StageSettings: "le impostazioni di invio della casella non sono valide", mailbox.StageConnect: "il gestore non è raggiungibile",
		mailbox.StageGreeting: "il gestore non risponde come deve", mailbox.StageLogin: "il gestore non accetta l'accesso della casella",
		mailbox.StageSender: "il gestore non accetta il mittente", mailbox.StageRecipients: "il gestore non accetta i destinatari",
		mailbox.StageMessage: "il messaggio non è stato consegnato per intero al gestore", mailbox.StageIntent: "l'invio è stato fermato prima della fine",
		mailbox.StageAnswer: "il gestore ha rifiutato il messaggio",
	}[e.Stage]
	if e.Outcome == mailbox.OutcomeUnknown {
		why = "il gestore non ha risposto dopo aver ricevuto il messaggio"
	}
	if n := len(e.Rejections); n > 0 {
		why += fmt.Sprintf(" (%d)", n)
	}
	if e.Code != 0 {
		why += ": " + strings.Join(strings.Fields(fmt.Sprintf("%d %s %s", e.Code, e.Enhanced, withoutAddresses(e.Text))), " ")
	}
	return cutShort(why, mostReason)
}

// mostReason is the longest reason that is kept, in runes.
const mostReason = 300

var anAddress = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)

func withoutAddresses(text string) string { return anAddress.ReplaceAllString(text, "…") }

func cutShort(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
