// Package schema describes the tables of the office, one noun a file. It holds
// no rule of the domain: no hooks, no policies.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// Office is an organisational unit that works cases (ufficio).
type Office struct{ ent.Schema }

// Fields of the Office.
func (Office) Fields() []ent.Field {
	return []ent.Field{
		field.String("code").NotEmpty().Unique().Immutable().Comment("Short stable name, for instance \"tributi\"."),
		field.String("name").NotEmpty(),
	}
}

// Edges of the Office.
func (Office) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("mailboxes", Mailbox.Type).Ref("office"),
		edge.From("cases", CaseFile.Type).Ref("office"),
		edge.From("rules", RoutingRule.Type).Ref("office"),
	}
}
