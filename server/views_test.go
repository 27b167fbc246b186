package server

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/staff"
)

// TestSavedViewsAreThePersons: they are the same wherever the person signs in, who
// is told of a change at once; nobody else has them.
func TestSavedViewsAreThePersons(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		anna, _ := w.someone("anna", staff.Roles{Sorter: true}, nil, "")
		other, _ := w.someone("bea", staff.Roles{Administrator: true}, nil, "")
		const ask = `{ viewer { savedViews { name list search } } }`
		set := func(name, list, search string) string {
			return anna.get(fmt.Sprintf(`mutation { savedViewSet(input: {name: %q, list: %s, search: %q}) { savedViews { name search } userErrors { code } } }`, name, list, search), nil)
		}
		phone, after := anna.listener(), map[string]any{"after": w.head()}
		phone.subscribe("1", `subscription($after: Cursor) { events(after: $after) { ... on PersonChanged { kind } } }`, after)
		require.JSONEq(t, `{"savedViewSet": {"savedViews": [{"name": "urgenti", "search": "?split=late"}], "userErrors": []}}`, set("urgenti", "DESK", "?split=late"))
		require.JSONEq(t, `{"events": {"kind": "USER_CHANGED"}}`, phone.data("1"))
		require.JSONEq(t, `{"savedViewSet": {"savedViews": [{"name": "urgenti", "search": "?split=late"}], "userErrors": [{"code": "INVALID"}]}}`, set("x", "DESK", "//altrove.example"))

		require.JSONEq(t, `{"preferencesSet": {"userErrors": []}}`,
			anna.get(`mutation { preferencesSet(input: {language: IT, digest: false, digestMinute: 480, quietFrom: 1200, quietUntil: 420, muted: []}) { userErrors { code } } }`, nil))
		require.JSONEq(t, `{"viewer": {"savedViews": [{"name": "urgenti", "list": "DESK", "search": "?split=late"}]}}`, anna.get(ask, nil), "they are no matter of how she is told")
		require.JSONEq(t, `{"viewer": {"savedViews": []}}`, other.get(ask, nil))

		var group sync.WaitGroup
		for i := range 5 {
			group.Go(func() { set(fmt.Sprintf("insieme %d", i), "CASES", "") })
		}
		group.Wait()
		for i := range 5 {
			require.Contains(t, anna.get(ask, nil), fmt.Sprintf("insieme %d", i), "none of those that were saved at once is lost")
		}
	})
}
