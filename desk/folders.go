package desk

import (
	"context"
	"fmt"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/folder"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/ent/mailbox"
	"github.com/smista/smista/ent/predicate"
)

// mailbox finds one of ours; an empty address is none.
func (d *Desk) mailbox(ctx context.Context, address string) (*ent.Mailbox, error) {
	if address == "" {
		return nil, nil
	}
	box, err := d.Client.Mailbox.Query().Where(mailbox.Address(strings.ToLower(address))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, &Error{Code: NotFound, Message: fmt.Sprintf("%.200q is none of our mailboxes: configure it first", address)}
	}
	return box, failed("the database did not answer", err)
}

func (w *work) ours(ctx context.Context, address string) (bool, error) {
	return w.tx.Mailbox.Query().Where(mailbox.Address(strings.ToLower(address))).Exist(ctx)
}

// folder finds a folder of one of our mailboxes; nil when it was never seen.
func (d *Desk) folder(ctx context.Context, address, name string) (*ent.Folder, error) {
	f, err := d.Client.Folder.Query().
		Where(folder.Name(name), folder.HasMailboxWith(mailbox.Address(strings.ToLower(address)))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return f, failed("the database did not answer", err)
}

// folderFor finds a folder, or begins its row.
func (w *work) folderFor(ctx context.Context, address, name string) (*ent.Folder, error) {
	box, err := w.tx.Mailbox.Query().Where(mailbox.Address(strings.ToLower(address))).Only(ctx)
	if err != nil {
		return nil, fmt.Errorf("mailbox %s: %w", address, err)
	}
	f, err := w.tx.Folder.Query().Where(folder.MailboxID(box.ID), folder.Name(name)).Only(ctx)
	if ent.IsNotFound(err) {
		return w.tx.Folder.Create().SetMailboxID(box.ID).SetName(name).Save(ctx)
	}
	return f, err
}

// entry finds the row of a UID; nil when it was never seen.
func (d *Desk) entry(ctx context.Context, r Ref) (*ent.LedgerEntry, error) {
	f, err := d.folder(ctx, r.Mailbox, r.Folder)
	if err != nil || f == nil {
		return nil, err
	}
	e, err := d.Client.LedgerEntry.Query().Where(ofRef(f.ID, r)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return e, failed("the database did not answer", err)
}

// entryFor finds the row of a UID, or begins it.
func (w *work) entryFor(ctx context.Context, r Ref) (*ent.LedgerEntry, error) {
	f, err := w.folderFor(ctx, r.Mailbox, r.Folder)
	if err != nil {
		return nil, err
	}
	e, err := w.tx.LedgerEntry.Query().Where(ofRef(f.ID, r)).Only(ctx)
	if ent.IsNotFound(err) {
		return w.tx.LedgerEntry.Create().SetFolderID(f.ID).
			SetUIDValidity(r.UIDValidity).SetUID(r.UID).SetChangedAt(w.at).Save(ctx)
	}
	return e, err
}

func ofRef(folderID int, r Ref) predicate.LedgerEntry {
	return ledgerentry.And(ledgerentry.FolderID(folderID), ledgerentry.UIDValidity(r.UIDValidity), ledgerentry.UID(r.UID))
}
