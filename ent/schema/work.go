package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// onCase is the reference of everything that hangs on a case.
func onCase() ent.Field { return field.Int("case_id").Immutable() }

func toCase() ent.Edge {
	return edge.To("case", CaseFile.Type).Unique().Required().Immutable().Field("case_id")
}

// CaseOffice says that an office has a case for information (per conoscenza).
type CaseOffice struct{ ent.Schema }

// Fields of the CaseOffice.
func (CaseOffice) Fields() []ent.Field {
	return []ent.Field{onCase(), field.Int("office_id").Immutable()}
}

// Edges of the CaseOffice.
func (CaseOffice) Edges() []ent.Edge {
	return []ent.Edge{toCase(), edge.To("office", Office.Type).Unique().Required().Immutable().Field("office_id")}
}

// Indexes of the CaseOffice.
func (CaseOffice) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "office_id").Unique(), index.Fields("office_id", "case_id")}
}

// CaseReader lets a person read a case beyond what the offices say: by name on
// a reserved one, or by breaking the glass for a while.
type CaseReader struct{ ent.Schema }

// Fields of the CaseReader.
func (CaseReader) Fields() []ent.Field {
	return []ent.Field{
		onCase(),
		field.Int("user_id").Immutable(),
		field.Enum("kind").Values("named", "glass").Immutable(),
		field.String("reason").Optional().Comment("Why the glass was broken."),
		field.Time("until").Default(never),
	}
}

// Edges of the CaseReader.
func (CaseReader) Edges() []ent.Edge {
	return []ent.Edge{toCase(), edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id")}
}

// Indexes of the CaseReader.
func (CaseReader) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "user_id", "kind").Unique(), index.Fields("user_id", "case_id")}
}

// CaseFollower is a person who wants to be told what becomes of a case.
type CaseFollower struct{ ent.Schema }

// Fields of the CaseFollower.
func (CaseFollower) Fields() []ent.Field {
	return []ent.Field{onCase(), field.Int("user_id").Immutable()}
}

// Edges of the CaseFollower.
func (CaseFollower) Edges() []ent.Edge {
	return []ent.Edge{toCase(), edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id")}
}

// Indexes of the CaseFollower.
func (CaseFollower) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "user_id").Unique(), index.Fields("user_id", "case_id")}
}

// CaseLooker is somebody who has a case open, as long as that client says so. No
// index is by until: only who looks now has a row, and saying so again changes no index.
type CaseLooker struct{ ent.Schema }

// Fields of the CaseLooker.
func (CaseLooker) Fields() []ent.Field {
	return []ent.Field{onCase(), field.Int("user_id").Immutable(), field.Time("until")}
}

// Edges of the CaseLooker.
func (CaseLooker) Edges() []ent.Edge {
	return []ent.Edge{toCase(), edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id")}
}

// Indexes of the CaseLooker.
func (CaseLooker) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "user_id").Unique()}
}

// Note is what somebody of the office wrote beside a case (annotazione).
type Note struct{ ent.Schema }

// Fields of the Note.
func (Note) Fields() []ent.Field {
	return []ent.Field{
		onCase(),
		field.Int("author_id").Immutable(),
		field.Text("text").NotEmpty().Immutable(),
		field.Time("written_at").Immutable(),
	}
}

// Edges of the Note.
func (Note) Edges() []ent.Edge {
	return []ent.Edge{toCase(), edge.To("author", User.Type).Unique().Required().Immutable().Field("author_id")}
}

// Indexes of the Note.
func (Note) Indexes() []ent.Index { return []ent.Index{index.Fields("case_id", "written_at", "id")} }

// Inquiry is what the sorting desk asks of an office about a case: a reminder
// (sollecito) or a question (richiesta di chiarimenti), with the answer.
type Inquiry struct{ ent.Schema }

// Fields of the Inquiry.
func (Inquiry) Fields() []ent.Field {
	return []ent.Field{
		onCase(),
		field.Int("office_id").Immutable().Comment("The office that was asked."),
		field.Enum("kind").NamedValues("Sollecito", "SOLLECITO", "Clarification", "CLARIFICATION").Immutable(),
		field.Int("asked_by_id").Immutable(),
		field.Time("asked_at").Immutable(),
		field.Text("text").NotEmpty().Immutable(),
		field.Int("answered_by_id").Optional().Nillable(),
		field.Time("answered_at").Optional().Nillable(),
		field.Text("answer").Optional(),
	}
}

// Edges of the Inquiry.
func (Inquiry) Edges() []ent.Edge {
	return []ent.Edge{
		toCase(),
		edge.To("office", Office.Type).Unique().Required().Immutable().Field("office_id"),
		edge.To("asked_by", User.Type).Unique().Required().Immutable().Field("asked_by_id"),
		edge.To("answered_by", User.Type).Unique().Field("answered_by_id"),
	}
}

