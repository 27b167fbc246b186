package safe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/credential"
	"github.com/smista/smista/event"
)

// errMeanwhile says that the rows are no longer those that were sealed anew.
var errMeanwhile = errors.New("passwords were set while they were being sealed anew: nothing was changed; do it again")

// Rekey seals all passwords anew by the key at another address, all of them or
// none, and tells how many. That address has to be configured afterwards.
func (s *Safe) Rekey(ctx context.Context, log *event.Log, client *ent.Client, to URL) (int, error) {
	unlock, err := s.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	other, err := Open(ctx, to, s.file)
	if err != nil {
		return 0, err
	}
	n, err := Reseal(ctx, log, client, s, other)
	return n, errors.Join(err, other.Close())
}

// Renew seals all passwords anew by a new local key, and tells how many. When it
// ends anywhere in between, all passwords can be opened, and the next Renew goes
// on from there.
func (s *Safe) Renew(ctx context.Context, log *event.Log, client *ent.Client) (n int, err error) {
	unlock, err := s.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	for _, step := range s.renewal(ctx, log, client, &n) {
		if err := step(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// renewal is what a Renew does, step by step. After the first one there are two
// keys, of which each password has one; after the second the new one has all;
// after the third it is the only one.
func (s *Safe) renewal(ctx context.Context, log *event.Log, client *ent.Client, n *int) []func() error {
	local := localKeys(s.file)
	var next key
	return []func() error{
		func() (err error) {
			next, err = makeKey(local.next())
			return err
		},
		func() (err error) {
			by := &Safe{file: s.file, keeper: keeperOf(next)}
			*n, err = Reseal(ctx, log, client, s, by)
			return err
		},
		func() error {
			if err := local.adopt(); err != nil {
				return fmt.Errorf("put the new key into its place, %s: %w", s.file, err)
			}
			return nil
		},
	}
}

// Reseal seals all passwords anew in one transaction, and the key of pushes: each is opened by one safe
// and sealed by the other, whose key is asked before anything is written.
func Reseal(ctx context.Context, log *event.Log, client *ent.Client, from, to *Safe) (int, error) {
	rows, err := client.Credential.Query().WithMailbox().Order(ent.Asc(credential.FieldID)).All(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the sealed passwords: %w", err)
	}
	anew := make([]resealed, len(rows))
	for i, row := range rows {
		sealed, err := reseal(ctx, from, to, row.Edges.Mailbox.Address, row.Sealed)
		if err != nil {
			return 0, err
		}
		anew[i] = resealed{row, sealed}
	}
	keys, err := client.PushKey.Query().All(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the key of pushes: %w", err)
	}
	for _, row := range keys {
		if row.Sealed, err = reseal(ctx, from, to, pushName, row.Sealed); err != nil {
			return 0, err
		}
	}
	err = log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		told, err := replace(ctx, tx, anew)
		return told, errors.Join(err, replaceKeys(ctx, tx, keys))
	})
	if err != nil {
		return 0, fmt.Errorf("seal the passwords anew: %w", err)
	}
	return len(rows), nil
}

// reseal opens by one safe and seals by the other.
func reseal(ctx context.Context, from, to *Safe, name string, sealed []byte) ([]byte, error) {
	p, err := from.Unseal(ctx, name, sealed)
	if errors.Is(err, ErrOtherKey) { // it is done again, or goes on from where it ended
		if already, failed := to.Unseal(ctx, name, sealed); failed == nil {
			p, err = already, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return to.Seal(ctx, name, p)
}

// resealed is a row, and what is to stand in it.
type resealed struct {
	row    *ent.Credential
	sealed []byte
}

// replace writes what was sealed anew, if everything is still as it was read.
func replace(ctx context.Context, tx *ent.Tx, anew []resealed) ([]event.Entry, error) {
	var told []event.Entry
	now := time.Now().UTC().Truncate(time.Microsecond)
	for _, a := range anew {
		n, err := tx.Credential.Update().Where(credential.ID(a.row.ID), credential.Sealed(a.row.Sealed)).
			SetSealed(a.sealed).SetSealedAt(now).Save(ctx)
		if err != nil {
			return nil, err
		}
		if n != 1 {
			return nil, errMeanwhile
		}
		told = append(told, event.Entry{Kind: event.MailboxPasswordSet, Mailbox: a.row.MailboxID, Details: event.Details{How: howResealed}})
	}
	if n, err := tx.Credential.Query().Count(ctx); err != nil || n != len(anew) {
		return nil, errors.Join(err, errMeanwhile)
	}
	return told, nil
}

// replaceKeys does so for the key of pushes, which is never changed but here.
func replaceKeys(ctx context.Context, tx *ent.Tx, keys []*ent.PushKey) error {
	for _, row := range keys {
		if err := tx.PushKey.UpdateOneID(row.ID).SetSealed(row.Sealed).Exec(ctx); err != nil {
			return err
		}
	}
	if n, err := tx.PushKey.Query().Count(ctx); err != nil || n != len(keys) {
		return errors.Join(err, errMeanwhile)
	}
	return nil
}
