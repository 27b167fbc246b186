package server

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a reply says is shown as a mail that came in is: a page in which nothing runs,
// for those who read the reply.
func TestAReplyIsShownAsAMailIs(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, newWorld(t))
	id := a.operator.does("replyStart", a.starts()).ID
	response, body := a.operator.send(http.MethodGet, "/api/v1/replies/"+id+"/body", "")
	require.Equal(t, http.StatusOK, response.StatusCode, body)
	require.Equal(t, bodySandbox, response.Header.Get("Content-Security-Policy"))
	require.Contains(t, body, `data-form="html"`)
	require.Contains(t, body, "<blockquote")
	response, plain := a.operator.send(http.MethodGet, "/api/v1/replies/"+id+"/body?as=text", "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, plain, `data-form="text"`)
	response, _ = a.stranger.send(http.MethodGet, "/api/v1/replies/"+id+"/body", "")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
	response, _ = a.operator.send(http.MethodGet, "/api/v1/replies/"+idOf("Case", 1)+"/body", "")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
}

// The preview is the message as it would be sent, for those who read the reply;
// what cannot be written says so before the first byte.
func TestAReplyCanBeSeenAsItWillBeSent(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, newWorld(t))
	id := a.operator.does("replyStart", a.starts()).ID
	path := "/api/v1/replies/" + id + "/preview.eml"
	response, body := a.operator.send(http.MethodGet, path, "")
	require.Equal(t, http.StatusOK, response.StatusCode, body)
	require.Contains(t, response.Header.Get("Content-Disposition"), "attachment")
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	require.Contains(t, body, "Subject: Re: ")
	require.Contains(t, body, "X-TipoRicevuta: completa")
	response, _ = a.stranger.send(http.MethodGet, path, "")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
	response, _ = a.operator.send(http.MethodGet, "/api/v1/replies/"+idOf("Case", 1)+"/preview.eml", "")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
}
