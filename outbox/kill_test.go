package outbox_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/demo"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/outbox"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/server"
	"github.com/smista/smista/store"
	"github.com/smista/smista/track"
)

// asSender makes this test binary a sender and collector; its value is a job.
const asSender = "SMISTA_TEST_SENDER"

// job is what a sender process is told.
type job struct {
	URL, Data, Trust, IMAP, SMTP string
	DieAt                        int           // the step at which it kills itself; 0: none
	Ahead                        time.Duration // of its clock
}

func TestMain(m *testing.M) {
	if text := os.Getenv(asSender); text != "" {
		if err := send(text); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// steps kills the process at one of them: SIGKILL, which nothing can catch.
type steps struct {
	dieAt int64
	count atomic.Int64
}

func (s *steps) step() {
	if s.count.Add(1) == s.dieAt {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // until it comes
	}
}

// mortal is a database at whose transactions a process dies: before they begin,
// before they commit, or behind the commit.
type mortal struct {
	event.Store
	*steps
}

func (m mortal) Tx(ctx context.Context, change func(ctx context.Context, tx *ent.Tx) error) error {
	m.step()
	err := m.Store.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		err := change(ctx, tx)
		m.step()
		return err
	})
	m.step()
	return err
}

// office is the system that sends, on a database that others use as well.
type office struct {
	db    *store.DB
	log   *event.Log
	files *archive.Dir
	desk  *desk.Desk
	track *track.Tracker
	ahead atomic.Int64
}

func (o *office) now() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) }

func (j job) open(ctx context.Context, mayDie *steps) (*office, error) {
	anchors, err := smime.LoadAnchors(j.Trust)
	if err != nil {
		return nil, err
	}
	o := &office{}
	o.ahead.Store(int64(j.Ahead))
	if o.files, err = archive.OpenDir(filepath.Join(j.Data, "archive")); err != nil {
		return nil, err
	}
	if o.db, err = store.Open(ctx, j.URL, slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	if o.log, err = event.NewLog(ctx, mortal{o.db, mayDie}, event.NewMemoryBus()); err != nil {
		return nil, err
	}
	folder := dossier.New(dossier.Options{House: deadline.Standard(time.UTC), Log: o.log, Now: o.now})
	o.track = track.New(track.Options{Log: o.log, Dossier: folder, Now: o.now})
	o.desk = desk.New(desk.Options{Archive: o.files, Client: o.db.Client(), Log: o.log, Dossier: folder, Track: o.track, Verifier: anchors, Now: o.now})
	return o, nil
}

// prepared lets a desk be what an outbox asks for.
type prepared struct{ *desk.Desk }

func (p prepared) Prepare(ctx context.Context, box string, d archive.Digest, size int64) (outbox.Departure, error) {
	return p.Desk.Prepare(ctx, box, d, size)
}

func (j job) outbox(o *office, mayDie *steps) *outbox.Outbox {
	return o.outbox(120*time.Millisecond, func(ctx context.Context, box string, l outbox.Letter) (string, error) {
		mayDie.step()
		answer, err := j.submit(ctx, box, l, mayDie)
		mayDie.step()
		return answer, err
	})
}

// outbox sends what the office has written.
func (o *office) outbox(lease time.Duration, submit outbox.Submit) *outbox.Outbox {
	return outbox.New(outbox.Options{
		Client: o.db.Client(), Log: o.log, Archive: o.files, Desk: prepared{o.desk}, Track: o.track, Now: o.now,
		Logger: slog.New(slog.DiscardHandler), Lease: lease, Submit: submit,
	})
}

func (j job) submit(ctx context.Context, box string, l outbox.Letter, mayDie *steps) (string, error) {
	host, port := split(j.SMTP)
	door := mailbox.Outbound{
		Address: box, Host: host, Port: port, TLS: mailbox.TLSNone, Username: box, Password: func() (mailbox.Secret, error) { return demo.Password, nil },
		Patience: mailbox.Patience{Connect: time.Second, Command: 300 * time.Millisecond, Whole: 5 * time.Second, Answer: 300 * time.Millisecond},
	}
	dot := l.Dot
	l.Dot = func(ctx context.Context) error {
		mayDie.step()
		err := dot(ctx)
		mayDie.step()
		return err
	}
	return through(ctx, door, l)
}

// through hands a letter over, and says what became of it as an outbox hears it.
func through(ctx context.Context, door mailbox.Outbound, l outbox.Letter) (string, error) {
	answer, err := door.Submit(ctx, mailbox.Message{To: l.To, Size: l.Size, Open: l.Open, Intent: l.Dot})
	if e, ok := errors.AsType[*mailbox.SubmitError](err); ok {
		switch e.Outcome {
		case mailbox.OutcomeNotSent:
			return "", &outbox.NotTaken{Permanent: e.Permanent, Reason: e.Error()}
		case mailbox.OutcomeRefused:
			return "", &outbox.Refused{Reason: e.Error()}
		}
	}
	return answer, err
}

func split(address string) (string, int) {
	host, port, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(port)
	return host, n
}

// send is the process that gets killed: it sends what is queued and collects
// what comes back, until nothing is left to do.
func send(text string) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(guard.NewContext(context.Background(), guard.System("sender")), time.Minute)
	defer stop()
	mayDie := &steps{dieAt: int64(j.DieAt)}
	o, err := j.open(ctx, mayDie)
	if err != nil {
		return err
	}
	box := j.outbox(o, mayDie)
	for {
		if err := box.Round(ctx); err != nil {
			return err
		}
		open, err := o.db.Client().Reply.Query().Where(entreply.StateIn(entreply.StateQueued, entreply.StateSending)).Order(ent.Desc(entreply.FieldSendAt)).All(ctx)
		if err != nil || len(open) == 0 {
			return err
		}
		if !slices.ContainsFunc(open, func(r *ent.Reply) bool { return r.State == entreply.StateSending || r.SendAt.Before(o.now()) }) {
			o.ahead.Add(int64(open[0].SendAt.Sub(o.now()) + time.Millisecond)) // nobody waits for the next try here
		}
		tick := time.NewTimer(10 * time.Millisecond)
		<-tick.C
	}
}

