package reply

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/recipient"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/letter"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// inFiles is the input that problems of attachments are about.
const inFiles = "files"

// problems are why a reply cannot be sent as it is, and the size of its message.
func (s *Replies) problems(w *whole, l letter.Letter) (list []Problem, size int64) {
	if !w.box.Sends {
		list = append(list, Problem{"mailboxId", "da questa casella non si può inviare", "this mailbox does not send"})
	}
	err := l.Check()
	if wrong, ok := errors.AsType[letter.Problems](err); ok {
		for _, p := range wrong {
			list = append(list, inWords(p))
		}
	} else if size, err = l.Size(); err == nil && size > limit(w) {
		most := limit(w)
		list = append(list, Problem{
			inFiles, fmt.Sprintf("il messaggio è di %d byte, il gestore ne accetta %d per questo numero di destinatari", size, most),
			fmt.Sprintf("the message has %d bytes, and the provider takes %d for so many recipients", size, most),
		})
	}
	for _, f := range w.files {
		switch {
		case f.Scan == replyfile.ScanInfected:
			list = append(list, Problem{
				inFiles, fmt.Sprintf("«%s» contiene un virus (%s)", f.Name, f.ScanText), fmt.Sprintf("%q holds a virus (%s)", f.Name, f.ScanText),
			})
		case s.Scanned && f.AttachmentID == nil && f.Scan == replyfile.ScanNone:
			list = append(list, Problem{
				inFiles, fmt.Sprintf("«%s» non è stato ancora controllato", f.Name), fmt.Sprintf("%q was not looked at by the scanner yet", f.Name),
			})
		}
	}
	return list, size
}

// inWords says what is wrong with a letter.
func inWords(p letter.Problem) Problem {
	place := map[letter.Place][3]string{
		letter.InRecipients: {"to", "i destinatari", "the recipients"}, letter.InSubject: {"subject", "l'oggetto", "the subject"},
		letter.InText: {"html", "il testo", "the text"}, letter.InFiles: {inFiles, "gli allegati", "the attachments"},
		letter.InSender: {"mailboxId", "la casella", "the mailbox"}, letter.InReceipt: {"receiptType", "la ricevuta", "the receipt"},
	}[p.Place]
	fault := map[letter.Fault][2]string{
		letter.Missing: {"manca", "missing"}, letter.Malformed: {"non valido", "malformed"}, letter.TooLong: {"troppo lungo", "too long"},
		letter.TooMany: {"troppi", "too many"}, letter.Repeated: {"ripetuto", "repeated"},
		letter.Unknown: {"immagine non allegata", "a picture that is not attached"},
	}[p.Fault]
	it, en := place[1]+": "+fault[0], place[2]+": "+fault[1]
	if p.Value != "" {
		it, en = it+" ("+p.Value+")", en+" ("+p.Value+")"
	}
	return Problem{place[0], it, en}
}

var (
	mentions = regexp.MustCompile(`(?i)\b(allegat\w*|alleg(o|a|hiamo|ando|are)|attach(ed|ment|ments)|enclosed?)\b`)
	quotes   = regexp.MustCompile(`(?m)^>.*$`) // lines of the text that somebody else wrote
)

// lately is how long ago a PEC was sent that another one may repeat by mistake.
const lately = 5 * time.Minute

// warnings are what its author should know before a reply leaves.
func (s *Replies) warnings(ctx context.Context, w *whole, p *Preview) (list []Problem, err error) {
	attached := slices.ContainsFunc(w.files, func(f *ent.ReplyFile) bool { return f.ContentID == "" })
	if !attached && mentions.MatchString(quotes.ReplaceAllString(p.Text, "")) {
		list = append(list, Problem{inFiles, "il testo parla di allegati, ma non ce ne sono", "the text speaks of attachments, and there are none"})
	}
	for _, a := range p.Recipients {
		switch a.System {
		case recipient.SystemOrdinary:
			list = append(list, Problem{"to", a.Address + " non è una PEC: non ci sarà ricevuta di consegna",
				a.Address + " is not certified mail: there will be no receipt of delivery"})
		case recipient.SystemUnknown:
			list = append(list, Problem{"to", "non si sa se " + a.Address + " è una PEC: se non lo è, non ci sarà ricevuta di consegna",
				"nobody knows whether " + a.Address + " is certified mail: if not, there will be no receipt of delivery"})
		}
	}
	same, err := s.sentLately(ctx, w.r)
	if err != nil {
		return nil, err
	}
	if same {
		list = append(list, Problem{"", "una PEC con lo stesso oggetto agli stessi destinatari è stata inviata da meno di 5 minuti, o sta per partire",
			"a PEC with the same subject was sent to the same recipients less than 5 minutes ago, or is about to leave"})
	}
	other, err := s.otherAnswer(ctx, s.Client, w.r)
	if err == nil && other {
		list = append(list, Problem{"", "a questo messaggio è già stato risposto", "this message was answered already"})
	}
	return list, err
}

