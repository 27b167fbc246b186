// Package seal makes the register of movements (registro dei movimenti) prove
// itself: its events are the leaves of a Merkle tree (RFC 6962), and what the
// tree was is signed every minute.
//
//   - Hashes and signed heads stand in a folder apart from the database: who
//     changes one has not changed the other.
//   - A head is signed after the hashes it covers are durable. What stands
//     beyond the last head does not count, and is made again.
//   - A sealer only goes on from what it sealed: where the log no longer has
//     the last sealed event, it refuses and says so, and signs nothing.
//   - Each instance has its own folder and key, and is a witness of its own.
//   - [Verify] needs the folder's public key only, and names each event that
//     was changed, removed or inserted.
package seal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	pageSize = 512              // leaves read at once
	lastTurn = 15 * time.Second // for the sealing at the stop
)

// Why a sealer refuses to go on. Verify says which events are concerned.
var (
	ErrChanged   = errors.New("the last sealed event is no longer what it was")
	ErrShorter   = errors.New("the log is shorter than it was when it was sealed")
	ErrMissing   = errors.New("an event is missing from the log")
	ErrUnread    = errors.New("an event cannot be read")
	ErrHashes    = errors.New("the stored hashes are not those that were signed")
	ErrHeads     = errors.New("a signed head was changed")
	ErrOtherUser = errors.New("another process seals in this folder")
)

// Broken is an alarm: the register or its seals are not what they were. Nothing
// is sealed until somebody has looked.
type Broken struct {
	Event  int // where it was seen; zero when it is no event
	Reason error
}

func (b *Broken) Error() string {
	return fmt.Sprintf("the register does not fit its seals at event %d: %v (smista verify says more)", b.Event, b.Reason)
}

func (b *Broken) Unwrap() error { return b.Reason }

// Sealer seals the log in its folder. Its methods may be called at the same time.
type Sealer struct {
	source Source
	log    *slog.Logger
	now    func() time.Time
	signer note.Signer
	public string
	locked *os.File

	mu     sync.Mutex
	folder *folder
	closed bool
}

// Open opens the folder of a sealer, which is made when missing, with its key.
// A folder that was tampered with is refused with a *Broken.
func Open(dir string, source Source, log *slog.Logger) (*Sealer, error) {
	return open(dir, source, log, openFile)
}

func open(dir string, source Source, log *slog.Logger, files func(string) (file, error)) (*Sealer, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open the seals of the register: %w", err)
	}
	locked, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the seals of the register: %w", err)
	}
	s := &Sealer{source: source, log: log, now: time.Now, locked: locked}
	if lock(locked) != nil {
		err = ErrOtherUser
	} else {
		err = s.begin(dir, files)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the seals of the register in %s: %w", dir, err), locked.Close())
	}
	return s, nil
}

func (s *Sealer) begin(dir string, files func(string) (file, error)) error {
	signer, verifier, public, err := keys(dir)
	if err != nil {
		return err
	}
	s.signer, s.public = signer, public
	s.folder, err = openFolder(dir, files, verifier)
	return err
}

// Close lets go of the folder. A second time it does nothing.
func (s *Sealer) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return errors.Join(s.folder.close(), s.locked.Close())
}

// PublicKey is what checks the heads of this sealer; it is worth keeping elsewhere.
func (s *Sealer) PublicKey() string { return s.public }

// Head is the newest signed head; of size zero while there is none.
func (s *Sealer) Head() Head {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.folder.head
}

// Run seals what is new, at once, at every interval, and once more when ctx is
// done. That sealing fails, and that it works again, is logged once.
func (s *Sealer) Run(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for failing := false; ; {
		_, err := s.Seal(ctx)
		if ctx.Err() == nil {
			failing = s.tell(failing, err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			last, stop := context.WithTimeout(context.WithoutCancel(ctx), lastTurn)
			defer stop()
			_, err := s.Seal(last)
			s.tell(failing, err)
			return
		}
	}
}

func (s *Sealer) tell(failing bool, err error) bool {
	broken, alarm := errors.AsType[*Broken](err)
	switch {
	case err == nil && failing:
		s.log.Info("the register is sealed again")
	case failing:
	case alarm:
		s.log.Error("ALARM: the register is not what was sealed; nothing is sealed until somebody has looked", "event", broken.Event, "error", err)
	case err != nil:
		s.log.Error("the register cannot be sealed, trying again", "error", err)
	}
	return err != nil
}

// Seal seals what is new, and returns the newest head. When the log is no longer
// what was sealed, the error is a *Broken. After any error it may be called again.
func (s *Sealer) Seal(ctx context.Context) (Head, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.folder
	err := f.mend()
	if err == nil {
		err = s.check(ctx)
	}
	size := f.head.Size
	if err == nil {
		size, err = s.addAll(ctx)
	}
	if err == nil && size > f.head.Size {
		err = s.sign(size)
	}
	if err != nil {
		return f.head, fmt.Errorf("seal the register: %w", err)
	}
	return f.head, nil
}

// check asks whether the log still ends, where it was sealed, as it was sealed.
func (s *Sealer) check(ctx context.Context) error {
	last := s.folder.head.Size
	if last == 0 {
		return nil
	}
	leaves, err := s.source.Leaves(ctx, last-1, 1)
	if err != nil {
		return err
	}
	if len(leaves) == 0 {
		return &Broken{Event: last, Reason: ErrShorter}
	}
	if leaves[0].Number != last {
		return &Broken{Event: last, Reason: ErrMissing}
	}
	sealed, err := s.folder.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(last-1))})
	if err != nil {
		return &Broken{Event: last, Reason: errors.Join(ErrHashes, err)}
	}
	if leaves[0].Unreadable != nil || leaves[0].Hash != sealed[0] {
		return &Broken{Event: last, Reason: errors.Join(ErrChanged, leaves[0].Unreadable)}
	}
	return nil
}

// addAll adds what follows the last head, page by page, and returns the size
// that the tree has then.
func (s *Sealer) addAll(ctx context.Context) (int, error) {
	for size := s.folder.head.Size; ; {
		leaves, err := s.source.Leaves(ctx, size, pageSize)
		if err != nil {
			return size, err
		}
		for _, l := range leaves {
			if l.Number != size+1 {
				return size, &Broken{Event: size + 1, Reason: ErrMissing}
			}
			if l.Unreadable != nil {
				return size, &Broken{Event: l.Number, Reason: errors.Join(ErrUnread, l.Unreadable)}
			}
			if err := s.folder.add(size, l.Hash); err != nil {
				return size, fmt.Errorf("write the hashes of event %d: %w", l.Number, err)
			}
			size++
		}
		if len(leaves) < pageSize {
			return size, nil
		}
	}
}

func (s *Sealer) sign(size int) error {
	root, err := tlog.TreeHash(int64(size), s.folder)
	if err != nil {
		return err
	}
	return s.folder.commit(Head{Size: size, Root: root, Time: s.now().UTC()}, s.signer)
}
