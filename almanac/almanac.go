// Package almanac keeps what people say of deadlines and calendars: how long
// things may take, closures, the patron saint's day.
//
//   - What the configuration says is the file's: nothing here changes it. What
//     people keep of the same goes over it; taken away, that of the file holds again.
//   - Each change is one transaction with its event, which tells what was before
//     and is now. Whoever reckons reads it there: all instances know it at once.
//   - A term that runs stays as it was reckoned, by the calendar that it keeps,
//     until its case moves (docs/decisions/0023).
package almanac

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/office"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
)

// Bounds of what people keep.
const (
	MostDeadlines = 500
	MostClosures  = 200 // of the house, and of each office
	mostName      = 100 // characters
	mostDays      = 60  // of a closure
	mostAhead     = 5   // years
)

// Options are what an Almanac works with.
type Options struct {
	Dossier *dossier.Dossier // which reckons
	Log     *event.Log
	Now     func() time.Time // nil = time.Now
}

// Almanac keeps deadlines and calendars, as the person of the context. Its methods
// may be called at the same time. Their errors are *casework.Refused, or a failure
// of the database.
type Almanac struct{ Options }

// New makes an Almanac.
func New(o Options) *Almanac {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Almanac{o}
}

// On is the thing that a command is about, and the version that its author saw.
type On struct{ ID, Version int }

// How a change came to be, as it stands in the register.
const (
	Added   = "added"
	Changed = "changed"
	Removed = "removed"
)

// attempts bounds how often a change is tried that met another one.
const attempts = 5

// write carries out a change of an administrator, again when another one was
// quicker: by then it is seen.
func (a *Almanac) write(ctx context.Context, change func(context.Context, *ent.Tx) (event.Entry, error)) (err error) {
	v, _ := guard.From(ctx)
	if p, ok := v.Person(); !ok || !p.Administrator || !v.May(guard.Write) {
		return &casework.Refused{
			Code:    casework.Forbidden,
			Italian: "termini e calendari spettano all'amministratore", English: "deadlines and calendars are for administrators",
		}
	}
	for range attempts {
		err = a.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
			e, err := change(ctx, tx)
			return []event.Entry{e}, err
		})
		if !ent.IsConstraintError(err) {
			return err
		}
	}
	return err
}

// officeOf reads the office of a command; nil for the house.
func officeOf(ctx context.Context, tx *ent.Tx, id int) (*ent.Office, error) {
	if id == 0 {
		return nil, nil // the house
	}
	row, err := tx.Office.Query().Where(office.ID(id)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, invalid("officeId", "l'ufficio non esiste", "there is no such office")
	}
	return row, err
}

// checkVersion refuses a command whose author saw something else than there is; of
// what is not there yet the version is 0.
func checkVersion(seen, now int) error {
	switch {
	case seen == now:
		return nil
	case seen < 0 || now == 0:
		return gone()
	}
	return stale(now)
}

// changed tells that a row was written; none was when somebody was quicker.
func changed(n int, err error, seen int) error {
	if err == nil && n == 0 {
		return stale(seen + 1)
	}
	return err
}

// cleaned is a name as it may be kept.
func cleaned(name string) (string, error) {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	switch {
	case name == "":
		return name, invalid("name", "il nome manca", "the name is missing")
	case utf8.RuneCountInString(name) > mostName:
		return name, invalid("name", fmt.Sprintf("il nome ha al massimo %d caratteri", mostName), fmt.Sprintf("a name has at most %d characters", mostName))
	case strings.ContainsFunc(name, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) }):
		return name, invalid("name", "il nome ha caratteri invisibili", "the name has characters that do not show")
	}
	return name, nil
}

func invalid(path, italian, english string) *casework.Refused {
	return &casework.Refused{Code: casework.Invalid, Path: path, Italian: italian, English: english}
}

func already() *casework.Refused {
	return &casework.Refused{Code: casework.Already, Italian: "è già così", English: "it is so already"}
}

func gone() *casework.Refused {
	return &casework.Refused{
		Code: casework.NotFound, Italian: "non c'è più, o non è di chi usa il programma",
		English: "it is gone, or is none that people keep",
	}
}

func stale(now int) *casework.Refused {
	return &casework.Refused{Code: casework.Stale, Current: now, Italian: "è cambiato nel frattempo", English: "it has changed meanwhile"}
}
