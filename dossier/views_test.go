package dossier

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestViewsHaveTheirOrderAndOneNameEach(t *testing.T) {
	var views []View
	var err error
	for _, v := range []View{{"DESK", "urgenti", "?a=1"}, {"CASES", "Alte", ""}, {"DESK", "urgenti", "?a=2"}, {"CASES", "urgenti", "?b=1"}} {
		views, err = WithView(views, v)
		require.NoError(t, err)
	}
	require.Equal(t, []View{{"CASES", "Alte", ""}, {"CASES", "urgenti", "?b=1"}, {"DESK", "urgenti", "?a=2"}}, views)
	require.Equal(t, []View{{"CASES", "Alte", ""}, {"DESK", "urgenti", "?a=2"}}, WithoutView(views, "CASES", "urgenti"))
	require.Len(t, views, 3, "what was there is left alone")
}

func TestViewsAreBounded(t *testing.T) {
	for _, v := range []View{
		{"DESK", "", "?a"}, {"DESK", " a", "?a"}, {"DESK", "a\n", "?a"}, {"DESK", strings.Repeat("à", maxView+1), "?a"},
		{"DESK", "a", "//evil.example"}, {"DESK", "a", "?\x00"}, {"DESK", "a", "?" + strings.Repeat("a", maxSearch)},
	} {
		_, err := WithView(nil, v)
		require.Error(t, err, "%q", v)
	}
	_, err := WithView(nil, View{"DESK", strings.Repeat("à", maxView), "?" + strings.Repeat("a", maxSearch-1)})
	require.NoError(t, err)
	for search, most := range map[string]int{"?": MostViews, "?" + strings.Repeat("a", maxSearch-1): mostViewed / (maxSearch + 2)} {
		var views []View
		for i := range most {
			views, err = WithView(views, View{"DESK", fmt.Sprintf("%02d", i), search})
			require.NoError(t, err)
		}
		_, err = WithView(views, View{"DESK", "99", search})
		require.Error(t, err)
		_, err = WithView(views, View{"DESK", "00", "?b"})
		require.NoError(t, err, "one that is there is changed")
	}
}
