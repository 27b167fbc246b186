package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/staff"
)

// teller is a house that tells one thing of itself.
type teller struct{ is model.System }

func (h teller) System(context.Context) (*model.System, error) { return &h.is, nil }

// TestTheSystemIsForAdministrators: what the program stands on is told to them alone.
func TestTheSystemIsForAdministrators(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) {
		d.House = teller{model.System{Version: "v9", Database: &model.SystemDatabase{Kind: "SQLite"}, Bell: &model.SystemBell{}}}
	})
	for name, c := range map[string]struct {
		roles staff.Roles
		want  string
	}{
		"administrator": {staff.Roles{Administrator: true}, `{"system":{"version":"v9"}}`},
		"auditor":       {staff.Roles{Auditor: true}, `{"system":null}`},
		"sorter":        {staff.Roles{Sorter: true}, `{"system":null}`},
	} {
		id, err := w.deps.Staff.AddUser(w.ctx(), staff.NewUser{Email: name + "@comune.example", Name: name, Roles: c.roles})
		require.NoError(t, err)
		w.token = w.tokenOf(id)
		require.JSONEq(t, c.want, w.get(`{ system { version } }`, nil), name)
	}
}

// TestTheSystemTellsOfItsInstance: an instance as it is opened, with nothing to do.
func TestTheSystemTellsOfItsInstance(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	i, err := OpenInstance(t.Context(), Config{Data: data, Database: StoreURL(filepath.Join(data, "smista.db"))}, true, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, i.Close()) })
	s, err := newHouse(i).System(t.Context())
	require.NoError(t, err)
	require.Equal(t, []any{"SQLite", s.Database.Wanted, false, true, 1}, []any{s.Database.Kind, s.Database.Schema, s.Bell.Shared, s.Bell.Rings, *s.Bell.Instances})
	require.NotEmpty(t, s.Go)
	require.Positive(t, s.Disk.Free)
	require.GreaterOrEqual(t, s.Disk.Total, s.Disk.Free)
	require.Nil(t, s.Seal)
	for _, q := range s.Queues {
		require.Zero(t, []int{q.Waiting, q.Failed}[1], q.Name)
	}
	require.Len(t, s.Queues, 4)
	require.NotEmpty(t, s.Certificates, "the roots of the providers")
	for _, c := range s.Certificates {
		require.Equal(t, model.SystemCertificateOfProviders, c.Of)
		require.NotNil(t, c.Until)
	}
}

// TestTheCertificateOfThePublicAddress is told also where nobody trusts it.
func TestTheCertificateOfThePublicAddress(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(proxy.Close)
	shown := certificateAt(t.Context(), proxy.URL)
	require.Equal(t, proxy.Certificate().NotAfter, *shown.Until)
	require.Contains(t, shown.Trouble, "certificate")
	proxy.Close()
	gone := certificateAt(t.Context(), proxy.URL)
	require.Nil(t, gone.Until)
	require.NotEmpty(t, gone.Trouble)
	require.Equal(t, proxy.URL, gone.Subject)
}

func TestWhyACaseStandsWhereItIsIsToldInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := w.office("tributi")
	file, _ := w.arrives(w.mailbox("tributi@comune.example", office), office, 0)
	for text, want := range map[string]string{
		"regola «Tributi»: a Ufficio tributi; attenzione: posta ordinaria, non certificata": `{"why":"RULE","by":"Tributi","office":"Ufficio tributi","doubt":"UNSIGNED"}`,
		"restituita da Ufficio tributi": `{"why":"RETURNED","by":"Ufficio tributi","office":"","doubt":null}`,
		"smistata a Ufficio tributi":    `{"why":"SORTED","by":"","office":"Ufficio tributi","doubt":null}`,
		"ritirata dallo smistamento":    `{"why":"TAKEN_BACK","by":"","office":"","doubt":null}`,
		"aperta dall'ufficio":           `{"why":"OWN","by":"","office":"","doubt":null}`,
		"altro":                         `{"why":"OTHER","by":"","office":"","doubt":null}`,
	} {
		w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
			tx.CaseFile.UpdateOneID(file.ID).SetRouteReason(text).ExecX(ctx)
			return nil
		})
		var got struct {
			CaseByNumber struct{ Routing json.RawMessage }
		}
		require.NoError(t, json.Unmarshal([]byte(w.get(`{ caseByNumber(number: "2026/000001") { routing { why by office doubt } } }`, nil)), &got))
		require.JSONEq(t, want, string(got.CaseByNumber.Routing))
	}
}
