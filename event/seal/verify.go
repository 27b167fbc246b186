package seal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Verify compares the log with what the seals in dir say it was. The key is
// the public one of that folder, best from another place; empty for the key.pub
// that stands there. The error says that something could not be read: what was
// found wrong is in the report. The sealer may go on meanwhile.
func Verify(ctx context.Context, source Source, dir, publicKey string) (Report, error) {
	r, err := verify(ctx, source, dir, publicKey)
	if err != nil {
		return r, fmt.Errorf("verify the register: %w", err)
	}
	return r, nil
}

func verify(ctx context.Context, source Source, dir, publicKey string) (Report, error) {
	key, err := verifierOf(dir, publicKey)
	if err != nil {
		return Report{}, err
	}
	headsOf, err := openToRead(dir, headsFile)
	if err != nil {
		return Report{}, err
	}
	defer headsOf.Close()
	v := &verification{}
	size, err := v.readHeads(headsOf, key)
	if err != nil {
		return v.Report, err
	}
	hashes, err := openToRead(dir, hashesFile)
	if err != nil {
		return v.Report, err
	}
	defer hashes.Close()
	v.heads = newHeads(io.NewSectionReader(headsOf, 0, size), key)
	v.log = &logWindow{ctx: ctx, source: source, next: math.MinInt}
	v.sealed = &sealedWindow{hashes: bufio.NewReaderSize(hashes, 1<<16), size: v.Head.Size}
	err = v.run()
	return v.Report, err
}

func verifierOf(dir, publicKey string) (note.Verifier, error) {
	if publicKey == "" {
		_, verifier, err := publicKeyOf(dir)
		return verifier, err
	}
	verifier, err := note.NewVerifier(publicKey)
	if err != nil {
		return nil, fmt.Errorf("the public key: %w", err)
	}
	return verifier, nil
}

// nothing is a file that is missing: as good as empty.
type nothing struct{}

func (nothing) Read([]byte) (int, error)          { return 0, io.EOF }
func (nothing) ReadAt([]byte, int64) (int, error) { return 0, io.EOF }
func (nothing) Close() error                      { return nil }

type readable interface {
	io.Reader
	io.ReaderAt
	io.Closer
}

func openToRead(dir, name string) (readable, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(dir); err != nil {
			return nil, err
		}
		return nothing{}, nil
	}
	return f, err
}

// verification goes once along the log, the stored hashes and the heads. Two
// trees grow on the way: of the stored leaves, and of the log's. A head that
// one of them fits proves that one, and where they differ tells which is wrong.
type verification struct {
	Report
	heads  *heads
	log    *logWindow
	sealed *sealedWindow

	stored, found tree
	proved        int     // size of the last head that fitted
	pending       []Found // since then
	damaged       []Found // stored hashes that differ from what their leaves give
	suspects      []Found // heads since then that nothing fitted
	suspectSize   int     // of the last of them
	swapOf        int     // the first of two events that changed places
}

// readHeads looks at the heads alone: signed, and never smaller. It returns
// how much of the file it read: heads that a sealer adds meanwhile do not count.
func (v *verification) readHeads(r io.ReaderAt, key note.Verifier) (int64, error) {
	all := newHeads(io.NewSectionReader(r, 0, 1<<62), key)
	for {
		h, err := all.next()
		switch {
		case err == io.EOF:
			return all.end, nil
		case errors.Is(err, errTorn): // a crash, or the sealer is writing it
			return all.end, nil
		case errors.Is(err, errUnreadable):
			return 0, err
		case err != nil:
			v.add(Found{Finding: BadHead, First: all.place, Last: all.place})
		case h.Size < v.Head.Size:
			v.add(Found{Finding: Shrunk, First: all.place, Last: all.place})
		default:
			v.Head = h
		}
		v.Heads = all.place
	}
}

// run walks from head to head.
func (v *verification) run() error {
	at := 0
	for {
		h, err := v.heads.next()
		if err == io.EOF || errors.Is(err, errTorn) {
			break
		}
		if errors.Is(err, errUnreadable) {
			return err
		}
		if err != nil || h.Size < at {
			continue // said already
		}
		if err := v.walk(h.Size); err != nil {
			return err
		}
		at = h.Size
		v.judge(h)
	}
	if len(v.suspects) > 0 {
		v.pending = append(v.pending, Found{Finding: Unprovable, First: v.proved + 1, Last: v.suspectSize})
		v.settle()
	}
	return v.rest()
}

