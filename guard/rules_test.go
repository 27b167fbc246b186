package guard

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/migrate"
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
	require.Len(t, tables(), len(migrate.Tables), "no table is behind the back of the client")
	_, ok := ruleOf("Unheard")
	require.False(t, ok)
}

// What nobody needs as evidence may go: who belongs where, what is looked at, what is
// taken off a draft.
func TestEvidenceIsNeverDeleted(t *testing.T) {
	passing := []string{
		ent.TypeRoutingRule, ent.TypeDeadlinePolicy, ent.TypeClosure, ent.TypePatronDay, ent.TypeMembership, ent.TypeCaseOffice, ent.TypeCaseReader,
		ent.TypeCaseFollower, ent.TypeCaseLooker, ent.TypeSession, ent.TypeThrottle, ent.TypeReplyEditor, ent.TypeReplyFile, ent.TypeTemplate,
		ent.TypePushSubscription,
	}
	for _, name := range tables() {
		r, _ := ruleOf(name)
		for _, v := range []Viewer{System("collector"), EventLog(), Someone(Person{ID: 1, Administrator: true, Scopes: All})} {
			if !slices.Contains(passing, name) {
				require.False(t, r.remove(v), "%s by %s", name, v)
			}
		}
	}
}

// A person changes nothing that the program keeps for itself, and nothing at all
// without the scope of writing.
func TestWhatThePersonMayNot(t *testing.T) {
	reader := Someone(Person{ID: 1, Sorter: true, Administrator: true, Auditor: true, Scopes: Read | Content})
	all := Someone(Person{ID: 1, Sorter: true, Administrator: true, Auditor: true, Scopes: All})
	for _, name := range tables() {
		r, _ := ruleOf(name)
		for _, may := range []permission{r.create, r.update, r.remove} {
			require.False(t, may(reader), name)
			require.False(t, may(Viewer{}), name)
		}
	}
	for _, name := range []string{ent.TypeEvent, ent.TypeLogHead, ent.TypeTally, ent.TypeTerm, ent.TypeNotice, ent.TypeSession, ent.TypeThrottle, ent.TypeLedgerEntry, ent.TypePushKey} {
		r, _ := ruleOf(name)
		require.False(t, r.create(all) || r.update(all) || r.remove(all), name)
	}
}

func TestNobodyIsNobody(t *testing.T) {
	require.Equal(t, "nobody", Viewer{}.String())
	require.Equal(t, "system:collector", System("collector").String())
	_, ok := From(NewContext(t.Context(), Viewer{}))
	require.False(t, ok)
	v, ok := From(NewContext(t.Context(), Someone(Person{ID: 12})))
	require.True(t, ok)
	require.Equal(t, "person:12", v.String())
}
