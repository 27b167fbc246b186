package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Never stands for "not due": later than any term, so that what is not due
// comes last in an order without a null in it.
var Never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func never() time.Time { return Never }

// CaseFile is the unit of work (pratica): every incoming PEC opens one, or
// joins the one it answers. (A Go package cannot be called case, hence the
// longer name.) Package dossier is the one door for changing a row.
type CaseFile struct{ ent.Schema }

// Fields of the CaseFile.
func (CaseFile) Fields() []ent.Field {
	return []ent.Field{
		field.String("number").NotEmpty().Unique().Immutable().Comment("For people: year and running number, 2026/000114."),
		field.Enum("status").
			NamedValues("ToSort", "TO_SORT", "ToAssign", "TO_ASSIGN", "InProgress", "IN_PROGRESS", "Answering", "ANSWERING",
				"Closed", "CLOSED", "Merged", "MERGED").
			Default("TO_SORT"),
		field.String("subject").Optional().Immutable(),
		field.String("sender_name").Optional().Immutable(),
		field.String("sender_address").Optional().Immutable(),
		field.String("sender_domain").Optional().Immutable().Comment("What follows the last @ of sender_address: whose history tells where the desk may send it."),
		field.String("route_reason").Comment("Why it is where it is, in words."),
		field.String("opened_by").Optional().Unique().Immutable().Comment("What makes the opening PEC one and the same wherever it was delivered."),
		field.Time("received_at").Immutable().Comment("Of the PEC that opened it."),
		field.Time("certified_at").Optional().Nillable().Immutable().Comment("Legal time of the PEC that opened it: its terms run from here."),
		field.Time("changed_at"),
		field.Int("office_id").Optional().Nillable(),
		field.Int("rule_id").Optional().Nillable(),
		field.Int("mailbox_id").Optional().Nillable().Immutable().Comment("The mailbox it came to first."),
		field.Int("assignee_id").Optional().Nillable(),
		field.Time("assigned_at").Optional().Nillable().Comment("When a person had it first; kept by package dossier."),
		field.Int("on_behalf_of_id").Optional().Nillable().Comment("Set: the absent person whom the assignee stands in for."),
		field.Enum("priority").NamedValues("Low", "LOW", "Normal", "NORMAL", "High", "HIGH", "Urgent", "URGENT").Default("NORMAL"),
		field.Enum("outcome").Optional().Nillable().
			NamedValues("Answered", "ANSWERED", "NoAnswerNeeded", "NO_ANSWER_NEEDED", "AnsweredElsewhere", "ANSWERED_ELSEWHERE",
				"NotCompetent", "NOT_COMPETENT", "Duplicate", "DUPLICATE", "Spam", "SPAM", "Other", "OTHER").
			Comment("How it was closed."),
		field.Time("closed_at").Optional().Nillable(),
		field.Bool("reserved").Default(false).Comment("Its content is for the named people only (riservata)."),
		field.Int("merged_into_id").Optional().Nillable(),
		field.Enum("urgency").NamedValues("None", "NONE", "DueSoon", "DUE_SOON", "Breached", "BREACHED").Default("NONE").
			Comment("Of its open terms, the worst; changed at its time by package dossier."),
		field.Time("due_at").Default(never).Comment("Of its open terms, the first; Never when none runs."),
		field.Int("claimed_by_id").Optional().Nillable().Comment("Who has taken charge (presa in carico), until claimed_until."),
		field.Time("claimed_until").Optional().Nillable(),
		field.Int("claim_wanted_by_id").Optional().Nillable().Comment("Who asked to take over, and gets it at claim_wanted_at unless the holder keeps it."),
		field.Time("claim_wanted_at").Optional().Nillable(),
		field.Time("sorted_at").Optional().Nillable().Comment("When the desk sent it to the office that has it; none where a rule did, or it came back."),
		field.Int("sorted_by_id").Optional().Nillable().Comment("Who of the desk did."),
		field.Bool("repeated").Default(false).Comment("A PEC of it came more than once: to several mailboxes, or sent again."),
		field.Int("version").Default(1).Comment("Grows with every change; a command names the one its author saw."),
	}
}