// walk compares the events up to a size.
func (v *verification) walk(size int) error {
	for v.found.size < size {
		sealed, err := v.sealed.take()
		if err != nil {
			return err
		}
		leaf, err := v.compare(sealed)
		if err != nil {
			return err
		}
		v.grow(sealed, leaf)
	}
	return nil
}

// grow adds an event to both trees, and looks whether the nodes stored with it
// are those that follow from one of them.
func (v *verification) grow(sealed sealedLeaf, found tlog.Hash) {
	byLog := v.found.add(found)
	leaf := sealed.hash
	if !sealed.known {
		leaf = found
	}
	byFolder := v.stored.add(leaf)
	if !sealed.known || !slices.Equal(sealed.nodes, byFolder) && !slices.Equal(sealed.nodes, byLog) {
		n := sealed.number
		v.damaged = joined(v.damaged, Found{Finding: Damaged, First: n, Last: n})
	}
}

// judge lets a head say which of the two trees is right.
func (v *verification) judge(h Head) {
	switch h.Root {
	case v.stored.root(): // what differs from it was changed in the log
		v.found = v.stored.clone()
	case v.found.root(): // the log is right: what differs was changed in the folder
		v.stored = v.found.clone()
		v.blameFolder()
	default:
		v.suspects = append(v.suspects, Found{Finding: Forked, First: v.heads.place, Last: v.heads.place})
		v.suspects = v.suspects[:min(len(v.suspects), maxFindings)]
		v.suspectSize = h.Size
		return
	}
	v.addAll(v.suspects)
	v.proved, v.suspects = h.Size, nil
	v.settle()
}

// blameFolder makes the changes since the last proof damages of the folder.
func (v *verification) blameFolder() {
	for _, f := range v.pending {
		if f.Finding == Changed || f.Finding == Swapped {
			v.damaged = append(v.damaged, Found{Finding: Damaged, First: f.First, Last: f.Last})
		}
	}
	v.pending = nil
}

// settle writes what was found since the last proof into the report.
func (v *verification) settle() {
	v.addAll(v.pending)
	for _, f := range v.damaged {
		if !v.covered(f) {
			v.add(f)
		}
	}
	v.pending, v.damaged = nil, nil
}

// covered tells whether the same was said already.
func (v *verification) covered(f Found) bool {
	return v.Names(Unprovable, f.First) || v.Names(Damaged, f.First)
}

// note keeps a finding until a head has judged.
func (v *verification) note(what Finding, first, last int) {
	v.pending = joined(v.pending, Found{Finding: what, First: first, Last: last})
}

// joined appends a finding, or makes the last one longer; memory stays bounded
// however many there are.
func joined(all []Found, f Found) []Found {
	if n := len(all); n > 0 && f.Finding != Swapped {
		last := &all[n-1]
		if last.Finding == f.Finding && (last.Last+1 == f.First || n >= maxFindings) {
			last.Last = f.Last
			return all
		}
	}
	if len(all) > 2*maxFindings {
		return all
	}
	return append(all, f)
}

// tree is the right edge of a growing Merkle tree: its whole subtrees, the
// largest first. It keeps one hash for each bit of its size.
type tree struct {
	size int
	edge []tlog.Hash
}

// add adds a leaf and returns the nodes that it completes.
func (t *tree) add(leaf tlog.Hash) []tlog.Hash {
	t.size++
	merges := bits.TrailingZeros(uint(t.size))
	nodes := make([]tlog.Hash, 0, merges)
	h := leaf
	for range merges {
		n := len(t.edge) - 1
		h = tlog.NodeHash(t.edge[n], h)
		t.edge, nodes = t.edge[:n], append(nodes, h)
	}
	t.edge = append(t.edge, h)
	return nodes
}

// root is the hash of the whole tree, which has a leaf at least.
func (t *tree) root() tlog.Hash {
	n := len(t.edge) - 1
	h := t.edge[n]
	for i := n - 1; i >= 0; i-- {
		h = tlog.NodeHash(t.edge[i], h)
	}
	return h
}

func (t *tree) clone() tree {
	return tree{size: t.size, edge: append([]tlog.Hash(nil), t.edge...)}
}
