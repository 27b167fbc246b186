package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/schollz/progressbar/v3"

	"github.com/smista/smista/desk"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/server"
)

// importCmd brings in mail that exists already, the same way as collected mail.
type importCmd struct {
	configFile
	Data    string   `type:"path" placeholder:"DIR" help:"Data folder, instead of the configured one."`
	Mailbox string   `placeholder:"ADDRESS" help:"The configured mailbox that the messages came to."`
	Sent    bool     `help:"The messages are ours, sent by this organisation."`
	Paths   []string `arg:"" name:"path" type:"path" help:"Messages (.eml), mbox files, Maildirs and folders of those."`
}

// Run imports and prints a summary; messages that could not be taken in make it fail.
func (c importCmd) Run(ctx context.Context) error {
	config, err := c.load()
	if err != nil {
		return err
	}
	if c.Data != "" {
		config.Data = c.Data
	}
	files, size, err := mailFiles(c.Paths)
	if err != nil {
		return err
	}
	instance, err := server.OpenInstance(ctx, config, false, logger(config.Log))
	if err != nil {
		return err
	}
	if c.Config != "" { // without one, the mailboxes are those of an office that has been served
		if err := instance.Configure(ctx); err != nil {
			return errors.Join(err, instance.Close())
		}
	}
	ctx = guard.NewContext(ctx, guard.System("import"))
	i := &importing{desk: instance.Desk, mailbox: c.Mailbox, sent: c.Sent, bar: progress(size), counts: map[outcome]int{}}
	err = i.files(ctx, files)
	_ = i.bar.Exit() // it only draws
	i.print(os.Stdout)
	return errors.Join(err, i.failed(), instance.Close())
}

// progress draws on a terminal and nowhere else.
func progress(size int64) *progressbar.ProgressBar {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return progressbar.DefaultBytesSilent(size)
	}
	return progressbar.DefaultBytes(size, "import")
}

// mailFiles lists the files to read, and the bytes they have. What was named is
// always read; of a folder, what looks like mail.
func mailFiles(paths []string) (files []string, size int64, err error) {
	for _, path := range paths {
		err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !entry.Type().IsRegular() && file != path || file != path && !looksLikeMail(file) {
				return err
			}
			info, err := os.Stat(file)
			if err != nil {
				return err
			}
			files, size = append(files, file), size+info.Size()
			return nil
		})
		if err != nil {
			return nil, 0, fmt.Errorf("list the files to import: %w", err)
		}
	}
	return files, size, nil
}

// looksLikeMail goes by the name: .eml and .mbox, and the folders of a Maildir.
func looksLikeMail(file string) bool {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".eml", ".mbox":
		return true
	}
	folder := filepath.Base(filepath.Dir(file))
	return folder == "cur" || folder == "new"
}

// importing is the work of one command.
type importing struct {
	desk    *desk.Desk
	mailbox string
	sent    bool
	bar     *progressbar.ProgressBar
	counts  map[outcome]int
	bad     []string // what could not be taken in, and why
}

type outcome struct{ kind, verdict string }

// maxBad bounds how many failures are told one by one.
const maxBad = 20

func (i *importing) files(ctx context.Context, files []string) error {
	for _, file := range files {
		err := i.file(ctx, file)
		if code := desk.CodeOf(err); ctx.Err() != nil || code == desk.Unavailable || code == desk.NotFound {
			return fmt.Errorf("%s: %w", file, err) // it would be so for every file
		}
		if err != nil {
			i.fail(file, err.Error())
		}
	}
	return nil
}

func (i *importing) fail(what, why string) {
	i.counts[outcome{"failed", ""}]++
	if len(i.bad) < maxBad {
		i.bad = append(i.bad, what+": "+why)
	}
}

func (i *importing) file(ctx context.Context, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReaderSize(io.TeeReader(f, i.bar), 64<<10)
	if start, _ := r.Peek(len(mboxFrom)); !bytes.Equal(start, mboxFrom) {
		return i.message(ctx, file, r)
	}
	box := newMbox(r)
	for n := 1; ; n++ {
		m, err := box.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := i.message(ctx, fmt.Sprintf("%s, message %d", file, n), m); err != nil {
			return err
		}
	}
}

func (i *importing) message(ctx context.Context, name string, r io.Reader) error {
	got, err := i.desk.Import(ctx, i.mailbox, i.sent, r)
	switch {
	case err != nil:
		return err
	case got.Quarantined != "":
		i.fail(name, got.Quarantined)
	case got.Known:
		i.counts[outcome{"known already", ""}]++
	default:
		i.counts[outcome{string(got.Kind), got.Verdict}]++
	}
	return nil
}

func (i *importing) print(to io.Writer) {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.DiscardEmptyColumns)
	keys := make([]outcome, 0, len(i.counts))
	total := 0
	for k, n := range i.counts {
		keys, total = append(keys, k), total+n
	}
	slices.SortFunc(keys, func(a, b outcome) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.verdict, b.verdict)) })
	for _, k := range keys {
		fmt.Fprintf(w, "%s\t%s\t%d\t\n", k.kind, k.verdict, i.counts[k])
	}
	fmt.Fprintf(w, "messages\t\t%d\t\n", total)
	_ = w.Flush() // standard output: nothing could be done
	for _, line := range i.bad {
		fmt.Fprintln(to, line)
	}
}

func (i *importing) failed() error {
	if n := i.counts[outcome{"failed", ""}]; n > 0 {
		return fmt.Errorf("%d messages could not be taken in", n)
	}
	return nil
}
