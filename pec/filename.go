package pec

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds a safe name in bytes; file systems take 255.
const maxName = 120

// SafeName makes a hostile file name safe for any file system: one path element,
// no control, format (bidirectional override) or reserved character, no device
// name of Windows, not hidden, not too long, its extension kept. A name of which
// nothing is left becomes "allegato-i".
func SafeName(name string, i int) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp):
			return -1
		case strings.ContainsRune(`<>:"/\|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = shorten(strings.Trim(name, ". "))
	if name == "" {
		return "allegato-" + strconv.Itoa(i)
	}
	if device(name) {
		return "_" + name
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
	return strings.TrimRight(strings.ToValidUTF8(name[:maxName-len(extension)], ""), ". ") + extension
}

// device reports the names that Windows keeps for itself, with any extension.
func device(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base = strings.TrimSpace(base); base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	number, isCOM := strings.CutPrefix(base, "COM")
	if !isCOM {
		var isLPT bool
		if number, isLPT = strings.CutPrefix(base, "LPT"); !isLPT {
			return false
		}
	}
	r, size := utf8.DecodeRuneInString(number)
	return slices.Contains([]rune("0123456789¹²³"), r) && len(number) == size
}
