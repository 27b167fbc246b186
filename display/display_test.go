package display_test

import (
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/display"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestClean(t *testing.T) {
	t.Parallel()
	const link = `" target="_blank" rel="noopener noreferrer">`
	picture := `<img src="` + display.DataURI([]byte(dot)) + `" alt="`
	for source, want := range map[string]string{
		"":                                  "",
		"perché < & > \"città\"":            "perché &lt; &amp; &gt; &#34;città&#34;",
		"<p>a<p>b":                          "<p>a</p><p>b</p>",
		"<p>a<div>b</div>":                  "<p>a</p><div>b</div>",
		"a</div></td>b":                     "ab",
		"<ul><li>a<ul><li>b</ul><li>c</ul>": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
		"<b><i>a</b>b":                      "<b><i>a</i></b>b",
		"<div><table><tr><td>a</div>b</td></tr></table>c</div>":          "<div><table><tr><td>ab</td></tr></table>c</div>",
		"<table><tr><td>a<td>b<tr><td><table><tr><td>c</table>d</table>": "<table><tr><td>a</td><td>b</td></tr><tr><td><table><tr><td>c</td></tr></table>d</td></tr></table>",
		"<td>a</td><tr>b": "ab",
		"<o:p>a</o:p><blink>b</blink><custom-tag>c</custom-tag>":                        "abc",
		"<!--[if mso]><p>x</p><![endif]--><![if !mso]>a<![endif]>":                      "a",
		"<html lang=it><head><title>x</title></head><body bgcolor=#eee>a</body></html>": `<div style="background-color:#eee">a</div>`,
		"<svg><style><p>x</p></style><text>y</text></svg>a":                             "a",
		"<form action=https://evil.example><input value=x><button>a</button></form>":    "a",
		"a\x00\x1bb\u202ec":                                                 "abc",
		"&amp;lt;b&amp;gt;":                                                 "&amp;lt;b&amp;gt;",
		"<div style='display:none'>x<p>y</p></div>a":                        "a",
		"<p style='visibility: hidden !important'>x<p>a":                    "<p>a</p>",
		"<div hidden>x</div>a":                                              "a",
		`<img src="cid:logo@rossi.example" alt="x" onerror=y width=10>`:     picture + `x" width="10">`,
		`<img src="CID:logo%40rossi.example">`:                              picture + `">`,
		`<img src="cid:other" alt="Firma di Rossi">`:                        `<span class="smista-picture" role="img" aria-label="Firma di Rossi">Firma di Rossi</span>`,
		`<img src="https://x.example/a.png" alt="Logo" width=90 height=30>`: `<span class="smista-picture" role="img" aria-label="Logo" style="width:90px;height:30px">Logo</span>`,
		`<img src="https://x.example/open.gif" width=1 height=1>a`:          "a",
		`<a href="https://a.example/?b=1&amp;c">x</a>`:                      `<a href="https://a.example/?b=1&amp;c` + link + `x</a>`,
		`<a href="mailto:a@b.example">x</a>`:                                `<a href="mailto:a@b.example` + link + `x</a>`,
		`<a href="tel:+39 06 1">x</a>`:                                      `<a href="tel:+39061` + link + `x</a>`,
		`<a href="javascript:x()">x</a>`:                                    "x",
		`<a href="/relative">x</a>`:                                         "x",
		`<a href="https://a.example">x<a href="https://b.example">y`:        `<a href="https://a.example` + link + `x</a><a href="https://b.example` + link + `y</a>`,
		`<span style="color: #F00; position: fixed; background: url(http://x.example/a) #eee no-repeat">a</span>`:           `<span style="color:#F00;background-color:#eee">a</span>`,
		`<p class="MsoNormal smista-domain" style='text-indent:-18.0pt;mso-list:l0;font-family:"Calibri",sans-serif'>a</p>`: `<p class="MsoNormal" style="text-indent:-18.0pt;font-family:&#34;Calibri&#34;,sans-serif">a</p>`,
		`<font color="red" face="Arial" size="4">a</font>`:                                                                  `<font color="red" face="Arial" size="4">a</font>`,
		`<p style="font-size:1px;height:1px">a</p>`:                                                                         `<p>a</p>`,
		`<p align=left align=right>a</p>`:                                                                                   `<p align="left">a</p>`,
	} {
		c := shown(t, source)
		require.True(t, c.Whole)
		require.Equal(t, want, c.HTML, "%q", source)
	}
}

