package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
	entnotice "github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/pushsubscription"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/notify"
)

// Notice is something that a person is to be told, by e-mail, by push to the
// browsers that the person named, or both.
type Notice struct {
	Key   string // what makes it one and the same: it is told once
	User  int
	Case  *ent.CaseFile // nil: about none
	Kind  notify.Kind
	Actor int // who did it; zero: the program
	Term  string
	Due   time.Time
	Text  string // what was written, never what a PEC says
}

// Preferences are how a person wants to be told, and the views that he saved.
type Preferences struct {
	Quiet    deadline.Span    `json:"quiet,omitzero"` // hours of the day without letters and pushes; may run over midnight; zero: QuietHours
	Digest   bool             `json:"digest,omitempty"`
	DigestAt deadline.Minutes `json:"digest_at,omitempty"` // when the one letter of the day leaves
	Muted    []notify.Kind    `json:"muted,omitempty"`     // no letters
	Pushed   []notify.Kind    `json:"pushed,omitempty"`    // what browsers are told at once; see PreferencesOf
	Chosen   bool             `json:"chosen,omitempty"`    // Pushed was chosen; else it is notify.PushedAtFirst
	Views    []View           `json:"views,omitempty"`
}

// QuietHours are those of who chose none.
func QuietHours() deadline.Span { return deadline.Span{From: 20 * 60, To: 7 * 60} }

// Check tells what is wrong with preferences.
func (p Preferences) Check() error {
	for _, m := range []deadline.Minutes{p.Quiet.From, p.Quiet.To, p.DigestAt} {
		if m < 0 || m > 24*60 {
			return fmt.Errorf("%d is no minute of a day", m)
		}
	}
	for _, k := range p.Muted {
		if !slices.Contains(notify.Kinds(), k) || k == notify.Glass {
			return fmt.Errorf("%q cannot be switched off", k)
		}
	}
	for _, k := range p.Pushed {
		if !slices.Contains(notify.PushKinds(), k) {
			return fmt.Errorf("%q is no kind of notice", k)
		}
	}
	return nil
}

// Tell queues a notice in the transaction that calls for it. Nobody is told of
// what he did himself, nor twice of the same; an absent person is silent, and
// the one who stands in is told instead.
func (d *Dossier) Tell(ctx context.Context, tx *ent.Tx, n Notice) error {
	ctx = itself(ctx)
	who, err := d.Standing(ctx, tx, n.User)
	if err != nil || who == 0 || who == n.Actor {
		return err
	}
	known, err := tx.Notice.Query().Where(entnotice.Key(n.Key)).Exist(ctx)
	if err != nil || known {
		return err
	}
	u, err := tx.User.Get(ctx, who)
	if err != nil {
		return fmt.Errorf("read user %d: %w", who, err)
	}
	row, err := d.ways(ctx, tx, u, n.Kind)
	if err != nil || row == nil {
		return err
	}
	item, err := d.item(ctx, tx, n)
	if err != nil {
		return err
	}
	row.SetKey(n.Key).SetUserID(who).SetKind(string(n.Kind)).SetItem(item).SetCreatedAt(d.now())
	if n.Case != nil {
		row.SetCaseID(n.Case.ID)
	}
	return row.Exec(ctx)
}

// ways begins a notice with how and when it goes to a person; nil when in no way.
func (d *Dossier) ways(ctx context.Context, tx *ent.Tx, u *ent.User, kind notify.Kind) (*ent.NoticeCreate, error) {
	p, err := PreferencesOf(u)
	if err != nil {
		return nil, err
	}
	byMail, byPush := kind != notify.ToSort && !slices.Contains(p.Muted, kind), slices.Contains(p.Pushed, kind)
	if byPush {
		byPush, err = tx.PushSubscription.Query().Where(pushsubscription.UserID(u.ID)).Exist(ctx)
	}
	if err != nil || !byMail && !byPush {
		return nil, err
	}
	row := tx.Notice.Create().SetSendAt(p.when(kind, d.now(), d.House.Zone))
	if !byMail {
		row.SetState(entnotice.StateNone)
	}
	if byPush {
		row.SetPush(entnotice.PushWaiting).SetPushAt(p.awake(d.now(), d.House.Zone))
	}
	return row, nil
}

