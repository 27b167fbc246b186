package letter_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/letter"
)

func original(t testing.TB) letter.Quoted {
	t.Helper()
	return letter.Quoted{
		From: letter.Address{Name: "Mario Rossi", Address: "mario.rossi@pec.example"},
		To:   []letter.Address{{Name: "Comune", Address: "protocollo@pec.comune.example"}, {Address: "b@pec.example"}},
		Date: time.Date(2026, 11, 24, 9, 42, 0, 0, time.UTC), Zone: rome(t),
		Subject: "Istanza <urgente>",
		HTML:    `<p>Buongiorno<img src="cid:a"></p></blockquote><script>x()</script>`,
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	q := original(t)
	require.Equal(t, `<p>Il giorno 24/11/2026 10:42, Mario Rossi &lt;mario.rossi@pec.example&gt; ha scritto:</p>`+
		`<blockquote type="cite"><p>Buongiorno</p></blockquote>`, letter.Quote(q))
	require.Equal(t, "Il giorno 24/11/2026 10:42, Mario Rossi <mario.rossi@pec.example> ha scritto:\n\n> Buongiorno", letter.Text(letter.Quote(q)))

	q.HTML, q.Text = "<p> <img src=cid:a></p>", "Riga 1 <b>\r\n\r\nRiga 2"
	q.From, q.Date = letter.Address{Name: "x\r\n<script>\u202e", Address: "a@b.example"}, time.Time{}
	require.Equal(t, "<p>x &lt;script&gt; &lt;a@b.example&gt; ha scritto:</p><blockquote type=\"cite\">Riga 1 &lt;b&gt;<br>\n<br>\nRiga 2</blockquote>", letter.Quote(q))
}

func TestForward(t *testing.T) {
	t.Parallel()
	q := original(t)
	require.Equal(t, `<p>---------- Messaggio inoltrato ----------<br><b>Da:</b> Mario Rossi &lt;mario.rossi@pec.example&gt;<br>`+
		`<b>Data:</b> 24/11/2026 10:42<br><b>A:</b> Comune &lt;protocollo@pec.comune.example&gt;, b@pec.example<br>`+
		`<b>Oggetto:</b> Istanza &lt;urgente&gt;</p><blockquote type="cite"><p>Buongiorno</p></blockquote>`, letter.Forward(q))
	q.To = make([]letter.Address, 300)
	require.Contains(t, letter.Forward(q), "e altri 250")
}

// A quote is clean, and never too long to be sent.
func TestQuoteIsClean(t *testing.T) {
	t.Parallel()
	for _, big := range []string{strings.Repeat("<p>è", 1<<20), strings.Repeat("\n", 1<<22), strings.Repeat("&", 1<<18), strings.Repeat(`"`, 1<<22)} {
		q := original(t)
		q.HTML, q.Text = big, big
		for _, quote := range []string{letter.Quote(q), letter.Forward(q)} {
			require.NotEmpty(t, quote)
			require.LessOrEqual(t, len(quote), letter.MaxHTML/2)
			require.Equal(t, quote, letter.Clean(quote))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		q := letter.Quoted{
			From:    letter.Address{Name: anyText().Draw(t, "name"), Address: anyText().Draw(t, "address")},
			Subject: anyText().Draw(t, "subject"),
			HTML:    rapid.OneOf(anyText(), rapid.SampledFrom(hostile())).Draw(t, "html"),
			Text:    anyText().Draw(t, "text"),
		}
		for _, quote := range []string{letter.Quote(q), letter.Forward(q)} {
			require.Equal(t, quote, clean(t, quote))
			require.NotContains(t, quote, "<img")
			require.True(t, strings.HasSuffix(quote, "</blockquote>"), "nothing closes the quote but its end: %q", quote)
			require.Equal(t, 1, strings.Count(quote, `</p><blockquote type="cite">`)+strings.Count(q.HTML, `<blockquote type="cite">`))
		}
	})
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	for given, bare := range map[string]string{
		"Istanza":                           "Istanza",
		"Re: Istanza":                       "Istanza",
		"R: RE: re: Fwd: FW: I: Istanza":    "Istanza",
		"RE[2]: Istanza":                    "Istanza",
		"POSTA CERTIFICATA: Istanza":        "Istanza",
		"Re: POSTA CERTIFICATA: R: Istanza": "Istanza",
		"ANOMALIA MESSAGGIO: Istanza":       "Istanza",
		"Re : Istanza":                      "Istanza",
		"Recupero: Istanza":                 "Recupero: Istanza",
		"Istanza Re: due":                   "Istanza Re: due",
		"a\r\nBcc: x\tb\x00":                "a Bcc: x b",
		"":                                  "",
		"Re:":                               "",
		strings.Repeat("Re: ", 100) + "x":   "x",
	} {
		require.Equal(t, strings.TrimSpace("Re: "+bare), letter.ReplySubject(given), given)
		require.Equal(t, strings.TrimSpace("I: "+bare), letter.ForwardSubject(given), given)
	}
	rapid.Check(t, func(t *rapid.T) {
		once := letter.ReplySubject(anyText().Draw(t, "subject"))
		require.Equal(t, once, letter.ReplySubject(once))
		require.True(t, utf8.ValidString(once))
		require.LessOrEqual(t, len(once), 900)
	})
}
