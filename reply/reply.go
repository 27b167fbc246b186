// Package reply holds what people do with a PEC that they write: an answer, a
// forward, or one that answers nothing. What becomes of it then is package
// outbox's and track's.
//
//   - A draft belongs to a case; who reads the case reads it, and the table of
//     package casework says who writes, sends and approves.
//   - Every saving names the version that its author saw: two people in one draft
//     see each other, and cannot overwrite each other unknowingly.
//   - Where the office wants approval, it is of a hash of all that is sent, and any
//     later change voids it.
//   - What is to leave is frozen: written once, archived, and sent as those bytes.
//   - A PEC is answered once, unless its author says that he means it.
package reply

import (
	"context"
	"fmt"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/track"
)

// Cases opens a case for a PEC of our own: package desk numbers cases.
type Cases interface {
	OpenOwn(ctx context.Context, tx *ent.Tx, office, mailbox, assignee int, subject string) (*ent.CaseFile, []event.Entry, error)
}

// Options are what a Replies works with.
type Options struct {
	Client  *ent.Client // guarded, for reading
	Archive archive.Store
	Work    *casework.Casework
	Cases   Cases
	Dossier *dossier.Dossier
	Track   *track.Tracker
	Hold    time.Duration    // for which a reply can be taken back after it was sent off; 0 = it leaves at once
	Scanned bool             // uploads are looked at by a virus scanner: what was not may not leave
	Zone    *time.Location   // of the dates in texts; nil = UTC
	Now     func() time.Time // nil = time.Now
}

// Replies carries out what people do with replies, as the person of the context.
// Errors are *casework.Refused, or a failure of the database or the archive.
type Replies struct{ Options }

// New makes a Replies.
func New(o Options) *Replies {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Replies{o}
}

func (s *Replies) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// itself lets the program read what a decision needs, and keep what follows.
func itself(ctx context.Context) context.Context {
	return guard.NewContext(ctx, guard.System("reply"))
}

// On is the reply that a command is about, and the version that its author saw.
type On struct{ Reply, Version int }

// deed is one command on a reply being carried out.
type deed struct {
	*Replies
	*casework.Act
	r      *ent.Reply
	now    time.Time
	events []event.Entry
}

// act carries out a command on a reply, as far as the table allows it on its
// case. Without a version, whatever it is now is meant.
func (s *Replies) act(ctx context.Context, cmd casework.Command, on On, verb func(ctx context.Context, d *deed) error) error {
	r, err := s.Client.Reply.Get(ctx, on.Reply)
	if ent.IsNotFound(err) {
		return notFound()
	}
	if err != nil {
		return err
	}
	return s.Work.Act(ctx, cmd, casework.On{Case: r.CaseID}, func(ctx context.Context, a *casework.Act) ([]event.Entry, error) {
		r, err := a.Tx.Reply.Get(ctx, on.Reply)
		if ent.IsNotFound(err) {
			return nil, notFound()
		}
		if err != nil {
			return nil, err
		}
		d := &deed{Replies: s, Act: a, r: r, now: s.now()}
		if on.Version != 0 && on.Version != r.Version {
			return nil, d.stale(ctx)
		}
		err = verb(ctx, d)
		return d.events, err
	})
}

// tell adds an event about the reply.
func (d *deed) tell(kind event.Kind, details event.Details) {
	details.Reply = d.r.ID
	d.events = append(d.events, event.Entry{Kind: kind, Case: d.Case.ID, Office: number(d.Case.OfficeID), Details: details})
}

// move changes a reply that is still as it was read; edit says what.
func (d *deed) move(ctx context.Context, edit func(u *ent.ReplyUpdate)) error {
	u := d.Tx.Reply.Update().Where(entreply.ID(d.r.ID), entreply.Version(d.r.Version), entreply.StateEQ(d.r.State))
	edit(u)
	n, err := u.Save(ctx)
	if err != nil {
		return fmt.Errorf("change reply %d: %w", d.r.ID, err)
	}
	if n == 0 {
		return d.stale(ctx)
	}
	return nil
}

func notFound() *casework.Refused {
	return &casework.Refused{Code: casework.NotFound, Italian: "la risposta non esiste", English: "there is no such reply"}
}

func invalid(path, italian, english string) *casework.Refused {
	return &casework.Refused{Code: casework.Invalid, Path: path, Italian: italian, English: english}
}

// illegal is the refusal of what its state does not allow.
func (d *deed) illegal() *casework.Refused {
	return &casework.Refused{
		Code: casework.Illegal, Italian: "nello stato attuale della risposta questo non si può fare",
		English: fmt.Sprintf("this is not possible while the reply is %s", d.r.State),
	}
}

// stale says who has changed the reply since.
func (d *deed) stale(ctx context.Context) error {
	r, err := d.Tx.Reply.Query().Where(entreply.ID(d.r.ID)).WithEditedBy().Only(itself(ctx))
	if err != nil {
		return err
	}
	at := r.EditedAt.In(d.Zone).Format("02/01/2006 15:04")
	return &casework.Refused{
		Code: casework.Stale, Current: r.Version,
		Italian: fmt.Sprintf("la risposta è cambiata nel frattempo: l'ha modificata %s alle %s", r.Edges.EditedBy.Name, at),
		English: fmt.Sprintf("the reply has changed meanwhile: %s changed it at %s", r.Edges.EditedBy.Name, at),
	}
}

func number(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}
