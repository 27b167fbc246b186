package track

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/event"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/pec"
)

// Await makes a row for each recipient of an outgoing message. One that was
// sent long ago, by whatever program, is not missed.
func (t *Tracker) Await(ctx context.Context, tx *ent.Tx, m *ent.Message, sent bool) error {
	ctx = itself(ctx)
	look := Never
	if due := m.ReceivedAt.Add(AcceptanceWithin); sent && t.now().Sub(m.ReceivedAt) < DeliveryWithin {
		look = due
	}
	seen := map[string]bool{}
	var rows []*ent.RecipientCreate
	add := func(list []pec.Address, isCopy bool) {
		for _, a := range list {
			if address := lower(a.Address); address != "" && !seen[address] {
				seen[address] = true
				rows = append(rows, tx.Recipient.Create().SetMessageID(m.ID).SetAddress(address).SetCopy(isCopy).SetLookAt(look))
			}
		}
	}
	add(m.Recipients, false)
	add(m.Copies, true)
	for some := range slices.Chunk(rows, 100) {
		if err := tx.Recipient.CreateBulk(some...).Exec(ctx); err != nil {
			return fmt.Errorf("write the recipients of message %d: %w", m.ID, err)
		}
	}
	return nil
}

// Receipt takes in a receipt that a provider signed, for a message of ours: what
// it says of the recipients, and what follows.
func (t *Tracker) Receipt(ctx context.Context, tx *ent.Tx, receipt, of *ent.Message) ([]event.Entry, error) {
	ctx, n := itself(ctx), t.begin(tx)
	f, whom := facts(receipt)
	if !f.knows() {
		return nil, nil
	}
	if err := n.learn(ctx, receipt, of, f, whom); err != nil {
		return nil, fmt.Errorf("take in receipt %d: %w", receipt.ID, err)
	}
	if err := n.compare(ctx, receipt, of, whom); err != nil {
		return nil, fmt.Errorf("compare receipt %d with what was sent: %w", receipt.ID, err)
	}
	if err := n.evidence(ctx, receipt, of); err != nil {
		return nil, err
	}
	return n.events, n.follow(ctx, of)
}

// learn joins a fact to the rows of those it is about.
func (n *news) learn(ctx context.Context, receipt, of *ent.Message, f fact, whom []string) error {
	query := n.tx.Recipient.Query().Where(recipient.MessageID(of.ID))
	if whom != nil {
		query.Where(recipient.AddressIn(whom...))
	}
	rows, err := query.Order(recipient.ByID()).All(ctx)
	if err != nil {
		return err
	}
	for _, address := range whom {
		there := slices.ContainsFunc(rows, func(r *ent.Recipient) bool { return r.Address == address })
		if there || address == "" {
			continue
		}
		row, err := n.tx.Recipient.Create().SetMessageID(of.ID).SetAddress(address).Save(ctx) // certified, and not in our To and Cc
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		if err := n.keep(ctx, of, row, f, systemOf(receipt, row.Address)); err != nil {
			return err
		}
	}
	return nil
}

// systemOf is what an acceptance says of an address.
func systemOf(receipt *ent.Message, address string) recipient.System {
	if receipt.Kind != pec.Acceptance {
		return recipient.SystemUnknown
	}
	for _, r := range receipt.Certification.Recipients {
		switch {
		case lower(r.Address) != address:
		case r.Type == "esterno":
			return recipient.SystemOrdinary
		default:
			return recipient.SystemCertified
		}
	}
	return recipient.SystemUnknown
}

func (n *news) keep(ctx context.Context, of *ent.Message, row *ent.Recipient, f fact, system recipient.System) error {
	before := row.Status
	changed := join(row, f)
	if row.System == recipient.SystemUnknown && system != recipient.SystemUnknown {
		row.System, changed = system, true
	}
	if !changed {
		return nil
	}
	u := n.tx.Recipient.UpdateOneID(row.ID).SetStatus(row.Status).SetSystem(row.System).SetProvider(row.Provider).SetReason(row.Reason).
		SetNillableAcceptedAt(row.AcceptedAt).SetNillableRefusedAt(row.RefusedAt).SetNillableTakenAt(row.TakenAt).
		SetNillableDeliveredAt(row.DeliveredAt).SetNillableFailedAt(row.FailedAt).SetNillableWarnedAt(row.WarnedAt)
	if came(row) {
		row.Missing = recipient.MissingNone
		u.SetMissing(row.Missing)
	}
	if look := expect(row); !look.Equal(row.LookAt) {
		u.SetLookAt(look)
	}
	if before != row.Status || f.status == recipient.StatusPending {
		n.tell(event.Entry{Kind: event.DeliveryChanged, Case: number(of.CaseID), Message: of.ID,
			Details: event.Details{Of: row.ID, From: string(before), To: string(row.Status)}})
	}
	return u.Exec(ctx)
}

