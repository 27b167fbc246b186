package server

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Where operations are registered nothing else is executed, over either transport.
func TestOnlyRegisteredOperations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const known, live = "query Head { registerHead }\n", "subscription Live { events { cursor } }\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "head.graphql"), []byte(known), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "live.graphql"), []byte(live), 0o600))
	documents, err := registeredOperations(dir)
	require.NoError(t, err)
	w := newWorld(t, func(d *Deps) { d.Operations, d.OnlyRegistered = documents, true })
	open := newWorld(t)
	named := newWorld(t, func(d *Deps) { d.Operations = documents })
	byHash := func(document string) string {
		return `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hashOf(document) + `"}}}`
	}
	for _, tt := range []struct {
		name, body, says string
		in               *world
	}{
		{"in full", `{"query":"query Head { registerHead }\n"}`, `"registerHead"`, w},
		{"by hash", byHash(known), `"registerHead"`, w},
		{"another one", `{"query":"{ registerHead }"}`, "OPERATION_UNKNOWN", w},
		{"an unknown hash", byHash("x"), "OPERATION_UNKNOWN", w},
		{"the hash of another one", `{"query":"{ registerHead }","extensions":{"persistedQuery":{"sha256Hash":"` + hashOf(known) + `"}}}`, "BAD_INPUT", w},
		{"a hash that is none", `{"query":"{ registerHead }","extensions":{"persistedQuery":5}}`, "OPERATION_UNKNOWN", w},
		{"by hash where others may be asked too", byHash(known), `"registerHead"`, named},
		{"another one where others may be asked too", `{"query":"{ registerHead }"}`, `"registerHead"`, named},
		{"an unknown hash where others may be asked too", byHash("x"), "OPERATION_UNKNOWN", named},
		{"by hash where none is registered", byHash(known), "OPERATION_UNKNOWN", open},
		{"in full, with its hash", `{"query":"{ registerHead }","extensions":{"persistedQuery":{"sha256Hash":"` + hashOf("{ registerHead }") + `"}}}`, `"registerHead"`, open},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, body := tt.in.send("POST", "/graphql", tt.body, "Content-Type", "application/json")
			require.Contains(t, body, tt.says)
		})
	}
	c := w.listener()
	c.send(`{"id":"1","type":"subscribe","payload":` + byHash(live) + `}`)
	c.send(`{"id":"2","type":"subscribe","payload":{"query":"subscription { events { cursor } }"}}`)
	require.Contains(t, c.ended("2"), "OPERATION_UNKNOWN")
	require.Eventually(t, func() bool { return w.parts() == 1 }, patience, 5*time.Millisecond)
	w.happen(1)
	require.NotEmpty(t, c.event("1").Cursor)
}

func TestWhatCannotBeRegistered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := registeredOperations(dir)
	require.ErrorContains(t, err, "nothing could be asked")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wrong.graphql"), []byte("{ nothing }"), 0o600))
	_, err = registeredOperations(dir)
	require.ErrorContains(t, err, "wrong.graphql is not allowed by the contract")
	none, err := registeredOperations("")
	require.NoError(t, err)
	require.Nil(t, none)
}
