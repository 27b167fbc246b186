package server

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/keeper"
	"github.com/smista/smista/push"
	"github.com/smista/smista/push/pushtest"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/store/storetest"
)

// browsed is what a command on a browser is answered.
type browsed struct {
	Subscription *struct {
		ID, Label, CreatedAt string
		UsedAt               *string
	}
	UserErrors []struct {
		Code, Message string
		Path          []string
	}
	ClientMutationID string
}

func (w *world) browser(command, input string) browsed {
	w.t.Helper()
	var answer struct{ Told browsed }
	require.NoError(w.t, json.Unmarshal([]byte(w.get(`mutation { told: `+command+`(input: {`+input+`, clientMutationId: "c"}) {
		subscription { id label createdAt usedAt } userErrors { code message path } clientMutationId } }`, nil)), &answer))
	require.Equal(w.t, "c", answer.Told.ClientMutationID)
	return answer.Told
}

func subscribing(s push.Subscription, label string) string {
	return fmt.Sprintf(`endpoint: %q, p256dh: %q, auth: %q, label: %q`, s.Endpoint, s.P256dh, s.Auth, label)
}

// People register their browsers, see them, and take them away; nobody else does.
func TestBrowsersByTheAPI(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldOn(t, url(t), func(d *Deps) { d.Push = "BPublic" })
			require.JSONEq(t, `{"pushKey": "BPublic"}`, w.get(`{ pushKey }`, nil))
			anna, _ := w.someone("anna", staff.Roles{Sorter: true}, nil, "")
			bruno, _ := w.someone("bruno", staff.Roles{Administrator: true, Auditor: true, Sorter: true}, nil, "")
			one := pushtest.New(t).Browser()

			got := anna.browser("pushSubscribe", subscribing(one, "Firefox"))
			require.Empty(t, got.UserErrors)
			require.Equal(t, "Firefox", got.Subscription.Label)
			again := anna.browser("pushSubscribe", subscribing(one, "Firefox, portatile"))
			require.Equal(t, got.Subscription.ID, again.Subscription.ID)
			list := `{ viewer { pushSubscriptions { id label usedAt } } }`
			require.JSONEq(t, fmt.Sprintf(`{"viewer": {"pushSubscriptions": [{"id": %q, "label": "Firefox, portatile", "usedAt": null}]}}`, got.Subscription.ID), anna.get(list, nil))

			require.JSONEq(t, `{"viewer": {"pushSubscriptions": []}}`, bruno.get(list, nil))
			require.JSONEq(t, `{"node": null}`, bruno.get(fmt.Sprintf(`{ node(id: %q) { id } }`, got.Subscription.ID), nil))
			require.JSONEq(t, fmt.Sprintf(`{"node": {"id": %q}}`, got.Subscription.ID), anna.get(fmt.Sprintf(`{ node(id: %q) { id } }`, got.Subscription.ID), nil))
			require.Equal(t, "NOT_FOUND", bruno.browser("pushUnsubscribe", fmt.Sprintf(`id: %q`, got.Subscription.ID)).UserErrors[0].Code)
			for what, wrong := range map[string]push.Subscription{
				"endpoint": {Endpoint: "https://169.254.169.254/latest", P256dh: one.P256dh, Auth: one.Auth},
				"p256dh":   {Endpoint: one.Endpoint, P256dh: "x", Auth: one.Auth},
				"auth":     {Endpoint: one.Endpoint, P256dh: one.P256dh, Auth: "x"},
			} {
				refused := bruno.browser("pushSubscribe", subscribing(wrong, "x"))
				require.Nil(t, refused.Subscription)
				require.Equal(t, "INVALID", refused.UserErrors[0].Code)
				require.Equal(t, []string{what}, refused.UserErrors[0].Path)
			}
			require.Empty(t, anna.browser("pushUnsubscribe", fmt.Sprintf(`id: %q`, got.Subscription.ID)).UserErrors)
			require.JSONEq(t, `{"viewer": {"pushSubscriptions": []}}`, anna.get(list, nil))
		})
	}
}

