package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/smista/smista/display"
	"github.com/smista/smista/push"
)

const (
	maxPicture     = 5 << 20 // bytes of a remote picture
	pictureTime    = 10 * time.Second
	picturesAtOnce = 16
	maxRedirects   = 3
)

// remotePicture answers with a picture of the web that a PEC shows, by its number in
// that PEC: nothing else is fetched. Its server learns of this one, and not of who
// reads.
func remotePicture(d Deps, fetcher *pictureFetcher, open opening) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := open(r.Context(), d, r)
		if err != nil {
			failed(d, w, r, err)
			return
		}
		defer p.close()
		address, err := p.address(r.URL.Query().Get("n"))
		if err != nil {
			failed(d, w, r, err)
			return
		}
		if address == "" || !d.RemotePictures {
			refuse(w, r, http.StatusNotFound, "there is no such file, or you may not see it")
			return
		}
		content, kind, err := fetcher.fetch(r.Context(), address)
		if err != nil {
			d.Logger.InfoContext(r.Context(), "a remote picture is not shown", "path", r.URL.Path, "reason", reasonOf(err))
			refuse(w, r, http.StatusBadGateway, "the picture could not be fetched, or is none that is shown")
			return
		}
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Content-Length", strconv.Itoa(len(content)))
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
		h.Set("Cache-Control", "private, no-store")
		_, _ = w.Write(content) // who has gone needs no answer
	})
}

// address is that of a remote picture of the mail; empty when it has none of
// that number.
func (p *reader) address(number string) (string, error) {
	n, err := strconv.Atoi(number)
	if err != nil || p.section == "" {
		return "", nil //nolint:nilerr // what is no number is not there
	}
	source, err := p.html()
	if err != nil {
		return "", err
	}
	if all := display.Clean(source, display.Options{}).Remote; n >= 0 && n < len(all) {
		return all[n], nil
	}
	return "", nil
}

// pictureFetcher fetches pictures that strangers named.
type pictureFetcher struct {
	client *http.Client
	slots  chan struct{} // one for each that is being fetched
}

// errNotFetched is why a picture is not there; it names no address, since that can
// tell who reads.
var errNotFetched = errors.New("not fetched")

// newPictureFetcher calls the internet alone, when dial is nil. It knows no proxy:
// that would look names up itself, and call whatever they lead to. It keeps no
// cookies and no connections.
func newPictureFetcher(dial func(ctx context.Context, network, address string) (net.Conn, error)) *pictureFetcher {
	if dial == nil {
		dial = (&net.Dialer{Timeout: pictureTime, Control: onlyInternet}).DialContext
	}
	return &pictureFetcher{
		slots: make(chan struct{}, picturesAtOnce),
		client: &http.Client{
			Timeout: pictureTime,
			Transport: &http.Transport{
				DialContext: dial, DisableKeepAlives: true, DisableCompression: true,
				MaxResponseHeaderBytes: 32 << 10, TLSHandshakeTimeout: pictureTime,
			},
			CheckRedirect: func(r *http.Request, before []*http.Request) error {
				r.Header.Del("Referer")
				if len(before) > maxRedirects {
					return fmt.Errorf("%w: too many redirects", errNotFetched)
				}
				return mayCall(r)
			},
		},
	}
}

// onlyInternet looks at the address that is about to be called, after its name was
// looked up: a name may lead elsewhere each time.
func onlyInternet(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || to.Port() != 80 && to.Port() != 443 || !push.IsInternet(to.Addr()) {
		return fmt.Errorf("%w: its server is not one of the internet", errNotFetched)
	}
	return nil
}

func mayCall(r *http.Request) error {
	if r.URL.Scheme != "http" && r.URL.Scheme != secure || r.URL.User != nil {
		return fmt.Errorf("%w: its address is none of the web", errNotFetched)
	}
	return nil
}

// fetch gets a picture, whole, and says what it is by its content.
func (f *pictureFetcher) fetch(ctx context.Context, address string) (content []byte, kind string, err error) {
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	if err := mayCall(r); err != nil {
		return nil, "", err
	}
	r.Header.Set("Accept", "image/png,image/jpeg,image/gif,image/webp")
	r.Header.Set("User-Agent", "Mozilla/5.0")
	response, err := f.client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("%w: its server answered %d", errNotFetched, response.StatusCode)
	}
	content, err = io.ReadAll(io.LimitReader(response.Body, maxPicture+1))
	if err != nil {
		return nil, "", err
	}
	if kind = display.Raster(content); kind == "" || len(content) > maxPicture {
		return nil, "", fmt.Errorf("%w: it is no picture that is shown, or too big", errNotFetched)
	}
	return content, kind, nil
}

// reasonOf is what may stand in the log of an error: not the address that the
// HTTP client writes into it.
func reasonOf(err error) string {
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it took too long"
	case errors.Is(err, errNotFetched):
		for inner := err; inner != nil; inner = errors.Unwrap(inner) {
			if errors.Unwrap(inner) == errNotFetched { //nolint:errorlint // the one that says why
				return inner.Error()
			}
		}
	}
	return "its server was not reached"
}