// run starts a sender and waits until it ends, or is dead.
func (j job) run(t *testing.T, kill time.Duration) {
	t.Helper()
	text, err := json.Marshal(j)
	require.NoError(t, err)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), asSender+"="+string(text))
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	if kill > 0 {
		moment := time.AfterFunc(kill, func() { _ = child.Process.Kill() })
		defer moment.Stop()
	}
	said, err := io.ReadAll(out)
	require.NoError(t, err)
	err = child.Wait()
	if j.DieAt == 0 && kill == 0 {
		require.NoError(t, err, string(said))
	}
	require.Empty(t, string(said))
}

// collect brings home what the provider has for our mailboxes, until it is idle.
func (j job) collect(t *testing.T, o *office) {
	t.Helper()
	host, port := split(j.IMAP)
	o.collect(t, mailbox.Account{
		Address: demo.Protocollo, Host: host, Port: port, TLS: mailbox.TLSNone, Username: demo.Protocollo,
		Password: func() (mailbox.Secret, error) { return demo.Password, nil },
	}, nil)
}

// collect brings home what there is in an account, until it is idle.
func (o *office) collect(t *testing.T, account mailbox.Account, trust *tls.Config) {
	t.Helper()
	fleet, err := mailbox.NewFleet([]mailbox.Account{account}, server.Ledger{Desk: o.desk.Ledger()}, server.Receiver(o.desk),
		mailbox.Options{Timing: mailbox.Timing{Poll: 20 * time.Millisecond, Backoff: time.Millisecond}, TLS: trust})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(guard.NewContext(t.Context(), guard.System("collector")))
	done := make(chan struct{})
	go func() { defer close(done); _ = fleet.Run(ctx) }()
	require.Eventually(t, func() bool {
		return !slices.ContainsFunc(fleet.Health(), func(h mailbox.Health) bool { return h.State != mailbox.Healthy || h.Backlog > 0 })
	}, 30*time.Second, 10*time.Millisecond)
	stop()
	<-done
}
