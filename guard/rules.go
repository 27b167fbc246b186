package guard

import "github.com/smista/smista/ent"

// rule says who may do what with a table.
type rule struct{ query, create, update, remove permission }

type permission func(Viewer) bool

func anyone(Viewer) bool        { return true }
func nobody(Viewer) bool        { return false }
func theLog(viewer Viewer) bool { return viewer == EventLog() }

// ruleOf is the whole table of rules; false for a table without one. ent itself
// refuses to change an immutable field, what it cannot say is said here.
func ruleOf(table string) (rule, bool) {
	switch table {
	case ent.TypeEvent:
		return rule{query: anyone, create: theLog, update: nobody, remove: nobody}, true
	case ent.TypeLogHead:
		return rule{query: anyone, create: theLog, update: theLog, remove: nobody}, true
	case ent.TypeAttachment, ent.TypeDelivery:
		return rule{query: anyone, create: anyone, update: nobody, remove: nobody}, true
	case ent.TypeMessage, ent.TypeCaseFile, ent.TypeCaseCounter,
		ent.TypeMailbox, ent.TypeFolder, ent.TypeLedgerEntry, ent.TypeOffice:
		return rule{query: anyone, create: anyone, update: anyone, remove: nobody}, true
	case ent.TypeRoutingRule:
		return rule{query: anyone, create: anyone, update: anyone, remove: anyone}, true
	}
	return rule{}, false
}
