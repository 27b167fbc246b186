package seal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a log in a database, somebody who can write past the guard, and a sealer.
type world struct {
	t      *testing.T
	db     *store.DB
	raw    *sql.DB
	log    *event.Log
	luck   *rand.Rand
	dir    string
	sealer *Sealer
	count  int
}

// each runs a test on both databases, with luck whose seed is printed.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	t.Run("sqlite", func(t *testing.T) {
		url := storetest.SQLiteURL(t)
		test(t, newWorld(t, url, "sqlite", strings.TrimPrefix(url, "sqlite://"), seed))
	})
	t.Run("postgres", func(t *testing.T) {
		url := storetest.PostgresURL(t)
		test(t, newWorld(t, url, "pgx", storetest.AsProgram(url), seed))
	})
}

func newWorld(t *testing.T, url, driver, dsn string, seed uint64) *world {
	w := &world{t: t, db: storetest.Open(t, url), luck: rand.New(rand.NewPCG(seed, 1)), dir: filepath.Join(t.TempDir(), "register")}
	var err error
	w.raw, err = sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.raw.Close()) })
	w.log, err = event.NewLog(t.Context(), w.db, event.NewMemoryBus())
	require.NoError(t, err)
	w.open()
	t.Cleanup(func() { require.NoError(t, w.sealer.Close()) })
	return w
}

func (w *world) open() {
	var err error
	w.sealer, err = Open(w.dir, Database(w.db.Client()), slog.New(slog.DiscardHandler))
	require.NoError(w.t, err)
}

// happen writes n events, no two alike, each in a transaction with some others.
func (w *world) happen(n int) {
	ctx := guard.NewContext(w.t.Context(), guard.System("test"))
	for n > 0 {
		k := min(n, 1+w.luck.IntN(5))
		n -= k
		require.NoError(w.t, w.log.Write(ctx, func(context.Context, *ent.Tx) ([]event.Entry, error) {
			entries := make([]event.Entry, k)
			for i := range entries {
				w.count++
				entries[i] = event.Entry{
					Kind: event.CaseSorted, Case: w.count, Office: 1 + w.luck.IntN(9), Person: w.luck.IntN(3),
					Details: event.Details{To: "SORTED", Reason: fmt.Sprintf("perché sì <%d> & \"€\"", w.luck.Uint64()), Count: w.luck.IntN(5)},
				}
			}
			return entries, nil
		}))
	}
}

func (w *world) seal() Head {
	h, err := w.sealer.Seal(w.t.Context())
	require.NoError(w.t, err)
	return h
}

// sealed writes and seals so many events, in steps of random length.
func (w *world) sealed(n int) {
	for n > 0 {
		k := min(n, 1+w.luck.IntN(20))
		w.happen(k)
		w.seal()
		n -= k
	}
}

func (w *world) exec(query string, args ...any) {
	_, err := w.raw.ExecContext(w.t.Context(), query, args...)
	require.NoError(w.t, err, query)
}

func (w *world) verify() Report {
	r, err := Verify(w.t.Context(), Database(w.db.Client()), w.dir, w.sealer.PublicKey())
	require.NoError(w.t, err)
	return r
}

// renumber moves the events from some number on by delta.
func (w *world) renumber(from, delta int) {
	w.exec(`UPDATE events SET id = -(id + $1) WHERE id >= $2`, delta, from)
	w.exec(`UPDATE events SET id = -id WHERE id < 0`)
}

// copyOf inserts event n again, under another number, with something changed.
func (w *world) copyOf(n, number int) {
	w.exec(`INSERT INTO events (id, kind, occurred_at, actor, case_id, data) SELECT $1, kind, occurred_at, 'person:666', case_id, data FROM events WHERE id = $2`, number, n)
}

const columns = `id, kind, occurred_at, actor, case_id, message_id, mailbox_id, office_id, from_office_id, person_id, from_person_id, data`

// keep copies the log, and restore puts the copy in its place.
func (w *world) keep() { w.exec(`CREATE TABLE kept AS SELECT ` + columns + ` FROM events`) }

func (w *world) restore() {
	w.exec(`DELETE FROM events`)
	w.exec(`INSERT INTO events (` + columns + `) SELECT ` + columns + ` FROM kept`)
}

func TestAnUntouchedRegisterIsProved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sealed(100)
		w.happen(7)
		r := w.verify()
		require.True(t, r.OK(), "%v", r.Found)
		require.Equal(t, 107, r.Events)
		require.Equal(t, 7, r.Unsealed)
		require.Equal(t, 100, r.Head.Size)
		r, err := Verify(t.Context(), Database(w.db.Client()), w.dir, "")
		require.NoError(t, err)
		require.True(t, r.OK(), "with the key of the folder: %v", r.Found)
	})
}

func TestEachColumnIsUnderSeal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sealed(60)
		w.keep()
		for column, value := range map[string]any{
			"kind": "case-noted", "actor": "person:7", "case_id": 99999, "message_id": 1, "mailbox_id": 0, "office_id": nil,
			"from_office_id": 3, "person_id": 77, "from_person_id": 0, "data": `{"reason":"another"}`,
			"occurred_at": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		} {
			n := 1 + w.luck.IntN(60)
			w.exec(`UPDATE events SET `+column+` = $1 WHERE id = $2`, value, n)
			r := w.verify()
			require.Equal(t, []Found{{Finding: Changed, First: n, Last: n}}, r.Found, column)
			w.restore()
		}
		require.True(t, w.verify().OK(), "all is as it was")
	})
}

func TestEachTamperingOfTheLogIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const all = 300
		w.sealed(all)
		w.happen(5)
		w.keep()
		for name, tamper := range map[string]func(n int) []Found{
			"delete": func(n int) []Found {
				w.exec(`DELETE FROM events WHERE id = $1`, n)
				return []Found{{Removed, n, n}}
			},
			"delete three": func(n int) []Found {
				w.exec(`DELETE FROM events WHERE id BETWEEN $1 AND $2`, n, n+2)
				return []Found{{Removed, n, n + 2}}
			},
			"delete and renumber": func(n int) []Found {
				w.exec(`DELETE FROM events WHERE id = $1`, n)
				w.renumber(n+1, -1)
				return []Found{{Removed, n, n}}
			},
			"delete four and renumber": func(n int) []Found {
				w.exec(`DELETE FROM events WHERE id BETWEEN $1 AND $2`, n, n+3)
				w.renumber(n+4, -4)
				return []Found{{Removed, n, n + 3}}
			},
			"insert and renumber": func(n int) []Found {
				w.renumber(n, 1)
				w.copyOf(n+1, n)
				return []Found{{Inserted, n, n}}
			},
			"insert two and renumber": func(n int) []Found {
				w.renumber(n, 2)
				w.copyOf(n+2, n)
				w.copyOf(n+3, n+1)
				return []Found{{Inserted, n, n + 1}}
			},
			"before the first": func(n int) []Found {
				w.copyOf(n, -3)
				return []Found{{Inserted, -3, -3}}
			},
			"swap two neighbours": func(n int) []Found {
				w.exec(`UPDATE events SET id = $1 WHERE id = $2`, 1000000, n)
				w.exec(`UPDATE events SET id = $1 WHERE id = $2`, n, n+1)
				w.exec(`UPDATE events SET id = $1 WHERE id = $2`, n+1, 1000000)
				return []Found{{Swapped, n, n + 1}}
			},
			"swap two": func(n int) []Found {
				w.exec(`UPDATE events SET id = $1 WHERE id = $2`, 1000000, n)
				w.exec(`UPDATE events SET id = $1 WHERE id = $2`, n, n+5)
				w.exec(`UPDATE events SET id = $1 WHERE id = $2`, n+5, 1000000)
				return []Found{{Changed, n, n}, {Changed, n + 5, n + 5}}
			},
			"cut the tail": func(n int) []Found {
				w.exec(`DELETE FROM events WHERE id >= $1`, n)
				return []Found{{Cut, n, all}}
			},
			"change, delete, insert": func(n int) []Found {
				w.exec(`UPDATE events SET actor = 'person:1' WHERE id = $1`, n)
				w.exec(`DELETE FROM events WHERE id = $1`, n+20)
				w.renumber(n+21, -1)
				w.renumber(n+40, 1)
				w.copyOf(n, n+40)
				return []Found{{Changed, n, n}, {Removed, n + 20, n + 20}, {Inserted, n + 40, n + 40}}
			},
			"a hole in what is not sealed yet": func(int) []Found {
				w.exec(`DELETE FROM events WHERE id = $1`, all+2)
				return []Found{{Removed, all + 2, all + 2}}
			},
		} {
			n := 2 + w.luck.IntN(all-50)
			want := tamper(n)
			require.Equal(t, want, w.verify().Found, name)
			w.restore()
		}
		require.True(t, w.verify().OK(), "all is as it was")
	})
}

func TestTheLastSealedEventIsTamperedWith(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sealed(20)
		w.renumber(20, 1)
		w.copyOf(21, 20)
		require.Equal(t, []Found{{Inserted, 20, 20}}, w.verify().Found)
		_, err := w.sealer.Seal(t.Context())
		require.ErrorIs(t, err, ErrChanged)
		w.exec(`DELETE FROM events WHERE id >= 20`)
		_, err = w.sealer.Seal(t.Context())
		require.ErrorIs(t, err, ErrShorter)
		var broken *Broken
		require.ErrorAs(t, err, &broken)
		require.Equal(t, 20, broken.Event)
		require.Equal(t, 20, w.sealer.Head().Size, "nothing was signed")
	})
}

func TestARowThatCannotBeReadIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.db.Dialect() != "sqlite3" {
			return // PostgreSQL keeps nothing of another type
		}
		w.sealed(30)
		w.exec(`UPDATE events SET case_id = 'a case', occurred_at = 'yesterday' WHERE id = 9`)
		require.Equal(t, []Found{{Changed, 9, 9}}, w.verify().Found)
		w.happen(2)
		w.exec(`UPDATE events SET case_id = 'a case' WHERE id = 31`)
		_, err := w.sealer.Seal(t.Context())
		require.ErrorIs(t, err, ErrUnread)
	})
}

