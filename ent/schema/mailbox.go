package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Mailbox is a PEC mailbox that is collected (casella). Its password is
// sealed, in a table of its own.
type Mailbox struct{ ent.Schema }

// Fields of the Mailbox.
func (Mailbox) Fields() []ent.Field {
	return []ent.Field{
		field.String("address").NotEmpty().Unique().Immutable().Comment("Lower case."),
		field.Int("office_id").Optional().Nillable(),
		field.Enum("health").Values("never", "ok", "failing").Default("never"),
		field.Time("checked_at").Optional().Nillable().Comment("When the server last answered in full."),
		field.Time("failing_since").Optional().Nillable(),
		field.String("last_error").Optional().Comment("Safe to show: no secrets, no content."),
		field.Bool("sends").Default(false).Comment("PECs may leave from it."),
		field.Int64("size_limit").Default(30 << 20).Comment("Bytes of a message times its recipients, as the provider takes them."),
		field.Int("hourly").Default(0).Comment("Messages that the provider takes in an hour; 0: it does not say."),
	}
}

// Edges of the Mailbox.
func (Mailbox) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("office", Office.Type).Unique().Field("office_id").Comment("Set: its PECs go straight to this office."),
		edge.From("folders", Folder.Type).Ref("mailbox"),
		edge.From("deliveries", Delivery.Type).Ref("mailbox"),
	}
}

// Credential is the password of a mailbox, sealed: package safe opens it.
type Credential struct{ ent.Schema }

// Fields of the Credential.
func (Credential) Fields() []ent.Field {
	return []ent.Field{
		field.Int("mailbox_id").Immutable(),
		field.Bytes("sealed").NotEmpty().Sensitive().Comment("Names its mailbox inside, so that rows cannot be exchanged."),
		field.Time("set_at").Comment("When the password was set; sealing it anew does not change this."),
		field.Time("sealed_at"),
	}
}

// Edges of the Credential.
func (Credential) Edges() []ent.Edge {
	return []ent.Edge{edge.To("mailbox", Mailbox.Type).Unique().Required().Immutable().Field("mailbox_id")}
}

// Indexes of the Credential.
func (Credential) Indexes() []ent.Index { return []ent.Index{index.Fields("mailbox_id").Unique()} }

// Folder is a folder of a mailbox as the server last showed it, with the
// figures of its last reconciliation.
type Folder struct{ ent.Schema }

// Fields of the Folder.
func (Folder) Fields() []ent.Field {
	return []ent.Field{
		field.Int("mailbox_id").Immutable(),
		field.String("name").NotEmpty().Immutable(),
		field.Uint32("uid_validity").Default(0),
		field.Uint32("uid_next").Default(0),
		field.Uint32("messages").Default(0).Comment("EXISTS at the last look."),
		field.Time("reconciled_at").Optional().Nillable(),
		field.Int("on_server").Default(0),
		field.Bool("sent").Default(false).Comment("Holds what was sent from the mailbox."),
		field.Int("archived").Default(0).Comment("Of those on the server when last reconciled, as the next two."),
		field.Int("quarantined").Default(0),
		field.Int("waiting").Default(0),
		field.Int("gone").Default(0).Comment("In the ledger and no longer on the server: deleted there by somebody."),
		field.Int("missing").Default(0).Comment("UIDs on the server that the ledger did not know when last reconciled."),
	}
}

// Edges of the Folder.
func (Folder) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("mailbox", Mailbox.Type).Unique().Required().Immutable().Field("mailbox_id"),
		edge.From("entries", LedgerEntry.Type).Ref("folder"),
	}
}

// Indexes of the Folder.
func (Folder) Indexes() []ent.Index {
	return []ent.Index{index.Fields("mailbox_id", "name").Unique()}
}

// LedgerEntry is one UID of one folder: the row that proves what became of it.
type LedgerEntry struct{ ent.Schema }

// Fields of the LedgerEntry.
func (LedgerEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Int("folder_id").Immutable(),
		field.Int("message_id").Optional().Nillable(),
		field.Uint32("uid_validity").Immutable(),
		field.Uint32("uid").Immutable(),
		field.Enum("state").Values("seen", "archived", "receipt", "quarantined").Default("seen"),
		field.Int("attempts").Default(0),
		field.String("reason").Optional().Comment("Why it is quarantined."),
		field.String("digest").Optional().Comment("SHA-256 of the original, once archived."),
		field.Time("received_at").Optional().Nillable().Comment("IMAP INTERNALDATE."),
		field.Time("changed_at"),
	}
}

// Edges of the LedgerEntry.
func (LedgerEntry) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("folder", Folder.Type).Unique().Required().Immutable().Field("folder_id"),
		edge.To("message", Message.Type).Unique().Field("message_id"),
	}
}

// Indexes of the LedgerEntry.
func (LedgerEntry) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("folder_id", "uid_validity", "uid").Unique(),
		index.Fields("folder_id", "state", "uid_validity", "uid"),
		index.Fields("state", "id"),
		index.Fields("message_id"),
	}
}

// Lease is what one instance does for all, for instance collecting a mailbox:
// package lease says how it is held, taken over and fenced.
type Lease struct{ ent.Schema }

// Fields of the Lease.
func (Lease) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().Unique().Immutable(),
		field.String("holder").Default("").Comment("Instance; empty: nobody."),
		field.Int("fence").Default(0).Comment("Grows each time somebody takes it."),
		field.Int("beat").Default(0).Comment("Grows while its holder lives."),
	}
}
