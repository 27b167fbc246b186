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

// CaseConnection and the others are the connections and edges of the contract.
type (
	CaseConnection        = Connection[*ent.CaseFile]
	CaseEdge              = Edge[*ent.CaseFile]
	MessageConnection     = Connection[*ent.Message]
	MessageEdge           = Edge[*ent.Message]
	AttachmentConnection  = Connection[*ent.Attachment]
	AttachmentEdge        = Edge[*ent.Attachment]
	DeliveryConnection    = Connection[*ent.Delivery]
	DeliveryEdge          = Edge[*ent.Delivery]
	MailboxConnection     = Connection[*ent.Mailbox]
	MailboxEdge           = Edge[*ent.Mailbox]
	FolderConnection      = Connection[*ent.Folder]
	FolderEdge            = Edge[*ent.Folder]
	LedgerEntryConnection = Connection[*ent.LedgerEntry]
	LedgerEntryEdge       = Edge[*ent.LedgerEntry]
	OfficeConnection      = Connection[*ent.Office]
	OfficeEdge            = Edge[*ent.Office]
	EventConnection       = Connection[Event]
	EventEdge             = Edge[Event]
)
