// Package archivetest holds what every archive.Store must do.
package archivetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/archive"
)

// Subject is a Store and the ways to look behind it that a test needs.
type Subject struct {
	Store  archive.Store
	Names  func() []string                        // of all that is stored, temporary files too
	Damage func(d archive.Digest, content []byte) // changes a stored blob
}

// Exercise runs the rules of archive.Store against what open makes.
func Exercise(t *testing.T, open func(t *testing.T) Subject) {
	rules := map[string]func(*testing.T, Subject){
		"gives back what was put":         givesBack,
		"the same bytes are one blob":     oneBlob,
		"a broken reader leaves nothing":  brokenReader,
		"an ended context leaves nothing": endedContext,
		"unknown digests are not found":   notFound,
		"damage is noticed":               damage,
		"damage is not overwritten":       damageStays,
		"many at the same time":           concurrent,
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) { rule(t, open(t)) })
	}
}

func put(t require.TestingT, s archive.Store, content []byte) archive.Digest {
	d, n, err := s.Put(context.Background(), bytes.NewReader(content))
	require.NoError(t, err)
	require.EqualValues(t, len(content), n)
	sum := sha256.Sum256(content)
	require.Equal(t, hex.EncodeToString(sum[:]), string(d))
	return d
}

func get(t require.TestingT, s archive.Store, d archive.Digest) []byte {
	b, err := s.Open(context.Background(), d)
	require.NoError(t, err)
	defer b.Close()
	content, err := io.ReadAll(io.NewSectionReader(b, 0, b.Size()))
	require.NoError(t, err)
	return content
}

func givesBack(t *testing.T, s Subject) {
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(t, "content")
		require.Equal(t, content, append([]byte{}, get(t, s.Store, put(t, s.Store, content))...))
	})
	large := bytes.Repeat([]byte("0123456789abcde\n"), 200_000)
	require.True(t, bytes.Equal(large, get(t, s.Store, put(t, s.Store, large))))
}

func oneBlob(t *testing.T, s Subject) {
	first := put(t, s.Store, []byte("the same"))
	before := s.Names()
	require.Equal(t, first, put(t, s.Store, []byte("the same")))
	require.Equal(t, before, s.Names())
}

func brokenReader(t *testing.T, s Subject) {
	before := s.Names()
	cut := errors.New("the connection ended")
	r := io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(cut))
	_, _, err := s.Store.Put(context.Background(), r)
	require.ErrorIs(t, err, cut)
	require.Equal(t, before, s.Names())
}

func endedContext(t *testing.T, s Subject) {
	before := s.Names()
	ctx, cancel := context.WithCancel(context.Background())
	r := io.MultiReader(strings.NewReader("begun"), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }))
	_, _, err := s.Store.Put(ctx, r)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, before, s.Names())
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func notFound(t *testing.T, s Subject) {
	unknown := sha256.Sum256([]byte("never put"))
	for _, d := range []archive.Digest{
		archive.Digest(hex.EncodeToString(unknown[:])), "", "../../etc/passwd",
		archive.Digest(strings.ToUpper(hex.EncodeToString(unknown[:]))),
	} {
		_, err := s.Store.Open(context.Background(), d)
		require.ErrorIs(t, err, archive.ErrNotFound, "%q", d)
	}
}

func damage(t *testing.T, s Subject) {
	content := []byte("what a provider signed")
	for name, bad := range map[string][]byte{
		"a flipped bit": append([]byte{content[0] ^ 1}, content[1:]...),
		"cut":           content[:5],
		"empty":         {},
		"longer":        append(bytes.Clone(content), '!'),
	} {
		d := put(t, s.Store, append(content, name...))
		s.Damage(d, bad)
		_, err := s.Store.Open(context.Background(), d)
		require.ErrorIs(t, err, archive.ErrCorrupt, name)
	}
}

func damageStays(t *testing.T, s Subject) {
	d := put(t, s.Store, []byte("short"))
	s.Damage(d, []byte("longer than before"))
	_, _, err := s.Store.Put(context.Background(), strings.NewReader("short"))
	require.ErrorIs(t, err, archive.ErrCorrupt)
}

func concurrent(t *testing.T, s Subject) {
	var wg sync.WaitGroup
	errs := make(chan error, 64)
	for i := range cap(errs) {
		wg.Go(func() {
			_, _, err := s.Store.Put(context.Background(), strings.NewReader(fmt.Sprint("letter ", i%8)))
			errs <- err
		})
	}
	wg.Wait()
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
	require.Len(t, s.Names(), 8)
}
