package model_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/graph/model"
)

func TestAnIDComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := model.GlobalID{
			Type: rapid.SampledFrom([]string{"Case", "Message", "LedgerEntry"}).Draw(t, "type"),
			Row:  rapid.IntRange(1, 1<<62).Draw(t, "row"),
		}
		require.Equal(t, id, model.ParseID(id.String()))
	})
}

func TestWhatIsNoIDFindsNothing(t *testing.T) {
	t.Parallel()
	encoded := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, s := range []string{
		"", "x", "Case:1", encoded("Case"), encoded("Case:"), encoded("Case:0"), encoded("Case:-1"),
		encoded("Case:99999999999999999999"), encoded("Case:1:2"), encoded("Case:" + strings.Repeat("0", 100) + "1"),
	} {
		require.Zero(t, model.ParseID(s), s)
	}
	rapid.Check(t, func(t *rapid.T) {
		model.ParseID(rapid.String().Draw(t, "text")) // never panics
	})
}

func TestMomentsCarryTheirOffset(t *testing.T) {
	t.Parallel()
	written := func(m graphql.Marshaler) string {
		var b strings.Builder
		m.MarshalGQL(&b)
		return b.String()
	}
	rome := time.FixedZone("", 3600)
	require.Equal(t, `"2026-11-22T09:14:05.120+01:00"`, written(model.MarshalDateTime(time.Date(2026, 11, 22, 9, 14, 5, 120_000_000, rome))))
	require.Equal(t, "null", written(model.MarshalDateTime(time.Time{})))
	got, err := model.UnmarshalDateTime("2026-11-22T09:14:05.12+01:00")
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 11, 22, 8, 14, 5, 120_000_000, time.UTC), got)
	for _, wrong := range []any{"", "2026-11-22", "2026-11-22T09:14:05", 5, nil} {
		_, err := model.UnmarshalDateTime(wrong)
		var invalid *model.Error
		require.ErrorAs(t, err, &invalid, wrong)
		require.Equal(t, model.BadInput, invalid.Code)
	}
}

func TestNumbersBeyondJavaScript(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		var b strings.Builder
		model.MarshalBigInt(n).MarshalGQL(&b)
		got, err := model.UnmarshalBigInt(strings.Trim(b.String(), `"`))
		require.NoError(t, err)
		require.Equal(t, n, got)
	})
	for _, wrong := range []any{"", "x", "1.5", "9223372036854775808", 5} {
		_, err := model.UnmarshalBigInt(wrong)
		require.Error(t, err, wrong)
	}
	for _, wrong := range []any{"-1", "4294967296"} {
		_, err := model.UnmarshalUID(wrong)
		require.Error(t, err, wrong)
	}
}

func TestActors(t *testing.T) {
	t.Parallel()
	require.Equal(t, &model.Actor{Kind: model.ActorKindSystem, Name: "collector"}, model.ParseActor("system:collector"))
	require.Equal(t, &model.Actor{Kind: model.ActorKindPerson, Name: "anna"}, model.ParseActor("person:anna"))
	require.Nil(t, model.ParseActor("nobody"))
}
