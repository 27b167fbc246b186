package pec_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/pec"
)

func TestSafeName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"atto.pdf":                        "atto.pdf",
		"perché città.pdf":                "perché città.pdf",
		"../../etc/passwd":                "passwd",
		`C:\temp\x.doc`:                   "x.doc",
		"a:b*c?.txt":                      "a_b_c_.txt",
		"a\tb\r\nc.txt":                   "abc.txt",
		".bashrc":                         "bashrc",
		"..":                              "allegato-3",
		"":                                "allegato-3",
		"\u202e":                          "allegato-3",
		"fine. ":                          "fine",
		"CON":                             "_CON",
		"nul.txt":                         "_nul.txt",
		"com1.tar.gz":                     "_com1.tar.gz",
		"com10.txt":                       "com10.txt",
		"\xff\xfe.pdf":                    "pdf",
		strings.Repeat("è", 200) + ".pdf": strings.Repeat("è", 58) + ".pdf",
	} {
		require.Equal(t, want, pec.SafeName(name, 3), "%q", name)
	}
}

func TestSafeNameIsAlwaysSafe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[./\\: a-cCONUL1\x{202e}\x{0}]{0,200}`)).Draw(t, "name")
		safe := pec.SafeName(name, 1)
		require.NotEmpty(t, safe)
		require.True(t, filepath.IsLocal(safe) && filepath.Base(safe) == safe)
		require.LessOrEqual(t, len(safe), 121)
		require.True(t, utf8.ValidString(safe))
		require.False(t, strings.ContainsAny(safe, `<>:"/\|?*`))
		require.NotContains(t, []rune{'.', ' '}, rune(safe[0]))
		require.NotContains(t, []rune{'.', ' '}, rune(safe[len(safe)-1]))
		require.False(t, strings.ContainsFunc(safe, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }))
		require.Equal(t, safe, pec.SafeName(safe, 1), "making it safe again changes nothing")
	})
}
