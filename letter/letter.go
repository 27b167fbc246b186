// Package letter makes an outgoing mail (messaggio in uscita) out of what its
// author wrote: it judges it, cleans it, and writes it as MIME. It also helps to
// write: replies, forwards and templates. It is pure: it asks no clock, keeps
// nothing, and opens files only when it writes them.
//
//   - The same letter is always written as the same bytes, and its size is known
//     before a file is opened.
//   - A file is never held in memory. It leaves as the bytes that were attached,
//     in base64, or the writing fails.
//   - No header field holds anything but what it is for: control characters are
//     refused or removed, and what is not ASCII is encoded (RFC 2047, RFC 2231).
//   - HTML is cleaned on the way out, whoever wrote it: nothing in it runs, asks or
//     loads. The plain text beside it says the same.
//   - There are no hidden recipients: certified mail refuses them (RFC 6109 §3.1.1).
package letter

import (
	"io"
	"time"
)

// Limits of a letter.
const (
	MaxHTML       = 2 << 20 // bytes of the text, before and after cleaning
	MaxRecipients = 500     // To and Cc together
	MaxFiles      = 200
	maxSubject    = 900 // bytes
	maxReferences = 50
)

// Receipt is what a delivery receipt (ricevuta di avvenuta consegna) shall carry
// of the letter, as X-TipoRicevuta says it (DM 2/11/2005, annex).
type Receipt string

// The receipts. A letter that names none asks for the complete one.
const (
	Complete  Receipt = "completa"  // the whole letter
	Brief     Receipt = "breve"     // the letter, with the hashes of its files
	Synthetic Receipt = "sintetica" // nothing of it
)

// Letter is an outgoing message, complete.
type Letter struct {
	MessageID  string // ours, with angle brackets
	Date       time.Time
	From       Address // the mailbox that sends it
	To, Cc     []Address
	Subject    string
	InReplyTo  string   // with angle brackets; what is no identifier is left out
	References []string // the oldest first; so are these
	HTML       string   // what the author wrote
	Receipt    Receipt
	Files      []File
}

// Address is a name and an address. The name is decoration: it is cleaned and cut.
type Address struct{ Name, Address string }

// File is attached to a letter.
type File struct {
	Name      string // cleaned and cut
	MediaType string // its parameters are left out; what is none is application/octet-stream
	ContentID string // without brackets: a picture shown where the text says cid:…
	Size      int64
	Open      func() (io.ReadCloser, error)
}
