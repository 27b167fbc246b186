// Package push tells browsers that something waits, by Web Push (RFC 8030): it
// encrypts for the browser (RFC 8291), signs as ours (VAPID, RFC 8292) and hands
// over to the push service that the browser named.
//
//   - What is said is a kind, a number and an opaque id: push services are
//     strangers, and screens are locked in front of everybody.
//   - An endpoint is a stranger's word. Only https to port 443 of a name that leads to
//     a public address is called, no redirect is followed, little of the answer is read,
//     and all of it within ten seconds.
//   - Who has an endpoint can call it: it stands in no error and in no log.
package push

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
)

const (
	timeLimit = 10 * time.Second
	// life is how long a push service keeps what it cannot hand over yet (TTL, RFC
	// 8030 §5.2): what is older is better looked up.
	life = 12 * time.Hour
	// longestWait bounds what a push service may ask for by Retry-After.
	longestWait = 24 * time.Hour
	mostAnswer  = 4 << 10 // bytes read of an answer, for nothing but to use the connection again
)

// Message is all that a browser is told.
type Message struct {
	Kind  string `json:"kind"`           // of the notices
	Case  string `json:"case,omitempty"` // its id in the API; empty: several, or none
	Count int    `json:"count"`          // how many wait

	Topic  string `json:"-"` // replaces what the push service still holds under the same one (RFC 8030 §5.4)
	Urgent bool   `json:"-"` // is worth waking a device that saves power (RFC 8030 §5.3)
}

// Refused says that a push service did not take something, or that nobody knows.
type Refused struct {
	Gone  bool          // the subscription is no more (RFC 8030 §7.3)
	Code  int           // of the answer; zero when there was none
	After time.Duration // how long to wait, as the service asks; zero: it says nothing
	Text  string        // without the endpoint
}

// Definite tells whether the service answered that it is the request that is wrong.
func (r *Refused) Definite() bool {
	return r.Code >= 400 && r.Code < 500 && r.Code != http.StatusTooManyRequests && r.Code != http.StatusRequestTimeout
}

func (r *Refused) Error() string { return "the push service did not take it: " + r.Text }

// Service sends to push services.
type Service struct {
	Config
	http *http.Client
}

// New makes a service; nothing is called yet.
func New(c Config) (*Service, error) {
	if err := CheckContact(c.Contact); err != nil {
		return nil, err
	}
	if c.Key.Public == "" {
		return nil, errors.New("there is no key to sign pushes with")
	}
	return &Service{Config: c, http: c.client()}, nil
}

// Close gives back the connections that nothing is sent on.
func (s *Service) Close() { s.http.CloseIdleConnections() }

// Send hands a message over for one browser. Its error is a *Refused.
func (s *Service) Send(ctx context.Context, to Subscription, m Message) error {
	if err := to.Check(); err != nil {
		return &Refused{Text: err.Error()}
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return &Refused{Text: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	urgency := webpush.UrgencyNormal
	if m.Urgent {
		urgency = webpush.UrgencyHigh
	}
	answer, err := webpush.SendNotificationWithContext(ctx, payload, to.library(), &webpush.Options{
		HTTPClient: s.http, Subscriber: strings.TrimPrefix(s.Contact, "mailto:"), // which it puts before what is no https:
		VAPIDPublicKey: s.Key.Public, VAPIDPrivateKey: s.Key.private,
		TTL: int(life / time.Second), Urgency: urgency, Topic: to.topic(m.Topic),
	})
	if err != nil {
		return &Refused{Text: bare(err).Error()}
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, mostAnswer) // whatever it says
	return judged(answer, time.Now())
}

// topic is the topic as the push service sees it: 32 characters (RFC 8030 §5.4)
// that tell it nothing, and are other ones at each browser.
func (s Subscription) topic(text string) string {
	if text == "" {
		return ""
	}
	hidden := hmac.New(sha256.New, []byte(s.Auth))
	_, _ = hidden.Write([]byte(text)) // never fails
	return base64.RawURLEncoding.EncodeToString(hidden.Sum(nil)[:24])
}

// bare is an error without the address that was called.
func bare(err error) error {
	if called, ok := errors.AsType[*url.Error](err); ok {
		return called.Err
	}
	return err
}

// judged tells what an answer means (RFC 8030 §5, §7.3, §8.4).
func judged(answer *http.Response, now time.Time) error {
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusNotFound || code == http.StatusGone:
		return &Refused{Gone: true, Code: code, Text: "it no longer knows the subscription"}
	default:
		return &Refused{Code: code, After: retryAfter(answer.Header.Get("Retry-After"), now), Text: fmt.Sprintf("it answered %d", code)}
	}
}

// retryAfter reads seconds or a date (RFC 9110 §10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	} else if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	}
	return min(max(wait, 0), longestWait)
}
