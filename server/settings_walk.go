package server

import (
	"fmt"
	"reflect"
	"strings"
)

// setting is one field of the configuration with its tags.
type setting struct {
	key   string // for instance limits.sockets or mailbox[0].imap
	field reflect.StructField
	value reflect.Value
}

// walk visits the settings of a struct in their order, those of its tables and
// lists of tables too; visit sees a table or list before what is in it.
func walk(at reflect.Value, prefix string, visit func(setting)) {
	for i := range at.NumField() {
		field := at.Type().Field(i)
		name := field.Tag.Get("toml")
		if name == "" {
			continue
		}
		s := setting{key: prefix + name, field: field, value: at.Field(i)}
		visit(s)
		switch {
		case field.Type.Kind() == reflect.Struct:
			walk(s.value, s.key+".", visit)
		case isTable(field.Type) && !s.value.IsNil():
			walk(s.value.Elem(), s.key+".", visit)
		case isTables(field.Type):
			for i := range s.value.Len() {
				walk(s.value.Index(i), fmt.Sprintf("%s[%d].", s.key, i), visit)
			}
		}
	}
}

// isTable holds for a table that may be left out.
func isTable(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

func isTables(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct
}

// isPlain tells whether a setting is one value or a list of such.
func (s setting) isPlain() bool {
	t := s.value.Type()
	return t.Kind() != reflect.Struct && !isTable(t) && !isTables(t)
}

// variable is the setting's name in the environment; settings inside of lists
// have none.
func (s setting) variable() string {
	if !s.isPlain() || strings.ContainsRune(s.key, '[') {
		return ""
	}
	return "SMISTA_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

func (l *loading) defaults() { setDefaults(reflect.ValueOf(&l.config).Elem()) }

func setDefaults(at reflect.Value) {
	if at.Kind() != reflect.Struct {
		return
	}
	walk(at, "", func(s setting) {
		if text := s.field.Tag.Get("default"); text != "" {
			_ = setText(s.value, text) // a test sets every default
		}
	})
}

// environment lets SMISTA_… variables override the file. A list is written
// with commas.
func (l *loading) environment() {
	walk(reflect.ValueOf(&l.config).Elem(), "", func(s setting) {
		name := s.variable()
		text, found := l.config.environ(name)
		if name == "" || !found {
			return
		}
		l.config.origins[s.key] = "environment " + name
		if s.value.Kind() == reflect.Slice {
			s.value.Set(reflect.ValueOf(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })))
			return
		}
		if err := setText(s.value, text); err != nil {
			l.problem(s.key, "%v", err)
		}
	})
}
