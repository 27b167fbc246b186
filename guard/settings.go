package guard

import (
	"fmt"
	"strconv"
	"strings"
)

// Settings tell the database who asks, each as the settings smista.* of
// PostgreSQL: store/migrations/postgres/0003_rows_for_their_readers.sql reads
// them. Lists are written as arrays of SQL. The zero Settings are nobody's.
type Settings struct {
	Roles    string // of program, person, sorter, administrator, auditor, content
	Person   string // the id of the user
	Whole    string // offices whose cases the viewer sees whole
	Own      string // offices of which the viewer sees what is assigned to him
	Informed string // offices of which the viewer sees what they have for information
}

// Settings gives what the database is told of the viewer: that of nobody for who
// may read nothing. The same rights give the same Settings.
func (v Viewer) Settings() Settings {
	if v.IsSystem() {
		return Settings{Roles: "{program}"}
	}
	p, ok := v.Person()
	if !ok || !v.May(Read) {
		return Settings{}
	}
	roles := []string{"person"}
	for _, role := range []struct {
		name string
		has  bool
	}{{"sorter", p.Sorter}, {"administrator", p.Administrator}, {"auditor", p.Auditor}, {"content", v.May(Content)}} {
		if role.has {
			roles = append(roles, role.name)
		}
	}
	return Settings{
		Roles: array(roles), Person: strconv.Itoa(p.ID),
		Whole: array(numbers(p.Heads, p.Operates, p.Inherits)), Own: array(numbers(p.Owns)), Informed: array(numbers(p.Acts, p.Operates)),
	}
}

// array writes plain words or numbers as an array of SQL.
func array[T any](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return "{" + strings.Join(words, ",") + "}"
}
