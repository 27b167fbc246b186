package push

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// Config says how push services are called.
type Config struct {
	Key     Key
	Contact string         // mailto: or https: (CheckContact)
	RootCAs *x509.CertPool // nil = those of the machine
	// Dial opens a connection; nil = public does. Tests lead it to their own service.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// errNotPublic says that a name led to where only the house may call.
var errNotPublic = errors.New("it has no public address")

// client calls push services. It knows no proxy: that would look names up itself,
// and call whatever they lead to.
func (c Config) client() *http.Client {
	dial := c.Dial
	if dial == nil {
		dial = public().DialContext
	}
	return &http.Client{
		Timeout: timeLimit,
		Transport: &http.Transport{
			DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true, DisableCompression: true, MaxResponseHeaderBytes: 16 << 10,
			MaxIdleConnsPerHost: 2, MaxConnsPerHost: 8, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: timeLimit,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// public connects to public addresses alone. It looks at the address that is about
// to be called, after the name was looked up: a name may lead elsewhere each time.
func public() *net.Dialer {
	return &net.Dialer{
		Timeout: timeLimit,
		Control: func(_, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil || to.Port() != 443 || !IsInternet(to.Addr()) {
				return fmt.Errorf("%w (%s)", errNotPublic, address)
			}
			return nil
		},
	}
}

// IsInternet tells whether an address is one of the internet (IANA's registries of
// special-purpose addresses, RFC 6890). What is translated or tunnelled
// to another address is not.
func IsInternet(a netip.Addr) bool {
	if a.Zone() != "" || a.Is4In6() {
		return false
	}
	within := func(blocks ...string) bool {
		return slices.ContainsFunc(blocks, func(b string) bool { return netip.MustParsePrefix(b).Contains(a) })
	}
	if a.Is4() {
		return !within("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
			"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3")
	}
	return within("2000::/3") && !within("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
}