// compare looks into a complete receipt of delivery for what was sent: the
// provider of the recipient certifies with it what it delivered.
func (n *news) compare(ctx context.Context, receipt, of *ent.Message, whom []string) error {
	if receipt.Kind != pec.Delivery || receipt.Certification.ReceiptType != "completa" || receipt.InnerMessageID == "" {
		return nil
	}
	differs, err := n.differs(ctx, receipt, of)
	if err != nil || differs == "" {
		return err
	}
	n.tell(event.Entry{Kind: event.ReceiptDiffers, Case: number(of.CaseID), Message: receipt.ID, Details: event.Details{Of: of.ID, Reason: differs}})
	if err := n.tx.Recipient.Update().Where(recipient.MessageID(of.ID), recipient.AddressIn(whom...)).SetDiffers(true).Exec(ctx); err != nil {
		return err
	}
	return n.alarmOf(ctx, of, notify.Suspect, fmt.Sprintf("differs:%d", receipt.ID), "la ricevuta completa non contiene ciò che è stato inviato")
}

func (n *news) differs(ctx context.Context, receipt, of *ent.Message) (string, error) {
	if receipt.Text != of.Text {
		return "the text is another one", nil
	}
	sent, err := digests(ctx, of)
	if err != nil {
		return "", err
	}
	delivered, err := digests(ctx, receipt)
	if err == nil && !slices.Equal(sent, delivered) {
		return fmt.Sprintf("of %d attachments sent, %d delivered are not the same", len(sent), len(delivered)), nil
	}
	return "", err
}

// digests are those of the attachments of a message, in order.
func digests(ctx context.Context, m *ent.Message) ([]string, error) {
	rows, err := m.QueryAttachments().All(ctx)
	list := make([]string, len(rows))
	for i, a := range rows {
		list[i] = a.Sha256
	}
	slices.Sort(list)
	return list, err
}

// alarmOf tells those who have to do with the case of a message, if it has one.
func (n *news) alarmOf(ctx context.Context, of *ent.Message, kind notify.Kind, key, text string) error {
	if of.CaseID == nil {
		return nil
	}
	c, err := n.tx.CaseFile.Get(ctx, *of.CaseID)
	if err != nil {
		return err
	}
	return n.alarm(ctx, c, kind, key, text)
}

// Suspect tells of something that looks like a receipt of a message of ours and
// is forged, or was altered: nothing changes by it.
func (t *Tracker) Suspect(ctx context.Context, tx *ent.Tx, receipt, of *ent.Message) ([]event.Entry, error) {
	ctx, n := itself(ctx), t.begin(tx)
	n.tell(event.Entry{Kind: event.ReceiptSuspect, Case: number(of.CaseID), Message: receipt.ID, Details: event.Details{
		Of: of.ID, Message: string(receipt.Kind), Verdict: string(receipt.Verdict), Reason: "the signature does not vouch for it"}})
	err := n.alarmOf(ctx, of, notify.Suspect, fmt.Sprintf("suspect:%d", receipt.ID), "una ricevuta non è autentica: non è stata considerata")
	return n.events, err
}

// Watch misses receipts that should have come by now, each once, and says how
// many recipients it looked at.
func (t *Tracker) Watch(ctx context.Context, client *ent.Client, limit int) (int, error) {
	ctx = itself(ctx)
	rows, err := client.Recipient.Query().Where(recipient.LookAtLTE(t.now())).Order(recipient.ByLookAt(), recipient.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for receipts that are missing: %w", err)
	}
	var messages []int
	for _, r := range rows {
		if !slices.Contains(messages, r.MessageID) {
			messages = append(messages, r.MessageID)
		}
	}
	for _, id := range messages {
		if err := t.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) { return t.miss(itself(ctx), tx, id) }); err != nil {
			return 0, fmt.Errorf("look after the receipts of message %d: %w", id, err)
		}
	}
	return len(rows), nil
}

// miss marks what is missing of one message, and tells it.
func (t *Tracker) miss(ctx context.Context, tx *ent.Tx, id int) ([]event.Entry, error) {
	n := t.begin(tx)
	of, err := tx.Message.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, m := range []struct {
		what recipient.Missing
		of   []recipient.Status
		text string
	}{
		{recipient.MissingAcceptance, []recipient.Status{recipient.StatusPending}, "manca la ricevuta di accettazione"},
		{recipient.MissingDelivery, []recipient.Status{recipient.StatusAccepted, recipient.StatusTaken}, "manca la ricevuta di avvenuta consegna"},
	} {
		late, err := tx.Recipient.Update().Where(recipient.MessageID(id), recipient.LookAtLTE(n.now), recipient.StatusIn(m.of...)).
			SetMissing(m.what).SetLookAt(Never).Save(ctx)
		if err != nil || late == 0 {
			if err != nil {
				return nil, err
			}
			continue
		}
		n.tell(event.Entry{Kind: event.ReceiptMissing, Case: number(of.CaseID), Message: id, Details: event.Details{How: string(m.what), Count: late}})
		if err := n.alarmOf(ctx, of, notify.NoReceipt, fmt.Sprintf("missing:%d:%s", id, m.what), m.text); err != nil {
			return nil, err
		}
	}
	return n.events, nil
}

// expectAcceptance begins to miss the acceptance of a message.
func (n *news) expectAcceptance(ctx context.Context, message int, from time.Time) error {
	return n.tx.Recipient.Update().Where(recipient.MessageID(message), recipient.StatusEQ(recipient.StatusPending), recipient.MissingEQ(recipient.MissingNone),
		recipient.LookAtGT(from.Add(AcceptanceWithin))).SetLookAt(from.Add(AcceptanceWithin)).Exec(ctx)
}
