package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// PushSubscription is a browser that a person wants to be told through
// (Web Push, RFC 8030). Who has endpoint and keys can tell it something, so
// neither is ever shown.
type PushSubscription struct{ ent.Schema }

// Fields of the PushSubscription.
func (PushSubscription) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id").Immutable(),
		field.String("endpoint").NotEmpty().Unique().Immutable().Sensitive().Comment("Where its push service listens: hostile."),
		field.String("p256dh").NotEmpty().Sensitive().Comment("The browser's public key (RFC 8291 §2)."),
		field.String("auth").NotEmpty().Sensitive().Comment("The secret shared with the browser (RFC 8291 §2)."),
		field.String("label").NotEmpty().Comment("What the person knows the browser by."),
		field.Time("created_at").Immutable(),
		field.Time("used_at").Optional().Nillable().Comment("When its push service last took something."),
		field.Int("failures").Default(0).Comment("In a row."),
		field.Time("next_at").Optional().Nillable().Comment("Nothing is sent before: its rate, Retry-After, another try."),
	}
}

// Edges of the PushSubscription.
func (PushSubscription) Edges() []ent.Edge {
	return []ent.Edge{edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id")}
}

// Indexes of the PushSubscription.
func (PushSubscription) Indexes() []ent.Index { return []ent.Index{index.Fields("user_id")} }

// PushKey is the one key pair by which push services know us (VAPID, RFC 8292):
// all instances sign with it, and every subscription was made for it.
type PushKey struct{ ent.Schema }

// Fields of the PushKey.
func (PushKey) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Immutable().Annotations(given).Comment("Always 1."),
		field.Bytes("sealed").NotEmpty().Sensitive().Comment("The private key, which tells the public one: package safe opens it."),
		field.Time("made_at").Immutable(),
	}
}
