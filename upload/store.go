package upload

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
)

// An upload is three files at most: ID its bytes, ID.info what tusd keeps of it,
// and in place of both ID.done once it is a file of its reply.
const (
	infoSuffix = ".info"
	doneSuffix = ".done"
)

// newID names an upload after whom and what it belongs to; the rest cannot be guessed.
func newID(person, reply int) string { return owner(person, reply) + rand.Text() }

func owner(person, reply int) string { return fmt.Sprintf("%d-%d-", person, reply) }

// belongs tells whether an id is one of ours, and whose. It stands between a
// path from outside and the names of files.
func belongs(id string, person, reply int) bool {
	secret, ours := strings.CutPrefix(id, owner(person, reply))
	strange := strings.ContainsFunc(secret, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '2' || c > '7') })
	return ours && len(secret) == len(rand.Text()) && !strange
}

func lastOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// store is tusd's store in a folder, made durable and bounded.
type store struct {
	filestore.FileStore
	most int
	mu   *sync.Mutex // from counting what is open to opening one more
}

func newStore(files filestore.FileStore, most int) store {
	return store{FileStore: files, most: most, mu: &sync.Mutex{}}
}

// NewUpload implements handler.DataStore.
func (s store) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := taskOf(ctx)
	open, err := s.openOf(t.person)
	if err != nil {
		return nil, err
	}
	if open >= s.most {
		t.why = tooMany(s.most)
		return nil, t.why
	}
	u, err := s.FileStore.NewUpload(ctx, info)
	return durable{u, s.path(info.ID)}, err
}

// GetUpload implements handler.DataStore.
func (s store) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	u, err := s.FileStore.GetUpload(ctx, id)
	return durable{u, s.path(id)}, err
}

// AsTerminatableUpload implements handler.TerminaterDataStore.
func (s store) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload {
	return u.(durable) //nolint:forcetypeassert // all that this store gives
}

// openOf counts the uploads that a person has begun and not finished.
func (s store) openOf(person int) (int, error) {
	entries, err := os.ReadDir(s.Path)
	if err != nil {
		return 0, fmt.Errorf("count the open uploads: %w", err)
	}
	n, mine := 0, fmt.Sprintf("%d-", person)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), mine) && strings.HasSuffix(e.Name(), infoSuffix) {
			n++
		}
	}
	return n, nil
}

func (s store) path(id string) string { return filepath.Join(s.Path, id) }

// info reads what was said of an upload; nil when it is not there.
func (s store) info(ctx context.Context, id string) *handler.FileInfo {
	u, err := s.FileStore.GetUpload(ctx, id)
	if err != nil {
		return nil
	}
	info, err := u.GetInfo(ctx)
	if err != nil {
		return nil
	}
	return &info
}

// isWhole tells whether all bytes are there.
func (s store) isWhole(ctx context.Context, id string) bool {
	info := s.info(ctx, id)
	return info != nil && info.Offset == info.Size
}

// ending is what became of an upload.
type ending struct {
	File int
	Size int64
}

// ending reads it; nil while the upload is open or not there.
func (s store) ending(id string) *ending {
	b, err := os.ReadFile(s.path(id) + doneSuffix)
	var end ending
	if err != nil || json.Unmarshal(b, &end) != nil {
		return nil
	}
	return &end
}

// end keeps what became of an upload in place of its bytes, so that a client who
// lost the answer learns it.
func (s store) end(id string, end ending) error {
	b, err := json.Marshal(end)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(s.path(id)+doneSuffix, b, 0o600), s.drop(id))
}

// drop removes the bytes of an upload.
func (s store) drop(id string) error {
	return remove(s.path(id)+infoSuffix, s.path(id))
}

// remove makes files go; those that are gone already are no error.
func remove(paths ...string) (err error) {
	for _, p := range paths {
		if e := os.Remove(p); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// durable is an upload whose bytes are on disk before anybody is told that they came.
type durable struct {
	handler.Upload
	path string
}

// WriteChunk implements handler.Upload.
func (d durable) WriteChunk(ctx context.Context, offset int64, r io.Reader) (int64, error) {
	n, err := d.Upload.WriteChunk(ctx, offset, r)
	if err != nil {
		return n, err
	}
	f, err := os.OpenFile(d.path, os.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return n, f.Sync()
}

// Terminate implements handler.TerminatableUpload.
func (d durable) Terminate(context.Context) error { return remove(d.path+infoSuffix, d.path) }
