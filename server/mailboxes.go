package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/safe"
)

const (
	tryTime  = 12 * time.Second // for all servers of a mailbox, within the time of a query
	tryRest  = 10 * time.Second // between two tries of a mailbox: many could lock the account
	mostSaid = 500              // runes of what a server said
)

// mailboxes tries mailboxes, and sets their passwords, for administrators.
type mailboxes struct {
	*Instance

	mu    sync.Mutex
	tried map[string]time.Time // when it was tried last, by address; while it is being tried: far ahead
}

var _ graph.Mailboxes = (*mailboxes)(nil)

func newMailboxes(i *Instance) *mailboxes {
	return &mailboxes{Instance: i, tried: map[string]time.Time{}}
}

// Check implements graph.Mailboxes.
func (m *mailboxes) Check(ctx context.Context, address string) ([]model.MailboxStep, error) {
	box, err := m.named(address)
	if err != nil {
		return nil, err
	}
	return m.attempt(ctx, box, m.password(ctx, box))
}

// SetPassword implements graph.Mailboxes.
func (m *mailboxes) SetPassword(ctx context.Context, address, password string, check bool) (steps []model.MailboxStep, err error) {
	box, err := m.named(address)
	if err != nil {
		return nil, err
	}
	if !box.sealed() {
		return nil, &casework.Refused{
			Code: casework.Illegal, Italian: "la configurazione dice dove sta la password di questa casella (password_file o password_env): va cambiata lì",
			English: "the configuration says where the password of this mailbox is (password_file or password_env): change it there",
		}
	}
	if check {
		steps, err = m.attempt(ctx, box, func() (mailbox.Secret, error) { return mailbox.Secret(password), nil })
		if err != nil {
			return nil, err
		}
		if !allWell(steps) {
			return steps, &casework.Refused{
				Code: casework.Invalid, Path: "password", Italian: "la password non è stata conservata: la prova non è riuscita",
				English: "the password was not kept: the try failed",
			}
		}
	}
	return steps, m.safe.Keep(ctx, m.Log, box.Address, safe.NewPassword(password))
}

func (m *mailboxes) named(address string) (Mailbox, error) {
	box, err := m.Config.Mailbox(address)
	if err != nil {
		return box, &casework.Refused{
			Code: casework.Illegal, Path: "mailboxId", Italian: "la configurazione non nomina più questa casella",
			English: "the configuration no longer names this mailbox",
		}
	}
	return box, nil
}

// attempt tries a mailbox, if nobody else does and nobody just did.
func (m *mailboxes) attempt(ctx context.Context, box Mailbox, password func() (mailbox.Secret, error)) ([]model.MailboxStep, error) {
	if !m.begin(box.Address) {
		return nil, &casework.Refused{
			Code: casework.Unavailable, Italian: "questa casella è stata provata da poco: riprovare tra dieci secondi",
			English: "this mailbox was just tried: try again in ten seconds",
		}
	}
	defer m.end(box.Address)
	person, _ := guard.From(ctx)
	m.logger.Info("a mailbox is tried", "mailbox", box.Address, "by", person.String())
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	return m.steps(ctx, box, password)
}

func (m *mailboxes) begin(address string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if now.Before(m.tried[address].Add(tryRest)) {
		return false
	}
	m.tried[address] = now.Add(time.Hour) // until it ends
	return true
}

func (m *mailboxes) end(address string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tried[address] = time.Now()
}

// steps tries one server after the other. A password that the first one refuses is
// not shown to the second: refusals add up to a locked account.
func (m *mailboxes) steps(ctx context.Context, box Mailbox, password func() (mailbox.Secret, error)) ([]model.MailboxStep, error) {
	account, err := m.Config.Account(box)
	if err != nil {
		return nil, err
	}
	out, err := m.Config.Outbound(box)
	if err != nil {
		return nil, err
	}
	var secret mailbox.Secret
	account.Password = func() (s mailbox.Secret, err error) {
		secret, err = password()
		return secret, err
	}
	out.Password = account.Password
	tried := account.Probe(ctx, mailbox.Options{Timing: mailbox.Timing{Silence: tryTime}})
	last := tried[len(tried)-1]
	if out.Host != "" && (last.Err == nil || last.Stage != mailbox.StageLogin) {
		out.Patience = mailbox.Patience{Connect: tryTime, Command: tryTime, Whole: tryTime}
		tried = append(tried, out.Steps(ctx)...)
	}
	steps := make([]model.MailboxStep, len(tried))
	for i, t := range tried {
		steps[i] = shownStep(t, secret, graph.RequestFrom(ctx).Language == "it")
	}
	return steps, nil
}

