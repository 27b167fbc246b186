package provider

import (
	"fmt"
	"io"
	"time"

	"github.com/smista/smista/pec"
)

// Deliver puts a message into a folder as it is, byte for byte. A zero date
// means now.
func (p *Provider) Deliver(account, folder string, message io.Reader, date time.Time) (uid uint32, err error) {
	b, f, err := p.find(account, folder)
	if err != nil {
		return 0, err
	}
	data, err := p.spool.putReader(message)
	if err != nil {
		return 0, err
	}
	if date.IsZero() {
		date = p.config.Clock()
	}
	_, id := p.expose(b, f, stored{body: data}, date, Entry{})
	return uint32(id), nil
}

func (p *Provider) find(account, folder string) (*box, *folder, error) {
	b := p.box(account)
	if b == nil {
		return nil, nil, fmt.Errorf("provider: no account %q", account)
	}
	if folder == "" {
		folder = Inbox
	}
	f := b.folder(folder)
	if f == nil {
		return nil, nil, fmt.Errorf("provider: account %q has no folder %q", account, folder)
	}
	return b, f, nil
}

// Ordinary lets ordinary mail come in from outside: it arrives in a busta di
// anomalia (annex §6.4.2).
func (p *Provider) Ordinary(from string, to []string, message io.Reader) error {
	data, err := p.spool.putReader(message)
	if err != nil {
		return err
	}
	return p.receiveOrdinary(from, to, data)
}

func (p *Provider) receiveOrdinary(from string, to []string, data body) error {
	for _, a := range to {
		if p.box(a) == nil {
			return fmt.Errorf("provider: no account %q", a)
		}
	}
	h, err := readHeader(data)
	if err != nil {
		return err
	}
	s := &submission{sender: from, rcpt: distinct(to), data: data, at: p.config.Clock()}
	s.facts = pec.Certification{Sender: plain(from), Subject: plain(subject(h)), MessageID: plain(h.Get("Message-Id"))}
	if list := addresses(h, "From"); len(list) > 0 {
		s.facts.Sender = list[0]
	}
	if s.facts.Sender == "" {
		s.facts.Sender = "sconosciuto"
	}
	p.ledger.add(Entry{At: s.at, Event: Accepted, From: from, To: s.rcpt, MessageID: s.facts.MessageID,
		Digest: data.digest, Size: data.size, Detail: "ordinary mail"})
	p.work.start(func() { p.wrapOrdinary(s) })
	return nil
}

func (p *Provider) wrapOrdinary(s *submission) {
	for _, to := range s.rcpt {
		op := p.operators[domainOf(to)]
		l := anomaly(s, to, "<a."+p.identifier(op)+">")
		data, err := p.write(op, l, s)
		if err != nil {
			p.config.Log.Error("write an anomaly envelope", "to", to, "err", err)
			return
		}
		p.put(p.box(to), data, s.sender, Entry{Kind: pec.Anomaly, MessageID: l.ID, RefersTo: s.facts.MessageID, From: s.facts.Sender})
	}
}

// ChangeUIDValidity gives a folder a new UIDVALIDITY and its messages new UIDs,
// and cuts the connections that have it open.
func (p *Provider) ChangeUIDValidity(account, folder string) (uint32, error) {
	b, f, err := p.find(account, folder)
	if err != nil {
		return 0, err
	}
	validity, messages := f.renumber()
	for _, m := range messages {
		digest, err := m.data.digest()
		if err != nil {
			return 0, err
		}
		p.recordExposed(b, f, validity, m.uid, m.data, digest, Entry{Detail: "renumbered"})
	}
	p.cutSessions(f)
	return validity, nil
}

func (p *Provider) cutSessions(f *folder) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for s := range p.sessions {
		if s.view != nil && s.view.folder == f {
			_ = s.conn.NetConn().Close()
		}
	}
}

// Hide keeps a message out of SEARCH and FETCH, or shows it again, as a
// provider does whose index has lost it.
func (p *Provider) Hide(account, folder string, uid uint32, hidden bool) error {
	_, f, err := p.find(account, folder)
	if err != nil {
		return err
	}
	f.hide(uid, hidden)
	return nil
}

// Inject puts a fault in force.
func (p *Provider) Inject(f Fault) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	p.faults.add(f)
	return nil
}

// Faults lists the faults in force.
func (p *Provider) Faults() []Fault { return p.faults.copy() }

// ClearFaults ends all faults and delivers what Reorder held back.
func (p *Provider) ClearFaults() {
	p.faults.clear()
	p.mu.Lock()
	held := p.held
	p.held = map[string][]func(){}
	p.mu.Unlock()
	for _, list := range held {
		for _, put := range list {
			put()
		}
	}
}
