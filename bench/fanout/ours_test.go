//go:build linux

package fanout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/server"
	"github.com/smista/smista/staff"
)

// ours is the product as an operator runs it, on SQLite. Everybody is of one
// office, whose case the events are about, and of an office of his own: all see
// every event, and no two offices see the same.
type ours struct {
	instance *server.Instance
	ctx      context.Context
	kept     kept
}

// kept is what a server has to know again when it is started anew.
type kept struct {
	Tokens []string
	Case   int
	Office int
}

// dashboard is what all ask for: what a list of movements shows. With the frame it
// is as long as the event of the peers.
const dashboard = `subscription ($after: Cursor) { events(after: $after) { __typename cursor occurredAt ` +
	`... on CaseChanged { kind reason case { number subject status } office { name } } } }`

var ourProtocol = func() protocol {
	p := graphql("/graphql", dashboard)
	p.cursors = true
	return p
}()

// plainProtocol asks the plain server for all that its event has.
var plainProtocol = graphql("/", `subscription { mailEvent { id kind mailbox status subject sender receivedAt note } }`)

func startOurs(s setting) (welcome, func([]byte) error, error) {
	o := &ours{ctx: guard.NewContext(context.Background(), guard.System("bench"))}
	file := filepath.Join(s.Dir, "smista.toml")
	text := fmt.Sprintf("listen = \"127.0.0.1:0\"\ndata = %q\n[limits]\nsockets = 100000\n[[office]]\ncode = \"comune\"\nname = \"Protocollo generale\"\n",
		filepath.Join(s.Dir, "data"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return welcome{}, nil, err
	}
	config, err := server.LoadConfig(file, nil)
	if err != nil {
		return welcome{}, nil, err
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	if o.instance, err = server.OpenInstance(o.ctx, config, true, logger); err != nil {
		return welcome{}, nil, err
	}
	if err := o.instance.Configure(o.ctx); err != nil {
		return welcome{}, nil, err
	}
	if err := o.furnish(s); err != nil {
		return welcome{}, nil, err
	}
	last, err := o.instance.Log.Last(o.ctx)
	if err != nil {
		return welcome{}, nil, err
	}
	l, err := o.instance.Listen(o.ctx)
	if err != nil {
		return welcome{}, nil, err
	}
	go func() {
		if err := o.instance.Serve(o.ctx, l); err != nil {
			fmt.Fprintln(os.Stderr, "serve:", err)
		}
	}()
	return welcome{Addr: l.Addr().String(), Tokens: o.kept.Tokens, Cursor: o.instance.Log.Cursor(last).String()}, o.publish, nil
}

// furnish makes the people and the case, or finds those of an earlier start.
func (o *ours) furnish(s setting) error {
	file := filepath.Join(s.Dir, "kept.json")
	text, err := os.ReadFile(file)
	if err == nil {
		return json.Unmarshal(text, &o.kept)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if o.kept.Office, err = o.instance.Staff.Office(o.ctx, "comune"); err != nil {
		return err
	}
	offices := make([]int, s.Offices)
	for i := range offices {
		name := fmt.Sprintf("Ufficio %d", i)
		if offices[i], err = o.instance.Staff.SetOffice(o.ctx, fmt.Sprintf("u%d", i), staff.OfficeSettings{Name: &name}); err != nil {
			return err
		}
	}
	for i := range s.People {
		if err := o.hire(i, offices[i%len(offices)]); err != nil {
			return err
		}
	}
	err = o.instance.Log.Write(o.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		now := time.Now().UTC()
		row, err := tx.CaseFile.Create().SetNumber("2026/000001").SetSubject("Notifica di atti").SetSenderAddress("studio.legale@pec.example").
			SetRouteReason("regola «Avvocati»").SetReceivedAt(now).SetChangedAt(now).SetStatus("TO_ASSIGN").SetOfficeID(o.kept.Office).Save(ctx)
		if err != nil {
			return nil, err
		}
		o.kept.Case = row.ID
		return []event.Entry{{Kind: event.CaseRouted, Case: row.ID, Office: o.kept.Office}}, nil
	})
	if err != nil {
		return err
	}
	if text, err = json.Marshal(o.kept); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

func (o *ours) hire(i, office int) error {
	people := o.instance.Staff
	id, err := people.AddUser(o.ctx, staff.NewUser{Email: fmt.Sprintf("p%d@comune.example", i), Name: fmt.Sprintf("Persona %d", i)})
	if err != nil {
		return err
	}
	for _, place := range []int{o.kept.Office, office} {
		if err := people.AddMember(o.ctx, staff.Member{User: id, Office: place, Role: membership.RoleOperator}); err != nil {
			return err
		}
	}
	token, _, err := people.MakeToken(o.ctx, id, "bench", []string{staff.ScopeRead, staff.ScopeContent}, time.Hour)
	o.kept.Tokens = append(o.kept.Tokens, token)
	return err
}

// publish commits the change of the case that a line is the event of. The mark
// was made before, so that latencies have the commit in them.
func (o *ours) publish(line []byte) error {
	var e struct{ Note string }
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	return o.instance.Log.Write(o.ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		row, err := tx.CaseFile.UpdateOneID(o.kept.Case).AddVersion(1).SetChangedAt(time.Now().UTC()).Save(ctx)
		if err != nil {
			return nil, err
		}
		return []event.Entry{{Kind: event.CaseSorted, Case: row.ID, Office: o.kept.Office,
			Details: event.Details{From: "TO_SORT", To: "TO_ASSIGN", Reason: e.Note, Version: row.Version}}}, nil
	})
}
