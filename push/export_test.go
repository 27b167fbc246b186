package push

import (
	"net"
	"net/netip"
)

// Doors for the tests of this package.
var ErrNotPublic = errNotPublic

// Public is public.
func Public() *net.Dialer { return public() }

// IsPublic is IsInternet, of a text.
func IsPublic(address string) bool { return IsInternet(netip.MustParseAddr(address)) }
