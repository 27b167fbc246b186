package casework

import (
	"context"
	"fmt"
)

// MostInBulk bounds the commands of one bulk.
const MostInBulk = 500

// Bulk carries out a command on many cases, each in a transaction of its own,
// and gives the outcome of each in their order: nil, or why not. One that fails
// stops no other; when ctx ends the rest is refused as not tried.
func (w *Casework) Bulk(ctx context.Context, on []On, command func(context.Context, On) error) ([]error, error) {
	if len(on) > MostInBulk {
		return nil, invalid("cases", fmt.Sprintf("al massimo %d pratiche", MostInBulk), fmt.Sprintf("at most %d cases", MostInBulk))
	}
	outcomes := make([]error, len(on))
	for i, o := range on {
		if ctx.Err() != nil {
			outcomes[i] = &Refused{Code: Unavailable, Italian: "non eseguito: riprovare", English: "not tried: try again"}
			continue
		}
		outcomes[i] = command(ctx, o)
	}
	return outcomes, nil
}
