package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"entgo.io/ent/dialect/sql"

	entevent "github.com/smista/smista/ent/event"
	"github.com/smista/smista/event"
)

// Code sorts refusals by what can be done about them.
type Code string

// The codes.
const (
	Stale        Code = "STALE"         // somebody changed the case since: look again
	Illegal      Code = "ILLEGAL"       // not in this status
	Forbidden    Code = "FORBIDDEN"     // visible, and not yours to do
	NotFound     Code = "NOT_FOUND"     // there is none, or you may not see it
	ReasonNeeded Code = "REASON_NEEDED" // say why
	Claimed      Code = "CLAIMED"       // somebody else has taken charge
	Invalid      Code = "INVALID"       // the request makes no sense: change it
	Already      Code = "ALREADY"       // it is so already
	Unavailable  Code = "UNAVAILABLE"   // not tried: try again
	Answered     Code = "ANSWERED"      // there is an answer already: say that you mean it
)

// Refused says why a command was not carried out. Both texts are safe to show.
type Refused struct {
	Code             Code
	Path             string // of the input that is wrong; empty for the whole
	Italian, English string

	Changes []event.Event // of a stale command: what happened since, the oldest first
	Current int           // of a stale command: the version now
	Holder  int           // of a claimed case: who has it
	Until   time.Time     // and until when

	seen On // of a stale command: the case that has changed, as its author saw it
}

func (r *Refused) Error() string { return string(r.Code) + ": " + r.English }

func notFound() *Refused {
	return &Refused{Code: NotFound, Italian: "la pratica non esiste", English: "there is no such case"}
}

func forbidden(cmd Command) *Refused {
	return &Refused{Code: Forbidden, Italian: "questo comando non spetta a te", English: fmt.Sprintf("%s is not yours to do here", cmd)}
}

func readOnly() *Refused {
	return &Refused{Code: Forbidden, Italian: "il token non consente comandi", English: "this token is not for commands"}
}

func illegal(cmd Command, status string) *Refused {
	return &Refused{
		Code: Illegal, Italian: "nello stato attuale della pratica questo non si può fare",
		English: fmt.Sprintf("%s is not possible while the case is %s", cmd, status),
	}
}

func stale(on On) *Refused {
	if on.Version <= 0 {
		return &Refused{Code: Invalid, Path: "version", Italian: "manca la versione della pratica", English: "say which version of the case you saw"}
	}
	return &Refused{Code: Stale, seen: on, Italian: "la pratica è cambiata nel frattempo", English: "the case has changed meanwhile"}
}

func invalid(path, italian, english string) *Refused {
	return &Refused{Code: Invalid, Path: path, Italian: italian, English: english}
}

func already(italian, english string) *Refused {
	return &Refused{Code: Already, Italian: italian, English: english}
}

// held is the refusal to touch what somebody else has taken charge of.
func (a *act) held(ctx context.Context) error {
	holder, err := a.tx.User.Get(itself(ctx), *a.c.ClaimedByID)
	if err != nil {
		return err
	}
	return &Refused{
		Code: Claimed, Holder: holder.ID, Until: *a.c.ClaimedUntil,
		Italian: "la pratica è in carico a " + holder.Name, English: "the case is in the charge of " + holder.Name,
	}
}

// mostText is the longest text that somebody writes, in runes.
const mostText = 4000

// tidy clears a text of what cannot be read, and bounds it.
func tidy(text, path string) (string, error) {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
	if n := len([]rune(text)); n > mostText {
		return "", invalid(path, fmt.Sprintf("al massimo %d caratteri, non %d", mostText, n), fmt.Sprintf("at most %d characters, not %d", mostText, n))
	}
	return text, nil
}

// written is a text that has to be there.
func written(text, path string) (string, error) {
	text, err := tidy(text, path)
	if err == nil && text == "" {
		return "", invalid(path, "il testo manca", "the text is missing")
	}
	return text, err
}

// lookBack bounds how much of what happened since is told.
const lookBack = 50

// since lists what changed a case after the version that somebody saw: what
// raised it has the new one with it.
func (w *Casework) since(ctx context.Context, on On) ([]event.Event, error) {
	rows, err := w.Client.Event.Query().Where(entevent.CaseID(on.Case)).
		Order(entevent.ByID(sql.OrderDesc())).Limit(lookBack).All(ctx)
	if err != nil {
		return nil, err
	}
	var changes []event.Event
	for _, row := range rows {
		e, err := event.FromRow(row)
		if err != nil {
			return nil, err
		}
		if e.Details.Version > on.Version {
			changes = append(changes, e)
		} else if e.Details.Version != 0 {
			break
		}
	}
	slices.Reverse(changes)
	return changes, nil
}
