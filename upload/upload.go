// Package upload takes files for replies from people, piece by piece, by the tus
// protocol (1.0, with creation, creation-with-upload and termination).
//
//   - An upload belongs to one person and one reply; for everybody else it is not there.
//   - Who may attach is asked at every step, with the rights of that moment.
//   - What a client is told to have arrived survives a power cut; the rest is sent again.
//   - Bytes lie in a closed folder and are handed out to nobody. Once they are whole,
//     scanned and archived, the reply has them and the folder has not.
//   - An infected file is told to the reply by its digest; its bytes are not kept.
package upload

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	tuslog "golang.org/x/exp/slog"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/virus"
)

// Replies are what files are attached to. Their refusals go to Options.Refuse as
// they are.
type Replies interface {
	// MayAttach tells whether the viewer of ctx may add a file to a reply.
	MayAttach(ctx context.Context, reply int) error
	// Attach records an uploaded file and returns its id. After a crash the same
	// file (name and digest) may come twice.
	Attach(ctx context.Context, reply int, f File) (int, error)
}

// File is a file that was uploaded.
type File struct {
	Name      string // safe
	MediaType string // as its bytes look, where that says something
	ContentID string // of a picture in the text; empty otherwise
	Size      int64
	SHA256    string // lower-case hex: its place in the archive, unless it is infected
	Infected  string // what the scanner found; empty for nothing
	Scanned   bool   // false where no scanner is configured
}

// Options are what uploads need of the rest of the house.
type Options struct {
	Folder    string
	FileBytes int64 // of one file
	Open      int   // uploads that one person has begun and not finished
	Archive   archive.Store
	Scanner   virus.Scanner // nil: nothing is scanned
	Replies   Replies
	Logger    *slog.Logger

	ReplyID func(id string) int                                     // as a path names a reply; zero: none
	FileID  func(row int) string                                    // as the client names a file
	Renew   func(ctx context.Context) (context.Context, error)      // with the viewer's rights of now
	Refuse  func(w http.ResponseWriter, r *http.Request, why error) // *Refusal and others
}

// FileHeader names the file of a reply that an upload has become.
const FileHeader = "Smista-File"

const (
	networkTime = 30 * time.Second // for each piece to come
	lockTime    = 20 * time.Second // to wait for another request of the same upload
	finishTime  = 10 * time.Minute // to scan, archive and attach
	graceTime   = 50 * time.Millisecond
)

// Uploads is an http.Handler for {reply}/files/{upload...}.
type Uploads struct {
	o      Options
	store  store
	locks  *memorylocker.MemoryLocker
	tus    *handler.UnroutedHandler
	routes http.Handler
}

// Open opens the uploads in a folder, making it when it does not exist. What was
// begun before goes on.
func Open(o Options) (*Uploads, error) {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("folder of uploads: %w", err)
	}
	files := filestore.FileStore{Path: o.Folder, DirModePerm: 0o700, FileModePerm: 0o600}
	u := &Uploads{o: o, locks: memorylocker.New(), store: newStore(files, o.Open)}
	composer := handler.NewStoreComposer()
	composer.UseCore(u.store)
	composer.UseTerminater(u.store)
	u.locks.UseIn(composer)
	var err error
	u.tus, err = handler.NewUnroutedHandler(handler.Config{
		StoreComposer: composer, BasePath: "/", MaxSize: o.FileBytes,
		DisableDownload: true, DisableConcatenation: true, Cors: &handler.CorsConfig{Disable: true},
		Logger:                  tuslog.New(tuslog.NewTextHandler(io.Discard, nil)), // errors are told by Refuse
		PreUploadCreateCallback: u.creating, PreFinishResponseCallback: u.finishing,
		NetworkTimeout: networkTime, AcquireLockTimeout: lockTime, GracefulRequestCompletionTimeout: graceTime,
	})
	if err != nil {
		return nil, fmt.Errorf("uploads: %w", err)
	}
	u.routes = u.tus.Middleware(http.HandlerFunc(u.route))
	return u, nil
}
