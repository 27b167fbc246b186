package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
)

// kept is an original in memory.
type kept struct{ *strings.Reader }

// Close implements io.Closer.
func (kept) Close() error { return nil }

func fileOf(content string) File {
	sum := sha256.Sum256([]byte(content))
	return File{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}
}

var rome = time.FixedZone("CET", 3600)

func caseOf(letters ...Letter) *Case {
	return &Case{Number: "2026/000001", Subject: `<script>alert("1")</script>`, TakenAt: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).In(rome), Letters: letters}
}

func TestTwoNamesAreNeverTheSame(t *testing.T) {
	t.Parallel()
	n := names{}
	var got []string
	for i, name := range []string{"a.pdf", "A.PDF", "a (2).pdf", "a.pdf", "strasse", "straße", "..", "aux", "AUX.", "x/y\\a.pdf"} {
		got = append(got, n.safe(name, i))
	}
	require.Equal(t, []string{"a.pdf", "A (2).PDF", "a (2) (2).pdf", "a (3).pdf", "strasse", "straße (2)", "allegato-6", "_aux", "_AUX (2)", "a (4).pdf"}, got)
}

func TestTheIndexIsSafeAndItsLinksLeadToTheFiles(t *testing.T) {
	t.Parallel()
	l := Letter{Subject: `<img src=x onerror=alert(1)>`, Original: fileOf("uno"), Attachments: []File{fileOf("uno")}}
	l.Attachments[0].Name = `100% #1 "javascript".txt`
	var out bytes.Buffer
	require.NoError(t, Write(&out, caseOf(l), func(string) (Original, error) { return kept{strings.NewReader("uno")}, nil }))
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	require.NoError(t, err)
	page, err := r.Open("indice.html")
	require.NoError(t, err)
	content, err := io.ReadAll(page)
	require.NoError(t, err)
	require.NotContains(t, string(content), "<img")
	require.NotContains(t, string(content), "<script")
	require.Contains(t, string(content), "20/11/2026 13:00:00 (&#43;01:00)", "times are those of the house")
	require.Contains(t, string(content), `href="./001%200001-01-01%20in%20arrivo/allegati/100%25%20%231%20_javascript_.txt"`)
	_, err = r.Open("001 0001-01-01 in arrivo/allegati/100% #1 _javascript_.txt")
	require.NoError(t, err)
}

func TestWhatIsNotAsRecordedIsNotHandedOut(t *testing.T) {
	t.Parallel()
	for _, stored := range []string{"unO", "un", "uno e altro"} {
		var out bytes.Buffer
		err := Write(&out, caseOf(Letter{Original: fileOf("uno")}), func(string) (Original, error) { return kept{strings.NewReader(stored)}, nil })
		require.ErrorIs(t, err, ErrDiffers, stored)
		_, err = zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		require.ErrorIs(t, err, zip.ErrFormat)
	}
	gone := errors.New("gone")
	require.ErrorIs(t, Write(io.Discard, &Case{Others: []Receipt{{Kind: pec.Delivery}}}, func(string) (Original, error) { return nil, gone }), gone)
}

// TestBothLanguagesSayTheSame: no word is missing in one of them.
func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	for word := range italian.words {
		require.NotEmpty(t, english.words[word], word)
	}
	require.Len(t, english.words, len(italian.words))
	require.Len(t, english.kinds, len(italian.kinds))
	require.Len(t, english.verdicts, len(italian.verdicts))
	require.Len(t, english.statuses, len(italian.statuses))
}
