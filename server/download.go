package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/attachment"
	entmessage "github.com/smista/smista/ent/message"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/pec"
)

// chunkTime is how long a client may take for one write of a download.
const chunkTime = 30 * time.Second

// file is something that can be downloaded.
type file struct {
	original  archive.Digest
	section   *pec.Section // where in the original it stands; nil for the whole
	name      string       // safe
	mediaType string
	size      int64
	digest    string       // of what is downloaded
	message   *ent.Message // whose content it is; nil for what we wrote
	how       string       // for the register: original or attachment
	inline    bool         // may be shown in a page
	look      bool         // it is asked for as something to be shown
	framed    bool         // may be shown in a frame of ours
}

// find looks a file up, under the viewer of ctx: what may not be seen is not there.
type find func(ctx context.Context, c *ent.Client, r *http.Request) (*file, error)

func findOriginal(ctx context.Context, c *ent.Client, r *http.Request) (*file, error) {
	m, err := c.Message.Query().Where(entmessage.Digest(r.PathValue("digest"))).
		Select(entmessage.FieldDigest, entmessage.FieldSize, entmessage.FieldSubject, entmessage.FieldCaseID).Only(ctx)
	if err != nil {
		return nil, err
	}
	return &file{
		original: archive.Digest(m.Digest), name: pec.SafeName(m.Subject+".eml", m.ID),
		mediaType: "message/rfc822", size: m.Size, digest: m.Digest, message: m, how: graph.ReadOriginal,
	}, nil
}

func findAttachment(ctx context.Context, c *ent.Client, r *http.Request) (*file, error) {
	id := model.ParseID(r.PathValue("id"))
	if id.Type != "Attachment" {
		id.Row = 0
	}
	f, err := attached(ctx, c, id.Row)
	if err == nil {
		f.look = wantsInline(r)
	}
	return f, err
}

// attached is an attachment as it stands in its original.
func attached(ctx context.Context, c *ent.Client, id int) (*file, error) {
	a, err := c.Attachment.Query().Where(attachment.ID(id)).
		WithMessage(func(q *ent.MessageQuery) { q.Select(entmessage.FieldDigest, entmessage.FieldCaseID) }).Only(ctx)
	if err != nil {
		return nil, err
	}
	section, err := pec.ParseSection(a.Section)
	if err != nil {
		return nil, fmt.Errorf("section of attachment %d: %w", a.ID, err)
	}
	return &file{
		original: archive.Digest(a.Edges.Message.Digest), section: &section, name: pec.SafeName(a.Name, a.Position),
		mediaType: safeMediaType(a.MediaType), size: a.Size, digest: a.Sha256, message: a.Edges.Message, how: graph.ReadAttachment,
	}, nil
}

// download answers with the file. A browser saves it and never shows it, but for
// pictures of replies, and what ?inline=1 shows of attachments: what strangers wrote
// must not run under our name.
// However little of it is asked for, it is a reading; Readings makes one of the many
// parts that a viewer asks for.
func download(d Deps, find find) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := find(r.Context(), d.Client, r)
		if ent.IsNotFound(err) {
			refuse(w, r, http.StatusNotFound, "there is no such file, or you may not see it")
			return
		}
		if e, ok := errors.AsType[*model.Error](err); ok {
			refuseAs(w, r, http.StatusForbidden, e)
			return
		}
		if err == nil && f.message != nil {
			err = d.Readings.Tell(r.Context(), f.how, f.message)
		}
		if err == nil {
			err = f.serve(w, r, d.Archive)
		}
		if err != nil && r.Context().Err() == nil {
			d.Logger.ErrorContext(r.Context(), "a download failed", "path", r.URL.Path, "error", err)
			refuse(w, r, http.StatusInternalServerError, "internal error: the administrator finds it in the log by its request id")
		}
	})
}

// serve sends the file, or the part of it that is asked for (RFC 9110 §14). An error
// after the first byte is an answer that is too short: net/http ends the connection.
func (f *file) serve(w http.ResponseWriter, r *http.Request, store archive.Store) error {
	blob, err := store.Open(r.Context(), f.original)
	if err != nil {
		return err
	}
	defer blob.Close()
	if err := f.lookAt(blob); err != nil {
		return err
	}
	f.headers(w.Header())
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // several at once: each could begin the decoding anew
	}
	content, size := io.ReaderAt(blob), blob.Size()
	if f.section != nil {
		content, size = f.section.ReaderAt(blob), f.size
	}
	out := &patient{ResponseWriter: w, deadline: http.NewResponseController(w)}
	http.ServeContent(out, r, "", time.Time{}, io.NewSectionReader(content, 0, size))
	return nil
}

func (f *file) headers(h http.Header) {
	h.Set("Content-Type", f.mediaType)
	h.Set("Content-Disposition", disposition(f.name))
	if f.inline {
		h.Set("Content-Disposition", "inline"+named(f.name))
	}
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	if f.framed {
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'")
		h.Set("X-Frame-Options", "SAMEORIGIN")
	}
	h.Set("ETag", f.etag())
	h.Set("Cache-Control", "private, no-cache")
}

func (f *file) etag() string { return `"` + f.digest + `"` }

// disposition has a browser save the file under its name.
func disposition(name string) string { return "attachment" + named(name) }

// named names the file for all clients: in ASCII for old ones, in full for the
// others (RFC 6266 §4.3, RFC 8187).
func named(name string) string {
	ascii := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%' {
			return '_'
		}
		return c
	}, name)
	return fmt.Sprintf(`; filename="%s"; filename*=UTF-8''%s`, ascii, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

// safeMediaType is the type alone, without parameters; a made-up one where it is none.
func safeMediaType(declared string) string {
	kind, _, err := mime.ParseMediaType(declared)
	if err != nil || !strings.Contains(kind, "/") {
		return "application/octet-stream"
	}
	return kind
}

// patient gives each write of a long answer its own time.
type patient struct {
	http.ResponseWriter
	deadline *http.ResponseController
}

// Write implements io.Writer.
func (p *patient) Write(b []byte) (int, error) {
	if err := p.deadline.SetWriteDeadline(time.Now().Add(chunkTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}
