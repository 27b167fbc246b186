package guard

import (
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/predicate"
)

// narrowing keeps, of the rows of a table, those that a person may see.
type narrowing = func(*sql.Selector)

// from is a table under some name, as its columns are written.
type from interface{ C(column string) string }

// nothing lets no row through.
func nothing(s *sql.Selector) { s.Where(sql.False()) }

// CasesSeen finds the cases whose movements the viewer sees: number, status,
// office, person, terms, delays.
func CasesSeen(v Viewer) predicate.CaseFile {
	return predicate.CaseFile(func(s *sql.Selector) {
		if p, ok := v.Person(); ok {
			if seen := caseSeen(p).sql(s); seen != nil {
				s.Where(seen)
			}
		} else if !v.IsSystem() {
			nothing(s)
		}
	})
}

// CasesRead finds the cases whose content the viewer reads: the PECs, who wrote
// them, and the notes. A condition on what is content has to be joined with it,
// or the number of rows would tell what may not be read.
func CasesRead(v Viewer) predicate.CaseFile {
	return predicate.CaseFile(func(s *sql.Selector) {
		if p, ok := v.Person(); ok {
			s.Where(caseRead(p).sql(s))
		} else if !v.IsSystem() {
			nothing(s)
		}
	})
}

func caseRows(p Person) narrowing {
	return func(s *sql.Selector) {
		if seen := caseSeen(p).sql(s); seen != nil {
			s.Where(seen)
		}
	}
}

// caseSeen always holds for sorters and auditors: they watch all movements.
func caseSeen(p Person) condition {
	if p.Sorter || p.Auditor {
		return always()
	}
	return throughMerge(either(p.byPlace(), p.byName()))
}

// caseRead is the whole rule of reading: the sorting desk reads what has no
// office yet, an office its own and what it has for information; a reserved case
// is read by the people named there alone, and whoever broke the glass reads for
// a while.
func caseRead(p Person) condition {
	if p.Scopes&Content == 0 {
		return never()
	}
	place := p.byPlace()
	if p.Sorter {
		place = either(place, unsorted())
	}
	return throughMerge(either(both(open(), place), p.byName()))
}

// byPlace holds for the cases of a person's offices.
func (p Person) byPlace() condition {
	return either(
		ofOffice(p.Heads, p.Operates, p.Inherits),
		both(ofOffice(p.Owns), assignedTo(p.ID)),
		informing(p.Acts, p.Operates),
	)
}

// byName holds for the cases that name a person: reserved to him, or opened by
// breaking the glass.
func (p Person) byName() condition { return naming(p.ID) }

// ofCasesSeen and ofCasesRead narrow what hangs on a case by its case_id.
func ofCasesSeen(p Person) narrowing { return ofCases(caseSeen(p)) }

func ofCasesRead(p Person) narrowing { return ofCases(caseRead(p)) }

func ofCases(rule condition) narrowing {
	return func(s *sql.Selector) {
		if holds := ofCase(rule, s.C("case_id")); holds != nil {
			s.Where(holds)
		}
	}
}

// ofCase holds where the case of a column fulfils a rule; nil where all do.
func ofCase(rule condition, column string) *sql.Predicate {
	file := sql.Table(casefile.Table).As("of_case")
	holds := rule.sql(file)
	if holds == nil {
		return nil
	}
	return exists(file, sql.ColumnsEQ(file.C(casefile.FieldID), column), holds)
}

// exists looks for a row of a table; correlated by a key, it is one look into an
// index for each row that is judged.
func exists(t *sql.SelectTable, conditions ...*sql.Predicate) *sql.Predicate {
	return sql.Exists(sql.Select().AppendSelectExpr(sql.Expr("1")).From(t).Where(sql.And(conditions...)))
}

// in holds for a column with one of the values; for none without values.
func in(column string, values []any) *sql.Predicate {
	if len(values) == 0 {
		return sql.False()
	}
	return sql.In(column, values...)
}

// ifAny is a condition that needs values, or never holds.
func ifAny(values []any, condition func([]any) *sql.Predicate) *sql.Predicate {
	if len(values) == 0 {
		return sql.False()
	}
	return condition(values)
}

// numbers joins lists of ids, each id once.
func numbers(lists ...[]int) []any {
	all := slices.Concat(lists...)
	slices.Sort(all)
	var values []any
	for _, id := range slices.Compact(all) {
		values = append(values, id)
	}
	return values
}
