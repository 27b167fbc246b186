package pushtest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// opened decrypts a message (RFC 8291 §3.4, RFC 8188 §2): one record, with the
// sender's public key as its key id.
func (b *browser) opened(body []byte) (string, error) {
	const fixed = 16 + 4 + 1
	if len(body) < fixed || len(body) < fixed+int(body[fixed-1]) {
		return "", errors.New("the header is cut off")
	}
	salt, size, id := body[:16], binary.BigEndian.Uint32(body[16:]), body[fixed:fixed+int(body[fixed-1])]
	record := body[fixed+len(id):]
	if uint64(len(record)) > uint64(size) {
		return "", errors.New("there is more than one record")
	}
	sender, err := ecdh.P256().NewPublicKey(id)
	if err != nil {
		return "", err
	}
	shared, err := b.private.ECDH(sender)
	if err != nil {
		return "", err
	}
	info := "WebPush: info\x00" + string(b.private.PublicKey().Bytes()) + string(id)
	material, err := hkdf.Key(sha256.New, shared, b.auth, info, 32)
	if err != nil {
		return "", err
	}
	key, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return "", err
	}
	nonce, err := hkdf.Key(sha256.New, material, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	sealed, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	plain, err := sealed.Open(nil, nonce, record, nil)
	if err != nil {
		return "", err
	}
	plain = bytes.TrimRight(plain, "\x00")
	text, last := bytes.CutSuffix(plain, []byte{2})
	if !last {
		return "", errors.New("the record is not marked as the last one")
	}
	return string(text), nil
}

// vouched checks the token of a sender (RFC 8292 §2, §3) and gives its subject.
func vouched(header, origin, expected string) (string, error) {
	fields, found := strings.CutPrefix(header, "vapid ")
	token, key, both := strings.Cut(strings.TrimPrefix(fields, "t="), ", k=")
	parts := strings.Split(token, ".")
	if !found || !both || len(parts) != 3 || key != expected {
		return "", fmt.Errorf("%q is not of the key %s", header, expected)
	}
	point, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return "", err
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return "", err
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(signature) != 64 {
		return "", fmt.Errorf("the signature has %d bytes", len(signature))
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return "", errors.New("the signature does not hold")
	}
	var head struct{ Typ, Alg string }
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	for i, into := range []any{&head, &claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err == nil {
			err = json.Unmarshal(text, into)
		}
		if err != nil {
			return "", err
		}
	}
	now := time.Now()
	if head.Alg != "ES256" || claims.Aud != origin || claims.Exp <= now.Unix() || claims.Exp > now.Add(24*time.Hour).Unix() {
		return "", fmt.Errorf("claims %+v of %+v", claims, head)
	}
	return claims.Sub, nil
}
