// Package pushtest is a push service for tests: it does what a browser and its
// service do together, by the RFCs and without the code under test: it checks who
// sends (RFC 8292), and decrypts what was sent (RFC 8291, RFC 8188).
package pushtest

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/smista/smista/push"
)

// Contact is whom the service may turn to.
const Contact = "mailto:sistemi@comune.example"

// origin is where browsers of this service are called. The certificate of package
// httptest is for this name.
const origin = "https://example.com"

// Got is a message as its browser has it.
type Got struct {
	Browser        int    // which
	Payload        string // decrypted
	Topic, Urgency string
	TTL            int // seconds
	Subject        string
}

// Service is a push service with its browsers.
type Service struct {
	t      testing.TB
	server *httptest.Server
	key    string // the public key that it expects; empty: that of the first message

	mu       sync.Mutex
	browsers []*browser
	got      []Got
	faults   []string // what was wrong with requests
	answer   func(browser int) (code int, header http.Header)
}

type browser struct {
	private *ecdh.PrivateKey
	auth    []byte
}

// New starts a service that ends with the test, which fails when a
// request was not as the RFCs want it.
func New(t testing.TB) *Service {
	t.Helper()
	s := &Service{t: t}
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.server.EnableHTTP2 = true
	s.server.StartTLS()
	t.Cleanup(func() {
		s.server.Close()
		for _, f := range s.faults {
			t.Error("the push service got something that it should not: " + f)
		}
	})
	return s
}

// Config leads a push.Service here.
func (s *Service) Config(key push.Key) push.Config {
	roots := x509.NewCertPool()
	roots.AddCert(s.server.Certificate())
	s.key = key.Public
	return push.Config{Key: key, Contact: Contact, RootCAs: roots, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.server.Listener.Addr().String())
	}}
}

// Browser makes one that can be told something.
func (s *Service) Browser() push.Subscription {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	b := &browser{private: private, auth: make([]byte, 16)}
	_, _ = rand.Read(b.auth) // never fails
	s.mu.Lock()
	defer s.mu.Unlock()
	s.browsers = append(s.browsers, b)
	return push.Subscription{
		Endpoint: fmt.Sprintf("%s/push/%d", origin, len(s.browsers)-1),
		P256dh:   base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(b.auth),
	}
}

// Answer says what is answered from now on; nil: 201, as to everything that is right.
func (s *Service) Answer(how func(browser int) (code int, header http.Header)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = how
}

// Got lists what browsers were told, in the order in which it came.
func (s *Service) Got() []Got {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Got(nil), s.got...)
}

// Close ends the service before its test does.
func (s *Service) Close() { s.server.Close() }

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	got, err := s.receive(r)
	if err != nil {
		s.faults = append(s.faults, err.Error())
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	code := http.StatusCreated
	if s.answer != nil {
		var header http.Header
		code, header = s.answer(got.Browser)
		maps.Copy(w.Header(), header)
	}
	if code < 300 {
		s.got = append(s.got, got)
	}
	w.WriteHeader(code)
}

// receive reads a request for a push message (RFC 8030 §5).
func (s *Service) receive(r *http.Request) (Got, error) {
	var n int
	if _, err := fmt.Sscanf(r.URL.Path, "/push/%d", &n); err != nil || n >= len(s.browsers) || r.Method != http.MethodPost {
		return Got{}, fmt.Errorf("%s %s", r.Method, r.URL.Path)
	}
	subject, err := vouched(r.Header.Get("Authorization"), origin, s.key)
	if err != nil {
		return Got{}, fmt.Errorf("who sends: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 4097))
	if err != nil || len(body) > 4096 || r.Header.Get("Content-Encoding") != "aes128gcm" {
		return Got{}, errors.Join(err, fmt.Errorf("%d bytes in %s", len(body), r.Header.Get("Content-Encoding")))
	}
	payload, err := s.browsers[n].opened(body)
	if err != nil {
		return Got{}, fmt.Errorf("decrypt: %w", err)
	}
	ttl, err := strconv.Atoi(r.Header.Get("TTL"))
	if err != nil {
		return Got{}, fmt.Errorf("TTL: %w", err)
	}
	return Got{
		Browser: n, Payload: payload, Topic: r.Header.Get("Topic"), Urgency: r.Header.Get("Urgency"), TTL: ttl, Subject: subject,
	}, nil
}
