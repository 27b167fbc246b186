package desk

import (
	"context"
	"fmt"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/guard"
)

func closedOffices(ctx context.Context, table *ent.OfficeClient) ([]*ent.Office, error) {
	closed, err := table.Query().Where(office.ClosedAtNotNil()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for closed offices: %w", err)
	}
	return closed, nil
}

// today says which office has by now the work of one that cases went to; 0: none.
type today func(office int) int

func todays(ctx context.Context, client *ent.Client) (today, error) {
	closed, err := closedOffices(ctx, client.Office)
	heirs := guard.Heirs(closed)
	return func(office int) int {
		if heir, isClosed := heirs[office]; isClosed {
			return heir
		}
		return office
	}, err
}

// counted are counts by office, with those of closed offices where their work went.
func (t today) counted(by map[int]int) map[int]int {
	all := map[int]int{}
	for office, n := range by {
		if now := t(office); now != 0 {
			all[now] += n
		}
	}
	return all
}

// worked is where cases were worked, likewise.
func (t today) worked(by map[string][]worked) map[string][]worked {
	all := map[string][]worked{}
	for key, list := range by {
		for _, w := range list {
			if w.Office = t(w.Office); w.Office != 0 {
				all[key] = append(all[key], w)
			}
		}
	}
	return all
}