func TestBothDatabasesGiveTheSameHash(t *testing.T) {
	var roots []tlog.Hash
	each(t, func(t *testing.T, w *world) {
		at := time.Date(2026, 3, 29, 1, 30, 0, 123456000, time.UTC)
		for n := 1; n <= 20; n++ {
			w.exec(`INSERT INTO events (id, kind, occurred_at, actor, case_id, office_id, data) VALUES ($1, 'case-sorted', $2, 'person:3', $3, 0, $4)`,
				n, at.Add(time.Duration(n)*time.Microsecond), n, `{"to":"x","reason":"perché <b>&\u00e8","uid":4294967295,"offices":[3,1],"a":{"z":null,"b":1.50}}`)
		}
		roots = append(roots, w.seal().Root)
		require.True(t, w.verify().OK())
	})
	if len(roots) == 2 {
		require.Equal(t, roots[0], roots[1])
	}
}

func TestTheOrderOfStepsDoesNotChangeTheTree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sealed(150)
		at := w.sealer.Head()
		other, err := Open(filepath.Join(t.TempDir(), "other"), Database(w.db.Client()), slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		once, err := other.Seal(t.Context())
		require.NoError(t, err)
		require.NoError(t, other.Close())
		require.Equal(t, at.Root, once.Root)
		r, err := Verify(t.Context(), Database(w.db.Client()), w.dir, other.PublicKey())
		require.NoError(t, err)
		require.False(t, r.OK(), "a witness is known by its own key")
		require.True(t, r.Names(BadHead, 1))
		require.Zero(t, r.Head.Size)
	})
}

func TestAColumnMadeLaterLeavesOldHashesAlone(t *testing.T) {
	row := &ent.Event{ID: 5, Kind: "case-noted", Actor: "person:1", OccurredAt: time.UnixMicro(7)}
	require.Equal(t, "4:kind10:case-noted11:occurred_at1:75:actor8:person:1", string(encode(row)))
	zero := 0
	with := *row
	with.PersonID = &zero
	require.Equal(t, string(encode(row))+"9:person_id1:0", string(encode(&with)), "nothing is not zero")
}

func TestARunningSealerSealsAtItsEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.sealer.Run(ctx, time.Hour); close(done) }()
		w.happen(12)
		stop()
		<-done
		require.Equal(t, 12, w.sealer.Head().Size)
		require.True(t, w.verify().OK())
	})
}

func TestAFolderHasOneSealerAndASecretKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := Open(w.dir, Database(w.db.Client()), slog.New(slog.DiscardHandler))
		require.ErrorIs(t, err, ErrOtherUser)
		info, err := os.Stat(filepath.Join(w.dir, secretFile))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		key := w.sealer.PublicKey()
		require.NoError(t, w.sealer.Close())
		require.NoError(t, os.Chmod(filepath.Join(w.dir, secretFile), 0o644))
		_, err = Open(w.dir, Database(w.db.Client()), slog.New(slog.DiscardHandler))
		require.ErrorContains(t, err, "read by others")
		require.NoError(t, os.Chmod(filepath.Join(w.dir, secretFile), 0o600))
		w.open()
		require.Equal(t, key, w.sealer.PublicKey())
	})
}

var errKilled = errors.New("killed")

// mortal counts down to the write, sync or cut at which the process dies: of
// that write only a part is left.
type mortal struct {
	file
	left *int
	luck *rand.Rand
}

func (m mortal) step() error {
	if *m.left--; *m.left < 0 {
		return errKilled
	}
	return nil
}

func (m mortal) WriteAt(b []byte, at int64) (int, error) {
	if err := m.step(); err != nil {
		if *m.left == -1 {
			n, _ := m.file.WriteAt(b[:m.luck.IntN(len(b)+1)], at)
			return n, err
		}
		return 0, err
	}
	return m.file.WriteAt(b, at)
}

func (m mortal) Sync() error {
	return errors.Join(m.step(), m.file.Sync())
}

func (m mortal) Truncate(size int64) error {
	if err := m.step(); err != nil {
		return err
	}
	return m.file.Truncate(size)
}

func TestASealerKilledAtAnyStepGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, w.sealer.Close())
		source, quiet := Database(w.db.Client()), slog.New(slog.DiscardHandler)
		for steps := range 40 {
			left := steps
			files := func(path string) (file, error) {
				f, err := openFile(path)
				return mortal{f, &left, w.luck}, err
			}
			w.happen(6)
			dying, err := open(w.dir, source, quiet, files)
			if err == nil {
				_, err = dying.Seal(t.Context())
				if err != nil && steps%2 == 0 {
					left = 1000 // only a fault: the same sealer goes on
					_, err = dying.Seal(t.Context())
					require.NoError(t, err)
				}
				require.NoError(t, dying.Close())
			}
			if err != nil {
				require.ErrorIs(t, err, errKilled)
			}
			require.True(t, w.verify().OK(), "after %d steps", steps)
		}
		w.open()
		require.Equal(t, w.count, w.seal().Size)
		r := w.verify()
		require.True(t, r.OK(), "%v", r.Found)
		require.Zero(t, r.Unsealed)
	})
}
