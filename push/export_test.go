package push

import (
	"net"
	"net/netip"
)

// Doors for the tests of this package.
var ErrNotPublic = errNotPublic

// Public is public.
func Public() *net.Dialer { return public() }

// IsPublic is isPublic.
func IsPublic(address string) bool { return isPublic(netip.MustParseAddr(address)) }
