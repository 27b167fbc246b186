package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/staff"
)

// sessionCookie holds the secret of a session. No script reads it, and no other
// site's page sends it: SameSite=Strict, since nothing but our own pages needs
// it, and a link from elsewhere leads to a page that asks by itself.
const sessionCookie = "smista_session"

// sessionPath is where sessions begin and end. Signing in is not GraphQL: many
// tries in one request would be one try to whoever counts requests.
const sessionPath = "/api/v1/session"

// doorman tells who asks.
type doorman struct {
	staff  *staff.Staff
	logger *slog.Logger
	secure bool // the cookie goes over TLS only
}

type keyOf struct{}

// identified finds who asks, by a token or by the cookie; nobody is an answer
// too. A key that does not hold is refused, so that a client learns of it.
func (d *doorman) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, v, err := d.who(r)
		isSignIn := r.URL.Path == sessionPath && r.Method == http.MethodPost
		if staff.WasEnded(err) && !isSignIn { // the device may be in other hands: nothing of the person stays on it
			w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
		}
		switch {
		case staff.CodeOf(err) == staff.Unauthenticated && r.URL.Path != sessionPath && needsViewer(r):
			refuseStranger(w, r)
			return
		case err != nil && staff.CodeOf(err) == "":
			d.logger.ErrorContext(r.Context(), "who asks could not be looked up", "request", graph.RequestFrom(r.Context()).ID, "error", err)
			refuseAs(w, r, http.StatusServiceUnavailable, model.Failure())
			return
		case err == nil && v != (guard.Viewer{}):
			r = r.WithContext(d.entered(r.Context(), key, v))
		}
		next.ServeHTTP(w, r)
	})
}

// needsViewer holds for all that is not a page or a sign of life.
func needsViewer(r *http.Request) bool {
	return r.URL.Path == "/graphql" || strings.HasPrefix(r.URL.Path, "/api/")
}

// entered is a context in which somebody asks by a key.
func (d *doorman) entered(ctx context.Context, key staff.Key, v guard.Viewer) context.Context {
	ctx = context.WithValue(guard.NewContext(ctx, v), keyOf{}, key)
	return graph.WithRights(ctx, func(ctx context.Context) (guard.Viewer, error) {
		v, err := d.staff.Viewer(ctx, key)
		if staff.CodeOf(err) == staff.Unauthenticated {
			return v, noLonger()
		}
		return v, err
	})
}

func noLonger() *model.Error {
	return &model.Error{
		Code:    model.Unauthenticated,
		English: "your session or token has ended: sign in again",
		Italian: "la sessione o il token non vale più: accedere di nuovo",
	}
}

func (d *doorman) who(r *http.Request) (staff.Key, guard.Viewer, error) {
	if secret, ok := bearer(r.Header.Get("Authorization")); ok {
		return d.staff.AuthenticateToken(r.Context(), secret)
	}
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return staff.Key{}, guard.Viewer{}, nil //nolint:nilerr // without a cookie it is nobody
	}
	return d.staff.Authenticate(r.Context(), cookie.Value)
}

// bearer reads a token as RFC 6750 §2.1 writes it.
func bearer(header string) (string, bool) {
	scheme, secret, found := strings.Cut(header, " ")
	return strings.TrimSpace(secret), found && strings.EqualFold(scheme, "Bearer")
}

// required lets in only who is somebody. Before that nothing of a request is read.
func required(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := guard.From(r.Context()); !ok {
			refuseStranger(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuseStranger(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	refuseAs(w, r, http.StatusUnauthorized, &model.Error{
		Code: model.Unauthenticated, English: "sign in first, or send a token", Italian: "occorre accedere, o inviare un token",
	})
}

// refuseAs answers an expected error outside of GraphQL.
func refuseAs(w http.ResponseWriter, r *http.Request, status int, e *model.Error) {
	request := graph.RequestFrom(r.Context())
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{
		"message": e.In(request.Language), "extensions": map[string]any{"code": e.Code, "requestId": request.ID},
	}}})
}

// maxSignIn bounds the body of a sign-in.
const maxSignIn = 4 << 10

