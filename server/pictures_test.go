package server

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/graph"
)

// stranger is the server of remote pictures, whatever it is called.
func stranger(t *testing.T) (asked *atomic.Int64, dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		for _, never := range []string{"Cookie", "Referer", "Authorization", "X-Forwarded-For", "Accept-Language", "If-None-Match"} {
			if r.Header.Get(never) != "" {
				http.Error(w, never, http.StatusTeapot)
				return
			}
		}
		http.SetCookie(w, &http.Cookie{Name: "chi", Value: "io"})
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Cache-Control", "public, max-age=9999")
		switch r.URL.Path {
		case "/a.png", "/b.png":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(aPicture + r.URL.RawQuery))
		case "/there":
			http.Redirect(w, r, "http://other.example/a.png", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "http://other.example/round", http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/named":
			http.Redirect(w, r, "http://root:secret@other.example/a.png", http.StatusFound)
		case "/page":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte("<html><script>alert(1)</script>"))
		case "/big":
			_, _ = w.Write([]byte(aPicture + strings.Repeat("x", maxPicture)))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return asked, func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
}

// TestRemotePicturesAreFetchedByUs, when they are asked for, and no others.
func TestRemotePicturesAreFetchedByUs(t *testing.T) {
	t.Parallel()
	asked, dial := stranger(t)
	w := newWorld(t, func(d *Deps) { d.RemotePictures, d.DialPictures = true, dial })
	box := w.mailbox("protocollo@comune.example", nil)
	mail, _ := w.takesIn(box, nil, "Subject: x\nContent-Type: text/html\n\n<p>Ciao<img src=http://x.example/a.png><img src=http://x.example/a.png>"+
		"<img src=http://x.example/there><img src=http://x.example/round><img src=http://x.example/file><img src=http://x.example/named><img src=http://x.example/page>"+
		"<img src=http://x.example/big><img src=http://x.example/nothing><img src=http://u:p@x.example/a.png><table><tr><td background='http://x.example/b.png?chi=io'>\n")
	other, _ := w.takesIn(box, nil, "Subject: x\n\nhttp://x.example/a.png\n")

	_, page := w.send("GET", graph.MessageBodyPath(mail.ID), "")
	require.Equal(t, "blocked", rootOf(t, page)["remote"])
	require.Equal(t, "10", rootOf(t, page)["remote-pictures"])
	require.NotContains(t, page, "<img")
	require.Zero(t, asked.Load(), "nobody hears of it before somebody asks")

	response, page := w.send("GET", graph.MessageBodyPath(mail.ID)+"?remote=1", "")
	require.Equal(t, "shown", rootOf(t, page)["remote"])
	require.True(t, strings.HasSuffix(response.Header.Get("Content-Security-Policy"), "; img-src data: 'self'"))
	require.Equal(t, 10, strings.Count(page, `<img src="`+graph.MessagesPath))
	require.Contains(t, page, `<img src="`+graph.MessagePicturePath(mail.ID, 0)+`"`)
	require.NotContains(t, page, "x.example")
	require.Zero(t, asked.Load())

	for n, want := range []int{200, 200, 502, 502, 502, 502, 502, 502, 502, 200, 404} { // the last one but one is the background
		response, body := w.send("GET", graph.MessagePicturePath(mail.ID, n), "", "Accept-Language", "it")
		require.Equal(t, want, response.StatusCode, "%d: %s", n, body)
		if want != http.StatusOK {
			continue
		}
		require.True(t, strings.HasPrefix(body, aPicture))
		require.Equal(t, "image/png", response.Header.Get("Content-Type"), "what it is, not what it was called")
		require.Equal(t, "private, no-store", response.Header.Get("Cache-Control"))
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "sandbox")
		require.Empty(t, response.Header.Get("Set-Cookie"))
		require.Empty(t, response.Header.Get("ETag"))
	}
	for _, path := range []string{
		graph.MessagePicturePath(other.ID, 0), graph.MessagePicturePath(mail.ID, -1), graph.MessagesPath + idOf("Message", mail.ID) + "/picture",
		graph.MessagesPath + idOf("Message", mail.ID) + "/picture?n=http://x.example/a.png", graph.MessagePicturePath(mail.ID, 99),
	} {
		response, _ := w.send("GET", path, "")
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
	}
	require.Equal(t, []string{"text"}, w.readingsOf(mail))
	require.NotContains(t, w.said.String(), "x.example", "an address may tell who reads")
	require.Contains(t, w.said.String(), "its server answered 404")
}

// TestOnlyTheInternetIsCalled: whatever a name leads to.
func TestOnlyTheInternetIsCalled(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"127.0.0.1:80", "10.0.0.1:443", "192.168.1.1:80", "172.16.0.1:80", "169.254.169.254:80", "100.64.0.1:80", "0.0.0.0:80", "224.0.0.1:80", "[::1]:80",
		"[fe80::1%eth0]:80", "[fd00::1]:80", "[::ffff:127.0.0.1]:80", "[64:ff9b::7f00:1]:80", "[2002:7f00:1::]:80", "93.184.215.14:22", "93.184.215.14:8080", "x",
	} {
		require.ErrorIs(t, onlyInternet("tcp", address, nil), errNotFetched, address)
	}
	for _, address := range []string{"93.184.215.14:80", "93.184.215.14:443", "[2606:4700::1111]:443"} {
		require.NoError(t, onlyInternet("tcp", address, nil))
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	for _, host := range []string{at.String(), "localhost:" + server.URL[strings.LastIndex(server.URL, ":")+1:]} {
		_, _, err := newPictureFetcher(nil).fetch(t.Context(), "http://"+host+"/a.png")
		require.Error(t, err)
		require.NotContains(t, reasonOf(err), at.String())
	}
}
