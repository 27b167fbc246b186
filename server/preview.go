package server

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/letter"
)

// preview answers with the message of a reply as it would be sent now. What is
// wrong with it is known before the first byte.
func preview(d Deps) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := model.ParseID(r.PathValue("id"))
		if id.Type != "Reply" {
			id.Row = 0
		}
		out := &begun{patient: &patient{ResponseWriter: w, deadline: http.NewResponseController(w)}}
		err := d.Replies.WritePreview(r.Context(), id.Row, out)
		refused, isRefusal := errors.AsType[*casework.Refused](err)
		_, isWrong := errors.AsType[letter.Problems](err)
		switch {
		case err == nil:
		case out.did:
			panic(http.ErrAbortHandler) //nolint:forbidigo // net/http ends the connection by it
		case isRefusal:
			refuseAs(w, r, http.StatusNotFound, &model.Error{Code: model.BadInput, English: refused.English, Italian: refused.Italian})
		case isWrong:
			refuse(w, r, http.StatusConflict, "the message cannot be written as it is: its preview in GraphQL says why")
		default:
			d.Logger.ErrorContext(r.Context(), "a preview failed", "path", r.URL.Path, "error", err)
			refuse(w, r, http.StatusInternalServerError, "internal error: the administrator finds it in the log by its request id")
		}
	})
}

// openReply opens what a reply says now, as its recipients will see it. The register
// hears that the message is read that it quotes. It has no pictures of the web.
func openReply(ctx context.Context, d Deps, r *http.Request) (*reader, error) {
	id := model.ParseID(r.PathValue("id"))
	if id.Type != "Reply" {
		id.Row = 0
	}
	shown, err := d.Replies.Show(ctx, id.Row)
	if refused, ok := errors.AsType[*casework.Refused](err); ok && refused.Code == casework.NotFound {
		return nil, &ent.NotFoundError{}
	}
	if err != nil {
		return nil, err
	}
	if shown.Quotes != nil {
		if err := d.Readings.Tell(ctx, graph.ReadText, shown.Quotes); err != nil {
			return nil, err
		}
	}
	parts := make([]figure, len(shown.Pictures))
	for i, f := range shown.Pictures {
		parts[i] = figure{contentID: f.ContentID, size: f.Size, open: func() (io.ReadCloser, error) { return d.Replies.OpenFile(ctx, f) }}
	}
	return &reader{
		ctx: ctx, deps: d, subject: shown.Subject, text: shown.Text, written: shown.HTML,
		parts: func() ([]figure, error) { return parts, nil },
	}, nil
}

// begun writes the headers of a message with its first byte.
type begun struct {
	*patient
	did bool
}

// Write implements io.Writer.
func (b *begun) Write(p []byte) (int, error) {
	if !b.did {
		b.did = true
		(&file{name: "anteprima.eml", mediaType: "message/rfc822"}).headers(b.Header())
		b.Header().Set("Cache-Control", "no-store")
		b.Header().Del("ETag")
	}
	return b.patient.Write(p)
}
