package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// User is a person who can sign in (utente).
type User struct{ ent.Schema }

// Fields of the User.
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").NotEmpty().Unique().Comment("Lower case; the name to sign in with, and where notices go."),
		field.String("name").NotEmpty(),
		field.String("password").Sensitive().Optional().Comment("Argon2id in the PHC form; empty: no signing in by password."),
		field.Bool("sorter").Default(false).Comment("Smistatore."),
		field.Bool("administrator").Default(false),
		field.Bool("auditor").Default(false),
		field.Enum("language").Values("it", "en").Default("it"),
		field.JSON("preferences", json.RawMessage{}).Optional().Comment("A dossier.Preferences."),
		field.Time("created_at").Immutable(),
		field.Time("disabled_at").Optional().Nillable(),
	}
}

// Edges of the User.
func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("memberships", Membership.Type).Ref("user"),
		edge.From("sessions", Session.Type).Ref("user"),
		edge.From("tokens", APIToken.Type).Ref("user"),
		edge.From("absences", Absence.Type).Ref("user"),
		edge.From("push_subscriptions", PushSubscription.Type).Ref("user"),
	}
}

// Membership is what a person is in an office.
type Membership struct{ ent.Schema }

// Fields of the Membership.
func (Membership) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id").Immutable(),
		field.Int("office_id").Immutable(),
		field.Enum("role").NamedValues("Head", "HEAD", "Deputy", "DEPUTY", "Operator", "OPERATOR").Immutable(),
		field.Time("from").Optional().Nillable().Comment("Of a deputy: from when; always when empty."),
		field.Time("until").Optional().Nillable().Comment("Of a deputy: until before when."),
	}
}

// Edges of the Membership.
func (Membership) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id"),
		edge.To("office", Office.Type).Unique().Required().Immutable().Field("office_id"),
	}
}

// Indexes of the Membership.
func (Membership) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id", "office_id", "role").Unique(), index.Fields("office_id")}
}

// Session is a browser that somebody signed in with.
type Session struct{ ent.Schema }

// Fields of the Session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id").Immutable(),
		field.String("digest").NotEmpty().Unique().Immutable().Sensitive().Comment("SHA-256 of the secret in the cookie."),
		field.String("address").Optional().Immutable(),
		field.String("agent").Optional().Immutable().Comment("What the browser calls itself: hostile."),
		field.Time("created_at").Immutable(),
		field.Time("seen_at"),
		field.Time("expires_at").Immutable(),
		field.Time("ended_at").Optional().Nillable(),
	}
}

// Edges of the Session.
func (Session) Edges() []ent.Edge {
	return []ent.Edge{edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id")}
}

// Indexes of the Session.
func (Session) Indexes() []ent.Index { return []ent.Index{index.Fields("user_id", "expires_at")} }

// APIToken lets a person's program ask in that person's name.
type APIToken struct{ ent.Schema }

// Fields of the APIToken.
func (APIToken) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id").Immutable(),
		field.String("name").NotEmpty().Immutable(),
		field.String("digest").NotEmpty().Unique().Immutable().Sensitive().Comment("SHA-256 of the secret, which is shown once."),
		field.JSON("scopes", []string{}).Immutable().Comment("guard.Scope: read, content, write."),
		field.Time("created_at").Immutable(),
		field.Time("expires_at").Immutable(),
		field.Time("used_at").Optional().Nillable(),
		field.Time("revoked_at").Optional().Nillable(),
	}
}

// Edges of the APIToken.
func (APIToken) Edges() []ent.Edge {
	return []ent.Edge{edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id")}
}

// Indexes of the APIToken.
func (APIToken) Indexes() []ent.Index { return []ent.Index{index.Fields("user_id", "created_at")} }

// Throttle slows down who guesses passwords: one row an account and one an
// address, shared by all instances.
type Throttle struct{ ent.Schema }

// Fields of the Throttle.
func (Throttle) Fields() []ent.Field {
	return []ent.Field{
		field.String("key").NotEmpty().Unique().Immutable(),
		field.Int("failures").Default(0),
		field.Time("last_at"),
		field.Time("blocked_until"),
	}
}

// Indexes of the Throttle.
func (Throttle) Indexes() []ent.Index { return []ent.Index{index.Fields("last_at")} }

// Absence says that a person is away, and who does the work meanwhile.
type Absence struct{ ent.Schema }

// Fields of the Absence.
func (Absence) Fields() []ent.Field {
	return []ent.Field{
		field.Int("user_id").Immutable(),
		field.Int("delegate_id").Immutable(),
		field.Time("from").Immutable(),
		field.Time("until").Comment("Until before when."),
		field.Enum("state").Values("planned", "active", "over", "cancelled").Default("planned"),
		field.Int("made_by_id").Optional().Nillable().Immutable(),
		field.Time("created_at").Immutable(),
	}
}

// Edges of the Absence.
func (Absence) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id"),
		edge.To("delegate", User.Type).Unique().Required().Immutable().Field("delegate_id"),
	}
}

// Indexes of the Absence.
func (Absence) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id", "state"), index.Fields("delegate_id"), index.Fields("state", "from"), index.Fields("state", "until")}
}
