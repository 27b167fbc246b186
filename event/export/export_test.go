package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/event/export"
)

// written is the CSV of one row with the same text in several cells, read back.
func written(t *testing.T, text string) []string {
	var out bytes.Buffer
	w := export.NewCSV(&out, true)
	require.NoError(t, w.Write(export.Record{Number: "1", Subject: text, Reason: text, Details: text}))
	require.NoError(t, w.Flush())
	rest, ok := bytes.CutPrefix(out.Bytes(), []byte("\uFEFF"))
	require.True(t, ok)
	require.True(t, bytes.HasSuffix(rest, []byte("\r\n")))
	r := csv.NewReader(bytes.NewReader(rest))
	r.Comma = ';'
	rows, err := r.ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2, "a row stays one row, whatever is in it")
	require.Equal(t, rows[1][5], rows[1][12])
	require.Equal(t, rows[1][5], rows[1][13])
	return rows[1]
}

func TestNoCellIsAFormula(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"perché è già arrivata":        "perché è già arrivata",
		"comune@pec.example.it":        "comune@pec.example.it",
		"=cmd|' /C calc'!A0":           "'=cmd|' /C calc'!A0",
		"+39 06 12345":                 "'+39 06 12345",
		"-1":                           "'-1",
		"@SUM(A1)":                     "'@SUM(A1)",
		"\t=1":                         "'\t=1",
		"\r=1":                         "'\n=1",
		"\ttab":                        "'\ttab",
		" =1":                          "' =1",
		"\u00a0\u200b\ufeff=1":         "'\u00a0\u200b\ufeff=1",
		`"=1`:                          `'"=1`,
		`'=1`:                          `''=1`,
		"\x00=1":                       "'=1",
		"=\x001":                       "'=1",
		"＝1":                           "'＝1",
		"＋1":                           "'＋1",
		"－1":                           "'－1",
		"＠a":                           "'＠a",
		"a;=1":                         "a;=1",
		"a\";\"=1":                     "a\";\"=1",
		"a\r\n=HYPERLINK(\"x\")\rb":    "a\n=HYPERLINK(\"x\")\nb",
		"'quoted'":                     "'quoted'",
		"\xff\xfe":                     "\uFFFD",
		";=1":                          "';=1",
		"“=1”":                         "'“=1”",
		"=HYPERLINK(\"http://x\";\"y)": "'=HYPERLINK(\"http://x\";\"y)",
	} {
		cell := written(t, text)[5]
		require.Equal(t, want, cell, "%q", text)
		require.Equal(t, export.Clean(text), export.Plain(cell), "%q", text)
	}
}

func TestHeadersAreInTheLanguageAskedForAndAlwaysThere(t *testing.T) {
	for italian, want := range map[bool]string{
		true:  "\uFEFFNumero;Data e ora;Tipo;Autore;Pratica;Oggetto;Ufficio;Dall'ufficio;Persona;Dalla persona;Casella;Messaggio;Motivo;Dettagli\r\n",
		false: "\uFEFFNumber;Time;Kind;Actor;Case;Subject;Office;From office;Person;From person;Mailbox;Message;Reason;Details\r\n",
	} {
		var out strings.Builder
		require.NoError(t, export.NewCSV(&out, italian).Flush())
		require.Equal(t, want, out.String())
	}
}

func TestJSONLinesAreOneObjectALine(t *testing.T) {
	var out bytes.Buffer
	w := export.NewJSONLines(&out)
	rows := []export.Record{
		{Number: "1", Kind: "case-sorted", Reason: "=a\nb <c> & \"d\""},
		{Number: "2", Actor: "person:3", Details: `{"to":"SORTED"}`},
	}
	for _, r := range rows {
		require.NoError(t, w.Write(r))
	}
	require.NoError(t, w.Flush())
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, len(rows))
	for i, line := range lines {
		var back export.Record
		require.NoError(t, json.Unmarshal([]byte(line), &back))
		require.Equal(t, rows[i], back)
	}
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAWriterThatFailsIsHeardOf(t *testing.T) {
	require.ErrorIs(t, export.NewCSV(full{}, true).Flush(), errFull)
	require.ErrorIs(t, export.NewJSONLines(full{}).Write(export.Record{}), errFull)
}

func FuzzACellShowsItsTextAndComputesNothing(f *testing.F) {
	for _, s := range []string{"", "=1", "'=1", "''=1", " \"+1", "a\r\nb\rc", "\x00-", "＝", "\xff=", "\uFEFF@", "“−1", "x;y\"z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cell := written(t, text)[5]
		require.Equal(t, export.Clean(text), export.Plain(cell), "nothing is lost")
		require.True(t, utf8.ValidString(cell))
		require.NotContains(t, cell, "\x00")
		bare := strings.TrimLeft(cell, " \t\r\n\"\u00a0\ufeff;,")
		if r, _ := utf8.DecodeRuneInString(bare); strings.ContainsRune("=+-@＝＋－＠", r) && bare != "" {
			t.Fatalf("%q begins as a formula does", cell)
		}
	})
}
