package safe

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	tributi  = "tributi@pec.comune.example"
	edilizia = "edilizia@pec.comune.example"
	canary   = "c4nary-città"
	aKey     = "base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4="
	bKey     = "base64key://AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)

func opened(t *testing.T, url URL, file string) *Safe {
	t.Helper()
	s, err := Open(t.Context(), url, file)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// local is a safe whose key is in a folder of the test.
func local(t *testing.T) *Safe {
	t.Helper()
	return opened(t, "", filepath.Join(t.TempDir(), "smista.key"))
}

func TestWhatIsSealedOpensForItsMailboxAlone(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*Safe{"file": local(t), "url": opened(t, aKey, ""), "vault": opened(t, newVault(t).url("smista"), "")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sealed, err := s.Seal(t.Context(), "Tributi@PEC.comune.example", NewPassword(canary))
			require.NoError(t, err)
			require.NotContains(t, string(sealed), canary)
			p, err := s.Unseal(t.Context(), tributi, sealed)
			require.NoError(t, err)
			require.Equal(t, canary, p.Reveal())

			_, err = s.Unseal(t.Context(), edilizia, sealed)
			require.ErrorIs(t, err, ErrOtherMailbox)
			require.ErrorContains(t, err, edilizia)
			require.NotContains(t, err.Error(), canary)

			again, err := s.Seal(t.Context(), tributi, NewPassword(canary))
			require.NoError(t, err)
			require.NotEqual(t, sealed, again, "the same password does not look the same")
		})
	}
}

func TestAnyBitThatChangesKeepsItShut(t *testing.T) {
	t.Parallel()
	s := opened(t, aKey, "")
	sealed, err := s.Seal(t.Context(), tributi, NewPassword(canary))
	require.NoError(t, err)
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		_, err := s.Unseal(t.Context(), tributi, changed)
		require.ErrorIs(t, err, ErrOtherKey)
	}
	for _, short := range [][]byte{nil, {1}, sealed[:30], sealed[:len(sealed)-1]} {
		_, err := s.Unseal(t.Context(), tributi, short)
		require.ErrorIs(t, err, ErrOtherKey)
	}
}

func TestAnotherKeyIsNamedAsTheReason(t *testing.T) {
	t.Parallel()
	sealed, err := opened(t, aKey, "").Seal(t.Context(), tributi, NewPassword(canary))
	require.NoError(t, err)
	_, err = opened(t, bKey, "").Unseal(t.Context(), tributi, sealed)
	require.EqualError(t, err, "open the password of "+tributi+": "+ErrOtherKey.Error())
	_, err = opened(t, newVault(t).url("smista"), "").Unseal(t.Context(), tributi, sealed)
	require.ErrorIs(t, err, ErrOtherKey)
}

func TestWhatIsNoPasswordIsNotSealed(t *testing.T) {
	t.Parallel()
	s := opened(t, aKey, "")
	for _, text := range []string{"", "\xff", strings.Repeat("x", maxPassword+1)} {
		_, err := s.Seal(t.Context(), tributi, NewPassword(text))
		require.ErrorContains(t, err, tributi)
	}
	_, err := s.Seal(t.Context(), tributi, Password{})
	require.ErrorContains(t, err, "is empty")
}

func TestAPasswordDoesNotPrint(t *testing.T) {
	t.Parallel()
	p := NewPassword(canary)
	holder := struct {
		Shown  Password
		hidden Password
		List   []Password
		Inside *Password
	}{p, p, []Password{p}, &p}
	var said bytes.Buffer
	for verb := range strings.SplitSeq("v +v #v s q x X d t e p c b o U 10s -5q", " ") {
		for _, value := range []any{p, &p, holder, &holder, []any{p}, map[string]Password{"a": p}} {
			fmt.Fprintf(&said, "%"+verb+"\n", value)
		}
	}
	require.NoError(t, json.NewEncoder(&said).Encode(holder))
	for _, h := range []slog.Handler{slog.NewJSONHandler(&said, nil), slog.NewTextHandler(&said, nil)} {
		slog.New(h).Info("x", "password", p, "holder", holder)
	}
	fmt.Fprintln(&said, fmt.Errorf("wrapped %w %v", os.ErrClosed, p))
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), base64.StdEncoding.EncodeToString([]byte(canary)), fmt.Sprintf("%d", []byte(canary))} {
		require.NotContains(t, said.String(), form)
	}
	require.Equal(t, canary, holder.hidden.Reveal())
}

func TestAKeyInAnAddressDoesNotPrint(t *testing.T) {
	t.Parallel()
	const secret = "smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4"
	var said bytes.Buffer
	fmt.Fprintf(&said, "%v %s %q %#v", URL(aKey), URL(aKey), URL(aKey), URL(aKey))
	require.NoError(t, json.NewEncoder(&said).Encode(map[string]URL{"key": aKey}))
	slog.New(slog.NewTextHandler(&said, nil)).Info("x", "key", URL(aKey))
	for _, broken := range []URL{aKey + "x", aKey + "?a=b", URL("base64key://" + secret), "base64key://" + secret + "=/%zz", "Base64Key://" + secret + "="} {
		err := broken.Check()
		require.Error(t, err)
		_, again := Open(t.Context(), broken, "")
		fmt.Fprintln(&said, err, again)
	}
	require.NotContains(t, said.String(), secret)
}

func TestAddressesAreChecked(t *testing.T) {
	t.Parallel()
	for _, good := range []URL{"", aKey, "awskms://alias/smista?region=eu-south-1", "awskms:///arn:aws:kms:eu-south-1:1:key/2", "vault://vault.example:8200/smista", "vault://127.0.0.1:8200/smista?tls=none&mount=pec"} {
		require.NoError(t, good.Check(), "%s", good)
	}
	for bad, want := range map[URL]string{
		"gcpkms://x":                                "not supported",
		"awskms://":                                 "names no key",
		"awskms://k?endpoint=http://kms.example":    "in the clear",
		"vault://vault.example:8200":                "names no key",
		"vault://vault.example:8200/a/b":            "names no key",
		"vault://vault.example:8200/a?tls=none":     "in the clear to vault.example:8200",
		"vault://vault.example/a?colour=red":        "there is no parameter colour",
		"vault://vault.example/a?ca_file=/none.pem": "/none.pem",
		"base64key://":                              "32 bytes",
	} {
		require.ErrorContains(t, bad.Check(), want, "%s", bad)
	}
}
