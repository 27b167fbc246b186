package letter_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/letter"
)

func TestText(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                          "",
		"<p>a  b\nc</p><p>d</p>":    "a b c\n\nd",
		"<p>a<br>b<br><br>c</p>":    "a\nb\n\nc",
		"<div>a</div><div>b</div>c": "a\nb\nc",
		"<b>a</b>b <i>c</i>, d":     "ab c, d",
		"<h1>Titolo</h1>testo":      "Titolo\n\ntesto",
		"perch&eacute; &lt;b&gt; &amp;amp; &euro;&nbsp;1": "perché <b> &amp; € 1",
		"a<hr>b":                         "a\n----------\nb",
		"<ul><li>a</li><li>b</li></ul>c": "- a\n- b\n\nc",
		"<ol start=3><li>a<li>b</ol>":    "3. a\n4. b",
		"<ul><li><p>a</p><p>b</p></li><li>c<br>d</li></ul>":                         "- a\n\n  b\n\n- c\n  d",
		"x<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>":               "x\n\n- a\n  1. b\n  2. c\n- d",
		"<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>": "a | b\n1 | 2",
		"<table><tr><td></td><td>b</td></tr><tr><td></td><td>2<td></tr></table>x":   "| b\n| 2 |\n\nx",
		"<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>":                "a | b",
		"<blockquote>a<br>b<p>c</p></blockquote>d":                                  "> a\n> b\n>\n> c\n\nd",
		"a<blockquote>b<blockquote>c</blockquote>d</blockquote>":                    "a\n\n> b\n>\n> > c\n>\n> d",
		"<blockquote><ul><li>a</li><li>b</li></ul></blockquote>":                    "> - a\n> - b",
		`<a href="https://a.example/x">qui</a>.`:                                    "qui <https://a.example/x>.",
		`<a href="https://a.example/x">https://a.example/x</a>`:                     "https://a.example/x",
		`<a href="https://a.example/">https://a.example</a>`:                        "https://a.example",
		`<a href="mailto:a@b.example">a@b.example</a>`:                              "a@b.example",
		`<a href="mailto:a@b.example">scrivi</a>`:                                   "scrivi <a@b.example>",
		`<a href="https://a.example/"><img src="cid:x" alt="logo"></a>`:             "[logo] <https://a.example/>",
		`<a href="javascript:x()">qui</a>`:                                          "qui",
		"<pre>a\n  b\n\nc</pre>d":                                                   "a\n  b\n\nc\n\nd",
		"<script>x()</script><style>y</style>a":                                     "a",
		"🏛️ <b>è</b>":                                                               "🏛️ è",
	} {
		require.Equal(t, want, letter.Text(source), "%q", source)
	}
}

// Each word that is seen is in the text, in the same order; and nothing else but marks.
func TestTextKeepsEachWord(t *testing.T) {
	t.Parallel()
	tags := []string{"<p>", "</p>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "</ol>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<blockquote>", "</blockquote>", "<br>", "<b>", "</b>", "<pre>", "</pre>", " ", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		var source, words strings.Builder
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			if rapid.Bool().Draw(t, "is word") {
				word := rapid.StringMatching(`[a-zè€🏛]{1,8}`).Draw(t, "word")
				source.WriteString(word)
				words.WriteString(word)
			} else {
				source.WriteString(rapid.SampledFrom(tags).Draw(t, "tag"))
			}
		}
		got := letter.Text(source.String())
		letters := strings.Map(func(r rune) rune {
			if r > '~' || unicode.IsLetter(r) {
				return r
			}
			return -1
		}, got)
		require.Equal(t, words.String(), letters, "%q", source.String())
	})
}
