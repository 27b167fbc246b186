package desk

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes text comparable: no case, no accents, no compatibility forms.
func fold(text string) string {
	text = cases.Fold().String(norm.NFKD.String(text))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, text)
}

// words splits text into its folded words: runs of letters and digits.
func words(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return !inWord(r) })
}

// patterns splits a pattern into words, in which * stands for any letters.
func patterns(text string) []string {
	list := strings.FieldsFunc(fold(text), func(r rune) bool { return !inWord(r) && r != '*' })
	return slices.DeleteFunc(list, func(w string) bool { return strings.Trim(w, "*") == "" })
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// stands reports whether the pattern's words stand in text one after the other.
func stands(pattern, text []string) bool {
	if len(pattern) == 0 {
		return false
	}
	for at := 0; at+len(pattern) <= len(text); at++ {
		if slices.EqualFunc(pattern, text[at:at+len(pattern)], like) {
			return true
		}
	}
	return false
}

// like compares with a pattern in which * stands for any run of characters. It
// takes at most len(pattern) × len(text) steps.
func like(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
