package mailbox

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dialogue is one connection to a submission server. It speaks SMTP itself: a
// client that buffers the end of the message together with the final dot, and
// sends the dot when it only wants to close, cannot tell before from after.
//
// Whatever fails, the raw connection is cut and nothing more is said.
type dialogue struct {
	o      Outbound
	ctx    context.Context // ends the connection
	cancel context.CancelCauseFunc
	whole  *time.Timer // ends ctx, up to the dot
	unhook func() bool

	wire    *wire
	text    *textproto.Conn
	offers  map[string]string // what EHLO said, by upper-case keyword
	hide    *strings.Replacer // takes the password out of what the server says
	content io.ReadCloser
	writer  io.WriteCloser // of the message; its Close is the final dot
	dotted  bool           // the dot may have left
	taken   string         // the answer to it
}

func (o Outbound) dialogue(ctx context.Context, size int64) *dialogue {
	o.Patience = o.Patience.withDefaults()
	d := &dialogue{o: o, hide: strings.NewReplacer()}
	d.ctx, d.cancel = context.WithCancelCause(ctx)
	limit := o.Patience.Whole + time.Duration(size/slowest)*time.Second
	d.whole = time.AfterFunc(limit, func() { d.cancel(fmt.Errorf("it was not away after %v", limit)) })
	return d
}

// step is a part of the dialogue, to be done after the one before it went well.
type step struct {
	stage Stage
	do    func() error
}

func (d *dialogue) run(steps ...step) (answer string, err error) {
	for _, s := range steps {
		if err := s.do(); err != nil {
			return "", d.failed(s.stage, err)
		}
	}
	d.quit()
	return d.taken, nil
}

// open comes before the connection: a message that is not there costs nothing.
func (d *dialogue) open(m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	var err error
	if d.content, err = m.Open(); err != nil {
		return fmt.Errorf("open the message: %w", err)
	}
	return nil
}

func (d *dialogue) connect() error {
	if err := d.dial(); err != nil {
		return err
	}
	return d.protectFirst()
}

func (d *dialogue) dial() error {
	dialer := net.Dialer{Timeout: d.o.Patience.Connect, KeepAlive: 30 * time.Second}
	conn, err := dialer.DialContext(d.ctx, "tcp", d.o.addr())
	if err != nil {
		return err
	}
	d.wire = &wire{Conn: conn, silence: d.o.Patience.Connect}
	d.unhook = context.AfterFunc(d.ctx, d.wire.cut)
	d.text = textproto.NewConn(d.wire)
	return nil
}

// protectFirst puts TLS on the connection where it is there from the first byte.
func (d *dialogue) protectFirst() error {
	if d.o.TLS == "" || d.o.TLS == TLSImplicit {
		return d.protect()
	}
	return nil
}

// protect puts TLS on the connection.
func (d *dialogue) protect() error {
	d.wire.silence = d.o.Patience.Connect
	d.wire.arm(smallAnswer)
	conn := tls.Client(d.wire, &tls.Config{ServerName: d.o.Host, RootCAs: d.o.RootCAs, MinVersion: tls.VersionTLS12})
	if err := conn.HandshakeContext(d.ctx); err != nil {
		return fmt.Errorf("TLS: %w", err)
	}
	d.text = textproto.NewConn(conn)
	return nil
}

func (d *dialogue) greet() error {
	d.wire.silence = d.o.Patience.Command
	if _, err := d.answer(2); err != nil {
		return err
	}
	if err := d.hello(); err != nil || d.o.TLS != TLSStart {
		return err
	}
	if _, ok := d.offers["STARTTLS"]; !ok {
		return errors.New("the server does not offer STARTTLS: somebody may be in between")
	}
	if _, err := d.ask(2, "STARTTLS"); err != nil {
		return err
	}
	if err := d.inStep(); err != nil { // else what stands in the clear would be read as if protected
		return err
	}
	if err := d.protect(); err != nil {
		return err
	}
	d.wire.silence = d.o.Patience.Command
	return d.hello()
}

// hello gives our address for a name, as clients do that have none (RFC 5321 §4.1.4).
func (d *dialogue) hello() error {
	host, _, err := net.SplitHostPort(d.wire.LocalAddr().String())
	if err != nil {
		return err
	}
	if strings.Contains(host, ":") {
		host, _, _ = strings.Cut("IPv6:"+host, "%")
	}
	r, err := d.ask(2, "EHLO [%s]", host)
	if err != nil {
		return err
	}
	d.offers = map[string]string{}
	for _, line := range r.lines[1:] {
		keyword, value, _ := strings.Cut(line, " ")
		d.offers[strings.ToUpper(keyword)] = value
	}
	return nil
}

