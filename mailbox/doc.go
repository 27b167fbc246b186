// Package mailbox brings the messages of IMAP accounts home: bytes and UIDs, no
// meaning. A Collector reads the folders of one account and hands each message,
// whole, to the receiver; a Fleet runs many.
//
//   - Nothing is changed on the server: EXAMINE and BODY.PEEK only, no flag, no deletion.
//   - Which messages are to be read is decided by UID and the Ledger alone,
//     never by a flag, a date or a position.
//   - A message counts as read when the receiver said so, never before; what
//     fails is tried again, and after a few attempts set aside, visibly.
//   - The server is not trusted: every wait has a deadline, every size a cap.
package mailbox
