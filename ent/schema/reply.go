package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/smista/smista/pec"
)

// Reply is a PEC that we write: first a draft (bozza), then a message that is
// sent once. One that answers nothing is the same without a message it answers,
// on a case of its own. Package reply has what people do with it, package
// outbox what becomes of it then.
type Reply struct{ ent.Schema }

// Fields of the Reply.
func (Reply) Fields() []ent.Field {
	return []ent.Field{
		onCase(),
		field.Enum("manner").NamedValues("New", "NEW", "Reply", "REPLY", "ReplyAll", "REPLY_ALL", "Forward", "FORWARD").Immutable(),
		field.Int("answers_id").Optional().Nillable().Immutable().Comment("The message that is answered or forwarded."),
		field.Int("mailbox_id").Comment("The mailbox it leaves from."),
		field.Enum("state").
			NamedValues("Draft", "DRAFT", "Waiting", "AWAITING_APPROVAL", "Queued", "QUEUED", "Sending", "SENDING",
				"Uncertain", "UNCERTAIN", "Sent", "SENT", "Refused", "REFUSED", "Discarded", "DISCARDED").
			Default("DRAFT"),

		field.JSON("to", []pec.Address{}).Optional(),
		field.JSON("cc", []pec.Address{}).Optional(),
		field.String("subject").Optional(),
		field.Text("html").Optional().Comment("As letter.Clean left it."),
		field.Enum("receipt").NamedValues("Complete", "COMPLETE", "Brief", "BRIEF", "Synthetic", "SYNTHETIC").Default("COMPLETE").
			Comment("Which delivery receipt is asked for (X-TipoRicevuta)."),
		field.Bool("concludes").Default(true).Comment("The case is closed as answered when it was delivered."),

		field.Int("author_id").Immutable(),
		field.Time("created_at").Immutable(),
		field.Int("edited_by_id"),
		field.Time("edited_at"),
		field.Int("version").Default(1).Comment("Grows with every change of what it says; a command names the one its author saw."),

		field.Int("submitted_by_id").Optional().Nillable().Comment("Who asked for approval, or sent it."),
		field.Int("approvals_needed").Default(0),
		field.String("content_hash").Optional().Comment("SHA-256 of what was submitted, lower-case hex: approvals are of this."),

		field.Time("send_at").Default(never).Comment("Not before: the seconds in which it can be withdrawn, another try."),
		field.String("message_id").Optional().Nillable().Unique().Comment("Fixed before the first try, with angle brackets."),
		field.String("digest").Optional().Comment("SHA-256 of the message as it is sent: its place in the archive."),
		field.Int64("size").Default(0).Comment("Bytes of it."),
		field.Int("outgoing_id").Optional().Nillable().Comment("The message, from the first try on."),
		field.Int("fence").Default(0).Comment("Grows with every try: who comes back late with an older one does nothing."),
		field.Int("attempts").Default(0),
		field.Time("leased_until").Optional().Nillable(),
		field.Time("dot_at").Optional().Nillable().Comment("Set before the final dot is sent: from here on nobody knows, until there is evidence."),
		field.Time("sent_at").Optional().Nillable().Comment("When the provider's server took it, or evidence said so."),
		field.Enum("settled_by").Optional().Nillable().Values("answer", "receipt", "copy", "person").Comment("What says that it was sent, or was not."),
		field.String("answer").Optional().Comment("Of the provider's server."),
		field.String("last_error").Optional().Comment("Safe to show."),
	}
}

// Edges of the Reply.
func (Reply) Edges() []ent.Edge {
	return []ent.Edge{
		toCase(),
		edge.To("answers", Message.Type).Unique().Immutable().Field("answers_id"),
		edge.To("mailbox", Mailbox.Type).Unique().Required().Field("mailbox_id"),
		edge.To("author", User.Type).Unique().Required().Immutable().Field("author_id"),
		edge.To("edited_by", User.Type).Unique().Required().Field("edited_by_id"),
		edge.To("submitted_by", User.Type).Unique().Field("submitted_by_id"),
		edge.To("outgoing", Message.Type).Unique().Field("outgoing_id"),
		edge.From("files", ReplyFile.Type).Ref("reply"),
		edge.From("versions", ReplyVersion.Type).Ref("reply"),
		edge.From("approvals", ReplyApproval.Type).Ref("reply"),
		edge.From("editors", ReplyEditor.Type).Ref("reply"),
	}
}

