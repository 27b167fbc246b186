package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/graph/model"
)

// TestWhatAnErrorTells: expected ones tell their code and what to do, in the
// reader's language; all others tell nothing but their id, and the log the rest.
func TestWhatAnErrorTells(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	r := &Resolver{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	for _, tt := range []struct {
		err      error
		language string
		code     model.Code
		message  string
	}{
		{model.Invalid("first is %d", 0), "it", model.BadInput, "first is 0"},
		{fmt.Errorf("read: %w", model.Invalid("no")), "en", model.BadInput, "no"},
		{cursorUnknown(), "it", model.CursorUnknown, "il cursore non appartiene"},
		{cursorUnknown(), "en", model.CursorUnknown, "this cursor is not of this register"},
		{fmt.Errorf("query: %w", context.DeadlineExceeded), "it", model.TimedOut, "restringere la ricerca"},
		{errors.New("pq: password hunter2 at 10.0.0.7"), "it", model.Internal, "errore interno"},
		{r.Recover(t.Context(), "hunter2"), "en", model.Internal, "internal error"},
	} {
		shown := r.Present(WithRequest(t.Context(), Request{ID: "R1", Language: tt.language}), tt.err)
		require.Equal(t, tt.code, shown.Extensions["code"])
		require.Equal(t, "R1", shown.Extensions["requestId"])
		require.Contains(t, shown.Message, tt.message)
		require.NotContains(t, shown.Error(), "hunter2")
	}
	require.Contains(t, log.String(), "hunter2 at 10.0.0.7")
}
