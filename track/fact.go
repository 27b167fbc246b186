package track

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/pec"
)

// fact is what one receipt says of one recipient.
type fact struct {
	status   recipient.Status // Pending: a notice of delay, which changes no status
	at       time.Time        // certified
	provider string
	reason   string
}

// facts are what a receipt says, and of whom; of nobody named it is of all.
func facts(receipt *ent.Message) (f fact, of []string) {
	c := receipt.Certification
	f = fact{at: c.Time.UTC(), provider: c.Provider, reason: c.ExtendedError}
	if f.at.IsZero() {
		f.at = receipt.ReceivedAt.UTC()
	}
	f.at = f.at.Truncate(time.Microsecond)
	switch receipt.Kind {
	case pec.Acceptance:
		f.status, f.reason = recipient.StatusAccepted, ""
		for _, r := range c.Recipients {
			of = append(of, lower(r.Address))
		}
		return f, of
	case pec.NonAcceptance:
		f.status = recipient.StatusNotAccepted
		return f, nil
	case pec.TakenInCharge:
		f.status, f.reason = recipient.StatusTaken, ""
		for _, a := range c.TakenFor {
			of = append(of, lower(a))
		}
		return f, of
	case pec.Delivery:
		f.status, f.reason = recipient.StatusDelivered, ""
	case pec.DeliveryError:
		f.status = recipient.StatusFailed
	case pec.DeliveryWarning:
		f.status = recipient.StatusPending
		if final(c.ExtendedError) {
			f.status = recipient.StatusFailed
		}
	}
	return f, []string{lower(c.DeliveryTo)}
}

// final tells the notice of 24 hours, after which the provider tries no more,
// from that of 12 hours: both are preavviso-errore-consegna, and only the code
// (RFC 3463 §2: class 5 is permanent) says which it is.
func final(extended string) bool { return strings.HasPrefix(strings.TrimSpace(extended), "5.") }

// knows tells whether a fact is one that a recipient's row can hold.
func (f fact) knows() bool { return f.status != "" }

// rank orders what is known of a recipient: a later status is never undone by
// an earlier one that comes late.
func rank(s recipient.Status) int {
	return slices.Index([]recipient.Status{
		recipient.StatusPending, recipient.StatusNotAccepted, recipient.StatusAccepted, recipient.StatusTaken,
		recipient.StatusFailed, recipient.StatusDelivered,
	}, s)
}

// join adds a fact to what is known, and tells whether that has changed. It is
// a join of a semilattice: commutative, associative, idempotent.
func join(r *ent.Recipient, f fact) bool {
	before := *r
	known := moment(r, f.status)
	switch {
	case f.status == recipient.StatusPending: // a notice of delay has no status
	case rank(f.status) > rank(r.Status):
		r.Status, r.Provider = f.status, f.provider
	case f.status == r.Status && sooner(f.at, f.provider, *known, r.Provider):
		r.Provider = f.provider
	}
	joinReason(r, f, *known)
	if *known == nil || f.at.Before(**known) {
		*known = &f.at
	}
	return !same(&before, r)
}

// joinReason keeps the reason of the worst that is known.
func joinReason(r *ent.Recipient, f fact, known *time.Time) {
	worst := func(s recipient.Status) int {
		return slices.Index([]recipient.Status{recipient.StatusNotAccepted, recipient.StatusPending, recipient.StatusFailed}, s)
	}
	mine := worst(f.status)
	if mine < 0 {
		return
	}
	have := -1
	for _, s := range []recipient.Status{recipient.StatusNotAccepted, recipient.StatusPending, recipient.StatusFailed} {
		if *moment(r, s) != nil {
			have = worst(s)
		}
	}
	if mine > have || mine == have && sooner(f.at, f.reason, known, r.Reason) {
		r.Reason = f.reason
	}
}

// sooner orders facts of one sort; of the same time, by what they say.
func sooner(at time.Time, text string, known *time.Time, have string) bool {
	return known == nil || cmp.Or(at.Compare(*known), cmp.Compare(text, have)) < 0
}

// moment is the column that keeps when a status was certified first.
func moment(r *ent.Recipient, s recipient.Status) **time.Time {
	switch s {
	case recipient.StatusNotAccepted:
		return &r.RefusedAt
	case recipient.StatusAccepted:
		return &r.AcceptedAt
	case recipient.StatusTaken:
		return &r.TakenAt
	case recipient.StatusFailed:
		return &r.FailedAt
	case recipient.StatusDelivered:
		return &r.DeliveredAt
	}
	return &r.WarnedAt
}

func same(a, b *ent.Recipient) bool {
	at := func(p *time.Time) int64 {
		if p == nil {
			return 0
		}
		return p.UnixMicro()
	}
	for _, s := range []recipient.Status{
		recipient.StatusPending, recipient.StatusNotAccepted, recipient.StatusAccepted, recipient.StatusTaken,
		recipient.StatusFailed, recipient.StatusDelivered,
	} {
		if at(*moment(a, s)) != at(*moment(b, s)) {
			return false
		}
	}
	return a.Status == b.Status && a.Provider == b.Provider && a.Reason == b.Reason && a.System == b.System
}

// expect says what receipt of a recipient is waited for, and until when.
func expect(r *ent.Recipient) time.Time {
	switch {
	case rank(r.Status) >= rank(recipient.StatusFailed) || r.Status == recipient.StatusNotAccepted:
		return Never
	case rank(r.Status) >= rank(recipient.StatusAccepted):
		if r.System == recipient.SystemOrdinary || r.Missing == recipient.MissingDelivery || r.AcceptedAt == nil {
			return Never
		}
		return r.AcceptedAt.Add(DeliveryWithin)
	}
	return r.LookAt
}

// came tells whether the receipt that was missed is there now.
func came(r *ent.Recipient) bool {
	switch r.Missing {
	case recipient.MissingAcceptance:
		return r.Status != recipient.StatusPending
	case recipient.MissingDelivery:
		return rank(r.Status) >= rank(recipient.StatusFailed)
	}
	return false
}

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
