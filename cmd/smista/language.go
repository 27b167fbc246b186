package main

import (
	"cmp"
	"errors"
	"os"
	"strings"

	"github.com/smista/smista/staff"
)

// inItalian tells whether the person at the terminal reads Italian, by the
// variables that say so to every program (POSIX 8.2).
func inItalian() bool {
	return strings.HasPrefix(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")), "it")
}

// words picks the language of the person at the terminal.
func words(italian, english string) string {
	if inItalian() {
		return italian
	}
	return english
}

// sentence is an error as a person reads it.
func sentence(err error) string {
	if e, ok := errors.AsType[*staff.Error](err); ok {
		return words(e.Italian, e.English)
	}
	return err.Error()
}
