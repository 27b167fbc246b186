package provider_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/provider"
)

// call speaks to the control address as curl does.
func (w *world) call(method, path, body string) (status int, answer string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, "http://"+w.ControlAddr()+path, strings.NewReader(body))
	require.NoError(w.t, err)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	require.NoError(w.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(w.t, err)
	return res.StatusCode, strings.TrimSpace(string(b))
}

func TestControlAddress(t *testing.T) {
	t.Parallel()
	stuck := "lenta@pec.cittadini.example"
	w := start(t, func(c *provider.Config) {
		c.Accounts = append(c.Accounts, provider.Account{Address: stuck, Password: "segreta", Behaviour: provider.Stuck})
	})
	ok := func(method, path, body string) string {
		status, answer := w.call(method, path, body)
		require.Equal(t, 200, status, "%s %s: %s", method, path, answer)
		return answer
	}
	require.NotContains(t, ok("GET", "/accounts", ""), "segreta")
	require.Equal(t, `{"uid":1}`, ok("POST", "/deliver?box="+impresa, letter(anna, impresa, "x")))
	ok("POST", "/ordinary?from=mario@posta.example&to="+impresa, letter("mario@posta.example", impresa, "Domanda"))

	ok("POST", "/faults", `{"do":"delay","kind":"accettazione","delay":"10ms","count":1}`)
	require.Contains(t, ok("GET", "/faults", ""), `"do":"delay"`)
	require.JSONEq(t, `{"message_id":"<1@client.example>"}`, ok("POST", "/send", `{"from":"`+comune+`","to":["`+anna+`","`+stuck+`"],
		"subject":"Atto","text":"Si trasmette.","message_id":"<1@client.example>","attachments":[{"name":"a.txt","content":"Y2lhbw=="}]}`))
	ok("POST", "/settle", "")
	ok("POST", "/warn?hours=12&message_id="+url.QueryEscape("<1@client.example>"), "")
	ok("POST", "/release?box="+stuck, "")
	ok("DELETE", "/faults", "")
	require.ElementsMatch(t, []pec.Kind{pec.Acceptance, pec.Delivery, pec.DeliveryWarning, pec.Delivery}, w.kinds(comune))
	require.Equal(t, []string{"a.txt"}, names(w.read(w.inbox(anna)[0])))

	ok("POST", "/hide?box="+impresa+"&uid=1", "")
	require.Len(t, w.inbox(impresa), 1)
	ok("POST", "/hide?box="+impresa+"&uid=1&show=1", "")
	require.Len(t, w.inbox(impresa), 2)
	require.Contains(t, ok("POST", "/uidvalidity?box="+impresa, ""), "uid_validity")
	var log []provider.Entry
	require.NoError(t, json.Unmarshal([]byte(ok("GET", "/log", "")), &log))
	require.Len(t, log, len(w.Log()))
}

func TestControlSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, c := range [][3]string{
		{"POST", "/deliver?box=nessuno@x.example", "x"},
		{"POST", "/faults", `{"do":"explode"}`},
		{"POST", "/faults", `{"do":"lose","kidn":"accettazione"}`},
		{"POST", "/faults", `{"do":"delay","delay":"soon"}`},
		{"POST", "/send", `{"from":"nessuno@x.example"}`},
		{"POST", "/hide?uid=x", ""},
		{"POST", "/warn?hours=1", ""},
		{"POST", "/uidvalidity?box=" + comune + "&folder=Altra", ""},
	} {
		status, answer := w.call(c[0], c[1], c[2])
		require.Equal(t, http.StatusBadRequest, status, c)
		require.Contains(t, answer, `{"error":"`, c)
	}
}

func TestConfigurationFile(t *testing.T) {
	t.Parallel()
	c, err := provider.LoadConfig(filepath.Join("testdata", "world.toml"))
	require.NoError(t, err)
	require.Equal(t, provider.Stuck, c.Accounts[1].Behaviour)
	require.True(t, c.Operators[1].Quirks.BER)
	p, err := provider.Start(t.Context(), c)
	require.NoError(t, err)
	require.NoError(t, p.Close())
}

func TestConfigurationThatContradictsItself(t *testing.T) {
	t.Parallel()
	const world = "[[operators]]\nname='G'\ndomain='g.example'\n[[accounts]]\naddress='a@g.example'\n"
	for text, want := range map[string]string{
		world + "colour='red'":                                             "unknown keys",
		world + "behaviour='asleep'":                                       "asleep",
		world + "[[accounts]]\naddress='A@g.example'":                      "stands twice",
		world + "[[accounts]]\naddress='a@altrove.example'":                "no operator serves",
		world + "[[accounts]]\naddress='A <a@g.example>'":                  "not an address",
		world + "[[operators]]\nname='H'\ndomain='g.example'":              "two operators",
		world + "[[operators]]\nname='H'\ndomain='h.example'\nprofile='x'": "unknown profile",
		"= no toml": "provider configuration",
	} {
		file := filepath.Join(t.TempDir(), "world.toml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := provider.LoadConfig(file)
		require.ErrorContains(t, err, want)
	}
	_, err := provider.LoadConfig("absent.toml")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestTrustIsWritten(t *testing.T) {
	t.Parallel()
	w := start(t)
	dir := t.TempDir()
	require.NoError(t, w.SaveTrust(dir))
	anchors, err := smime.LoadAnchors(dir)
	require.NoError(t, err)
	require.Equal(t, []pec.Kind{pec.Acceptance, pec.Delivery}, w.exchange())
	raw := w.inbox(comune)[0]
	m, err := pec.Read(t.Context(), bytes.NewReader(raw), int64(len(raw)), pec.Options{Verifier: anchors, Received: time.Now()})
	require.NoError(t, err)
	require.Equal(t, smime.Valid, m.Signature.Status)

	require.NoError(t, start(t, func(c *provider.Config) { c.TLS = true }).SaveTrust(dir))
	require.FileExists(t, filepath.Join(dir, "tls", "server.pem"))
}

// Nothing is left when the world ends, unless a folder was given for it.
func TestBodiesGoWithTheProvider(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := start(t, func(c *provider.Config) { c.DataDir = dir })
	w.deliver(comune, letter(anna, comune, "x"))
	require.NoError(t, w.Close())
	bodies, err := os.ReadDir(filepath.Join(dir, "bodies"))
	require.NoError(t, err)
	require.Len(t, bodies, 1)
}

// Mail stands in files: memory does not grow with its size.
func TestMemoryDoesNotGrowWithMail(t *testing.T) {
	w := start(t, func(c *provider.Config) { c.Limit = 1 << 30 })
	grown := func(size int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		attachment := io.LimitReader(endless{}, int64(size))
		message := io.MultiReader(strings.NewReader(letter(comune, anna, "Grande")), attachment)
		require.NoError(t, w.Submit(t.Context(), comune, []string{anna}, message))
		w.settled()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	small, large := grown(1<<20), grown(48<<20)
	require.Less(t, large, small+4<<20, "48 MB allocated %d bytes, 1 MB %d", large, small)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "riga\r\n"[i%6]
	}
	return len(p), nil
}
