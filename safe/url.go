package safe

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"gocloud.dev/secrets"
	"gocloud.dev/secrets/awskms"
	"gocloud.dev/secrets/localsecrets"
)

// URL says where the key is: empty for a local file, base64key://KEY,
// awskms://KEY?region=… or vault://HOST:PORT/KEY?…. A key that stands in it does
// not print.
type URL string

const inURL = "base64key"

// String is the address with dots for a key.
func (u URL) String() string {
	if scheme, key, _ := strings.Cut(string(u), "://"); scheme == inURL && key != "" {
		return scheme + "://•••"
	}
	return string(u)
}

// GoString is String.
func (u URL) GoString() string { return u.String() }

// MarshalText is String: JSON and logs use it.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// Check tells what is wrong with an address, without asking the service.
func (u URL) Check() error {
	if u.isKMS() {
		_, err := u.parse()
		return err
	}
	keeper, err := u.keeper("")
	if err != nil {
		return err
	}
	return keeper.Close()
}

func (u URL) isKMS() bool { return strings.HasPrefix(string(u), awskms.Scheme+"://") }

func (u URL) parse() (*url.URL, error) {
	parsed, err := url.Parse(string(u))
	if err != nil {
		return nil, err
	}
	if parsed.Host+strings.Trim(parsed.Path, "/") == "" {
		return nil, fmt.Errorf("%s names no key", u)
	}
	if at, err := url.Parse(parsed.Query().Get("endpoint")); err != nil || at.Scheme == "http" && !isLoopback(at.Hostname()) {
		return nil, fmt.Errorf("%s would send passwords in the clear: use https", u)
	}
	return parsed, nil
}

func (u URL) open(ctx context.Context, keyFile string) (*secrets.Keeper, error) {
	if !u.isKMS() {
		return u.keeper(keyFile)
	}
	parsed, err := u.parse()
	if err != nil {
		return nil, err
	}
	return new(awskms.URLOpener).OpenKeeperURL(ctx, parsed)
}

// keeper is open for all but KMS, whose settings of the machine are looked up.
func (u URL) keeper(keyFile string) (*secrets.Keeper, error) {
	if u == "" {
		return secrets.NewKeeper(keyed{localKeys(keyFile)}), nil
	}
	switch scheme, rest, _ := strings.Cut(string(u), "://"); scheme {
	case inURL: // never quoted, not even by url.Parse
		key, err := readKey(rest)
		if err != nil {
			return nil, fmt.Errorf("the address %s: %w", u, err)
		}
		return keeperOf(key), nil
	case "vault":
		parsed, err := u.parse()
		if err != nil {
			return nil, err
		}
		return openTransit(parsed)
	}
	return nil, errors.New("its address is not supported; leave it empty for a local file, or write base64key://…, awskms://… or vault://…")
}

// readKey reads a key in either alphabet of base64. The error does not say what was read.
func readKey(text string) (key, error) {
	text = strings.TrimSpace(text)
	k, err := localsecrets.Base64Key(text)
	if err != nil {
		k, err = localsecrets.Base64KeyStd(text)
	}
	if err != nil {
		return k, errors.New("it holds no key: 32 bytes in base64 are one")
	}
	return k, nil
}
