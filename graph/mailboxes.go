package graph

import (
	"context"
	"strings"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

// Mailboxes reaches the servers of mailboxes, and keeps their passwords. Whoever
// asks has been found to be allowed to. What it refuses is a *casework.Refused.
type Mailboxes interface {
	// Check logs in with the password that is kept, and tells how far it came.
	Check(ctx context.Context, address string) ([]model.MailboxStep, error)
	// SetPassword seals a password; with check, after it was tried, and only if that
	// went well.
	SetPassword(ctx context.Context, address, password string, check bool) ([]model.MailboxStep, error)
}

// Quarantine gives what was set aside another chance.
type Quarantine interface {
	// Retry takes an entry of the ledger.
	Retry(ctx context.Context, entry int) error
}

// manages refuses who is no administrator with the right to command.
func manages(ctx context.Context) error {
	if v, _ := guard.From(ctx); !me(ctx).Administrator || !v.May(guard.Write) {
		return &casework.Refused{Code: casework.Forbidden, Italian: "questo comando spetta agli amministratori", English: "this is for administrators"}
	}
	return nil
}

// managesInPerson also refuses tokens: a password is set by somebody who signed in.
func managesInPerson(ctx context.Context) error {
	if err := manages(ctx); err != nil || me(ctx).Session != 0 {
		return err
	}
	return &casework.Refused{
		Code: casework.Forbidden, Italian: "per questo comando occorre accedere: un token non basta",
		English: "this needs somebody who signed in: a token is not enough",
	}
}

func (r *Resolver) mailboxCheck(ctx context.Context, input model.MailboxCheckInput) (*model.MailboxCheckPayload, error) {
	return r.tried(ctx, input.MailboxID, input.ClientMutationID, manages(ctx), func(address string) ([]model.MailboxStep, error) {
		return r.Mailboxes.Check(ctx, address)
	})
}

func (r *Resolver) mailboxSetPassword(ctx context.Context, input model.MailboxSetPasswordInput) (*model.MailboxCheckPayload, error) {
	return r.tried(ctx, input.MailboxID, input.ClientMutationID, managesInPerson(ctx), func(address string) ([]model.MailboxStep, error) {
		if strings.TrimSpace(input.Password) == "" {
			return nil, &casework.Refused{Code: casework.Invalid, Path: "password", Italian: "manca la password", English: "there is no password"}
		}
		return r.Mailboxes.SetPassword(ctx, address, input.Password, input.Check)
	})
}

// tried does something with a mailbox, unless it is refused, and answers with both.
func (r *Resolver) tried(
	ctx context.Context, id model.GlobalID, client *string, refused error, do func(address string) ([]model.MailboxStep, error),
) (*model.MailboxCheckPayload, error) {
	payload := &model.MailboxCheckPayload{Steps: []model.MailboxStep{}, ClientMutationID: client}
	if refused == nil {
		box, err := maybe(r.Client.Mailbox.Get(ctx, rowOf("Mailbox", id)))
		switch {
		case err != nil:
			return nil, err
		case box == nil:
			refused = &casework.Refused{Code: casework.NotFound, Path: "mailboxId", Italian: "la casella non esiste", English: "there is no such mailbox"}
		case r.Mailboxes == nil:
			refused = &casework.Refused{Code: casework.Unavailable, Italian: "qui non si raggiungono caselle", English: "no mailboxes are reached here"}
		default:
			var steps []model.MailboxStep
			steps, refused = do(box.Address)
			payload.Steps = append(payload.Steps, steps...)
		}
	}
	var err error
	if payload.UserErrors, err = r.refusals(ctx, refused); err != nil {
		return nil, err
	}
	p := planObject(ctx)
	boxes, err := r.mailboxesByID(ctx, p, p.part("MailboxCheckPayload", "mailbox", rowOf("Mailbox", id)))
	payload.Mailbox = boxes[rowOf("Mailbox", id)]
	return payload, err
}

func (r *Resolver) quarantineRetry(ctx context.Context, input model.QuarantineRetryInput) (*model.QuarantinePayload, error) {
	payload := &model.QuarantinePayload{ClientMutationID: input.ClientMutationID}
	id := rowOf("LedgerEntry", input.EntryID)
	refused := manages(ctx)
	if refused == nil {
		waits, err := r.Client.LedgerEntry.Query().Where(ledgerentry.ID(id), ledgerentry.StateEQ(ledgerentry.StateQuarantined)).Exist(ctx)
		switch {
		case err != nil:
			return nil, err
		case !waits:
			refused = &casework.Refused{
				Code: casework.NotFound, Path: "entryId", Italian: "non c'è un messaggio da parte con questo id",
				English: "no message with this id is set aside",
			}
		default:
			refused = r.Quarantine.Retry(ctx, id)
		}
	}
	var err error
	if payload.UserErrors, err = r.refusals(ctx, refused); err != nil {
		return nil, err
	}
	p := planObject(ctx)
	entries, err := r.entriesByID(ctx, p, p.part("QuarantinePayload", "entry", id))
	payload.Entry = entries[id]
	return payload, err
}

func (r *Resolver) entriesByID(ctx context.Context, p *plan, n need) (map[int]*ent.LedgerEntry, error) {
	if !n.asked() {
		return nil, nil
	}
	q := r.Client.LedgerEntry.Query().Where(ledgerentry.IDIn(n.ids...))
	p.entries(q, n.selection)
	return byID(ctx, p, q, func(e *ent.LedgerEntry) int { return e.ID })
}