// sentLately tells whether the viewer sees a PEC that left a moment ago, or is about
// to, from the same mailbox, with the same subject and to the same people.
func (s *Replies) sentLately(ctx context.Context, r *ent.Reply) (bool, error) {
	rows, err := s.Client.Reply.Query().Where(
		entreply.MailboxID(r.MailboxID), entreply.Subject(r.Subject), entreply.IDNEQ(r.ID),
		entreply.Or(entreply.StateIn(entreply.StateQueued, entreply.StateSending, entreply.StateUncertain), entreply.SentAtGT(s.now().Add(-lately))),
	).Limit(50).All(ctx)
	to := everybody(r)
	return slices.ContainsFunc(rows, func(other *ent.Reply) bool { return slices.Equal(everybody(other), to) }), err
}

// everybody are the addresses that a reply goes to, in an order of their own.
func everybody(r *ent.Reply) []string {
	all := make([]string, 0, len(r.To)+len(r.Cc))
	for _, a := range slices.Concat(r.To, r.Cc) {
		all = append(all, lower(a.Address))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// known tells to whom a reply goes.
func (s *Replies) known(ctx context.Context, w *whole) (list []Known, err error) {
	for _, a := range slices.Concat(w.r.To, w.r.Cc) {
		k := Known{Address: lower(a.Address)}
		if k.System, err = s.systemOf(ctx, k.Address); err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, nil
}

// systemOf is what an earlier receipt, or a PEC from there, says of an address.
func (s *Replies) systemOf(ctx context.Context, address string) (recipient.System, error) {
	ctx = itself(ctx)
	known, err := s.Client.Recipient.Query().Where(recipient.Address(address), recipient.SystemNEQ(recipient.SystemUnknown)).
		Order(recipient.ByID(sql.OrderDesc())).First(ctx)
	if err == nil {
		return known.System, nil
	}
	if !ent.IsNotFound(err) {
		return "", err
	}
	wrote, err := s.Client.Message.Query().Where(message.SenderAddress(address), message.KindEQ(pec.Envelope), message.VerdictEQ(smime.Valid)).Exist(ctx)
	if wrote {
		return recipient.SystemCertified, err
	}
	return recipient.SystemUnknown, err
}

// otherAnswer tells whether the message that a reply answers has another answer
// that left, or is to leave.
func (s *Replies) otherAnswer(ctx context.Context, client *ent.Client, r *ent.Reply) (bool, error) {
	if r.AnswersID == nil || r.Manner == entreply.MannerForward {
		return false, nil
	}
	return client.Reply.Query().Where(entreply.AnswersID(*r.AnswersID), entreply.IDNEQ(r.ID), entreply.MannerNEQ(entreply.MannerForward),
		entreply.StateIn(entreply.StateWaiting, entreply.StateQueued, entreply.StateSending, entreply.StateUncertain, entreply.StateSent)).Exist(itself(ctx))
}

// fit refuses what cannot be sent.
func (d *deed) fit(ctx context.Context, again bool) error {
	w, err := d.read(ctx, d.Tx.Client(), d.r.ID)
	if err != nil {
		return err
	}
	if list, _ := d.problems(w, d.letter(ctx, w, newMessageID(w.box.Address), d.now)); len(list) > 0 {
		return invalid(list[0].Path, list[0].Italian, list[0].English)
	}
	if err := d.mayUse(ctx, d.Tx, d.r.MailboxID, number(d.Case.OfficeID), d.r); err != nil {
		return err
	}
	other, err := d.otherAnswer(ctx, d.Tx.Client(), d.r)
	if err != nil || !other || again {
		return err
	}
	return &casework.Refused{
		Code: casework.Answered, Italian: "a questo messaggio è già stato risposto: conferma che vuoi rispondere di nuovo",
		English: "this message was answered already: say that you mean to answer it again",
	}
}
