package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/bundle"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
)

const (
	folderTime     = 30 * time.Minute // for a whole folder, however slow who takes it
	folderMessages = 10_000           // of one case, receipts among them
)

// folder answers with all that a case holds as one zip file (fascicolo), for who
// reads what its PECs say. The register hears of each message, before the first byte,
// that it was taken. After that byte there is no way to tell an error but to end the
// connection, so that no part is taken for the whole.
func folder(d Deps) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), folderTime)
		defer cancel()
		taken, err := takeFolder(ctx, d, r.PathValue("id"))
		if e, ok := errors.AsType[*model.Error](err); ok {
			refuseAs(w, r, http.StatusRequestEntityTooLarge, e)
			return
		}
		if err != nil {
			failed(d, w, r, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Content-Disposition", disposition("Pratica "+strings.ReplaceAll(taken.Number, "/", "-")+".zip"))
		h.Set("Cache-Control", "private, no-store")
		if r.Method == http.MethodHead {
			return
		}
		out := &timely{ctx: ctx, Writer: &patient{ResponseWriter: w, deadline: http.NewResponseController(w)}}
		open := func(digest string) (bundle.Original, error) { return d.Archive.Open(ctx, archive.Digest(digest)) }
		if err := bundle.Write(out, taken, open); err != nil {
			if r.Context().Err() == nil {
				d.Logger.ErrorContext(ctx, "a folder was not handed out whole", "path", r.URL.Path, "error", err)
			}
			panic(http.ErrAbortHandler) //nolint:forbidigo // net/http ends the connection by it
		}
	})
}

// takeFolder finds a case with all its messages for who reads them, and tells the
// register. A case that was merged is seen as the one it was merged into. What may not
// be read is not there.
func takeFolder(ctx context.Context, d Deps, name string) (*bundle.Case, error) {
	id := model.ParseID(name)
	if id.Type != "Case" {
		id.Row = 0
	}
	c, err := caseOf(ctx, d.Client, id.Row)
	if err == nil && c.MergedIntoID != nil {
		c, err = caseOf(ctx, d.Client, *c.MergedIntoID)
	}
	if err != nil {
		return nil, err
	}
	messages, err := messagesOf(ctx, d.Client, c.ID)
	if err != nil {
		return nil, err
	}
	if len(messages) > folderMessages {
		return nil, &model.Error{
			Code:    model.BadInput,
			English: "this case has too many messages to be taken at once: download those that are needed",
			Italian: "questa pratica ha troppi messaggi per scaricarli insieme: scaricare quelli che servono",
		}
	}
	taken, err := bundleOf(c, messages)
	if err != nil {
		return nil, err
	}
	who, _ := guard.From(ctx)
	person, _ := who.Person()
	taken.TakenAt, taken.TakenBy = time.Now().In(d.Dossier.House.Zone), person.Name
	return taken, d.Readings.Tell(ctx, graph.ReadFolder, messages...)
}

// timely writes until a context ends.
type timely struct {
	io.Writer
	ctx context.Context
}

// Write implements io.Writer.
func (t *timely) Write(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.Writer.Write(p)
}