// limit is the size that the server announces (RFC 1870 §4), 0 for none.
func (d *dialogue) limit() int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(d.offers["SIZE"]), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// login says name and password by PLAIN (RFC 4616), else by LOGIN, whose
// challenges are answered in order, whatever they say.
func (d *dialogue) login() error {
	offered := strings.Fields(strings.ToUpper(d.offers["AUTH"]))
	plain := slices.Contains(offered, "PLAIN")
	if !plain && !slices.Contains(offered, "LOGIN") {
		return fmt.Errorf("the server offers neither AUTH PLAIN nor LOGIN, but %q", d.clean(d.offers["AUTH"]))
	}
	secret, err := d.o.Password()
	if err != nil {
		return fmt.Errorf("the password of %s: %w", d.o.Address, err)
	}
	name, password := d.o.Username, string(secret)
	both := base64.StdEncoding.EncodeToString([]byte("\x00" + name + "\x00" + password))
	alone := base64.StdEncoding.EncodeToString([]byte(password))
	if password != "" {
		d.hide = strings.NewReplacer(both, secret.String(), alone, secret.String(), password, secret.String())
	}
	if plain {
		_, err = d.ask(235, "AUTH PLAIN %s", both)
		return err
	}
	for _, line := range []string{"AUTH LOGIN", base64.StdEncoding.EncodeToString([]byte(name))} {
		if _, err := d.ask(334, "%s", line); err != nil {
			return err
		}
	}
	_, err = d.ask(235, "%s", alone)
	return err
}

func (d *dialogue) mail(m Message) error {
	params := ""
	if _, ok := d.offers["SIZE"]; ok {
		if limit := d.limit(); limit > 0 && m.Size > limit {
			return flaw(fmt.Sprintf("it has %d bytes, and the server takes %d", m.Size, limit))
		}
		params += fmt.Sprintf(" SIZE=%d", m.Size)
	}
	if m.EightBit {
		if _, ok := d.offers["8BITMIME"]; !ok {
			return flaw("it has bytes above 127, and the server does not take such messages")
		}
		params += " BODY=8BITMIME"
	}
	_, err := d.ask(2, "MAIL FROM:<%s>%s", d.o.Address, params)
	return err
}

// rcpt names all recipients, and says of all that were not accepted why.
func (d *dialogue) rcpt(to []string) error {
	var no rejected
	for _, address := range to {
		_, err := d.ask(2, "RCPT TO:<%s>", address)
		if answer, ok := errors.AsType[*refusal](err); ok {
			no = append(no, Rejection{address, answer.code, answer.enhanced, answer.text})
		} else if err != nil && no == nil {
			return err
		} else if err != nil {
			break // closed after the refusal
		}
	}
	if no != nil {
		return no
	}
	return nil
}

// data hands over everything but the dot. From here to there the writer must not
// be closed and no command be given: both would end the message where it is.
func (d *dialogue) data(m Message) error {
	if _, err := d.ask(354, "DATA"); err != nil {
		return err
	}
	d.writer = d.text.DotWriter()
	if _, err := io.Copy(d.writer, &outgoing{ctx: d.ctx, r: d.content, left: m.Size, eightBit: m.EightBit}); err != nil {
		return err
	}
	return d.text.W.Flush()
}

func (d *dialogue) intend(intent func(context.Context) error) error {
	if err := d.inStep(); err != nil {
		return err
	}
	if err := intent(d.ctx); err != nil {
		return err
	}
	if !d.whole.Stop() {
		<-d.ctx.Done() // it was too long, and is just being ended
	}
	return context.Cause(d.ctx)
}

// dot sends the message: all before it was flushed, so that this is its three bytes.
func (d *dialogue) dot() error {
	d.wire.silence = d.o.Patience.Answer
	d.dotted = true
	if err := d.writer.Close(); err != nil {
		return err
	}
	r, err := d.answer(2)
	d.taken = d.clean(strings.Join(r.lines, " "))
	return err
}

// quit takes leave without waiting for the answer: what counts is known.
func (d *dialogue) quit() {
	d.wire.silence = time.Second
	_ = d.text.PrintfLine("QUIT")
}

// close cuts the raw connection: closing TLS would write, and may wait.
func (d *dialogue) close() {
	d.whole.Stop()
	if d.wire != nil {
		d.unhook()
		d.wire.cut()
	}
	d.cancel(nil)
	if d.content != nil {
		_ = d.content.Close() // it was only read
	}
}

// reason puts the wire's reason, or that of the caller, in place of the general one.
func (d *dialogue) reason(err error) error {
	if is[*refusal](err) || is[rejected](err) || is[flaw](err) {
		return err
	}
	if d.wire != nil && d.wire.cause() != nil {
		return d.wire.cause()
	}
	if cause := context.Cause(d.ctx); cause != nil {
		return cause
	}
	return err
}
