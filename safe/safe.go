// Package safe seals and opens the passwords of mailboxes, and the key of pushes.
//
//   - A sealed password names its mailbox inside: rows of the table cannot be exchanged.
//   - The key is never in the database: it is a file, or a service that gives no key away.
//   - A password is opened for one login and kept nowhere; a [Password] does not print.
//   - What was sealed is opened again before it replaces anything.
//   - While a change of key is unfinished, what either key sealed can be opened.
package safe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gocloud.dev/gcerrors"
	"gocloud.dev/secrets"
)

// maxPassword is the longest password, in bytes.
const maxPassword = 4096

// patience is how long a key may take for one password.
const patience = 20 * time.Second

// Why a password cannot be opened.
var (
	// ErrOtherMailbox says that a sealed password is not that of the mailbox in whose row it stands.
	ErrOtherMailbox = errors.New("what is sealed there belongs to another mailbox: somebody changed the database; set it again with smista mailbox set-password")
	// ErrOtherKey says that the configured key did not seal it, or that it was changed since.
	ErrOtherKey = errors.New("another key sealed it: configure that key again ([secrets] key, after smista rekey the new one), " +
		"bring its file back from the backup, or set the password again with smista mailbox set-password")
	// ErrNoPassword says that a mailbox has none.
	ErrNoPassword = errors.New("no password: set it with smista mailbox set-password")
)

// Safe seals and opens with one key.
type Safe struct {
	url    URL
	file   string // of the local key, also where the key is another one
	keeper *secrets.Keeper
}

// Open opens the safe whose key is at url; where that is empty, in keyFile, which
// is made when something is sealed for the first time. No service is asked yet.
func Open(ctx context.Context, url URL, keyFile string) (*Safe, error) {
	keeper, err := url.open(ctx, keyFile)
	if err != nil {
		return nil, fmt.Errorf("the key of the passwords: %w", err)
	}
	return &Safe{url: url, file: keyFile, keeper: keeper}, nil
}

// Close lets go of the key.
func (s *Safe) Close() error { return s.keeper.Close() }

// content is what is sealed.
type content struct {
	Mailbox string `json:"mailbox"`
	Text    string `json:"text"` // the password
}

// Seal seals the password of a mailbox, which is named by its address.
func (s *Safe) Seal(ctx context.Context, mailbox string, p Password) ([]byte, error) {
	text := p.Reveal()
	switch {
	case text == "":
		return nil, fmt.Errorf("the password of %s is empty", mailbox)
	case len(text) > maxPassword || !utf8.ValidString(text):
		return nil, fmt.Errorf("the password of %s is longer than %d bytes, or not UTF-8", mailbox, maxPassword)
	}
	plain, err := json.Marshal(content{Mailbox: strings.ToLower(mailbox), Text: text})
	if err != nil {
		return nil, fmt.Errorf("seal the password of %s: %w", mailbox, err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	sealed, err := s.keeper.Encrypt(ctx, plain)
	if err != nil {
		return nil, fmt.Errorf("seal the password of %s: %w", mailbox, bare(err))
	}
	switch again, err := s.Unseal(ctx, mailbox, sealed); {
	case err != nil:
		return nil, fmt.Errorf("what was just sealed does not open: %w", err)
	case again.Reveal() != text:
		return nil, fmt.Errorf("seal the password of %s: it comes out as another one", mailbox)
	}
	return sealed, nil
}

// Unseal opens what was sealed for a mailbox. The error is ErrOtherKey or
// ErrOtherMailbox, or says why the key could not be asked.
func (s *Safe) Unseal(ctx context.Context, mailbox string, sealed []byte) (Password, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	plain, err := s.keeper.Decrypt(ctx, sealed)
	if gcerrors.Code(err) == gcerrors.InvalidArgument {
		err = ErrOtherKey
	}
	if err != nil {
		return Password{}, fmt.Errorf("open the password of %s: %w", mailbox, bare(err))
	}
	var c content
	if json.Unmarshal(plain, &c) != nil || c.Mailbox != strings.ToLower(mailbox) { // what does not parse must not be quoted
		return Password{}, fmt.Errorf("open the password of %s: %w", mailbox, ErrOtherMailbox)
	}
	return NewPassword(c.Text), nil
}

// bare is an error without what the library writes around it.
func bare(err error) error {
	if around, ok := err.(interface{ Unwrap() []error }); ok && len(around.Unwrap()) > 0 {
		return around.Unwrap()[0]
	}
	return err
}
