// Package mailbox is the wire: bytes come home over IMAP and go out over SMTP,
// without meaning. A Collector reads the folders of one account and hands each
// message, whole, to the receiver; a Fleet runs many. An Outbound submits.
//
// Inwards:
//
//   - Nothing is changed on the server: EXAMINE and BODY.PEEK only, no flag, no deletion.
//   - Which messages are to be read is decided by UID and the Ledger alone,
//     never by a flag, a date or a position.
//   - A message counts as read when the receiver said so, never before; what
//     fails is tried again, and after a few attempts set aside, visibly.
//
// Outwards:
//
//   - A message is submitted once, to all its recipients or to none. Nothing is tried again here.
//   - The final dot is what sends a message. It goes out only after the caller's
//     Intent was kept; a failure before it drops the connection, and nothing was sent.
//   - What became of it is always said: taken, not sent, refused or unknown. Unknown
//     is never guessed into one of the others.
//
// Both ways the server is not trusted: every wait has a deadline, every size a cap,
// and no password goes over a connection that others can read.
package mailbox
