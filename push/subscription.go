package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// Subscription is where and how a browser is told, as its PushSubscription says
// (W3C Push API). All of it is hostile.
type Subscription struct {
	Endpoint string
	P256dh   string // base64url
	Auth     string // base64url
}

// String hides what would let somebody call the endpoint.
func (s Subscription) String() string { return "a subscription at " + s.Host() }

// GoString is String.
func (s Subscription) GoString() string { return s.String() }

// Host is that of the push service.
func (s Subscription) Host() string {
	u, err := url.Parse(s.Endpoint)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Problem says what is wrong with a subscription. Both texts are safe to show.
type Problem struct{ Field, Italian, English string }

func (p *Problem) Error() string { return p.Field + ": " + p.English }

const (
	longestEndpoint = 1024 // bytes; those in use are shorter than 600
	authBytes       = 16   // RFC 8291 §3.2
)

// Check tells what is wrong with a subscription; the error is a *Problem. That the
// name leads to a public address is seen when it is called.
func (s Subscription) Check() error {
	u, err := url.Parse(s.Endpoint)
	if err != nil || len(s.Endpoint) > longestEndpoint || u.Scheme != "https" || u.User != nil || u.Fragment != "" ||
		u.Port() != "" && u.Port() != "443" || !isPublicName(u.Hostname()) {
		return &Problem{
			Field:   "endpoint",
			Italian: "non è l'indirizzo https di un servizio push pubblico", English: "this is no https address of a public push service",
		}
	}
	point, err := decoded(s.P256dh)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(point)
	}
	if err != nil {
		return &Problem{Field: "p256dh", Italian: "non è una chiave pubblica P-256 in base64url", English: "this is no public key of P-256 in base64url"}
	}
	if secret, err := decoded(s.Auth); err != nil || len(secret) != authBytes {
		return &Problem{Field: "auth", Italian: "non sono 16 byte in base64url", English: "these are not 16 bytes in base64url"}
	}
	return nil
}

// decoded reads base64url, which some browsers pad.
func decoded(text string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
}

// publicName is a name of labels of letters and digits (RFC 1123 §2.1) whose last
// one is no number: not an address in any of its spellings.
var publicName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// isPublicName tells whether a host may be one of the internet: no address, no
// name that is used in a house alone (RFC 6761, RFC 6762, RFC 8375).
func isPublicName(host string) bool {
	host = strings.ToLower(host)
	private := []string{"localhost", "local", "internal", "invalid", "test", "lan", "home", "corp", "intranet", "arpa", "onion"}
	return len(host) <= 253 && publicName.MatchString(host) && !slices.Contains(private, host[strings.LastIndexByte(host, '.')+1:])
}

func (s Subscription) library() *webpush.Subscription {
	return &webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{Auth: s.Auth, P256dh: s.P256dh}}
}
