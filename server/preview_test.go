package server

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

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
