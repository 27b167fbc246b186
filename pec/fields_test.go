package pec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEncodedWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":                                 "plain",
		"=?UTF-8?Q?Citt=C3=A0_?=":               "Città",
		"=?utf-8?B?Q2l0dMOg?= nuova":            "Città nuova",
		"=?iso-8859-1?Q?perch=E9?=":             "perché",
		"=?utf-8?Q?a?=  =?utf-8?Q?b?=":          "ab",
		"=?utf-8?Q?a?= b =?utf-8?Q?c?=":         "a b c",
		"=?utf-8?B?Q2l0dMM=?= =?utf-8?B?oA==?=": "Città", // a letter cut in two
		"=?utf-8?B?Q2l0dMOg?":                   "=?utf-8?B?Q2l0dMOg?",
		"=?utf-8?X?abc?=":                       "=?utf-8?X?abc?=",
		"=?x-none?Q?perch=E9?=":                 "perché",
		"=?utf-8?B?!!!?= after":                 "=?utf-8?B?!!!?= after",
		"a =?utf-8*it?Q?b?=":                    "a b",
		"perch\xe9":                             "perché",
		"a\r\n\tb":                              "a   b",
	} {
		require.Equal(t, want, headline(text), "%q", text)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]Address{
		"":              nil,
		"a@b.it":        {{"", "a@b.it"}},
		"<a@b.it>":      {{"", "a@b.it"}},
		"a@b.it, c@d":   {{"", "a@b.it"}, {"", "c@d"}},
		"Anna B <a@b>":  {{"Anna B", "a@b"}},
		`"B, A" <a@b>`:  {{"B, A", "a@b"}},
		`"a\"b" <a@b>`:  {{`a"b`, "a@b"}},
		"a@b (Anna)":    {{"", "a@b"}},
		"(x, (y)) a@b,": {{"", "a@b"}},
		`"Per conto di: x@y" <posta-certificata@z>`: {{"Per conto di: x@y", "posta-certificata@z"}},
		`Per conto di: x@y <posta-certificata@z>`:   {{"Per conto di: x@y", "posta-certificata@z"}},
		"undisclosed-recipients:;":                  nil,
		"Gruppo: a@b, c@d;":                         {{"", "a@b"}, {"", "c@d"}},
		"<@r1,@r2:a@b>":                             {{"", "a@b"}},
		"=?utf-8?Q?Citt=C3=A0?= <a@b>":              {{"Città", "a@b"}},
		`"=?utf-8?Q?Citt=C3=A0?=" <a@b>`:            {{"Città", "a@b"}},
		"nobody":                                    {{"nobody", ""}},
		"<a@b":                                      {{"", "a@b"}},
	} {
		require.Equal(t, want, parseAddresses(text), "%q", text)
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]string{
		"a/b":                                    {},
		`a/b; Name="x y"; z=1`:                   {"name": "x y", "z": "1"},
		"a/b; name=x y.pdf":                      {"name": "x y.pdf"},
		"a/b;name=x;":                            {"name": "x"},
		`a/b; name="open`:                        {"name": "open"},
		`a/b; name="C:\dir\x \"q\""`:             {"name": `C:\dir\x "q"`},
		"a/b; name*=iso-8859-1'it'perch%E9":      {"name": "perché"},
		"a/b; name*0=ab; name*1=cd":              {"name": "abcd"},
		"a/b; name*1=cd; name*0=ab; name=old":    {"name": "abcd"},
		"a/b; name*0*=utf-8''%C3; name*1*=%A0.x": {"name": "à.x"},
		"a/b; broken; name=x":                    {"name": "x"},
	} {
		media, p := parseParameters(text)
		require.Equal(t, "a/b", media)
		require.Equal(t, want, p.values, "%q", text)
		require.False(t, p.ambiguous)
	}
	for _, text := range []string{"a/b; name=x; name=y", "a/b; name*0=x; name*0=y", "a/b; boundary=x; boundary=x"} {
		_, p := parseParameters(text)
		require.True(t, p.ambiguous, text)
	}
}

func TestMessageIDs(t *testing.T) {
	t.Parallel()
	require.Equal(t, "<a@b>", messageID(" <a@b> (comment)"))
	require.Equal(t, "bare@b", messageID("bare@b"))
	require.Equal(t, []string{"<a@b>", "<c@d>"}, messageIDs("<a@b>\t <c@d> <open"))
}
