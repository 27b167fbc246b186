package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/envelope"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/pec/testpki"
)

const operator = "gestore.example"

// kit makes the messages: a hierarchy of its own and a folder.
type kit struct {
	dir     string
	now     time.Time
	issuer  envelope.Issuer
	anchors *smime.Anchors
}

func newKit(dir string) (*kit, error) {
	now := time.Now().Truncate(time.Second)
	h, err := testpki.New(now, operator)
	if err != nil {
		return nil, err
	}
	if err := h.SaveTrust(filepath.Join(dir, "trust")); err != nil {
		return nil, err
	}
	return &kit{dir: dir, now: now, anchors: h.Anchors(),
		issuer: envelope.Issuer{Name: "Gestore di Prova S.p.A.", Identity: h.Provider(operator)}}, nil
}

// message is a PEC with all that the contenders need.
type message struct {
	kit    *kit
	path   string
	raw    []byte
	digest string // SHA-256 of the attachment

	signed    []byte // the signed part, for the floor
	encoded   []byte // the attachment in base64, for the floor
	scratch   []byte
	hashed    []byte // SHA-256 that signature is over
	signature []byte
}

func (k *kit) message(s size) (*message, error) {
	m := &message{kit: k, path: filepath.Join(k.dir, strings.ReplaceAll(s.name, " ", "")+".eml")}
	file := make([]byte, s.bytes)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(file)
	sum := sha256.Sum256(file)
	m.digest, m.encoded = hex.EncodeToString(sum[:]), lines76(file)
	var out bytes.Buffer
	if err := k.issuer.Write(&out, k.letter(original(m.encoded))); err != nil {
		return nil, err
	}
	m.raw = out.Bytes()
	m.scratch = make([]byte, len(m.encoded))
	m.signed = signedPart(m.raw)
	m.hashed = sum[:]
	var err error
	if m.signature, err = k.issuer.Identity.Key.Sign(nil, m.hashed, crypto.SHA256); err != nil {
		return nil, err
	}
	return m, os.WriteFile(m.path, m.raw, 0o600)
}

func (k *kit) letter(content []byte) envelope.Letter {
	const id = "prova1.1@" + operator
	return envelope.Letter{Kind: pec.Envelope, To: []string{"anna@pec.example"},
		Certified: pec.Certification{
			Sender: "protocollo@pec.example", ReplyTo: "protocollo@pec.example", Subject: "Prova", Provider: k.issuer.Name,
			Time: k.now, Identifier: id, MessageID: "<1@client.example>", ReceiptType: envelope.Complete,
			Recipients: []pec.Recipient{{Address: "anna@pec.example", Type: "certificato"}},
		},
		Original: &envelope.Original{Content: bytes.NewReader(content), Size: int64(len(content))}}
}

func original(encoded []byte) []byte {
	head := "From: protocollo@pec.example\r\nTo: anna@pec.example\r\nSubject: Prova\r\nMessage-ID: <1@client.example>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSi trasmette in allegato quanto in oggetto.\r\n" +
		"--b\r\nContent-Type: application/pdf; name=atto.pdf\r\nContent-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: attachment; filename=atto.pdf\r\n\r\n"
	return bytes.Join([][]byte{[]byte(head), encoded, []byte("--b--\r\n")}, nil)
}

func lines76(file []byte) []byte {
	text := base64.StdEncoding.EncodeToString(file)
	var b bytes.Buffer
	for len(text) > 0 {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	return b.Bytes()
}

// signedPart is the first part of the multipart/signed.
func signedPart(raw []byte) []byte {
	_, rest, _ := bytes.Cut(raw, []byte("multipart/signed"))
	_, rest, _ = bytes.Cut(rest, []byte(`boundary="`))
	boundary, rest, _ := bytes.Cut(rest, []byte(`"`))
	_, rest, _ = bytes.Cut(rest, append([]byte("\r\n--"), boundary...))
	part, _, _ := bytes.Cut(rest[2:], append([]byte("\r\n--"), boundary...))
	return part
}

// floor is the arithmetic that nothing can do without: one SHA-256 over the
// signed bytes, one RSA-2048 verification, decoding the attachment, its SHA-256.
func (m *message) floor() error {
	digest := sha256.Sum256(m.signed)
	if digest == [32]byte{} {
		return fmt.Errorf("the digest of %s is zero", m.path)
	}
	key, ok := m.kit.issuer.Identity.Certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("the signer's key is not RSA")
	}
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, m.hashed, m.signature); err != nil {
		return err
	}
	return m.decode()
}

// decode goes block by block, so that the bytes are still in the processor's
// cache when they are digested: the cheapest way to do it.
func (m *message) decode() error {
	const block = 400 * 78 // whole lines, whole groups
	h := sha256.New()
	for rest := m.encoded; len(rest) > 0; {
		now := rest[:min(block, len(rest))]
		rest = rest[len(now):]
		n, err := base64.StdEncoding.Decode(m.scratch, now)
		if err != nil {
			return err
		}
		h.Write(m.scratch[:n])
	}
	if hex.EncodeToString(h.Sum(nil)) != m.digest {
		return fmt.Errorf("the attachment of %s is not what was written", m.path)
	}
	return nil
}

// openSSL is the process that others start for the same verdict.
func (m *message) openSSL() error {
	cmd := exec.CommandContext(context.Background(), "openssl", "cms", "-verify", "-in", m.path, "-CAfile", filepath.Join(m.kit.dir, "trust", "root.pem"),
		"-purpose", "smimesign", "-out", os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("openssl: %w: %s", err, out)
	}
	return nil
}
