package model

import "github.com/smista/smista/ent"

// Connection is a page of a list (Relay cursor connections).
type Connection[T any] struct {
	Edges    []Edge[T]
	PageInfo PageInfo
}

// Edge is one thing of a page, with its place in the order.
type Edge[T any] struct {
	Cursor Cursor
	Node   T
}

// PageInfo says where a page stands.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *Cursor
}

// Nodes are the things of the page alone.
func (c *Connection[T]) Nodes() []T {
	nodes := make([]T, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// CaseConnection is a page of cases.
type CaseConnection = Connection[*ent.CaseFile]

// CaseEdge is one of a page of cases.
type CaseEdge = Edge[*ent.CaseFile]

// MessageConnection is a page of messages.
type MessageConnection = Connection[*ent.Message]

// MessageEdge is one of a page of messages.
type MessageEdge = Edge[*ent.Message]

// AttachmentConnection is a page of attachments.
type AttachmentConnection = Connection[*ent.Attachment]

// AttachmentEdge is one of a page of attachments.
type AttachmentEdge = Edge[*ent.Attachment]

// DeliveryConnection is a page of deliveries.
type DeliveryConnection = Connection[*ent.Delivery]

// DeliveryEdge is one of a page of deliveries.
type DeliveryEdge = Edge[*ent.Delivery]

// MailboxConnection is a page of mailboxes.
type MailboxConnection = Connection[*ent.Mailbox]

// MailboxEdge is one of a page of mailboxes.
type MailboxEdge = Edge[*ent.Mailbox]

// FolderConnection is a page of folders.
type FolderConnection = Connection[*ent.Folder]

// FolderEdge is one of a page of folders.
type FolderEdge = Edge[*ent.Folder]

// LedgerEntryConnection is a page of entries of the ledger.
type LedgerEntryConnection = Connection[*ent.LedgerEntry]

// LedgerEntryEdge is one of a page of entries of the ledger.
type LedgerEntryEdge = Edge[*ent.LedgerEntry]

// OfficeConnection is a page of offices.
type OfficeConnection = Connection[*ent.Office]

// OfficeEdge is one of a page of offices.
type OfficeEdge = Edge[*ent.Office]

// EventConnection is a page of events.
type EventConnection = Connection[Event]

// EventEdge is one of a page of events.
type EventEdge = Edge[Event]

// UserConnection is a page of people.
type UserConnection = Connection[*ent.User]

// UserEdge is one of a page of people.
type UserEdge = Edge[*ent.User]

// NoteConnection is a page of notes.
type NoteConnection = Connection[*ent.Note]

// NoteEdge is one of a page of notes.
type NoteEdge = Edge[*ent.Note]

// InquiryConnection is a page of inquiries.
type InquiryConnection = Connection[*ent.Inquiry]

// InquiryEdge is one of a page of inquiries.
type InquiryEdge = Edge[*ent.Inquiry]

// MembershipConnection is a page of memberships.
type MembershipConnection = Connection[*ent.Membership]

// MembershipEdge is one of a page of memberships.
type MembershipEdge = Edge[*ent.Membership]

// ReplyConnection is a page of replies.
type ReplyConnection = Connection[*ent.Reply]

// ReplyEdge is one of a page of replies.
type ReplyEdge = Edge[*ent.Reply]

// ReplyVersionConnection is a page of versions of a reply.
type ReplyVersionConnection = Connection[*ent.ReplyVersion]

// ReplyVersionEdge is one of a page of versions of a reply.
type ReplyVersionEdge = Edge[*ent.ReplyVersion]
