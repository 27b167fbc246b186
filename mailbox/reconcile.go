package mailbox

import (
	"context"
	"iter"
	"slices"
	"time"
)

// knownPage is how many rows of the ledger are read at once.
const knownPage = 5000

// compare gives the UIDs on the server that the ledger does not know, and
// counts those it should have known: below the cursor. Both lists ascend.
func (v *visit) compare(ctx context.Context, onServer []uint32) (unknown []uint32, err error) {
	v.listed = onServer
	rest := onServer
	for k, err := range v.known(ctx) {
		if err != nil {
			return nil, err
		}
		i, found := slices.BinarySearch(rest, k.UID)
		unknown = append(unknown, rest[:i]...)
		if rest = rest[i:]; found {
			rest = rest[1:]
		}
	}
	unknown = append(unknown, rest...)
	v.missing, _ = slices.BinarySearch(unknown, v.state.UIDNext)
	if v.missing > 0 {
		v.log.Error("messages were on the server and not in the ledger; they are collected now",
			"folder", v.folder, "count", v.missing)
	}
	return unknown, nil
}

// report gives the figures of a full comparison, after the collection.
func (v *visit) report(ctx context.Context) error {
	if !v.full {
		return nil
	}
	r, err := v.figures(ctx)
	if err != nil {
		return err
	}
	if err := v.ledger.Reconciled(ctx, v.acc.Address, v.folder, r); err != nil {
		return err
	}
	v.state.Reconciled = r.At
	v.reconciled[v.folder] = true
	return v.ledger.SaveFolder(ctx, v.acc.Address, v.folder, v.state)
}

func (v *visit) figures(ctx context.Context) (Reconciliation, error) {
	r := Reconciliation{
		At: time.Now().UTC(), UIDValidity: v.sel.UIDValidity,
		OnServer: len(v.listed), Missing: v.missing,
	}
	for k, err := range v.known(ctx) {
		if err != nil {
			return r, err
		}
		if _, ok := slices.BinarySearch(v.listed, k.UID); !ok {
			r.Gone++
			continue
		}
		switch k.State {
		case Archived:
			r.Archived++
		case Quarantined:
			r.Quarantined++
		default:
			r.Waiting++
		}
	}
	return r, nil
}

// known reads all the ledger has of the folder, page by page.
func (v *visit) known(ctx context.Context) iter.Seq2[Known, error] {
	return func(yield func(Known, error) bool) {
		for after, n := uint32(0), knownPage; n == knownPage; {
			page, err := v.ledger.Known(ctx, v.acc.Address, v.folder, v.sel.UIDValidity, after, knownPage)
			if err != nil {
				yield(Known{}, err)
				return
			}
			for _, k := range page {
				if !yield(k, nil) {
					return
				}
				after = k.UID
			}
			n = len(page)
		}
	}
}
