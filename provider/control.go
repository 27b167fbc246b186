package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const maxControlBody = 256 << 20 // a message to deliver

// controlHandler serves docs/provider.md. It asks for no password and listens
// on the loopback: whoever reaches it owns this world.
func (p *Provider) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /accounts", p.serveAccounts)
	mux.HandleFunc("GET /log", func(w http.ResponseWriter, _ *http.Request) { answer(w, p.Log(), nil) })
	mux.HandleFunc("POST /deliver", p.serveDeliver)
	mux.HandleFunc("POST /ordinary", p.serveOrdinary)
	mux.HandleFunc("POST /send", p.serveSend)
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { answer(w, p.Faults(), nil) })
	mux.HandleFunc("POST /faults", p.serveInject)
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		p.ClearFaults()
		answer(w, struct{}{}, nil)
	})
	mux.HandleFunc("POST /uidvalidity", p.serveUIDValidity)
	mux.HandleFunc("POST /hide", p.serveHide)
	mux.HandleFunc("POST /warn", p.serveWarn)
	mux.HandleFunc("POST /release", p.serveRelease)
	mux.HandleFunc("POST /settle", func(w http.ResponseWriter, r *http.Request) {
		answer(w, struct{}{}, p.Settle(r.Context()))
	})
	return http.MaxBytesHandler(mux, maxControlBody)
}

func (p *Provider) serveAccounts(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{"imap": p.IMAPAddr(), "smtp": p.SMTPAddr(), "accounts": p.Accounts()}, nil)
}

func (p *Provider) serveDeliver(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	uid, err := p.Deliver(q.Get("box"), q.Get("folder"), r.Body, time.Time{})
	answer(w, map[string]uint32{"uid": uid}, err)
}

func (p *Provider) serveOrdinary(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	answer(w, struct{}{}, p.Ordinary(q.Get("from"), q["to"], r.Body))
}

func (p *Provider) serveSend(w http.ResponseWriter, r *http.Request) {
	var m Mail
	if !read(w, r, &m) {
		return
	}
	id, err := p.Send(r.Context(), m)
	answer(w, map[string]string{"message_id": id}, err)
}

// faultRequest is a Fault with its delay in words ("2s").
type faultRequest struct {
	Fault
	Delay string `json:"delay"`
}

func (p *Provider) serveInject(w http.ResponseWriter, r *http.Request) {
	var f faultRequest
	if !read(w, r, &f) {
		return
	}
	if f.Delay != "" {
		d, err := time.ParseDuration(f.Delay)
		if err != nil {
			answer(w, nil, fmt.Errorf("delay: %w", err))
			return
		}
		f.Fault.Delay = d
	}
	answer(w, struct{}{}, p.Inject(f.Fault))
}

func (p *Provider) serveUIDValidity(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	validity, err := p.ChangeUIDValidity(q.Get("box"), q.Get("folder"))
	answer(w, map[string]uint32{"uid_validity": validity}, err)
}

func (p *Provider) serveHide(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	uid, err := strconv.ParseUint(q.Get("uid"), 10, 32)
	if err == nil {
		err = p.Hide(q.Get("box"), q.Get("folder"), uint32(uid), q.Get("show") == "")
	}
	answer(w, struct{}{}, err)
}

func (p *Provider) serveWarn(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	hours, err := strconv.Atoi(q.Get("hours"))
	if err == nil {
		err = p.Warn(q.Get("message_id"), hours)
	}
	answer(w, struct{}{}, err)
}

func (p *Provider) serveRelease(w http.ResponseWriter, r *http.Request) {
	answer(w, struct{}{}, p.Release(r.URL.Query().Get("box")))
}

// read decodes a request strictly: a fault misspelt is a fault not tested.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		answer(w, nil, fmt.Errorf("request: %w", err))
		return false
	}
	return true
}

// answer writes JSON, or the error in {"error": …} with status 400.
func answer(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		v = map[string]string{"error": err.Error()}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // Message-IDs stay readable
	if err := e.Encode(v); err != nil {
		w.WriteHeader(http.StatusInternalServerError) // too late to matter: the client has gone
	}
}
