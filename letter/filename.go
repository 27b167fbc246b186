package letter

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxName bounds a file name in bytes: file systems take 255, and encoded it
// must fit into one line of a header (RFC 5322 §2.1.1).
const maxName = 200

// fileName makes a name that any receiver can save: one path element, without
// control, direction or reserved characters, not hidden, its extension kept. A name of
// which nothing is left becomes "allegato-i".
func fileName(name string, i int) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, oneLine(name))
	name = shorten(strings.Trim(name, ". "))
	if name == "" {
		return "allegato-" + strconv.Itoa(i)
	}
	return name
}

// shorten keeps the beginning and the extension.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	extension := ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 12 {
		extension = name[dot:]
	}
	return strings.TrimRight(cut(name, maxName-len(extension)), ". ") + extension
}

// asciiName is what old programs show of a clean name: without accents, and with
// a mark for what has no such letter.
func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case notPrintable(r):
			return '_'
		}
		return r
	}, norm.NFD.String(name))
}
