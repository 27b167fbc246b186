package letter_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/smista/smista/letter"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                       "",
		"perché < & > \"città\"": "perché &lt; &amp; &gt; &#34;città&#34;",
		"<p>a<p>b":               "<p>a</p><p>b</p>",
		"a</div></blockquote>b":  "ab",
		"<ul><li>a<li>b</ul>":    "<ul><li>a</li><li>b</li></ul>",
		"<b><i>a</b>b":           "<b><i>a</i></b>b",
		"<script>x()</script><p onclick=x()>a</p>":      "<p>a</p>",
		`<img src="http://evil.example/p.gif">a`:        "a",
		`<img src="cid:logo@smista" alt="x" onerror=y>`: `<img src="cid:logo@smista" alt="x">`,
		`<a href="https://a.example/?b=1&amp;c">x</a>`:  `<a href="https://a.example/?b=1&amp;c" target="_blank" rel="noopener">x</a>`,
		`<a href="mailto:a@b.example">x</a>`:            `<a href="mailto:a@b.example">x</a>`,
		`<a href="javascript:x()">x</a>`:                "x",
		`<a href="/relative">x</a>`:                     "x",
		`<a href="cid:x">x</a>`:                         "x",
		`<span style="color: #ff0000; position: fixed; background-image: url(http://x.example)">a</span>`: `<span style="color: #ff0000">a</span>`,
		`<span style="font-size:14pt;font-family:'Times New Roman',serif">a</span>`:                       `<span style="font-size: 14pt; font-family: &#39;Times New Roman&#39;,serif">a</span>`,
		`<p style="text-align:center;margin-left:40px">a</p>`:                                             `<p style="text-align: center; margin-left: 40px">a</p>`,
		`<p style="font-size:1px">a</p>`:                                                                  `<p>a</p>`,
		`<font color="red" face="Arial" size="4">a</font>`:                                                `<font color="red" face="Arial" size="4">a</font>`,
		`<table border="1"><tr><td colspan="2" bgcolor="#eee">a<tr><td>b</table>`:                         `<table border="1"><tr><td colspan="2" bgcolor="#eee">a</td></tr><tr><td>b</td></tr></table>`,
		"<html><head><title>x</title><style>p{}</style></head><body><p>a</p></body></html>":               "<p>a</p>",
		"<!--[if mso]><p>x</p><![endif]-->a":                                                              "a",
		"a\x00\x1bb\r\nc":                                                                                 "ab\nc",
		"\xff\xfea":                                                                                       "a",
	} {
		require.Equal(t, want, letter.Clean(source), "%q", source)
		require.Equal(t, want, letter.Clean(want))
	}
}

