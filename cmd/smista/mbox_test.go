package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func split(t require.TestingT, r io.Reader) (list []string) {
	box := newMbox(r)
	for {
		m, err := box.next()
		if err == io.EOF {
			return list
		}
		require.NoError(t, err)
		text, err := io.ReadAll(m)
		require.NoError(t, err)
		list = append(list, string(text))
	}
}

func TestMboxIsSplit(t *testing.T) {
	const from = "From a@b.example Mon Jan  2 15:04:05 2026\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":                 {"", nil},
		"no message":              {"hello\nworld\n", nil},
		"one":                     {from + "Subject: a\n\nb\n", []string{"Subject: a\n\nb\n"}},
		"two":                     {from + "S: a\n\nb\n\n" + from + "S: c\n\nd\n\n", []string{"S: a\n\nb\n", "S: c\n\nd\n"}},
		"CRLF":                    {from + "S: a\r\n\r\nb\r\n\r\n" + from + "S: c\r\n", []string{"S: a\r\n\r\nb\r\n", "S: c\r\n"}},
		"quoted":                  {from + "\n>From x\n>>From y\n>Fromage\n", []string{"\nFrom x\n>From y\n>Fromage\n"}},
		"From in a paragraph":     {from + "\na\nFrom b\n", []string{"\na\nFrom b\n"}},
		"blank lines inside stay": {from + "\n\n\na\n\n\n" + from + "b\n", []string{"\n\n\na\n\n", "b\n"}},
		"empty message":           {from + from + "a\n", []string{"", "a\n"}},
		"no line end":             {from + "a", []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, split(t, strings.NewReader(c.text)))
			require.Equal(t, c.want, split(t, iotest.OneByteReader(strings.NewReader(c.text))))
		})
	}
}

func TestWhatAnMboxdWriterWroteIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"", "a", "From x", ">From y", strings.Repeat("long ", 30000), "Subject: z"})
		messages := rapid.SliceOfN(rapid.SliceOfN(line, 1, 6), 1, 4).Draw(t, "messages")
		var file strings.Builder
		var want []string
		for i, lines := range messages {
			fmt.Fprintf(&file, "From me Mon Jan %d\n", i)
			for _, l := range lines {
				if strings.HasPrefix(strings.TrimLeft(l, ">"), "From ") {
					file.WriteByte('>')
				}
				file.WriteString(l + "\n")
			}
			file.WriteString("\n")
			want = append(want, strings.Join(lines, "\n")+"\n")
		}
		require.Equal(t, want, split(t, strings.NewReader(file.String())))
	})
}

func TestMboxMessageNotReadToItsEndIsSkipped(t *testing.T) {
	box := newMbox(strings.NewReader("From a\none\nmore\n\nFrom b\ntwo\n"))
	_, err := box.next()
	require.NoError(t, err)
	m, err := box.next()
	require.NoError(t, err)
	text, err := io.ReadAll(m)
	require.NoError(t, err)
	require.Equal(t, "two\n", string(text))
}

func TestMboxReportsWhatTheDiskSays(t *testing.T) {
	box := newMbox(io.MultiReader(strings.NewReader("From a\none\n"), iotest.ErrReader(io.ErrNoProgress)))
	m, err := box.next()
	require.NoError(t, err)
	_, err = io.ReadAll(m)
	require.ErrorIs(t, err, io.ErrNoProgress)
}
