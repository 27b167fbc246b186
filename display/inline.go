package display

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// Head is how much of a file tells what it is.
const Head = 64 << 10

// Inline says as what a file may be shown in a browser, by its beginning (Head
// bytes) and, of texts, by its declared type as well: a picture, PDF or plain text
// with its charset. Empty: it is to be saved.
func Inline(head []byte, declared string) (contentType string) {
	if kind := Raster(head); kind != "" {
		return kind
	}
	sniffed, parameters, _ := strings.Cut(http.DetectContentType(head), ";")
	switch {
	case sniffed == "application/pdf":
		return sniffed
	case sniffed != "text/plain" || !strings.HasPrefix(declared, "text/") || declared == "text/html":
		return ""
	case strings.Contains(parameters, "utf-16"):
		return sniffed + ";" + parameters
	case isUTF8(head):
		return "text/plain; charset=utf-8"
	}
	return "text/plain; charset=windows-1252"
}

// isUTF8 looks away from a last character that is cut.
func isUTF8(head []byte) bool {
	for range utf8.UTFMax {
		if utf8.Valid(head) {
			return true
		}
		if len(head) < Head-utf8.UTFMax {
			return false
		}
		head = head[:len(head)-1]
	}
	return false
}
