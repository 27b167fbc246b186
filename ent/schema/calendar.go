package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// DeadlinePolicy says how long something may take. The most specific holds:
// that of the rule, of the mailbox, of the office, of everybody; of two for the
// same, that of the people.
type DeadlinePolicy struct{ ent.Schema }

// Fields of the DeadlinePolicy.
func (DeadlinePolicy) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("scope").Values("house", "office", "mailbox", "rule"),
		field.Int("scope_id").Default(0).Comment("The row of the office, mailbox or rule; 0 for the house."),
		field.Enum("kind").NamedValues("Assign", "ASSIGN", "Work", "WORK", "Answer", "ANSWER"),
		field.String("amount").NotEmpty().Comment("As deadline.Amount writes it."),
		field.Enum("origin").NamedValues("Configuration", "CONFIGURATION", "People", "PEOPLE").Default("CONFIGURATION").Immutable().
			Comment("Who keeps it: the configuration file, or people, by the API."),
		field.Int("version").Default(0).Comment("Grows with every change by people; 0 of the configuration's."),
	}
}

// Indexes of the DeadlinePolicy.
func (DeadlinePolicy) Indexes() []ent.Index {
	return []ent.Index{index.Fields("origin", "scope", "scope_id", "kind").Unique()}
}

// Closure is a time without work that people keep (chiusura), of an office or of
// the whole house, besides those of the configuration.
type Closure struct{ ent.Schema }

// Fields of the Closure. Days are text as 2026-08-10: they are no moments.
func (Closure) Fields() []ent.Field {
	return []ent.Field{
		field.Int("office_id").Optional().Nillable().Immutable().Comment("Whose it is; none: the house's."),
		field.String("name").NotEmpty(),
		field.String("from_day").NotEmpty().Comment("The first day."),
		field.String("to_day").NotEmpty().Comment("The last day."),
		field.Int("version").Default(1).Comment("Grows with every change."),
	}
}

// Edges of the Closure.
func (Closure) Edges() []ent.Edge {
	return []ent.Edge{edge.To("office", Office.Type).Unique().Immutable().Field("office_id")}
}

// Indexes of the Closure.
func (Closure) Indexes() []ent.Index { return []ent.Index{index.Fields("office_id", "from_day")} }

// PatronDay is the day of the patron saint (santo patrono) that people keep, of
// an office or of the whole house, instead of that of the configuration.
type PatronDay struct{ ent.Schema }

// Fields of the PatronDay.
func (PatronDay) Fields() []ent.Field {
	return []ent.Field{
		field.Int("scope_id").Unique().Immutable().Comment("The row of the office; 0 for the house."),
		field.String("day").NotEmpty().Comment("As 06-24."),
		field.Int("version").Default(1).Comment("Grows with every change."),
	}
}
