package smime_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
	"github.com/stretchr/testify/require"
)

// now is when the messages of these tests are made.
var now = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

const (
	domain  = "pec.prova.it"
	address = "posta-certificata@pec.prova.it"
	content = "Content-Type: text/plain\r\n\r\nBuongiorno.\r\n"
)

// hierarchy and stranger are two hierarchies for the same domain: keys are slow
// to make and the tests change neither.
var (
	hierarchy = sync.OnceValue(newHierarchy)
	stranger  = sync.OnceValue(newHierarchy)
)

func newHierarchy() *testpki.Hierarchy {
	h, err := testpki.New(now, domain)
	if err != nil {
		panic(err)
	}
	return h
}

// sign makes a signature over content by id.
func sign(t testing.TB, id *smime.Identity, o smime.SignOptions) []byte {
	t.Helper()
	if o.Time.IsZero() {
		o.Time = now
	}
	p7s, err := id.Sign(strings.NewReader(content), o)
	require.NoError(t, err)
	return p7s
}

// odd is the identity of the tests' provider, spoilt.
func odd(t testing.TB, change func(*x509.Certificate)) *smime.Identity {
	t.Helper()
	id, err := hierarchy().Odd(domain, change)
	require.NoError(t, err)
	return id
}

// digests of data by every supported algorithm.
func digests(data []byte) map[crypto.Hash][]byte {
	out := map[crypto.Hash][]byte{}
	for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		sum := h.New()
		sum.Write(data)
		out[h] = sum.Sum(nil)
	}
	return out
}

// signed is a message just received, with this signature.
func signed(p7s []byte) smime.Signed {
	return smime.Signed{P7S: p7s, Digests: digests([]byte(content)), From: address, Received: now.Add(time.Minute)}
}

// judge verifies p7s with the tests' hierarchy as anchor.
func judge(t testing.TB, p7s []byte) smime.Verdict {
	t.Helper()
	return hierarchy().Anchors().Verify(t.Context(), signed(p7s))
}

// codes are the reasons of a verdict, for comparison.
func codes(v smime.Verdict) []string {
	out := []string{}
	for _, r := range v.Reasons {
		out = append(out, r.Code)
	}
	return out
}

// samples are real messages, beside the repository and not part of it.
const samples = "../../../shared/samples"

// sample is a real certified message, taken apart as RFC 1847 says.
type sample struct {
	signed []byte // the first part, with CRLF line ends
	p7s    []byte
	from   string
}

// readSample cuts a message of the samples folder into its two parts.
func readSample(t testing.TB, name string) sample {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Skip("the sample messages are not beside this repository: " + name)
	}
	raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	match := regexp.MustCompile(`(?is)content-type:\s*multipart/signed;.*?boundary="?([^"\r\n;]+)`).FindSubmatch(raw)
	require.NotNil(t, match, "%s is not multipart/signed", name)
	parts := bytes.Split(raw, append([]byte("\r\n--"), match[1]...))
	require.GreaterOrEqual(t, len(parts), 4, name)
	_, encoded, _ := bytes.Cut(parts[2], []byte("\r\n\r\n"))
	p7s, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(encoded), "\r\n", ""))
	require.NoError(t, err)
	from := regexp.MustCompile(`(?im)^from:(?:.*\r\n\s)*.*?([^\s<>"]+@[^\s<>"]+)>?\r$`).FindSubmatch(raw)
	require.NotNil(t, from, "%s has no From", name)
	return sample{signed: parts[1][2:], p7s: p7s, from: strings.ToLower(string(from[1]))}
}

// signedDigest reads the digest that a signature says it covers, through
// another reader of CMS than the one under test.
func signedDigest(t testing.TB, p7s []byte) map[crypto.Hash][]byte {
	t.Helper()
	parsed, err := pkcs7.Parse(p7s)
	require.NoError(t, err)
	var digest []byte
	require.NoError(t, parsed.UnmarshalSignedAttribute(pkcs7.OIDAttributeMessageDigest, &digest))
	for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		if h.Size() == len(digest) {
			return map[crypto.Hash][]byte{h: digest}
		}
	}
	t.Fatalf("a digest of %d bytes", len(digest))
	return nil
}
