package desk_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/demo"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/ledgerentry"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/mailbox"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/provider"
	"github.com/smista/smista/server"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// asCollector makes this test binary a collector with a desk; its value is a job.
const asCollector = "SMISTA_TEST_COLLECTOR"

// job is what a collector process is told.
type job struct {
	Data, Trust, IMAP string
	Once              bool // end when nothing waits any more
}

func TestMain(m *testing.M) {
	if text := os.Getenv(asCollector); text != "" {
		if err := collect(text); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// collect is the process that gets killed.
func collect(text string) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(guard.NewContext(context.Background(), guard.System("collector")))
	defer stop()
	hall, err := j.open(ctx)
	if err != nil {
		return err
	}
	fleet, err := j.fleet(hall.desk)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	ended := make(chan struct{})
	go func() { defer close(ended); _ = fleet.Run(ctx) }()
	for tick := time.NewTicker(5 * time.Millisecond); ; {
		select {
		case <-ended:
			return nil
		case <-tick.C:
			if j.Once && idle(fleet.Health()) {
				stop()
			}
		}
	}
}

func idle(all []mailbox.Health) bool {
	return !slices.ContainsFunc(all, func(h mailbox.Health) bool { return h.State != mailbox.Healthy || h.Backlog > 0 })
}

// hall is a desk on disk.
type hall struct {
	db    *store.DB
	files *archive.Dir
	log   *event.Log
	desk  *desk.Desk
}

func (j job) open(ctx context.Context) (h hall, err error) {
	anchors, err := smime.LoadAnchors(j.Trust)
	if err != nil {
		return h, err
	}
	if h.files, err = archive.OpenDir(filepath.Join(j.Data, "archive")); err != nil {
		return h, err
	}
	if h.db, err = store.Open(ctx, filepath.Join(j.Data, "smista.db"), slog.New(slog.DiscardHandler)); err != nil {
		return h, err
	}
	if err := h.db.Migrate(ctx); err != nil {
		return h, err
	}
	if h.log, err = event.NewLog(ctx, h.db, event.NewMemoryBus()); err != nil {
		return h, err
	}
	h.desk = desk.New(desk.Options{Archive: h.files, Client: h.db.Client(), Log: h.log, Verifier: anchors})
	var s desk.Settings
	for _, o := range demo.Offices() {
		s.Offices = append(s.Offices, desk.OfficeSetting{Code: o.Code, Name: o.Name})
	}
	for _, m := range demo.Mailboxes() {
		s.Mailboxes = append(s.Mailboxes, desk.MailboxSetting{Address: m.Address, Office: m.Office})
	}
	return h, h.desk.Configure(ctx, s)
}

func (j job) fleet(d *desk.Desk) (*mailbox.Fleet, error) {
	host, port, err := net.SplitHostPort(j.IMAP)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	var accounts []mailbox.Account
	for _, m := range demo.Mailboxes() {
		accounts = append(accounts, mailbox.Account{Address: m.Address, Host: host, Port: n, TLS: mailbox.TLSNone, Username: m.Address,
			Password: func() (mailbox.Secret, error) { return demo.Password, nil }})
	}
	return mailbox.NewFleet(accounts, server.Ledger{Desk: d.Ledger()}, server.Receiver(d),
		mailbox.Options{Timing: mailbox.Timing{Poll: 30 * time.Millisecond, Backoff: time.Millisecond}})
}

// start runs a collector process and returns when it is about to collect.
func (j job) start(t *testing.T) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	text, err := json.Marshal(j)
	require.NoError(t, err)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), asCollector+"="+string(text))
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	child.Stderr = os.Stderr
	require.NoError(t, child.Start())
	return child, bufio.NewReader(out)
}

// finish lets a collector work until nothing waits.
func (j job) finish(t *testing.T) {
	t.Helper()
	j.Once = true
	child, out := j.start(t)
	said, err := io.ReadAll(out)
	require.NoError(t, err)
	require.NoError(t, child.Wait(), string(said))
}

