package dossier

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of the views that a person saves.
const (
	MostViews  = 50
	maxView    = 60    // characters of a name
	maxSearch  = 1000  // bytes of what a list is narrowed by
	mostViewed = 16384 // bytes of all: the row of a person is read all day
)

// View is a list as a person saved it, under a name. What it is narrowed by stays
// as the address of the client says it: "today" is another day tomorrow.
type View struct {
	List   string `json:"list"`
	Name   string `json:"name"`
	Search string `json:"search,omitempty"`
}

// Check tells what is wrong with a view.
func (v View) Check() error {
	n := utf8.RuneCountInString(v.Name)
	switch {
	case n == 0 || n > maxView || strings.TrimSpace(v.Name) != v.Name || strings.ContainsFunc(v.Name, unicode.IsControl):
		return fmt.Errorf("a name has 1 to %d characters, none of control, and no space at its ends", maxView)
	case len(v.Search) > maxSearch || strings.ContainsFunc(v.Search, unicode.IsControl):
		return fmt.Errorf("what it is narrowed by has at most %d bytes, none of control", maxSearch)
	case v.Search != "" && !strings.HasPrefix(v.Search, "?"):
		return errors.New("what it is narrowed by begins with a question mark")
	}
	return nil
}

// WithView are views with one more, by name; it replaces that of the same name.
func WithView(views []View, v View) ([]View, error) {
	if err := v.Check(); err != nil {
		return nil, err
	}
	views = append(WithoutView(views, v.List, v.Name), v)
	size := 0
	for _, v := range views {
		size += len(v.Name) + len(v.Search)
	}
	if len(views) > MostViews || size > mostViewed {
		return nil, fmt.Errorf("at most %d views, of %d bytes all together: remove one first", MostViews, mostViewed)
	}
	slices.SortFunc(views, func(a, b View) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Name, b.Name), strings.Compare(a.List, b.List))
	})
	return views, nil
}

// WithoutView are views without that of a name.
func WithoutView(views []View, list, name string) []View {
	return slices.DeleteFunc(slices.Clone(views), func(v View) bool { return v.List == list && v.Name == name })
}
