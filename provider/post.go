package provider

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
)

// Submit takes a message as the submission server does: sender is the account
// that sends, rcpt the SMTP recipients. Receipts come later; see Settle.
func (p *Provider) Submit(_ context.Context, sender string, rcpt []string, message io.Reader) error {
	data, err := p.spool.putReader(message)
	if err != nil {
		return err
	}
	return p.submit(sender, rcpt, data)
}

func (p *Provider) submit(sender string, rcpt []string, data body) error {
	if p.box(sender) == nil {
		return fmt.Errorf("provider: no account %q", sender)
	}
	s, err := p.read(sender, rcpt, data)
	if err != nil {
		return err
	}
	p.ledger.add(Entry{At: s.at, Event: Accepted, From: s.sender, To: s.rcpt, MessageID: s.facts.MessageID,
		Identifier: s.facts.Identifier, Digest: data.digest, Size: data.size, Detail: s.problem})
	p.work.start(func() {
		p.slots <- struct{}{}
		defer func() { <-p.slots }()
		if p.ctx.Err() == nil {
			p.process(s)
		}
	})
	return nil
}

// process is the way of a message through the service (pec.md §1).
func (p *Provider) process(s *submission) {
	switch {
	case s.infected:
		p.receipt(s.op, s, pec.NonAcceptance, func(c *pec.Certification) {
			c.Error, c.ExtendedError = "virus", extended("5.5.1", s.op, "virus nel messaggio")
		})
		return
	case s.problem != "":
		p.receipt(s.op, s, pec.NonAcceptance, func(c *pec.Certification) {
			c.Error, c.ExtendedError = "altro", extended("5.7.1", s.op, s.problem)
		})
		return
	}
	p.receipt(s.op, s, pec.Acceptance, nil)
	env, err := p.write(s.op, s.envelope(), s)
	if err != nil {
		p.config.Log.Error("write an envelope", "identifier", s.facts.Identifier, "err", err)
		return
	}
	for _, to := range s.rcpt {
		p.deliver(s, to, env)
	}
}

// envelope is the busta di trasporto.
func (s *submission) envelope() envelope.Letter {
	l := envelope.Letter{Kind: pec.Envelope, Certified: s.facts}
	for _, r := range s.facts.Recipients {
		if slices.Contains(s.cc, r.Address) {
			l.Cc = append(l.Cc, r.Address)
		} else {
			l.To = append(l.To, r.Address)
		}
	}
	return l
}

// deliver brings an envelope to one recipient and tells the sender.
func (p *Provider) deliver(s *submission, to string, env body) {
	op, b := p.operators[domainOf(to)], p.box(to)
	switch {
	case op == nil && strings.HasSuffix(domainOf(to), ".invalid"):
		p.fail(s.op, s, to, "no-dominio", "5.1.2", "dominio inesistente")
	case op == nil: // ordinary mail: nothing will ever come back
	case b == nil && op.Profile == "aruba":
		p.fail(op, s, to, "altro", "5.1.1", "indirizzo non valido")
	case b == nil:
		p.fail(op, s, to, "no-dest", "5.1.1", "indirizzo non valido")
	case b.account.Behaviour == Full:
		p.fail(op, s, to, "altro", "5.2.2", "casella piena")
	case b.account.Behaviour == Disabled:
		p.fail(op, s, to, "altro", "5.2.1", "casella disattivata")
	case b.account.Behaviour == Infected:
		p.fail(op, s, to, "virus", "5.5.1", "virus nel messaggio")
	case b.account.Behaviour == Stuck:
		p.late.add(&pending{submission: s, to: to, envelope: env})
	default:
		p.complete(s, to, env)
	}
}

// complete puts an envelope into a box and certifies it.
func (p *Provider) complete(s *submission, to string, env body) {
	p.put(p.box(to), env, s.sender, Entry{Kind: pec.Envelope, MessageID: "<" + s.facts.Identifier + ">",
		RefersTo: s.facts.MessageID, Identifier: s.facts.Identifier, From: s.sender})
	p.receipt(p.operators[domainOf(to)], s, pec.Delivery, func(c *pec.Certification) {
		c.DeliveryTo = to
		if slices.Contains(s.cc, to) {
			c.ReceiptType = envelope.Synthetic // the full receipt is for recipients in To
		}
	})
}

