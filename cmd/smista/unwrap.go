package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// unwrapCmd writes the message inside a PEC, and its attachments, to a folder.
type unwrapCmd struct {
	Trust string `type:"existingdir" placeholder:"DIR" help:"Trust the certificates in DIR (PEM) instead of those of the PEC hierarchy."`
	File  string `arg:"" help:"The message as a file (.eml)."`
	Dir   string `arg:"" help:"The folder to write to; made when it is not there. Nothing in it is overwritten."`
}

// Run writes the files and prints their names; a doubtful signature is said on
// standard error, and does not keep anyone from looking inside.
func (c *unwrapCmd) Run(ctx context.Context) error {
	anchors, err := anchorsFrom(c.Trust)
	if err != nil {
		return err
	}
	f, size, err := openMessage(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	m, err := pec.Read(ctx, f, size, pec.Options{Verifier: anchors})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if m.Mail == nil {
		return fmt.Errorf("%s: there is no message inside this %s", c.File, m.Kind)
	}
	if s := m.Signature.Status; s != smime.Valid && s != smime.Unsigned {
		fmt.Fprintf(os.Stderr, "smista: %s: the signature is %s; see smista inspect\n", c.File, s)
	}
	return unwrap(os.Stdout, f, m, c.Dir)
}

// unwrap writes the parts of m, which stand in src, into dir, and lists them on out.
func unwrap(out io.Writer, src io.ReaderAt, m *pec.Message, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	name := "postacert.eml"
	if m.Kind == pec.OrdinaryMail {
		name = "messaggio.eml"
	}
	u := unwrapping{out: out, src: src, root: root, taken: map[string]bool{}}
	err = u.write(name, m.Mail.Section, "")
	for i, a := range m.Mail.Attachments {
		err = errors.Join(err, u.write(pec.SafeName(a.Name, i+1), a.Section, a.SHA256))
	}
	return err
}

type unwrapping struct {
	out   io.Writer
	src   io.ReaderAt
	root  *os.Root
	taken map[string]bool // names in lower case, since some file systems ignore case
}

// write streams one section to a new file. The root keeps it inside the folder
// whatever the name is, and an existing file is never touched.
func (u *unwrapping) write(name string, s pec.Section, digest string) error {
	name = u.free(name)
	path := filepath.Join(u.root.Name(), name)
	f, err := u.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), s.Open(u.src))
	if err = errors.Join(err, f.Close()); err == nil && digest != "" && digest != hex.EncodeToString(h.Sum(nil)) {
		err = errors.New("the message changed while it was read; try again")
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), u.root.Remove(name))
	}
	_, err = fmt.Fprintf(u.out, "%s\t%d bytes\n", printable(path), n)
	return err
}

// free numbers a name that was used already in this run: "a.pdf", "a (2).pdf".
func (u *unwrapping) free(name string) string {
	extension := filepath.Ext(name)
	base := strings.TrimSuffix(name, extension)
	for i := 2; u.taken[strings.ToLower(name)]; i++ {
		name = base + " (" + strconv.Itoa(i) + ")" + extension
	}
	u.taken[strings.ToLower(name)] = true
	return name
}
