package mailbox

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// memLedger is a ledger and an archive in memory: the oracle of the tests.
type memLedger struct {
	mu       sync.Mutex
	folders  map[place]FolderState
	rows     map[Ref]*memRow
	reports  []Reconciliation
	renumber int
	changed  chan struct{}

	doubled  []Ref                      // delivered again as something else
	receive  func(Arrival, error) error // may fail a delivery
	readSize int                        // bytes per Read, 0 for plenty
}

type place struct{ mailbox, folder string }

type memRow struct {
	state    State
	attempts int
	content  string
	reason   string
	arrival  Arrival
}

func newMemLedger() *memLedger {
	return &memLedger{folders: map[place]FolderState{}, rows: map[Ref]*memRow{}, changed: make(chan struct{})}
}

func (l *memLedger) touch() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *memLedger) changes() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

func (l *memLedger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for p, f := range l.folders {
		fmt.Fprintf(&b, "%v: %+v\n", p, f)
	}
	for r, row := range l.rows {
		fmt.Fprintf(&b, "%v: state %d attempts %d, %d bytes, %s\n", r, row.state, row.attempts, len(row.content), row.reason)
	}
	return b.String()
}

func (l *memLedger) Folder(_ context.Context, m, f string) (FolderState, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.folders[place{m, f}], nil
}

func (l *memLedger) SaveFolder(_ context.Context, m, f string, s FolderState) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.folders[place{m, f}] = s
	l.touch()
	return nil
}

func (l *memLedger) Seen(_ context.Context, m, f string, v uint32, uids []uint32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, u := range uids {
		if r := (Ref{m, f, v, u}); l.rows[r] == nil {
			l.rows[r] = &memRow{}
		}
	}
	return nil
}

// of lists the rows of a folder after a UID, ascending.
func (l *memLedger) of(m, f string, v, after uint32) []Ref {
	var refs []Ref
	for r := range l.rows {
		if r.Mailbox == m && r.Folder == f && r.UIDValidity == v && r.UID > after {
			refs = append(refs, r)
		}
	}
	slices.SortFunc(refs, func(a, b Ref) int { return int(int64(a.UID) - int64(b.UID)) })
	return refs
}

func (l *memLedger) Pending(_ context.Context, m, f string, v, after uint32, limit int) ([]Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var entries []Entry
	for _, r := range l.of(m, f, v, after) {
		if row := l.rows[r]; row.state == Waiting && len(entries) < limit {
			entries = append(entries, Entry{r, row.attempts})
		}
	}
	return entries, nil
}

func (l *memLedger) Begin(_ context.Context, r Ref) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows[r].attempts++
	return l.rows[r].attempts, nil
}

func (l *memLedger) Release(_ context.Context, r Ref) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows[r].attempts--
	return nil
}

func (l *memLedger) Quarantine(_ context.Context, r Ref, reason string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	row := l.rows[r]
	if row.state == Archived {
		return fmt.Errorf("%v is archived and cannot be quarantined", r)
	}
	row.state, row.reason = Quarantined, reason
	l.touch()
	return nil
}

func (l *memLedger) Known(_ context.Context, m, f string, v, after uint32, limit int) ([]Known, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var known []Known
	for _, r := range l.of(m, f, v, after) {
		if len(known) < limit {
			known = append(known, Known{r.UID, l.rows[r].state})
		}
	}
	return known, nil
}

func (l *memLedger) Reconciled(_ context.Context, _, _ string, r Reconciliation) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reports = append(l.reports, r)
	l.touch()
	return nil
}

func (l *memLedger) Renumbered(_ context.Context, m, f string, old, _ uint32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renumber++
	for _, r := range l.of(m, f, old, 0) {
		delete(l.rows, r)
	}
	return nil
}

// deliver archives a message, unless the test makes the receiver fail.
func (l *memLedger) deliver(_ context.Context, a Arrival, r io.Reader) error {
	var content strings.Builder
	_, err := io.CopyBuffer(struct{ io.Writer }{&content}, struct{ io.Reader }{r}, make([]byte, max(l.readSize, 1)<<8))
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.receive != nil {
		err = l.receive(a, err)
	}
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	row := l.rows[a.Ref]
	if row.state == Archived && row.content != content.String() {
		l.doubled = append(l.doubled, a.Ref)
	}
	row.state, row.content, row.arrival = Archived, content.String(), a
	l.touch()
	return nil
}

// contents gives what was archived of a folder, by UID.
func (l *memLedger) contents(folder string) map[uint32]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	got := map[uint32]string{}
	for r, row := range l.rows {
		if r.Folder == folder && row.state == Archived {
			got[r.UID] = row.content
		}
	}
	return got
}

func (l *memLedger) quarantined(folder string) map[uint32]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	got := map[uint32]string{}
	for r, row := range l.rows {
		if r.Folder == folder && row.state == Quarantined {
			got[r.UID] = row.reason
		}
	}
	return got
}

func (l *memLedger) attempts(uid uint32) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rows[Ref{"ufficio@pec.example", "INBOX", 7, uid}].attempts
}

// report gives the n-th full comparison, without its time, once it was made.
func (l *memLedger) report(n int) (Reconciliation, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.reports) <= n {
		return Reconciliation{}, false
	}
	r := l.reports[n]
	r.At = time.Time{}
	return r, true
}

func (l *memLedger) renumbered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.renumber
}
