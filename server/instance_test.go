package server

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/deadline"
)

func instanceOf(t *testing.T, said *spoken, content string) *Instance {
	t.Helper()
	c, err := LoadConfig(written(t, content), nil)
	require.NoError(t, err)
	i, err := OpenInstance(t.Context(), c, true, slog.New(slog.NewTextHandler(said, nil)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, i.Close()) })
	return i
}

func TestTheConfiguredCalendarIsThatOfTheHouse(t *testing.T) {
	t.Parallel()
	i := instanceOf(t, &spoken{}, "[calendar]\nzone = \"Europe/Lisbon\"\npatron = \"06-24\"\nfriday = \"\"\n")
	house := deadline.Standard(i.Desk.Zone)
	require.Equal(t, "Europe/Lisbon", house.Zone.String())
	house.Patron, house.Hours[5] = deadline.MonthDay{Month: 6, Day: 24}, nil
	require.Equal(t, house, i.Dossier.House)
}

func TestAStartThatNamesSomebodyUnknownSaysWhatToDo(t *testing.T) {
	t.Parallel()
	i := instanceOf(t, &spoken{}, "[[office]]\ncode = \"a\"\nname = \"A\"\n[[rule]]\nname = \"r\"\noffice = \"a\"\nassignee = \"anna@comune.example\"\nwhen = { subject = \"x\" }\n")
	require.EqualError(t, i.Configure(t.Context()),
		"rule r: assignee: there is nobody with the address anna@comune.example; smista user add anna@comune.example --name … adds them")
}

func TestListeningInTheClearForOthersIsWarnedOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, content string
		warned        bool
	}{
		{"this machine", "listen = \"127.0.0.1:0\"\n", false},
		{"others", "listen = \"0.0.0.0:0\"\n", true},
		{"others, by http", "listen = \"0.0.0.0:0\"\npublic_url = \"http://smista.example.it\"\n", true},
		{"others, over TLS", "listen = \"0.0.0.0:0\"\npublic_url = \"https://smista.example.it\"\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			said := &spoken{}
			l, err := instanceOf(t, said, tt.content).Listen(t.Context())
			require.NoError(t, err)
			require.NoError(t, l.Close())
			if tt.warned {
				require.Contains(t, said.String(), "set public_url to its https address")
			} else {
				require.NotContains(t, said.String(), "WARN")
			}
		})
	}
}
