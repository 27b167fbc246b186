package provider

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// smtpSession is one SMTP connection: of a customer after AUTH, else of the
// outside world, which may only write to our boxes.
type smtpSession struct {
	p     *Provider
	conn  *smtp.Conn
	login string
	from  string
	to    []string
}

func (p *Provider) newSMTP() *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &smtpSession{p: p, conn: c}, nil
	}))
	s.Domain = "localhost"
	s.MaxMessageBytes = p.config.Limit
	s.MaxRecipients = 500
	s.AllowInsecureAuth = true
	s.ErrorLog = p.quiet("smtp")
	return s
}

func (s *smtpSession) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

func (s *smtpSession) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return s.authenticate(user, password) }), nil
	case sasl.Login:
		return &loginServer{check: s.authenticate}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *smtpSession) authenticate(user, password string) error {
	b := s.p.authenticate(user, password)
	if b == nil {
		return smtp.ErrAuthFailed
	}
	s.login = lower(b.account.Address)
	return nil
}

func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.login != "" && lower(from) != s.login {
		return refuse(553, smtp.EnhancedCode{5, 7, 1}, "<"+from+">: Sender address rejected: not owned by user")
	}
	s.from, s.to = from, nil
	return nil
}

func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.login == "" && s.p.box(to) == nil {
		return refuse(550, smtp.EnhancedCode{5, 7, 1}, "<"+to+">: no such mailbox here, and no relaying without AUTH")
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes a message. The answer to the final dot is where the faults are.
func (s *smtpSession) Data(r io.Reader) error {
	data, err := s.p.spool.putReader(r)
	if err != nil {
		return err
	}
	do := s.p.faults.afterDot(s.from)
	if do == RefuseLate {
		s.p.ledger.add(Entry{At: s.p.config.Clock(), Event: Refused, From: s.from, To: s.to, Digest: data.digest})
		return refuse(554, smtp.EnhancedCode{5, 3, 0}, "Transaction failed")
	}
	take := s.p.submit
	if s.login == "" {
		take = s.p.receiveOrdinary
	}
	if err := take(s.from, s.to, data); err != nil {
		return refuse(554, smtp.EnhancedCode{5, 6, 0}, err.Error())
	}
	return s.answer(do)
}

func (s *smtpSession) answer(do Do) error {
	switch do {
	case Hang:
		s.waitForClient()
	case Drop:
		return errors.Join(errDropped, s.conn.Conn().Close())
	case FailStored:
		return refuse(451, smtp.EnhancedCode{4, 3, 0}, "Requested action aborted: local error in processing")
	default: // an answer as it should be
	}
	return nil
}

// waitForClient returns when the client has gone: it has nothing more to say
// before it has an answer.
func (s *smtpSession) waitForClient() {
	stop := context.AfterFunc(s.p.ctx, func() { _ = s.conn.Conn().Close() })
	defer stop()
	_, _ = io.Copy(io.Discard, s.conn.Conn())
}

func (s *smtpSession) Reset() { s.from, s.to = "", nil }

func (s *smtpSession) Logout() error { return nil }

var errDropped = errors.New("connection dropped on request")

func refuse(code int, enhanced smtp.EnhancedCode, message string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: strings.Map(printable, message)}
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return '?'
	}
	return r
}

// loginServer is AUTH LOGIN: the user, then the password, each on request.
type loginServer struct {
	check func(user, password string) error
	step  int
	user  string
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	l.step++
	switch {
	case l.step == 1 && response == nil:
		return []byte("Username:"), false, nil
	case l.step <= 2 && l.user == "":
		l.step, l.user = 2, string(response)
		return []byte("Password:"), false, nil
	case l.step == 3:
		return nil, true, l.check(l.user, string(response))
	}
	return nil, true, sasl.ErrUnexpectedClientResponse
}