// TellDesk tells those of the sorting desk who are here that a PEC waits there. Who
// stands in for one of them is of the desk, or has no business there.
func (d *Dossier) TellDesk(ctx context.Context, tx *ent.Tx, c *ent.CaseFile) error {
	sorters, err := tx.User.Query().Where(user.Sorter(true), user.DisabledAtIsNil(), user.HasPushSubscriptions()).Order(user.ByID()).IDs(itself(ctx))
	if err != nil {
		return fmt.Errorf("find the sorters that are told by push: %w", err)
	}
	for _, id := range sorters {
		who, err := d.Standing(ctx, tx, id)
		if err != nil {
			return err
		}
		if who != id {
			continue
		}
		if err := d.Tell(ctx, tx, Notice{Key: KeyOf(notify.ToSort, c.ID, c.Version, id), User: id, Case: c, Kind: notify.ToSort}); err != nil {
			return err
		}
	}
	return nil
}

// PreferencesOf reads how a person wants to be told.
func PreferencesOf(u *ent.User) (Preferences, error) {
	var p Preferences
	if len(u.Preferences) > 0 {
		if err := json.Unmarshal(u.Preferences, &p); err != nil {
			return p, fmt.Errorf("read the preferences of user %d: %w", u.ID, err)
		}
	}
	if p.Quiet == (deadline.Span{}) {
		p.Quiet = QuietHours()
	}
	if !p.Chosen {
		p.Pushed = notify.PushedAtFirst()
	}
	return p, nil
}

func (d *Dossier) item(ctx context.Context, tx *ent.Tx, n Notice) ([]byte, error) {
	it := notify.Item{Kind: n.Kind, Term: n.Term, Due: n.Due, Text: n.Text, At: d.now()}
	if n.Actor != 0 {
		u, err := tx.User.Get(ctx, n.Actor)
		if err != nil {
			return nil, fmt.Errorf("read user %d: %w", n.Actor, err)
		}
		it.Actor = u.Name
	}
	if n.Case != nil {
		it.Case = n.Case.Number
		if d.Base != "" {
			it.Link = d.Base + "/cases/" + n.Case.Number
		}
		if n.Case.OfficeID != nil {
			o, err := tx.Office.Get(ctx, *n.Case.OfficeID)
			if err != nil {
				return nil, fmt.Errorf("read office %d: %w", *n.Case.OfficeID, err)
			}
			it.Office = o.Name
		}
	}
	return json.Marshal(it)
}

// when is the moment from which a letter may leave. What cannot wait does not.
func (p Preferences) when(kind notify.Kind, now time.Time, zone *time.Location) time.Time {
	if kind == notify.Glass {
		return now
	}
	if p.Digest {
		return next(now, p.DigestAt, zone)
	}
	return p.awake(now, zone)
}

// Awake is the moment itself, or when the quiet hours of a person around it end.
func (d *Dossier) Awake(u *ent.User, at time.Time) (time.Time, error) {
	p, err := PreferencesOf(u)
	return p.awake(at, d.House.Zone), err
}

// awake is the moment itself, or when the quiet hours around it end.
func (p Preferences) awake(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	minute := deadline.Minutes(local.Hour()*60 + local.Minute())
	quiet := minute >= p.Quiet.From && minute < p.Quiet.To
	if p.Quiet.From > p.Quiet.To { // over midnight
		quiet = minute >= p.Quiet.From || minute < p.Quiet.To
	}
	if !quiet {
		return now
	}
	return next(now, p.Quiet.To, zone)
}

// next is the next moment at which the clock on the wall shows so many minutes.
func next(now time.Time, m deadline.Minutes, zone *time.Location) time.Time {
	y, month, day := now.In(zone).Date()
	at := time.Date(y, month, day, 0, int(m), 0, 0, zone)
	if !at.After(now) {
		at = time.Date(y, month, day+1, 0, int(m), 0, 0, zone)
	}
	return at.UTC()
}

// KeyOf makes the key of a notice of what an act was about.
func KeyOf(kind notify.Kind, caseID, version, user int) string {
	return string(kind) + ":" + strconv.Itoa(caseID) + ":" + strconv.Itoa(version) + ":" + strconv.Itoa(user)
}
