package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	listAnswer = 4 << 20 // bytes of all folder names
	perUID     = 11      // bytes of a UID and a space in a SEARCH answer
	// maxCount is the most messages we believe a folder to have.
	maxCount = 2_000_000
)

// selected is the server's account of the open folder.
type selected struct {
	Name                         string
	UIDValidity, UIDNext, Exists uint32
}

// examine opens a folder read-only (RFC 9051 §6.3.3).
func (s *session) examine(folder string) (selected, error) {
	s.folder = selected{}
	err := s.do("EXAMINE", smallAnswer, func() error {
		data, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil {
			return err
		}
		s.folder = selected{folder, data.UIDValidity, uint32(data.UIDNext), data.NumMessages}
		return nil
	})
	if err != nil {
		return selected{}, fmt.Errorf("folder %q of %s: %w", folder, s.acc.Address, err)
	}
	if s.folder.UIDValidity == 0 {
		return selected{}, fmt.Errorf("folder %q of %s: the server gives no UIDVALIDITY, so its messages have no lasting names and cannot be collected safely", folder, s.acc.Address)
	}
	return s.folder, nil
}

// search lists the UIDs of the open folder from first on, ascending.
func (s *session) search(first uint32) ([]uint32, error) {
	return s.searchSet(imap.UIDSet{imap.UIDRange{Start: imap.UID(max(first, 1)), Stop: 0}}, max(first, 1))
}

// exists tells whether the open folder still has a message.
func (s *session) exists(uid uint32) (bool, error) {
	uids, err := s.searchSet(imap.UIDSetNum(imap.UID(uid)), uid)
	return slices.Contains(uids, uid), err
}

func (s *session) searchSet(set imap.UIDSet, first uint32) ([]uint32, error) {
	var uids []uint32
	count := min(int64(s.folder.Exists), maxCount)
	err := s.do("UID SEARCH", smallAnswer+perUID*2*count, func() error {
		data, err := s.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}}, nil).Wait()
		if err != nil {
			return err
		}
		found, _ := data.All.(imap.UIDSet)
		uids, err = spread(found, first, 2*count+smallAnswer)
		return err
	})
	return uids, err
}

// spread writes ranges out, dropping what is below first ("n:*" always names
// the last message) and refusing more than limit.
func spread(set imap.UIDSet, first uint32, limit int64) ([]uint32, error) {
	var uids []uint32
	for _, r := range set {
		if r.Start == 0 || r.Stop < r.Start {
			return nil, fmt.Errorf("the server lists %d:%d as UIDs", r.Start, r.Stop)
		}
		start := max(uint32(r.Start), first)
		for u := uint64(start); u <= uint64(r.Stop); u++ {
			if uids = append(uids, uint32(u)); int64(len(uids)) > limit {
				return nil, fmt.Errorf("%w: more UIDs than the folder has messages", errTooMuch)
			}
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// sentFolder finds the folder marked \Sent (RFC 6154), "" when there is none.
func (s *session) sentFolder() (string, error) {
	var opts *imap.ListOptions
	if s.caps.Has(imap.CapSpecialUse) && (s.caps.Has(imap.CapListExtended) || s.caps.Has(imap.CapIMAP4rev2)) {
		opts = &imap.ListOptions{ReturnSpecialUse: true}
	}
	var sent string
	err := s.do("LIST", listAnswer, func() error {
		cmd := s.client.List("", "*", opts)
		for f := cmd.Next(); f != nil; f = cmd.Next() {
			if slices.Contains(f.Attrs, imap.MailboxAttrSent) && sent == "" {
				sent = f.Mailbox
			}
		}
		return cmd.Close()
	})
	return sent, err
}

// idle waits for the bell, for at most d, with IDLE (RFC 2177) where the server
// has it.
func (s *session) idle(ctx context.Context, d time.Duration) error {
	if !s.caps.Has(imap.CapIdle) {
		s.wait(ctx, d)
		return nil
	}
	var cmd *imapclient.IdleCommand
	err := s.do("IDLE", smallAnswer, func() (err error) {
		cmd, err = s.client.Idle()
		return err
	})
	if err != nil {
		return err
	}
	s.wait(ctx, d)
	return s.do("DONE", smallAnswer, func() error {
		return errors.Join(cmd.Close(), cmd.Wait())
	})
}

func (s *session) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.bell:
	case <-timer.C:
	case <-ctx.Done():
	case <-s.client.Closed():
	}
}
