package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/testpki"
)

// pecFile writes a genuine PEC around the original, and the folder to trust.
func pecFile(t *testing.T, original string) (path, trust string) {
	t.Helper()
	now := time.Now().Truncate(time.Second)
	h, err := testpki.New(now, "gestore.example")
	require.NoError(t, err)
	dir := t.TempDir()
	trust = filepath.Join(dir, "trust")
	require.NoError(t, h.SaveTrust(trust))
	var out bytes.Buffer
	is := envelope.Issuer{Name: "Gestore di Prova", Identity: h.Provider("gestore.example")}
	require.NoError(t, is.Write(&out, envelope.Letter{Kind: pec.Envelope, To: []string{"b@pec.example"},
		Certified: pec.Certification{Sender: "a@pec.example", ReplyTo: "a@pec.example", Subject: "Prova", Provider: is.Name, Time: now,
			Identifier: "1@gestore.example", MessageID: "<m@client.example>", ReceiptType: envelope.Complete,
			Recipients: []pec.Recipient{{Address: "b@pec.example", Type: "certificato"}}},
		Original: &envelope.Original{Content: strings.NewReader(original), Size: int64(len(original))}}))
	path = filepath.Join(dir, "busta.eml")
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
	return path, trust
}

const hostileOriginal = "From: a@pec.example\r\nSubject: Prova \x1b[31mrosso\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
	"--b\r\n\r\nBuongiorno\x1b[2J\r\n" +
	"--b\r\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\r\n\r\none\r\n" +
	"--b\r\nContent-Disposition: attachment; filename=PASSWD\r\n\r\ntwo\r\n" +
	"--b\r\nContent-Disposition: attachment; filename=postacert.eml\r\n\r\nthree\r\n" +
	"--b\r\nContent-Disposition: attachment; filename=con.txt\r\n\r\nfour\r\n" +
	"--b\r\nContent-Disposition: attachment\r\n\r\nfive\r\n--b--\r\n"

func message(t *testing.T, path, trust string) *pec.Message {
	t.Helper()
	anchors, err := anchorsFrom(trust)
	require.NoError(t, err)
	m, err := readMessage(t.Context(), path, anchors)
	require.NoError(t, err)
	return m
}

func TestInspectForPeople(t *testing.T) {
	t.Parallel()
	path, trust := pecFile(t, hostileOriginal)
	var out bytes.Buffer
	require.NoError(t, (&inspectCmd{}).print(&out, message(t, path, trust).Report(path)))
	for _, want := range []string{"Busta di trasporto", "VALID", "a@pec.example", "b@pec.example (certificato)", "| Buongiorno"} {
		require.Contains(t, out.String(), want)
	}
	require.NotContains(t, out.String(), "\x1b", "nothing in a message steers the terminal")
}

// The shape that programs read: every key there, lists never null.
func TestInspectForPrograms(t *testing.T) {
	t.Parallel()
	path, trust := pecFile(t, hostileOriginal)
	var out bytes.Buffer
	require.NoError(t, (&inspectCmd{JSON: true}).print(&out, message(t, path, trust).Report(path)))
	require.Equal(t, 1, strings.Count(out.String(), "\n"), "one object per line")
	var got map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.ElementsMatch(t, []string{"file", "kind", "signature", "certification", "refers_to", "message", "problems"}, keys(got))
	require.ElementsMatch(t, []string{"status", "reasons", "signer", "issuer", "digest", "time"}, keys(got["signature"]))
	require.ElementsMatch(t, []string{"type", "error", "sender", "recipients", "reply_to", "subject", "provider", "time", "identifier",
		"message_id", "receipt_type", "delivery_to", "extended_error"}, keys(got["certification"]))
	require.ElementsMatch(t, []string{"message_id", "subject", "from", "to", "cc", "date", "text", "attachments"}, keys(got["message"]))
	require.NotContains(t, out.String(), "null")
}

func keys(v any) []string {
	var list []string
	if m, ok := v.(map[string]any); ok {
		for k := range m {
			list = append(list, k)
		}
	}
	return list
}

func TestInspectFailsWhenAFileCannotBeRead(t *testing.T) {
	t.Parallel()
	c := inspectCmd{JSON: true, Files: []string{filepath.Join(t.TempDir(), "nothing.eml"), t.TempDir()}}
	require.ErrorContains(t, c.Run(t.Context()), "2 of 2 files")
}

// Hostile names stay inside the folder, apart from each other.
func TestUnwrap(t *testing.T) {
	t.Parallel()
	path, trust := pecFile(t, hostileOriginal)
	m := message(t, path, trust)
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	dir := filepath.Join(t.TempDir(), "out")
	var out bytes.Buffer
	require.NoError(t, unwrap(&out, f, m, dir))
	for name, content := range map[string]string{
		"passwd": "one", "PASSWD (2)": "two", "postacert (2).eml": "three", "_con.txt": "four", "allegato-5": "five",
	} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, content, string(got))
	}
	inner, err := os.ReadFile(filepath.Join(dir, "postacert.eml"))
	require.NoError(t, err)
	require.Contains(t, string(inner), "X-Riferimento-Message-ID: <m@client.example>")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 6)

	require.ErrorIs(t, unwrap(&out, f, m, dir), os.ErrExist, "nothing is overwritten")
}