// hostile is what people have tried on readers of HTML.
func hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
		`<script/x>alert(1)</script>`, `<<script>alert(1)//<</script>`, `<script>alert(1)`, "<scr\x00ipt>alert(1)</script>", `<ſcript>alert(1)</ſcript>`,
		`<img src=x onerror=alert(1)>`, `<img src="x" onerror="alert(1)"//`, `<img/src/onerror=alert(1)>`, "<img src=`x` onerror=alert(1)>",
		`<img """><script>alert(1)</script>">`, `<img src=javascript:alert(1)>`, `<img src="cid:x" onload=alert(1)>`, `<img src="cid:x http://evil.example">`,
		`<img src="CID:x">`, `<img srcset="http://evil.example/a 1x">`, `<img src="//evil.example/a">`, `<img src="data:image/svg+xml;base64,PHN2Zy8+">`,
		`<img src="cid:x" style="background:url(http://evil.example)">`, `<img lowsrc="http://evil.example" dynsrc="http://evil.example">`,
		`<a href="javascript:alert(1)">x</a>`, `<a href="JaVaScRiPt:alert(1)">x</a>`, `<a href=" javascript:alert(1)">x</a>`, "<a href=\"java\tscript:alert(1)\">x</a>",
		`<a href="&#106;avascript:alert(1)">x</a>`, `<a href="&#x6A&#x61vascript:alert(1)">x</a>`, `<a href="java&NewLine;script:alert(1)">x</a>`,
		`<a href="vbscript:x">x</a>`, `<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="file:///etc/passwd">x</a>`, `<a href="blob:x">x</a>`,
		`<a href="https://a.example" ping="https://evil.example">x</a>`, `<a href="https://a.example" target="_self" rel="opener">x</a>`, `<a href='http://a.example/"onmouseover="alert(1)'>x</a>`,
		`<a href="https://a.example\@evil.example">x</a>`, `<a href="http://[::1">x</a>`, `<a href="mailto:a@b.example?bcc=evil@evil.example">x</a>`,
		`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
		`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`, `<math href="javascript:alert(1)">x</math>`, `<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
		`<form action="https://evil.example"><input name=a><button formaction="javascript:alert(1)">x</button></form>`, `<isindex action=javascript:alert(1)>`,
		`<iframe src="https://evil.example"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>">`, `<frameset><frame src="https://evil.example"></frameset>`,
		`<object data="https://evil.example"></object>`, `<embed src="https://evil.example">`, `<applet code=x></applet>`, `<base href="https://evil.example/">`,
		`<link rel=stylesheet href="https://evil.example/a.css">`, `<meta http-equiv=refresh content="0;url=https://evil.example">`, `<style>@import "https://evil.example/a.css";</style>`,
		`<style><!--</style><script>alert(1)//--></style>`, `<body onload=alert(1) background="https://evil.example/a">`, `<table background="https://evil.example/a"><td background="https://evil.example/b">x</table>`,
		`<video src="https://evil.example/v" autoplay onplay=alert(1)></video>`, `<audio src="https://evil.example/a">`, `<video poster="https://evil.example/p">`, `<source src="https://evil.example/a">`,
		`<div style="background:url('https://evil.example')">x</div>`, `<div style="width:expression(alert(1))">x</div>`, `<div style="behavior:url(#x)">x</div>`, `<div style="-moz-binding:url(https://evil.example)">x</div>`,
		`<div style="color:red;background:u\72l(https://evil.example)">x</div>`, `<div style="color:/**/red;x:url(https://evil.example)">x</div>`, `<div style="position:fixed;top:0;left:0;width:100%;height:100%">x</div>`,
		`<div style="list-style-image:url(https://evil.example)">x</div>`, `<div style="content:url(https://evil.example)">x</div>`, `<p style="font-family:'a;background:url(https://evil.example)'">x</p>`,
		`<p style="color:red"onmouseover="alert(1)">x</p>`, `<p style='font-family:"><script>alert(1)</script>'>x</p>`, `<div id="x" class="y" name="z" data-a="b" contenteditable>x</div>`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`, `<title><p title="</title><img src=x onerror=alert(1)>">`, `<textarea><p title="</textarea><img src=x onerror=alert(1)>">`,
		`<xmp><p title="</xmp><img src=x onerror=alert(1)>">`, `<noembed><img title="</noembed><img src=x onerror=alert(1)>">`, `<plaintext><script>alert(1)</script>`, `<template><script>alert(1)</script></template>`,
		`<!--><script>alert(1)</script>-->`, `<!-- --!><img src=x onerror=alert(1)> -->`, `<![CDATA[<script>alert(1)</script>]]>`, `<?xml version="1.0"?><script>alert(1)</script>`, `<!DOCTYPE html [<!ENTITY x "y">]>&x;`,
		`<details open ontoggle=alert(1)>x</details>`, `<marquee onstart=alert(1)>x</marquee>`, `<input autofocus onfocus=alert(1)>`, `<select><option><style></select><img src=x onerror=alert(1)></style>`,
		`</blockquote></div></table></body></html><p>x`, `<table><p>x<table><tr><td><a href="https://a.example"><table><a href="https://b.example">`, `<a><b><a><b></a></p><p>`, `<b/><i/>x<br/></br><hr/></hr><p/>`,
		`<b foo`, `<`, `</`, `<!`, `<!-`, `&`, `&#`, `&#0;&#x1b;&#xFFFE;&#8238;`, `&lt;script&gt;alert(1)&lt;/script&gt;`, `&amp;lt;script&amp;gt;`, "<p>\r\n\r\n</p>", "\x00<p>\x00</p>",
		`<a href="https://a.example/&quot;&gt;&lt;script&gt;">x</a>`, `<a href="https://a.example/%22%3E%3Cscript%3E">x</a>`, `<img alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" src="cid:a">`,
		`<span style="color:&#34;red">x</span>`, `<font color="red;background:url(x)" face="x&quot;y">x</font>`, `<pre>` + "\n\n a\n  b" + `</pre>`, `<blockquote cite="https://evil.example">x</blockquote>`, `<q cite="javascript:x">x</q>`,
		`<o:p>x</o:p><w:sdt>y</w:sdt>`, `<a href="HTTPS://A.EXAMPLE/">x</a>`, `<a href="https://perché.example/città">x</a>`, `<a href="https://a.example/ b">x</a>`,
	}
}

func TestCleanHostile(t *testing.T) {
	t.Parallel()
	for _, source := range hostile() {
		clean(t, source)
		for _, other := range []string{`<p title='`, `<svg>`, `<table>`, `<a href="https://a.example">`, `<!--`, `<style>`, `<select>`} {
			clean(t, other+source)
			clean(t, source+other+source)
		}
	}
}

