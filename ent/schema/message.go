package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
)

// Message is one archived e-mail: what its original says, and what was found
// when it was judged. Immutable after intake, apart from the links that later
// mail brings.
type Message struct{ ent.Schema }

// Fields of the Message.
func (Message) Fields() []ent.Field {
	return []ent.Field{
		field.Int("case_id").Optional().Nillable().Comment("Its case, for a receipt that of what it certifies: whoever reads the case reads it."),
		field.Int("receipt_of_id").Optional().Nillable(),
		field.Int("kept_by_id").Optional().Nillable().Immutable().Comment("Who reads it while it is in no case: the office of the mailbox it stood in; none is the sorting desk's."),
		field.String("digest").NotEmpty().Unique().Immutable().Comment("SHA-256 of the original, lower-case hex: its place in the archive."),
		field.Int64("size").NonNegative().Immutable().Comment("Bytes of the original."),
		field.Enum("direction").Values("incoming", "outgoing").Immutable(),
		field.String("kind").GoType(pec.Kind("")).Immutable(),
		field.String("verdict").GoType(smime.Status("")).Immutable(),
		field.JSON("evidence", smime.Verdict{}).Immutable().Comment("The whole verdict, as judged at intake."),
		field.JSON("certification", &pec.Certification{}).Optional().Immutable(),
		field.JSON("problems", []pec.Problem{}).Optional().Immutable(),

		field.String("message_id").Optional().Immutable().Comment("Message-ID of the envelope or of the mail, with angle brackets."),
		field.String("inner_message_id").Optional().Immutable().Comment("Message-ID inside postacert.eml."),
		field.String("original_message_id").Optional().Immutable().Comment("The id the sender's own client gave."),
		field.String("refers_to").Optional().Immutable().Comment("X-Riferimento-Message-ID."),
		field.String("identifier").Optional().Comment("identificativo; for an outgoing PEC learnt from its acceptance receipt."),
		field.JSON("references", []string{}).Optional().Immutable().Comment("In-Reply-To and References of the inner message."),

		field.String("subject").Optional().Immutable().Comment("Of the inner message, without the envelope's prefix."),
		field.String("sender_name").Optional().Immutable(),
		field.String("sender_address").Optional().Immutable().Comment("As certified, else From; lower case."),
		field.JSON("recipients", []pec.Address{}).Optional().Immutable(),
		field.JSON("copies", []pec.Address{}).Optional().Immutable(),
		field.Text("text").Optional().Immutable().Comment("For reading and routing; may be cut, the original is whole."),
		field.String("html_section").Optional().Immutable(),
		field.String("html_charset").Optional().Immutable(),

		field.Time("sent_at").Optional().Nillable().Immutable().Comment("Date of the inner message: the sender's clock."),
		field.Time("certified_at").Optional().Nillable().Immutable().Comment("Legal time: data of daticert.xml."),
		field.Time("received_at").Immutable().Comment("INTERNALDATE of the first delivery, else intake."),
		field.Time("archived_at").Immutable(),
	}
}

// Edges of the Message.
func (Message) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("case", CaseFile.Type).Unique().Field("case_id"),
		edge.To("kept_by", Office.Type).Unique().Immutable().Field("kept_by_id"),
		edge.To("receipts", Message.Type).From("receipt_of").Unique().Field("receipt_of_id"),
		edge.From("attachments", Attachment.Type).Ref("message"),
		edge.From("deliveries", Delivery.Type).Ref("message"),
		edge.From("entries", LedgerEntry.Type).Ref("message"),
		edge.From("addressees", Recipient.Type).Ref("message"),
		edge.From("replies", Reply.Type).Ref("outgoing").Comment("The reply that it is; one at most."),
	}
}

// Indexes of the Message.
func (Message) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("received_at", "id"),
		index.Fields("message_id"),
		index.Fields("inner_message_id"),
		index.Fields("original_message_id"),
		index.Fields("identifier"),
		index.Fields("refers_to"),
		index.Fields("case_id"),
		index.Fields("receipt_of_id"),
	}
}

// Attachment is a part of a message that is not its text. Its bytes stay in
// the original.
type Attachment struct{ ent.Schema }

// Fields of the Attachment.
func (Attachment) Fields() []ent.Field {
	return []ent.Field{
		field.Int("message_id").Immutable(),
		field.Int("position").NonNegative().Immutable(),
		field.String("name").Optional().Immutable().Comment("As the sender wrote it: hostile."),
		field.String("media_type").Immutable(),
		field.String("content_id").Optional().Immutable(),
		field.Bool("inline").Default(false).Immutable(),
		field.Int64("size").NonNegative().Immutable().Comment("Decoded bytes."),
		field.String("sha256").Immutable().Comment("Of the decoded content, lower-case hex."),
		field.String("section").Immutable().Comment("Where the content stands in the original (pec.Section)."),
	}
}

// Edges of the Attachment.
func (Attachment) Edges() []ent.Edge {
	return []ent.Edge{edge.To("message", Message.Type).Unique().Required().Immutable().Field("message_id")}
}

// Indexes of the Attachment.
func (Attachment) Indexes() []ent.Index {
	return []ent.Index{index.Fields("message_id", "position").Unique()}
}

// Delivery says that a message stood in one of our mailboxes, or was imported.
type Delivery struct{ ent.Schema }

// Fields of the Delivery.
func (Delivery) Fields() []ent.Field {
	return []ent.Field{
		field.Int("message_id").Immutable(),
		field.Int("mailbox_id").Optional().Nillable().Immutable(),
		field.String("folder").Optional().Immutable().Comment("IMAP folder; empty when imported."),
		field.Time("received_at").Immutable().Comment("INTERNALDATE, or the time of the import."),
	}
}

// Edges of the Delivery.
func (Delivery) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("message", Message.Type).Unique().Required().Immutable().Field("message_id"),
		edge.To("mailbox", Mailbox.Type).Unique().Immutable().Field("mailbox_id").Comment("None: imported without a mailbox."),
	}
}

// Indexes of the Delivery.
func (Delivery) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("message_id", "mailbox_id").Unique(),
		index.Fields("mailbox_id"),
	}
}
