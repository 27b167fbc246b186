package safe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
)

const (
	pushName = "web push" // what the key of pushes is sealed for: no mailbox is called so
	pushRow  = 1
)

// errOtherPushKey is ErrOtherKey for the key of pushes, of which nobody knows a copy.
var errOtherPushKey = errors.New("another key sealed it: configure that key again ([secrets] key) or bring its file back; " +
	"where it is lost, delete the row of push_keys: a new one is made, and people register their browsers again")

// PushKey opens the private key by which push services know all instances. Where
// there is none yet, generate makes it.
func (s *Safe) PushKey(ctx context.Context, log *event.Log, client *ent.Client, generate func() (Password, error)) (Password, error) {
	p, err := s.pushKey(ctx, client)
	if ent.IsNotFound(err) {
		if err = s.makePushKey(ctx, log, generate); err == nil || ent.IsConstraintError(err) { // another instance was quicker
			p, err = s.pushKey(ctx, client)
		}
	}
	if errors.Is(err, ErrOtherKey) {
		err = errOtherPushKey
	}
	if err != nil {
		return Password{}, fmt.Errorf("the key of pushes: %w", err)
	}
	return p, nil
}

func (s *Safe) pushKey(ctx context.Context, client *ent.Client) (Password, error) {
	row, err := client.PushKey.Get(ctx, pushRow)
	if err != nil {
		return Password{}, err
	}
	return s.Unseal(ctx, pushName, row.Sealed)
}

func (s *Safe) makePushKey(ctx context.Context, log *event.Log, generate func() (Password, error)) error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	p, err := generate()
	if err != nil {
		return err
	}
	sealed, err := s.Seal(ctx, pushName, p)
	if err != nil {
		return err
	}
	return log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		return nil, tx.PushKey.Create().SetID(pushRow).SetSealed(sealed).SetMadeAt(time.Now().UTC().Truncate(time.Microsecond)).Exec(ctx)
	})
}
