package server

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// leaf is one value of the file, or the head of a table: where it stands and
// what is written there.
type leaf struct {
	key  string // for instance mailbox[0].imap
	kind unstable.Kind
	text string // empty for the head of a table
}

func (v leaf) isTable() bool { return v.kind == unstable.Table || v.kind == unstable.ArrayTable }

// file reads a TOML document into the configuration. A document that is not
// TOML is one problem; otherwise every key is tried and each gives its own.
func (l *loading) file(document []byte) {
	var whole map[string]any
	if err := toml.Unmarshal(document, &whole); err != nil {
		p := ConfigProblem{Where: l.path, Text: err.Error()}
		if broken := (*toml.DecodeError)(nil); errors.As(err, &broken) {
			p.line, _ = broken.Position()
			p.Where = fmt.Sprintf("%s:%d", l.path, p.line)
		}
		l.problems = append(l.problems, p)
		return
	}
	for _, leaf := range l.leaves(document) {
		l.set(leaf)
	}
}

// leaves lists the values of a document in the order of the file, and notes
// the line of each key and table.
func (l *loading) leaves(document []byte) []leaf {
	var found []leaf
	counts := map[string]int{}
	table := ""
	parser := unstable.Parser{}
	parser.Reset(document)
	for parser.NextExpression() {
		e := parser.Expression()
		switch e.Kind {
		case unstable.Table:
			table = l.keyOf(&parser, e, "", counts)
			found = append(found, leaf{key: table, kind: e.Kind})
		case unstable.ArrayTable:
			name := l.keyOf(&parser, e, "", counts)
			table = fmt.Sprintf("%s[%d]", name, counts[name])
			counts[name]++
			l.lines[table] = l.lines[name]
			found = append(found, leaf{key: table, kind: e.Kind})
		case unstable.KeyValue:
			found = append(found, l.valuesOf(&parser, e, table)...)
		default: // comments
		}
	}
	return found
}

// valuesOf lists the values under one key, those of arrays and inline tables
// one by one.
func (l *loading) valuesOf(parser *unstable.Parser, e *unstable.Node, table string) []leaf {
	key := l.keyOf(parser, e, table, nil)
	return l.valuesIn(parser, key, e.Value())
}

func (l *loading) valuesIn(parser *unstable.Parser, key string, value *unstable.Node) []leaf {
	var found []leaf
	switch value.Kind {
	case unstable.Array:
		for i, item := 0, value.Children(); item.Next(); {
			if item.Node().Kind == unstable.Comment {
				continue
			}
			element := fmt.Sprintf("%s[%d]", key, i)
			l.lines[element] = l.lines[key]
			found = append(found, l.valuesIn(parser, element, item.Node())...)
			i++
		}
	case unstable.InlineTable:
		found = append(found, leaf{key: key, kind: unstable.Table})
		for item := value.Children(); item.Next(); {
			found = append(found, l.valuesOf(parser, item.Node(), key)...)
		}
	default:
		found = append(found, leaf{key: key, kind: value.Kind, text: string(value.Data)})
	}
	return found
}

// keyOf is the full name of a key or table; its line is noted. Below a list of
// tables, the head of a table means the last one so far (counts).
func (l *loading) keyOf(parser *unstable.Parser, e *unstable.Node, table string, counts map[string]int) string {
	key, line := table, 0
	for part := e.Key(); part.Next(); {
		if n := counts[key]; n > 0 {
			key = fmt.Sprintf("%s[%d]", key, n-1)
		}
		if key != "" {
			key += "."
		}
		key += string(part.Node().Data)
		line = parser.Shape(part.Node().Raw).Start.Line
	}
	l.lines[key] = line
	return key
}

// set puts one value of the file where it belongs.
func (l *loading) set(v leaf) {
	field, err := fieldAt(reflect.ValueOf(&l.config).Elem(), v.key)
	if err != nil {
		l.problem(v.key, "%v", err)
		return
	}
	if isTable := field.Kind() == reflect.Struct; isTable || v.isTable() {
		if !isTable {
			l.problem(v.key, "%s must be one value, not a table", v.key)
		} else if !v.isTable() {
			l.problem(v.key, "%s must be a table", v.key)
		}
		return
	}
	if (field.Kind() == reflect.String || field.Type() == durationType) && v.kind != unstable.String {
		l.problem(v.key, "%s must be written in quotes", v.key)
		return
	}
	if err := setText(field, v.text); err != nil {
		l.problem(v.key, "%s: %v", v.key, err)
		return
	}
	l.config.origins[v.key] = fmt.Sprintf("%s:%d", l.path, l.lines[v.key])
}

// fieldAt finds the field behind a key, making the lists on the way as long as
// the key asks.
func fieldAt(at reflect.Value, key string) (reflect.Value, error) {
	for part := range strings.SplitSeq(key, ".") {
		name, index, indexed := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		field, found := fieldNamed(at, name)
		if !found {
			return field, fmt.Errorf("there is no setting %s; docs/configuration.md lists them", key)
		}
		if field.Kind() == reflect.Slice != indexed {
			return field, fmt.Errorf("%s must be %s", key, shapeOf(field))
		}
		if indexed {
			field = elementAt(field, index)
		}
		if field.Kind() == reflect.Pointer {
			if field.IsNil() {
				field.Set(reflect.New(field.Type().Elem()))
			}
			field = field.Elem()
		}
		at = field
	}
	return at, nil
}

func fieldNamed(at reflect.Value, name string) (reflect.Value, bool) {
	if at.Kind() != reflect.Struct {
		return at, false
	}
	for i := range at.NumField() {
		if at.Type().Field(i).Tag.Get("toml") == name {
			return at.Field(i), true
		}
	}
	return at, false
}

func shapeOf(field reflect.Value) string {
	switch {
	case field.Kind() != reflect.Slice:
		return "one value, not a list"
	case field.Type().Elem().Kind() == reflect.Struct:
		return "a list of tables"
	}
	return "a list"
}

// elementAt is the element of a list; new ones begin with their defaults.
func elementAt(list reflect.Value, index string) reflect.Value {
	i, _ := strconv.Atoi(index) // written by valuesIn or leaves
	for list.Len() <= i {
		element := reflect.New(list.Type().Elem()).Elem()
		setDefaults(element)
		list.Set(reflect.Append(list, element))
	}
	return list.Index(i)
}

var durationType = reflect.TypeFor[time.Duration]()

// setText sets a field from text, wherever that stood.
func setText(field reflect.Value, text string) error {
	switch {
	case field.Type() == durationType:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is not a length of time such as 90s, 5m or 24h", text)
		}
		field.SetInt(int64(d))
	case field.Kind() == reflect.Int:
		n, err := strconv.Atoi(strings.ReplaceAll(text, "_", ""))
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		field.SetInt(int64(n))
	case field.Kind() == reflect.Bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		field.SetBool(text == "true")
	case field.Kind() == reflect.String:
		field.SetString(text)
	default:
		return fmt.Errorf("%q cannot stand here", text)
	}
	return nil
}
