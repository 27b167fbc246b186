package guard

import (
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/caseoffice"
	"github.com/smista/smista/ent/casereader"
)

// condition is a condition on a case, said once and read in two ways: by the
// database, which finds the rows, and in memory, of facts that were read before.
type condition struct {
	sql   func(t from) *sql.Predicate // nil of it: every case
	holds func(c *caseFacts) bool
}

func always() condition {
	return condition{func(from) *sql.Predicate { return nil }, func(*caseFacts) bool { return true }}
}

func never() condition {
	return condition{func(from) *sql.Predicate { return sql.False() }, func(*caseFacts) bool { return false }}
}

// open holds for a case that is not reserved.
func open() condition {
	return condition{
		func(t from) *sql.Predicate { return sql.EQ(t.C(casefile.FieldReserved), false) },
		func(c *caseFacts) bool { return !c.reserved },
	}
}

// unsorted holds for a case without an office.
func unsorted() condition {
	return condition{
		func(t from) *sql.Predicate { return sql.IsNull(t.C(casefile.FieldOfficeID)) },
		func(c *caseFacts) bool { return c.office == 0 },
	}
}

func either(some ...condition) condition {
	return condition{
		func(t from) *sql.Predicate {
			said := make([]*sql.Predicate, len(some))
			for i, one := range some {
				said[i] = one.sql(t)
			}
			return sql.Or(said...)
		},
		func(c *caseFacts) bool {
			return slices.ContainsFunc(some, func(one condition) bool { return one.holds(c) })
		},
	}
}

func both(one, other condition) condition {
	return condition{
		func(t from) *sql.Predicate { return sql.And(one.sql(t), other.sql(t)) },
		func(c *caseFacts) bool { return one.holds(c) && other.holds(c) },
	}
}

// ofOffice holds for the cases of some offices.
func ofOffice(offices ...[]int) condition {
	return condition{
		func(t from) *sql.Predicate { return in(t.C(casefile.FieldOfficeID), numbers(offices...)) },
		func(c *caseFacts) bool { return c.office != 0 && among(c.office, offices...) },
	}
}

// assignedTo holds for the cases of an assignee.
func assignedTo(id int) condition {
	return condition{
		func(t from) *sql.Predicate { return sql.EQ(t.C(casefile.FieldAssigneeID), id) },
		func(c *caseFacts) bool { return c.assignee != 0 && c.assignee == id },
	}
}

// informing holds for the cases that some offices have for information.
func informing(offices ...[]int) condition {
	return condition{
		func(t from) *sql.Predicate {
			informed := sql.Table(caseoffice.Table).As("informed")
			return ifAny(numbers(offices...), func(some []any) *sql.Predicate {
				return exists(informed,
					sql.ColumnsEQ(informed.C(caseoffice.FieldCaseID), t.C(casefile.FieldID)), in(informed.C(caseoffice.FieldOfficeID), some))
			})
		},
		func(c *caseFacts) bool {
			return slices.ContainsFunc(c.informed, func(office int) bool { return among(office, offices...) })
		},
	}
}

// naming holds for the cases that are reserved to somebody, or that he opened by
// breaking the glass.
func naming(id int) condition {
	return condition{
		func(t from) *sql.Predicate {
			reader := sql.Table(casereader.Table).As("reader")
			return exists(reader,
				sql.ColumnsEQ(reader.C(casereader.FieldCaseID), t.C(casefile.FieldID)),
				sql.EQ(reader.C(casereader.FieldUserID), id),
				sql.Or(
					sql.And(sql.EQ(reader.C(casereader.FieldKind), string(casereader.KindNamed)), sql.EQ(t.C(casefile.FieldReserved), true)),
					sql.And(sql.EQ(reader.C(casereader.FieldKind), string(casereader.KindGlass)), sql.GT(reader.C(casereader.FieldUntil), time.Now().UTC())),
				))
		},
		func(c *caseFacts) bool {
			return slices.ContainsFunc(c.readers, func(r readerFacts) bool {
				return r.person == id && (r.kind == casereader.KindNamed && c.reserved || r.kind == casereader.KindGlass && r.until.After(time.Now()))
			})
		},
	}
}

// throughMerge judges a case that was merged as the one it was merged into.
func throughMerge(rule condition) condition {
	return condition{
		func(t from) *sql.Predicate {
			into := sql.Table(casefile.Table).As("into_case")
			merged := t.C(casefile.FieldMergedIntoID)
			return sql.Or(
				sql.And(sql.IsNull(merged), rule.sql(t)),
				sql.And(sql.NotNull(merged), exists(into, sql.ColumnsEQ(into.C(casefile.FieldID), merged), rule.sql(into))),
			)
		},
		func(c *caseFacts) bool {
			if c.mergedInto == 0 {
				return rule.holds(c)
			}
			return c.into != nil && rule.holds(c.into)
		},
	}
}

func among(id int, lists ...[]int) bool {
	return slices.ContainsFunc(lists, func(list []int) bool { return slices.Contains(list, id) })
}
