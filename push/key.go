package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// Key is the pair by which push services know us (RFC 8292 §2). The private one
// does not print.
type Key struct {
	Public  string // the point, uncompressed, in base64url: what browsers subscribe with
	private string // the number, in base64url
}

// NewKey makes a pair.
func NewKey() (Key, error) {
	private, public, err := webpush.GenerateVAPIDKeys()
	if err != nil {
		return Key{}, fmt.Errorf("make the key of pushes: %w", err)
	}
	return Key{Public: public, private: private}, nil
}

// ReadKey makes the pair of a private key that Reveal gave.
func ReadKey(private string) (Key, error) {
	number, err := base64.RawURLEncoding.DecodeString(private)
	if err != nil {
		return Key{}, errors.New("the key of pushes is not in base64url") // without quoting it
	}
	pair, err := ecdh.P256().NewPrivateKey(number)
	if err != nil {
		return Key{}, errors.New("the key of pushes is none of the curve P-256")
	}
	return Key{Public: base64.RawURLEncoding.EncodeToString(pair.PublicKey().Bytes()), private: private}, nil
}

// Reveal gives the private key, to be sealed.
func (k Key) Reveal() string { return k.private }

// String is the public key.
func (k Key) String() string { return k.Public }

// GoString is String.
func (k Key) GoString() string { return k.Public }

// CheckContact tells what is wrong with whom a push service shall turn to: a
// mailto: or https: address (RFC 8292 §2.1), that can exist: some look.
func CheckContact(contact string) error {
	u, err := url.Parse(contact)
	host := ""
	if err == nil {
		host = u.Hostname()
	}
	if address, isMail := strings.CutPrefix(contact, "mailto:"); isMail && err == nil {
		a, failed := mail.ParseAddress(address)
		if failed != nil || a.Address != address {
			return fmt.Errorf("%q names no address", contact)
		}
		_, host, _ = strings.Cut(address, "@")
	} else if err != nil || u.Scheme != "https" {
		return fmt.Errorf("%q is neither mailto:ADDRESS nor an https:// address", contact)
	}
	if !isPublicName(host) {
		return fmt.Errorf("%q is of no public domain, and push services refuse it", contact)
	}
	return nil
}
