package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// RoutingRule is a dynamic link from what a PEC says to the competent office.
type RoutingRule struct{ ent.Schema }

// Fields of the RoutingRule.
func (RoutingRule) Fields() []ent.Field {
	return []ent.Field{
		field.Int("office_id"),
		field.Int("assignee_id").Optional().Nillable().Comment("Set: the person of the office who gets it at once."),
		field.String("name").NotEmpty(),
		field.Int("priority").Default(100).Comment("Lower comes first; equal ones by turn, then by id."),
		field.Int("turn").Default(0).Comment("Among the rules of one priority that people made; 0 of the configuration's, which come before them."),
		field.JSON("condition", json.RawMessage{}).Comment("A desk.Condition."),
		field.Bool("enabled").Default(true).Comment("It routes."),
		field.Bool("draft").Default(false).Comment("It has never been switched on."),
		field.Enum("origin").NamedValues("Configuration", "CONFIGURATION", "People", "PEOPLE").Default("CONFIGURATION").Immutable().
			Comment("Who keeps it: the configuration file, or people, by the API."),
		field.Int("version").Default(0).Comment("Number of its last RuleVersion; 0 of the configuration's, whose history is the file's."),
		field.Int("hits").Default(0).Comment("How many cases it routed."),
		field.Time("last_hit_at").Optional().Nillable().Comment("When it last routed one."),
		field.Time("removed_at").Default(never).Comment("When it was taken off the list; cases and history go on naming it."),
	}
}

// Edges of the RoutingRule.
func (RoutingRule) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("office", Office.Type).Unique().Required().Field("office_id"),
		edge.To("assignee", User.Type).Unique().Field("assignee_id"),
		edge.From("cases", CaseFile.Type).Ref("rule"),
		edge.From("versions", RuleVersion.Type).Ref("rule"),
	}
}

// Indexes of the RoutingRule: of those who keep rules, each has a name once.
func (RoutingRule) Indexes() []ent.Index {
	return []ent.Index{index.Fields("origin", "name", "removed_at").Unique()}
}

// RuleVersion is what a rule that people keep said from some moment on.
type RuleVersion struct{ ent.Schema }

// Fields of the RuleVersion.
func (RuleVersion) Fields() []ent.Field {
	return []ent.Field{
		field.Int("rule_id").Immutable(),
		field.Int("number").Positive().Immutable().Comment("1, 2, … of its rule."),
		field.Int("author_id").Immutable().Comment("Who made it so."),
		field.Time("saved_at").Immutable(),
		field.String("how").NotEmpty().Immutable().Comment("\"added\", \"changed\", \"on\", \"off\", \"moved\", \"restored\" or \"removed\"."),
		field.String("name").NotEmpty().Immutable(),
		field.Int("priority").Immutable(),
		field.JSON("condition", json.RawMessage{}).Immutable(),
		field.Int("office_id").Immutable(),
		field.Int("assignee_id").Optional().Nillable().Immutable(),
		field.Bool("enabled").Immutable(),
	}
}

// Edges of the RuleVersion.
func (RuleVersion) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("rule", RoutingRule.Type).Unique().Required().Immutable().Field("rule_id"),
		edge.To("author", User.Type).Unique().Required().Immutable().Field("author_id"),
		edge.To("office", Office.Type).Unique().Required().Immutable().Field("office_id"),
		edge.To("assignee", User.Type).Unique().Immutable().Field("assignee_id"),
	}
}

// Indexes of the RuleVersion.
func (RuleVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("rule_id", "number").Unique()}
}
