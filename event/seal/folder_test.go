package seal

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// edit changes a file of the folder, and gives back what it was.
func (w *world) edit(name string, change func([]byte) []byte) []byte {
	path := filepath.Join(w.dir, name)
	was, err := os.ReadFile(path)
	require.NoError(w.t, err)
	require.NoError(w.t, os.WriteFile(path, change(bytes.Clone(was)), 0o600))
	return was
}

// refuses closes the sealer and tries to open its folder, which must not do.
func (w *world) refuses(reason error) {
	require.NoError(w.t, w.sealer.Close())
	_, err := Open(w.dir, Database(w.db.Client()), slog.New(slog.DiscardHandler))
	require.ErrorIs(w.t, err, reason)
}

// chunks cuts a file of heads into its heads.
func chunks(file []byte) [][]byte {
	var all [][]byte
	for h := range bytes.SplitSeq(file, []byte(origin+"\n")) {
		if len(h) > 0 {
			all = append(all, append([]byte(origin+"\n"), h...))
		}
	}
	return all
}

func TestADamagedHashIsNotTakenForAChangedEvent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sealed(90)
		for range 5 {
			n := 1 + w.luck.IntN(90)
			level := w.luck.IntN(1 + maxLevel(n))
			at := tlog.StoredHashIndex(0, int64(n-1)) + int64(level)
			was := w.edit(hashesFile, func(b []byte) []byte { b[at*tlog.HashSize+int64(w.luck.IntN(32))] ^= 1; return b })
			require.Equal(t, []Found{{Damaged, n, n}}, w.verify().Found, "event %d, level %d", n, level)
			w.edit(hashesFile, func([]byte) []byte { return was })
		}
		require.True(t, w.verify().OK())
	})
}

// maxLevel is how many nodes stand behind the leaf of event n.
func maxLevel(n int) (level int) {
	for ; n%2 == 0; n /= 2 {
		level++
	}
	return level
}

func TestACutFileOfHashesProvesNoLessThanTheLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sealed(64)
		w.edit(hashesFile, func(b []byte) []byte { return b[:tlog.HashSize*tlog.StoredHashCount(50)+5] })
		require.Equal(t, []Found{{Damaged, 51, 64}}, w.verify().Found)
		w.exec(`UPDATE events SET actor = 'person:1' WHERE id = 60`)
		r := w.verify()
		require.True(t, r.Names(Unprovable, 60), "%v", r.Found)
		require.False(t, r.Names(Unprovable, 1), "%v", r.Found)
		w.refuses(ErrHashes)
	})
}

func TestWhatNoHeadProvesIsSaid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.happen(20)
		w.seal()
		w.happen(10)
		w.seal()
		w.happen(10)
		w.seal()
		w.exec(`UPDATE events SET actor = 'person:1' WHERE id = 25`)
		at := tlog.HashSize * tlog.StoredHashIndex(0, 26)
		w.edit(hashesFile, func(b []byte) []byte { b[at] ^= 1; return b }) // event 27
		r := w.verify()
		require.True(t, r.Names(Changed, 25), "%v", r.Found)
		require.Contains(t, r.Found, Found{Unprovable, 21, 40})
	})
}

func TestHeadsThatWereTamperedWithAreNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 6 {
			w.happen(10)
			w.seal()
		}
		was, err := os.ReadFile(filepath.Join(w.dir, headsFile))
		require.NoError(t, err)
		heads := chunks(was)
		require.Len(t, heads, 6)
		join := func(h ...[]byte) []byte { return bytes.Join(h, nil) }
		for name, c := range map[string]struct {
			file []byte
			want []Found
		}{
			"another size":       {bytes.Replace(was, []byte("\n30\n"), []byte("\n31\n"), 1), []Found{{BadHead, 3, 3}}},
			"an old head again":  {join(was, heads[1]), []Found{{Shrunk, 7, 7}}},
			"no signature":       {join(heads[0], []byte(strings.Split(string(heads[1]), "— ")[0]), heads[2]), []Found{{BadHead, 2, 2}}},
			"an empty line":      {join(heads[0], []byte("\n"), heads[1], heads[2]), []Found{{BadHead, 2, 2}}},
			"a very long line":   {join(heads[0], bytes.Repeat([]byte("x"), 100000), []byte("\n"), heads[1], heads[2]), []Found{{BadHead, 2, 2}}},
			"the last half gone": {was[:len(was)-40], nil}, // as a crash leaves it: 10 events are not sealed
		} {
			w.edit(headsFile, func([]byte) []byte { return c.file })
			require.Equal(t, c.want, w.verify().Found, name)
		}
		w.edit(headsFile, func([]byte) []byte { return join(was, heads[1]) })
		w.refuses(ErrHeads)
		w.edit(headsFile, func([]byte) []byte { return was })
		w.open()
		require.True(t, w.verify().OK())
	})
}

func TestASignedHeadOfAnotherHistoryIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sealed(10)
		forged, err := Head{Size: 11, Root: tlog.Hash{1}, Time: w.sealer.now()}.sign(w.sealer.signer)
		require.NoError(t, err)
		w.happen(5)
		w.seal()
		var place int
		w.edit(headsFile, func(b []byte) []byte {
			all := chunks(b)
			place = len(all)
			return bytes.Join(append(all[:place-1:place-1], forged, all[place-1]), nil)
		})
		require.Equal(t, []Found{{Forked, place, place}}, w.verify().Found)
	})
}

func TestFindingsAreSentencesInBothLanguages(t *testing.T) {
	for kind := range english() {
		require.Contains(t, italian(), kind)
		for _, f := range []Found{{kind, 7, 7}, {kind, 7, 9}} {
			require.NotContains(t, f.English()+f.Italian(), "%!", kind)
			require.Contains(t, f.English(), "7")
			require.Contains(t, f.Italian(), "7")
		}
	}
	require.Equal(t, "Event 7 was removed.", Found{Removed, 7, 7}.String())
}