// Indexes of the Inquiry.
func (Inquiry) Indexes() []ent.Index { return []ent.Index{index.Fields("case_id", "asked_at", "id")} }

// CaseMerge remembers what was put into another case, so that it can be undone.
type CaseMerge struct{ ent.Schema }

// Fields of the CaseMerge.
func (CaseMerge) Fields() []ent.Field {
	return []ent.Field{
		onCase(),
		field.Int("into_id").Immutable(),
		field.JSON("messages", []int{}).Immutable().Comment("The messages that went over."),
		field.String("status").Immutable().Comment("Of the case before."),
		field.Int("merged_by_id").Immutable(),
		field.Time("merged_at").Immutable(),
		field.Time("undone_at").Optional().Nillable(),
	}
}

// Edges of the CaseMerge.
func (CaseMerge) Edges() []ent.Edge {
	return []ent.Edge{toCase(), edge.To("into", CaseFile.Type).Unique().Required().Immutable().Field("into_id")}
}

// Indexes of the CaseMerge.
func (CaseMerge) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "id"), index.Fields("into_id")}
}

// Term is one thing that has to happen to a case by a certain time (termine).
type Term struct{ ent.Schema }

// Fields of the Term.
func (Term) Fields() []ent.Field {
	return []ent.Field{
		onCase(),
		field.Enum("kind").NamedValues("Assign", "ASSIGN", "Work", "WORK", "Answer", "ANSWER").Immutable(),
		field.String("amount").NotEmpty().Comment("How long, as deadline.Amount writes it."),
		field.String("policy").Comment("Where that comes from, in words."),
		field.Time("started_at").Immutable(),
		field.JSON("suspensions", json.RawMessage{}).Optional().Comment("A list of deadline.Suspension."),
		field.JSON("calendar", json.RawMessage{}).Optional().Comment("The deadline.Calendar that it was reckoned by: a later one does not change it."),
		field.Time("due_at").Default(never).Comment("Never while it is suspended."),
		field.Time("soon_at").Default(never).Comment("From when it is due soon."),
		field.Time("met_at").Optional().Nillable(),
		field.Time("soon_told_at").Optional().Nillable(),
		field.Time("breached_at").Optional().Nillable(),
		field.Int("step").Default(0).Comment("How many steps of the ladder were done."),
		field.Time("next_at").Default(never).Comment("When the keeper has to look at it again."),
	}
}

// Edges of the Term.
func (Term) Edges() []ent.Edge { return []ent.Edge{toCase()} }

// Indexes of the Term.
func (Term) Indexes() []ent.Index {
	return []ent.Index{index.Fields("case_id", "kind").Unique(), index.Fields("next_at", "id"), index.Fields("breached_at", "case_id")}
}

// Notice is something that a person is told (avviso): written in the transaction
// that calls for it, sent afterwards by e-mail, by push to the browsers, or both.
type Notice struct{ ent.Schema }

// Fields of the Notice.
func (Notice) Fields() []ent.Field {
	return []ent.Field{
		field.String("key").NotEmpty().Unique().Immutable().Comment("What makes it one and the same: it is written once."),
		field.Int("user_id").Immutable(),
		field.Int("case_id").Optional().Nillable().Immutable(),
		field.String("kind").NotEmpty().Immutable(),
		field.JSON("item", json.RawMessage{}).Immutable().Comment("A dossier.Item."),
		field.Time("created_at").Immutable(),
		field.Enum("state").Values("none", "waiting", "sending", "sent", "dropped", "failed").Default("waiting").
			Comment("Of the e-mail; none: none is wanted."),
		field.Time("send_at").Comment("Not before: quiet hours, a digest, another try."),
		field.String("letter").Optional().Comment("Message-ID of the letter it goes with, fixed before the first try."),
		field.Time("leased_until").Optional().Nillable(),
		field.Int("attempts").Default(0),
		field.String("last_error").Optional(),
		field.Time("sent_at").Optional().Nillable(),

		field.Enum("push").Values("none", "waiting", "sending", "sent", "dropped").Default("none").Comment("Of the push."),
		field.Time("push_at").Optional().Nillable().Comment("Not before: quiet hours, the pace of a browser, another try."),
		field.String("push_topic").Optional().Comment("What it goes out under with others, fixed before the first try."),
		field.Time("push_begun_at").Optional().Nillable().Comment("When it was tried first."),
		field.Time("push_leased_until").Optional().Nillable(),
		field.JSON("push_done", []int{}).Optional().Comment("The subscriptions that took it."),
	}
}

// Edges of the Notice.
func (Notice) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Unique().Required().Immutable().Field("user_id"),
		edge.To("case", CaseFile.Type).Unique().Immutable().Field("case_id"),
	}
}

// Indexes of the Notice.
func (Notice) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("state", "send_at", "id"), index.Fields("user_id", "state", "send_at"),
		index.Fields("push", "push_at", "id"), index.Fields("user_id", "push", "push_at"), index.Fields("user_id", "push_begun_at"),
	}
}
