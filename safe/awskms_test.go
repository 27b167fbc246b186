package safe

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"gocloud.dev/secrets/localsecrets"
)

// newKMS plays AWS KMS, as far as sealing and opening go; each key is made when
// first asked for, and which one sealed stands in the first byte.
func newKMS(t *testing.T) func(key string) URL {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var question struct {
			KeyID                     string `json:"KeyId"`
			Plaintext, CiphertextBlob []byte
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if json.NewDecoder(r.Body).Decode(&question) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if r.Header.Get("X-Amz-Target") == "TrentService.Encrypt" {
			k := question.KeyID[0]
			sealed, _ := localsecrets.NewKeeper(key{k}).Encrypt(r.Context(), question.Plaintext)
			_ = json.NewEncoder(w).Encode(map[string]any{"CiphertextBlob": append([]byte{k}, sealed...), "KeyId": question.KeyID})
			return
		}
		plain, err := localsecrets.NewKeeper(key{question.CiphertextBlob[0]}).Decrypt(r.Context(), question.CiphertextBlob[1:])
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"__type": "InvalidCiphertextException"})
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"Plaintext": plain})
	}))
	t.Cleanup(server.Close)
	return func(key string) URL {
		return URL("awskms://" + key + "?region=eu-south-1&endpoint=" + url.QueryEscape(server.URL))
	}
}

func TestKMSSealsAndSaysWhatItCannotOpen(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	kms := newKMS(t)
	s := opened(t, kms("one"), "")
	sealed, err := s.Seal(t.Context(), tributi, NewPassword(canary))
	require.NoError(t, err)
	p, err := opened(t, kms("two"), "").Unseal(t.Context(), tributi, sealed)
	require.NoError(t, err, "KMS knows by itself which key sealed")
	require.Equal(t, canary, p.Reveal())
	_, err = s.Unseal(t.Context(), edilizia, sealed)
	require.ErrorIs(t, err, ErrOtherMailbox)
	sealed[len(sealed)-1] ^= 1
	_, err = s.Unseal(t.Context(), tributi, sealed)
	require.ErrorIs(t, err, ErrOtherKey)
	require.NotContains(t, err.Error(), canary)
}