func allWell(steps []model.MailboxStep) bool {
	for _, s := range steps {
		if !s.Ok {
			return false
		}
	}
	return true
}

func shownStep(t mailbox.Tried, secret mailbox.Secret, italian bool) model.MailboxStep {
	s := model.MailboxStep{
		Server: model.MailboxServer(strings.ToUpper(string(t.Server))), Stage: model.MailboxStage(strings.ToUpper(string(t.Stage))), Ok: t.Err == nil,
	}
	if t.Err != nil {
		s.Text, s.Detail = whyNot(t, italian), unsecret(t.Err.Error(), secret)
	}
	return s
}

// unsecret is what a server said, in one line and without the password, in whatever
// form it repeats it.
func unsecret(text string, secret mailbox.Secret) string {
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "\uFFFD")
	if secret != "" {
		plain := string(secret)
		for _, form := range []string{
			strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(plain), plain, base64.StdEncoding.EncodeToString([]byte(plain)), strings.Join(strings.Fields(plain), " "),
		} {
			text = strings.ReplaceAll(text, form, secret.String())
		}
	}
	return cutShort(text, mostSaid)
}

// whyNot says what a failure means, and what to do about it.
func whyNot(t mailbox.Tried, italian bool) string {
	say := func(it, en string) string {
		if italian {
			return it
		}
		return en
	}
	var refused *mailbox.RefusedError
	var name *net.DNSError
	switch err := t.Err; {
	case t.Stage == mailbox.StageSettings:
		return say("La configurazione della casella non è completa: la corregge chi gestisce Smista.",
			"The configuration of the mailbox is not complete: who runs Smista corrects it.")
	case errors.Is(err, safe.ErrNoPassword):
		return say("La casella non ha ancora una password: impostarla.", "The mailbox has no password yet: set it.")
	case errors.Is(err, safe.ErrOtherKey), errors.Is(err, safe.ErrOtherMailbox):
		return say("La password conservata non si può aprire: impostarla di nuovo.", "The password that is kept cannot be opened: set it again.")
	case errors.As(err, &refused):
		return say("Il server non accetta il nome o la password: controllare la password presso il gestore, forse è scaduta o la casella è bloccata.",
			"The server does not accept the name or the password: check the password with the provider, it may have expired, or the mailbox is locked.")
	case certificateIsWrong(err):
		return say("Il certificato del server non è valido per questo nome: non proseguire, e chiedere al gestore.",
			"The certificate of the server is not valid for this name: go no further, and ask the provider.")
	case errors.As(err, &name):
		return say("Il nome del server non si trova: controllare come è scritto, e la rete.",
			"The name of the server is not found: check how it is written, and the network.")
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), timedOut(err):
		return say("Il server non risponde in tempo: riprovare; se continua, controllare indirizzo e porta, o un firewall.",
			"The server does not answer in time: try again; if it goes on, check address and port, or a firewall.")
	}
	return map[mailbox.Stage]string{
		mailbox.StageConnect: say("Il server non si raggiunge: controllare indirizzo, porta e rete.",
			"The server is not reached: check address, port and network."),
		mailbox.StageTLS: say("La connessione protetta non riesce: controllare che la porta e il tipo di protezione (tls) vadano insieme.",
			"The connection cannot be protected: check that the port and the kind of protection (tls) go together."),
		mailbox.StageLogin: say("L'accesso non riesce, e non è detto che dipenda dalla password.",
			"The login fails, and not necessarily because of the password."),
		mailbox.StageFolders: say("Una cartella che va raccolta non si apre: controllarne il nome nella configurazione.",
			"A folder that is collected does not open: check its name in the configuration."),
	}[t.Stage]
}

func certificateIsWrong(err error) bool {
	return cmp.Or(is[x509.UnknownAuthorityError](err), is[x509.HostnameError](err),
		is[x509.CertificateInvalidError](err), is[*tls.CertificateVerificationError](err))
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}
