package letter_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/letter"
	"github.com/smista/smista/letter/lettertest"
	"github.com/smista/smista/pec"
)

// hard is a letter with everything that programs disagree about.
func hard(t *testing.T) letter.Letter {
	t.Helper()
	l := full(t)
	l.To = append(l.To, letter.Address{Name: strings.Repeat("Ufficio Complicatò ", 10), Address: "lungo@pec.example"}, letter.Address{Name: "=?utf-8?q?x?=", Address: "parola@pec.example"})
	l.Subject += "  due  blanks =?utf-8?q?x?= " + strings.Repeat("x", 120)
	l.Files = append(l.Files, file(strings.Repeat("àè ", 40)+".pdf", "application/pdf", "2"), file("a;b 'c' 100%.txt", "application/x-note", "3"), file("文書.docx", "application/msword", "\x00\xff\r\n"))
	return l
}

func TestPythonReadsTheSame(t *testing.T) {
	t.Parallel()
	l := hard(t)
	got := lettertest.Python(t, write(t, l))
	for _, defect := range got.Defects { // of a name in two spellings the right one is taken
		require.Equal(t, "duplicate parameter name; duplicate ignored", defect)
	}
	require.Equal(t, l.Subject, got.Subject)
	require.Equal(t, "2026-11-24T10:42:00+01:00", got.Date)
	require.Equal(t, l.MessageID, got.ID)
	require.Equal(t, "breve", got.Receipt)
	require.Equal(t, l.References, got.References)
	require.Equal(t, people(l.From), got.From)
	require.Equal(t, people(l.To...), got.To)
	require.Equal(t, people(l.Cc...), got.Cc)
	require.Equal(t, letter.Text(l.HTML)+"\n", got.Text)
	require.Contains(t, got.HTML, letter.Clean(l.HTML))
	require.Equal(t, [][3]string{{"<logo@smista>", "stemma.png", "89504e470d0a1a0a00ff"}}, got.Pictures)
	require.Equal(t, [][3]string{
		{"perché città 🏛.pdf", "application/pdf", "255044462d312e370a6e6f6e2070726f7072696f0a"},
		{"originale.eml", "application/octet-stream", "46726f6d3a206140622e6578616d706c650d0a0d0a46726f6d206865726520c3a80d0a"},
		{strings.TrimSpace(strings.Repeat("àè ", 39)) + ".pdf", "application/pdf", "32"},
		{"a;b 'c' 100%.txt", "application/x-note", "33"},
		{"文書.docx", "application/msword", "00ff0d0a"},
	}, got.Files)
}

// people leaves the blanks out: before 3.13 Python takes those between encoded
// words for a part of the name.
func people(list ...letter.Address) (all [][2]string) {
	for _, a := range list {
		all = append(all, [2]string{strings.ReplaceAll(a.Name, " ", ""), a.Address})
	}
	return all
}

// What reads received mail here finds the same, without a problem.
func TestPecReadsTheSame(t *testing.T) {
	t.Parallel()
	l := hard(t)
	raw := write(t, l)
	m, err := pec.Read(t.Context(), bytes.NewReader(raw), int64(len(raw)), pec.Options{})
	require.NoError(t, err)
	require.Empty(t, m.Problems)
	require.Equal(t, pec.OrdinaryMail, m.Kind)
	require.Equal(t, l.Subject, m.Mail.Subject)
	require.Equal(t, letter.Text(l.HTML), m.Mail.Text)
	require.NotNil(t, m.Mail.HTML)
	page, err := io.ReadAll(m.Mail.HTML.Open(bytes.NewReader(raw)))
	require.NoError(t, err)
	require.Contains(t, string(page), letter.Clean(l.HTML))
	var names []string
	for i, a := range m.Mail.Attachments {
		names = append(names, a.Name)
		require.Equal(t, l.Files[i].ContentID, a.ContentID, a.Name)
		require.Equal(t, a.ContentID != "", a.Inline, a.Name)
		require.Equal(t, l.Files[i].Size, a.Size, a.Name)
	}
	require.Equal(t, []string{"stemma.png", "perché città 🏛.pdf", "originale.eml",
		strings.TrimSpace(strings.Repeat("àè ", 39)) + ".pdf", "a;b 'c' 100%.txt", "文書.docx"}, names)
}

// mutt shows the letter in a terminal, and saves its files under the names it reads.
func TestMuttReadsTheSame(t *testing.T) {
	t.Parallel()
	l := hard(t)
	got := lettertest.Mutt(t, write(t, l), 5)
	require.Contains(t, got.Text, "Subject: "+l.Subject+"\n")
	require.Contains(t, got.Text, "Comune di Forlì – Ufficio Protocollo <protocollo@pec.comune.example>")
	require.Contains(t, got.Text, "Date: Tue, 24 Nov 2026 10:42:00 +0100\n")
	require.Contains(t, got.Text, letter.Text(l.HTML)+"\n")
	require.Equal(t, map[string]string{
		"perché città 🏛.pdf": "%PDF-1.7\nnon proprio\n",
		"originale.eml":      "From: a@b.example\r\n\r\nFrom here è\r\n",
		"a;b 'c' 100%.txt":   "3",
		"文書.docx":            "\x00\xff\r\n",
		strings.TrimSpace(strings.Repeat("àè ", 39)) + ".pdf": "2",
	}, got.Files)
}