// signIn begins a session.
func (d *doorman) signIn(w http.ResponseWriter, r *http.Request) {
	var said struct{ Email, Password string }
	body := http.MaxBytesReader(w, r.Body, maxSignIn)
	if r.Header.Get("Content-Type") != "application/json" || json.NewDecoder(body).Decode(&said) != nil {
		refuse(w, r, http.StatusBadRequest, `the body is JSON (Content-Type: application/json) with "email" and "password"`)
		return
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	secret, v, err := d.staff.SignIn(r.Context(), said.Email, said.Password, staff.From{Address: host, Agent: r.UserAgent()})
	if e, ok := errors.AsType[*staff.Error](err); ok {
		refuseAs(w, r, http.StatusUnauthorized, &model.Error{Code: model.Unauthenticated, English: e.English, Italian: e.Italian})
		return
	} else if err != nil {
		refuse(w, r, http.StatusServiceUnavailable, "signing in does not work just now: try again")
		return
	}
	http.SetCookie(w, d.cookie(secret, int(staff.SessionLife.Seconds())))
	p, _ := v.Person()
	d.tellWho(w, r, v, staff.Key{Session: p.Session})
}

func (d *doorman) cookie(secret string, age int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure as soon as it goes over TLS
		Name: sessionCookie, Value: secret, Path: "/", MaxAge: age, HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteStrictMode,
	}
}

// whoAmI tells who is signed in.
func (d *doorman) whoAmI(w http.ResponseWriter, r *http.Request) {
	v, ok := guard.From(r.Context())
	if !ok {
		refuseStranger(w, r)
		return
	}
	key, _ := r.Context().Value(keyOf{}).(staff.Key)
	d.tellWho(w, r, v, key)
}

// tellWho tells it, and when the session ends.
func (d *doorman) tellWho(w http.ResponseWriter, r *http.Request, v guard.Viewer, key staff.Key) {
	until, err := d.staff.Until(r.Context(), key)
	if err != nil {
		refuse(w, r, http.StatusServiceUnavailable, "who you are could not be looked up just now: try again")
		return
	}
	p, _ := v.Person()
	said := map[string]any{"id": model.GlobalID{Type: "User", Row: p.ID}.String(), "name": p.Name}
	if !until.IsZero() {
		said["until"] = until
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(said)
}

// signOut ends the session of the cookie.
func (d *doorman) signOut(w http.ResponseWriter, r *http.Request) {
	if key, ok := r.Context().Value(keyOf{}).(staff.Key); ok && key.Session != 0 {
		if err := d.staff.SignOut(r.Context(), key); err != nil && staff.CodeOf(err) == "" {
			refuse(w, r, http.StatusServiceUnavailable, "signing out does not work just now: try again")
			return
		}
	}
	http.SetCookie(w, d.cookie("", -1))
	w.WriteHeader(http.StatusNoContent)
}

// hello answers connection_init: who has no viewer by the cookie says in it who
// it is, {"Authorization": "Bearer …"}. It gives the context of who is there.
func (d *doorman) hello(ctx context.Context, header string, visit *visit) (context.Context, error) {
	key, _ := ctx.Value(keyOf{}).(staff.Key)
	v, known := guard.From(ctx)
	if header != "" {
		secret, _ := bearer(header)
		var err error
		if key, v, err = d.staff.AuthenticateToken(ctx, secret); err != nil {
			return nil, errors.New("the token does not hold")
		}
		known, ctx = true, d.entered(ctx, key, v)
	}
	if !known {
		return nil, errors.New("sign in first")
	}
	p, _ := v.Person()
	visit.begin(p.ID, key)
	return ctx, nil
}

// watch closes the sockets of those whose key no longer holds: at once when the
// register says so, and by looking now and then, since time ends sessions
// without a word.
func (d *doorman) watch(ctx context.Context, feed *event.Feed, sockets *sockets) {
	ctx = guard.NewContext(ctx, guard.System("doorman"))
	for ctx.Err() == nil {
		s, err := feed.Subscribe(ctx, event.Cursor{})
		for err == nil {
			var events []event.Event
			looking, cancel := context.WithTimeout(ctx, lookAgain)
			events, err = s.Next(looking)
			cancel()
			if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
				err = nil
				d.recheck(ctx, sockets, func(*visit) bool { return true })
			}
			if people := ofPeople(events); len(people) > 0 {
				d.recheck(ctx, sockets, func(v *visit) bool { return people[v.person] })
			}
		}
		if errors.Is(err, event.ErrStopped) {
			return
		}
	}
}

// ofPeople finds whose keys an event may have ended.
func ofPeople(events []event.Event) map[int]bool {
	people := map[int]bool{}
	for _, e := range events {
		switch e.Kind {
		case event.SignedOut, event.TokenRevoked, event.UserDisabled, event.UserChanged:
			people[e.Person] = true
		}
	}
	return people
}

func (d *doorman) recheck(ctx context.Context, sockets *sockets, whom func(*visit) bool) {
	for s, v := range sockets.visits() {
		if !whom(v) {
			continue
		}
		if err := d.staff.Alive(ctx, v.key); staff.CodeOf(err) == staff.Unauthenticated {
			s.close(closeUnauthorized, "Session ended")
		}
	}
}
