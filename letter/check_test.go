package letter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/letter"
)

func fixedDate() time.Time { return time.Date(2026, 11, 24, 9, 42, 0, 0, time.UTC) }

func problems(t testing.TB, l letter.Letter) letter.Problems {
	t.Helper()
	var found letter.Problems
	require.ErrorAs(t, l.Check(), &found)
	return found
}

func TestCheckTellsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	require.NoError(t, simple(t).Check())
	require.NoError(t, full(t).Check())
	require.Equal(t, letter.Problems{
		{letter.InMessageID, letter.Missing, ""},
		{letter.InDate, letter.Missing, ""},
		{letter.InSender, letter.Missing, ""},
		{letter.InRecipients, letter.Missing, ""},
	}, problems(t, letter.Letter{}))

	l := full(t)
	l.Subject = strings.Repeat("è", 500)
	l.To = append(l.To, letter.Address{Address: "MARIO.ROSSI@pec.example"}, letter.Address{Address: "a b@c.example"}, letter.Address{})
	l.HTML += `<img src="cid:z"><img src="cid:b">`
	l.Files = append(l.Files, letter.File{Name: "vuoto.pdf"}, picture("logo@smista", "", ""))
	found := problems(t, l)
	require.Equal(t, []string{
		`subject: too long: "` + strings.Repeat("è", 50) + `"`,
		`recipients: repeated: "MARIO.ROSSI@pec.example"`, `recipients: malformed: "a b@c.example"`, `recipients: missing`,
		`files: missing: "vuoto.pdf"`, `files: repeated: "logo@smista"`,
		`text: unknown: "b"`, `text: unknown: "z"`,
	}, strings.Split(strings.TrimPrefix(found.Error(), "the letter cannot be sent: "), "; "))
	_, err := l.Size()
	require.Equal(t, found, err)
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, fault := range map[string]letter.Fault{
		"mario.rossi@pec.example":                "",
		"o'neill+x@pec-1.comune.example":         "",
		"a@xn--forl-6qa.example":                 "",
		"mario rossi@pec.example":                letter.Malformed,
		"mario@pec":                              letter.Malformed,
		"mario":                                  letter.Malformed,
		"@pec.example":                           letter.Malformed,
		"a..b@pec.example":                       letter.Malformed,
		".a@pec.example":                         letter.Malformed,
		"a@-pec.example":                         letter.Malformed,
		"a@pec..example":                         letter.Malformed,
		"a@[127.0.0.1]":                          letter.Malformed,
		`"a b"@pec.example`:                      letter.Malformed,
		"a@b@pec.example":                        letter.Malformed,
		"perché@pec.example":                     letter.Malformed,
		"a@forlì.example":                        letter.Malformed,
		"<a@pec.example>":                        letter.Malformed,
		"a@pec.example ":                         letter.Malformed,
		"a@pec.example\x00":                      letter.Malformed,
		strings.Repeat("a", 65) + "@pec.example": letter.TooLong,
		"a@" + strings.Repeat("abcdefgh.", 30) + "example": letter.TooLong,
	} {
		l := simple(t)
		l.To[0].Address = address
		if fault == "" {
			require.NoError(t, l.Check(), address)
			continue
		}
		require.Equal(t, fault, problems(t, l)[0].Fault, "%q", address)
	}
}

func TestTooMuch(t *testing.T) {
	t.Parallel()
	l := simple(t)
	for i := range letter.MaxRecipients {
		l.Cc = append(l.Cc, letter.Address{Address: fmt.Sprintf("a%d@pec.example", i)})
	}
	require.Equal(t, letter.Problems{{letter.InRecipients, letter.TooMany, "501"}}, problems(t, l))
	l = simple(t)
	l.HTML = strings.Repeat("a", letter.MaxHTML+1)
	require.Equal(t, letter.Problems{{letter.InText, letter.TooLong, ""}}, problems(t, l))
	l.HTML = strings.Repeat("&", letter.MaxHTML/2) // grows when it is cleaned
	require.Equal(t, letter.Problems{{letter.InText, letter.TooLong, ""}}, problems(t, l))
	l.HTML = ""
	l.Files = make([]letter.File, letter.MaxFiles+1)
	require.Equal(t, letter.Problem{letter.InFiles, letter.TooMany, "201"}, problems(t, l)[0])
}