// TestLinksTellWhereTheyLead: when they say something else.
func TestLinksTellWhereTheyLead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ href, text, hint string }{
		{"https://www.rossi.example.it/a", "il sito", ""},
		{"https://www.poste.it/a", "www.poste.it", ""},
		{"https://login.poste.it/a", "https://www.poste.it", ""},
		{"https://poste.it.evil.com/a", "www.poste.it", "poste.it.evil.com"},
		{"https://www.poste.it@evil.com/", "www.poste.it", "evil.com"},
		{"https://evil.com/www.poste.it", "<b>www</b>.poste.it", "evil.com"},
		{"https://evil.com/", "Dott.Rossi del s.r.l.", ""},
		{"https://evil.com/", "vedi comune.roma.it oppure qui", "evil.com"},
		{"https://pоste.it/", "pоste.it", "xn--pste-55d.it"}, // with a Cyrillic о
		{"mailto:a@evil.com", "protocollo@comune.roma.it", "evil.com"},
		{"mailto:a@comune.roma.it", "a@comune.roma.it", ""},
		{"https://192.0.2.1/", "www.poste.it", "192.0.2.1"},
	} {
		got := shown(t, `<a href="`+tt.href+`">`+tt.text+`</a>`).HTML
		if tt.hint == "" {
			require.NotContains(t, got, "smista-domain", tt.href)
		} else {
			require.True(t, strings.HasSuffix(got, `</a> <span class="smista-domain">[`+tt.hint+`]</span>`), "%s: %s", tt.href, got)
		}
	}
}

// TestRemotePicturesAreNumbered: each once, in the order in which they are named.
func TestRemotePicturesAreNumbered(t *testing.T) {
	t.Parallel()
	const mail = `<body background="https://x.example/back.png"><img src="http://x.example/1.png"><img src=" HTTPS://x.example/2 b.png "><img src="http://x.example/1.png">
		<td background="//x.example/3.png"><img srcset="https://x.example/4.png 1x, https://x.example/5.png 2x"><p style="background:url('https://x.example/6.png')">a</p>
		<img src="ftp://x.example/a.png"><img src="data:image/svg+xml;base64,PHN2Zy8+"><img src="relative.png"><img src="https://x.example/p.gif" width="1" height="1">`
	c := shown(t, mail)
	require.Equal(t, []string{
		"https://x.example/back.png", "http://x.example/1.png", "https://x.example/2%20b.png", "https://x.example/4.png", "https://x.example/6.png",
	}, c.Remote)
	open := display.Clean(mail, display.Options{Remote: remotely})
	for n := range 5 {
		require.Contains(t, open.HTML, remotely(n))
	}
	require.NotContains(t, open.HTML, "x.example")
	require.Len(t, display.Clean(numbered(1000), display.Options{}).Remote, 300)
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<img src="https://x.example/%d.png">`, i)
	}
	return b.String()
}

// TestPicturesAreBounded: a picture that is named often is not shown for ever.
func TestPicturesAreBounded(t *testing.T) {
	t.Parallel()
	big := display.DataURI([]byte("\x89PNG\r\n\x1a\n" + strings.Repeat("x", 1<<20)))
	c := display.Clean(strings.Repeat(`<img src="cid:a">`, 100), display.Options{Picture: func(string) string { return big }})
	require.Equal(t, 3, strings.Count(c.HTML, "<img"))
	require.Equal(t, 97, strings.Count(c.HTML, "smista-picture"))
	own := base64.StdEncoding.EncodeToString([]byte(dot))
	require.Contains(t, shown(t, `<img src="data:image/png;base64,`+own+`">`).HTML, "data:image/gif;base64,"+own, "it is what it is, not what it says")
	require.Empty(t, display.DataURI([]byte("<svg onload=alert(1)>")))
	require.Empty(t, display.DataURI([]byte("BM......")))
}

// TestWhetherAnythingShows decides between the HTML and the text.
func TestWhetherAnythingShows(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"<p>a</p>": true, "": false, "<p> &nbsp;\n</p>": false, "<body style='display:none'>a</body>": false, "&zwnj;&#847;&shy;&#x2800;": false,
		"<div style='opacity:0.0'>a</div>": false, "<div style='opacity:0.1'>a</div>": true, "<p><!-- a --></p>": false,
		`<img src="https://x.example/a.png" alt="leggi qui">`: false, `<img src="cid:logo@rossi.example">`: true, "<style>body{display:none}</style><p>a": true,
		"<svg><text>a</text>": false, "<script>a": false, "<table><tr><td>€</table>": true, "<hr><br>": false,
	} {
		require.Equal(t, want, shown(t, source).Shows, "%q", source)
	}
	require.True(t, display.Clean(`<img src="https://x.example/a.png">`, display.Options{Remote: remotely}).Shows)
}

func TestStyles(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; mso-fareast-language:EN-US}":       "p.MsoNormal,li.MsoNormal{margin:0cm;font-size:11.0pt;}\n",
		"<!-- /* Font */ @font-face {font-family:X; src:url(http://x.example)} a {color:red} -->":    "a{color:red;}\n",
		"@import url(http://x.example/a.css); @import 'b.css'; b{color:blue}":                        "b{color:blue;}\n",
		"@media only screen and (max-width:480px){ .c{width:100% !important} .d{display:none} }":     "@media only screen and (max-width:480px){\n.c{width:100%;}\n}\n",
		"@media (prefers-color-scheme:dark){p{color:#fff}}@supports (a:b){p{color:red}}i{color:red}": "i{color:red;}\n",
		"input[value^=a]{background:url(http://x.example/a)} p{background:url(http://x.example/b)}":  "",
		"p{background:#fff;color:r\\65 d;width:expression(alert(1))}":                                "p{background-color:#fff;}\n",
		".smista-domain,.x{color:#fff}": ".x{color:#fff;}\n",
		"p{color:red":                   "p{color:red;}\n",
		"}}}p{color:red}":               "",
		"body{position:fixed;top:0}":    "",
	} {
		require.Equal(t, want, shown(t, "<style>"+source+"</style>").Style, source)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a < b\r\n  c":                  "a &lt; b\n  c",
		"Vedi https://a.example/b?c&d.": `Vedi <a href="https://a.example/b?c&amp;d" target="_blank" rel="noopener noreferrer">https://a.example/b?c&amp;d</a>.`,
		"(http://a.example)":            `(<a href="http://a.example" target="_blank" rel="noopener noreferrer">http://a.example</a>)`,
		"http://a.example/x_(y)":        `<a href="http://a.example/x_(y)" target="_blank" rel="noopener noreferrer">http://a.example/x_(y)</a>`,
		"a@b.example, c":                `<a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer">a@b.example</a>, c`,
		"javascript:alert(1)":           "javascript:alert(1)",
		"https://":                      "https://",
	} {
		require.Equal(t, `<div class="smista-text">`+want+"</div>\n", display.Text(text))
	}
}