// From the browser that registers to the one that is told: what it gets leads its
// person to the case, and says nothing of it.
func TestABrowserIsToldOfACase(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := push.NewKey()
			require.NoError(t, err)
			w := newWorldOn(t, url(t), func(d *Deps) { d.Push = key.Public })
			service := pushtest.New(t)
			pusher, err := push.New(service.Config(key))
			require.NoError(t, err)
			defer pusher.Close()
			k := keeper.New(keeper.Options{
				Client: w.deps.Client, Log: w.log, Push: pusher, Quiet: w.deps.Dossier, Logger: w.deps.Logger,
				CaseID: func(row int) string { return idOf("Case", row) },
			})
			taxes := w.office("tributi")
			anna, id := w.someone("anna", staff.Roles{}, taxes, membership.RoleOperator)
			require.Empty(t, anna.browser("pushSubscribe", subscribing(service.Browser(), "Firefox")).UserErrors)
			awake := fmt.Sprintf(`mutation { preferencesSet(input: {language: IT, digest: false, digestMinute: 0, quietFrom: %d, quietUntil: %[1]d, muted: []}) { userErrors { code } } }`, 1)
			require.JSONEq(t, `{"preferencesSet": {"userErrors": []}}`, anna.get(awake, nil))
			c, _ := w.arrives(w.mailbox("tributi@comune.example", taxes), taxes, 0)
			require.Empty(t, w.tell("caseAssign", caseAt(c, 1)+fmt.Sprintf(`, assigneeId: %q`, idOf("User", id))).UserErrors)

			_, err = k.Pushes(guard.NewContext(t.Context(), guard.System("keeper")))
			require.NoError(t, err)
			require.Len(t, service.Got(), 1)
			payload := service.Got()[0].Payload
			var told struct{ Kind, Case string }
			require.NoError(t, json.Unmarshal([]byte(payload), &told))
			require.Equal(t, "assigned", told.Kind)
			require.JSONEq(t, fmt.Sprintf(`{"node": {"number": %q}}`, c.Number), anna.get(fmt.Sprintf(`{ node(id: %q) { ... on Case { number } } }`, told.Case), nil))
			for _, secret := range []string{c.Number, c.Subject, c.SenderAddress, c.SenderName, "anna", "tributi"} {
				require.NotContains(t, payload, secret)
			}
		})
	}
}

func TestWherePushIsOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.JSONEq(t, `{"pushKey": null}`, w.get(`{ pushKey }`, nil))
	refused := w.browser("pushSubscribe", subscribing(pushtest.New(t).Browser(), "x"))
	require.Nil(t, refused.Subscription)
	require.Equal(t, "UNAVAILABLE", refused.UserErrors[0].Code)
}

// Who does not say what browsers are to be told leaves it as it is.
func TestWhatBrowsersAreTold(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		set := func(pushed string) string {
			return w.get(`mutation { preferencesSet(input: {language: IT, digest: false, digestMinute: 480, quietFrom: 1200, quietUntil: 420, muted: []`+pushed+`}) { userErrors { code } } }`, nil)
		}
		for _, c := range []struct{ pushed, want string }{
			{``, `["to-sort","assigned","breached","not-sent","undelivered"]`},
			{`, pushed: ["followed"]`, `["followed"]`},
			{``, `["followed"]`},
			{`, pushed: null`, `["followed"]`},
			{`, pushed: []`, `[]`},
			{``, `[]`},
		} {
			require.JSONEq(t, `{"preferencesSet": {"userErrors": []}}`, set(c.pushed))
			require.JSONEq(t, `{"viewer": {"preferences": {"pushed": `+c.want+`}}}`, w.get(`{ viewer { preferences { pushed } } }`, nil), c.pushed)
		}
		require.JSONEq(t, `{"preferencesSet": {"userErrors": [{"code": "INVALID"}]}}`, set(`, pushed: ["everything"]`))
	})
}

// The key is made at the first start and is the same at the next one; where it cannot
// be opened everything else goes on.
func TestAnInstanceKeepsItsKeyOfPushes(t *testing.T) {
	t.Parallel()
	said := &spoken{}
	i := instanceOf(t, said, "[push]\ncontact = \"mailto:sistemi@comune.example\"\n")
	first, err := i.pushes(t.Context())
	require.NoError(t, err)
	require.NotNil(t, first)
	second, err := i.pushes(t.Context())
	require.NoError(t, err)
	require.Equal(t, first.Key, second.Key)
	require.Len(t, first.Key.Public, 87)
	for _, to := range []*push.Service{first, nil} {
		k, err := i.keeper(to)
		require.NoError(t, err)
		require.Equal(t, to != nil, k.Push != nil)
		require.Equal(t, idOf("Case", 7), k.CaseID(7))
	}

	i.Config.Push.Contact = ""
	off, err := i.pushes(t.Context())
	require.NoError(t, err)
	require.Nil(t, off)

	i.Config.Push.Contact, i.Config.Secrets.Key = "mailto:sistemi@comune.example", "base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4="
	require.NoError(t, i.safe.Close())
	i.safe, err = i.Config.openSafe(t.Context())
	require.NoError(t, err)
	off, err = i.pushes(t.Context())
	require.NoError(t, err)
	require.Nil(t, off)
	require.Contains(t, said.String(), "push is off")
}
