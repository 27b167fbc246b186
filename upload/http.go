package upload

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"github.com/smista/smista/guard"
)

// task is one request on an upload.
type task struct {
	person, reply int
	id            string // of the upload; empty until it is made
	limits        *http.ResponseController
	why           error // it was refused
}

type taskKey struct{}

func taskOf(ctx context.Context) *task { return ctx.Value(taskKey{}).(*task) } //nolint:forcetypeassert // ServeHTTP puts it there

// ServeHTTP implements http.Handler. The pattern names reply and upload.
func (u *Uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t, err := u.admit(r)
	if err != nil {
		u.o.Refuse(w, r, err)
		return
	}
	t.limits = http.NewResponseController(w)
	inner := r.Clone(context.WithValue(r.Context(), taskKey{}, t))
	inner.URL.Path = "/" + t.id // as tusd finds the upload
	inner.Header.Del("X-HTTP-Method-Override")
	out := &translated{ResponseWriter: w, place: r.URL.Path}
	u.routes.ServeHTTP(out, inner)
	if out.failed == 0 {
		return
	}
	if t.why == nil {
		t.why = u.ofTus(out.failed, out.said)
	}
	if r.Method == http.MethodPost && t.id != "" {
		u.keepOrDrop(w, r, t)
	}
	w.Header().Del("Content-Length")
	u.o.Refuse(w, r, t.why)
}

// admit finds who asks for which upload, and whether that may be.
func (u *Uploads) admit(r *http.Request) (*task, error) {
	v, _ := guard.From(r.Context())
	p, ok := v.Person()
	if !ok {
		return nil, notFound()
	}
	if !v.May(guard.Write | guard.Content) {
		return nil, readOnly()
	}
	t := &task{person: p.ID, reply: u.o.ReplyID(r.PathValue("reply")), id: r.PathValue("upload")}
	if t.reply == 0 || t.id != "" && !belongs(t.id, t.person, t.reply) {
		return nil, notFound()
	}
	if r.Method == http.MethodDelete || r.Method == http.MethodOptions {
		return t, nil // what is one's own may always be given up
	}
	return t, u.o.Replies.MayAttach(r.Context(), t.reply)
}

// keepOrDrop looks after an upload whose creation failed: the client learns where
// it is when it is whole, else it would lie there unknown.
func (u *Uploads) keepOrDrop(w http.ResponseWriter, r *http.Request, t *task) {
	if u.store.isWhole(r.Context(), t.id) {
		w.Header().Set("Location", r.URL.Path+t.id)
		return
	}
	if err := u.store.drop(t.id); err != nil {
		u.o.Logger.ErrorContext(r.Context(), "an upload that failed could not be cleared away", "upload", t.id, "error", err)
	}
}

// route is what is done once tusd has looked at the version of the protocol.
func (u *Uploads) route(w http.ResponseWriter, r *http.Request) {
	t := taskOf(r.Context())
	switch {
	case t.id == "" && r.Method == http.MethodPost:
		u.tus.PostFile(w, r)
	case t.id != "" && r.Method == http.MethodDelete:
		u.tus.DelFile(w, r)
	case t.id != "" && (r.Method == http.MethodHead || r.Method == http.MethodPatch):
		u.resume(w, r, t)
	default:
		t.refuse(w, wrongMethod())
	}
}

// resume answers for an upload whose bytes have all come: it is finished now if
// that did not succeed before. With any other tusd goes on.
func (u *Uploads) resume(w http.ResponseWriter, r *http.Request, t *task) {
	end, err := u.settle(r.Context(), t)
	switch {
	case err != nil:
		t.refuse(w, err)
	case end == nil && r.Method == http.MethodHead:
		u.tus.HeadFile(w, r)
	case end == nil:
		u.tus.PatchFile(w, r)
	case r.Method == http.MethodHead:
		w.Header().Set("Upload-Length", strconv.FormatInt(end.Size, 10))
		u.tell(w, end, http.StatusOK)
	case r.Header.Get("Upload-Offset") != strconv.FormatInt(end.Size, 10):
		t.refuse(w, handler.ErrMismatchOffset)
	default:
		u.tell(w, end, http.StatusNoContent)
	}
}

// tell answers for an upload that has become a file of the reply.
func (u *Uploads) tell(w http.ResponseWriter, end *ending, status int) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Upload-Offset", strconv.FormatInt(end.Size, 10))
	w.Header().Set(FileHeader, u.o.FileID(end.File))
	w.WriteHeader(status)
}

// settle gives the ending of an upload; nil while bytes are missing.
func (u *Uploads) settle(ctx context.Context, t *task) (*ending, error) {
	unlock, err := u.lock(ctx, t.id)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if end := u.store.ending(t.id); end != nil || !u.store.isWhole(ctx, t.id) {
		return end, nil
	}
	return u.finish(ctx, t)
}

// lock makes others wait; a request that is still sending ends first, since the
// client that asks again has lost it.
func (u *Uploads) lock(ctx context.Context, id string) (func(), error) {
	lock, err := u.locks.NewLock(id)
	if err != nil {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, lockTime)
	defer cancel()
	if err := lock.Lock(waiting, func() {}); err != nil {
		return nil, busy()
	}
	return func() { _ = lock.Unlock() }, nil
}

// refuse makes an answer of ours go the way of tusd's.
func (t *task) refuse(w http.ResponseWriter, why error) {
	t.why = why
	if e, ok := why.(handler.Error); ok { //nolint:errorlint // it is one of the constants
		t.why = &Refusal{Status: e.HTTPResponse.StatusCode, Code: BadInput, English: e.Message}
	}
	w.WriteHeader(http.StatusInternalServerError)
}

// patience gives the answer the time that finishing takes.
func (t *task) patience() {
	until := time.Now().Add(finishTime + networkTime)
	_ = t.limits.SetReadDeadline(until) // where it is not supported nothing limits it
	_ = t.limits.SetWriteDeadline(until)
}

// maxSaid is far above what tusd says of an error.
const maxSaid = 4 << 10

// translated holds back the errors of tusd, and says where an upload is by a path
// that holds behind any proxy.
type translated struct {
	http.ResponseWriter
	place  string // of the uploads of this reply
	failed int    // status of an error
	said   string // its text
}

// WriteHeader implements http.ResponseWriter.
func (a *translated) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		a.failed = status
		return
	}
	if status == http.StatusCreated {
		at := a.Header().Get("Location")
		a.Header().Set("Location", a.place+lastOf(at))
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (a *translated) Write(b []byte) (int, error) {
	if a.failed == 0 {
		return a.ResponseWriter.Write(b)
	}
	a.said += string(b[:min(len(b), maxSaid-len(a.said))])
	return len(b), nil
}

// Unwrap is for http.ResponseController.
func (a *translated) Unwrap() http.ResponseWriter { return a.ResponseWriter }
