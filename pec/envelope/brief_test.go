package envelope_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
)

// brief gives the original inside a brief receipt.
func (b bench) brief(t *testing.T, submitted string) string {
	t.Helper()
	l := b.letter(pec.Delivery, "")
	l.Certified.ReceiptType, l.Original = envelope.Brief, original(submitted)
	raw := b.write(t, l)
	require.Equal(t, "valid", string(b.read(t, raw).Signature.Status))
	_, inner, _ := strings.Cut(string(raw), "filename=\"postacert.eml\"\r\n\r\n")
	inner, _, _ = strings.Cut(inner, "\r\n------=_")
	return inner
}

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestBriefOriginal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	part := func(header, body string) string {
		return "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + header + "\r\n\r\n" + body + "\r\n--b--\r\n"
	}
	for name, c := range map[string]struct{ submitted, has, hasNot string }{
		"text stays as it stands":    {part("Content-Type: text/html", "<p>a</p>"), "Content-Type: text/html\r\n\r\n<p>a</p>", ".hash"},
		"plain message":              {"Subject: x\r\n\r\ntesto\r\n", "\r\n\r\ntesto\r\n", ".hash"},
		"attached text":              {part("Content-Type: text/plain; name=a.txt", "abc"), sha("abc"), "\r\nabc"},
		"quoted-printable":           {part("Content-Type: application/x; name=a\r\nContent-Transfer-Encoding: Quoted-Printable", "a=3Db"), sha("a=b"), "a=3Db"},
		"no name":                    {part("Content-Type: application/x", "abc"), "allegato.hash", "\r\nabc"},
		"name in another alphabet":   {part("Content-Type: application/x\r\nContent-Disposition: attachment; filename*=utf-8''%C3%A8.txt", "abc"), "filename*=utf-8''%C3%A8.txt.hash", "\r\nabc"},
		"name that breaks the line":  {part("Content-Type: application/x\r\nContent-Disposition: attachment; filename*=utf-8''a%0D%0AX-Evil:%201", "abc"), ".hash", "\r\nX-Evil"},
		"message in the message":     {part("Content-Type: message/rfc822", "Subject: y\r\n\r\nabc"), sha("Subject: y\r\n\r\nabc"), "Subject: y"},
		"cut short":                  {strings.TrimSuffix(part("Content-Type: text/plain", "abc"), "\r\n--b--\r\n"), "abc", ".hash"},
		"bytes as they are":          {part("Content-Type: application/x\r\nContent-Transfer-Encoding: 7bit", "%%%"), sha("%%%"), "%%%"},
		"deeper than anybody writes": {nested(30), sha(strings.TrimPrefix(nestedBody(30, 20), "\r\n")), "fondo"},
	} {
		inner := b.brief(t, c.submitted)
		require.Contains(t, inner, c.has, name)
		require.NotContains(t, inner, c.hasNot, name)
	}
}

// nested is a text under n multiparts.
func nested(n int) string { return "Subject: x\r\n" + nestedHeader(0) + nestedBody(n, 0) }

func nestedHeader(level int) string {
	return fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n", level)
}

func nestedBody(n, level int) string {
	if level == n {
		return "\r\nfondo"
	}
	header := nestedHeader(level + 1)
	if level+1 == n {
		header = ""
	}
	return fmt.Sprintf("\r\n--b%d\r\n%s%s\r\n--b%d--", level, header, nestedBody(n, level+1), level)
}
