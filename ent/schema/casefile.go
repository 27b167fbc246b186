package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// CaseFile is the unit of work (pratica): every incoming PEC opens one, or joins
// the one it answers. ("case" is a word of Go, hence the longer name.)
type CaseFile struct{ ent.Schema }

// Fields of the CaseFile.
func (CaseFile) Fields() []ent.Field {
	return []ent.Field{
		field.String("number").NotEmpty().Unique().Immutable().Comment("For people: year and running number, 2026/000114."),
		field.Enum("status").
			NamedValues("ToSort", "TO_SORT", "ToAssign", "TO_ASSIGN").
			Default("TO_SORT"),
		field.String("subject").Optional().Immutable(),
		field.String("sender_name").Optional().Immutable(),
		field.String("sender_address").Optional().Immutable(),
		field.String("route_reason").Comment("Why it is where it is, in words."),
		field.String("opened_by").Optional().Unique().Immutable().Comment("What makes the opening PEC one and the same wherever it was delivered."),
		field.Time("received_at").Immutable().Comment("Of the PEC that opened it."),
		field.Time("changed_at"),
		field.Int("office_id").Optional().Nillable(),
		field.Int("rule_id").Optional().Nillable(),
		field.Int("version").Default(1).Comment("Grows with every change; a command names the one its author saw."),
	}
}

// Edges of the CaseFile.
func (CaseFile) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("office", Office.Type).Unique().Field("office_id").Comment("Competent office; none while at the sorting desk."),
		edge.To("rule", RoutingRule.Type).Unique().Field("rule_id").Comment("The rule that routed it, if one did."),
		edge.From("messages", Message.Type).Ref("case"),
	}
}

// Indexes of the CaseFile.
func (CaseFile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("received_at", "id"),
		index.Fields("changed_at", "id"),
		index.Fields("status", "received_at", "id"),
		index.Fields("office_id", "received_at", "id"),
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
