package guard

import (
	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/caseoffice"
	"github.com/smista/smista/ent/casereader"
	"github.com/smista/smista/ent/predicate"
)

// Lanes are the ways on which a viewer comes to the cases that he sees: each is
// a walk of one index, and together they find at least all of them. They say
// where to look, not what may be seen. nil for who sees every case.
func Lanes(v Viewer) []predicate.CaseFile {
	p, ok := v.Person()
	if !ok || p.Sorter || p.Auditor {
		return nil
	}
	is := func(column string, value any) predicate.CaseFile {
		return func(s *sql.Selector) { s.Where(sql.EQ(s.C(column), value)) }
	}
	lanes := []predicate.CaseFile{
		is(casefile.FieldStatus, string(casefile.StatusMerged)), // seen as another one, which may be anywhere
		linked(casereader.Table, casereader.FieldCaseID, casereader.FieldUserID, []any{p.ID}),
	}
	for _, office := range numbers(p.Heads, p.Operates, p.Inherits) {
		lanes = append(lanes, is(casefile.FieldOfficeID, office))
	}
	if len(p.Owns) > 0 {
		lanes = append(lanes, is(casefile.FieldAssigneeID, p.ID))
	}
	if offices := numbers(p.Acts, p.Operates); len(offices) > 0 {
		lanes = append(lanes, linked(caseoffice.Table, caseoffice.FieldCaseID, caseoffice.FieldOfficeID, offices))
	}
	return lanes
}

// linked finds the cases that rows of another table link to some values.
func linked(table, caseID, column string, values []any) predicate.CaseFile {
	return func(s *sql.Selector) {
		t := sql.Dialect(s.Dialect()).Table(table)
		s.Where(sql.In(s.C(casefile.FieldID), sql.Dialect(s.Dialect()).Select(t.C(caseID)).From(t).Where(sql.In(t.C(column), values...))))
	}
}
