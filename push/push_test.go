package push_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/smista/smista/push"
	"github.com/smista/smista/push/pushtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) (*pushtest.Service, *push.Service) {
	t.Helper()
	fake := pushtest.New(t)
	key, err := push.NewKey()
	require.NoError(t, err)
	service, err := push.New(fake.Config(key))
	require.NoError(t, err)
	t.Cleanup(service.Close)
	return fake, service
}

// What a browser decrypts is what was sent, and who sent it is vouched for.
func TestABrowserIsTold(t *testing.T) {
	fake, service := start(t)
	one, two := fake.Browser(), fake.Browser()
	m := push.Message{Kind: "assigned", Case: "Q2FzZTo3", Count: 1, Topic: "a topic of ours"}
	require.NoError(t, service.Send(t.Context(), one, m))
	require.NoError(t, service.Send(t.Context(), one, m))
	m.Urgent = true
	require.NoError(t, service.Send(t.Context(), two, m))

	got := fake.Got()
	require.Len(t, got, 3)
	require.Equal(t, pushtest.Got{
		Browser: 0, Payload: `{"kind":"assigned","case":"Q2FzZTo3","count":1}`, Topic: got[0].Topic, Urgency: "normal", TTL: 12 * 60 * 60, Subject: pushtest.Contact,
	}, got[0])
	require.Regexp(t, "^[A-Za-z0-9_-]{1,32}$", got[0].Topic, "RFC 8030 §5.4")
	require.NotContains(t, got[0].Topic, "topic")
	require.Equal(t, got[0].Topic, got[1].Topic, "the second replaces the first")
	require.Equal(t, 1, got[2].Browser)
	require.Equal(t, "high", got[2].Urgency)
	require.NotEqual(t, got[0].Topic, got[2].Topic, "push services cannot tell that two people were told the same")

	require.NoError(t, service.Send(t.Context(), one, push.Message{Kind: "to-sort", Count: 12}))
	require.JSONEq(t, `{"kind":"to-sort","count":12}`, fake.Got()[3].Payload)
	require.Empty(t, fake.Got()[3].Topic)

	c := fake.Config(service.Key)
	c.Contact = "https://comune.example/contatti"
	other, err := push.New(c)
	require.NoError(t, err)
	defer other.Close()
	require.NoError(t, other.Send(t.Context(), one, m))
	require.Equal(t, c.Contact, fake.Got()[4].Subject)
}

func TestWhatAnswersMean(t *testing.T) {
	fake, service := start(t)
	browser := fake.Browser()
	header := func(value string) http.Header { return http.Header{"Retry-After": {value}} }
	for _, c := range []struct {
		code   int
		header http.Header
		want   *push.Refused
	}{
		{200, nil, nil},
		{201, nil, nil},
		{204, nil, nil},
		{404, nil, &push.Refused{Gone: true, Code: 404}},
		{410, header("9"), &push.Refused{Gone: true, Code: 410}},
		{400, nil, &push.Refused{Code: 400}},
		{403, nil, &push.Refused{Code: 403}},
		{429, header("120"), &push.Refused{Code: 429, After: 2 * time.Minute}},
		{429, header("99999999999999999999"), &push.Refused{Code: 429}},
		{429, header("999999999"), &push.Refused{Code: 429, After: 24 * time.Hour}},
		{503, header("-5"), &push.Refused{Code: 503}},
		{503, header("soon"), &push.Refused{Code: 503}},
		{503, header("Mon, 02 Jan 2006 15:04:05 GMT"), &push.Refused{Code: 503}},
		{503, header("Mon, 02 Jan 2106 15:04:05 GMT"), &push.Refused{Code: 503, After: 24 * time.Hour}},
		{307, http.Header{"Location": {"https://example.com/push/0"}}, &push.Refused{Code: 307}}, // not followed
		{500, nil, &push.Refused{Code: 500}},
	} {
		calls := 0
		fake.Answer(func(int) (int, http.Header) { calls++; return c.code, c.header })
		err := service.Send(t.Context(), browser, push.Message{Kind: "breached", Count: 1})
		require.Equal(t, 1, calls, c.code)
		if c.want == nil {
			require.NoError(t, err)
			continue
		}
		var refused *push.Refused
		require.ErrorAs(t, err, &refused)
		c.want.Text = refused.Text
		require.Equal(t, c.want, refused, "%d %v", c.code, c.header)
		require.NotContains(t, err.Error(), "/push/")
	}
}

// What a stranger says is where his browser listens is not believed.
func TestWhatIsNoSubscription(t *testing.T) {
	fake, service := start(t)
	good := fake.Browser()
	require.NoError(t, good.Check())
	padded := good
	padded.P256dh, padded.Auth = padded.P256dh+"=", padded.Auth+"=="
	require.NoError(t, padded.Check())
	require.NoError(t, service.Send(t.Context(), padded, push.Message{Kind: "x", Count: 1}))
	for _, known := range []string{
		"https://fcm.googleapis.com/fcm/send/abc:APA91b", "https://updates.push.services.mozilla.com/wpush/v2/gAAAA", "https://web.push.apple.com/QGx",
		"https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB%2f", "https://example.com:443/push",
	} {
		s := good
		s.Endpoint = known
		require.NoError(t, s.Check(), known)
	}
	for field, bad := range map[string][]string{
		"endpoint": {
			"", "x", "/push", "http://example.com/push", "ftp://example.com/push", "https:///push", "https://example/push", "https://localhost/push",
			"https://a.localhost/push", "https://printer.local/push", "https://127.0.0.1/push", "https://127.1/push", "https://2130706433/push",
			"https://0x7f.0.0.1/push", "https://0x7f000001/push", "https://[::1]/push", "https://[::ffff:127.0.0.1]/push", "https://10.0.0.1:443/push",
			"https://8.8.8.8/push", "https://example.com:8443/push", "https://example.com:22/push", "https://me:secret@example.com/push",
			"https://example.com/push#x", "https://example.com./push", "https://exa mple.com/push", "https://example.com\x00/push", "https://èxample.com/push",
			"https://metadata.google.internal/push", "https://example.com/" + strings.Repeat("x", 1024), "javascript:alert(1)", "https://%31%32%37.0.0.1/",
		},
		"p256dh": {"", "x", "!!", strings.Repeat("A", 87), good.Auth, good.P256dh[:80]},
		"auth":   {"", "x", "!!", good.P256dh, good.Auth[:8], good.Auth + good.Auth},
	} {
		for _, text := range bad {
			s := good
			switch field {
			case "endpoint":
				s.Endpoint = text
			case "p256dh":
				s.P256dh = text
			default:
				s.Auth = text
			}
			var problem *push.Problem
			require.ErrorAs(t, s.Check(), &problem, "%s %q", field, text)
			require.Equal(t, field, problem.Field, "%q", text)
			var refused *push.Refused
			require.ErrorAs(t, service.Send(t.Context(), s, push.Message{Kind: "x", Count: 1}), &refused, "it is not called either")
		}
	}
	require.Len(t, fake.Got(), 1)
}