// clean holds what must be true of every text that was cleaned.
func clean(t require.TestingT, source string) string {
	cleaned := letter.Clean(source)
	require.Equal(t, cleaned, letter.Clean(cleaned), "cleaning again changes nothing: %q", source)
	root, err := html.Parse(strings.NewReader(`<div id="around">` + cleaned + `</div><p id="after"></p>`))
	require.NoError(t, err)
	var around, after *html.Node
	for n := range root.Descendants() {
		switch {
		case n.Type == html.CommentNode || n.Type == html.DoctypeNode:
			require.Fail(t, "a comment", "%q: %q", source, cleaned)
		case n.Type != html.ElementNode:
		case value(n, "id") == "around":
			around = n
		case value(n, "id") == "after":
			after = n
		default:
			harmless(t, source, n)
		}
	}
	require.NotNil(t, around)
	require.NotNil(t, after)
	require.Equal(t, around.Parent, after.Parent, "what stands around stays what it is: %q: %q", source, cleaned)
	return cleaned
}

func value(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// harmless knows what may be there, by itself: not by the policy.
func harmless(t require.TestingT, source string, n *html.Node) {
	elements := strings.Fields("html head body tbody colgroup p div br hr span b strong i em u s strike del ins sub sup small big center font h1 h2 h3 h4 h5 h6 blockquote pre code " +
		"ul ol li dl dt dd table caption thead tfoot tr td th a img")
	attributes := strings.Fields("href target rel src alt width height border cellpadding cellspacing colspan rowspan start type color size face bgcolor align valign style")
	require.Contains(t, elements, n.Data, "%q", source)
	require.Empty(t, n.Namespace, "%q", source)
	for _, a := range n.Attr {
		require.Contains(t, attributes, a.Key, "%q", source)
		switch a.Key {
		case "href":
			u, err := url.Parse(a.Val)
			require.NoError(t, err, "%q", source)
			require.Contains(t, []string{"http", "https", "mailto"}, u.Scheme, "%q", source)
			require.Equal(t, "a", n.Data)
			if u.Host != "" {
				require.Equal(t, "noopener", value(n, "rel"), "%q", source)
			}
		case "src":
			require.Equal(t, "img", n.Data)
			require.Regexp(t, `^cid:[A-Za-z0-9._+@-]+$`, a.Val, "%q", source)
		case "style":
			require.NotRegexp(t, `(?i)url|expression|\\|/\*|import|position|javascript|[<>{}]`, strings.ReplaceAll(a.Val, "font-family", ""), "%q", source)
		}
	}
}

func TestCleanAnything(t *testing.T) {
	t.Parallel()
	pieces := slices.Concat(hostile(), []string{"<p>", "</p>", "<li>", "<ul>", "</ul>", "<table>", "<tr>", "<td>", "</table>", "<b>", "</b>", "<a href=http://x.example>", "</a>", " ", "x", "<pre>", "\n", "'", `"`, ">", "<br>"})
	rapid.Check(t, func(t *rapid.T) {
		clean(t, strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()), 0, 30).Draw(t, "pieces"), ""))
	})
}

// FuzzClean: nothing that runs, loads or asks is left, and cleaning again changes nothing.
func FuzzClean(f *testing.F) {
	for _, source := range hostile() {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		clean(t, source)
		letter.Text(source)
		letter.Quote(letter.Quoted{HTML: source, Text: source, Subject: source})
	})
}

// What is big and made to cost costs little: the limit is far above what is
// seen (tenths of a second), and far below what a square of the size would cost.
func TestCleanBigAndHostile(t *testing.T) {
	cheap := func(size int, before, piece string) {
		source := before + strings.Repeat(piece, (size-len(before))/len(piece))
		from := time.Now()
		require.LessOrEqual(t, len(letter.Text(letter.Clean(source))), 40*size)
		require.Less(t, time.Since(from), 20*time.Second, "%q after %.20q", piece, before)
	}
	for _, piece := range []string{
		"<", "</", "<b>", "<p>", "<table><tr><td>", "<font color=red>", "</b>", "&", "&#1;", "<a href=http://x.example>", "<!--", "<b a=b ", "<blockquote>x", "<li>x<br>",
		`<p style="color:red">`, `<p style="color:red;`, "color:red;", `\61`, "<script>", "<svg>", "<br>", "<i/>", "<pre>\n", "a\x00",
	} {
		for _, before := range []string{"", `<p style="`, strings.Repeat("<blockquote>", 50) + strings.Repeat("<ol><li>", 50)} {
			cheap(letter.MaxHTML/64, before, piece)
		}
	}
	cheap(letter.MaxHTML/4, manyFonts(), "<p>x")                          // as a tree it takes all memory
	cheap(letter.MaxHTML/4, strings.Repeat("<blockquote>", 500), "x<br>") // quotes in quotes
	cheap(letter.MaxHTML/4, escapes(letter.MaxHTML/4), "x")               // the policy alone takes minutes
}

// escapes is a paragraph with a style full of them.
func escapes(size int) string {
	return `<p style="color:` + strings.Repeat(`\61`, (size-30)/3) + `">`
}

func manyFonts() string {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, `<font size="3" color="#%06x">`, i)
	}
	return b.String()
}
