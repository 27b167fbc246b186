package provider

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/smista/smista/pec"
)

// Do names a fault.
type Do string

const (
	// On receipts and notices, one by one.
	Delay     Do = "delay"     // delivered after Fault.Delay
	Duplicate Do = "duplicate" // delivered twice
	Lose      Do = "lose"      // never delivered
	Reorder   Do = "reorder"   // delivered after the next receipt for the same box
	Forge     Do = "forge"     // a forgery comes in its place, see Fault.Variant

	// On connections.
	Cut  Do = "cut"  // closed after Fault.Bytes
	Slow Do = "slow" // at most Fault.Bytes a second

	// On the answer to the final dot of a submission; Box is the sender.
	Hang       Do = "hang"        // taken; no answer for as long as the client stays
	Drop       Do = "drop"        // taken; the connection closes without an answer
	RefuseLate Do = "refuse-late" // not taken; 554
	FailStored Do = "fail-stored" // taken; 451 all the same

	// On IMAP.
	BodyFirst Do = "body-first" // FETCH gives BODY[] before UID
	NilBody   Do = "nil-body"   // FETCH gives BODY[] NIL
	NoIdle    Do = "no-idle"    // IDLE is neither offered nor served
)

// Variants of Forge.
const (
	Stranger = "stranger" // signed by another hierarchy (the default)
	Altered  = "altered"  // a genuine signature around other bytes
	Unsigned = "unsigned" // headers and parts of a receipt, no signature
)

// Protocols of Cut and Slow.
const (
	IMAP = "imap"
	SMTP = "smtp"
)

// Fault is something to go wrong. It applies to the occasions that match,
// after Skip of them, Count times (0 = until cleared).
type Fault struct {
	Do       Do            `json:"do"`
	Kind     pec.Kind      `json:"kind,omitempty"`     // receipts of this kind only
	Box      string        `json:"box,omitempty"`      // for this account only
	Skip     int           `json:"skip,omitempty"`     // occasions to let pass first: skip 2 = the third connection
	Count    int           `json:"count,omitempty"`    // how often; 0 = until cleared
	Delay    time.Duration `json:"-"`                  // of Delay
	Variant  string        `json:"variant,omitempty"`  // of Forge
	Protocol string        `json:"protocol,omitempty"` // of Cut and Slow: imap, smtp
	Bytes    int64         `json:"bytes,omitempty"`    // of Cut: after so many; of Slow: a second
	Incoming bool          `json:"incoming,omitempty"` // of Cut: count what the client sends
}

func (f Fault) check() error {
	switch f.Do {
	case Delay, Duplicate, Lose, Reorder, Hang, Drop, RefuseLate, FailStored, BodyFirst, NilBody, NoIdle:
	case Forge:
		if !slices.Contains([]string{"", Stranger, Altered, Unsigned}, f.Variant) {
			return fmt.Errorf("fault %s: unknown variant %q", f.Do, f.Variant)
		}
	case Cut, Slow:
		if f.Protocol != IMAP && f.Protocol != SMTP {
			return fmt.Errorf("fault %s: protocol is %q, use imap or smtp", f.Do, f.Protocol)
		}
		if f.Do == Slow && f.Bytes <= 0 {
			return fmt.Errorf("fault slow: say how many bytes a second")
		}
	default:
		return fmt.Errorf("unknown fault %q", f.Do)
	}
	if f.Skip < 0 || f.Count < 0 || f.Bytes < 0 || f.Delay < 0 {
		return fmt.Errorf("fault %s: negative number", f.Do)
	}
	return nil
}

// faults are the ones in force, in the order they were asked for.
type faults struct {
	mu     sync.Mutex
	list   []Fault
	ledger *ledger
	now    func() time.Time
}

func (fs *faults) add(f Fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.Box = lower(f.Box)
	fs.list = append(fs.list, f)
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = nil
}

func (fs *faults) copy() []Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return slices.Clone(fs.list)
}

// pick uses up one occasion of the first fault that matches.
func (fs *faults) pick(box string, match func(Fault) bool) (Fault, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for i := range fs.list {
		f := &fs.list[i]
		if !match(*f) || f.Box != "" && f.Box != lower(box) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		used := *f
		if f.Count--; f.Count == 0 {
			fs.list = slices.Delete(fs.list, i, i+1)
		} else {
			f.Count = max(f.Count, 0)
		}
		fs.ledger.add(Entry{At: fs.now(), Event: Applied, Box: box, Kind: used.Kind, Detail: used.String()})
		return used, true
	}
	return Fault{}, false
}

// String gives the fault and its figure.
func (f Fault) String() string {
	if f.Bytes > 0 {
		return string(f.Do) + " " + f.Protocol + " " + strconv.FormatInt(f.Bytes, 10)
	}
	return string(f.Do)
}

func (fs *faults) take(do Do, box string) bool {
	_, ok := fs.pick(box, func(f Fault) bool { return f.Do == do })
	return ok
}

// active asks without using up; an empty box asks for any.
func (fs *faults) active(do Do, box string) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return slices.ContainsFunc(fs.list, func(f Fault) bool {
		return f.Do == do && (f.Box == "" || box == "" || f.Box == lower(box))
	})
}

func (fs *faults) receipt(kind pec.Kind, box string) Fault {
	f, _ := fs.pick(box, func(f Fault) bool {
		return slices.Contains([]Do{Delay, Duplicate, Lose, Reorder, Forge}, f.Do) && (f.Kind == "" || f.Kind == kind)
	})
	return f
}

func (fs *faults) afterDot(sender string) Do {
	f, _ := fs.pick(sender, func(f Fault) bool {
		return slices.Contains([]Do{Hang, Drop, RefuseLate, FailStored}, f.Do)
	})
	return f.Do
}

func (fs *faults) cut(protocol string) (Fault, bool) {
	return fs.pick("", func(f Fault) bool { return f.Do == Cut && f.Protocol == protocol })
}

// rate is the bytes a second of a slow protocol, 0 for no limit.
func (fs *faults) rate(protocol string) int64 {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.list {
		if f.Do == Slow && f.Protocol == protocol {
			return f.Bytes
		}
	}
	return 0
}
