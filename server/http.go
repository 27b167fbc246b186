package server

import (
	"bufio"
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"golang.org/x/text/language"

	"github.com/smista/smista/almanac"
	"github.com/smista/smista/archive"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/closure"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/staff"
	"github.com/smista/smista/upload"
)

// Deps is what the front door needs of the other rooms.
type Deps struct {
	Client  *ent.Client // guarded
	Log     *event.Log
	Feed    *event.Feed
	Archive archive.Store
	Pages   http.Handler // everything that is not the API: web.Handler()
	Logger  *slog.Logger
	Limits  Limits

	Staff      *staff.Staff
	Work       *casework.Casework
	Dossier    *dossier.Dossier
	Replies    *reply.Replies
	Rules      *rulebook.Rulebook
	Almanac    *almanac.Almanac
	Closing    *closure.Closing
	Readings   *graph.Readings
	Mailboxes  graph.Mailboxes // nil: none are reached
	Quarantine graph.Quarantine
	House      graph.House     // nil: nothing is told of the program
	Uploads    *upload.Uploads // of files for replies; nil: there are none
	Push       string          // the public key of pushes; empty: push is off

	RemotePictures bool // may be shown, fetched by this server
	// DialPictures connects to servers of remote pictures; nil: to those of the internet
	// alone.
	DialPictures func(ctx context.Context, network, address string) (net.Conn, error)

	Operations     map[string]string // documents that may be named by their SHA-256
	OnlyRegistered bool              // whether no other ones are executed
	AllowedOrigins []string          // besides the program's own
	SecureCookie   bool              // the session's cookie goes over TLS only
	Introspection  bool              // GraphiQL needs it
	Checks         []Check           // what /readyz asks, besides the database
}

// Front is the front door: everything that is reached by HTTP.
type Front struct {
	handler http.Handler
	sockets *sockets
	door    *doorman
	feed    *event.Feed
}

// NewFront puts the front door together.
func NewFront(d Deps) *Front {
	door := &doorman{staff: d.Staff, logger: d.Logger, secure: d.SecureCookie}
	sockets := newSockets(d.Limits.Sockets, door)
	mux := http.NewServeMux()
	resolver := &graph.Resolver{
		Client: d.Client, Log: d.Log, Feed: d.Feed, Logger: d.Logger,
		Work: d.Work, Dossier: d.Dossier, Replies: d.Replies, Staff: d.Staff, Rules: d.Rules, Almanac: d.Almanac, Closing: d.Closing,
		Readings: d.Readings, Push: d.Push, Mailboxes: d.Mailboxes, Quarantine: d.Quarantine, House: d.House,
	}
	mux.Handle("/graphql", newGraphQL(d, resolver, sockets))
	mux.Handle("GET "+registerPath+"csv", required(exported(resolver, true)))
	mux.Handle("GET "+registerPath+"jsonl", required(exported(resolver, false)))
	mux.Handle("GET "+graph.CasesPath+"{id}/folder.zip", required(folder(d)))
	mux.Handle("GET "+overviewPath, required(overviewed(resolver)))
	mux.Handle("GET "+graph.OriginalsPath+"{digest}", required(download(d, findOriginal)))
	fetcher := newPictureFetcher(d.DialPictures)
	mux.Handle("GET "+graph.MessagesPath+"{id}/body", required(body(d, openMessage)))
	mux.Handle("GET "+graph.MessagesPath+"{id}/picture", required(remotePicture(d, fetcher, openMessage)))
	mux.Handle("GET "+graph.AttachmentsPath+"{id}/message", required(nested(d)))
	mux.Handle("GET "+graph.AttachmentsPath+"{id}/message/body", required(body(d, readNested)))
	mux.Handle("GET "+graph.AttachmentsPath+"{id}/message/picture", required(remotePicture(d, fetcher, readNested)))
	mux.Handle("GET "+graph.AttachmentsPath+"{id}/message/parts/{part}", required(nestedFile(d)))
	mux.Handle("GET "+graph.AttachmentsPath+"{id}", required(download(d, findAttachment)))
	mux.Handle("GET "+graph.ReplyFilesPath+"{id}", required(download(d, findReplyFile)))
	mux.Handle("GET "+graph.RepliesPath+"{id}/preview.eml", required(preview(d)))
	mux.Handle("GET "+graph.RepliesPath+"{id}/body", required(body(d, openReply)))
	if d.Uploads != nil {
		mux.Handle(graph.RepliesPath+"{reply}/files/{upload...}", required(d.Uploads))
	}
	mux.HandleFunc("POST "+sessionPath, door.signIn)
	mux.HandleFunc("GET "+sessionPath, door.whoAmI)
	mux.HandleFunc("DELETE "+sessionPath, door.signOut)
	mux.Handle("GET /livez", livez())
	mux.Handle("GET /readyz", readyz(d))
	mux.Handle("/", d.Pages)

	gate := newGate(d.AllowedOrigins)
	return &Front{handler: observed(d.Logger, gate.guarded(door.identified(mux))), sockets: sockets, door: door, feed: d.Feed}
}

// Watch closes the sockets of those whose session or token ends, until ctx does.
func (f *Front) Watch(ctx context.Context) { f.door.watch(ctx, f.feed, f.sockets) }

// ServeHTTP implements http.Handler.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.handler.ServeHTTP(w, r) }

// Shutdown tells every subscriber to come back later, and waits until they have
// gone. Call it beside http.Server.Shutdown, which does not know of sockets.
func (f *Front) Shutdown(ctx context.Context) error { return f.sockets.shutdown(ctx) }

// NewHTTPServer gives a server with the time limits that strangers call for.
// Answers that take longer, as downloads do, extend theirs as they go.
func NewHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// observed gives each request an id, writes a line about it, and turns a panic
// into an answer. The line has no query string: that may hold what is private.
func observed(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		request := graph.Request{ID: rand.Text(), Language: languageOf(r)}
		w.Header().Set("X-Request-Id", request.ID)
		answer := &answer{ResponseWriter: w}
		defer func() {
			cause := recover()
			if cause != nil && cause != http.ErrAbortHandler { //nolint:errorlint // the documented comparison
				log.Error("a request panicked", "request", request.ID, "cause", cause, "stack", string(debug.Stack()))
				refuse(answer, r, http.StatusInternalServerError, "internal error")
			}
			log.Info("request", "request", request.ID, "method", r.Method, "path", r.URL.Path,
				"status", answer.status, "bytes", answer.bytes, "took", time.Since(start).Round(time.Microsecond))
			if cause == http.ErrAbortHandler { //nolint:errorlint // the documented comparison
				panic(cause) //nolint:forbidigo // net/http ends the connection by it
			}
		}()
		next.ServeHTTP(answer, r.WithContext(graph.WithRequest(r.Context(), request)))
	})
}

// languageOf is the language in which errors speak to people.
func languageOf(r *http.Request) string {
	matcher := language.NewMatcher([]language.Tag{language.English, language.Italian})
	if _, i := language.MatchStrings(matcher, r.Header.Get("Accept-Language")); i == 1 {
		return "it"
	}
	return "en"
}

// answer notes what was answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Hijack is for sockets. One that is a stream of events has said so before.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.status = http.StatusSwitchingProtocols
	if a.Header().Get("Content-Type") == eventStream {
		a.status = http.StatusOK
	}
	return http.NewResponseController(a.ResponseWriter).Hijack()
}