// A name may lead anywhere, and elsewhere the next time: the address is what counts.
func TestOnlyPublicAddressesAreCalled(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	for _, address := range []string{listener.Addr().String(), "127.0.0.1:443", "[::1]:443", "localhost:443", "10.0.0.1:443", "169.254.169.254:443", "0.0.0.0:443"} {
		_, err := push.Public().DialContext(t.Context(), "tcp", address)
		require.ErrorIs(t, err, push.ErrNotPublic, address)
	}
	for address, public := range map[string]bool{
		"8.8.8.8": true, "142.250.180.10": true, "2a00:1450:4002::200e": true, "2620:149::1": true, "172.15.0.1": true, "172.32.0.1": true, "100.128.0.1": true,
		"0.0.0.0": false, "10.1.2.3": false, "100.64.0.1": false, "127.0.0.53": false, "169.254.169.254": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.0.0.170": false, "192.0.2.1": false, "192.88.99.1": false, "192.168.1.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false,
		"224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "::": false, "::1": false, "::ffff:8.8.8.8": false, "::8.8.8.8": false,
		"64:ff9b::7f00:1": false, "fc00::1": false, "fd12::1": false, "fe80::1": false, "fe80::1%eth0": false, "ff02::1": false, "2001::1": false,
		"2001:db8::1": false, "2002:7f00:1::": false, "3fff::1": false, "4000::1": false,
	} {
		require.Equal(t, public, push.IsPublic(address), address)
	}
}

// A push service that says too much is not listened to.
func TestLittleOfAnAnswerIsRead(t *testing.T) {
	var wrote atomic.Int64
	ended := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		defer close(ended)
		for {
			n, err := w.Write(make([]byte, 64<<10))
			wrote.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	defer server.Close()
	key, err := push.NewKey()
	require.NoError(t, err)
	fake := pushtest.New(t)
	c := fake.Config(key)
	c.RootCAs = x509.NewCertPool()
	c.RootCAs.AddCert(server.Certificate())
	c.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	service, err := push.New(c)
	require.NoError(t, err)
	defer service.Close()
	require.NoError(t, service.Send(t.Context(), fake.Browser(), push.Message{Kind: "x", Count: 1}))
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		require.Fail(t, "it still reads")
	}
	require.Less(t, wrote.Load(), int64(64<<20))
}

// What is not answered is given up, without the address being told.
func TestAServiceThatDoesNotAnswer(t *testing.T) {
	fake, service := start(t)
	browser := fake.Browser()
	fake.Close()
	err := service.Send(t.Context(), browser, push.Message{Kind: "x", Count: 1})
	var refused *push.Refused
	require.ErrorAs(t, err, &refused)
	require.False(t, refused.Gone)
	require.NotContains(t, err.Error(), "/push/0")
}

func TestSecretsDoNotPrint(t *testing.T) {
	key, err := push.NewKey()
	require.NoError(t, err)
	again, err := push.ReadKey(key.Reveal())
	require.NoError(t, err)
	require.Equal(t, key, again)
	for _, bad := range []string{"", "x", "!", strings.Repeat("A", 43), key.Public} {
		_, err := push.ReadKey(bad)
		require.Error(t, err, bad)
	}
	s := push.Subscription{Endpoint: "https://example.com/push/secret", P256dh: "point", Auth: "hidden"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, key), key.Reveal())
		require.NotRegexp(t, "secret|point|hidden", fmt.Sprintf(verb, s))
	}
}

func TestWhomAPushServiceTurnsTo(t *testing.T) {
	for contact, good := range map[string]bool{
		"mailto:sistemi@comune.example.it": true, "https://comune.example.it/contatti": true, "https://comune.example.it": true,
		"": false, "sistemi@comune.example.it": false, "mailto:": false, "mailto:sistemi": false, "mailto:sistemi@localhost": false,
		"mailto:Sistemi <sistemi@comune.example.it>": false, "http://comune.example.it": false, "https://localhost": false, "https://10.0.0.1": false,
		"https://smista.local": false, "mailto:a@b.invalid": false, "tel:+39": false,
	} {
		require.Equal(t, good, push.CheckContact(contact) == nil, contact)
		_, err := push.New(push.Config{Contact: contact, Key: push.Key{Public: "x"}})
		require.Equal(t, good, err == nil, contact)
	}
	_, err := push.New(push.Config{Contact: "mailto:sistemi@comune.example.it"})
	require.Error(t, err, "without a key")
}
