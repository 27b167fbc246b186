package event_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/event"
	"github.com/smista/smista/store/storetest"
)

func TestKindsListsEveryKindAndEachSaysWhatItTells(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "kind.go", nil, parser.ParseComments)
	require.NoError(t, err)
	var written []event.Kind
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		require.NotNil(t, spec.Doc, "%s has no comment", spec.Names[0].Name)
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		written = append(written, event.Kind(name))
		return true
	})
	require.Equal(t, written, event.Kinds())
}

func TestAKindNobodyNamedIsRefused(t *testing.T) {
	ctx, log := asker(t), newLog(t, storetest.SQLite(t), event.NewMemoryBus())
	require.ErrorContains(t, happen(ctx, log, event.CaseOpened, "case-opend"), "case-opend")
	last, err := log.Last(ctx)
	require.NoError(t, err)
	require.Zero(t, last)
}