// TestACollectorKilledAtAnyMomentLosesNothingAndDoublesNothing: SIGKILL comes a
// hundred times while mail keeps arriving. What the provider exposed is the oracle
// for what must be there, and a collector that nobody killed for how it belongs together.
func TestACollectorKilledAtAnyMomentLosesNothingAndDoublesNothing(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	n := storetest.Seed(t)
	r := rand.New(rand.NewPCG(n, 2))
	world, err := provider.Start(t.Context(), demo.Config())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, world.Close()) })
	j := job{Data: t.TempDir(), Trust: t.TempDir(), IMAP: world.IMAPAddr()}
	require.NoError(t, world.SaveTrust(j.Trust))
	story := demo.NewStory(world, n)

	for range kills {
		require.NoError(t, story.Tell(t.Context(), 1+r.IntN(3)))
		j.kill(t, r)
	}
	require.NoError(t, world.Settle(t.Context()))
	j.finish(t)
	killed := j.judge(t, world)
	hit := j.hit(t)
	t.Logf("%d messages were under way when a kill came", hit)
	require.True(t, testing.Short() || hit > 0, "no kill came while a message was under way: this test proved nothing")

	calm := j
	calm.Data = t.TempDir()
	calm.finish(t)
	killed.isLike(t, calm.judge(t, world))
}

// kill ends a collector at a random moment: mostly while it collects, now and
// then while it starts.
func (j job) kill(t *testing.T, r *rand.Rand) {
	t.Helper()
	child, out := j.start(t)
	if r.IntN(10) > 0 {
		line, err := out.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "ready\n", line)
	}
	moment := time.NewTimer(time.Duration(r.IntN(80_000)) * time.Microsecond)
	<-moment.C
	require.NoError(t, child.Process.Kill())
	_ = child.Wait() // says that it was killed
}

// hit counts the messages that were begun more than once.
func (j job) hit(t *testing.T) int {
	t.Helper()
	ctx := guard.NewContext(t.Context(), guard.System("test"))
	h, err := j.open(ctx)
	require.NoError(t, err)
	defer func() { require.NoError(t, h.db.Close()) }()
	return h.db.Client().LedgerEntry.Query().Where(ledgerentry.AttemptsGT(1)).CountX(ctx)
}

// judge holds archive and tables against the log of the provider, and returns
// how the messages belong together.
func (j job) judge(t *testing.T, world *provider.Provider) bonds {
	t.Helper()
	ctx := guard.NewContext(t.Context(), guard.System("test"))
	h, err := j.open(ctx)
	require.NoError(t, err)
	defer func() { require.NoError(t, h.db.Close()) }()
	j.replay(ctx, t, h)

	exposed, digests, stood := expected(world)
	rows, err := h.db.Client().LedgerEntry.Query().WithMessage().
		WithFolder(func(q *ent.FolderQuery) { q.WithMailbox() }).All(ctx)
	require.NoError(t, err)
	got := map[string]string{}
	for _, e := range rows {
		require.Contains(t, []ledgerentry.State{ledgerentry.StateArchived, ledgerentry.StateReceipt}, e.State, e.Reason)
		require.NotNil(t, e.Edges.Message)
		require.Equal(t, e.Digest, e.Edges.Message.Digest)
		got[place(e.Edges.Folder.Edges.Mailbox.Address, e.Edges.Folder.Name, e.UIDValidity, e.UID)] = e.Digest
	}
	require.Equal(t, exposed, got, "each UID has one row, with its own bytes")
	require.Len(t, rows, len(exposed))
	messages, err := h.db.Client().Message.Query().All(ctx)
	require.NoError(t, err)
	require.Len(t, messages, len(digests), "each original is one message")
	for _, m := range messages {
		require.NoError(t, h.files.Verify(ctx, archive.Digest(m.Digest)))
	}
	require.Equal(t, stood, h.db.Client().Delivery.Query().CountX(ctx), "one delivery for each mailbox it stood in")
	judgeEvents(ctx, t, h, messages)
	return together(messages)
}

