package guard

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
)

// tables lists the ent types, read from the generated client: a type made
// tomorrow is in it.
func tables() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[ent.Client]()) {
		if f.Type.Kind() == reflect.Pointer && strings.HasSuffix(f.Type.Elem().Name(), "Client") && f.IsExported() {
			names = append(names, f.Name)
		}
	}
	return names
}

func TestEveryTableHasARule(t *testing.T) {
	require.Contains(t, tables(), ent.TypeMessage)
	for _, name := range tables() {
		_, ok := ruleOf(name)
		require.True(t, ok, "%s has no rule in guard/rules.go: who may read, write and delete it?", name)
	}
	_, ok := ruleOf("Unheard")
	require.False(t, ok)
}

func TestEvidenceIsNeverDeleted(t *testing.T) {
	for _, name := range tables() {
		r, _ := ruleOf(name)
		for _, v := range []Viewer{System("collector"), Loopback(), EventLog()} {
			require.Equal(t, name == ent.TypeRoutingRule, r.remove(v), "%s by %s", name, v)
		}
	}
}

func TestNobodyIsNobody(t *testing.T) {
	require.Equal(t, "nobody", Viewer{}.String())
	require.Equal(t, "system:collector", System("collector").String())
	_, ok := From(NewContext(t.Context(), Viewer{}))
	require.False(t, ok)
	v, ok := From(NewContext(t.Context(), Loopback()))
	require.True(t, ok)
	require.Equal(t, "person:loopback", v.String())
}
