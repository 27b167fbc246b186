package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"entgo.io/ent/dialect"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/notice"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec/smime"
)

const (
	greetTime   = 3 * time.Second     // for the public address to show its certificate
	greetRest   = 10 * time.Minute    // between two looks at it
	failedSince = 30 * 24 * time.Hour // how long what was given up is told of
)

// house tells administrators of this instance and what it stands on.
type house struct {
	*Instance

	started   time.Time
	providers []model.SystemCertificate // their trusted roots

	mu      sync.Mutex
	front   model.SystemCertificate // of the public address
	greeted time.Time               // when it was looked at last
}

var _ graph.House = (*house)(nil)

func newHouse(i *Instance) *house {
	return &house{Instance: i, started: time.Now(), providers: rootsOf(i.Config.Trust)}
}

// rootsOf are the certificates that vouch for providers: of a folder, or the program's own.
func rootsOf(folder string) (list []model.SystemCertificate) {
	anchors := smime.DefaultAnchors()
	if folder != "" {
		var err error
		if anchors, err = smime.LoadAnchors(folder); err != nil {
			return []model.SystemCertificate{{Of: model.SystemCertificateOfProviders, Subject: folder, Trouble: err.Error()}}
		}
	}
	for _, root := range anchors.Roots() {
		list = append(list, model.SystemCertificate{Of: model.SystemCertificateOfProviders, Subject: root.Subject.String(), Until: &root.NotAfter})
	}
	return list
}

// System implements graph.House.
func (h *house) System(ctx context.Context) (*model.System, error) {
	ctx = guard.NewContext(ctx, guard.System("system page"))
	s := &model.System{StartedAt: h.started, Bell: h.bell(ctx), Certificates: h.certificates(ctx), Disk: diskOf(h.Config.Data)}
	s.Version, s.Revision, s.Go = built()
	schema, err := h.schema(ctx)
	if err != nil {
		return nil, err
	}
	s.Database = schema
	if s.Queues, err = h.queues(ctx); err != nil {
		return nil, err
	}
	if h.sealer != nil {
		if head := h.sealer.Head(); head.Size > 0 {
			s.Seal = &model.SystemSeal{Size: head.Size, At: head.Time}
		}
	}
	return s, nil
}

// built is what the Go command recorded in this program.
func built() (version, revision, language string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", "", ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	return info.Main.Version, revision, info.GoVersion
}

func (h *house) schema(ctx context.Context) (*model.SystemDatabase, error) {
	status, err := h.DB.Status(ctx)
	if err != nil {
		return nil, err
	}
	kind := "PostgreSQL"
	if h.DB.Dialect() == dialect.SQLite {
		kind = "SQLite"
	}
	return &model.SystemDatabase{Kind: kind, Schema: strconv.FormatInt(status.Have, 10), Wanted: strconv.FormatInt(status.Want, 10)}, nil
}

// bell tells of the instances that hear each other; alone there is this one.
func (h *house) bell(ctx context.Context) *model.SystemBell {
	shared, ok := h.bus.(interface {
		Instances(ctx context.Context) (int, error)
	})
	if !ok {
		return &model.SystemBell{Rings: true, Instances: new(1)}
	}
	b := &model.SystemBell{Shared: true, Rings: h.bus.Err() == nil}
	if n, err := shared.Instances(ctx); err == nil {
		b.Instances = &n
	}
	return b
}

// queues count what waits, and what was given up.
func (h *house) queues(ctx context.Context) ([]model.SystemQueue, error) {
	last, err := h.Log.Last(ctx)
	if err != nil {
		return nil, err
	}
	unsealed := last
	if h.sealer != nil {
		unsealed -= h.sealer.Head().Size
	}
	c, since := h.DB.Client(), time.Now().Add(-failedSince)
	queues := []model.SystemQueue{{Name: model.SystemQueueNameSealing, Waiting: max(unsealed, 0)}}
	for _, q := range []struct {
		name            model.SystemQueueName
		waiting, failed interface {
			Count(ctx context.Context) (int, error)
		}
	}{
		{model.SystemQueueNameOutbox, c.Reply.Query().Where(reply.StateEQ(reply.StateQueued)), lost(c, since)},
		{
			model.SystemQueueNameNotices, c.Notice.Query().Where(notice.StateIn(notice.StateWaiting, notice.StateSending)),
			c.Notice.Query().Where(notice.StateEQ(notice.StateFailed), notice.CreatedAtGT(since)),
		},
		{model.SystemQueueNamePushes, c.Notice.Query().Where(notice.PushIn(notice.PushWaiting, notice.PushSending)), nil},
	} {
		row := model.SystemQueue{Name: q.name}
		if row.Waiting, err = q.waiting.Count(ctx); err != nil {
			return nil, err
		}
		if q.failed != nil {
			if row.Failed, err = q.failed.Count(ctx); err != nil {
				return nil, err
			}
		}
		queues = append(queues, row)
	}
	return queues, nil
}

// lost are the replies that wait for a person: of which nobody knows, and that were
// refused not long ago.
func lost(c *ent.Client, since time.Time) *ent.ReplyQuery {
	return c.Reply.Query().Where(reply.Or(reply.StateEQ(reply.StateUncertain), reply.And(reply.StateEQ(reply.StateRefused), reply.EditedAtGT(since))))
}

// certificates are that of the public address, where people come by https, and the
// roots of the providers.
func (h *house) certificates(ctx context.Context) []model.SystemCertificate {
	if !h.overTLS() {
		return slices.Clone(h.providers)
	}
	return append([]model.SystemCertificate{h.greet(ctx)}, h.providers...)
}

// greet asks the public address for its certificate, not often: it is the proxy's.
func (h *house) greet(ctx context.Context) model.SystemCertificate {
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.greeted) > greetRest {
		h.front, h.greeted = certificateAt(ctx, h.Config.PublicURL), time.Now()
	}
	return h.front
}

func certificateAt(ctx context.Context, address string) model.SystemCertificate {
	shown := model.SystemCertificate{Of: model.SystemCertificateOfPublicURL, Subject: address}
	u, err := url.Parse(address)
	if err != nil {
		shown.Trouble = err.Error()
		return shown
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	ctx, cancel := context.WithTimeout(ctx, greetTime)
	defer cancel()
	conn, err := (&tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	var leaf *x509.Certificate
	if conn, ok := conn.(*tls.Conn); ok && err == nil {
		leaf = conn.ConnectionState().PeerCertificates[0]
		_ = conn.Close() // nothing was said
	}
	if refused, ok := errors.AsType[*tls.CertificateVerificationError](err); ok && len(refused.UnverifiedCertificates) > 0 {
		leaf = refused.UnverifiedCertificates[0]
	}
	if err != nil {
		shown.Trouble = err.Error()
	}
	if leaf != nil {
		shown.Subject, shown.Until = leaf.Subject.String(), &leaf.NotAfter
	}
	return shown
}
