package safe

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"gocloud.dev/secrets/driver"
	"gocloud.dev/secrets/drivertest"
	"gocloud.dev/secrets/localsecrets"
)

// vault plays the Transit engine: each key of its own, made when first asked for.
type vault struct {
	*httptest.Server
	t     *testing.T
	token string
	file  string // with the token
	asked atomic.Int32
	reply func(w http.ResponseWriter, r *http.Request) bool // instead of its own, where it says so
}

const vaultToken = "hvs.c4nary-token"

func newVault(t *testing.T) *vault {
	t.Helper()
	v := &vault{t: t, token: vaultToken, file: filepath.Join(t.TempDir(), "token")}
	require.NoError(t, os.WriteFile(v.file, []byte(vaultToken+"\n"), 0o600))
	v.Server = httptest.NewServer(v)
	t.Cleanup(v.Close)
	return v
}

func (v *vault) url(key string) URL {
	return URL("vault://" + v.Listener.Addr().String() + "/" + key + "?tls=none&token_file=" + url.QueryEscape(v.file))
}

// ServeHTTP answers as Vault does.
func (v *vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.asked.Add(1)
	if v.reply != nil && v.reply(w, r) {
		return
	}
	var question struct{ Plaintext, Ciphertext string }
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/transit/"), "/")
	switch {
	case r.Header.Get("X-Vault-Token") != v.token:
		refuse(w, http.StatusForbidden, "permission denied")
		return
	case r.Method != http.MethodPost || len(parts) != 2 || json.NewDecoder(r.Body).Decode(&question) != nil:
		refuse(w, http.StatusNotFound)
		return
	}
	var k key
	copy(k[:], parts[1])
	keeper := localsecrets.NewKeeper(k)
	if parts[0] == "encrypt" {
		plain, err := base64.StdEncoding.DecodeString(question.Plaintext)
		if err != nil {
			refuse(w, http.StatusBadRequest, "failed to base64-decode plaintext")
			return
		}
		sealed, _ := keeper.Encrypt(r.Context(), plain)
		answer(w, map[string]any{"ciphertext": "vault:v1:" + base64.StdEncoding.EncodeToString(sealed), "key_version": 1})
		return
	}
	sealed, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(question.Ciphertext, "vault:v1:"))
	plain, err := keeper.Decrypt(r.Context(), sealed)
	if err != nil {
		refuse(w, http.StatusBadRequest, "cipher: message authentication failed")
		return
	}
	answer(w, map[string]any{"plaintext": base64.StdEncoding.EncodeToString(plain)})
}

func answer(w http.ResponseWriter, data map[string]any) {
	_ = json.NewEncoder(w).Encode(map[string]any{"request_id": "1", "lease_id": "", "data": data})
}

func refuse(w http.ResponseWriter, status int, says ...string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": says})
}

// vaultDriver is what the conformance tests ask for.
type vaultDriver struct{ *vault }

// MakeDriver implements drivertest.Harness.
func (d vaultDriver) MakeDriver(context.Context) (driver.Keeper, driver.Keeper, error) {
	of := func(key string) driver.Keeper {
		return &transit{base: d.URL + "/v1/transit", key: key, token: tokenFrom(d.file), client: d.Client()}
	}
	return of("one"), of("two"), nil
}

// Close implements drivertest.Harness.
func (vaultDriver) Close() {}

func TestVaultIsAKeeperAsTheLibraryWantsIt(t *testing.T) {
	t.Parallel()
	drivertest.RunConformanceTests(t, func(_ context.Context, t *testing.T) (drivertest.Harness, error) {
		return vaultDriver{newVault(t)}, nil
	}, nil)
}

func TestWhatVaultRefusesIsSaidAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reply func(w http.ResponseWriter, r *http.Request) bool
		want  string
	}{
		"the token":    {func(w http.ResponseWriter, _ *http.Request) bool { refuse(w, 403, canary); return true }, "has expired"},
		"the mount":    {func(w http.ResponseWriter, _ *http.Request) bool { refuse(w, 404, canary); return true }, "check mount and name of the key"},
		"sealed":       {func(w http.ResponseWriter, _ *http.Request) bool { refuse(w, 503, canary); return true }, "it is sealed or down"},
		"in trouble":   {func(w http.ResponseWriter, _ *http.Request) bool { refuse(w, 500, canary); return true }, "it answers 500"},
		"nothing":      {func(w http.ResponseWriter, _ *http.Request) bool { answer(w, nil); return true }, "holds nothing sealed"},
		"no JSON":      {func(w http.ResponseWriter, _ *http.Request) bool { _, _ = io.WriteString(w, canary); return true }, "cannot be read"},
		"without end":  {func(w http.ResponseWriter, _ *http.Request) bool { return flood(w) }, "cannot be read"},
		"breaking off": {func(w http.ResponseWriter, _ *http.Request) bool { panic(http.ErrAbortHandler) }, "EOF"},
		"echo": {func(w http.ResponseWriter, r *http.Request) bool {
			text, _ := io.ReadAll(r.Body)
			refuse(w, 400, string(text))
			return true
		}, "another key sealed it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVault(t)
			v.reply = tt.reply
			s := opened(t, v.url("smista"), "")
			_, sealing := s.Seal(t.Context(), tributi, NewPassword(canary))
			require.ErrorContains(t, sealing, tributi)
			_, opening := s.Unseal(t.Context(), tributi, []byte("vault:v1:AAAA"))
			require.Error(t, opening)
			said := sealing.Error() + opening.Error()
			require.Contains(t, strings.ReplaceAll(said, "nothing opened", "nothing sealed"), tt.want)
			require.NotContains(t, said, canary)
			require.NotContains(t, said, base64.StdEncoding.EncodeToString([]byte(`{"mailbox":"`))[:15])
			require.NotContains(t, said, vaultToken)
		})
	}
}

// flood sends more than anybody should read.
func flood(w http.ResponseWriter) bool {
	for range 100 {
		if _, err := io.WriteString(w, strings.Repeat(" ", 1<<20)); err != nil {
			break
		}
	}
	return true
}

func TestTheTokenGoesToNoOtherServer(t *testing.T) {
	t.Parallel()
	other := newVault(t)
	v := newVault(t)
	v.reply = func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
		return true
	}
	_, err := opened(t, v.url("smista"), "").Seal(t.Context(), tributi, NewPassword(canary))
	require.ErrorContains(t, err, "it sends us to another server (307)")
	require.Zero(t, other.asked.Load())
}

func TestTheTokenIsReadEachTime(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	s := opened(t, v.url("smista"), "")
	sealed, err := s.Seal(t.Context(), tributi, NewPassword(canary))
	require.NoError(t, err)
	v.token = "another"
	_, err = s.Unseal(t.Context(), tributi, sealed)
	require.ErrorContains(t, err, "has expired")
	require.NotErrorIs(t, err, ErrOtherKey, "the password is well")
	require.NoError(t, os.WriteFile(v.file, []byte("another"), 0o600))
	_, err = s.Unseal(t.Context(), tributi, sealed)
	require.NoError(t, err)
}

func TestVaultIsAskedByTLSAndItsCertificateChecked(t *testing.T) {
	v := newVault(t)
	protected := httptest.NewTLSServer(v)
	t.Cleanup(protected.Close)
	t.Setenv("VAULT_ADDR", protected.URL)
	t.Setenv("VAULT_TOKEN", vaultToken)
	_, err := opened(t, "vault:///smista", "").Seal(t.Context(), tributi, NewPassword(canary))
	require.ErrorContains(t, err, "certificate")

	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, certificateOf(protected), 0o600))
	by := opened(t, URL("vault:///smista?ca_file="+file), "")
	sealed, err := by.Seal(t.Context(), tributi, NewPassword(canary))
	require.NoError(t, err)
	_, err = opened(t, v.url("smista"), "").Unseal(t.Context(), tributi, sealed)
	require.NoError(t, err, "the same key by another way")

	t.Setenv("VAULT_TOKEN", "")
	_, err = by.Unseal(t.Context(), tributi, sealed)
	require.ErrorContains(t, err, "set VAULT_TOKEN")
	t.Setenv("VAULT_ADDR", "http://vault.example")
	require.ErrorContains(t, URL("vault:///smista").Check(), "in the clear")
	t.Setenv("VAULT_ADDR", "")
	require.ErrorContains(t, URL("vault:///smista").Check(), "set VAULT_ADDR")
}

func certificateOf(s *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}
