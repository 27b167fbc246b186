package display

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Raster tells what kind of picture some bytes are, by their beginning: PNG, JPEG,
// GIF or WebP; empty when none of these. Others can hold scripts, or cost a browser
// too much.
func Raster(content []byte) (mediaType string) {
	kind := http.DetectContentType(content)
	if slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, kind) {
		return kind
	}
	return ""
}

// DataURI is a picture that stands in the page itself (RFC 2397); empty when it is
// none that is shown.
func DataURI(content []byte) string {
	kind := Raster(content)
	if kind == "" {
		return ""
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(content)
}

// source finds from where a picture may be shown: from the message itself, or from
// the path that the caller has for a remote one. Empty: it is not shown.
func (c *cleaner) source(address string) (uri string) {
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(address))
	scheme, rest, _ := strings.Cut(address, ":")
	switch strings.ToLower(scheme) {
	case "cid":
		if id, err := url.PathUnescape(rest); err == nil && c.options.Picture != nil {
			uri = c.options.Picture(id)
		}
	case "data":
		uri = ownData(rest)
	default:
		return c.remotely(address)
	}
	size := base64.StdEncoding.DecodedLen(len(uri))
	if c.pictures+size > MaxPictures {
		return ""
	}
	c.pictures, c.encoded = c.pictures+size, c.encoded+len(uri)
	return uri
}

// ownData reads a picture that stands in the HTML.
func ownData(rest string) string {
	head, encoded, _ := strings.Cut(rest, ",")
	if !strings.HasSuffix(strings.ToLower(head), ";base64") {
		return ""
	}
	content, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(encoded, " ", ""))
	if err != nil {
		return ""
	}
	return DataURI(content)
}

// remotely numbers a remote picture.
func (c *cleaner) remotely(address string) string {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(strings.ReplaceAll(address, " ", "%20"))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || len(address) > maxValue {
		return ""
	}
	address = u.String()
	number, known := c.numbers[address]
	if !known {
		if number = len(c.remote); number >= maxRemote {
			return ""
		}
		c.numbers[address] = number
		c.remote = append(c.remote, address)
	}
	if c.options.Remote == nil {
		return ""
	}
	return c.options.Remote(number)
}

// image shows a picture, or a box with the words that stand for it. One of a single
// dot is there to tell that the mail was opened: it is not.
func (c *cleaner) image(t html.Token) {
	attributes, hidden := c.attributes(t)
	if hidden || c.hidden > 0 {
		return
	}
	source := attribute(t, "src")
	if source == "" {
		source, _, _ = strings.Cut(strings.TrimSpace(attribute(t, "srcset")), " ")
		source = strings.TrimSuffix(source, ",")
	}
	width, height := measure(t, "width"), measure(t, "height")
	dot := isDot(width) && isDot(height)
	uri := ""
	if !dot {
		uri = c.source(source)
	}
	alt := shorten(strings.Join(strings.Fields(harmless(attribute(t, "alt"))), " "))
	switch {
	case uri != "":
		c.shows = true
		c.write(`<img src="` + html.EscapeString(uri) + `" alt="` + html.EscapeString(alt) + `"` + attributes + ">")
	case alt == "" && (dot || isThin(width) || isThin(height)): // it only kept others apart
	default:
		c.write(box(alt, width, height))
	}
}

// box stands where a picture is not shown.
func box(alt, width, height string) string {
	var style []string
	if width != "" {
		style = append(style, "width:"+inUnits(width))
	}
	if height != "" {
		style = append(style, "height:"+inUnits(height))
	}
	attributes := ` aria-hidden="true"`
	if alt = html.EscapeString(alt); alt != "" {
		attributes = ` role="img" aria-label="` + alt + `"`
	}
	if len(style) > 0 {
		attributes += ` style="` + strings.Join(style, ";") + `"`
	}
	return `<span class="smista-picture"` + attributes + ">" + alt + "</span>"
}

func inUnits(measure string) string {
	if strings.HasSuffix(measure, "%") {
		return measure
	}
	return measure + "px"
}

var measured = regexp.MustCompile(`^(\d{1,4})(?:\.\d+)?\s*(px|%)?$`)

// measure is the width or the height of a picture: pixels, or a percentage.
func measure(t html.Token, name string) string {
	value := attribute(t, name)
	for property, set := range declarations(attribute(t, "style")) {
		if property == name {
			value = set
		}
	}
	m := measured.FindStringSubmatch(strings.ToLower(strings.TrimSpace(value)))
	if m == nil {
		return ""
	}
	return m[1] + strings.TrimPrefix(m[2], "px")
}

func isDot(measure string) bool { return measure == "0" || measure == "1" }

func isThin(measure string) bool {
	return len(measure) == 1 // under ten dots
}

// shorten cuts words that stand for a picture.
func shorten(s string) string {
	const most = 300
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