// replay takes in what was quarantined because the process died three times over it.
func (j job) replay(ctx context.Context, t *testing.T, h hall) {
	t.Helper()
	done, err := h.desk.Replay(ctx)
	require.NoError(t, err)
	require.Zero(t, done.Still)
	if done.Waiting > 0 {
		j.finish(t) //nolint:contextcheck // the collector is another process, and ends with the test
	}
}

func place(box, folder string, validity, uid uint32) string {
	return fmt.Sprintf("%s %s %d:%d", box, folder, validity, uid)
}

// expected is what the provider showed in our mailboxes.
func expected(world *provider.Provider) (exposed map[string]string, digests map[string]bool, stood int) {
	exposed, digests = map[string]string{}, map[string]bool{}
	pairs := map[string]bool{}
	for _, e := range world.Log() {
		ours := slices.ContainsFunc(demo.Mailboxes(), func(m demo.Mailbox) bool { return m.Address == e.Box })
		if e.Event == provider.Exposed && ours {
			exposed[place(e.Box, e.Folder, e.UIDValidity, e.UID)] = e.Digest
			digests[e.Digest] = true
			pairs[e.Box+e.Digest] = true
		}
	}
	return exposed, digests, len(pairs)
}

// judgeEvents: the log has no hole, and tells of each message and case once.
func judgeEvents(ctx context.Context, t *testing.T, h hall, messages []*ent.Message) {
	t.Helper()
	events, err := h.log.After(ctx, 0, 1<<20)
	require.NoError(t, err)
	came := map[int]int{}
	opened := map[int]int{}
	for _, e := range events {
		switch e.Kind {
		case event.MessageReceived, event.OutgoingArchived:
			came[e.Message]++
		case event.CaseOpened:
			opened[e.Case]++
		}
	}
	for _, m := range messages {
		if !m.Kind.Receipt() {
			require.Equal(t, 1, came[m.ID], "message %d was told once", m.ID)
		}
	}
	require.Len(t, opened, h.db.Client().CaseFile.Query().CountX(ctx))
	for c, n := range opened {
		require.Equal(t, 1, n, "case %d was opened once", c)
	}
}

// bonds is how messages belong together, each named by its digest.
type bonds struct {
	certifies map[string]string // receipts, and what they certify
	caseOf    map[string]int
	answer    map[string]bool // refers to another message
}

func together(messages []*ent.Message) bonds {
	b := bonds{certifies: map[string]string{}, caseOf: map[string]int{}, answer: map[string]bool{}}
	digest := map[int]string{}
	for _, m := range messages {
		digest[m.ID] = m.Digest
	}
	for _, m := range messages {
		if m.CaseID != nil {
			b.caseOf[m.Digest] = *m.CaseID
		}
		if m.ReceiptOfID != nil {
			b.certifies[m.Digest] = digest[*m.ReceiptOfID]
		}
		b.answer[m.Digest] = len(m.References) > 0
	}
	return b
}

// isLike: the same receipts are linked, the same messages have cases, and no
// case holds what belongs to different ones. Only an answer that was collected
// before the letter of ours that it answers may stand in a case of its own,
// which a person then merges.
func (b bonds) isLike(t *testing.T, calm bonds) {
	t.Helper()
	require.Equal(t, calm.certifies, b.certifies)
	belongs := map[int]int{}      // case here, case there
	parts := map[int][][]string{} // case there, cases here
	members := map[int][]string{}
	for digest, here := range b.caseOf {
		there, ok := calm.caseOf[digest]
		require.True(t, ok, "%s has a case only after kills", digest)
		if known, ok := belongs[here]; ok {
			require.Equal(t, known, there, "%s stands in the case of others", digest)
		}
		belongs[here] = there
		members[here] = append(members[here], digest)
	}
	require.Len(t, b.caseOf, len(calm.caseOf), "messages without a case")
	for here, there := range belongs {
		parts[there] = append(parts[there], members[here])
	}
	for _, split := range parts {
		whole := 0
		for _, part := range split {
			if !slices.ContainsFunc(part, func(digest string) bool { return b.answer[digest] }) {
				whole++
			}
		}
		require.LessOrEqual(t, whole, 1, "%v were one case without a kill", split)
	}
}