// Edges of the CaseFile.
func (CaseFile) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("office", Office.Type).Unique().Field("office_id").Comment("Competent office; none while at the sorting desk."),
		edge.To("rule", RoutingRule.Type).Unique().Field("rule_id").Comment("The rule that routed it, if one did."),
		edge.To("mailbox", Mailbox.Type).Unique().Immutable().Field("mailbox_id"),
		edge.To("assignee", User.Type).Unique().Field("assignee_id"),
		edge.To("on_behalf_of", User.Type).Unique().Field("on_behalf_of_id"),
		edge.To("claimed_by", User.Type).Unique().Field("claimed_by_id"),
		edge.To("merged", CaseFile.Type).From("merged_into").Unique().Field("merged_into_id"),
		edge.From("messages", Message.Type).Ref("case"),
		edge.From("terms", Term.Type).Ref("case"),
		edge.From("notes", Note.Type).Ref("case"),
		edge.From("replies", Reply.Type).Ref("case"),
		edge.From("inquiries", Inquiry.Type).Ref("case"),
		edge.From("informed", CaseOffice.Type).Ref("case"),
		edge.From("readers", CaseReader.Type).Ref("case"),
		edge.From("followers", CaseFollower.Type).Ref("case"),
		edge.From("lookers", CaseLooker.Type).Ref("case"),
	}
}

// Indexes of the CaseFile: one for each way in which a board walks it. Those with
// office_id at their end are counted by package overview, which reads no row.
func (CaseFile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("received_at", "id"),
		index.Fields("changed_at", "id"),
		index.Fields("due_at", "id"),
		index.Fields("status", "received_at", "id", "office_id"),
		index.Fields("status", "due_at", "id"),
		index.Fields("urgency", "due_at", "id"),
		index.Fields("office_id", "received_at", "id"),
		index.Fields("office_id", "status", "due_at", "id"),
		index.Fields("office_id", "urgency", "due_at", "id"),
		index.Fields("assignee_id", "status", "due_at", "id"),
		index.Fields("mailbox_id", "received_at", "id"),
		index.Fields("mailbox_id", "status", "received_at", "id"),
		index.Fields("sender_address", "received_at", "id"),
		index.Fields("sender_domain", "received_at", "id"),
		index.Fields("sorted_at", "id"),
		index.Fields("sorted_by_id", "sorted_at", "id"),
		index.Fields("status", "assigned_at", "received_at", "office_id"),
		index.Fields("status", "closed_at", "received_at", "office_id"),
		index.Fields("merged_into_id"),
		index.Fields("on_behalf_of_id"),
		index.Fields("sender_address", "status"),
		index.Fields("status", "received_at").StorageKey("casefile_repeated").Annotations(entsql.IndexWhere("repeated")),
	}
}

// CaseCounter counts the cases of a year: one row a year.
type CaseCounter struct{ ent.Schema }

// Fields of the CaseCounter.
func (CaseCounter) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Immutable().Annotations(given).Comment("The year."),
		field.Int("last").Default(0),
	}
}

// Tally counts the cases of a sort, kept with every change so that nobody
// counts: by office, by person, by mailbox, or by none of them, where 0 stands
// for any.
type Tally struct{ ent.Schema }

// Fields of the Tally.
func (Tally) Fields() []ent.Field {
	return []ent.Field{
		field.Int("office").Immutable(),
		field.Int("person").Immutable(),
		field.Int("mailbox").Immutable(),
		field.String("status").Immutable(),
		field.String("urgency").Immutable(),
		field.Int("count").Default(0),
	}
}

// Indexes of the Tally.
func (Tally) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("office", "person", "mailbox", "status", "urgency").Unique(),
		index.Fields("person", "mailbox"),
	}
}
