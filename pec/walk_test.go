package pec

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// tree writes a part tree down, for comparing.
func tree(p *part) string {
	var b strings.Builder
	depth := map[*part]int{}
	p.all(func(p *part) {
		if p.parent != nil {
			depth[p] = depth[p.parent] + 1
		}
		fmt.Fprintf(&b, "%s%s [%d %d %d] %d %s %q %v\n", strings.Repeat(" ", depth[p]), p.media, p.start, p.body, p.end, p.size, p.digest, p.kept, p.head)
	})
	return b.String()
}

// walkWith walks raw through a window of the given size.
func walkWith(t require.TestingT, raw []byte, window int) (*walker, *part) {
	w := newWalker(context.Background(), bytes.NewReader(raw), int64(len(raw)), Limits{}.orDefaults(), &notes{})
	w.in.window = make([]byte, window)
	root, err := w.run()
	require.NoError(t, err)
	return w, root
}

// message draws a mail of nested parts, with either line end.
func message(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		eol := rapid.SampledFrom([]string{"\r\n", "\n"}).Draw(t, "eol")
		text := strings.Join(part1(t, depth), "\r\n")
		return strings.ReplaceAll(text, "\r\n", eol)
	})
}

func part1(t *rapid.T, depth int) []string {
	if depth == 0 || rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
		content := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "content")
		switch rapid.SampledFrom([]string{"base64", "text", "quoted-printable"}).Draw(t, "encoding") {
		case "base64":
			return append([]string{"Content-Type: application/pdf; name=a.pdf", "Content-Transfer-Encoding: base64", ""}, lines76(base64.StdEncoding.EncodeToString(content))...)
		case "quoted-printable":
			var b bytes.Buffer
			w := quotedprintable.NewWriter(&b)
			_, _ = w.Write(content)
			_ = w.Close()
			return []string{"Content-Transfer-Encoding: quoted-printable", "", b.String()}
		}
		return []string{"", strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-z -]{0,90}`), 0, 30).Draw(t, "text"), "\r\n")}
	}
	boundary := rapid.StringMatching(`[a-z=_]{1,40}`).Draw(t, "boundary")
	lines := []string{"Content-Type: multipart/mixed; boundary=\"" + boundary + "\"", "", "preamble"}
	for range rapid.IntRange(0, 4).Draw(t, "parts") {
		lines = append(append(lines, "--"+boundary), part1(t, depth-1)...)
	}
	if rapid.Bool().Draw(t, "closed") {
		lines = append(lines, "--"+boundary+"--", "epilogue")
	}
	return lines
}

func lines76(text string) (lines []string) {
	for len(text) > 76 {
		lines = append(lines, text[:76])
		text = text[76:]
	}
	return append(lines, text)
}

// What is read does not depend on where the window happens to end.
func TestWindowSizeDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(message(3).Draw(t, "message"))
		_, want := walkWith(t, raw, windowSize)
		_, got := walkWith(t, raw, rapid.IntRange(1100, 1200).Draw(t, "window"))
		require.Equal(t, tree(want), tree(got))
	})
}

// A part's section gives the bytes whose digest was taken in passing.
func TestSectionsGiveWhatWasDigested(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(message(3).Draw(t, "message"))
		_, root := walkWith(t, raw, 1200)
		root.all(func(p *part) {
			if len(p.kids) > 0 || p.digest == "" {
				return
			}
			s, err := ParseSection(p.section().String())
			require.NoError(t, err)
			content, err := io.ReadAll(s.Open(bytes.NewReader(raw)))
			require.NoError(t, err)
			sum := sha256.Sum256(content)
			require.Equal(t, p.digest, hex.EncodeToString(sum[:]))
			require.Len(t, content, int(p.size))
		})
	})
}

// The digest of the signed part is that of its bytes with CRLF line ends,
// taken in passing or afterwards, whichever line ends the file has.
func TestSignedDigest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		content := strings.Join(part1(t, 2), "\r\n")
		if strings.Contains(content, "--outer") {
			t.Skip("the content has the boundary")
		}
		raw := "Content-Type: multipart/signed; boundary=outer\r\n\r\n--outer\r\n" + content + "\r\n--outer\r\n\r\nx\r\n--outer--\r\n"
		want := sha256.Sum256([]byte(strings.ReplaceAll(strings.ReplaceAll(content, "\r\n", "\n"), "\n", "\r\n")))
		if rapid.Bool().Draw(t, "bare LF") {
			raw = strings.ReplaceAll(raw, "\r\n", "\n")
		}
		w, _ := walkWith(t, []byte(raw), 1200)
		require.Equal(t, want[:], w.signed.digest.Sum(nil))
		again, err := digestRange(strings.NewReader(raw), w.signed.start, w.signed.end, crypto.SHA256)
		require.NoError(t, err)
		require.Equal(t, want[:], again)
	})
}

// Content in base64 stands inside content in base64, as in an encoded postacert.eml.
func TestSectionInsideSection(t *testing.T) {
	t.Parallel()
	inner := "xx" + strings.Join(lines76(base64.StdEncoding.EncodeToString([]byte("the attachment, which is long enough for two lines of base64"))), "\r\n") + "yy"
	outer := "head" + base64.StdEncoding.EncodeToString([]byte(inner)) + "tail"
	s := Section{}.then(4, int64(len(outer)-8), base64Encoding).then(2, int64(len(inner)-4), base64Encoding)
	again, err := ParseSection(s.String())
	require.NoError(t, err)
	require.Equal(t, s, again)
	content, err := io.ReadAll(again.Open(strings.NewReader(outer)))
	require.NoError(t, err)
	require.Equal(t, "the attachment, which is long enough for two lines of base64", string(content))
	size, err := s.size(strings.NewReader(outer))
	require.NoError(t, err)
	require.EqualValues(t, len(content), size)
}

func TestParseSectionRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"x", "1", "1+", "-1+2", "1+-2", "1+2/gzip", "1+2,", "9223372036854775807+1", strings.Repeat("1+2,", 40) + "1+2"} {
		_, err := ParseSection(text)
		require.Error(t, err, text)
	}
	whole, err := ParseSection("")
	require.NoError(t, err)
	content, err := io.ReadAll(whole.Open(strings.NewReader("all of it")))
	require.NoError(t, err)
	require.Equal(t, "all of it", string(content))
}

// Both decoders agree with the standard library, whatever the pieces they get.
func TestDecodersInPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 20_000).Draw(t, "content")
		eol := rapid.SampledFrom([]string{"\r\n", "\n"}).Draw(t, "eol")
		encoded := strings.Join(lines76(base64.StdEncoding.EncodeToString(content)), eol)
		require.Equal(t, string(content), decodePieces(t, base64Encoding, encoded))

		var q bytes.Buffer
		w := quotedprintable.NewWriter(&q)
		w.Binary = true
		_, _ = w.Write(content)
		_ = w.Close()
		require.Equal(t, string(content), decodePieces(t, quotedPrintable, strings.ReplaceAll(q.String(), "\r\n", eol)))
	})
}

func decodePieces(t *rapid.T, e encoding, encoded string) string {
	var out strings.Builder
	d := e.decoder(func(p []byte) { out.Write(p) })
	for encoded != "" {
		n := rapid.IntRange(1, len(encoded)).Draw(t, "piece")
		d.write([]byte(encoded[:n]))
		encoded = encoded[n:]
	}
	require.False(t, d.finish())
	return out.String()
}
