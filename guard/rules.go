package guard

import "github.com/smista/smista/ent"

// permission tells whether a viewer may do something with a table at all; which
// rows is said by the narrowing of the table.
type permission func(Viewer) bool

func nobody(Viewer) bool       { return false }
func theLog(v Viewer) bool     { return v == EventLog() }
func theProgram(v Viewer) bool { return v.IsSystem() }
func whoReads(v Viewer) bool   { return v.May(Read) }
func whoWrites(v Viewer) bool  { return v.May(Write) }
func whoManages(v Viewer) bool { return v.IsSystem() || v.May(Write) && v.person.Administrator }

// rule says who may do what with a table. rows narrows what people see of it,
// and what of it they change; nil is every row. Nothing narrows the program.
type rule struct {
	query, create, update, remove permission
	rows                          func(Person) narrowing
}

// ruleOf is the whole table of rules; false for a table without one. ent itself
// refuses to change an immutable field; what it cannot say is said here. What is
// not named is refused.
func ruleOf(table string) (rule, bool) {
	switch table {
	case ent.TypeEvent:
		return rule{whoReads, theLog, nobody, nobody, eventRows}, true
	case ent.TypeLogHead:
		return rule{query: whoReads, create: theLog, update: theLog, remove: nobody}, true
	case ent.TypeMessage:
		return rule{whoReads, theProgram, whoWrites, nobody, messageRows}, true
	case ent.TypeAttachment, ent.TypeDelivery:
		return rule{whoReads, theProgram, nobody, nobody, ofMessages}, true
	case ent.TypeCaseFile:
		return rule{whoReads, theProgram, whoWrites, nobody, caseRows}, true
	case ent.TypeNote:
		return rule{whoReads, whoWrites, nobody, nobody, ofCasesRead}, true
	case ent.TypeReply, ent.TypeReplyVersion, ent.TypeReplyApproval, ent.TypeReplyFile, ent.TypeReplyEditor, ent.TypeRecipient, ent.TypeTemplate:
		return ofReplies(table)
	case ent.TypeInquiry:
		return rule{whoReads, whoWrites, whoWrites, nobody, ofCasesSeen}, true
	case ent.TypeCaseMerge:
		return rule{whoReads, whoWrites, whoWrites, nobody, ofCasesSeen}, true
	case ent.TypeCaseOffice, ent.TypeCaseReader:
		return rule{whoReads, whoWrites, whoWrites, whoWrites, ofCasesSeen}, true
	case ent.TypeCaseLooker:
		return rule{whoReads, whoWrites, whoWrites, whoWrites, ofCasesRead}, true
	case ent.TypeCaseFollower:
		return rule{whoReads, whoWrites, nobody, whoWrites, ownFollowing}, true
	case ent.TypeTerm:
		return rule{whoReads, theProgram, theProgram, nobody, ofCasesSeen}, true
	case ent.TypeTally:
		return rule{whoReads, theProgram, theProgram, nobody, tallyRows}, true
	case ent.TypeNotice:
		return rule{whoReads, theProgram, theProgram, nobody, noticeRows}, true
	case ent.TypeMailbox, ent.TypeOffice, ent.TypeRoutingRule, ent.TypeRuleVersion, ent.TypeDeadlinePolicy, ent.TypeClosure, ent.TypePatronDay,
		ent.TypeFolder, ent.TypeLedgerEntry, ent.TypeCaseCounter, ent.TypeCredential, ent.TypePushKey, ent.TypeLease:
		return configuration(table)
	}
	return ofPeople(table)
}

// ofReplies is what we write, and how far it came: content, all of it.
func ofReplies(table string) (rule, bool) {
	switch table {
	case ent.TypeReply, ent.TypeReplyVersion, ent.TypeReplyApproval:
		return rule{whoReads, whoWrites, whoWrites, nobody, ofCasesRead}, true
	case ent.TypeReplyFile, ent.TypeReplyEditor:
		return rule{whoReads, whoWrites, whoWrites, whoWrites, ofCasesRead}, true
	case ent.TypeRecipient:
		return rule{whoReads, theProgram, theProgram, nobody, ofMessages}, true
	}
	return rule{whoReads, theProgram, theProgram, theProgram, templateRows}, true
}

// configuration is what the administrator keeps and the collector writes.
func configuration(table string) (rule, bool) {
	switch table {
	case ent.TypeMailbox:
		return rule{query: whoReads, create: theProgram, update: theProgram, remove: nobody}, true
	case ent.TypeOffice:
		return rule{query: whoReads, create: whoManages, update: whoManages, remove: nobody}, true
	case ent.TypeRoutingRule:
		return rule{query: whoReads, create: whoManages, update: whoManages, remove: nobody, rows: explained}, true
	case ent.TypeRuleVersion:
		return rule{query: whoReads, create: whoManages, update: nobody, remove: nobody, rows: audited}, true
	case ent.TypeDeadlinePolicy:
		return rule{query: whoReads, create: whoManages, update: whoManages, remove: whoManages, rows: managed}, true
	case ent.TypeClosure, ent.TypePatronDay: // the calendar is everybody's
		return rule{query: whoReads, create: whoManages, update: whoManages, remove: whoManages}, true
	case ent.TypeFolder, ent.TypeLedgerEntry:
		return rule{query: whoReads, create: theProgram, update: theProgram, remove: nobody, rows: ofTheMachine}, true
	}
	return rule{query: theProgram, create: theProgram, update: theProgram, remove: nobody}, true
}

// ofPeople is who works here, and how they come in.
func ofPeople(table string) (rule, bool) {
	switch table {
	case ent.TypeUser:
		return rule{query: whoReads, create: whoManages, update: whoWrites, remove: nobody, rows: userRows}, true
	case ent.TypeMembership:
		return rule{query: whoReads, create: whoManages, update: whoManages, remove: whoManages, rows: membershipRows}, true
	case ent.TypeAbsence:
		return rule{query: whoReads, create: whoWrites, update: whoWrites, remove: nobody, rows: absenceRows}, true
	case ent.TypeAPIToken:
		return rule{query: whoReads, create: whoWrites, update: whoWrites, remove: nobody, rows: ownTokens}, true
	case ent.TypePushSubscription:
		return rule{query: whoReads, create: theProgram, update: theProgram, remove: whoWrites, rows: ownPush}, true
	case ent.TypeSession, ent.TypeThrottle:
		return rule{query: theProgram, create: theProgram, update: theProgram, remove: theProgram}, true
	}
	return rule{}, false
}
