package casework

import "strings"

// Why a case stands where a person put it: a sentence in the table, and its parts
// for who says it in another language.
const (
	sortedTo   = "smistata a "
	returnedBy = "restituita da "
	takenBack  = "ritirata dallo smistamento"
)

// Why is the reason for programs.
type Why string

// The reasons.
const (
	BySorter   Why = "sorted"
	ByReturn   Why = "returned"
	ByTakeBack Why = "taken-back"
)

// ReadWhy gives the parts of a sentence that this room wrote, with the office that it
// names, as it was called then; false for any other text.
func ReadWhy(text string) (why Why, office string, ok bool) {
	if text == takenBack {
		return ByTakeBack, "", true
	}
	if office, ok = strings.CutPrefix(text, returnedBy); ok {
		return ByReturn, office, true
	}
	if office, ok = strings.CutPrefix(text, sortedTo); ok {
		return BySorter, office, true
	}
	return "", "", false
}
