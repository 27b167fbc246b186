package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(content), 0o644))
}

func TestImportTakesFilesFoldersMaildirsAndMboxes(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "mail/one.eml", "From: a@b.example\r\nSubject: one\r\n\r\nx\r\n")
	put(t, dir, "mail/sub/Maildir/cur/1:2,S", "From: a@b.example\r\nSubject: two\r\n\r\nx\r\n")
	put(t, dir, "mail/box.mbox", "From a\nFrom: a@b.example\nSubject: three\n\nx\n\nFrom b\nSubject: four\n\ny\n")
	put(t, dir, "mail/notes.txt", "no mail")
	put(t, dir, "junk.eml", "\x00\xff not mail at all \r\n\x01")
	data := filepath.Join(dir, "data")
	t.Setenv("SMISTA_DATA", data)

	out, _, code := smista(t, "migrate")
	require.Zero(t, code, out)
	out, _, code = smista(t, "import", filepath.Join(dir, "mail"), filepath.Join(dir, "junk.eml"))
	require.Zero(t, code, out)
	require.Regexp(t, `ordinaria +unsigned +5\b`, out)
	require.Regexp(t, `messages +5\b`, out)

	out, _, code = smista(t, "import", filepath.Join(dir, "mail"))
	require.Zero(t, code, out)
	require.Regexp(t, `known already +4\b`, out)
}

func TestImportIntoAMailboxThatIsNotOursFails(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "one.eml", "From: a@b.example\r\n\r\nx\r\n")
	t.Setenv("SMISTA_DATA", filepath.Join(dir, "data"))
	_, _, code := smista(t, "migrate")
	require.Zero(t, code)
	_, said, code := smista(t, "import", "--mailbox", "nobody@x.example", filepath.Join(dir, "one.eml"))
	require.Equal(t, 1, code)
	require.Contains(t, said, "none of our mailboxes")
}
