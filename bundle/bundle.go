// Package bundle writes a case as one zip file to take away (fascicolo): the
// originals of its messages, what came with them, the receipts, an index in two
// languages that says what each is, and the sums by which anybody can check them.
//
//   - It streams: no more of a file is in memory than is being copied.
//   - What is written was compared with the SHA-256 that was known of it before;
//     one that differs ends the writing with [ErrDiffers].
//   - No name that a stranger chose is a path: each is one safe element, and no two
//     in a folder are the same to any file system.
//   - A bundle that was not written to its end is no zip file.
package bundle

import (
	"archive/zip"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smista/smista/pec"
)

// ErrDiffers means that bytes are not those that were recorded.
var ErrDiffers = errors.New("the content is not what was recorded of it")

// Original is the opened original of a message.
type Original interface {
	io.ReaderAt
	io.Closer
}

// Opener opens an original by its digest.
type Opener func(digest string) (Original, error)

// writer puts files into the zip and remembers them for the index.
type writer struct {
	zip  *zip.Writer
	open Opener
	sums strings.Builder // of what was written, as sha256sum reads them
}

// Write writes a case. Times are told in the zone of c.TakenAt.
func Write(out io.Writer, c *Case, open Opener) error {
	w := &writer{zip: zip.NewWriter(out), open: open}
	w.zip.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	if err := w.contents(c); err != nil {
		return err
	}
	for _, l := range languages {
		if err := w.generated(l.file, c.TakenAt, func(to io.Writer) error { return writeIndex(to, c, l) }); err != nil {
			return err
		}
	}
	sums := w.sums.String()
	if err := w.generated(sumsFile, c.TakenAt, func(to io.Writer) error { _, err := io.WriteString(to, sums); return err }); err != nil {
		return err
	}
	return w.zip.Close()
}

// contents writes what was archived, and says in c where each file is.
func (w *writer) contents(c *Case) error {
	zone := c.TakenAt.Location()
	for i := range c.Letters {
		l := &c.Letters[i]
		folder := fmt.Sprintf("%03d %s %s/", i+1, l.Time.In(zone).Format(time.DateOnly), folderWord(l.Outgoing))
		if err := w.letter(l, folder); err != nil {
			return err
		}
		if err := w.receipts(l.Receipts, folder+"ricevute/"); err != nil {
			return err
		}
	}
	return w.receipts(c.Others, "altre ricevute/")
}

func folderWord(outgoing bool) string {
	if outgoing {
		return "in partenza"
	}
	return "in arrivo"
}

// letter writes a message and, each by itself, what came with it.
func (w *writer) letter(l *Letter, folder string) error {
	original, err := w.open(l.Original.SHA256)
	if err != nil {
		return err
	}
	defer original.Close()
	if err := w.add(&l.Original, folder+"originale.eml", l.Time, original); err != nil {
		return err
	}
	names := names{}
	for i := range l.Attachments {
		a := &l.Attachments[i]
		if err := w.add(a, folder+"allegati/"+names.safe(a.Name, i), l.Time, original); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) receipts(all []Receipt, folder string) error {
	for i := range all {
		if err := w.receipt(&all[i], fmt.Sprintf("%s%03d %s.eml", folder, i+1, pec.SafeName(string(all[i].Kind), i))); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) receipt(r *Receipt, path string) error {
	original, err := w.open(r.Original.SHA256)
	if err != nil {
		return err
	}
	defer original.Close()
	return w.add(&r.Original, path, r.Time, original)
}

// add copies a file out of an original, and compares it with what is known of it.
func (w *writer) add(f *File, path string, at time.Time, original Original) error {
	f.path = path
	size, sum, err := w.file(path, at, func(to io.Writer) error {
		_, err := io.Copy(to, io.LimitReader(f.Section.Open(original), f.Size+1)) // one more shows that there is more
		return err
	})
	if err != nil {
		return fmt.Errorf("put %s into the bundle: %w", path, err)
	}
	if size != f.Size || sum != f.SHA256 {
		return fmt.Errorf("%s: %w", path, ErrDiffers)
	}
	return nil
}

func (w *writer) generated(path string, at time.Time, write func(io.Writer) error) error {
	if _, _, err := w.file(path, at, write); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// file puts a file into the zip, and gives how long it became and its SHA-256.
func (w *writer) file(path string, at time.Time, write func(io.Writer) error) (int64, string, error) {
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: at})
	if err != nil {
		return 0, "", err
	}
	hash, count := sha256.New(), &counter{}
	if err := write(io.MultiWriter(to, hash, count)); err != nil {
		return 0, "", err
	}
	sum := hex.EncodeToString(hash.Sum(nil))
	w.sums.WriteString(sum + "  " + path + "\n")
	return count.n, sum, nil
}

type counter struct{ n int64 }

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
