package provider

import (
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

const delimiter = '.'

// session is one IMAP connection.
type session struct {
	p    *Provider
	conn *imapserver.Conn
	box  *box  // nil before LOGIN
	view *view // nil when no folder is selected
}

// view is a folder as one connection sees it: it learns of changes only when
// it is told.
type view struct {
	*folder
	tracker  *imapserver.SessionTracker
	readOnly bool
}

var _ imapserver.SessionMove = (*session)(nil)

func (p *Provider) newIMAP() *imapserver.Server {
	return imapserver.New(&imapserver.Options{
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			s := &session{p: p, conn: c}
			p.remember(s)
			return s, nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapMove: {}, imap.CapSpecialUse: {},
			imap.CapESearch: {}, imap.CapListExtended: {}, imap.CapListStatus: {}, imap.CapStatusSize: {}},
		Logger:       p.quiet("imap"),
		InsecureAuth: true,
	})
}

func (s *session) Close() error {
	s.p.forget(s)
	return s.Unselect()
}

func (s *session) Login(user, password string) error {
	b := s.p.authenticate(user, password)
	if b == nil {
		return imapserver.ErrAuthFailed
	}
	s.box = b
	return nil
}

func (s *session) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	f := s.box.folder(name)
	if f == nil {
		return nil, noSuchFolder(imap.ResponseCodeNonExistent)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s.setView(&view{folder: f, tracker: f.tracker.NewSession(), readOnly: o.ReadOnly})
	flags := []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft}
	d := &imap.SelectData{Flags: flags, NumMessages: uint32(len(f.messages)), UIDNext: f.next, UIDValidity: f.validity}
	if !o.ReadOnly {
		d.PermanentFlags = append(slices.Clone(flags), imap.FlagWildcard)
	}
	return d, nil
}

func (s *session) Unselect() error {
	if s.view != nil {
		s.view.tracker.Close()
	}
	s.setView(nil)
	return nil
}

// setView is told to the provider, which looks for the sessions of a folder.
func (s *session) setView(v *view) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.view = v
}

// current is for IDLE, which runs beside the connection and may outlive it.
func (s *session) current() *view {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	return s.view
}

func (s *session) Create(name string, _ *imap.CreateOptions) error {
	if !s.box.create(name, s.p.newValidity()) {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAlreadyExists, Text: "Folder exists"}
	}
	return nil
}

func (s *session) Delete(string) error { return unsupported("DELETE") }

func (s *session) Rename(string, string, *imap.RenameOptions) error { return unsupported("RENAME") }

func (s *session) Subscribe(string) error { return nil }

func (s *session) Unsubscribe(string) error { return nil }

func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, o *imap.ListOptions) error {
	if len(patterns) == 0 {
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: delimiter})
	}
	for _, f := range s.box.all() {
		wanted := func(pattern string) bool { return imapserver.MatchList(f.name, delimiter, ref, pattern) }
		if !slices.ContainsFunc(patterns, wanted) || o.SelectSpecialUse && len(f.use) == 0 {
			continue
		}
		d := &imap.ListData{Mailbox: f.name, Delim: delimiter, Attrs: f.use}
		if o.ReturnStatus != nil {
			d.Status = f.status(o.ReturnStatus)
		}
		if err := w.WriteList(d); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	f := s.box.folder(name)
	if f == nil {
		return nil, noSuchFolder(imap.ResponseCodeNonExistent)
	}
	return f.status(o), nil
}

func (s *session) AppendLimit() uint32 { return 256 << 20 }

func (s *session) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	f := s.box.folder(name)
	if f == nil {
		return nil, noSuchFolder(imap.ResponseCodeTryCreate)
	}
	b, err := s.p.spool.putReader(r)
	if err != nil {
		return nil, err
	}
	date := o.Time
	if date.IsZero() {
		date = s.p.config.Clock()
	}
	validity, uid := s.p.expose(s.box, f, stored{body: b}, date, Entry{}, o.Flags...)
	return &imap.AppendData{UIDValidity: validity, UID: uid}, nil
}

func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	if s.view == nil {
		return nil
	}
	return s.view.tracker.Poll(w, allowExpunge)
}

func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	if s.p.faults.active(NoIdle, s.box.account.Address) {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "IDLE is not available"}
	}
	v := s.current()
	if v == nil {
		<-stop
		return nil
	}
	if err := v.tracker.Poll(w, true); err != nil {
		return err
	}
	return v.tracker.Idle(w, stop)
}

func (s *session) Expunge(_ *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if s.view.readOnly {
		return nil // CLOSE after EXAMINE removes nothing (RFC 3501 §6.4.2)
	}
	s.view.remove(func(m *message) bool {
		return m.has(imap.FlagDeleted) && (uids == nil || uids.Contains(m.uid))
	})
	return nil
}

func (s *session) Copy(set imap.NumSet, dest string) (*imap.CopyData, error) {
	f := s.box.folder(dest)
	if f == nil {
		return nil, noSuchFolder(imap.ResponseCodeTryCreate)
	}
	d := &imap.CopyData{}
	var from, to imap.UIDSet
	for _, n := range s.view.pick(set) {
		validity, uid := s.p.expose(s.box, f, n.data, n.date, Entry{}, n.flags...)
		from.AddNum(n.uid)
		to.AddNum(uid)
		d.UIDValidity = validity
	}
	d.SourceUIDs, d.DestUIDs = from, to
	return d, nil
}

func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, dest string) error {
	if s.view.readOnly {
		return readOnly()
	}
	d, err := s.Copy(set, dest)
	if err != nil {
		return err
	}
	if err := w.WriteCopyData(d); err != nil {
		return err
	}
	moved := d.SourceUIDs
	s.view.remove(func(m *message) bool { return moved.Contains(m.uid) })
	return nil
}

func noSuchFolder(code imap.ResponseCode) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: "No such folder"}
}

func unsupported(command string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Text: command + " is not supported here"}
}

func readOnly() error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "The folder was opened with EXAMINE"}
}
