package smime_test

import (
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

// stricter names what OpenSSL calls good and we do not, and why.
var stricter = map[string]string{
	"a hundred bytes after it":                  "OpenSSL stops reading at the end of the structure",
	"signed later than received":                "OpenSSL does not look at the signing time",
	"another address of the same provider":      "OpenSSL is not told who the message is from",
	"a signer by key identifier":                "not used by providers, not supported",
	"RSA-PSS":                                   "not used by providers, not supported",
	"no signed attributes":                      "they are what ties the value to plain data and to a time",
	"content inside":                            "OpenSSL was given the content apart and prefers that",
	"empty content inside":                      "OpenSSL was given the content apart and prefers that",
	"two signers":                               "OpenSSL is content when all are good; certified mail has one",
	"an algorithm that does not fit the digest": "OpenSSL takes the digest from elsewhere",
	"a certificate for nothing in particular":   "OpenSSL takes a missing extended key usage for every usage",
	"a hundred attributes":                      "more than we read",
	"a signing time that is none":               "OpenSSL does not look at the signing time",
	"content of another type":                   "OpenSSL does not compare the two content types",
	"another content type":                      "OpenSSL does not compare the two content types",
	"an unknown attribute twice":                "RFC 5652 has each at most once",
}

// openssl runs the tool, or ends the test when there is none.
func openssl(t testing.TB, args ...string) error {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil && os.Getenv("SMISTA_REQUIRE_SERVERS") == "1" {
		t.Fatal("openssl is not installed: run make test-deps")
	}
	if err != nil {
		t.Skip("openssl is not installed: no second opinion")
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Logf("%s", out)
	}
	return err
}

// OpenSSL and we agree on what is valid, except where we are stricter and say so.
func TestSecondOpinion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	message := writeFile(t, dir, "message", []byte(content))
	trust := writeFile(t, dir, "trust.pem", append(pemOf(hierarchy().Root().Raw), pemOf(hierarchy().Intermediate().Raw)...))
	for i, tt := range signatureCases(t) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p7s := writeFile(t, dir, strconv.Itoa(i), tt.p7s)
			err := openssl(t, "cms", "-verify", "-binary", "-inform", "DER", "-in", p7s, "-content", message,
				"-CAfile", trust, "-purpose", "smimesign",
				"-attime", strconv.FormatInt(signed(nil).Received.Unix(), 10), "-out", os.DevNull)
			ours := judge(t, tt.p7s).Status == smime.Valid
			if why := stricter[tt.name]; why != "" {
				require.NoError(t, err, "OpenSSL refuses it too: strike it off the list")
				require.False(t, ours)
				return
			}
			require.Equal(t, ours, err == nil, "%v", err)
		})
	}
}

func writeFile(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func pemOf(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
