package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// inspectCmd shows what messages are, without changing or storing anything.
type inspectCmd struct {
	JSON  bool     `name:"json" help:"Print one JSON object per file and line."`
	Trust string   `type:"existingdir" placeholder:"DIR" help:"Trust the certificates in DIR (PEM) instead of those of the PEC hierarchy."`
	Files []string `arg:"" name:"file" help:"Messages as files (.eml)."`
}

// Run prints every file that can be read, and fails when one could not.
func (c *inspectCmd) Run(ctx context.Context) error {
	anchors, err := anchorsFrom(c.Trust)
	if err != nil {
		return err
	}
	failed := 0
	for _, path := range c.Files {
		m, err := readMessage(ctx, path, anchors)
		if err != nil {
			fmt.Fprintf(os.Stderr, "smista: %v\n", err)
			failed++
			continue
		}
		if err := c.print(os.Stdout, m.Report(path)); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d files could not be read", failed, len(c.Files))
	}
	return ctx.Err()
}

func (c *inspectCmd) print(w io.Writer, r pec.Report) error {
	if !c.JSON {
		return printReport(w, r)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// anchorsFrom loads a folder of anchors; without one, those of the PEC hierarchy.
func anchorsFrom(dir string) (*smime.Anchors, error) {
	if dir == "" {
		return smime.DefaultAnchors(), nil
	}
	return smime.LoadAnchors(dir)
}

func readMessage(ctx context.Context, path string, v smime.Verifier) (*pec.Message, error) {
	f, size, err := openMessage(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := pec.Read(ctx, f, size, pec.Options{Verifier: v})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// openMessage opens a regular file: a message is read from several places.
func openMessage(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file: name the file of a message", path)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}
