package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/upload"
	"github.com/smista/smista/virus"
)

// scanner checks where the virus scanner is.
func (l *loading) scanner() {
	if _, err := l.config.scanner(); err != nil {
		l.problem("virus.clamd", "%v; write for instance /run/clamav/clamd.ctl", err)
	}
}

// scanner is the virus scanner; nil when none is configured.
func (c Config) scanner() (virus.Scanner, error) {
	if c.Virus.Clamd == "" {
		return nil, nil
	}
	return virus.At(c.Virus.Clamd)
}

// uploads is where files for replies come in.
func (i *Instance) uploads(replies upload.Replies) (*upload.Uploads, error) {
	scanner, err := i.Config.scanner()
	if err != nil {
		return nil, fmt.Errorf("virus scanner: %w", err)
	}
	return openUploads(upload.Options{
		Folder: filepath.Join(i.Config.Data, "uploads"), FileBytes: int64(i.Config.Uploads.FileBytes), Open: i.Config.Uploads.Open,
		Archive: i.Archive, Scanner: scanner, Replies: replies, Logger: i.logger,
	}, i.Staff)
}

// attaching hands what was uploaded to the replies. The two rooms do not know
// each other.
type attaching struct{ *reply.Replies }

// Attach implements upload.Replies.
func (a attaching) Attach(ctx context.Context, on int, f upload.File) (int, error) {
	scan := replyfile.ScanNone
	switch {
	case f.Infected != "":
		scan = replyfile.ScanInfected
	case f.Scanned:
		scan = replyfile.ScanClean
	}
	return a.Replies.Attach(ctx, on, reply.Upload{
		Name: f.Name, MediaType: f.MediaType, ContentID: f.ContentID, Size: f.Size, SHA256: f.SHA256, Scan: scan, Found: f.Infected,
	})
}

// openUploads lets uploads speak as the rest of the API does: its ids, its
// errors, and rights that are read anew.
func openUploads(o upload.Options, people *staff.Staff) (*upload.Uploads, error) {
	o.ReplyID = func(id string) int {
		if id := model.ParseID(id); id.Type == "Reply" {
			return id.Row
		}
		return 0
	}
	o.FileID = func(row int) string { return model.GlobalID{Type: "ReplyFile", Row: row}.String() }
	o.Renew = func(ctx context.Context) (context.Context, error) {
		key, _ := ctx.Value(keyOf{}).(staff.Key)
		v, err := people.Viewer(ctx, key)
		return guard.NewContext(ctx, v), err
	}
	o.Refuse = func(w http.ResponseWriter, r *http.Request, why error) { refuseUpload(w, r, o.Logger, why) }
	return upload.Open(o)
}

func refuseUpload(w http.ResponseWriter, r *http.Request, logger *slog.Logger, why error) {
	if e, ok := errors.AsType[*upload.Refusal](why); ok {
		refuseAs(w, r, e.Status, &model.Error{Code: model.Code(e.Code), English: e.English, Italian: e.Italian})
		return
	}
	if e, ok := errors.AsType[*casework.Refused](why); ok {
		refuseAs(w, r, statusOf(e.Code), &model.Error{Code: model.Code(e.Code), English: e.English, Italian: e.Italian})
		return
	}
	switch {
	case staff.CodeOf(why) == staff.Unauthenticated:
		refuseAs(w, r, http.StatusUnauthorized, noLonger())
	case errors.Is(why, guard.ErrForbidden):
		refuseAs(w, r, http.StatusNotFound, &model.Error{
			Code: model.Code(casework.NotFound), English: "there is no such reply, or you may not see it", Italian: "la risposta non esiste, o non è visibile",
		})
	default:
		if r.Context().Err() == nil {
			logger.ErrorContext(r.Context(), "an upload failed", "request", graph.RequestFrom(r.Context()).ID, "path", r.URL.Path, "error", why)
		}
		refuseAs(w, r, http.StatusInternalServerError, model.Failure())
	}
}

// statusOf says in HTTP why a command was refused.
func statusOf(c casework.Code) int {
	switch c {
	case casework.NotFound:
		return http.StatusNotFound
	case casework.Forbidden:
		return http.StatusForbidden
	case casework.Unavailable:
		return http.StatusServiceUnavailable
	case casework.Invalid, casework.ReasonNeeded:
		return http.StatusBadRequest
	}
	return http.StatusConflict
}