// Indexes of the Reply.
func (Reply) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("case_id", "id"),
		index.Fields("answers_id"),
		index.Fields("outgoing_id"),
		index.Fields("state", "send_at", "id"),
		index.Fields("mailbox_id", "state", "send_at", "id"),
		index.Fields("mailbox_id", "dot_at"),
	}
}

// onReply are the references of what hangs on a reply: by its case it is judged
// who reads it.
func onReply() []ent.Field { return []ent.Field{onCase(), field.Int("reply_id").Immutable()} }

func toReply() []ent.Edge {
	return []ent.Edge{toCase(), edge.To("reply", Reply.Type).Unique().Required().Immutable().Field("reply_id")}
}

// ReplyFile is an attachment of a reply, or a picture in its text.
type ReplyFile struct{ ent.Schema }

// Fields of the ReplyFile.
func (ReplyFile) Fields() []ent.Field {
	return append(onReply(),
		field.String("name").NotEmpty().Immutable().Comment("Safe: letter.FileName."),
		field.String("media_type").NotEmpty().Immutable(),
		field.String("content_id").Optional().Immutable().Comment("Set for a picture that the text shows as cid:…"),
		field.Int64("size").NonNegative().Immutable(),
		field.String("sha256").NotEmpty().Immutable().Comment("Of the content, lower-case hex; for one that was uploaded its place in the archive."),
		field.Int("attachment_id").Optional().Nillable().Immutable().Comment("Taken over from a message of the case; none: uploaded."),
		field.Enum("scan").NamedValues("None", "NOT_SCANNED", "Clean", "CLEAN", "Infected", "INFECTED").Default("NOT_SCANNED").
			Comment("What the virus scanner said; NOT_SCANNED where none is configured."),
		field.String("scan_text").Optional().Comment("The name that the scanner gives to what it found."),
		field.Int("added_by_id").Immutable(),
		field.Time("added_at").Immutable(),
	)
}

// Edges of the ReplyFile.
func (ReplyFile) Edges() []ent.Edge {
	return append(toReply(),
		edge.To("attachment", Attachment.Type).Unique().Immutable().Field("attachment_id"),
		edge.To("added_by", User.Type).Unique().Required().Immutable().Field("added_by_id"),
	)
}

// Indexes of the ReplyFile.
func (ReplyFile) Indexes() []ent.Index {
	return []ent.Index{index.Fields("reply_id", "id"), index.Fields("case_id")}
}

// ReplyVersion is what a reply said at a time: one row for each stretch of
// writing of one person.
type ReplyVersion struct{ ent.Schema }

// Fields of the ReplyVersion.
func (ReplyVersion) Fields() []ent.Field {
	return append(onReply(),
		field.Int("number").Comment("The version of the reply."),
		field.Int("saved_by_id").Immutable(),
		field.Time("begun_at").Immutable(),
		field.Time("saved_at"),
		field.JSON("content", json.RawMessage{}).Comment("A reply.Content."),
	)
}

// Edges of the ReplyVersion.
func (ReplyVersion) Edges() []ent.Edge {
	return append(toReply(), edge.To("saved_by", User.Type).Unique().Required().Immutable().Field("saved_by_id"))
}

// Indexes of the ReplyVersion.
func (ReplyVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("reply_id", "number").Unique(), index.Fields("case_id")}
}

// ReplyApproval is what somebody said of a reply that waits: yes (approvazione,
// autorizzazione), or a remark with which it goes back.
type ReplyApproval struct{ ent.Schema }

// Fields of the ReplyApproval.
func (ReplyApproval) Fields() []ent.Field {
	return append(onReply(),
		field.Int("step").Immutable().Comment("1 approval, 2 authorisation."),
		field.Int("decided_by_id").Immutable(),
		field.Time("decided_at").Immutable(),
		field.Bool("approved").Immutable(),
		field.String("content_hash").NotEmpty().Immutable().Comment("Of what was approved."),
		field.Text("remark").Optional().Immutable(),
		field.Bool("void").Default(false).Comment("What it said was changed since."),
	)
}

// Edges of the ReplyApproval.
func (ReplyApproval) Edges() []ent.Edge {
	return append(toReply(), edge.To("decided_by", User.Type).Unique().Required().Immutable().Field("decided_by_id"))
}

