package server

import (
	"errors"
	"net/http"

	"github.com/smista/smista/casework"
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
