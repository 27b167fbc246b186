package server

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// gate refuses what a web page of somebody else makes a browser ask of us.
type gate struct {
	origins []string // normalised
	hosts   []string // of these origins
}

func newGate(allowed []string) *gate {
	g := &gate{}
	for _, o := range allowed {
		if u := parseOrigin(o); u != nil {
			g.origins = append(g.origins, u.String())
			g.hosts = append(g.hosts, u.Hostname())
		}
	}
	return g
}

// guarded adds the headers that keep a browser on the safe side, and checks
// where a request comes from and whom it means.
func (g *gate) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		switch {
		case !g.isOurHost(r.Host):
			refuse(w, r, http.StatusMisdirectedRequest, "this server does not go by that name")
		case !g.mayAsk(r):
			refuse(w, r, http.StatusForbidden, "pages of other origins may not ask this server")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isOurHost holds for the names of this machine and of the allowed origins. Any
// other name that leads here was made to lead here (DNS rebinding).
func (g *gate) isOurHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return isLoopback(strings.ToLower(name)) || slices.Contains(g.hosts, strings.ToLower(name))
}

// mayAsk decides by Origin, which a browser sends with every WebSocket and
// every POST. Without it, and without cookies and the marks of a browser, a
// program asks, or a person follows a link.
func (g *gate) mayAsk(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" && r.Header.Get("Cookie") == "" || site == "same-origin" || site == "none" || followsLink(r)
	}
	origin := parseOrigin(origins[0])
	if len(origins) > 1 || origin == nil {
		return false
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	if own := parseOrigin(scheme + r.Host); own != nil && own.String() == origin.String() {
		return true
	}
	return slices.Contains(g.origins, origin.String())
}

// followsLink holds for a person who opens one of our pages from elsewhere; the
// page they came from learns nothing of it.
func followsLink(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header.Get("Upgrade") == "" &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

// secure is the scheme of HTTP over TLS.
const secure = "https"

// parseOrigin reads scheme://host:port, with the usual port left out; nil for
// all else, "null" too.
func parseOrigin(s string) *url.URL {
	u, err := url.Parse(strings.ToLower(s))
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil
	}
	if u.Scheme == "http" && u.Port() == "80" || u.Scheme == secure && u.Port() == "443" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	if u.Scheme != "http" && u.Scheme != secure {
		return nil
	}
	return u
}
