package upload

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/tus/tusd/v2/pkg/handler"

	"github.com/smista/smista/virus"
)

// creating is asked by tusd before it makes an upload.
func (u *Uploads) creating(e handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	t := taskOf(e.Context)
	if e.Upload.Size == 0 {
		t.why = empty()
	}
	said, err := saidOf(e.Upload.MetaData)
	if err != nil {
		t.why = err
	}
	if t.why != nil {
		return handler.HTTPResponse{}, handler.FileInfoChanges{}, t.why
	}
	t.id = newID(t.person, t.reply)
	return handler.HTTPResponse{}, handler.FileInfoChanges{ID: t.id, MetaData: said}, nil
}

// finishing is asked by tusd when all bytes are there, before it says so.
func (u *Uploads) finishing(e handler.HookEvent) (handler.HTTPResponse, error) {
	t := taskOf(e.Context)
	end, err := u.finish(e.Context, t)
	if err != nil {
		t.why = err
		return handler.HTTPResponse{}, err
	}
	return handler.HTTPResponse{Header: handler.HTTPHeader{FileHeader: u.o.FileID(end.File)}}, nil
}

// finish makes a whole upload a file of its reply, under its lock. It goes on
// when the client goes. What can never succeed is dropped.
func (u *Uploads) finish(ctx context.Context, t *task) (*ending, error) {
	t.patience()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	ctx, err := u.o.Renew(ctx)
	if err != nil {
		return nil, err
	}
	if err := u.o.Replies.MayAttach(ctx, t.reply); err != nil {
		return nil, err
	}
	f, err := u.examined(ctx, t.id)
	if e, ok := errors.AsType[*Refusal](err); ok && e.Code == BadInput {
		return nil, errors.Join(err, u.store.drop(t.id))
	}
	if err != nil {
		return nil, err
	}
	file, err := u.o.Replies.Attach(ctx, t.reply, f)
	if err != nil {
		return nil, err
	}
	end := ending{File: file, Size: f.Size}
	if err := u.store.end(t.id, end); err != nil {
		u.o.Logger.ErrorContext(ctx, "an upload that is attached could not be cleared away", "upload", t.id, "error", err)
	}
	return &end, nil
}

// examined reads an upload once for its digest and the virus scanner, and once
// more into the archive.
func (u *Uploads) examined(ctx context.Context, id string) (File, error) {
	info := u.store.info(ctx, id)
	if info == nil {
		return File{}, notFound()
	}
	content, err := os.Open(u.store.path(id))
	if err != nil {
		return File{}, fmt.Errorf("read the upload %s: %w", id, err)
	}
	defer content.Close()
	f := File{Name: info.MetaData[nameKey], ContentID: info.MetaData[contentKey], Size: info.Size}
	if f.MediaType, err = kindOf(content, info.MetaData[kindKey]); err != nil {
		return File{}, fmt.Errorf("read the upload %s: %w", id, err)
	}
	if f.ContentID != "" && !isPicture(f.MediaType) {
		return File{}, notPicture()
	}
	if err := u.scan(ctx, content, &f); err != nil {
		return File{}, err
	}
	if want := info.MetaData[digestKey]; want != "" && want != f.SHA256 {
		return File{}, altered()
	}
	if f.Infected != "" {
		u.o.Logger.WarnContext(ctx, "an infected file was uploaded", "upload", id, "sha256", f.SHA256, "found", f.Infected)
		return f, nil
	}
	return f, u.keep(ctx, content, f)
}

// scan notes the digest of a file, and what the scanner says of it.
func (u *Uploads) scan(ctx context.Context, content io.Reader, f *File) error {
	digest := sha256.New()
	all := io.TeeReader(content, digest)
	if u.o.Scanner != nil {
		finding, err := u.o.Scanner.Scan(ctx, all)
		switch {
		case errors.Is(err, virus.ErrTooLarge):
			u.o.Logger.WarnContext(ctx, "a file could not be scanned", "error", err)
			return unscannable()
		case errors.Is(err, virus.ErrUnavailable):
			u.o.Logger.ErrorContext(ctx, "a file could not be scanned", "error", err)
			return noScanner()
		case err != nil:
			return err
		}
		f.Scanned = true
		if finding.Infected {
			f.Infected = finding.Name
		}
	}
	if _, err := io.Copy(io.Discard, all); err != nil { // a scanner that has found something reads no further
		return fmt.Errorf("read an upload: %w", err)
	}
	f.SHA256 = hex.EncodeToString(digest.Sum(nil))
	return nil
}

// keep archives the very bytes that were scanned.
func (u *Uploads) keep(ctx context.Context, content io.ReadSeeker, f File) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read an upload again: %w", err)
	}
	digest, size, err := u.o.Archive.Put(ctx, content)
	if err == nil && (string(digest) != f.SHA256 || size != f.Size) {
		err = fmt.Errorf("the upload changed between two readings: %d bytes %s, then %d bytes %s", f.Size, f.SHA256, size, digest)
	}
	return err
}

var _ http.Handler = (*Uploads)(nil)
