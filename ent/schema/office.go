// Package schema describes the tables of the office, one noun a file. It holds
// no rule of the domain: no hooks, no policies.
package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Office is an organisational unit that works cases (ufficio).
type Office struct{ ent.Schema }

// Fields of the Office.
func (Office) Fields() []ent.Field {
	return []ent.Field{
		field.String("code").NotEmpty().Unique().Immutable().Comment("Short stable name, for instance \"tributi\"."),
		field.String("name").NotEmpty(),
		field.Int("parent_id").Optional().Nillable().Comment("The office above."),
		field.Bool("head_sees_below").Default(false).Comment("Its head reads the cases of the offices below it."),
		field.Bool("operators_see_own").Default(false).Comment("Its operators read only the cases assigned to them."),
		field.Bool("operators_may_take").Default(true).Comment("Its operators may take a case that nobody has."),
		field.Bool("reason_to_move").Default(false).Comment("Assigning, giving back and taking back asks for a reason."),
		field.Int("approvals").Default(0).Comment("How many have to approve a reply before it leaves: 0, 1 or 2."),
		field.JSON("calendar", json.RawMessage{}).Optional().Comment("A dossier.OfficeCalendar: patron saint, closures, hours of its own."),
		field.JSON("ladder", json.RawMessage{}).Optional().Comment("A list of dossier.Step: who is reminded when."),
		field.Time("closed_at").Optional().Nillable().Comment("Set: it works no more; cases and history go on naming it."),
		field.Int("successor_id").Optional().Nillable().Comment("Of a closed office: who has its work; none: the sorting desk."),
	}
}

// Edges of the Office.
func (Office) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("below", Office.Type).From("parent").Unique().Field("parent_id"),
		edge.To("absorbed", Office.Type).From("successor").Unique().Field("successor_id"),
		edge.From("mailboxes", Mailbox.Type).Ref("office"),
		edge.From("cases", CaseFile.Type).Ref("office"),
		edge.From("rules", RoutingRule.Type).Ref("office"),
		edge.From("memberships", Membership.Type).Ref("office"),
	}
}

// Indexes of the Office.
func (Office) Indexes() []ent.Index { return []ent.Index{index.Fields("parent_id")} }
