package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Event is one entry of the movements register (movimento): append-only, in
// commit order, without holes.
type Event struct{ ent.Schema }

// Fields of the Event.
func (Event) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Positive().Immutable().Comment("Its number in the log."),
		field.String("kind").NotEmpty().Immutable(),
		field.Time("occurred_at").Immutable(),
		field.String("actor").NotEmpty().Immutable().Comment("Who did it, for instance \"system:collector\"."),
		field.Int("case_id").Optional().Nillable().Immutable(),
		field.Int("message_id").Optional().Nillable().Immutable(),
		field.Int("mailbox_id").Optional().Nillable().Immutable(),
		field.Int("office_id").Optional().Nillable().Immutable(),
		field.JSON("data", json.RawMessage{}).Optional().Immutable(),
	}
}

// Indexes of the Event.
func (Event) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "id")}
}

// LogHead is the one row that numbers the events: taken as the last statement
// of a transaction, so that number order is commit order.
type LogHead struct{ ent.Schema }

// Fields of the LogHead.
func (LogHead) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Immutable().Comment("Always 1."),
		field.String("epoch").NotEmpty().Immutable().Comment("Names this log: a restored or other database has another."),
		field.Int("last").Default(0),
	}
}
