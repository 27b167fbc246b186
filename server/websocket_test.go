package server

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestANewCaseIsHeardOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	c := w.listener()
	c.subscribe("a", everything, map[string]any{"after": w.head()})
	w.arrives(box, nil, 0)
	require.Equal(t, "MessageReceived", c.event("a").Type)
	opened := c.event("a")
	require.Equal(t, "CaseOpened", opened.Type)
	require.Equal(t, "2026/000001", opened.Case.Number)
}