func (p *Provider) fail(op *operator, s *submission, to, failure, code, words string) {
	p.receipt(op, s, pec.DeliveryError, func(c *pec.Certification) {
		c.DeliveryTo, c.Error, c.ExtendedError = to, failure, extended(code, op, words)
	})
}

// extended is an errore-esteso: enhanced code, who says so, what happened.
func extended(code string, op *operator, words string) string {
	return code + " - " + op.Name + " - " + words
}

// receipt writes a receipt or notice to the sender of s. change adds what is
// particular to it.
func (p *Provider) receipt(op *operator, s *submission, kind pec.Kind, change func(*pec.Certification)) {
	l := envelope.Letter{Kind: kind, ID: "<r." + p.identifier(op) + ">", To: []string{s.sender}, Certified: s.facts}
	l.Certified.Provider, l.Certified.Time = op.Name, p.config.Clock()
	if kind != pec.Delivery {
		l.Certified.ReceiptType = ""
	}
	if change != nil {
		change(&l.Certified)
	}
	fault := p.faults.receipt(kind, s.sender)
	data, err := p.writeReceipt(op, l, s, fault)
	if err != nil {
		p.config.Log.Error("write a receipt", "kind", kind, "identifier", s.facts.Identifier, "err", err)
		return
	}
	e := Entry{Kind: kind, MessageID: l.ID, RefersTo: s.facts.MessageID, Identifier: s.facts.Identifier,
		From: op.issuer.Address(), To: []string{l.Certified.DeliveryTo}}
	if fault.Do == Forge {
		e.Detail = "forged"
	}
	p.send(s.sender, data, e, fault)
}

func (p *Provider) writeReceipt(op *operator, l envelope.Letter, s *submission, fault Fault) (body, error) {
	if fault.Do == Forge {
		return p.writeForgery(op, l, fault.Variant)
	}
	data, err := p.write(op, l, s)
	if err != nil && l.Certified.ReceiptType == envelope.Brief {
		l.Certified.ReceiptType = envelope.Synthetic // an original that cannot be taken apart
		return p.write(op, l, s)
	}
	return data, err
}

// write signs a letter about a submission into the spool.
func (p *Provider) write(op *operator, l envelope.Letter, s *submission) (body, error) {
	original, err := stored{body: s.data}.open()
	if err != nil {
		return body{}, err
	}
	defer original.Close()
	l.Original = &envelope.Original{Content: original, Size: s.data.size, Received: s.received}
	data, err := p.spool.put(func(w io.Writer) error { return op.issuer.Write(w, l) })
	if err == nil {
		p.ledger.add(Entry{At: p.config.Clock(), Event: Issued, Kind: l.Kind, MessageID: l.ID, RefersTo: l.Certified.MessageID,
			Identifier: l.Certified.Identifier, From: op.issuer.Address(), To: l.To, Digest: data.digest, Size: data.size})
	}
	return data, err
}

// send brings a receipt to a box, in the way that the fault says.
func (p *Provider) send(to string, data body, e Entry, fault Fault) {
	b := p.box(to)
	put := func() { p.put(b, data, e.From, e) }
	switch fault.Do {
	case Lose:
	case Delay:
		p.work.start(func() {
			select {
			case <-time.After(fault.Delay):
				put()
			case <-p.ctx.Done():
			}
		})
	case Reorder:
		p.hold(to, put)
	case Duplicate:
		put()
		put()
		p.unhold(to)
	default:
		put()
		p.unhold(to)
	}
}

func (p *Provider) hold(box string, put func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held[box] = append(p.held[box], put)
}

func (p *Provider) unhold(box string) {
	p.mu.Lock()
	held := p.held[box]
	delete(p.held, box)
	p.mu.Unlock()
	for _, put := range held {
		put()
	}
}

// put delivers into the INBOX, under the lines that a delivery adds.
func (p *Provider) put(b *box, data body, returnPath string, e Entry) {
	now := p.config.Clock()
	prefix := "Return-Path: <" + returnPath + ">\r\nDelivered-To: " + b.account.Address + "\r\n" +
		"Received: from localhost by localhost with LMTP\r\n for <" + b.account.Address + ">; " + now.Format(time.RFC1123Z) + "\r\n"
	p.expose(b, b.folder(Inbox), stored{prefix: []byte(prefix), body: data}, now, e)
}
