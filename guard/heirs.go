package guard

import "github.com/smista/smista/ent"

// Heirs says of closed offices which open one has their work by now, at once or
// through others that were closed later; 0: none, it went to the sorting desk.
func Heirs(closed []*ent.Office) map[int]int {
	next := make(map[int]int, len(closed))
	for _, o := range closed {
		next[o.ID] = orZero(o.SuccessorID)
	}
	heirs := make(map[int]int, len(closed))
	for _, o := range closed {
		heirs[o.ID] = heir(o.ID, next)
	}
	return heirs
}

// heir follows closed offices to one that is open. Two that were closed into each
// other, at the same moment, have none.
func heir(office int, next map[int]int) int {
	for range next {
		after, isClosed := next[office]
		if !isClosed {
			return office
		}
		office = after
	}
	if _, isClosed := next[office]; isClosed {
		return 0
	}
	return office
}
