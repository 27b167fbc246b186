package reply

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/smista/smista/ent"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/letter"
	"github.com/smista/smista/pec"
)

// Content is what a reply says.
type Content struct {
	Mailbox   int              `json:"mailbox"`
	To        []pec.Address    `json:"to"`
	Cc        []pec.Address    `json:"cc"`
	Subject   string           `json:"subject"`
	HTML      string           `json:"html"`
	Receipt   entreply.Receipt `json:"receipt"`
	Concludes bool             `json:"concludes"`
}

// contentOf is what a reply says now.
func contentOf(r *ent.Reply) Content {
	return Content{
		Mailbox: r.MailboxID, To: r.To, Cc: r.Cc, Subject: r.Subject, HTML: r.HTML, Receipt: r.Receipt, Concludes: r.Concludes,
	}
}

// Bounds of a draft; whether it can be sent is asked later.
const (
	mostSubject = 900
	mostAddress = 320
)

// tidied is a content as it may be kept: clean, and bounded.
func (c Content) tidied() (Content, error) {
	if len(c.HTML) > letter.MaxHTML {
		return c, invalid("html", "il testo è troppo lungo", "the text is too long")
	}
	if len(c.To)+len(c.Cc) > letter.MaxRecipients {
		return c, invalid("to", fmt.Sprintf("al massimo %d destinatari", letter.MaxRecipients), fmt.Sprintf("at most %d recipients", letter.MaxRecipients))
	}
	if entreply.ReceiptValidator(c.Receipt) != nil {
		return c, invalid("receiptType", "il tipo di ricevuta manca", "say which receipt is asked for")
	}
	c.Subject = oneLine(c.Subject)
	if len(c.Subject) > mostSubject {
		return c, invalid("subject", "l'oggetto è troppo lungo", "the subject is too long")
	}
	c.HTML = letter.Clean(c.HTML)
	c.To, c.Cc = addresses(c.To), addresses(c.Cc)
	for path, list := range map[string][]pec.Address{"to": c.To, "cc": c.Cc} {
		for _, a := range list {
			if len(a.Address) > mostAddress || len(a.Name) > mostAddress {
				return c, invalid(path, "un indirizzo è troppo lungo", "an address is too long")
			}
		}
	}
	return c, nil
}

// addresses are kept without blanks around them; those left empty are not.
func addresses(list []pec.Address) []pec.Address {
	kept := make([]pec.Address, 0, len(list))
	for _, a := range list {
		if a = (pec.Address{Name: oneLine(a.Name), Address: strings.TrimSpace(strings.ToValidUTF8(a.Address, ""))}); a.Address != "" {
			kept = append(kept, a)
		}
	}
	return kept
}

// oneLine is a text on one line.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
}

// fingerprint is what an approval is of: all that is sent, and from where. Two
// replies that say the same have the same one.
func fingerprint(r *ent.Reply, files []*ent.ReplyFile) (string, error) {
	type file struct{ Name, MediaType, ContentID, SHA256 string }
	whole := struct {
		Content
		Answers int
		Files   []file
	}{Content: contentOf(r), Answers: number(r.AnswersID)}
	for _, f := range files {
		whole.Files = append(whole.Files, file{f.Name, f.MediaType, f.ContentID, f.Sha256})
	}
	b, err := json.Marshal(whole)
	if err != nil {
		return "", fmt.Errorf("hash reply %d: %w", r.ID, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// filesOf are the files of a reply, in the order they were added.
func filesOf(ctx context.Context, client *ent.Client, id int) ([]*ent.ReplyFile, error) {
	return client.ReplyFile.Query().Where(replyfile.ReplyID(id)).Order(replyfile.ByID()).All(ctx)
}
