package safe

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/credential"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// How an event says what became of a password.
const (
	howSet      = "set"
	howResealed = "resealed"
)

// ErrNotAllowed says that somebody may not set passwords.
var ErrNotAllowed = fmt.Errorf("a password is set by the program, or by an administrator who signed in: %w", guard.ErrForbidden)

// Keep seals the password of a mailbox and puts it where the one before was. A
// mailbox that was never collected gets its row here. It is for the program, and for
// administrators with a session: what they do is theirs in the log, and written by
// the program, as nobody sees these rows.
func (s *Safe) Keep(ctx context.Context, log *event.Log, address string, p Password) error {
	if !mayKeep(ctx) {
		return ErrNotAllowed
	}
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	address = strings.ToLower(address)
	sealed, err := s.Seal(ctx, address, p)
	if err != nil {
		return err
	}
	err = log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		ctx = guard.NewContext(ctx, guard.System("safe"))
		id, err := tx.Mailbox.Query().Where(mailbox.Address(address)).OnlyID(ctx)
		if ent.IsNotFound(err) {
			id, err = made(tx.Mailbox.Create().SetAddress(address).Save(ctx))
		}
		if err != nil {
			return nil, err
		}
		return []event.Entry{{Kind: event.MailboxPasswordSet, Mailbox: id, Details: event.Details{How: howSet}}}, put(ctx, tx, id, sealed)
	})
	if err != nil {
		return fmt.Errorf("keep the password of %s: %w", address, err)
	}
	return nil
}

func mayKeep(ctx context.Context) bool {
	v, _ := guard.From(ctx)
	p, person := v.Person()
	return v.IsSystem() || person && p.Administrator && p.Session != 0 && v.May(guard.Write)
}

func made(m *ent.Mailbox, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return m.ID, nil
}

func put(ctx context.Context, tx *ent.Tx, box int, sealed []byte) error {
	now := time.Now().UTC().Truncate(time.Microsecond)
	n, err := tx.Credential.Update().Where(credential.MailboxID(box)).SetSealed(sealed).SetSetAt(now).SetSealedAt(now).Save(ctx)
	if err != nil || n > 0 {
		return err
	}
	return tx.Credential.Create().SetMailboxID(box).SetSealed(sealed).SetSetAt(now).SetSealedAt(now).Exec(ctx)
}

// Of opens the password of a mailbox. The error is ErrNoPassword where it has none.
func (s *Safe) Of(ctx context.Context, client *ent.Client, address string) (Password, error) {
	address = strings.ToLower(address)
	row, err := client.Credential.Query().Where(credential.HasMailboxWith(mailbox.Address(address))).Only(ctx)
	if ent.IsNotFound(err) {
		return Password{}, fmt.Errorf("%w %s", ErrNoPassword, address)
	}
	if err != nil {
		return Password{}, fmt.Errorf("read the sealed password of %s: %w", address, err)
	}
	return s.Unseal(ctx, address, row.Sealed)
}

// SetAt tells when each password that is sealed was set, by address.
func SetAt(ctx context.Context, client *ent.Client) (map[string]time.Time, error) {
	rows, err := client.Credential.Query().WithMailbox().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the sealed passwords: %w", err)
	}
	at := map[string]time.Time{}
	for _, row := range rows {
		at[row.Edges.Mailbox.Address] = row.SetAt
	}
	return at, nil
}

// errBusy says that another command is at work.
var errBusy = errors.New("another smista is setting a password or changing the key here: try again when it is done")

// lock keeps others who set passwords or change the key away: a password must not
// be sealed by a key that is about to go.
func (s *Safe) lock() (unlock func(), err error) {
	f, err := os.OpenFile(s.file+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the passwords: %w", err)
	}
	if take(f) != nil {
		return nil, errors.Join(errBusy, f.Close())
	}
	return func() { _ = f.Close() }, nil // which gives the lock back
}
