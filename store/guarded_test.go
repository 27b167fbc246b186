package store_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// tables gives the client of each ent type: those of client and, in a
// transaction, those of tx.
func tables(client any) map[string]reflect.Value {
	found := map[string]reflect.Value{}
	v := reflect.ValueOf(client).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.IsExported() && strings.HasSuffix(f.Type.String(), "Client") {
			found[f.Name] = v.Field(i)
		}
	}
	return found
}

// call calls a chain of methods, the last one with ctx, and returns its error.
func call(ctx context.Context, v reflect.Value, methods ...string) error {
	for i, name := range methods {
		var args []reflect.Value
		if i == len(methods)-1 {
			args = []reflect.Value{reflect.ValueOf(ctx)}
		}
		results := v.MethodByName(name).Call(args)
		v = results[len(results)-1]
	}
	err, _ := reflect.TypeAssert[error](v)
	return err
}

// questions and changes are the ways to reach the rows of a table.
func questions() [][]string {
	return [][]string{{"Query", "Count"}, {"Query", "All"}, {"Query", "Exist"}, {"Query", "IDs"}, {"Query", "FirstID"}}
}

func changes() [][]string {
	return [][]string{{"Create", "Exec"}, {"Update", "Exec"}, {"Delete", "Exec"}}
}

func TestNoClientAnswersNobody(t *testing.T) {
	nobody, somebody := t.Context(), guard.NewContext(t.Context(), guard.System("test"))
	db := storetest.SQLite(t)
	clients := map[string]any{"client": db.Client(), "debug": db.Client().Debug()}
	refused := func(tx *ent.Tx) error {
		clients["transaction"], clients["its client"] = tx, tx.Client()
		for where, client := range clients {
			require.NotEmpty(t, tables(client), where)
			for name, table := range tables(client) {
				for _, way := range append(questions(), changes()...) {
					require.ErrorIs(t, call(nobody, table, way...), guard.ErrNoViewer, "%s: %s of %s", where, way, name)
				}
			}
		}
		return nil
	}
	require.NoError(t, db.Tx(somebody, func(_ context.Context, tx *ent.Tx) error { return refused(tx) }))
}

func TestNothingIsChangedBesideATransaction(t *testing.T) {
	ctx := guard.NewContext(t.Context(), guard.System("test"))
	db := storetest.SQLite(t)
	for name, table := range tables(db.Client()) {
		for _, way := range changes() {
			err := call(ctx, table, way...)
			require.True(t, errors.Is(err, guard.ErrNoTransaction) || errors.Is(err, guard.ErrForbidden), "%s of %s: %v", way, name, err)
		}
	}
}

func TestAWalkAlongEdgesIsGuardedToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		nobody := t.Context()
		_, err := db.Client().CaseFile.Query().QueryMessages().QueryAttachments().All(nobody)
		var refusal *guard.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, "query", refusal.Op)
		require.Equal(t, "nobody", refusal.Viewer)
	})
}
