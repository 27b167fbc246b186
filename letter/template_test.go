package letter_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/letter"
)

func TestFill(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"ufficio": "Tributi & Co.", "mittente": `<script>x()</script>"'`, "oggetto": "{{ufficio}}", "operatore": "riga 1\nriga 2", "data": "",
	}
	for template, want := range map[string]string{
		"<p>{{ufficio}}, {{ Ufficio }}, {{&nbsp;ufficio&nbsp;}}</p>": "<p>Tributi &amp; Co., Tributi &amp; Co., Tributi &amp; Co.</p>",
		"<p>{{mittente}}</p>":                     `<p>&lt;script&gt;x()&lt;/script&gt;&#34;&#39;</p>`,
		`<img src="cid:a" alt="{{mittente}}">`:    `<img src="cid:a" alt="&lt;script&gt;x()&lt;/script&gt;&#34;&#39;">`,
		`<a href="{{mittente}}">x</a>`:            "x",
		"{{oggetto}}":                             "{{ufficio}}",
		"{{operatore}}":                           "riga 1<br>riga 2",
		"[{{data}}]":                              "[]",
		"{{ufficio":                               "{{ufficio",
		"{{}} {{a b}}":                            "{{}} {{a b}}",
		"<script>{{ufficio}}</script>{{ufficio}}": "Tributi &amp; Co.",
	} {
		filled, unknown := letter.Fill(template, values)
		require.Equal(t, want, filled, template)
		require.Empty(t, unknown, template)
	}
	filled, unknown := letter.Fill("<p>{{b}} {{a}} {{B}} {{ufficio}}</p>", values)
	require.Equal(t, "<p>{{b}} {{a}} {{B}} Tributi &amp; Co.</p>", filled)
	require.Equal(t, []string{"a", "b"}, unknown)
}

func TestFillSubject(t *testing.T) {
	t.Parallel()
	filled, unknown := letter.FillSubject("Pratica {{pratica}}: {{oggetto}} {{x}}", map[string]string{"pratica": "42/2026", "oggetto": "a & b\r\nBcc: x"})
	require.Equal(t, "Pratica 42/2026: a & b Bcc: x {{x}}", filled)
	require.Equal(t, []string{"x"}, unknown)
}

func TestFields(t *testing.T) {
	t.Parallel()
	values := map[string]string{}
	template := ""
	for _, f := range letter.Fields() {
		require.NotEmpty(t, f.Italian)
		require.NotEmpty(t, f.English)
		require.Regexp(t, `^[a-z_]+$`, f.Name)
		require.NotContains(t, values, f.Name)
		values[f.Name] = "x"
		template += "{{" + f.Name + "}}"
	}
	filled, unknown := letter.Fill(template, values)
	require.Empty(t, unknown)
	require.Equal(t, "xxxxxxxx", filled)
}

// A value is text wherever it stands, and what is filled in is clean.
func TestFillAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(anyText(), rapid.SampledFrom(hostile())).Draw(t, "value")
		template := rapid.SampledFrom([]string{"<p>{{x}}</p>", `<img src="cid:a" alt="{{x}}">`, `<a href="{{x}}">y</a>`, `<a href="https://a.example/{{x}}">y</a>`, `<p style="{{x}}">y</p>`, "<{{x}}>"}).Draw(t, "template")
		filled, _ := letter.Fill(template, map[string]string{"x": value})
		require.Equal(t, filled, clean(t, filled))
		require.LessOrEqual(t, len(regexp.MustCompile(`<(p|img|a)\b`).FindAllString(filled, -1)), 1, "a value brings no element")
	})
}
