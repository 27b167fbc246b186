package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// RoutingRule is a dynamic link from what a PEC says to the competent office.
type RoutingRule struct{ ent.Schema }

// Fields of the RoutingRule.
func (RoutingRule) Fields() []ent.Field {
	return []ent.Field{
		field.Int("office_id"),
		field.Int("assignee_id").Optional().Nillable().Comment("Set: the person of the office who gets it at once."),
		field.String("name").NotEmpty().Unique(),
		field.Int("priority").Default(100).Comment("Lower comes first; equal ones by id."),
		field.JSON("condition", json.RawMessage{}).Comment("A desk.Condition."),
		field.Bool("enabled").Default(true),
	}
}

// Edges of the RoutingRule.
func (RoutingRule) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("office", Office.Type).Unique().Required().Field("office_id"),
		edge.To("assignee", User.Type).Unique().Field("assignee_id"),
		edge.From("cases", CaseFile.Type).Ref("rule"),
	}
}