// Indexes of the ReplyApproval.
func (ReplyApproval) Indexes() []ent.Index {
	return []ent.Index{index.Fields("reply_id", "id"), index.Fields("case_id")}
}

// ReplyEditor is somebody who has a draft open, as long as that client says so.
type ReplyEditor struct{ ent.Schema }

// Fields of the ReplyEditor.
func (ReplyEditor) Fields() []ent.Field {
	return append(onReply(), field.Int("user_id").Immutable(), field.Time("until"))
}

// Edges of the ReplyEditor.
func (ReplyEditor) Edges() []ent.Edge {
	return append(toReply(), edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id"))
}

// Indexes of the ReplyEditor.
func (ReplyEditor) Indexes() []ent.Index {
	return []ent.Index{index.Fields("reply_id", "user_id").Unique(), index.Fields("case_id")}
}

// Recipient is one addressee of an outgoing PEC, and how far it is proved to
// have come to him: the receipts of its provider say so, whatever their order.
type Recipient struct{ ent.Schema }

// Fields of the Recipient.
func (Recipient) Fields() []ent.Field {
	return []ent.Field{
		field.Int("message_id").Immutable(),
		field.String("address").NotEmpty().Immutable().Comment("Lower case."),
		field.Bool("copy").Default(false).Immutable().Comment("Stands in Cc."),
		field.Enum("system").NamedValues("Unknown", "UNKNOWN", "Certified", "CERTIFIED", "Ordinary", "ORDINARY").Default("UNKNOWN").
			Comment("What the acceptance says of the address; an ordinary one gives no receipt of delivery."),
		field.Enum("status").
			NamedValues("Pending", "PENDING", "Accepted", "ACCEPTED", "Taken", "TAKEN", "Delivered", "DELIVERED",
				"Failed", "NOT_DELIVERED", "NotAccepted", "NOT_ACCEPTED").
			Default("PENDING"),
		field.Time("accepted_at").Optional().Nillable().Comment("As certified, like all of these."),
		field.Time("refused_at").Optional().Nillable(),
		field.Time("taken_at").Optional().Nillable(),
		field.Time("delivered_at").Optional().Nillable(),
		field.Time("failed_at").Optional().Nillable(),
		field.Time("warned_at").Optional().Nillable().Comment("Notice of delay (preavviso), after 12 hours."),
		field.String("provider").Optional().Comment("Who certified the last of them."),
		field.String("reason").Optional().Comment("Why it was not delivered or accepted, or is late, as the provider says."),
		field.Enum("missing").NamedValues("None", "NONE", "Acceptance", "ACCEPTANCE", "Delivery", "DELIVERY").Default("NONE").
			Comment("The receipt that should have come by now."),
		field.Bool("differs").Default(false).Comment("The complete receipt of delivery does not hold what was sent."),
		field.Time("look_at").Default(never).Comment("When the next receipt is missed."),
	}
}

// Edges of the Recipient.
func (Recipient) Edges() []ent.Edge {
	return []ent.Edge{edge.To("message", Message.Type).Unique().Required().Immutable().Field("message_id")}
}

// Indexes of the Recipient.
func (Recipient) Indexes() []ent.Index {
	return []ent.Index{index.Fields("message_id", "address").Unique(), index.Fields("look_at", "id")}
}

// Template is a text to begin with (modello), or a block to sign with (firma):
// of the house, of an office, or of a person.
type Template struct{ ent.Schema }

// Fields of the Template.
func (Template) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("kind").NamedValues("Text", "TEXT", "Signature", "SIGNATURE").Immutable(),
		field.Int("office_id").Optional().Nillable().Immutable(),
		field.Int("user_id").Optional().Nillable().Immutable(),
		field.String("name").NotEmpty(),
		field.String("subject").Optional(),
		field.Text("html").Optional().Comment("As letter.Clean left it, with fields as {{campo}}."),
		field.Time("changed_at"),
	}
}

// Edges of the Template.
func (Template) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("office", Office.Type).Unique().Immutable().Field("office_id"),
		edge.To("user", User.Type).Unique().Immutable().Field("user_id"),
	}
}

// Indexes of the Template.
func (Template) Indexes() []ent.Index {
	return []ent.Index{index.Fields("office_id", "name"), index.Fields("user_id", "name")}
}