// TestGolden: ordinary mails look as they were meant to.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, mail := range []string{"outlook.html", "newsletter.html", "plain.txt"} {
		name := filepath.Join("testdata", mail)
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		page := display.Page{Title: "Prova", Form: "text", Body: display.Text(string(source))}
		if strings.HasSuffix(name, ".html") {
			c := shown(t, string(source))
			require.True(t, c.Shows)
			page = display.Page{Title: "Prova", Form: "html", HTML: true, Remote: "blocked", RemotePictures: len(c.Remote), Lang: c.Lang, Body: c.HTML, Style: c.Style}
		}
		golden := name + ".golden"
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(page.String()), 0o600))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), page.String(), name)
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for _, source := range hostile() {
		shown(t, source)
		for _, other := range []string{`<p title='`, `<svg>`, `<math><mtext>`, `<table>`, `<a href="https://a.example">`, `<!--`, `<style>`, `<select>`, `<textarea>`, `<noscript>`, `<body style="`} {
			shown(t, other+source)
			shown(t, source+other+source)
		}
	}
}

func TestAnything(t *testing.T) {
	t.Parallel()
	pieces := slices.Concat(hostile(), strings.Fields("<p> </p> <li> <ul> </ul> <table> <tr> <td> </td> </table> <b> </b> <a\thref=http://x.example> </a> x <pre> ' \" > <br> <style> </style> p{color:red} { } ; url( \\ /* */"))
	rapid.Check(t, func(t *rapid.T) {
		shown(t, strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()), 0, 30).Draw(t, "pieces"), ""))
	})
}

// FuzzClean: nothing that runs, loads, asks or covers is left.
func FuzzClean(f *testing.F) {
	for _, source := range hostile() {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) { shown(t, source) })
}

// What is big and made to cost costs little, or is not shown: the limit is far above
// what is seen, and far below what a square of the size would cost.
func TestBigAndHostile(t *testing.T) {
	for _, piece := range []string{
		"<", "</", "<b>", "<p>", "<table><tr><td>", "<table>", "<td>", "<font color=red>", "</b>", "&", "&#1;", "<a href=http://x.example>", "<!--", "<b a=b ", "a=b ", "<li>x<br>", "<svg>", "<style>", "</p>",
		`<p style="color:red">`, "color:red;", `\61`, "<script>", "a\x00", "<img src=http://x.example>", "<img src=http://x.example/a alt='", "a{", "}", "(", "'", "a@b.example ", "a.", "url(", "<div hidden>", "@media a{", "/*",
	} {
		for _, before := range []string{"", `<p style="`, "<style>", "<b " + strings.Repeat("<i>", 300), strings.Repeat("<blockquote>", 150) + strings.Repeat("<ol><li>", 100)} {
			source := before + strings.Repeat(piece, (1<<16-len(before))/len(piece))
			from := time.Now()
			display.Clean(source, display.Options{})
			display.Text(source)
			require.Less(t, time.Since(from), 10*time.Second, "%q after %.20q", piece, before)
		}
	}
	require.False(t, display.Clean(strings.Repeat("a", 10<<20), display.Options{}).Whole, "what is too long is not cleaned")
	require.False(t, display.Clean(strings.Repeat(`<img alt=a>`, display.MaxHTML/11), display.Options{}).Whole, "nor written, when it grows")
}
